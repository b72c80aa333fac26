"""The one shape every reader returns and every linker takes.

| column | type | missing means |
|---|---|---|
| record_id | str, unique | never missing |
| source | str | file or database the record came from |
| type | str, one of `TYPES` | not said |
| title | str as printed | no title |
| authors | list of dicts, keys from `AUTHOR_FIELDS` | not said; `[]`: said to have none |
| authors_truncated | bool | False; True: the list ends in "et al." |
| year | Int64 | not said |
| date | ISO 8601, as exact as known: `2018-10-20`, `2018-10`, `2018`, `--02-05` | not said |
| venue, volume, number, pages | str as printed | not said |
| doi | str, bare and lower-case: `10.1000/xyz` | not said |
| ids | dict of str: `{"arxiv": "1706.03762", "pmid": "123", "issn": "1234-5678"}` | none known |
| abstract, url | str | not said |
| references | list of str | not said |

A missing value is `None` (or NaN / `pd.NA`, whatever pandas made of it). The kinds of `ids` are
`pmid pmcid arxiv isbn issn`, the registries of clinical trials (`nct isrctn euctr` ...) and
whatever else a source has; several of one kind are joined by `; `. Columns that only some sources
have (editors, keywords, notes ...) are those of `linkage/records/library_columns.py`. Any other
column is carried through untouched.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NewType

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.errors import ColumnWarning, InputError, Problem, report
from linkage.names.parse import MOST_LETTERS
from linkage.records import cells as values
from linkage.records.author_cells import AuthorCell, author_cell, is_packed, packed_cells
from linkage.records.column_names import with_known_columns
from linkage.records.kinds_of_table import Records, as_table
from linkage.records.library_columns import normaliser
from linkage.records.record_types import record_type
from linkage.records.schema_columns import RECORD_COLUMNS as RECORD_COLUMNS
from linkage.running.collector import paused
from linkage.text.dois import cut_dois
from linkage.text.orcids import is_orcid, orcids_in

# Records that `conform` gave. Public functions take any table and conform it; those behind them
# take this, so that no record is conformed twice.
Conformed = NewType("Conformed", pd.DataFrame)

AUTHOR_FIELDS = (
    "name",  # as printed, always there
    "given",
    "family",
    "particle",
    "suffix",
    "homonym",  # dblp's number: "0005"
    "group",  # True for an organisation
    "affiliation",
    "email",
    "orcid",
    "ids",  # dict of the source's own author ids: `{"scopus": "7004212771"}`
)

TYPES = (
    "article",
    "inproceedings",
    "abstract",  # a conference abstract
    "preprint",
    "book",
    "incollection",  # a chapter
    "proceedings",
    "techreport",
    "thesis",
    "dataset",
    "software",
    "misc",
)

PLACES = ("line", "row", "item")  # an index of that name says where a record stands in its file

_SHOWN = 120  # characters of what was found
_UNPACKED = 10_000  # cells at a time
_TEXT_COLUMNS = ("source", "title", "venue", "volume", "number", "pages", "abstract", "url")


@paused()
def conform(records: Records, *, set_aside: list[Problem] | None = None) -> Conformed:
    """Bring any table of records into the canonical shape; a canonical one passes unchanged.

    `records`, a table as `as_table` takes it, needs a `title` column (usual names such as `Authors`
    or `Publication Year` are known, and said in a `ColumnWarning`); `record_id` (else `row:1`,
    `row:2`, …), `authors` (a string, a list of names or a list of objects) and every other
    canonical column are optional. Values
    that can't be used (a year 20244, a null author) become missing and are reported as `Problem`s
    to `set_aside` or, without it, in one warning. Raises `InputError` where the table has no
    title column, a missing or repeated record id, or a column twice. Returns a new table with the
    index of `records`: all of `RECORD_COLUMNS`, then the other columns, those of
    `linkage/records/library_columns.py` normalised and a user's own untouched.
    """
    records = _named(records)
    _check_columns(records)
    table = _Table(records, _record_ids(records))
    types = values.each_distinct(table.cells("type"), record_type)
    columns: dict[str, list[Any]] = {"record_id": table.record_ids, "type": types}
    columns |= {name: table.texts(name) for name in _TEXT_COLUMNS}
    columns |= _authors(table) | _dates(table) | _identifiers(table)
    columns["references"] = table.each("references", _references)
    canonical = {name: table.column(columns[name], name) for name in RECORD_COLUMNS}
    further = columns.pop("urls")
    others = {n: _other(table, n) for n in records.columns if n not in RECORD_COLUMNS}
    if "no_authors" not in others and any(columns["no_authors"]):
        others["no_authors"] = table.column(columns["no_authors"], "no_authors")
    if any(further):
        others["urls"] = table.column(_united(others.get("urls"), further), "urls")
    report(table.problems, set_aside)
    return Conformed(pd.DataFrame(canonical | others, index=records.index))


def _named(records: Records) -> pd.DataFrame:
    """The records with canonical names for `Authors`, `Publication Year`, …; said in a warning."""
    records = as_table(records)
    if not records.columns.is_unique:
        return records  # which is told next
    if set(RECORD_COLUMNS) <= set(records.columns):
        return records
    named, renamed = with_known_columns(records, set())
    if renamed:
        pairs = ", ".join(f"{name!r} as {target!r}" for name, target in renamed.items())
        warnings.warn(f"columns read by their usual names: {pairs}", ColumnWarning, stacklevel=4)
    return named


def _check_columns(records: pd.DataFrame) -> None:
    names = [str(name) for name in records.columns]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InputError(f"the records have the column {twice[0]!r} twice, expected once")
    if "title" not in names:
        raise InputError(f"found no column 'title' among the columns: {', '.join(names) or 'none'}")


def _record_ids(records: pd.DataFrame) -> list[str]:
    if "record_id" not in records.columns:
        return [f"row:{number}" for number in range(1, len(records) + 1)]
    ids = [values.identifier(value) for value in records["record_id"].tolist()]
    if None in ids:
        raise InputError(f"row {ids.index(None) + 1} of the records has no record_id")
    found = [value for value in ids if value is not None]
    twice = [value for value, count in Counter(found).items() if count > 1]
    if twice:
        rows = [str(row) for row, value in enumerate(found, start=1) if value == twice[0]]
        raise InputError(
            f"record_id {twice[0]!r} stands in rows {', '.join(rows[:5])}, expected once"
        )
    return found


class _Table:
    """The cells of the records at hand, and the problems met on the way."""

    def __init__(self, records: pd.DataFrame, record_ids: list[str]) -> None:
        self.records = records
        self.record_ids = record_ids
        self.problems: list[Problem] = []

    def cells(self, name: str) -> Iterable[Any]:
        if name not in self.records.columns:
            return [None] * len(self.records)
        column = self.records[name]
        return _unpacked(column) if isinstance(column.dtype, pd.ArrowDtype) else column.tolist()

    def each(self, name: str, read: Callable[[Any], Any]) -> list[Any]:
        return [read(cell) for cell in self.cells(name)]

    def texts(self, name: str) -> list[str | None]:
        """Texts, of which the same few may stand in a column over and over."""
        if name in self.records.columns and _is_packed_text(self.records[name].dtype):
            return list(values.packed_texts(_slices(self.records[name])))
        return values.each_distinct(self.cells(name), values.text)

    def strange_text(self, name: str, row: int) -> str:
        """The start of a cell that is a text without letters and no empty list; else nothing."""
        cell = self.records[name].iloc[row]
        printed = cell[:_SHOWN].strip() if isinstance(cell, str) else ""
        return "" if printed == "[]" or any(map(str.isalnum, printed)) else printed

    def author_cells(self) -> list[AuthorCell]:
        if "authors" in self.records.columns and is_packed(self.records["authors"].dtype):
            return list(packed_cells(_slices(self.records["authors"])))
        return self.each("authors", author_cell)

    def is_canonical(self, row: int, cell: AuthorCell) -> bool:
        """Whether a cell of authors is what was read of it."""
        given = self.records["authors"].iloc[row]
        return isinstance(given, list) and given == cell.authors

    def ignore(self, row: int, found: str, expected: str) -> None:
        source = self.records["source"].iloc[row] if "source" in self.records.columns else None
        index = self.records.index
        where = f"{index.name} {index[row]}" if index.name in PLACES else self.record_ids[row]
        file = values.text(source) or "records"
        found = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
        self.problems.append(Problem(file, where, found, expected, kept=True))

    def column(self, cells: list[Any], name: str) -> pd.Series[Any]:
        if name in {"year", "authors_truncated"}:
            dtype = "Int64" if name == "year" else "bool"
            return pd.Series(cells, index=self.records.index, dtype=dtype)
        array = np.fromiter(cells, dtype=object, count=len(cells))  # lists become no matrix
        return pd.Series(array, index=self.records.index, dtype=object)


def _unpacked(column: pd.Series[Any]) -> Iterator[Any]:
    for some in _slices(column):
        yield from some.to_pandas().tolist()


def _is_packed_text(dtype: object) -> bool:
    return isinstance(dtype, pd.ArrowDtype) and pa.types.is_string(dtype.pyarrow_dtype)


def _slices(column: pd.Series[Any]) -> Iterator[pa.ChunkedArray]:
    packed = pa.chunked_array(column.array.__arrow_array__())
    return (packed.slice(start, _UNPACKED) for start in range(0, len(packed), _UNPACKED))


def _authors(table: _Table) -> dict[str, list[Any]]:
    read = table.author_cells()
    said = table.each("authors_truncated", values.flag)
    for row, cell in enumerate(read):
        if cell.nulls:
            table.ignore(row, f"{cell.nulls} null among the authors", "names")
        elif cell.authors == [] and (printed := table.strange_text("authors", row)):
            table.ignore(row, f"no name in the authors {printed!r}", "names")
        long = [author for author in cell.authors or () if len(author["name"]) > MOST_LETTERS]
        longest = max(map(_letters, long), default=0)
        if longest and not table.is_canonical(row, cell):  # those were told when they became so
            expected = f"{MOST_LETTERS} letters at most; no more of them are compared"
            table.ignore(row, f"a part of a name of {longest:,} letters", expected)
        if any("orcid" in author for author in cell.authors or ()):
            read[row] = cell._replace(authors=_with_right_orcids(table, row, cell.authors or []))
    return {
        "authors": [cell.authors for cell in read],
        "authors_truncated": [
            cell.truncated or flag for cell, flag in zip(read, said, strict=True)
        ],
        "no_authors": [values.tidy("; ".join(cell.nobody)) or None for cell in read],
    }


def _with_right_orcids(
    table: _Table, row: int, authors: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The authors of a record, each with one right ORCID or none; all others are told."""
    found = []
    for author in authors:
        if "orcid" in author:
            printed = author["orcid"]
            right, wrong = _right_and_wrong(printed)
            if wrong:
                expected = "one ORCID such as 0000-0002-1825-0097 with a right check digit"
                table.ignore(row, f"the ORCID {printed!r} of {author['name']!r}", expected)
            if right != printed:
                author = {key: value for key, value in author.items() if key != "orcid"}
                author |= {"orcid": right} if right else {}
        found.append(author)
    return found


@lru_cache(maxsize=1 << 15)
def _right_and_wrong(printed: str) -> tuple[str | None, bool]:
    """The first right ORCID of a text, and whether it says anything else, or nothing."""
    orcids = orcids_in(printed)
    right = [orcid for orcid in orcids if is_orcid(orcid)]
    return (right[0] if right else None), len(right) != 1 or len(orcids) != 1


def _letters(author: dict[str, Any]) -> int:
    """How many letters a part of a long name has, 0 if they are no more than are compared.

    Of a person's: an organisation is called by all its letters.
    """
    if author.get("group"):
        return 0
    longest = max(len(author.get("family", "")), len(author.get("given", "")))
    return longest if longest > MOST_LETTERS else 0


def _dates(table: _Table) -> dict[str, list[Any]]:
    years: list[int | None] = []
    dates: list[str | None] = []
    for row, raw in enumerate(zip(table.cells("year"), table.cells("date"), strict=True)):
        year, date = _year_and_date(*raw) if all(map(_is_plain, raw)) else _read_year_and_date(*raw)
        dates.append(date)
        years.append(year)
        if date is None:
            _note_absurd(table, row, values.text(raw[0]) or values.text(raw[1]))
    return {"year": years, "date": dates}


def _read_year_and_date(year: Any, date: Any) -> tuple[int | None, str | None]:
    return (
        values.year(year) or values.year(date),
        values.date(date) or values.date(year),
    )


_year_and_date = lru_cache(maxsize=1 << 16)(_read_year_and_date)


def _is_plain(cell: Any) -> bool:
    """Whether equal cells say the same."""
    return cell is None or type(cell) in (str, int, float)


def _note_absurd(table: _Table, row: int, printed: str | None) -> None:
    if printed and not values.UNDATED.fullmatch(printed):
        table.ignore(row, f"the year {printed!r}", "a year from 1000 to two years ahead")


def _identifiers(table: _Table) -> dict[str, list[Any]]:
    dois: list[str | None] = []
    found: list[dict[str, str]] = []
    further: list[list[str]] = []
    rows = zip(table.cells("doi"), table.cells("url"), table.each("ids", values.ids), strict=True)
    for row, (raw, url, ids) in enumerate(rows):
        link = values.text(url) or ""
        printed = values.text(raw)
        read, *more = _dois(printed) if printed else [None]
        if printed and not read:
            table.ignore(row, f"the DOI {printed!r}", "one such as 10.1000/xyz")
        if more:
            table.ignore(row, f"{1 + len(more)} DOIs in {printed!r}", "one")
        further.append([f"https://doi.org/{one}" for one in more])
        doi = read or ids.pop("doi", None) or ("doi.org/" in link and values.doi(link)) or None
        dois.append(doi)
        found.append(values.linked_ids(doi, link) | ids)
    return {"doi": dois, "ids": found, "urls": further}


def _dois(printed: str) -> list[str | None]:
    """The different DOIs of a cell; None where there is none."""
    return list(dict.fromkeys(map(values.doi, cut_dois(printed))))


def _united(urls: Iterable[list[str] | None] | None, further: list[list[str]]) -> list[Any]:
    """Addresses, and those of the DOIs beside a record's own behind them."""
    known = urls if urls is not None else [None] * len(further)
    return [
        list(dict.fromkeys([*(some or []), *more])) or None
        for some, more in zip(known, further, strict=True)
    ]


def _other(table: _Table, name: str) -> pd.Series[Any]:
    """A column that only some sources have in its form; a user's own as it is."""
    read = normaliser(name)
    if read is None:
        return table.records[name]
    cells = table.each(name, read)
    for row, raw in enumerate(table.cells(name)):
        if cells[row] is None and isinstance(raw, dict) and raw:
            table.ignore(row, f"the {name} {raw!r}", "what linkage/records/library_columns.py says")
    return table.column(cells, name)


def _references(cell: Any) -> list[str] | None:
    if cell is None:
        return None
    cell = values.from_json(cell)
    if isinstance(cell, list | tuple | np.ndarray):
        listed = list(cell)
    elif (printed := values.text(cell)) is None:
        return None
    else:
        listed = printed.split("; ")
    return [reference for reference in map(values.text, listed) if reference]
