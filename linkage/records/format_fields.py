"""What the formats of reference managers call the columns of a record: for readers and writers.

A format's names of a column are in order of preference. A reader takes a column from the first
that a record has and carries the others through under their own names (`ris:JO`); a writer uses
the first that is not taken by what was carried through, so that reading and writing again changes
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from linkage.records.cells import from_json, text, tidy, trials


class Names(NamedTuple):
    """The names of one column in each format, separated by blanks; empty: no place for it."""

    bibtex: str = ""
    ris: str = ""
    nbib: str = ""
    csl: str = ""
    endnote: str = ""  # the element, wherever below a record


FIELDS = {
    "title": Names("title", "TI T1 CT BT", "TI", "title", "title"),
    "venue": Names(
        "journal booktitle journaltitle",
        "T2 JF JO BT J2 JA T3",
        "JT TA",
        "container-title",
        "secondary-title",
    ),
    "volume": Names("volume", "VL VO", "VI", "volume", "volume"),
    "number": Names("number issue", "IS CP", "IP", "issue", "number"),
    "pages": Names("pages eid", "SP C7", "PG", "page", "pages"),
    "doi": Names("doi", "DO", "AID", "DOI", "electronic-resource-num"),
    "abstract": Names("abstract", "AB N2", "AB", "abstract", "abstract"),
    "url": Names("url", "UR", "", "URL", "related-urls"),
    "urls": Names("urls", "UR", "", "", "related-urls"),
    "editors": Names("editor", "A2 ED", "FED ED", "editor", "secondary-authors"),
    "series": Names("series", "T3", "CTI", "collection-title", "tertiary-title"),
    "edition": Names("edition", "ET", "EN", "edition", "edition"),
    "publisher": Names("publisher", "PB", "PB", "publisher", "publisher"),
    "place": Names("address location", "CY PP", "PL", "publisher-place", "pub-location"),
    "language": Names("language", "LA", "LA", "language", "language"),
    "keywords": Names("keywords keyword", "KW", "MH OT", "keyword", "keywords"),
    "notes": Names("note", "N1", "GN", "note", "notes"),
    "files": Names("file", "L1 L2 L3 L4", "", "", "pdf-urls"),
    "groups": Names("groups", "", "", "", ""),
    "database": Names("database", "DB", "OWN", "source", "remote-database-name"),
    "accession": Names("accession", "AN", "", "", "accession-num"),
}

# The tags and fields without a column that say the same in several formats
SAME = (
    Names("type", "M3", "", "genre", "work-type"),
    Names("eid", "C7", "", "", "custom7"),  # the article's number
    Names("year", "PY", "", "", "year"),  # one that is none: in press
    Names("shorttitle", "ST", "", "title-short", "short-title"),
    Names("shortjournal", "J2", "TA", "container-title-short", "alt-title"),
    Names("urldate", "Y2", "", "accessed", "access-date"),
    Names("chapter", "SE", "", "chapter-number", "section"),
    Names("pagetotal", "", "", "number-of-pages", ""),
    Names("library", "DP", "", "archive", "remote-database-provider"),
    Names("annote", "RN", "", "annote", "research-notes"),
    Names("translator", "A4", "", "translator", "subsidiary-authors"),
    Names("", "A3", "", "", "tertiary-authors"),
    Names("volumes", "NV", "", "number-of-volumes", "num-vols"),
    Names("", "CN", "", "call-number", "call-num"),
    Names("", "AD", "", "", "auth-address"),
    Names("", "OP", "TT", "", "orig-pub"),
    Names("", "TT", "", "", "translated-title"),
    Names("", "RP", "", "", "reprint-edition"),
    Names("", "CA", "", "", "caption"),
    Names("", "RI", "", "reviewed-title", "reviewed-item"),
    *(Names("", f"C{number}", "", "", f"custom{number}") for number in (1, 2, 3, 4, 5, 6, 8)),
)

# Another name comes first in some types of entry
_HOME = {
    "bibtex": {
        "venue": {"booktitle": "inproceedings incollection conference inbook inreference"},
        "publisher": {
            "school": "phdthesis mastersthesis bathesis thesis",
            "institution": "techreport report",
            "organization": "manual online misc",
        },
    },
    "ris": {"venue": {"C3": "CONF CPAPER", "JF": "JOUR MGZN NEWS EJOUR JFULL"}},
}

# The databases whose record numbers are identifiers of their own
DATABASES = {
    "pmid": "PubMed",
    "wos": "Web of Science",
    "scopus": "Scopus",
    "openalex": "OpenAlex",
    "s2": "Semantic Scholar",
    "dblp": "dblp",
    "lccn": "Library of Congress",
    "mag": "Microsoft Academic Graph",
    "nct": "ClinicalTrials.gov",
    "euctr": "EU Clinical Trials Register",
    "isrctn": "ISRCTN",
    "actrn": "ANZCTR",
    "chictr": "ChiCTR",
}


def names(column: str, form: str, native_type: str | None = None) -> tuple[str, ...]:
    """A format's names of a column, the preferred first for an entry of this type."""
    known = tuple(getattr(FIELDS[column], form).split())
    homes = _HOME.get(form, {}).get(column, {})
    at_home = tuple(name for name, types in homes.items() if native_type in types.split())
    return at_home + tuple(name for name in known if name not in at_home)


def free_name(
    column: str, form: str, row: Mapping[str, Any], native_type: str | None = None
) -> str:
    """The name to write a column under: the first that nothing was carried through under.

    In RIS a tag may stand twice, of which the first is read: what was carried under the tag that
    is looked for first stood behind the column's own.
    """
    known = names(column, form, native_type)
    if form == "ris":  # every program knows the first tag, not all know that of the type
        if row.get(f"ris:{known[0]}"):
            return known[0]
        first = getattr(FIELDS[column], form).split()[0]
        known = (first, *(name for name in known if name != first))
    return next((name for name in known if not row.get(f"{form}:{name}")), known[0])


def carried_fields(row: Mapping[str, Any], form: str) -> dict[str, list[str]]:
    """The tags or fields of a format that a record carries, in the order of their names.

    What another format carries is among them where both have a name for it.
    """
    found = {name.split(":", 1)[1]: cell for name, cell in row.items() if _of(form, name)}
    for same in SAME:
        own = getattr(same, form)
        if own and own not in found:
            others = (row.get(f"{other}:{getattr(same, other)}") for other in Names._fields)
            found[own] = _as_date(next(filter(None, others), None))
    return {
        name: cell if isinstance(cell, list) else [cell]
        for name, cell in sorted(found.items())
        if isinstance(cell, list | str)
    }


def said(cell: object) -> str | None:
    """`text` of a cell of conformed records, in which `NA` is what somebody said."""
    return tidy(cell) or None if isinstance(cell, str) else text(cell)


def _as_date(cell: Any) -> Any:
    """A date of CSL as the other formats print it: `2016-12-23`; all else as it is."""
    dated = from_json(cell) if isinstance(cell, str) and cell.startswith("{") else None
    if not isinstance(dated, dict) or not {"date-parts", "raw", "literal"} & dated.keys():
        return cell
    listed = (dated.get("date-parts") or [[]])[0]
    parts = "-".join(str(part).zfill(2) for part in listed) if isinstance(listed, list) else ""
    return parts or dated.get("raw") or dated.get("literal")


def _of(form: str, name: object) -> bool:
    return str(name).startswith(f"{form}:")


def genre(row: Mapping[str, Any]) -> str | None:
    """What kind of thesis or report a record says it is: `Master's thesis`."""
    found = (row.get(f"{form}:{getattr(SAME[0], form)}") for form in Names._fields)
    return next((cell for cell in found if isinstance(cell, str)), None)


def accession_ids(accession: Mapping[str, str], provider: str = "") -> dict[str, str]:
    """The identifiers among the numbers of a record: `{"MEDLINE": "123"}` gives a PMID."""
    found: dict[str, str] = {}
    for database, number in accession.items():
        found |= trials(number)
        pubmed = re.search("pubmed|medline|nlm", f"{database} {provider}", re.IGNORECASE)
        if pubmed and re.fullmatch(r"\d{1,8}", number):
            found["pmid"] = number
    return found


def accession_numbers(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Database and number of a record, one that is not said last; identifiers are among them."""
    known: dict[str, str] = row.get("accession") or {}
    ids: dict[str, str] = row.get("ids") or {}
    named = [(name, number) for name, number in known.items() if name]
    named += [
        (DATABASES[kind], number)
        for kind, number in ids.items()
        if kind in DATABASES and number not in known.values() and DATABASES[kind] not in known
    ]
    return named + [("", number) for name, number in known.items() if not name]
