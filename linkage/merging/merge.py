"""Golden records: of the records of one paper one that knows all that they know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from linkage.errors import InputError
from linkage.merging.rules import Row, is_known, merged_fields
from linkage.records.cells import from_json, linked_ids
from linkage.records.order import content_texts
from linkage.records.schema import conform

MERGED_FROM = "merged_from"
CONFLICT_COLUMNS = ("record_id", "field", "merged_from", "value", "kept")

_YEARS_APART = 2
_ONE_ONLY = ("arxiv", "pmid", "pmcid")


def merge_records(records: pd.DataFrame, clusters: pd.Series[Any]) -> pd.DataFrame:
    """One record for each cluster, in the schema of `records` and the column `merged_from`.

    `records` is any table that `linkage.records.schema.conform` takes, `clusters` a Series from
    record_id to cluster id, as `link_papers` returns. `merged_from` is the list of the ids of the
    records that a row stands for; a record that is alone in its cluster passes unchanged. Rows
    stand in the order in which the clusters first appear, and their content depends on no order of
    rows.

    - `record_id`: that of the fullest record, rather one that its file gives than a running number
    - `type`: the most common one; a preprint yields to what was published
    - `title`: the most common wording that lacks no subtitle or end, not in capitals
    - `authors`: the longest list, with every name as full as a record has it
    - `year`: the most common one, of several the last; `date`: the most exact one of that year
    - `volume`, `number`, `pages`: of one record, its gaps filled by those that don't contradict it
    - `venue`: the fullest name among these
    - `doi`: the most common one; `ids`: all; `abstract`, `references`: the longest
    - any other column: the fullest record that says something

    Records of another type than the chosen one are asked for year, place and DOI only where no
    record of this type knows them, and preprints never for the place and DOI of what was
    published. Raises `InputError` where a record has no cluster or a clustered id no record.
    """
    table = conform(records)
    groups: dict[Any, list[int]] = {}
    for row, label in enumerate(_labels(table, clusters)):
        groups.setdefault(label, []).append(row)
    history = _histories(table)
    rows = _rows(table)
    contents = dict(zip(table["record_id"], content_texts(table), strict=True))
    merged: dict[int, Row] = {}
    origins: list[list[str]] = []
    for at, group in enumerate(groups.values()):
        ids = dict.fromkeys(one for row in group for one in history[row])
        if len(group) > 1:
            merged[at] = merged_fields([rows[row] for row in group], contents.__getitem__)
            own = merged[at]["record_id"]
            ids = dict.fromkeys([own, *sorted(ids)])
        origins.append(list(ids))
    single = table.iloc[[group[0] for group in groups.values()]].drop(
        columns=MERGED_FROM, errors="ignore"
    )
    columns = {name: _column(single, name, merged) for name in single.columns}
    return pd.DataFrame(columns | {MERGED_FROM: pd.Series(origins, dtype=object)})


def merge_conflicts(records: pd.DataFrame, merged: pd.DataFrame) -> pd.DataFrame:
    """What the merged records can't all have right, one row for each value of a record.

    Told are DOIs, arXiv, PubMed and PubMed Central ids of which one was kept, and years two or
    more apart. `records` are those that were merged. Columns: `record_id` (of the merged record),
    `field`, `merged_from` (the record with the value), `value` (text), `kept` (bool). A DOI that
    spells out an arXiv id is none: the id is kept.
    """
    table = conform(records)
    rows = {row["record_id"]: row for row in _rows(table)}
    found: list[tuple[Any, ...]] = []
    for golden in _rows(merged[merged[MERGED_FROM].map(len) > 1]):
        members = {one: rows[one] for one in golden[MERGED_FROM] if one in rows}
        for field, kept, values in _fields_in_conflict(golden, members):
            told = [(golden["record_id"], field, one, v, v == kept) for one, v in values.items()]
            found += sorted(told, key=lambda row: (not row[4], row[2]))
    return pd.DataFrame(found, columns=list(CONFLICT_COLUMNS))


def _fields_in_conflict(
    golden: Row, members: dict[str, Row]
) -> Iterator[tuple[str, str | None, dict[str, str]]]:
    """The fields in conflict: name, value that was kept, value of each record that has one."""
    dois = {
        one: row["doi"]
        for one, row in members.items()
        if is_known(row["doi"]) and (row["doi"] == golden["doi"] or not linked_ids(row["doi"]))
    }
    kept = {"doi": golden["doi"]} | {kind: golden["ids"].get(kind) for kind in _ONE_ONLY}
    for field, own in kept.items():
        given = {one: row["ids"][field] for one, row in members.items() if field in row["ids"]}
        values = dois if field == "doi" else given
        if set(values.values()) - {own}:
            yield field, own, values
    years = {one: int(row["year"]) for one, row in members.items() if is_known(row["year"])}
    if years and max(years.values()) - min(years.values()) >= _YEARS_APART:
        yield "year", str(golden["year"]), {one: str(year) for one, year in years.items()}


def _labels(table: pd.DataFrame, clusters: pd.Series[Any]) -> list[Any]:
    """The cluster of every record. `InputError` where the two don't fit each other."""
    labels = clusters.to_dict()
    if len(labels) < len(clusters):
        twice = clusters.index[clusters.index.duplicated()][0]
        raise InputError(f"clusters: found the record id {twice!r} twice, expected once")
    ids = table["record_id"].tolist()
    alone = next((one for one in ids if not is_known(labels.get(one))), None)
    if alone is not None:
        raise InputError(f"found the record {alone!r} in no cluster, expected every record in one")
    if unknown := labels.keys() - set(ids):
        found = f"found the record id {min(map(str, unknown))!r} among the clusters"
        raise InputError(f"{found}, expected ids of the given records only; is a file missing?")
    return [labels[one] for one in ids]


def _histories(table: pd.DataFrame) -> list[list[str]]:
    """The ids that each record stands for: its own, or those that it was merged from before."""
    ids = table["record_id"].tolist()
    before = table[MERGED_FROM].map(from_json).tolist() if MERGED_FROM in table else ids
    return [
        list(dict.fromkeys([own, *map(str, cell)])) if isinstance(cell, list) else [own]
        for own, cell in zip(ids, before, strict=True)
    ]


def _rows(table: pd.DataFrame) -> list[Row]:
    return table.to_dict("records")  # type: ignore[return-value]


def _column(table: pd.DataFrame, name: Any, merged: dict[int, Row]) -> pd.Series[Any]:
    cells: list[Any] = table[name].tolist()
    for at, row in merged.items():
        cells[at] = row[name]
    column: pd.Series[Any] = pd.Series(cells, dtype=table[name].dtype)
    return column
