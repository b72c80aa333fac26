"""CSV, TSV and the like: RFC 4180 quoting, delimiter and line end told from the header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from linkage.errors import InputError, Problem
from linkage.readers.source import HEAD, Reader, Source
from linkage.records.column_names import has_title

_DELIMITERS = ",;\t|"
_MOST_BROKEN = 1000  # each broken quotation means reading on from the next line
_WINDOW = 1000  # lines that a row may have in a file with broken quotations
_LINE_END = re.compile("\r\n|\n|\r")
_LONE_CR = re.compile("\r(?!\n)")
_SEPARATOR = re.compile(r"\"?sep=[,;\t|]\"?[,;\t|]*\r?\n", re.IGNORECASE)
_MOST_BEFORE = 20  # lines before the header
_OTHER_FORMAT = re.compile(r"\s*(@\s*\w+\s*[{(]|TY {0,2}- )")


def _header(text: str) -> tuple[str, list[str]]:
    """The delimiter and the column names that the first line shows."""
    line = next((line for line in _LINE_END.split(text, maxsplit=100) if line.strip()), "")
    with _long_fields():
        splits = {d: next(csv.reader([line], delimiter=d), []) for d in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda d: len(splits[d]))
    return delimiter, splits[delimiter]


def _preamble(text: str) -> int:
    r"""How many characters of a text with \n as line end stand before the header.

    That may be Excel's `sep=;`, or a few lines with fewer fields (a query, a date) where the
    first that names a title column follows.
    """
    start = said.end() if (said := _SEPARATOR.match(text)) else 0
    at, widest = start, 0
    for line in text[start : start + HEAD].split("\n")[:_MOST_BEFORE]:
        names = [name for name in _header(line)[1] if name.strip()]
        if has_title(names) and (at == start or len(names) > max(1, widest)):
            return at
        at, widest = at + len(line) + 1, max(widest, len(names))
    return start


def _is_delimited(source: Source) -> bool:
    head = source.head.lstrip("\ufeff")
    said = _SEPARATOR.match(head)
    _, names = _header(head[said.end() :] if said else head)
    return len(names) > 1 and has_title(names) and not _OTHER_FORMAT.match(head)


def _read_delimited(source: Source, problems: list[Problem]) -> pd.DataFrame:
    text, mark = _with_line_ends(source.text(problems).lstrip("\ufeff"))
    before = _preamble(text)
    delimiter, _ = _header(text[before : before + (1 << 20)])
    n_before = text.count("\n", 0, before)
    if text[:before].strip() and not _SEPARATOR.fullmatch(text[:before]):
        found, expected = "lines before the names of the columns", "these first"
        problems.append(Problem(source.name, f"lines 1-{n_before}", found, expected, kept=True))
    text = "\n" * n_before + text[before:]
    with _long_fields():
        rows = _rows(text, delimiter, source, problems)
        header = check_names(next(rows, (1, []))[1], source)
        problems += _numbers_as_names(header, source)
        body = [(line, row) for line, row in rows if _fits(row, header, line, source, problems)]
    cells = [row[: len(header)] for _, row in body]
    if mark:
        cells = [[cell.replace(mark, "\r") for cell in row] for row in cells]
    return pd.DataFrame(cells, columns=header, index=[line for line, _ in body], dtype=object)


def _with_line_ends(text: str) -> tuple[str, str]:
    r"""The text with \n as the line end of the header, and what stands for a CR that ends no line.

    VT, NEL and U+2028 are part of a cell, and so is a lone CR, unless it ends the header.
    """
    end = _LINE_END.search(text)
    if end and end[0] == "\r":
        return text.replace("\r\n", "\n").replace("\r", "\n"), ""
    if "\r" not in text or not _LONE_CR.search(text):
        return text, ""
    mark = next(char for char in map(chr, range(0xE000, 0xF8FF)) if char not in text)
    return _LONE_CR.sub(mark, text), mark


@contextmanager
def _long_fields() -> Iterator[None]:
    # the abstract or the 5,000 authors of one record exceed the csv module's default limit
    before = csv.field_size_limit(1 << 30)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows(
    text: str, delimiter: str, source: Source, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their first line; a row with broken quotes is set aside."""
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True)
    first = 0
    try:
        for row in reader:
            if reader.line_num > first + 1:
                _note_swallowed(row, delimiter, first + 1, source, problems)
            if any(cell.strip() for cell in row):
                yield first + 1, row
            first = reader.line_num
    except csv.Error:
        lines = list(io.StringIO(text, newline="\n"))
        yield from _rows_among_broken(lines, first, delimiter, source, problems)


def _rows_among_broken(
    lines: list[str], start: int, delimiter: str, source: Source, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Rows from a line on where the quotes of some are broken: each is read in few lines."""
    broken = 0
    while start < len(lines):
        first = start
        reader = csv.reader(lines[start : start + _WINDOW], delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if start + reader.line_num > first + 1:
                    _note_swallowed(row, delimiter, first + 1, source, problems)
                if any(cell.strip() for cell in row):
                    yield first + 1, row
                first = start + reader.line_num
        except csv.Error:
            if first == start:  # else the row may go on in the next window
                broken += 1
                found = "a quotation mark that is not closed or not doubled"
                where = f"line {first + 1}"
                problems.append(Problem(source.name, where, found, "RFC 4180 quoting"))
                first += 1
        if broken > _MOST_BROKEN:
            raise InputError(f"{source.path}: over {_MOST_BROKEN} broken quotes")
        start = first


def _note_swallowed(
    row: list[str], delimiter: str, first: int, source: Source, problems: list[Problem]
) -> None:
    """Tell a quotation over lines each of which would be a row; the first was cut by it."""
    start, *more = delimiter.join(row).rstrip("\n").split("\n")
    if len(row) < 3 or not more or delimiter not in start:  # a line end in the first cell or last
        return
    if all(line.count(delimiter) == len(row) - 1 for line in more):
        where = f"lines {first}-{first + len(more)}"
        found = f"one row, quoted over {len(more) + 1} lines that look like rows"
        problems.append(Problem(source.name, where, found, "a quotation within a row", kept=True))


def _numbers_as_names(header: list[str], source: Source) -> list[Problem]:
    """Tell a header into which the first row ran."""
    number = next((name for name in header if len(name) > 2 and name.isdigit()), None)
    found, expected = f"the number {number} as the name of a column", "names alone"
    return [Problem(source.name, "header", found, expected, kept=True)] if number else []


def check_names(row: list[str], source: Source) -> list[str]:
    """Column names, those that are missing made up; `InputError` where one stands twice."""
    names = [name.strip() or f"column_{number}" for number, name in enumerate(row, start=1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
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


DELIMITED = Reader(
    "CSV or TSV", (".csv", ".tsv", ".tab"), _is_delimited, _read_delimited, tabular=True
)
