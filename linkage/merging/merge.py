"""Golden records: of the records of one paper one that knows all that they know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from linkage.errors import InputError
from linkage.merging.conflicts import origins
from linkage.merging.rules import is_known, merged_fields, ranked
from linkage.merging.unions import Row
from linkage.records.cells import from_json
from linkage.records.order import content_texts
from linkage.records.schema import conform

MERGED_FROM = "merged_from"
ORIGINS = "origins"


def merge_records(records: pd.DataFrame, clusters: pd.Series[Any]) -> pd.DataFrame:
    """One record for each cluster, in the schema of `records`, and which records it is made of.

    `records` is any table that `linkage.records.schema.conform` takes, `clusters` a Series from
    record_id to cluster id, as `link_papers` returns. `merged_from` is the list of the ids of the
    records that a row stands for, `origins` a dict from the name of a column to the id of the
    record that its value is from (several are joined by semicolons), None where nothing was merged:
    a record that is alone in its cluster passes unchanged. Rows stand in the order in which the
    clusters first appear, and their content depends on no order of rows.

    - `record_id`: that of the fullest record, rather one that its file gives than a running number
    - `type`: the most common one; a preprint yields to what was published
    - `title`: the most common wording that lacks no subtitle or end, not in capitals
    - `authors`: the longest list, with every name as full as a record has it
    - `year`: the most common one, of several the last; `date`: the most exact one of that year
    - `volume`, `number`, `pages`: of one record, its gaps filled by those that don't contradict it
    - `venue`: the fullest name among these
    - `doi`: the most common one, as of `ids` the PMID, PMCID and arXiv id; all other identifiers
    - `abstract`, `references`, `editors`: the longest
    - keywords, notes, files, groups, addresses, accession numbers, sources, and the tags and fields
      that were carried through: all, each once
    - any other column: the fullest record that says something; `merge_conflicts` has the others

    Records of another type than the chosen one are asked for year, place and DOI only where no
    record of this type knows them, and preprints never for the place and DOI of what was
    published. Raises `InputError` where a record has no cluster or a clustered id no record.

    Examples
    --------
    >>> clean = linkage.merge_records(records, papers)
    >>> clean[["record_id", "doi", "merged_from"]].iloc[0].tolist()
    ['a1', '10.5555/otters', ['a1', 'b7']]
    """
    table = conform(records)
    groups: dict[Any, list[int]] = {}
    for row, label in enumerate(_labels(table, clusters)):
        groups.setdefault(label, []).append(row)
    history = _histories(table)
    rows = _rows(table)
    contents = dict(zip(table["record_id"], content_texts(table), strict=True))
    merged: dict[int, dict[str, Any]] = {}
    for at, group in enumerate(groups.values()):
        ids = dict.fromkeys(one for row in group for one in history[row])
        if len(group) > 1:
            merged[at] = _golden([rows[row] for row in group], contents.__getitem__)
            ids = dict.fromkeys([merged[at]["record_id"], *sorted(ids)])
        merged.setdefault(at, {})[MERGED_FROM] = list(ids)
    single = table.iloc[[group[0] for group in groups.values()]]
    names = dict.fromkeys([*table.columns, *(n for row in merged.values() for n in row)])
    last = [ORIGINS, MERGED_FROM]
    names = dict.fromkeys([*(name for name in names if name not in last), *last])
    return pd.DataFrame({name: _column(single, name, merged) for name in names})


def _golden(members: list[Row], sort_key: Callable[[str], Any]) -> dict[str, Any]:
    """The golden record of several, and which record each of its values is from."""
    golden = merged_fields(members, sort_key)
    return golden | {ORIGINS: origins(ranked(members, golden["type"], sort_key), golden)}


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


def _column(table: pd.DataFrame, name: Any, merged: dict[int, dict[str, Any]]) -> pd.Series[Any]:
    cells: list[Any] = table[name].tolist() if name in table else [None] * len(table)
    for at, row in merged.items():
        cells[at] = row.get(name, cells[at])
    dtype = table[name].dtype if name in table else object
    column: pd.Series[Any] = pd.Series(cells, dtype=dtype)
    return column
