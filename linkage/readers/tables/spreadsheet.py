"""Excel workbooks (`.xlsx`): the first sheet that has a column of titles."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pandas as pd

from linkage.errors import InputError, Problem
from linkage.readers.source import Reader, Source
from linkage.readers.tables.tabular import check_names
from linkage.records.column_names import has_title


def _is_workbook(source: Source) -> bool:
    if not source.data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _read(source: Source, problems: list[Problem]) -> pd.DataFrame:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        expected = "the package openpyxl: pip install 'biblinkage[xlsx]'"
        raise InputError(f"{source.path}: found an Excel workbook, expected {expected}") from error
    try:
        book = load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
        sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    except Exception as error:  # whatever a damaged archive makes the library raise
        found = f"a damaged Excel workbook ({error})"
        raise InputError(f"{source.path}: found {found}, expected a whole one") from error
    for name, rows in sheets.items():
        header = next((i for i, row in enumerate(rows[:20]) if has_title(_texts(row))), None)
        if header is not None:
            others = [other for other in sheets if other != name and sheets[other]]
            problems += [
                Problem(source.name, f"sheet {other}", "another sheet", "one only", kept=True)
                for other in others
            ]
            return _table(rows, header, source)
    raise InputError(f"{source.path}: found no sheet with a title column, expected one")


def _table(rows: list[tuple[Any, ...]], header: int, source: Source) -> pd.DataFrame:
    names = check_names(_texts(rows[header]), source)
    filled = [(n, row) for n, row in enumerate(rows, start=1) if n > header + 1 and any(row)]
    cells = [[*row, *[None] * len(names)][: len(names)] for _, row in filled]
    return pd.DataFrame(cells, columns=names, index=[n for n, _ in filled], dtype=object)


def _texts(row: tuple[Any, ...]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in row]


WORKBOOK = Reader("an Excel workbook", (".xlsx",), _is_workbook, _read, place="row", tabular=True)
