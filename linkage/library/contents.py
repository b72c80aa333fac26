"""Records as a library keeps them: one JSON text each, what is missing left out."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from linkage.records.schema import RECORD_COLUMNS, Conformed

_AS_MISSING: dict[str, Any] = {"ids": {}, "authors_truncated": False}  # what needs no saying
Content = Mapping[str, Any]


def as_contents(records: Conformed) -> list[str]:
    """The JSON text of each record, with all its columns but record_id."""
    names = [str(name) for name in records.columns if name != "record_id"]
    cells = [_plain_cells(records[name]) for name in names]
    return [_text(dict(zip(names, row, strict=True))) for row in zip(*cells, strict=True)]


def read_content(text: str) -> dict[str, Any]:
    """The known fields of a record."""
    halves = "\\ud" in text  # half a character may be there, of which only the slow one reads
    found: dict[str, Any] = json.loads(text) if halves else msgspec.json.decode(text)
    return found


def digest_of(content: str) -> str:
    """A short text that is the same for equal contents, whatever the order of their columns."""
    ordered = json.dumps(read_content(content), sort_keys=True)
    return hashlib.sha256(ordered.encode()).hexdigest()[:24]


def as_records(ids: Sequence[str], contents: Iterable[str]) -> Conformed:
    """Records with these ids, as `conform` gave them; columns that none has are left out."""
    rows = [read_content(text) for text in contents]
    others = dict.fromkeys(name for row in rows for name in row if name not in RECORD_COLUMNS)
    columns: dict[str, Any] = {"record_id": _objects(ids)}
    for name in (*RECORD_COLUMNS[1:], *others):
        columns[name] = _column(name, [row.get(name) for row in rows])
    return Conformed(pd.DataFrame(columns))


def _column(name: str, cells: list[Any]) -> Any:
    if name == "year":
        return pd.array(cells, dtype="Int64")
    if name == "authors_truncated":
        return np.array([bool(cell) for cell in cells], dtype=bool)
    if name == "ids":
        return _objects([{} if cell is None else cell for cell in cells])
    return _objects(cells)


def _objects(cells: Sequence[Any]) -> pd.Series[Any]:
    array = np.fromiter(cells, dtype=object, count=len(cells))  # lists become no matrix
    return pd.Series(array, dtype=object)  # said again, or pandas 3 makes text of it, None NaN


def _plain_cells(column: pd.Series[Any]) -> list[Any]:
    return [None if _is_missing(cell) else cell for cell in column.tolist()]


def _is_missing(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or (
        isinstance(cell, float) and math.isnan(cell)
    )  # fmt: skip


def _text(row: dict[str, Any]) -> str:
    known = {
        name: cell
        for name, cell in row.items()
        if cell is not None and not (name in _AS_MISSING and cell == _AS_MISSING[name])
    }
    text = json.dumps(known, ensure_ascii=False, default=_plain)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character
        return json.dumps(known, default=_plain)
    return text


def _plain(cell: object) -> object:
    """What JSON has no form for: numpy's scalars and arrays; dates and the like as they print."""
    return cell.tolist() if isinstance(cell, np.generic | np.ndarray) else str(cell)
