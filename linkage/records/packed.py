"""Records that take little room: each distinct value once, as most stand in many records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.features.arrays import objects
from linkage.features.columns import Coded
from linkage.records.packed_authors import AuthorLists

_UNHASHABLE = ("ids", "accession", "keywords", "references")  # dicts and lists


@dataclass(frozen=True)
class PackedRecords:
    """Conformed records as their distinct values: ids, columns by their names, lists of authors.

    All are of one length. Nobody may change a value.
    """

    record_ids: Sequence[str]
    columns: dict[str, Coded]  # but for that of authors
    authors: AuthorLists

    def __len__(self) -> int:
        return len(self.record_ids)

    def __getitem__(self, name: str) -> Coded:
        """A column; one that is not there has no value in any row."""
        if name in self.columns:
            return self.columns[name]
        return Coded(np.full(len(self), -1, dtype=np.int32), objects([]))

    def forget(self) -> None:
        """Let go of all columns and authors, whoever holds the records."""
        self.columns.clear()
        self.authors.people.clear()

    def some(self, rows: NDArray[np.int64]) -> PackedRecords:
        """Only the records `rows`, in their order."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        ids = [self.record_ids[row] for row in rows.tolist()]
        return PackedRecords(ids, columns, self.authors.some(rows))


def packed(records: pd.DataFrame, names: Sequence[str]) -> PackedRecords:
    """The columns of conformed records with these names, as far as they are there."""
    there = [name for name in names if name in records and name != "authors"]
    columns = {name: coded_column(records[name], name) for name in there}
    ids = records["record_id"].tolist() if "record_id" in records else [""] * len(records)
    return PackedRecords(ids, columns, AuthorLists.of(records["authors"].tolist()))


def coded_column(column: pd.Series[Any], name: str) -> Coded:
    """A column of conformed records with each distinct value once."""
    cells = [None if cell is pd.NA else cell for cell in column.tolist()]
    if name not in _UNHASHABLE:
        return Coded.of(cells)
    known = np.array([cell is not None for cell in cells], dtype=bool)
    codes = np.where(known, np.arange(len(cells), dtype=np.int32), np.int32(-1))
    return Coded(codes, objects(cells))


def concat_packed(parts: Sequence[PackedRecords], names: Sequence[str]) -> PackedRecords:
    """The records of all parts, one below the other, with the columns of these names."""
    if len(parts) == 1:
        return parts[0]
    columns = {}
    for name in names:
        cells = [part[name] for part in parts]
        columns[name] = (Coded.stacked if name in _UNHASHABLE else Coded.concat)(cells)
    ids = list(chain.from_iterable(part.record_ids for part in parts))
    return PackedRecords(ids, columns, AuthorLists.concat([part.authors for part in parts]))
