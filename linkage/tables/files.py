"""Write result tables whole or not at all, and read them back; the suffix says the format."""

from __future__ import annotations

import codecs
import csv
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api.types import is_numeric_dtype

from linkage.errors import InputError
from linkage.records.cells import identifier, is_missing, text
from linkage.running.leftovers import temporary_name

_PathLike = str | os.PathLike[str]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LINE_END = re.compile("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# pandas 3.1 reads floats exactly, and warns of the word
_EXACT_FLOATS: dict[str, Any] = (
    {"float_precision": "round_trip"} if pd.__version__.startswith(("2.", "3.0")) else {}
)
_UNREADABLE = (
    OSError, ValueError, RecursionError, OverflowError, csv.Error, pa.ArrowException
)  # fmt: skip


def write_table(frame: pd.DataFrame, path: _PathLike, *, spreadsheet: bool = False) -> None:
    """Write a table as `.csv`, `.tsv`, `.parquet` or `.jsonl`, without its index.

    The file appears under its name only when it is complete; after a failure or an interrupt
    nothing is left behind and an older file of that name is untouched. In CSV and TSV a missing
    value is empty and a list or dict is JSON. With `spreadsheet` a byte-order mark comes first, by
    which spreadsheet programs know UTF-8, and a text that they would run as a formula (it begins
    with =, +, -, @, a tab or CR) gets an apostrophe in front, which `read_table` takes off ids
    again. Raises `InputError` for another suffix and for a
    folder that is missing or can't be written to.

    Examples
    --------
    >>> linkage.write_table(papers.reset_index(), "papers.parquet")
    >>> linkage.read_table("papers.parquet")["cluster_id"].tolist()
    ['a1', 'a1', 'a2', 'a3']
    """
    check_output(path)
    if spreadsheet and Path(path).suffix.lower() in (".csv", ".tsv"):
        frame = frame.apply(_without_formulas)
    with whole_file(path) as stream:
        if spreadsheet and Path(path).suffix.lower() in (".csv", ".tsv"):
            stream.write(codecs.BOM_UTF8)
        _format(Path(path), _WRITERS)(frame, stream)


def check_output(path: _PathLike) -> None:
    """Raise `InputError` if `write_table` has no format or no folder for this path."""
    _format(Path(path), _WRITERS)
    check_file(Path(path))


@contextmanager
def whole_file(path: _PathLike) -> Iterator[IO[bytes]]:
    """Open a binary stream to a file that appears under its name only when all is written.

    After a failure or an interrupt nothing is left behind and an older file of that name is
    untouched. Raises `InputError` for a folder that is missing or can't be written to.
    """
    path = Path(path)
    check_file(path)
    # opened by hand, not by tempfile: the result gets the permissions of any new file
    temporary = path.with_name(temporary_name())
    try:
        with temporary.open("xb") as stream:
            yield stream
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path}: can't be written ({error.strerror or error})") from error
    except UnicodeEncodeError as error:
        found = f"found a text with {error.object[error.start]!a}, half a character"
        raise InputError(f"{path}: {found}, expected Unicode") from error
    finally:
        temporary.unlink(missing_ok=True)


def check_file(path: Path) -> None:
    """Raise `InputError` if no file can be written at this path."""
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist")
    if path.is_dir():
        raise InputError(f"{path}: is a folder, expected the name of a file to write")
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: is a device or pipe, expected the name of a file to write")
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError(f"{path}: is write-protected, expected a file that may be overwritten")


def read_table(path: _PathLike) -> pd.DataFrame:
    """Read a table of clusters, mentions, pairs or labels from the formats of `write_table`.

    Columns named `id` or `…_id` hold str (None where empty), the others what the format says or,
    in CSV and TSV, what they look like. Raises `InputError` for a file that is missing, empty,
    damaged or of another format.

    Examples
    --------
    >>> linkage.write_table(papers.reset_index(), "papers.csv")
    >>> linkage.read_table("papers.csv").to_dict("records")[0]
    {'record_id': 'a1', 'cluster_id': 'a1'}
    """
    path = Path(path)
    read = _format(path, _READERS)
    try:
        table: pd.DataFrame = read(path)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except _UNREADABLE as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "empty"
        raise InputError(f"{path}: not a readable {path.suffix} file ({reason})") from error
    for name in filter(_is_id, table.columns):
        ids = [identifier(cell) for cell in table[name]]
        if path.suffix.lower() in (".csv", ".tsv"):
            ids = [identifier(one[1:]) if one and _is_safe_formula(one) else one for one in ids]
        table[name] = pd.Series(ids, index=table.index, dtype=object)
    return table


def _format(path: Path, known: dict[str, Any]) -> Any:
    if path.suffix.lower() not in known:
        found = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
        raise InputError(f"{path}: found {found}, expected one of {', '.join(known)}")
    return known[path.suffix.lower()]


def _is_id(name: object) -> bool:
    return str(name) == "id" or str(name).endswith("_id")


def _write_delimited(frame: pd.DataFrame, stream: IO[bytes], delimiter: str) -> None:
    flat = frame.assign(**{name: _flat(frame[name]) for name in _nested(frame)})
    # a line end of some program in a cell: the cell must be quoted, and pandas would not do it
    quoting: Literal[0, 1] = (
        csv.QUOTE_ALL if _any_text(flat, _LINE_END.search) else csv.QUOTE_MINIMAL
    )
    flat.to_csv(
        stream,
        sep=delimiter,
        index=False,
        quoting=quoting,
        lineterminator="\n",
        encoding="utf-8",
        errors="backslashreplace",
    )


def _any_text(frame: pd.DataFrame, holds: Callable[[str], Any]) -> bool:
    columns = [column for _, column in frame.items() if not is_numeric_dtype(column.dtype)]
    different = ({cell for cell in column.tolist() if type(cell) is str} for column in columns)
    texts = chain(frame.columns, chain.from_iterable(different))
    return any(holds(cell) for cell in texts if type(cell) is str and not cell.isalnum())


def _without_formulas(column: pd.Series[Any]) -> pd.Series[Any]:
    cells = column.tolist()
    if not any(map(_is_formula, cells)):
        return column  # as it is: to map it would make floats of 1, 0 and None
    safe = [f"'{cell}" if _is_formula(cell) else cell for cell in cells]
    return pd.Series(safe, index=column.index, dtype=object)


def _is_formula(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith(_FORMULA)


def _is_safe_formula(cell: str) -> bool:
    return cell.startswith("'") and _is_formula(cell[1:])


def _nested(frame: pd.DataFrame) -> list[str]:
    kinds = (list, dict, tuple, np.ndarray)
    return [n for n in frame.columns if any(isinstance(cell, kinds) for cell in frame[n].tolist())]


def _flat(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column with lists or dicts in it as texts; what is a text stays as it is."""
    cells = [
        None if _is_null(cell) else cell if isinstance(cell, str) else _json(cell)
        for cell in column.tolist()
    ]
    return pd.Series(cells, index=column.index, dtype=object)


def _is_null(cell: object) -> bool:
    return not isinstance(cell, list | dict) and is_missing(cell)


def _json(cell: object) -> str:
    return json.dumps(cell, ensure_ascii=False, default=_plain)


def _plain(cell: object) -> object:
    """What json can't write: numpy's scalars and arrays, pandas' missing value, dates."""
    if isinstance(cell, np.generic | np.ndarray):
        return cell.tolist()
    return None if is_missing(cell) else str(cell)


def _write_jsonl(frame: pd.DataFrame, stream: IO[bytes]) -> None:
    names = [str(name) for name in frame.columns]
    columns = [[None if _is_null(c) else c for c in frame[n].tolist()] for n in frame.columns]
    for cells in zip(*columns, strict=True):
        line = _json(dict(zip(names, cells, strict=True))) + "\n"
        stream.write(line.encode("utf-8", "backslashreplace"))  # which JSON reads again


def _write_parquet(frame: pd.DataFrame, stream: IO[bytes]) -> None:
    columns = {str(name): _arrow(frame[name]) for name in frame.columns}
    pq.write_table(pa.table(columns), stream)


def _arrow(column: pd.Series[Any]) -> pa.Array:
    cells = column.tolist()
    if any(isinstance(cell, dict) for cell in cells):
        # a map: the cells have different keys, and a struct can't be empty
        pairs = [list(cell.items()) if isinstance(cell, dict) else None for cell in cells]
        return pa.array(pairs, type=pa.map_(pa.string(), pa.string()))
    try:
        return pa.array(column, from_pandas=True)
    except (pa.ArrowException, UnicodeEncodeError, OverflowError):
        # cells of several types, or half a surrogate pair
        return pa.array([_arrow_text(cell) for cell in cells])


def _arrow_text(cell: object) -> str | None:
    if isinstance(cell, list):
        return _json(cell)
    return None if _is_null(cell) else text(cell)


def _read_delimited(path: Path, delimiter: str) -> pd.DataFrame:
    header = _header(path, delimiter)
    others = {name: [""] for name in header if not _is_id(name)}
    ids = {name: str for name in header if _is_id(name)}
    table: pd.DataFrame = pd.read_csv(
        path,
        sep=delimiter,
        encoding="utf-8-sig",
        index_col=False,
        dtype=ids,
        keep_default_na=False,  # an id or a name may well be "NA"
        na_values=others,
        **_EXACT_FLOATS,
    )
    return table


def _header(path: Path, delimiter: str) -> list[str]:
    """The names of the columns.

    Raises `ValueError` where one is there twice, or a row has not as many cells: pandas would
    move the cells of such rows to other columns, or take those that are not there for empty.
    """
    limit = csv.field_size_limit(1 << 30)  # a cell may hold a long list
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines, delimiter=delimiter, strict=True)
            header = next(filter(None, rows), [])
            _check_widths(rows, header)
    finally:
        csv.field_size_limit(limit)
    return header


def _check_widths(rows: Any, header: list[str]) -> None:
    twice = [name for name, n in Counter(header).items() if n > 1]
    if twice:
        raise ValueError(f"found the column {twice[0]!r} twice, expected once")
    for row in rows:
        if row and len(row) != len(header):
            expected = f"expected {len(header)} as in the header"
            raise ValueError(f"line {rows.line_num}: found {len(row)} cells, {expected}")


def _read_jsonl(path: Path) -> pd.DataFrame:
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    rows = [json.loads(line) for line in lines if line.strip()]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError("expected one JSON object a line")
    table = pd.DataFrame(rows, dtype=object)
    return table.assign(**{name: _inferred(table[name]) for name in table.columns})


def _inferred(column: pd.Series[Any]) -> pd.Series[Any]:
    """The column with the type of its numbers; texts as they are, half a character included."""
    cells = column.tolist()
    if any(isinstance(cell, str) for cell in cells):
        return column
    return pd.Series(cells, index=column.index)


_WRITERS: dict[str, Callable[[pd.DataFrame, IO[bytes]], None]] = {
    ".csv": lambda frame, stream: _write_delimited(frame, stream, ","),
    ".tsv": lambda frame, stream: _write_delimited(frame, stream, "\t"),
    ".parquet": _write_parquet,
    ".jsonl": _write_jsonl,
}
_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": lambda path: _read_delimited(path, ","),
    ".tsv": lambda path: _read_delimited(path, "\t"),
    ".parquet": lambda path: pq.read_table(path).to_pandas(),
    ".jsonl": _read_jsonl,
}
TABLE_SUFFIXES = tuple(_WRITERS)
