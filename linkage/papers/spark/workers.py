"""What Spark's Python workers do with a batch of records or of pairs: the same code as everywhere.

Between the steps records are conformed rows of Arrow tables, lists of authors and ids as JSON.
What the whole data say of a record (`DataCounts`) travels with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from linkage.engines.spark_records import Batches, Naming, read_batch
from linkage.features.columns import Coded
from linkage.linking.clustering import ScoredPairs, average_linkage
from linkage.papers.blocking import blocking_keys, cleaning_of
from linkage.papers.counts import (
    Columns,
    DataCounts,
    addresses,
    effective_numbers,
    first_authors,
    least_spread,
)
from linkage.papers.items import EXTRA
from linkage.papers.order import order_texts
from linkage.papers.prepare import prepare_papers, read_papers
from linkage.papers.rules import Rule
from linkage.papers.scorer import PairScorer
from linkage.records.cells import is_missing, text
from linkage.records.order import digests
from linkage.records.schema import Conformed
from linkage.running.collector import paused

# What linking reads of a record, and the URL and date that `conform` reads ids and the year from.
READ = ("type", "title", "authors", "authors_truncated", "year", "date", "venue", "volume",
        "number", "pages", "doi", "ids", "abstract", "url", *EXTRA)  # fmt: skip

_TEXTS = ("record_id", "type", "title", "venue", "volume", "number", "pages", "doi", "abstract",
          "url", "edition")  # fmt: skip
_NESTED = ("authors", "ids", "accession")
RECORD = pa.schema([
    *((name, pa.string()) for name in (*_TEXTS, *_NESTED)),
    ("authors_truncated", pa.bool_()),
    ("year", pa.int64()),
])  # fmt: skip

# said, owner, place, site: folded title, first author, address and venue, which counts go by.
# content: what records are sorted by. digest: that of `linkage.records.order`, equal in identical
# records. problem: the first value that could not be used.
READ_RECORD = pa.schema([
    *RECORD,
    *((name, pa.string()) for name in ("said", "owner", "place", "site", "problem")),
    ("content", pa.string()),
    ("digest", pa.int64()),
])  # fmt: skip
KEYS = pa.schema([("rule", pa.int32()), ("key", pa.int64()), ("row", pa.int64())])
# found_by: bit k stands for rule k; 0: no rule found the pair
PAIRS = pa.schema([("i", pa.int64()), ("j", pa.int64()), ("found_by", pa.int64())])
SCORES = pa.schema([
    ("i", pa.int64()),
    ("j", pa.int64()),
    ("probability", pa.float64()),
    ("vetoed", pa.bool_()),
])  # fmt: skip
# and as how many records each side counts; missing is one
WEIGHTED = pa.schema([*SCORES, ("weight_i", pa.float64()), ("weight_j", pa.float64())])
LINKED = pa.schema([("row", pa.int64()), ("cluster", pa.int64())])


def read_batches(batches: Batches, naming: Naming | None = None) -> Iterator[pa.RecordBatch]:
    """Any records -> `READ_RECORD`. An id that is missing stays missing."""
    for batch in batches:
        yield _read(*read_batch(batch, naming))


def _read(records: Conformed, ids: list[str | None], problems: list[str | None]) -> pa.RecordBatch:
    columns = read_papers(Conformed(records.assign(abstract=None)))
    numbers = digests(records)
    found = _cells(records) | {
        "said": columns["title"].tolist(),
        "owner": first_authors(columns).tolist(),
        "place": addresses(columns).tolist(),
        "site": columns["venue"].tolist(),
        "problem": problems,
        "content": order_texts(columns, numbers, ids),
        "digest": numbers.view(np.int64),
    }
    return pa.RecordBatch.from_pydict(found, schema=READ_RECORD)


def record_table(records: Conformed) -> pa.Table:
    """Conformed records as an Arrow table that `read_batches` takes."""
    return pa.table(_cells(records), schema=RECORD)


def _cells(records: Conformed) -> dict[str, list[Any]]:
    there = records.reindex(columns=[*RECORD.names])
    cells: dict[str, list[Any]] = {name: there[name].tolist() for name in RECORD.names}
    cells["edition"] = list(map(text, cells["edition"]))
    cells |= {name: list(map(_json, cells[name])) for name in _NESTED}
    return cells | {"year": [None if is_missing(cell) else cell for cell in cells["year"]]}


def _json(cell: object) -> str | None:
    return None if is_missing(cell) else json.dumps(cell, ensure_ascii=False)


@dataclass(frozen=True)
class WholeDataCounts:
    """How a batch of records is prepared as in the whole data.

    `n`: records of the whole data; `partners`: those of its `DataCounts`. The rest of those stands
    beside each record: `said`, its folded title; `words`, how many records have in the title each
    different word of it; `owners`, `years`, `places`: how often values stand beside the title, and
    the squares of that, summed.
    """

    n: int
    partners: Mapping[str, Mapping[str, float]]

    @paused()
    def columns(self, table: pa.Table) -> Columns:
        """The prepared columns of a table of records with counts, row by row."""
        return prepare_papers(_records(table), self._counts(table))

    def _counts(self, table: pa.Table) -> DataCounts:
        said = table["said"].to_pylist()
        words: dict[str, int] = {}
        for title, numbers in zip(said, table["words"].to_pylist(), strict=True):
            if title is not None:
                words.update(zip(dict.fromkeys(title.split(" ")), numbers, strict=True))
        return DataCounts(
            n=self.n,
            words=words,
            owners=_spread(said, table["owners"]),
            years=_spread(said, table["years"]),
            places=_spread(said, table["places"]),
            partners=self.partners,
        )


def _records(table: pa.Table) -> Conformed:
    cells = {name: table[name].to_pylist() for name in RECORD.names}
    cells |= {name: [cell and json.loads(cell) for cell in cells[name]] for name in _NESTED}
    typed = {"year": "Int64", "authors_truncated": "bool"}
    columns = {
        name: pd.Series(values, dtype=typed.get(name, object)) for name, values in cells.items()
    }
    return Conformed(pd.DataFrame(columns))


def _spread(said: Sequence[str | None], sums: pa.ChunkedArray) -> NDArray[np.float64]:
    known = np.array([title is not None for title in said], dtype=bool)
    total, squares = np.array([cell or (0, 0) for cell in sums.to_pylist()], dtype=float).T
    least = np.array([least_spread(title or "") for title in said], dtype=float)
    found = effective_numbers(least, total, squares)
    return np.where(known, found, np.nan)


def key_batches(
    batches: Batches, prepare: WholeDataCounts, rules: Sequence[Rule]
) -> Iterator[pa.RecordBatch]:
    """Records with counts -> blocking keys."""
    for batch in batches:
        table = pa.Table.from_batches([batch])
        keys = pa.concat_tables(blocking_keys(prepare.columns(table), rules))
        rows = table["row"].take(keys["row"])
        yield from keys.set_column(2, "row", rows).cast(KEYS).to_batches()


def clean_chunk(titles: pa.Table, pairs: pa.Table, rules: Sequence[Rule]) -> pa.Table:
    """Those of `PAIRS` that are worth comparing, given row and folded title of all their records.

    `rules` are those that the bits of `found_by` stand for.
    """
    titles = titles.sort_by("row")
    columns = {"title": Coded.of(titles["said"].to_pylist())}
    found_by = pairs["found_by"].to_numpy()
    kept = cleaning_of(columns, rules).keeps(*_places(titles, pairs), found_by)
    return pairs.select(PAIRS.names).filter(pa.array(kept))


def score_chunk(
    records: pa.Table, pairs: pa.Table, prepare: WholeDataCounts, scorer: PairScorer
) -> pa.Table:
    """The pairs of rows i, j scored, given the records with counts of all of them."""
    records = records.sort_by("row")
    scored = scorer.score(prepare.columns(records), *_places(records, pairs))
    found = [pairs["i"], pairs["j"], scored.probability, scored.veto >= 0]
    return pa.table(dict(zip(SCORES.names, found, strict=True)), schema=SCORES)


def _places(records: pa.Table, pairs: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the records of pairs stand in a table that is sorted by row."""
    rows = records["row"].to_numpy()
    return np.searchsorted(rows, pairs["i"].to_numpy()), np.searchsorted(
        rows, pairs["j"].to_numpy()
    )


def link_batches(batches: Batches, threshold: float) -> Iterator[pa.RecordBatch]:
    """Weighted pairs of whole components -> for each row the lowest one of its cluster."""
    pairs = pa.Table.from_batches(batches, WEIGHTED)
    ends = np.concatenate([pairs["i"].to_numpy(), pairs["j"].to_numpy()])
    weights = np.concatenate([pairs["weight_i"].to_numpy(), pairs["weight_j"].to_numpy()])
    rows, at, place = np.unique(ends, return_index=True, return_inverse=True)
    i, j = place.reshape(2, -1)
    probability, vetoed = pairs["probability"].to_numpy(), pairs["vetoed"].to_numpy()
    scored = ScoredPairs(i, j, probability, vetoed)
    clusters = rows[
        average_linkage(len(rows), scored, threshold, np.nan_to_num(weights[at], nan=1))
    ]
    yield pa.RecordBatch.from_arrays([pa.array(rows), pa.array(clusters)], schema=LINKED)
