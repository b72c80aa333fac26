"""Prepared columns that say what kind of item a record is, and which one of its kind.

`linkage/features/kinds.py` says what they hold.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from linkage.features.arrays import objects
from linkage.features.columns import Coded
from linkage.papers.counts import texts_of
from linkage.records.cells import text
from linkage.records.packed import PackedRecords
from linkage.text.dois import is_preprint, review_version
from linkage.text.folding import fold
from linkage.text.registry import TRIAL_KINDS, TRIAL_NUMBER, accession, trial_numbers
from linkage.text.searching import may_hold

Ids = frozenset[tuple[str, str]]

# Columns that a source may have beside the canonical ones
EXTRA = ("edition", "accession")

_TITLED = objects([("title",), ()])
_WORK_IDS = frozenset(["arxiv", "trial"])
_OF_THE_WHOLE = frozenset(["incollection", "inproceedings"])  # their ISBN is that of the book
_SERVERS = frozenset("arxiv corr biorxiv medrxiv chemrxiv psyarxiv socarxiv ssrn techrxiv".split())
_ORDINALS = {word: str(n) for n, words in enumerate((
    "first erste premiere primera", "second zweite deuxieme segunda", "third dritte troisieme",
    "fourth vierte quatrieme cuarta", "fifth funfte", "sixth sechste", "seventh siebte",
    "eighth achte", "ninth neunte", "tenth zehnte",
), start=1) for word in words.split()}  # fmt: skip
_NUMBERED = r"(\d{1,2})(?:st|nd|rd|th|e|a)?|" + "|".join(_ORDINALS)
_EDITION = re.compile(rf"\b({_NUMBERED})\b")
_EDITION_OF_TITLE = re.compile(
    rf"\b({_NUMBERED}) (?:(?:revised|rev|international|enlarged|updated|english) )?"
    r"(?:ed|edn|edition|aufl|auflage|edicion|edizione)\b"
)
_SERIAL = re.compile(
    r"\b(?:yearbook|year book|jahrbuch|jaarboek|anuario|annuaire|almanach?|annual reports?"
    r"|statistical abstract|jahresbericht|rapport annuel|informe anual)\b"
    r"|^(?:world|global|human|state of) (?:\w+ ){1,4}(?:report|outlook|review|statistics)\b"
)
# one of which is in every title that `_SERIAL` finds
_SERIAL_PARTS = (
    "^(?:world|global|human|state of) |year|jahr|jaar|anua|annu|almanac|statistical abstract"
)
_SERIAL_TYPES = frozenset(["book", "techreport", "proceedings", "misc"])
_SERIAL_OF_TYPE = re.compile(
    r"\b(?:reports?|statistics|outlook|survey|trends|indicators|figures|handbook|directory)"
    r"(?: (?:\d{4}|of|on|for)\b.*)?$"
)
_YEAR = re.compile(r"\b((?:1[89]|20)\d\d)\b")


def item_columns(records: PackedRecords, columns: dict[str, Any]) -> dict[str, Coded]:
    """What kind of item each record is; `columns` are its prepared columns so far."""
    ids = _all_ids(records)
    title, doi = columns["title"], columns["doi"]
    editions = (records["edition"].map(_edition), title.map(_edition_named))
    return {
        "titled": Coded(np.where(title.codes < 0, np.int32(1), np.int32(0)), _TITLED),
        "ids": ids,
        "work_ids": ids.map(_of_works),
        "edition": _first_known(*editions, doi.map(review_version)),
        "serial_year": _serial_years(records["year"], title, columns["type"]),
        "server": _first_known(
            columns["venue"].map(_server_named), columns["registered"].map(_server_by_doi)
        ),
    }


def _first_known(*columns: Coded) -> Coded:
    """In each row the first value that is known, as few are at all."""
    rows = np.flatnonzero(np.any([column.codes >= 0 for column in columns], axis=0))
    known = zip(*(column[rows] for column in columns), strict=True)
    return Coded.of_some(len(columns[0]), rows, (next(filter(None, row)) for row in known))


def _all_ids(records: PackedRecords) -> Coded:
    """Identifiers of the item itself, and the trial numbers and accession numbers beside them."""
    fields = [records[name] for name in ("ids", "type", "title", "venue", "url", "accession")]
    asked = np.zeros(len(records), dtype=bool)
    for named in (fields[0], fields[-1]):
        asked |= np.array([*map(bool, named.values), False])[named.codes]
    for printed in fields[2:5]:
        found = may_hold(f"(?i:{TRIAL_NUMBER})", texts_of(printed))
        asked |= np.append(found, False)[printed.codes]
    rows = np.flatnonzero(asked)
    return Coded.of_some(len(asked), rows, map(_ids, *(field[rows] for field in fields)))


def _ids(
    ids: dict[str, str] | None,
    kind: str | None,
    title: str | None,
    venue: str | None,
    url: str | None,
    accessions: Any,
) -> Ids | None:
    known = accessions if isinstance(accessions, dict) else {}
    texts = [c for c in (title, venue, url, *known.values()) if isinstance(c, str)]
    found = {("trial", one) for one in trial_numbers("\n".join(texts))}
    for name, value in (ids or {}).items():
        if name == "isbn" and kind not in _OF_THE_WHOLE:
            found |= {("isbn", _body(one)) for one in value.split("; ")}
        elif name in TRIAL_KINDS:
            named = f"{name}{value}" if value[:1].isdigit() else value
            found |= {("trial", one) for one in trial_numbers(named)}
        elif name not in ("isbn", "issn"):
            found.add((name, value))
    for database, number in known.items():
        of_letters = accession(number)
        if of_letters:
            found.add((f"an:{of_letters[0]}", of_letters[1]))
        elif database:
            found.add((f"an:{fold(database)}", number.lower()))
    return frozenset(found) or None


def _body(isbn: str) -> str:
    """What an ISBN of ten digits and one of thirteen share: a wrong check digit makes no other."""
    return (isbn.removeprefix("978") if len(isbn) == 13 else isbn)[:-1]


def _of_works(ids: Ids) -> Ids | None:
    return frozenset(one for one in ids if one[0] in _WORK_IDS) or None


def _edition(printed: object) -> str | None:
    """The number of the edition that its field says."""
    found = _EDITION.search(fold(text(printed) or ""))
    return (found[2] or _ORDINALS[found[1]]) if found else None


def _edition_named(title: str) -> str | None:
    """The number of the edition that a title says."""
    if " ed" not in title and " aufl" not in title:  # nearly always
        return None
    found = _EDITION_OF_TITLE.search(title)
    return (found[2] or _ORDINALS[found[1]]) if found else None


def _serial_years(years: Coded, title: Coded, kind: Coded) -> Coded:
    """The year that tells one yearbook from the next: that in its title, else its own."""
    texts: Any = title.values
    serial = title.map_some(_is_serial, may_hold(_SERIAL_PARTS, texts.tolist()), None)
    of_type = kind.map(lambda name: name in _SERIAL_TYPES or None)
    rows = np.flatnonzero((serial.codes >= 0) | ((title.codes >= 0) & (of_type.codes >= 0)))
    known = (column[rows] for column in (years, title, serial))
    return Coded.of_some(len(years), rows, map(_serial_year, *known))


def _is_serial(title: str) -> bool | None:
    """Whether a title says by itself that the next one comes out next year; None: it does not."""
    return _SERIAL.search(title) is not None or None


def _serial_year(year: int | None, title: str, serial: bool | None) -> str | None:
    if year is None or (not serial and not _SERIAL_OF_TYPE.search(title)):
        return None
    named = _YEAR.findall(title)
    return named[-1] if named else str(int(year))


def _server_named(venue: str) -> str | None:
    """The preprint server that a venue names."""
    named = next((word for word in venue.split() if word in _SERVERS), None)
    return "arxiv" if named == "corr" else named


def _server_by_doi(registered: tuple[str, bool]) -> str | None:
    """The registrant of a preprint's DOI."""
    doi, may_be = registered
    return doi.partition("/")[0] if may_be and is_preprint(doi) else None
