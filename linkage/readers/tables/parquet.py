"""Parquet of any column types: texts and author objects stay in Arrow, all else becomes Python.

A large file is read some rows at a time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from linkage.errors import InputError, Problem
from linkage.readers.encodings import decoded, is_utf8
from linkage.readers.packing import readable
from linkage.readers.source import Reader, Source
from linkage.readers.streams import chunks
from linkage.readers.tables.tabular import check_names
from linkage.records.author_cells import is_packed
from linkage.records.cells import text

_MAGIC = b"PAR1"
_UNNAMED_INDEX = re.compile(r"__index_level_\d+__")


_ROWS = 20_000  # of a large file, read at a time
_FEW = 100  # cells that are looked at before all others
_BUFFER = 1 << 20  # bytes of a column read ahead


def _read_parquet(source: Source, problems: list[Problem]) -> pd.DataFrame:
    with _refused(source):
        table = pq.read_table(io.BytesIO(source.data))
    check_names(table.column_names, source)
    return _frame(table, 1, source, problems)


def _batches(source: Source, problems: list[Problem]) -> Iterator[pd.DataFrame]:
    with _refused(source):
        file = pq.ParquetFile(_whole(source), buffer_size=_BUFFER, pre_buffer=False)
    check_names(file.schema_arrow.names, source)
    witness, start = _witness(file, source), 1
    for batch in _each(file, file.schema_arrow.names, source):
        end, told = start + len(batch), list[Problem]()
        rows = pa.concat_tables([pa.Table.from_batches([batch]), witness])
        table = _frame(rows, start, source, told)
        problems += [problem for problem in told if problem.where != f"row {end}"]
        yield table
        start = end


def _whole(source: Source) -> Path | io.BytesIO:
    """What has all bytes of a file: itself, unless it is packed."""
    with readable(source.path), source.path.open("rb") as file:
        plain = file.read(len(_MAGIC)) == _MAGIC
    return source.path if plain else io.BytesIO(b"".join(chunks(source)))


def _witness(file: pq.ParquetFile, source: Source) -> pa.Table:
    """A row in which each column has a cell that says something, if any row of the file has one."""
    schema = file.schema_arrow
    cells = {name: _first_said(file, name, source) for name in schema.names}
    return pa.table(cells, schema)


def _first_said(file: pq.ParquetFile, name: str, source: Source) -> pa.Array:
    """The first cell of a column that says something, as an array of one."""
    kind = file.schema_arrow.field(name).type
    for batch in _each(file, [name], source) if not pa.types.is_null(kind) else ():
        told = _may_say(batch[name])
        if not told.any():
            continue
        start = int(np.argmax(told))
        for given in (batch[name].slice(start, _FEW), batch[name].slice(start + _FEW)):
            cells = pd.Series(_column(pa.chunked_array([given]), name, 1, source, []))
            for row, cell in cells.dropna().items():
                if text(cell):  # nearly always the first
                    return given.slice(row, 1)
    return pa.nulls(1, kind)


def _may_say(cells: pa.Array) -> NDArray[np.bool_]:
    """Which cells are no null and no empty list, a mask."""
    known: NDArray[np.bool_] = cells.is_valid().to_numpy(zero_copy_only=False)
    sizes = _sizes(cells)
    return known if sizes is None else known & (sizes > 0)


def _sizes(cells: pa.Array) -> NDArray[np.int64] | None:
    """How many items each list or map has, none where it is missing; None where they are others."""
    kind = cells.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind)):
        return None
    ends: NDArray[np.int64] = cells.offsets.to_numpy().astype(np.int64)
    return np.where(cells.is_valid().to_numpy(zero_copy_only=False), np.diff(ends), 0)


def _each(file: pq.ParquetFile, names: list[str], source: Source) -> Iterator[pa.RecordBatch]:
    """Some rows after the other, of one group of rows: Arrow can't join all types across them."""
    for group in range(file.num_row_groups):
        batches = file.iter_batches(_ROWS, [group], names)
        while True:
            with _refused(source):
                batch = next(batches, None)
            if batch is None:
                break
            yield batch


@contextmanager
def _refused(source: Source) -> Iterator[None]:
    """What Arrow can't make of a file is told as an `InputError`."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{source.path}: not a readable Parquet file ({reason})") from error


def _frame(table: pa.Table, start: int, source: Source, problems: list[Problem]) -> pd.DataFrame:
    """The rows of a file from the number `start` on."""
    # pandas' own notes would make a named index of columns such as record_id, lost afterwards
    table = table.replace_schema_metadata(None)
    names = [name for name in table.column_names if not _UNNAMED_INDEX.fullmatch(name)]
    index = pd.RangeIndex(start, start + len(table))
    columns = {name: _column(table[name], name, start, source, problems) for name in names}
    return pd.DataFrame({name: pd.Series(c, index=index) for name, c in columns.items()}, index)


def _column(
    column: pa.ChunkedArray, name: str, start: int, source: Source, problems: list[Problem]
) -> Any:
    """The cells of a column from row `start` on, as a pandas array."""
    kind = column.type
    if pa.types.is_string_view(kind) or (
        pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type)
    ):
        column = column.cast(pa.string())
    if not _is_valid(column):  # texts that are not UTF-8, which some writers let through
        column = column.cast(_with_bytes(column.type))
    if _is_roomy(column.type):
        # texts take twice the room as objects, lists ten times: `conform` unpacks some at a time;
        # no cast to the type (as pandas would do), which loses cells of some nested types
        return pd.arrays.ArrowExtensionArray(column)
    if pa.types.is_primitive(column.type) and not pa.types.is_date(column.type):
        return column.to_pandas(integer_object_nulls=True).array
    plain = _PlainCells(name, source, problems)
    cells = _objects(column)
    for row, cell in enumerate(cells):
        if cell is not None and cell != []:  # most identifiers, say
            cells[row] = plain.cell(start + row, cell)
    return pd.Series(cells, dtype=object).array


def _is_valid(column: pa.ChunkedArray) -> bool:
    try:
        column.validate(full=True)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return False
    return True


def _with_bytes(kind: pa.DataType) -> pa.DataType:
    """The type with bytes for texts, at any depth."""
    types = pa.types
    if types.is_string(kind) or types.is_large_string(kind):
        return pa.binary() if types.is_string(kind) else pa.large_binary()
    if types.is_struct(kind):
        return pa.struct([field.with_type(_with_bytes(field.type)) for field in kind.fields])
    if types.is_list(kind) or types.is_large_list(kind):
        inner = kind.value_field.with_type(_with_bytes(kind.value_type))
        return pa.list_(inner) if types.is_list(kind) else pa.large_list(inner)
    return kind


def _is_roomy(kind: pa.DataType) -> bool:
    types = pa.types
    if types.is_list(kind) or types.is_large_list(kind):
        kind = kind.value_type
        if types.is_struct(kind):
            return is_packed(pd.ArrowDtype(pa.list_(kind)))
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _objects(column: pa.ChunkedArray) -> list[Any]:
    return [cell for chunk in column.chunks for cell in _objects_of(chunk)]


def _objects_of(column: pa.Array) -> list[Any]:
    """The cells as objects; of lists and maps only those are unpacked that hold something."""
    sizes = _sizes(column)
    if sizes is None:
        return _unpacked(column)
    cells: list[Any] = [[] if known else None for known in column.is_valid().to_pylist()]
    for row in np.flatnonzero(sizes).tolist():
        cells[row] = _object(column[row])
    return cells


def _unpacked(column: pa.Array) -> list[Any]:
    try:
        cells: list[Any] = column.to_pylist()
    except (pa.ArrowException, ValueError, OverflowError):
        cells = [_object(cell) for cell in column]
    return cells


def _object(cell: pa.Scalar) -> Any:
    try:
        return cell.as_py()
    except (pa.ArrowException, ValueError, OverflowError):  # a date after the year 9999
        if isinstance(cell, pa.ListScalar | pa.LargeListScalar | pa.FixedSizeListScalar):
            return [_object(one) for one in cell.values]
        if isinstance(cell, pa.StructScalar):
            return {name: _object(cell[name]) for name in cell}
        return str(cell.value if pa.types.is_temporal(cell.type) else cell)


class _PlainCells:
    """Makes texts of bytes and numbers of decimals at any depth; bytes not UTF-8 are told."""

    def __init__(self, name: str, source: Source, problems: list[Problem]) -> None:
        self._name = name
        self._source = source
        self._problems = problems

    def cell(self, row: int, value: Any) -> Any:
        if isinstance(value, bytes):
            return self._text(row, value)
        if isinstance(value, Decimal):
            whole = value.is_finite() and value == value.to_integral_value()
            return int(value) if whole else str(value)
        if isinstance(value, dict):
            return {key: self.cell(row, inner) for key, inner in value.items()}
        if isinstance(value, list):
            cells = [self.cell(row, inner) for inner in value]
            return dict(cells) if cells and isinstance(cells[0], tuple) else cells
        if isinstance(value, tuple):  # key and value of a map
            return tuple(self.cell(row, inner) for inner in value)
        return value

    def _text(self, row: int, value: bytes) -> str:
        if is_utf8(value):
            return value.decode("utf-8")
        printed = decoded(value, "cp1252")
        found = f"bytes that are not UTF-8 in the column {self._name!r}, read as {printed[:40]!r}"
        self._problems.append(Problem(self._source.name, f"row {row}", found, "UTF-8", kept=True))
        return printed


PARQUET = Reader(
    "Parquet",
    (".parquet", ".pq"),
    lambda source: source.data.startswith(_MAGIC),
    _read_parquet,
    place="row",
    tabular=True,
    batches=_batches,
)
