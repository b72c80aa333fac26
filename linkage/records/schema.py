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
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, NewType

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from linkage.errors import ColumnWarning, InputError, Problem, report
from linkage.features.arrays import objects
from linkage.features.columns import Coded
from linkage.names.parse import MOST_LETTERS
from linkage.records import cells as values
from linkage.records.column_names import with_known_columns
from linkage.records.given_table import GivenTable
from linkage.records.kinds_of_table import Records, as_table
from linkage.records.library_columns import normaliser
from linkage.records.packed import PackedRecords, coded_column
from linkage.records.packed_authors import AuthorLists
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

_PLAIN = {type(None), str, int, float}
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
    table = _given(records)
    columns = _columns(table)
    columns["references"] = table.each("references", _references)
    canonical = {name: table.column(_cells(columns[name]), name) for name in RECORD_COLUMNS}
    others = {n: _other(table, n) for n in table.records.columns if n not in RECORD_COLUMNS}
    if "no_authors" not in others and any(columns["no_authors"]):
        others["no_authors"] = table.column(columns["no_authors"], "no_authors")
    further = columns["urls"].tolist()
    if any(further):
        others["urls"] = table.column(_united(others.get("urls"), further), "urls")
    report(table.problems, set_aside)
    return Conformed(pd.DataFrame(canonical | others, index=table.records.index))


@paused()
def conform_packed(
    records: Records, names: Sequence[str], *, set_aside: list[Problem] | None = None
) -> PackedRecords:
    """The same, but only the columns of these names, and without unpacking them."""
    table = _given(records)
    columns = _columns(table)
    for name in table.records.columns:
        if name not in RECORD_COLUMNS and name in names:
            columns[name] = coded_column(_other(table, name), name)
        elif name not in RECORD_COLUMNS and not _is_arrow(table.records[name]):
            _other(table, name)  # for what it sets aside
    report(table.problems, set_aside)
    if "references" in names:
        read = table.each("references", _references)
        columns["references"] = coded_column(table.column(read, "references"), "references")
    there = {name: columns[name] for name in names if name in columns and name != "authors"}
    return PackedRecords(table.record_ids, there, columns["authors"])


def _given(records: Records) -> GivenTable:
    named = _named(records)
    _check_columns(named)
    return GivenTable(named, _record_ids(named))


def _columns(table: GivenTable) -> dict[str, Any]:
    """The canonical columns but for references, and the DOIs beside the first: `urls`."""
    columns: dict[str, Any] = {"record_id": table.record_ids}
    columns["type"] = table.coded("type", record_type)
    columns |= {name: table.texts(name) for name in _TEXT_COLUMNS}
    return columns | _authors(table) | _dates(table) | _identifiers(table, columns["url"])


def _cells(column: Any) -> list[Any]:
    """The cells of a column; dicts and lists may be changed, and none is in two cells."""
    cells: list[Any] = column if isinstance(column, list) else column.tolist()
    return [*map(dict.copy, cells)] if cells and isinstance(cells[0], dict) else cells


def _is_arrow(column: pd.Series[Any]) -> bool:
    return isinstance(column.dtype, pd.ArrowDtype)


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
    if len(set(found)) < len(found):
        twice = [value for value, count in Counter(found).items() if count > 1]
        rows = [str(row) for row, value in enumerate(found, start=1) if value == twice[0]]
        raise InputError(
            f"record_id {twice[0]!r} stands in rows {', '.join(rows[:5])}, expected once"
        )
    return found


def _authors(table: GivenTable) -> dict[str, Any]:
    lists, read = table.author_lists()
    said = table.each("authors_truncated", values.flag)
    long = pc.utf8_length(lists.people.names()).to_numpy() > MOST_LETTERS
    empty = np.flatnonzero(lists.known & (np.diff(lists.ends) == 0))
    nobody: list[str | None] = [None] * len(said)
    for row, cell in read.items():
        said[row] = cell.truncated or said[row]
        nobody[row] = values.tidy("; ".join(cell.nobody)) or None
    for row in sorted({*read, *empty.tolist(), *lists.rows_with(long).tolist()}):
        _note_strange_authors(table, row, lists.cell(row), read[row].nulls if row in read else 0)
    lists = lists.with_lists(_with_orcids(table, lists))
    return {"authors": lists, "authors_truncated": Coded.of(said), "no_authors": nobody}


def _note_strange_authors(
    table: GivenTable, row: int, authors: list[dict[str, Any]] | None, nulls: int
) -> None:
    if nulls:
        table.ignore(row, f"{nulls} null among the authors", "names")
    elif authors == [] and (printed := table.strange_text("authors", row)):
        table.ignore(row, f"no name in the authors {printed!r}", "names")
    long = [author for author in authors or () if len(author["name"]) > MOST_LETTERS]
    longest = max(map(_letters, long), default=0)
    if longest and not table.is_canonical(row, authors or []):  # told when they became so
        expected = f"{MOST_LETTERS} letters at most; no more of them are compared"
        table.ignore(row, f"a part of a name of {longest:,} letters", expected)


def _with_orcids(table: GivenTable, lists: AuthorLists) -> dict[int, list[dict[str, Any]] | None]:
    """The lists, by row, in which an ORCID is not as it should be, with what is made of it."""
    rows = lists.rows_with(lists.people.those(_has_strange_orcid)).tolist()
    return {row: _with_one_orcid(table, row, lists.cell(row) or []) for row in rows}


def _has_strange_orcid(author: dict[str, Any]) -> bool:
    orcid = author.get("orcid")
    return orcid is not None and _orcid_of(orcid) != (orcid, True)


def _with_one_orcid(
    table: GivenTable, row: int, authors: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The authors of a record, each with one ORCID or none; what else was there is told."""
    told = table.is_canonical(row, authors)  # when they became so
    found = []
    for author in authors:
        if "orcid" in author:
            printed = author["orcid"]
            orcid, right = _orcid_of(printed)
            if not right and not told:
                fate = f"taken for {orcid}" if orcid else "not heeded"
                expected = f"one such as 0000-0002-1825-0097 with a right check digit ({fate})"
                table.ignore(row, f"the ORCID {printed!r} of {author['name']!r}", expected)
            if orcid != printed:
                author = {key: value for key, value in author.items() if key != "orcid"}
                author |= {"orcid": orcid} if orcid else {}
        found.append(author)
    return found


@lru_cache(maxsize=1 << 15)
def _orcid_of(printed: str) -> tuple[str | None, bool]:
    """The first ORCID of a text, a right one before others, and whether that says it all.

    One with a wrong check digit counts as it stands: a source that has it twice has it of one
    person. All noughts stand for none.
    """
    orcids = [orcid for orcid in orcids_in(printed) if orcid.strip("0-")]
    best = next(filter(is_orcid, orcids), orcids[0] if orcids else None)
    return best, best is not None and is_orcid(best) and len(orcids) == 1


def _letters(author: dict[str, Any]) -> int:
    """How many letters a part of a long name has, 0 if they are no more than are compared.

    Of a person's: an organisation is called by all its letters.
    """
    if author.get("group"):
        return 0
    longest = max(len(author.get("family", "")), len(author.get("given", "")))
    return longest if longest > MOST_LETTERS else 0


def _dates(table: GivenTable) -> dict[str, Any]:
    raw = [*zip(table.cells("year"), table.cells("date"), strict=True)]
    if {type(cell) for row in raw for cell in row} <= _PLAIN:  # equal cells say the same
        both = Coded.of(raw)
    else:
        both = Coded(np.arange(len(raw), dtype=np.int32), objects(raw))
    read = [_read_year_and_date(*cells) for cells in both.values]
    dates = objects([date for _, date in read])[both.codes].tolist()
    for row in [row for row, date in enumerate(dates) if date is None]:
        _note_absurd(table, row, values.text(raw[row][0]) or values.text(raw[row][1]))
    return {"year": both.replaced(Coded.of(year for year, _ in read)), "date": dates}


def _read_year_and_date(year: Any, date: Any) -> tuple[int | None, str | None]:
    return (
        values.year(year) or values.year(date),
        values.date(date) or values.date(year),
    )


def _note_absurd(table: GivenTable, row: int, printed: str | None) -> None:
    if printed and not values.UNDATED.fullmatch(printed):
        table.ignore(row, f"the year {printed!r}", "a year from 1000 to two years ahead")


class _Found(NamedTuple):
    """What the DOI, address and identifiers of a record say; `strange`: what was found of DOIs."""

    doi: str | None
    ids: dict[str, str]
    urls: tuple[str, ...]
    strange: tuple[tuple[str, str], ...]


def _identifiers(table: GivenTable, urls: Coded) -> dict[str, Coded]:
    both = Coded.joint([table.texts("doi"), urls])
    given = table.each("ids", values.ids)
    printed: Any = both.values
    found = [_found_ids(doi, url, {}) for doi, url in printed]
    codes = both.codes
    for row in [row for row, ids in enumerate(given) if ids]:
        doi, url = both[row]
        codes[row] = len(found)
        found.append(_found_ids(doi, url, given[row]))
    strange = np.array([bool(one.strange) for one in found], dtype=bool)
    for row in np.flatnonzero(strange[codes]).tolist() if strange.any() else ():
        for told in found[codes[row]].strange:
            table.ignore(row, *told)
    read = Coded(codes, objects(found))
    return {
        "doi": read.map(lambda one: one.doi),
        "ids": Coded(codes, objects([one.ids for one in found])),
        "urls": Coded(codes, objects([list(one.urls) for one in found])),
    }


def _found_ids(printed: str | None, url: str | None, ids: dict[str, str]) -> _Found:
    if printed and url is None and not ids and values.is_plain_doi(printed):  # nearly always
        return _Found(printed, {}, (), ())
    link, strange = url or "", list[tuple[str, str]]()
    read, *more = _dois(printed) if printed else [None]
    if printed and not read:
        strange.append((f"the DOI {printed!r}", "one such as 10.1000/xyz"))
    if more:
        strange.append((f"{1 + len(more)} DOIs in {printed!r}", "one"))
    doi = read or ids.pop("doi", None) or ("doi.org/" in link and values.doi(link)) or None
    urls = tuple(f"https://doi.org/{one}" for one in more)
    return _Found(doi, values.linked_ids(doi, link) | ids, urls, tuple(strange))


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


def _other(table: GivenTable, name: str) -> pd.Series[Any]:
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
