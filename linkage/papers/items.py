"""Prepared columns that say what kind of item a record is, and which one of its kind.

`linkage/features/kinds.py` says what they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linkage.features.columns import Coded
from linkage.records.cells import is_missing, text
from linkage.records.schema import Conformed
from linkage.text.dois import is_preprint, review_version
from linkage.text.folding import fold
from linkage.text.registry import TRIAL_KINDS, accession, trial_numbers

Ids = frozenset[tuple[str, str]]

# Columns that a source may have beside the canonical ones
EXTRA = ("edition", "accession")

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
_SERIAL_TYPES = frozenset(["book", "techreport", "proceedings", "misc"])
_SERIAL_OF_TYPE = re.compile(
    r"\b(?:reports?|statistics|outlook|survey|trends|indicators|figures|handbook|directory)"
    r"(?: (?:\d{4}|of|on|for)\b.*)?$"
)
_YEAR = re.compile(r"\b((?:1[89]|20)\d\d)\b")


def item_columns(records: Conformed, columns: dict[str, Any]) -> dict[str, Coded]:
    """What kind of item each record is; `columns` are its prepared columns so far."""
    ids = Coded.of(_all_ids(records))
    title, doi, kind = columns["title"], columns["doi"], columns["type"]
    years = (None if is_missing(year) else str(int(year)) for year in records["year"].tolist())
    extra = _texts(records, "edition")
    return {
        "titled": Coded.of(("title",) if code >= 0 else () for code in title.codes.tolist()),
        "ids": ids,
        "work_ids": ids.map(_of_works),
        "edition": Coded.of(map(_edition, extra, title, doi)),
        "serial_year": Coded.of(map(_serial_year, title, kind, years)),
        "server": Coded.of(map(_server, columns["venue"], doi)),
    }


def _texts(records: Conformed, name: str) -> list[str | None]:
    if name not in records:
        return [None] * len(records)
    return [text(cell) for cell in records[name].tolist()]


def _all_ids(records: Conformed) -> Iterator[Ids | None]:
    """Identifiers of the item itself, and the trial numbers and accession numbers beside them."""
    fields = (records[name].tolist() for name in ("ids", "type", "title", "venue", "url"))
    numbers = records["accession"].tolist() if "accession" in records else [None] * len(records)
    for ids, kind, *printed, accessions in zip(*fields, numbers, strict=True):
        known = accessions if isinstance(accessions, dict) else {}
        texts = [str(field) for field in (*printed, *known.values()) if not is_missing(field)]
        found = {("trial", one) for field in texts for one in trial_numbers(field)}
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
        yield frozenset(found) or None


def _body(isbn: str) -> str:
    """What an ISBN of ten digits and one of thirteen share: a wrong check digit makes no other."""
    return (isbn.removeprefix("978") if len(isbn) == 13 else isbn)[:-1]


def _of_works(ids: Ids) -> Ids | None:
    return frozenset(one for one in ids if one[0] in _WORK_IDS) or None


def _edition(printed: str | None, title: str | None, doi: str | None) -> str | None:
    """The number of the edition, or of a Cochrane review's version."""
    found = _EDITION.search(fold(printed)) if printed else None
    if (found is None and title and " ed" in title) or (title and " aufl" in title):
        found = _EDITION_OF_TITLE.search(title)
    if found:
        return found[2] or _ORDINALS[found[1]]
    return review_version(doi) if doi else None


def _serial_year(title: str | None, kind: str | None, year: str | None) -> str | None:
    """The year that tells one yearbook from the next: that in its title, else its own."""
    if not title or not year:
        return None
    weak = kind in _SERIAL_TYPES and _SERIAL_OF_TYPE.search(title)
    if not weak and not _SERIAL.search(title):
        return None
    years = _YEAR.findall(title)
    return years[-1] if years else year


def _server(venue: str | None, doi: str | None) -> str | None:
    """The preprint server that a venue names, else the registrant of a preprint's DOI."""
    named = next((word for word in (venue or "").split() if word in _SERVERS), None)
    if named or not doi or not is_preprint(doi):
        return "arxiv" if named == "corr" else named
    return doi.partition("/")[0]
