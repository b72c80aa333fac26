"""BibTeX and BibLaTeX, with TeX turned into Unicode."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from linkage.errors import Problem
from linkage.names.braces import family_in_front, split_at_and
from linkage.names.groups import is_person_in_braces
from linkage.readers.source import Reader, Source, leading_format
from linkage.readers.tagged.bibtex_entries import Entry, bibtex_entries
from linkage.records.cells import arxiv, issn_isbn, text
from linkage.records.cells import date as read_date
from linkage.records.flat_authors import with_author_details
from linkage.records.format_fields import FIELDS, names
from linkage.text.registry import TRIAL_KINDS
from linkage.text.tex import unbraced, untexed, untexed_name

_INHERITED = (
    *("year", "date", "month", "booktitle", "journal", "journaltitle", "volume", "number"),
    *("series", "publisher", "editor", "isbn", "issn", "address", "school", "institution", "note"),
)
_BRACED = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")  # from the first brace to the last
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IDENTIFIERS = (
    *("pmid", "pmcid", "issn", "isbn", "openalex", "scopus", "s2", "mag", "wos", "dblp", "lccn"),
    *sorted(TRIAL_KINDS),
)
_VERBATIM = {"url", "urls", "doi", "eprint", "file", *_IDENTIFIERS}
_LISTS = {"keywords", "notes", "files", "urls", "groups"}
_PARTS = {"files": r"(?:\\.|[^;\\])+", "urls": r"\S+"}
_NOT_IN_BRACES = r"(?![^{}]*\})"
_USED = {
    *("author", "year", "date", "month", "day", "subtitle", "crossref", "eprint", "ids"),
    *("archiveprefix", "eprinttype", "entrysubtype", *_IDENTIFIERS),
}
_MARKS = {"less": "<", "greater": ">"}
_PLAIN_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
_AND_AT_AN_END = re.compile(r"^(and(\s+|$))+|(\s+and)+$", re.IGNORECASE)  # that joins nothing
_ARXIV_EPRINT = re.compile(  # the forms in which arXiv's number stands without an archiveprefix
    r".*arxiv.*|\s*(\d{4}\.\d{4,5}|[a-z-]+(\.[a-z]{2})?/\d{7})(v\d+)?(\s*\[[\w.-]+\])?\s*", re.I
)


def _read(source: Source, problems: list[Problem]) -> pd.DataFrame:
    found = bibtex_entries(source, problems)
    strings = _strings(found)
    entries = [entry for entry in found if entry.kind != "string"]
    fields = [_fields(entry, strings, source, problems) for entry in entries]
    problems += _undefined(entries, strings, source)
    _inherit(entries, fields, source, problems)
    rows = [_record(e.kind, e.key, own) for e, own in zip(entries, fields, strict=True)]
    places = [entry.place for entry in entries]
    return with_author_details(pd.DataFrame(rows, index=places, dtype=object))


def _strings(entries: list[Entry]) -> dict[str, str]:
    strings = {month: month for month in _MONTHS}
    for entry in entries:
        if entry.kind == "string":
            strings |= {name: _value(parts, strings) for name, parts in entry.fields}
    return strings


def _undefined(entries: list[Entry], strings: dict[str, str], source: Source) -> list[Problem]:
    """Tell, once each, the names in values for which no @string stands: they stay as printed."""
    first: dict[str, Problem] = {}
    for entry in entries:
        for name, parts in entry.fields:
            for part in parts:
                if part[:1].isalpha() and part.lower() not in strings and part not in first:
                    found = f"the name {part} as {name}"
                    expected = "an @string of that name, or the value in braces"
                    where = f"line {entry.place}"
                    first[part] = Problem(source.name, where, found, expected, kept=True)
    return list(first.values())


def _fields(
    entry: Entry, strings: dict[str, str], source: Source, problems: list[Problem]
) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, parts in entry.fields:
        if name in fields:
            found = f"the field {name} twice"
            where = f"line {entry.place}"
            problems.append(Problem(source.name, where, found, "it once", kept=True))
        fields.setdefault(name, _value(parts, strings))
    return fields


def _value(parts: list[str], strings: dict[str, str]) -> str:
    """Resolve `{...}`, `"..."`, numbers, names of @strings and their concatenation with #."""
    return "".join(
        part[1:-1] if part[:1] in '{"' else strings.get(part.lower(), part) for part in parts
    )


def _inherit(
    entries: list[Entry],
    fields: list[dict[str, str]],
    source: Source,
    problems: list[Problem],
) -> None:
    """Give an entry what it lacks of the one it names in `crossref` (title as `booktitle`)."""
    by_key = {entry.key.lower(): own for entry, own in zip(entries, fields, strict=True)}
    for entry, own in zip(entries, fields, strict=True):
        if "crossref" not in own:
            continue
        parent = by_key.get(own["crossref"].lower())
        if parent is None:
            found = f"a crossref to {own['crossref']!r}"
            problems.append(
                Problem(source.name, f"line {entry.place}", found, "an entry of that key", True)
            )
            continue
        for name in _INHERITED:
            if name in parent:
                own.setdefault(name, parent[name])
        if "title" in parent:
            own.setdefault("booktitle", parent["title"])


def _record(entry_type: str, key: str, raw: dict[str, str]) -> dict[str, Any]:
    entry_type = entry_type.lower()
    field = {name: _plain(name, value) for name, value in raw.items() if name != "author"}
    ids = {name: field[name] for name in _IDENTIFIERS if name in field}
    ids["arxiv"] = _arxiv(field) or ""
    taken = {column: _taken(column, entry_type, field) for column in FIELDS}
    record: dict[str, Any] = {column: field[name] for column, name in taken.items() if name}
    record |= {  # a journal called NA is carried: a column can't hold it
        f"bibtex:{name}": field[name]
        for column, name in taken.items()
        if name and column not in (*_LISTS, "editors") and text(field[name]) is None
    }
    record |= {
        "record_id": key,
        "type": _type(entry_type, field),
        "native_type": entry_type,
        "title": ": ".join(filter(None, (field.get("title"), field.get("subtitle")))) or None,
        "title_tex": _title_tex(raw),
        "authors": _authors(raw.get("author") or ""),
        "year": field.get("year"),
        "date": field.get("date") or _date(field),
        "ids": ids,
    }
    record |= {column: _listed(column, raw[name]) for column, name in taken.items()
               if name and column in _LISTS}  # fmt: skip
    if taken["editors"]:
        record["editors"] = _authors(raw[taken["editors"]])
    if taken["accession"]:
        record["accession"] = _accession(field[taken["accession"]])
    if other_keys := re.findall(r"[^\s,]+", field.get("ids", "")):
        record["merged_from"] = [key, *other_keys]  # biblatex's other names of an entry
    return record | _carried(field, {*filter(None, taken.values())}, str(record["date"] or ""))


def _type(entry_type: str, field: dict[str, str]) -> str:
    """What is online is a preprint if it is in an archive, as biblatex has arXiv's; else a page."""
    if field.get("entrysubtype") == "abstract":
        return "abstract"
    places = " ".join(field.get(name, "") for name in ("doi", "url")).lower()
    archived = field.get("eprint") or "arxiv" in places
    return "preprint" if archived and entry_type in ("online", "electronic", "www") else entry_type


def _arxiv(field: dict[str, str]) -> str | None:
    """The number that arXiv gave, where the field for archives says so or it looks like one."""
    archive, eprint = field.get("archiveprefix") or field.get("eprinttype"), field.get("eprint", "")
    said = "arxiv" in archive.lower() if archive else _ARXIV_EPRINT.fullmatch(eprint)
    return arxiv(eprint) if said else None


def _title_tex(raw: dict[str, str]) -> str | None:
    """The title as it came, where its TeX says more (formulas, protected capitals) than text."""
    title = " ".join(raw.get("title", "").split())
    return title if title != untexed(title) and not raw.get("subtitle") else None


def _taken(column: str, entry_type: str, field: dict[str, str]) -> str | None:
    """The field that a column is read from."""
    return next((name for name in names(column, "bibtex", entry_type) if field.get(name)), None)


def _listed(column: str, value: str) -> list[str]:
    """The parts of a field that holds several; what stands in braces is not parted."""
    if column == "notes":
        return [_plain(column, value)]
    if column in ("files", "urls"):
        return [_plain("file", part) for part in re.findall(_PARTS[column], value)]
    separators = (name for name in (";", r",\s", ",") if re.search(name + _NOT_IN_BRACES, value))
    parts = re.split(next(separators, ",") + _NOT_IN_BRACES, value)
    return [_plain(column, part) for part in parts if part.strip()]


def _accession(value: str) -> dict[str, str]:
    """`MEDLINE: 123; 456`: a number after the database that it is of, if that is said."""
    pairs = (part.rpartition(": ") for part in value.split("; "))
    return {database: number for database, _, number in pairs}


def _carried(field: dict[str, str], taken: set[str], date: str) -> dict[str, str]:
    """The fields that no column was read from, and what a column can't hold of one."""
    rest = {n: value for n, value in field.items() if n not in taken | _USED and value}
    if "eid" in taken and not field.get("pages"):  # pages and article number are not one thing
        rest["eid"] = field["eid"]
    elif field.get("eid") == field.get("pages"):
        rest.pop("eid", None)
    if "month" in field and not re.match(r"(\d{4}|-)-\d\d", read_date(date) or ""):
        rest["month"] = field["month"]
    if field.get("year") and not _PLAIN_DATE.fullmatch(field["year"].strip()):
        rest["year"] = field["year"]  # in press, 2001/2002
    if field.get("date") and not _PLAIN_DATE.fullmatch(field["date"]):
        rest["date"] = field["date"]
    if field.get("eprint", "") != (_arxiv(field) or ""):  # another archive's, or with a version
        rest |= {n: field[n] for n in ("eprint", "archiveprefix", "eprinttype") if field.get(n)}
    rest |= _alone(field)
    return {f"bibtex:{name}": value for name, value in rest.items()}


def _alone(field: dict[str, str]) -> dict[str, str]:
    """Fields that say nothing without another or without a number in them."""
    names: list[str] = []
    names += [name for name in ("isbn", "issn") if name in field and not issn_isbn(field[name])]
    names += [name for name in ("pmid", "pmcid") if not re.search(r"\d", field.get(name, "1"))]
    names += [] if "month" in field else ["day"]
    names += [] if "eprint" in field else ["archiveprefix", "eprinttype"]
    return {name: field[name] for name in names if field.get(name)}


def _date(field: dict[str, str]) -> str | None:
    year, month = field.get("year"), field.get("month", "")
    if year and month.strip().isascii() and month.strip().isdigit():
        return f"{year}-{int(month[:9]):02}"
    day = field.get("day", "") if month else ""
    return f"{day} {month} {year}".strip() if year else None


def _plain(name: str, value: str) -> str:
    if name in _VERBATIM:
        value = re.sub(r"^\\url\{(.*)\}$", r"\1", value.strip())
        value = re.sub(r"\\text(less|greater)\b", lambda m: _MARKS[m[1]], value)
        return unbraced(re.sub(r"(?<!\\)\\+([_%&#~$])", r"\1", value))
    if name == "pages":
        return re.sub(r" ?-{2,3} ?| ?[–—] ?", "-", " ".join(untexed(value).split()))
    return untexed(value)


def _authors(value: str) -> list[str | dict[str, Any]] | None:
    if not value.strip():
        return None
    # cut before TeX is read: what braces hold is one name, and accents may begin a name
    alone = (_AND_AT_AN_END.sub("", name) for name in split_at_and(value))
    names = map(family_in_front, filter(None, alone))
    return [person for name in names for person in _persons(name)]


def _persons(name: str) -> Sequence[str | dict[str, Any]]:
    """One name, a group if it is all in braces: `{Google Brain}`, not `{Ng, Ana and Li, Bo}`."""
    printed = " ".join(untexed_name(name).split())
    listed = printed.split(" and ")
    if not _BRACED.fullmatch(name) or is_person_in_braces(printed):
        return [printed]
    if all("," in part for part in listed):  # persons, for whom the braces are too many
        return listed
    return [{"name": printed, "family": printed, "group": True}]


BIBTEX = Reader(
    "BibTeX",
    (".bib", ".bibtex"),
    lambda source: leading_format(source.head) == "bibtex",
    _read,
)
