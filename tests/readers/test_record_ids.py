"""Ids of several tables noted at once: as record after record."""

from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from linkage.readers.record_ids import RecordIds
from linkage.readers.source import Source
from linkage.readers.tables.parquet import PARQUET

IDS = st.none() | st.sampled_from(["a", "b", "c", "one.parquet:a", "one:2", " a ", "", 7, 7.0])
FILES = st.lists(st.lists(st.lists(IDS, max_size=4), max_size=3), min_size=1, max_size=2)


def one_by_one(files):
    """The ids of each table, and the first id of each file that stood there again."""
    seen, ids, told = {}, [], []
    for stem, tables in zip(("one", "two"), files, strict=False):
        read, again = 0, []
        for table in tables:
            for place, cell in enumerate(table):
                read += 1
                said = None if cell is None else str(cell).removesuffix(".0").strip() or None
                found = said or f"{stem}:{read}"
                if found in seen:
                    new, number = f"{stem}.parquet:{said or read}", 2
                    while new in seen:
                        new, number = f"{stem}.parquet:{said or read}:{number}", number + 1
                    again += [(f"row {place}", found, seen[found], new)] if said else []
                    found = new
                seen[found] = f"row {place} of {stem}.parquet"
                ids.append(found)
        told.append(again)
    return ids, told


@given(FILES)
def test_ids_are_unique_and_told_as_one_by_one(files):
    known, ids, told = RecordIds(), [], []
    for stem, tables in zip(("one", "two"), files, strict=False):
        names = known.of_file(Source(Path(f"{stem}.parquet"), b""), PARQUET)
        for table in tables:
            ids += names.of(pd.DataFrame({"record_id": pd.Series(table, dtype=object)}))
        told += [names.problems()]
    expected, again = one_by_one(files)
    assert ids == expected
    assert len(set(ids)) == len(ids)
    for problems, renamed in zip(told, again, strict=True):
        assert bool(problems) == bool(renamed)
        for problem, (where, found, owner, new) in zip(problems, renamed, strict=False):
            assert problem.where == where
            assert f"{found!r} of {owner} again" in problem.found
            assert repr(new) in problem.expected
