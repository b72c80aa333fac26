"""What a run keeps so that the next need not do everything again: counts, keys, scores of pairs.

It is for speed alone. Where it is missing, or too old, a run links all records from nothing.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from linkage.library.kinds import TRUE_AT
from linkage.library.store import Store
from linkage.papers.again import KEPT_PAIRS, KEPT_RECORDS, Before
from linkage.papers.counts import DataCounts

LEAST = 20_000  # records; fewer are linked from nothing sooner than anybody waits
MOST_CHANGED = 0.05  # of the records, since the words were counted
_PART = 100_000  # records in one blob
_PAIRS = 2_000_000
_ROWS = pa.schema([*KEPT_RECORDS, ("from_run", pa.int64())])
_WORDS = pa.schema([("word", pa.large_string()), ("records", pa.int64())])
_NOWHERE = np.empty(0)  # counts of titles are made anew


class Kept(NamedTuple):
    """What was kept, and how the library is now: which rows of `before.records` `stay`.

    `fresh`: the ids of all other records, in the order in which they first came; `changed`: how
    many records came, went or were corrected since the count.
    """

    before: Before
    stays: NDArray[np.bool_]
    fresh: list[str]
    changed: int


def read_kept(store: Store, run: int) -> Kept | None:
    """What the last run that linked kept; None where this one must link from nothing.

    That is where the library was small, with another model or version, or when `MOST_CHANGED`.
    """
    state = store.rows("SELECT run, records, changed, words, partners FROM kept_counts")
    if not state or not _same_model(store, state[0][0], run):
        return None
    then, n, changed, words, partners = state[0]
    was, now = _versions(store, then)
    fresh = [one for one, version in now.items() if was.get(one) != version]
    changed += len(fresh) + sum(one not in now for one in was)
    if changed > MOST_CHANGED * n:
        return None
    rows = _read(store, "kept_records", _ROWS)
    records = rows.filter(pa.array(_are(rows, was)))
    if len(records) != len(was):
        return None
    counted = _from_parquet(words)
    pairs = zip(counted["word"].to_pylist(), counted["records"].to_pylist(), strict=True)
    counts = DataCounts(n, dict(pairs), _NOWHERE, _NOWHERE, _NOWHERE, json.loads(partners))
    before = Before(
        records.select(KEPT_RECORDS.names), _read(store, "kept_pairs", KEPT_PAIRS), counts
    )
    fresh.sort(key=lambda one: (len(one), one))
    return Kept(before, _are(records, now), fresh, changed)


def keep(store: Store, run: int, before: Before | None) -> None:
    """Keep what a run has made from nothing, if anything, instead of what one before it did."""
    for table in ("kept_records", "kept_pairs", "kept_counts"):
        store.change(f"DELETE FROM {table}")  # noqa: S608
    if before is None:
        return
    counts = before.counts
    words = pa.table([list(counts.words), list(counts.words.values())], schema=_WORDS)
    row = (run, counts.n, 0, _parquet(words), json.dumps(counts.partners))
    store.change("INSERT INTO kept_counts VALUES (?, ?, ?, ?, ?)", [row])
    _write_records(store, before.records)
    _write(store, "kept_pairs", before.pairs, _PAIRS)


def keep_more(store: Store, run: int, kept: Kept, added: pa.Table, pairs: pa.Table) -> None:
    """Keep what a run has added; `pairs` are all."""
    _write_records(store, added)
    store.change("DELETE FROM kept_pairs")
    _write(store, "kept_pairs", pairs, _PAIRS)
    store.change("UPDATE kept_counts SET run = ?, changed = ?", [(run, kept.changed)])


def _same_model(store: Store, *runs: int) -> bool:
    query = "SELECT DISTINCT paper_model, version FROM runs WHERE run IN (?, ?)"
    return len(store.rows(query, runs)) == 1


def _versions(store: Store, then: int) -> tuple[dict[str, int], dict[str, int]]:
    """Record id -> from which run on it is as it is: after the run `then`, and now."""
    query = f"SELECT record_id, from_run FROM versions WHERE {TRUE_AT}"  # noqa: S608
    now = "SELECT record_id, from_run FROM versions WHERE to_run IS NULL"
    return dict(store.rows(query, {"run": then})), dict(store.rows(now))


def _are(rows: pa.Table, versions: Mapping[str, int]) -> NDArray[np.bool_]:
    """Which rows are of these versions."""
    ids, runs = rows["record_id"].to_pylist(), rows["from_run"].to_pylist()
    return np.array([versions.get(a) == b for a, b in zip(ids, runs, strict=True)], dtype=np.bool_)


def _write_records(store: Store, records: pa.Table) -> None:
    if len(records):
        runs = dict(store.among(
            "SELECT record_id, from_run FROM versions WHERE to_run IS NULL AND record_id IN (?)",
            records["record_id"].to_pylist(),
        ))  # fmt: skip
        from_run = pa.array([runs[one] for one in records["record_id"].to_pylist()], pa.int64())
        _write(store, "kept_records", records.append_column("from_run", from_run), _PART)


def _write(store: Store, name: str, table: pa.Table, most: int) -> None:
    parts = (table.slice(start, most) for start in range(0, len(table), most))
    store.change(f"INSERT INTO {name} (rows) VALUES (?)", ((_parquet(one),) for one in parts))  # noqa: S608


def _read(store: Store, name: str, schema: pa.Schema) -> pa.Table:
    rows = store.rows(f"SELECT rows FROM {name} ORDER BY part")  # noqa: S608
    return pa.concat_tables([_from_parquet(part) for (part,) in rows] or [schema.empty_table()])


def _parquet(table: pa.Table) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def _from_parquet(rows: bytes) -> pa.Table:
    return pq.read_table(pa.BufferReader(rows))
