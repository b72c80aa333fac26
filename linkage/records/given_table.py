"""The cells of a table as it was given, and the problems met on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.errors import Problem
from linkage.features.columns import Coded
from linkage.records import cells as values
from linkage.records.author_cells import AuthorCell, author_cell, is_packed
from linkage.records.packed_authors import AuthorLists, packed_lists

T = TypeVar("T")

PLACES = ("line", "row", "item")  # an index of that name says where a record stands in its file

_SHOWN = 120  # characters of what was found
_UNPACKED = 10_000  # cells at a time


class GivenTable:
    """The cells of the records at hand, and the problems met on the way."""

    def __init__(self, records: pd.DataFrame, record_ids: list[str]) -> None:
        self.records = records
        self.record_ids = record_ids
        self.problems: list[Problem] = []

    def __len__(self) -> int:
        return len(self.records)

    def cells(self, name: str) -> Iterable[Any]:
        """The cells of a column, None where there is no such column."""
        if name not in self.records.columns:
            return [None] * len(self.records)
        return cells_of(self.records[name])

    def each(self, name: str, read: Callable[[Any], T]) -> list[T]:
        """`read` of each cell."""
        return [read(cell) for cell in self.cells(name)]

    def coded(self, name: str, read: Callable[[Any], str | None]) -> Coded:
        """`read` of the cells of a column, in which the same few may stand over and over."""
        if self.is_packed_text(name):
            return Coded.of_arrow(_arrow(self.records[name])).map(read)
        return Coded.of(values.each_distinct(self.cells(name), read))

    def texts(self, name: str) -> Coded:
        """`text` of the cells of a column."""
        if self.is_packed_text(name):
            return values.packed_texts(_arrow(self.records[name]))
        return self.coded(name, values.text)

    def is_packed_text(self, name: str) -> bool:
        """Whether there is a column of that name that is one of Arrow's texts."""
        kind = self.records[name].dtype if name in self.records.columns else None
        return isinstance(kind, pd.ArrowDtype) and pa.types.is_string(kind.pyarrow_dtype)

    def strange_text(self, name: str, row: int) -> str:
        """The start of a cell that is a text without letters and no empty list; else nothing."""
        cell = self.records[name].iloc[row]
        printed = cell[:_SHOWN].strip() if isinstance(cell, str) else ""
        return "" if printed == "[]" or any(map(str.isalnum, printed)) else printed

    def author_lists(self) -> tuple[AuthorLists, dict[int, AuthorCell]]:
        """The lists of authors, and `author_cell` where it says more than names, by row."""
        if "authors" in self.records.columns and is_packed(self.records["authors"].dtype):
            return packed_lists(_arrow(self.records["authors"]))
        read = self.each("authors", author_cell)
        more = {row: cell for row, cell in enumerate(read) if any(cell[1:])}
        return AuthorLists.of([cell.authors for cell in read]), more

    def is_canonical(self, row: int, authors: list[dict[str, Any]]) -> bool:
        """Whether a cell of authors is what was read of it."""
        given = self.records["authors"].iloc[row]
        return isinstance(given, list) and given == authors

    def ignore(self, row: int, found: str, expected: str) -> None:
        """Note what is not used of a record."""
        source = self.records["source"].iloc[row] if "source" in self.records.columns else None
        index = self.records.index
        where = f"{index.name} {index[row]}" if index.name in PLACES else self.record_ids[row]
        file = values.text(source) or "records"
        found = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
        self.problems.append(Problem(file, where, found, expected, kept=True))

    def column(self, cells: list[Any], name: str) -> pd.Series[Any]:
        """Read cells as a column of the table that is given back."""
        if name in {"year", "authors_truncated"}:
            dtype = "Int64" if name == "year" else "bool"
            return pd.Series(cells, index=self.records.index, dtype=dtype)
        array = np.fromiter(cells, dtype=object, count=len(cells))  # lists become no matrix
        return pd.Series(array, index=self.records.index, dtype=object)


def cells_of(column: pd.Series[Any]) -> Iterable[Any]:
    """The cells of a column; those of Arrow's are unpacked some at a time, not each by itself."""
    return _unpacked(_arrow(column)) if isinstance(column.dtype, pd.ArrowDtype) else column.tolist()


def _unpacked(packed: pa.ChunkedArray) -> Iterator[Any]:
    for start in range(0, len(packed), _UNPACKED):
        yield from packed.slice(start, _UNPACKED).to_pandas().tolist()


def _arrow(column: pd.Series[Any]) -> pa.ChunkedArray:
    return pa.chunked_array(column.array.__arrow_array__())
