"""What a file says stands in our records, field by field, as other parsers read the same file.

The same is asked of the real exports in the folder that LINKAGE_EXPORTS names.
"""

import calendar
import html
import os
import re
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from linkage import read_records
from tests.helpers.formats import FORMATS
from tests.helpers.independent import leaves
from tests.helpers.independent_fields import COLUMNS, NOT_KEPT, NOT_WORDS, PEOPLE

HERE = Path(__file__).parent
FIXTURES = sorted([
    *(HERE.parent / "writers" / "data").iterdir(), *(HERE / "data" / "whole").iterdir()
])  # fmt: skip
SUFFIXES = {
    **dict.fromkeys(("endnote", "pubmed", "dblp", "atom", "jats", "marc", "mods"), ".xml"),
    "nbib": ".nbib",
    "library": ".enlx",
    "refer": ".enw",
}
EXPORTS = os.environ.get("LINKAGE_EXPORTS")
MONTHS = {name[:size].casefold(): str(number) for size in (3, 9)
          for number, name in enumerate(calendar.month_name) if number}  # fmt: skip


def words(text):
    """The words of a text without markup; numbers and months as numbers, `03` as 3."""
    while (plain := html.unescape(text)) != text:
        text = plain
    text = re.sub(r"</?[A-Za-z][^<>]*>|(?<=\d)T\d\d:\d\d:\d\dZ", " ", text)
    text = re.sub(r"\b(\d{4})-(\d{4})-(\d{4})-(\d{3}[\dXx])\b", r"\1\2\3\4", text)  # ORCIDs
    text = re.sub(r"\bPh\.D\b", " ", text)  # a degree is no part of a name
    found = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())
    found = [MONTHS.get(word, word.lstrip("0") or "0") for word in found]
    return [word for word in found if word not in NOT_WORDS]


def texts(cell):
    """All texts of a cell."""
    if isinstance(cell, dict):
        return [text for kind, inner in cell.items() for text in [kind, *texts(inner)]]
    if isinstance(cell, list):
        return [text for inner in cell for text in texts(inner)]
    return [] if cell is None or cell != cell else [str(cell)]


def differences(said, row):
    """What a file says and the record does not: in its column, or carried under its own name."""
    told = {name: [word for text in texts(cell) for word in words(text)]
            for name, cell in row.items()}  # fmt: skip
    everything = {word for found in told.values() for word in found}
    runs = {name: "".join(found) for name, found in told.items()}
    for path, text in said:
        column = next((c for c, paths in COLUMNS.items() if re.fullmatch(paths, path)), None)
        said_words = words(text)
        homes = [run for name, run in runs.items() if name == column or ":" in name]
        if column and not any("".join(said_words) in run for run in homes):
            yield column, path, text
        elif not column and not re.fullmatch(NOT_KEPT, path) and set(said_words) - everything:
            yield None, path, text
    for column, (paths, parts) in PEOPLE.items():
        names = [word for path, text in said if re.fullmatch(paths, path) for word in words(text)]
        people = row.get(column) or []
        found = [word for one in people for part in parts for word in words(one.get(part) or "")]
        if names and set(names) != set(found):
            yield column, " ".join(names), " ".join(found)


def all_differences(path):
    """Those of a file, and how many records it has."""
    said, rows = leaves(path), read_records(path, set_aside=[]).to_dict("records")
    assert len(said) == len(rows)
    return [one for pair in zip(said, rows, strict=True) for one in differences(*pair)], len(rows)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_fixture_says_what_other_parsers_read(path):
    assert all_differences(path)[0] == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_paper_says_what_other_parsers_read(name, tmp_path):
    path = tmp_path / f"x{SUFFIXES.get(name, '.json')}"
    path.write_bytes(FORMATS[name])
    assert all_differences(path) == ([], 1)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx", ".jsonl"])
def test_a_table_says_what_other_parsers_read(suffix, tmp_path):
    table = pd.DataFrame({
        "title": ["Moss on stones; kelp", "Fern"], "authors": ["Berg, Ada; Fern, Bo", "Li, Wei"],
        "year": [2018, 2019], "volume": ["7", "8"], "pages": ["1-9", "e12"], "note 2": ["x", "y"],
    })  # fmt: skip
    path = tmp_path / f"x{suffix}"
    write = {".csv": table.to_csv, ".parquet": table.to_parquet, ".xlsx": table.to_excel}
    if suffix == ".jsonl":
        table.to_json(path, orient="records", lines=True)
    else:
        write[suffix](path, index=False)
    assert all_differences(path) == ([], 2)


@pytest.mark.skipif(not EXPORTS, reason="LINKAGE_EXPORTS names no folder")
def test_real_exports_say_what_other_parsers_read():
    folders = sorted(path for path in Path(EXPORTS).iterdir() if path.is_dir())
    found = {path: all_differences(path)[0] for folder in folders for path in folder.iterdir()}
    assert found
    assert {path: different[:5] for path, different in found.items() if different} == {}


def test_a_difference_is_found():
    said = [("title", "Growth of moss"), ("author", "Berg, Ada"), ("volume", "7"), ("custom", "x")]
    row = {"title": "Growth of", "authors": [{"name": "Berg, A."}], "volume": "8", "custom": None}
    assert [one[0] for one in differences(said, row)] == [
        *("title", None, "volume", None, "authors")
    ]
