"""CSV, TSV and the like (RFC 4180 quoting, delimiter told from the header), and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from linkage.errors import InputError, Problem
from linkage.readers.columns import has_title
from linkage.readers.source import Reader, Source

_DELIMITERS = ",;\t|"
_MOST_BROKEN = 1000  # each broken quotation means reading on from the next line


def _header(text: str) -> tuple[str, list[str]]:
    """The delimiter and the column names that the first line shows."""
    line = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
    splits = {delimiter: next(csv.reader([line], delimiter=delimiter)) for delimiter in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda d: len(splits[d]))
    return delimiter, splits[delimiter]


def _is_delimited(source: Source) -> bool:
    _, names = _header(source.head)
    return len(names) > 1 and has_title(names)


def _read_delimited(source: Source, problems: list[Problem]) -> pd.DataFrame:
    text = source.text(problems)
    delimiter, _ = _header(text)
    with _long_fields():
        rows = _rows(text.splitlines(keepends=True), delimiter, source, problems)
        header = _names(next(rows, (1, []))[1], source)
        body = [(line, row) for line, row in rows if _fits(row, header, line, source, problems)]
    lines = [line for line, _ in body]
    cells = [row[: len(header)] for _, row in body]
    return pd.DataFrame(cells, columns=header, index=lines, dtype=object)


@contextmanager
def _long_fields() -> Iterator[None]:
    # the abstract or the 5,000 authors of one record exceed the csv module's default limit
    before = csv.field_size_limit(1 << 30)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows(
    lines: list[str], delimiter: str, source: Source, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their first line; a row with broken quotes is set aside."""
    lines[0] = lines[0].lstrip("\ufeff")
    start = broken = 0
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        first = start
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield first + 1, row
                first = start + reader.line_num
            return
        except csv.Error:
            broken += 1
            if broken > _MOST_BROKEN:
                raise InputError(f"{source.path}: over {_MOST_BROKEN} broken quotes") from None
            found = "a quotation mark that is not closed or not doubled"
            problems.append(Problem(source.name, f"line {first + 1}", found, "RFC 4180 quoting"))
            start = first + 1


def _names(row: list[str], source: Source) -> list[str]:
    names = [name.strip() or f"column_{number}" for number, name in enumerate(row, start=1)]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"{source.path}: found the column {twice[0]!r} twice, expected once")
    return names


def _fits(
    row: list[str], header: list[str], line: int, source: Source, problems: list[Problem]
) -> bool:
    if len(row) >= len(header) and not any(row[len(header) :]):
        return True
    found, expected = f"{len(row)} fields", f"{len(header)} as in the header"
    problems.append(Problem(source.name, f"line {line}", found, expected))
    return False


def _read_parquet(source: Source, problems: list[Problem]) -> pd.DataFrame:  # noqa: ARG001
    try:
        table = pq.read_table(io.BytesIO(source.data))
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{source.path}: not a readable Parquet file ({reason})") from error
    _names(table.column_names, source)
    frame: pd.DataFrame = table.to_pandas(integer_object_nulls=True, types_mapper=_kept_in_arrow)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame


def _kept_in_arrow(kind: pa.DataType) -> pd.ArrowDtype | None:
    """Texts take twice the room as objects, lists ten times: `conform` unpacks some at a time."""
    types = pa.types
    roomy = (types.is_string, types.is_large_string, types.is_list, types.is_large_list)
    return pd.ArrowDtype(kind) if any(is_roomy(kind) for is_roomy in roomy) else None


DELIMITED = Reader(
    "CSV or TSV", (".csv", ".tsv", ".tab"), _is_delimited, _read_delimited, tabular=True
)
PARQUET = Reader(
    "Parquet",
    (".parquet", ".pq"),
    lambda source: source.data.startswith(b"PAR1"),
    _read_parquet,
    place="row",
    tabular=True,
)
