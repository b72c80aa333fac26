"""Linking again after some records changed, with what a run before left: its keys and scores.

The candidate pairs of all records are found anew, and all clusters are made anew; what is dear is
not done again: records are read, and pairs compared, only where something changed that the pair
depends on. So the clusters are those of one run over all records with the same counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage.features.arrays import objects
from linkage.features.columns import Coded
from linkage.features.feature import Columns
from linkage.linking.clustering import Indices
from linkage.papers.batches import Prepared, read_batch
from linkage.papers.blocking import Candidates, block, blocking_keys
from linkage.papers.copies import RULE, Copies
from linkage.papers.counts import (
    DataCounts,
    addresses,
    count_data,
    first_authors,
    recount_titles,
    title_spreads,
)
from linkage.papers.linker import PaperLinker
from linkage.papers.links import PaperLinks
from linkage.papers.order import order_of_many
from linkage.papers.prepare import complete_papers
from linkage.papers.rules import PAPER_RULES
from linkage.papers.scorer import PairScorer, Scored
from linkage.records.schema import Conformed
from linkage.running.collector import paused

KEPT_RECORDS = pa.schema([
    ("record_id", pa.large_string()),
    ("digest", pa.uint64()),
    ("title", pa.large_string()),
    ("first_author", pa.large_string()),
    ("address", pa.large_string()),
    ("year", pa.float64()),
    ("rules", pa.large_list(pa.int8())),
    ("keys", pa.large_list(pa.int64())),
])  # fmt: skip
KEPT_PAIRS = pa.schema([
    ("left_id", pa.large_string()),
    ("right_id", pa.large_string()),
    ("probability", pa.float64()),
    ("veto", pa.int8()),
])  # fmt: skip


class Before(NamedTuple):
    """What a run left: tables of `KEPT_RECORDS` and `KEPT_PAIRS`, and what it counted."""

    records: pa.Table
    pairs: pa.Table
    counts: DataCounts


def what_to_keep(links: PaperLinks, scorer: PairScorer) -> Before:
    """What a run leaves for the next, given its links with what was prepared."""
    assert links.prepared is not None  # noqa: S101  as is said above
    counts = count_data(links.prepared.columns)
    return Before(keep_records(links.prepared), keep_pairs(links, scorer), counts)


def keep_records(prepared: Prepared) -> pa.Table:
    """What a later run needs to know of each record, as `KEPT_RECORDS`."""
    columns = prepared.columns
    keys = pa.concat_tables(blocking_keys(columns, PAPER_RULES))
    row = keys["row"].to_numpy()
    order = np.argsort(row, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(prepared.ids)))])
    lists = (keys[name].take(pa.array(order)).combine_chunks() for name in ("rule", "key"))
    texts = (columns["title"], first_authors(columns), addresses(columns))
    return pa.Table.from_arrays([
        pa.array(prepared.ids, pa.large_string()),
        pa.array(prepared.digests),
        *(pa.array(text.tolist(), pa.large_string()) for text in texts),
        pa.array(columns["year"]),
        *(pa.LargeListArray.from_arrays(ends, values) for values in lists),
    ], schema=KEPT_RECORDS)  # fmt: skip


def keep_pairs(links: PaperLinks, scorer: PairScorer) -> pa.Table:
    """The compared pairs as `KEPT_PAIRS`, without those of records left out as copies."""
    pairs = links.pairs[(links.pairs["rules"] != RULE).to_numpy()]
    names = [veto.__name__ for veto in scorer.vetoes]
    veto = pd.Index(names).get_indexer(pd.Index(pairs["veto"]))
    columns = (pairs["left_id"], pairs["right_id"], pairs["probability"], veto.astype(np.int8))
    return pa.Table.from_arrays(
        [pa.array(column, kind.type) for column, kind in zip(columns, KEPT_PAIRS, strict=True)],
        schema=KEPT_PAIRS,
    )


@paused()
def link_again(
    linker: PaperLinker,
    before: Before,
    stays: NDArray[np.bool_],
    fresh: Conformed,
    read: Callable[[Sequence[str]], Conformed],
    constraints: pd.DataFrame | None = None,
) -> tuple[PaperLinks, pa.Table]:
    """The links of one run with the counts of `before`, and what is to be kept of `fresh`.

    `stays`: which of the records of before are there and as they were; `fresh` are all others, new
    or changed. `read` gives records by their ids, in that order. The model must not be "ecm", the
    rules those of the package, and the counts, scores and keys those of the same version of it.
    """
    scorer = linker.scorer()
    assert isinstance(scorer, PairScorer)  # noqa: S101  as is said above
    added = _read(fresh, before.counts)
    rows = _Rows(pa.concat_tables([before.records.filter(pa.array(stays)), added]))
    changed = _changed(before.records, stays, rows, added)
    remembering = _RememberingScorer(
        scorer.model,
        scorer.vetoes,
        scorer.threshold,
        known=_known(before.pairs, rows, changed),
        columns_of=lambda some: complete_papers(
            read_batch(read(rows.ids[some].tolist())).columns, rows.counts(some, before.counts)
        ),
    )
    prepared = Prepared(rows.ids, rows.order, {"title": rows.title}, rows.digests)
    return linker.link_prepared(prepared, constraints, remembering, rows.candidates), added


class _Rows:
    """All records as they are now, in canonical order; `table` has them in any order."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        title, owner, address = (_coded(table[n]) for n in ("title", "first_author", "address"))
        ids, digests, year = (table[name].to_numpy() for name in ("record_id", "digest", "year"))
        self.order = order_of_many({"title": title, "year": year}, owner, digests, ids.tolist())
        self.ids: NDArray[Any] = objects(ids[self.order])
        self.digests: NDArray[np.uint64] = digests[self.order]
        self.title = title[self.order]
        spreads = title_spreads(title, owner, year, address)
        self.spreads = np.stack(spreads, axis=1)[self.order]

    def counts(self, some: Indices, earlier: DataCounts) -> DataCounts:
        """What the data say of some rows; of words and venues as counted earlier."""
        owners, years, places = self.spreads[some].T
        return replace(earlier, owners=owners, years=years, places=places)

    def candidates(self, copies: Copies) -> Candidates:
        """Candidate pairs of the rows but for copies."""
        rows = copies.others(len(self.ids))
        title = {"title": self.title[rows]}
        found = block(title, None, PAPER_RULES, keys=[self._keys(rows)])
        return found._replace(i=rows[found.i], j=rows[found.j])

    def _keys(self, rows: Indices) -> pa.Table:
        """Their keys, as of a table that has these rows only."""
        rules, keys = (self._table[name].combine_chunks() for name in ("rules", "keys"))
        place = np.full(len(self.ids), -1, dtype=np.int64)
        place[self.order[rows]] = np.arange(len(rows))
        row = np.repeat(place, np.diff(rules.offsets.to_numpy()))
        columns = {"rule": rules.flatten(), "key": keys.flatten(), "row": pa.array(row)}
        return pa.table(columns).filter(pa.array(row >= 0))


@dataclass(frozen=True)
class _RememberingScorer(PairScorer):
    """Scores only pairs that are not `known`: code (i * n + j, ascending), probability, veto.

    `columns_of` gives the prepared columns of some rows.
    """

    known: tuple[Indices, NDArray[np.float64], NDArray[np.int8]]
    columns_of: Callable[[Indices], Columns]

    def score(self, columns: Columns, i: Indices, j: Indices) -> Scored:
        """The pairs of rows (i, j); of `columns` no more is needed than how many rows there are."""
        codes, probability, veto = self.known
        wanted = i * len(columns["title"]) + j
        place = np.searchsorted(codes, wanted)
        there = np.append(codes, -1)[place] == wanted
        found = Scored(i, j, np.append(probability, 0.0)[place], np.append(veto, -1)[place])
        new = np.flatnonzero(~there)
        if len(new):
            rows, sides = np.unique(np.concatenate([i[new], j[new]]), return_inverse=True)
            more = super().score(self.columns_of(rows), *sides.reshape(2, -1))
            found.probability[new], found.veto[new] = more.probability, more.veto
        return found

    score_equal = score


def _read(fresh: Conformed, counts: DataCounts) -> pa.Table:
    """What is kept of records that are new."""
    batch = read_batch(fresh)
    columns = complete_papers(batch.columns, recount_titles(batch.columns, counts))
    prepared = Prepared(objects(batch.ids), np.arange(len(batch.ids)), columns, batch.digests)
    return keep_records(prepared)


def _changed(
    before: pa.Table, stays: NDArray[np.bool_], rows: _Rows, added: pa.Table
) -> NDArray[np.bool_]:
    """Which rows are not in all that pairs depend on as they were: themselves, or their titles."""
    index = pd.Index(rows.ids)
    changed = np.zeros(len(index), dtype=np.bool_)
    changed[index.get_indexer(pd.Index(added["record_id"].to_numpy()))] = True
    gone = before.filter(pa.array(~stays))["title"]
    touched = pa.chunked_array([*gone.chunks, *added["title"].chunks], pa.large_string())
    under = pc.is_in(before["title"], touched.drop_null().unique())
    then = _Rows(before.filter(under))
    place = index.get_indexer(pd.Index(then.ids))
    there = place >= 0
    same = _equal(rows.spreads[place[there]], then.spreads[there])
    changed[place[there][~same]] = True
    return changed


def _equal(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Row by row; NaN is equal to NaN."""
    return np.asarray(((a == b) | (np.isnan(a) & np.isnan(b))).all(axis=1), dtype=np.bool_)


def _known(
    pairs: pa.Table, rows: _Rows, changed: NDArray[np.bool_]
) -> tuple[Indices, NDArray[np.float64], NDArray[np.int8]]:
    """The pairs that need no scoring, as `_RememberingScorer` takes them."""
    index = pd.Index(rows.ids)
    sides = [index.get_indexer(pd.Index(pairs[n].to_numpy())) for n in ("left_id", "right_id")]
    i, j = np.minimum(*sides).astype(np.int64), np.maximum(*sides).astype(np.int64)
    kept = np.flatnonzero((i >= 0) & ~changed[i] & ~changed[j])
    codes = i[kept] * len(index) + j[kept]
    order = np.argsort(codes)
    values = (pairs[name].to_numpy()[kept[order]] for name in ("probability", "veto"))
    return codes[order], *values


def _coded(texts: pa.ChunkedArray) -> Coded:
    coded = texts.combine_chunks().dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy().astype(np.int32)
    return Coded(codes, objects(coded.dictionary.to_pylist()))
