"""Records some at a time: what is compared of them is kept, they themselves are not."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from linkage.errors import InputError, Problem
from linkage.linking.clustering import Indices
from linkage.papers.counts import Columns, DataCounts, first_authors, recount_titles
from linkage.papers.order import order_of_many
from linkage.papers.pairs import compare_rows, pair_rows
from linkage.papers.prepare import complete_papers, read_papers
from linkage.records.order import CONTENT, digests
from linkage.records.packed import PackedRecords, packed
from linkage.records.schema import Conformed, conform_packed
from linkage.running.carried import Carried, carried, concat_carried
from linkage.running.collector import paused
from linkage.running.memory import give_back
from linkage.running.processes import each
from linkage.running.progress import tell_progress

log = logging.getLogger(__name__)

RECORDS = 20_000  # at a time


class Batch(NamedTuple):
    """What is kept of some records: ids, a digest of each, and their prepared columns."""

    ids: list[str]
    digests: NDArray[np.uint64]
    columns: Columns

    def carried(self, problems: Sequence[Problem] = ()) -> CarriedBatch:
        """The same, to be sent to another process."""
        return CarriedBatch(self.ids, self.digests, carried(self.columns), problems)


class CarriedBatch(NamedTuple):
    """The same on its way from one process to another, and the values that could not be used."""

    ids: list[str]
    digests: NDArray[np.uint64]
    columns: Carried
    problems: Sequence[Problem]


class Prepared(NamedTuple):
    """Records ready to be compared, in canonical order.

    `ids`: shape (n,), `order`: where each stood in the input, `columns`: as `prepare_papers` gives,
    `digests`: those of `linkage.records.order`, shape (n,).
    """

    ids: NDArray[Any]
    order: Indices
    columns: Columns
    digests: NDArray[np.uint64]

    def has(self, ids: pd.Series[str]) -> pd.Series[bool]:
        """Which of the ids are those of a record."""
        return ids.isin(self.ids)

    def rows(self, pairs: pd.DataFrame, what: str = "the pairs") -> tuple[Indices, Indices]:
        """`pair_rows` of these records."""
        return pair_rows(pd.Index(self.ids), pairs, what)

    def features(self, pairs: pd.DataFrame) -> NDArray[np.float32]:
        """Features of pairs (left_id, right_id), (n pairs, `PAPER_FEATURES`), NaN = missing.

        Raises `InputError` for a pair of which a record is not there.
        """
        return compare_rows(self.columns, *self.rows(pairs))

    def as_given(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of the records, in the order of the input."""
        found = np.empty_like(values)
        found[self.order] = values
        return found


def in_batches(records: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows of a table, some at a time; a table without rows is one batch."""
    for start in range(0, max(len(records), 1), RECORDS):
        yield records.iloc[start : start + RECORDS]


def in_batches_of_all(tables: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The rows of tables, some at a time; a table is let go before the next is asked for.

    Raises `InputError` where a table has no record ids.
    """
    for table in tables:
        if "record_id" not in table:
            found = ", ".join(map(str, table.columns)) or "none"
            raise InputError(f"found no column 'record_id' among the columns: {found}")
        yield from in_batches(table)
        del table


def read_batch(records: Conformed | PackedRecords) -> Batch:
    """Read some records."""
    cells = records if isinstance(records, PackedRecords) else packed(records, CONTENT)
    return Batch(list(cells.record_ids), digests(cells), read_papers(cells))


def read_tables(
    tables: Iterable[pd.DataFrame], problems: list[Problem], processes: int
) -> Iterator[CarriedBatch]:
    """Read tables of records that `conform` takes; its `set_aside` is `problems`."""
    for batch in each(_conform_and_read, in_batches_of_all(tables), processes):
        problems += batch.problems
        yield batch


def prepare_records(records: Conformed) -> Prepared:
    """Bring records into canonical order, ready to be compared.

    All that are linked, because what the data say of themselves is a feature, too.
    """
    return prepare_batches(read_batch(Conformed(some)) for some in in_batches(records))


@paused()
def _conform_and_read(records: pd.DataFrame) -> CarriedBatch:
    problems: list[Problem] = []
    batch = read_batch(conform_packed(records, CONTENT, set_aside=problems))
    return batch.carried(problems)


def prepare_batches(
    batches: Iterable[Batch | CarriedBatch], earlier: DataCounts | None = None
) -> Prepared:
    """Bring what was read of all records into canonical order, and count over the whole.

    `earlier`: counts of which those of words and venues are taken as they are. Raises `InputError`
    where a record id stands twice, or there is no batch.
    """
    ids: list[str] = []
    parts_of_digests: list[NDArray[np.uint64]] = []
    parts: list[Carried] = []
    tell_progress(log, "reading", 0, "records")
    for batch in batches:
        ids += batch.ids
        parts_of_digests.append(batch.digests)
        parts.append(batch.carried().columns if isinstance(batch, Batch) else batch.columns)
        tell_progress(log, "reading", len(ids), "records")
    if not parts:
        raise InputError("found no table of records, expected one or more")
    log.info("preparing %s records", f"{len(ids):,}")
    _check(ids)
    columns = concat_carried(parts)
    pa.default_memory_pool().release_unused()  # the files that were read, and their texts
    give_back()
    digests_of_all = np.concatenate(parts_of_digests)
    order = order_of_many(columns, first_authors(columns), digests_of_all, ids)
    for name in columns:
        columns[name] = columns[name][order]
    counts = None if earlier is None else recount_titles(columns, earlier)
    completed = complete_papers(columns, counts)
    return Prepared(np.array(ids, dtype=object)[order], order, completed, digests_of_all[order])


def _check(ids: list[str]) -> None:
    if len(set(ids)) < len(ids):
        twice = next(one for one, count in Counter(ids).items() if count > 1)
        raise InputError(f"record_id {twice!r} stands twice, expected once")
