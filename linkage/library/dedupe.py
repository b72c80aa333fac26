"""The reviewer's whole job: exports in, clean records out, and what was removed and why."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.errors import InputError
from linkage.linking.constraints import read_constraints
from linkage.merging.merge import MERGED_FROM, merge_records
from linkage.merging.rules import is_known
from linkage.papers.linker import PaperLinker
from linkage.records.cells import text
from linkage.records.schema import Conformed, conform

REMOVED_COLUMNS = ("record_id", "source", "title", "stands_for_it", "removed")
COUNT_COLUMNS = (
    "source", "identified", "duplicates_by_tool", "duplicates_by_hand", "known_before", "kept",
)  # fmt: skip
TOTAL = "all sources"
_BY_TOOL, _BY_HAND, _BEFORE = "duplicate, by the tool", "duplicate, by hand", "known before"
_PLACE = ("volume", "number", "pages")


class Deduplicated(NamedTuple):
    """Records of a search without duplicates.

    `clean`: one record a paper, the best of all its fields; `merged_from` lists the records it was
    made of, so that every merge can be undone. `removed`: record_id, source, title, stands_for_it
    (the record that does), removed ("duplicate, by the tool" or "by hand": labels alone make the
    two one; "known before": in an earlier search). `counts` for a PRISMA 2020 diagram, one row a
    source and one for all: identified = duplicates_by_tool + duplicates_by_hand + known_before +
    kept.
    """

    clean: pd.DataFrame
    removed: pd.DataFrame
    counts: pd.DataFrame


def dedupe_records(
    records: pd.DataFrame,
    *,
    against: pd.DataFrame | None = None,
    prefer: Sequence[str] = (),
    constraints: pd.DataFrame | None = None,
    linker: PaperLinker | None = None,
) -> Deduplicated:
    """Remove duplicates, and what an earlier search (`against`) has found.

    Both are tables that `linkage.records.schema.conform` takes. Of each paper one record is kept:
    of the sources `prefer`, the first first, else the one whose id merging chooses; what the
    preferred one knows stands in the clean record, the others fill its gaps. `constraints` are
    those of `PaperLinker.link`, about `records`. Raises `InputError` where a preferred source is
    none of the records', or an id of the earlier search is one of theirs.

    Examples
    --------
    >>> found = linkage.dedupe_records(records)
    >>> found.clean["record_id"].tolist()
    ['a1', 'a2', 'a3']
    >>> found.removed["record_id"].tolist()
    ['b7']
    """
    new = conform(records)
    _check_sources(new, prefer)
    every = new if against is None else _with_earlier(new, conform(against))
    links = (linker or PaperLinker()).link_conformed(every, constraints)
    is_new = every["record_id"].isin(new["record_id"]).to_numpy()
    clusters = links.clusters[is_new]
    merged = _merged(new, clusters, prefer)
    by_hand = read_constraints(pd.Index(new["record_id"]), constraints).group
    removed = _removed(new, clusters, merged, dict(zip(new["record_id"], by_hand, strict=True)))
    before = links.clusters[~is_new]
    old = {cluster: one for one, cluster in reversed(list(before.items()))}
    known = clusters[merged["record_id"].tolist()].map(old)
    gone = known[known.notna()]
    told = zip(new["record_id"], new["source"], new["title"], strict=True)
    rows = [(*row, gone[row[0]], _BEFORE) for row in told if row[0] in gone.index]
    table = pd.DataFrame([*removed, *rows], columns=list(REMOVED_COLUMNS), dtype=object)
    clean = merged[~merged["record_id"].isin(set(gone.index))].reset_index(drop=True)
    order = pd.Index(new["record_id"]).get_indexer(pd.Index(table["record_id"]))
    table = table.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
    return Deduplicated(clean, table, _counts(new, table))


def _check_sources(records: Conformed, prefer: Iterable[str]) -> None:
    there = records["source"].dropna().unique().tolist()
    for one in prefer:
        if one not in there:
            raise InputError(f"found the source {one!r}, expected one of {', '.join(there)}")


def _with_earlier(new: Conformed, old: Conformed) -> Conformed:
    twice = set(new["record_id"]) & set(old["record_id"])
    if twice:
        found = f"found the record id {min(twice)!r} in both searches"
        raise InputError(f"{found}, expected other ids in the earlier one")
    names = [name for name in new.columns if name in old.columns]
    return Conformed(pd.concat([new[names], old[names]], ignore_index=True))


def _merged(records: Conformed, clusters: pd.Series[str], prefer: Sequence[str]) -> pd.DataFrame:
    """One record a cluster, called by the record that is kept."""
    merged = merge_records(records, clusters)
    rank = {source: number for number, source in enumerate(prefer)}
    rows = {row["record_id"]: row for row in records.to_dict("records")} if rank else {}
    columns: dict[str, list[Any]] = defaultdict(list)
    for golden in merged.to_dict("records"):
        members = [one for one in golden[MERGED_FROM] if rows.get(one, {}).get("source") in rank]
        best = min(members, key=lambda one: rank[rows[one]["source"]], default=None)
        whole = golden if best is None else _preferring(golden, rows[best])
        for name, cell in whole.items():
            columns[str(name)].append(cell)
    found = {name: pd.Series(columns[name], dtype=merged[name].dtype) for name in merged.columns}
    return pd.DataFrame(found)


def _preferring(golden: dict[Any, Any], own: dict[Any, Any]) -> dict[Any, Any]:
    """A merged record in which all that one record knows stands; its place is not mixed."""
    known = {name: cell for name, cell in own.items() if is_known(cell)}
    if known.keys() & set(_PLACE):
        known |= {name: own[name] for name in _PLACE}
    known.pop("source", None)  # all of them
    ids = [own["record_id"], *(one for one in golden[MERGED_FROM] if one != own["record_id"])]
    return golden | known | {MERGED_FROM: ids}


def _removed(
    records: Conformed, clusters: pd.Series[str], merged: pd.DataFrame, group: dict[str, int]
) -> list[tuple[Any, ...]]:
    kept = dict(zip(clusters[merged["record_id"].tolist()], merged["record_id"], strict=True))
    rows = zip(records["record_id"], records["source"], records["title"], strict=True)
    found = []
    for one, source, title in rows:
        other = kept[clusters[one]]
        if one != other:
            how = _BY_HAND if group[one] == group[other] else _BY_TOOL
            found.append((one, source, title, other, how))
    return found


def _counts(records: Conformed, removed: pd.DataFrame) -> pd.DataFrame:
    rows = []
    sources = records["source"].fillna("not said")
    lost = removed["source"].fillna("not said")
    for source in sources.unique():
        how = removed["removed"][lost == source].tolist()
        n = int((sources == source).sum())
        told = [how.count(kind) for kind in (_BY_TOOL, _BY_HAND, _BEFORE)]
        rows.append((source, n, *told, n - sum(told)))
    table = pd.DataFrame(rows, columns=list(COUNT_COLUMNS))
    table.loc[len(table)] = [TOTAL, *table.drop(columns="source").sum().tolist()]
    return table


def with_origins(merged: pd.DataFrame, path: str | os.PathLike[str]) -> pd.DataFrame:
    """Merged records, ready to be written: RIS has no field for `merged_from` but notes.

    There a note says `merged_from: a; b`, so that every merge can be undone from the file.
    """
    if Path(path).suffix.lower() != ".ris" or MERGED_FROM not in merged:
        return merged
    notes = merged["notes"].tolist() if "notes" in merged else [None] * len(merged)
    told = [_noted(note, ids) for note, ids in zip(notes, merged[MERGED_FROM], strict=True)]
    return merged.assign(notes=pd.Series(told, index=merged.index, dtype=object))


def _noted(note: Any, ids: list[str]) -> list[str]:
    lines = note if isinstance(note, list) else [note]
    kept = [line for line in map(text, lines) if line]
    return [*kept, f"{MERGED_FROM}: {'; '.join(ids)}"] if len(ids) > 1 else kept
