"""Records that are packed when they are read give the same people as conformed ones."""

from pathlib import Path

import pandas as pd
import pytest

from linkage.authors.linker import PACKED, AuthorLinker
from linkage.benchmarks.synthetic.libraries import synthetic_library
from linkage.errors import Problem
from linkage.readers.files import read_packed, read_records
from linkage.tables.files import write_table

ODD = [
    {"record_id": "a", "title": "Otters of the Alps", "authors": "Abendroth, Ana; Li, Wei",
     "keywords": "otters; Alps", "references": "b; 10.1000/xyz", "year": 20244},
    {"record_id": "b", "title": None, "authors": None, "keywords": None, "year": 1999},
    {"record_id": "c", "title": "Otters of the Alps, again", "authors": "Li, Wei; A. Abendroth",
     "keywords": "otters", "references": "b", "year": 2001, "doi": "10.1000/xyz"},
]  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two libraries, one of packed and one of plain cells, the second with much to set aside."""
    records, _ = synthetic_library(60, 7, "biomedicine")
    paths = [tmp_path / "library.parquet", tmp_path / "odd.csv"]
    write_table(records, paths[0])
    write_table(pd.DataFrame(ODD), paths[1])
    return paths


@pytest.mark.parametrize("only", [(), ("Li, W*",)])
def test_the_people_are_those_of_conformed_records(files: list[Path], only: tuple[str, ...]):
    told: list[list[Problem]] = [[], []]
    records = read_records(files, set_aside=told[0])
    packed = read_packed(files, PACKED, set_aside=told[1])
    whole = AuthorLinker().link_conformed(records, only=only)
    small = AuthorLinker().link_packed(packed, only=only)
    pd.testing.assert_frame_equal(small.people_as_given(), whole.people_as_given())
    assert small.pairs_table().equals(whole.pairs_table())
    assert told[0] == told[1] != []
    assert small.problems == whole.problems


def test_a_packed_library_has_all_that_linking_reads(files: list[Path]):
    records, packed = read_records(files, set_aside=[]), read_packed(files, PACKED, set_aside=[])
    assert packed.authors.tolist() == records["authors"].tolist()
    for name in PACKED:
        cells = records[name] if name in records else pd.Series([None] * len(records))
        assert packed[name].tolist() == [
            c if isinstance(c, list) or pd.notna(c) else None for c in cells
        ]
