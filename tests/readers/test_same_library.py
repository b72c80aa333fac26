"""One library exported in several formats gives the same records, field by field.

The exports are in the folder that the environment variable LINKAGE_EXPORTS names. What may differ
is listed with its reason, and with the most that may be left of the difference.
"""

import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from linkage import read_records

EXPORTS = os.environ.get("LINKAGE_EXPORTS")
pytestmark = pytest.mark.skipif(not EXPORTS, reason="LINKAGE_EXPORTS names no folder")
FIELDS = (
    *("title", "authors", "editors", "year", "date", "venue", "volume", "number", "pages", "doi"),
    *("abstract", "type", "keywords", "notes", "language", "ids", "edition"),
)
ALL = 10_000


def _whole(cell: Any) -> Any:
    return cell


class Allowed(NamedTuple):
    """A difference: why, and in how many records it may stay when both sides are compared `by`."""

    reason: str
    most: int = 0
    by: Callable[[Any], Any] = _whole


def _names(people: list[dict[str, Any]] | None) -> list[tuple[Any, ...]]:
    return [(one.get("family"), one.get("given"), one.get("group")) for one in people or []]


def _family_names(people: list[dict[str, Any]] | None) -> list[str]:
    return [one.get("family") or one["name"] for one in people or []]


def _undotted(people: list[dict[str, Any]] | None) -> list[str]:
    return [one["name"].replace(".", "").casefold() for one in people or []]


def _words(cell: Any) -> str:
    return "".join(re.findall(r"\w+", str(cell or ""))).casefold()


def _year(date: str | None) -> str:
    return (date or "")[:4]


def _without_numbers(ids: dict[str, str] | None) -> dict[str, str]:
    return {name: number for name, number in (ids or {}).items() if name not in ("pmid", "pmcid")}


NOT_THERE = "the format, or who wrote the file, has no such field"
SAME = (  # folder, the export that has most, another one of the same records
    ("blue_light_102", "blue-light.xml", "blue-light.ris", 102),
    ("blue_light_102", "blue-light.xml", "blue-light.json", 102),
    ("blue_light_102", "blue-light.xml", "blue-light.enlx", 102),
    ("blue_light_102", "blue-light.xml", "blue-light.nbib", 80),
    ("zotero_library", "zotero_export.xml", "mendeley_export.xml", 1233),
    ("zotero_library", "zotero_export.xml", "zotero_export.csv", 1233),
    ("zotero_library", "zotero_export.bib", "zotero_export.ris", 1000),
)
ALLOWED = {
    "blue-light.json": {
        "language": Allowed(NOT_THERE, ALL),
        "edition": Allowed(NOT_THERE, ALL),
        "ids": Allowed("reflib's JSON has no accession numbers", 0, _without_numbers),
    },
    "blue-light.nbib": {
        "title": Allowed("PubMed ends titles with a full stop, EndNote took it off", 0, _words),
        "authors": Allowed("PubMed has the given names in full", 1, _family_names),
        "venue": Allowed("PubMed has the journal's name in full, EndNote its abbreviation", ALL),
        "notes": Allowed("EndNote collects in its notes what PubMed has in fields", ALL),
        "edition": Allowed("EndNote keeps the day of the first edition there", ALL),
        "ids": Allowed("EndNote keeps one ISSN of two", ALL),
        "pages": Allowed("EndNote wrote an article number in other capitals", 0, _words),
        "keywords": Allowed("PubMed changed the terms of one record since", 1),
    },
    "mendeley_export.xml": {
        "date": Allowed("Mendeley writes the year alone", 0, _year),
        "keywords": Allowed("Mendeley takes headings and subheadings apart", ALL),
        "ids": Allowed("Mendeley writes no ISSN", ALL),
        "authors": Allowed("Mendeley writes no dots after initials", 0, _undotted),
        "type": Allowed("Mendeley calls 100 articles Generic", 100),
        "abstract": Allowed("Zotero took what it held for HTML tags (`<10 cells`) out", 3),
        "pages": Allowed("Mendeley writes ranges in its own way, and not all", 14),
    },
    "zotero_export.csv": {
        "date": Allowed("months such as `Sep-Oct` are one month there", 0, _year),
        "ids": Allowed("EndNote XML of Zotero has no PubMed ids", 0, _without_numbers),
        "abstract": Allowed("Zotero took what it held for HTML tags (`<10 cells`) out", 3),
    },
    "zotero_export.ris": {
        "date": Allowed("BibTeX of Zotero has no day", 0, _year),
        "notes": Allowed("Zotero writes notes as `annote`, a field of its own", ALL),
        "authors": Allowed("braces of BibTeX say that one name is a group", 0, _undotted),
        "keywords": Allowed("a comma parts the keywords of BibTeX", 1),
        "abstract": Allowed("Zotero makes -- of dashes in RIS or the like", 2),
    },
}


def _cell(row: pd.Series, field: str) -> Any:
    cell = row.get(field)
    if isinstance(cell, list | dict | str):
        return cell or None
    return None if pd.isna(cell) else cell


@cache
def _records(folder: str, name: str) -> pd.DataFrame:
    problems: list[Any] = []
    records = read_records(Path(EXPORTS) / folder / name, set_aside=problems)
    assert problems == []
    return records


def _pairs(records: pd.DataFrame, other: pd.DataFrame) -> list[tuple[pd.Series, pd.Series]]:
    """The records of two exports by their titles; of one title in the order of the files."""
    rows: dict[str, list[pd.Series]] = {}
    for _, row in records.iterrows():
        rows.setdefault(_words(row["title"])[:60], []).append(row)
    return [(rows[_words(row["title"])[:60]].pop(0), row) for _, row in other.iterrows()]


@pytest.mark.parametrize(("folder", "name", "other", "count"), SAME, ids=[s[2] for s in SAME])
def test_the_same_library_gives_the_same_records(folder, name, other, count):
    pairs = _pairs(_records(folder, name), _records(folder, other))
    assert len(pairs) == count
    for field in FIELDS:
        exact = Allowed("none", 0, _names if field in ("authors", "editors") else _whole)
        allowed = ALLOWED.get(other, {}).get(field, exact)
        cells = [[_cell(row, field) for row in pair] for pair in pairs]
        wrong = [(a, b) for a, b in cells if allowed.by(a) != allowed.by(b)]
        assert len(wrong) <= allowed.most, (field, wrong[:3])


def test_no_difference_is_allowed_that_is_not_there():
    for folder, name, other, _ in SAME:
        pairs = _pairs(_records(folder, name), _records(folder, other))
        for field in ALLOWED.get(other, {}):
            assert any(_cell(a, field) != _cell(b, field) for a, b in pairs), (other, field)
