"""CSL-JSON, as Zotero, Mendeley, pandoc and DOI content negotiation write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linkage.errors import Problem
from linkage.readers.json.json_works import Work, carried, first, names_in, work_rows
from linkage.readers.people import Person, email, group, no_serials, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.records.cells import SAID_MISSING
from linkage.records.cells import date as read_date

_TEXTS = {
    "title": "title",
    "venue": "container-title",
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "doi": "DOI",
    "abstract": "abstract",
    "url": "URL",
    "edition": "edition",
    "series": "collection-title",
    "publisher": "publisher",
    "place": "publisher-place",
    "language": "language",
    "database": "source",
}
_USED = frozenset(
    {*_TEXTS.values(), "id", "type", "author", "editor", "issued", "ISSN", "ISBN", "PMID", "PMCID"}
    | {"keyword", "note"}
)
OURS = frozenset(
    "keywords notes urls files groups accession native_type merged_from relations ids".split()
)
_TYPES = frozenset(
    "article article-journal article-magazine article-newspaper bill book broadcast chapter"
    " classic dataset document entry entry-dictionary entry-encyclopedia event figure graphic"
    " hearing interview legal_case legislation manuscript map motion_picture musical_score"
    " pamphlet paper-conference patent performance periodical personal_communication post"
    " post-weblog regulation report review review-book software song speech standard thesis"
    " treaty webpage journal-article proceedings-article book-chapter posted-content".split()
)
_TYPE_OF_CSL = re.compile(rf'"type":\s*"(?:{"|".join(sorted(_TYPES))})"')
_OF_CSL = frozenset(
    "author editor keyword note DOI URL ISSN ISBN publisher-place page custom".split()
)
_OF_TABLES = frozenset("authors year date doi url keywords notes pages".split())
_OF_OTHERS = frozenset("message-type is-referenced-by-count authorships nbformat".split())


def _is_csl(source: Source) -> bool:
    names = names_in(source)
    if not names.isdisjoint(_OF_OTHERS):
        return False
    if not names.isdisjoint({"container-title", "date-parts", "issued"}):
        return "date-parts" in names or any(f'"{kind}"' in source.head for kind in _TYPES)
    # a work of which neither date nor journal is known
    is_one = names >= {"id", "type", "title"} and not names.isdisjoint(_OF_CSL)
    is_one = is_one and (names.isdisjoint(_OF_TABLES) or "custom" in names)
    return is_one and _TYPE_OF_CSL.search(source.head) is not None


def _is_work(item: Work) -> bool:
    named = any(n in item for n in ("title", "author", "DOI")) or item.keys() >= {"id", "type"}
    return isinstance(item.get("type", ""), str) and named


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    return work_rows(source, problems, _is_work, _record)


def _record(item: Work) -> dict[str, Any]:
    record = {name: _text(item.get(key)) for name, key in _TEXTS.items()}
    keywords = item.get("keyword")
    date = csl_date(item.get("issued"))
    ids = serials(_text(item.get("ISSN")), _text(item.get("ISBN")))
    return (
        record
        | {
            "record_id": _text(item.get("id")),
            "type": item.get("type"),
            "native_type": item.get("type"),
            "authors": csl_people(item.get("author")),
            "editors": csl_people(item.get("editor")),
            "year": date,
            "date": date,
            "ids": ids | {"pmid": _text(item.get("PMID")), "pmcid": _text(item.get("PMCID"))},
            "keywords": keywords.split(", ") if isinstance(keywords, str) else keywords,
            "csl:ISSN": no_serials([_text(item.get("ISSN"))]),
            "csl:ISBN": no_serials([_text(item.get("ISBN"))]),
            "notes": [item["note"]] if item.get("note") else None,
        }
        | carried(item, "csl", _held(item))
        | _ours(item, ids)
    )


def _held(item: Work) -> frozenset[str]:
    """The variables that columns hold whole; none holds a range of dates or a volume `NA`."""
    more = {"issued"} if _says_more(item.get("issued")) else set()
    texts = [(key, item.get(key)) for key in (*_TEXTS.values(), "ISSN", "ISBN", "PMID", "PMCID")]
    more |= {k for k, said in texts if isinstance(said, str) and said in SAID_MISSING}
    more |= {key for key, said in texts if isinstance(said, dict) and said.keys() - {"name"}}
    return _USED - more


def _ours(item: Work, ids: dict[str, str]) -> dict[str, Any]:
    """What our own writer keeps in `custom`, which CSL leaves to programs."""
    custom = item.get("custom")
    if not isinstance(custom, dict) or not custom or not custom.keys() <= OURS:
        return {}
    found = {name: value for name, value in custom.items() if name != "ids"}
    if "native_type" in custom:  # which says more than CSL's own
        found["type"] = custom["native_type"]
    if isinstance(custom.get("ids"), dict):
        known = {"pmid": _text(item.get("PMID")), "pmcid": _text(item.get("PMCID"))}
        found["ids"] = ids | known | custom["ids"]
    return found | {"csl:custom": None}


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return "; ".join(str(part) for part in value if part) or None
    if isinstance(value, dict):  # "publisher": {"name": "Moss Press"}
        value = value.get("name")
    return None if value in (None, "") or isinstance(value, dict) else str(value)


def csl_date(value: Any) -> str | None:
    """A date of CSL or Crossref, as exact as it is: `{"date-parts": [[2018, 10, 20]]}`."""
    if not isinstance(value, dict):
        return str(value) if isinstance(value, str | int) and value else None
    parts = first(value.get("date-parts")) or []
    numbers = (
        [str(part) for part in parts if str(part or "").isdigit()]
        if isinstance(parts, list)
        else []
    )
    if numbers:
        return "-".join([numbers[0], *(part.zfill(2) for part in numbers[1:3])])
    return value.get("literal") or value.get("raw") or None


def _says_more(value: Any) -> bool:
    """Whether a date is more than a year, month and day: a range, a season, `circa`, words."""
    if not isinstance(value, dict):
        return isinstance(value, str) and read_date(value) != value
    said = {name: part for name, part in value.items() if part}
    if said.keys() <= {"date-parts"}:
        parts = said.get("date-parts") or [[]]
        if not (isinstance(parts, list) and isinstance(parts[0], list)):
            return True
        return len(parts) > 1 or not all(str(part or 1).isdigit() for part in parts[0])
    return said.keys() != {"raw"} or read_date(said["raw"]) != said["raw"]


_OF_PEOPLE = frozenset(
    "given family literal name suffix prefix sequence affiliation ORCID authenticated-orcid role"
    " non-dropping-particle dropping-particle comma-suffix static-ordering parse-names".split()
)


def csl_people(found: Any) -> list[Person] | None:
    """The names of CSL or Crossref: parts, particles, suffixes, groups, ORCIDs, affiliations."""
    if isinstance(found, dict | str):
        found = [found]
    return people(_person(one) for one in found or [])


def _person(one: Any) -> Person | None:
    if isinstance(one, str | None):
        return person(name=one)
    more: dict[str, Any] = {"orcid": one.get("ORCID")}
    if one.get("affiliation"):
        places = _list(one["affiliation"])
        places = [a.get("name") if isinstance(a, dict) else a for a in places]
        more = {"affiliation": places} | more | {"email": email(" ".join(filter(None, places)))}
    if name := one.get("literal") or one.get("name"):
        return group(name, **more)
    if not one.get("family") and one.keys() - _OF_PEOPLE:
        raise ValueError("a name of unknown parts")
    return person(
        given=one.get("given"),
        family=one.get("family"),
        particle=one.get("non-dropping-particle") or one.get("dropping-particle"),
        suffix=one.get("suffix"),
        **more,
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


CSL_JSON = streamed("CSL-JSON", (".json",), _is_csl, _rows, place="item")
