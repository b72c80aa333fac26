"""The engine of one process: blocking keys are sorted and joined in memory.

Sorted neighbours share a key: Hernández & Stolfo, The merge/purge problem for large databases,
SIGMOD 1995.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_PAIRS = 2_000_000  # told by all rules together, looked at at once
_ROW_BITS, _RULE_BITS = 31, 6
_MOST_ROWS = 1 << 64 - _ROW_BITS - _RULE_BITS  # whose pairs are looked at at once


class _Blocks(NamedTuple):
    """The blocks of a rule one behind the other, those of one record left out.

    `rows` of each in order, and how many of those that stand behind each are paired with it.
    """

    rule: int
    rows: NDArray[np.int32]
    reach: NDArray[np.int32]


class InMemory:
    """Joins blocking keys in memory, some 12 bytes a key: the same pairs as `DuckDB`.

    A block of more than `max_block` records gives only the pairs of records that stand at most
    `window` places apart in it; `cut` tells afterwards how many pairs that left out, by rule.
    """

    SCHEMA = pa.schema([("i", pa.int64()), ("j", pa.int64()), ("found_by", pa.int64())])

    def __init__(self, max_block: int, window: int) -> None:
        self.max_block = max_block
        self.window = window
        self.cut: dict[int, int] = {}

    def candidate_pairs(
        self, keys: Iterable[pa.Table], batch_rows: int = _PAIRS
    ) -> Iterator[pa.RecordBatch]:
        """Pairs of rows that share a key of a rule, each once, in any order: i < j, found_by.

        `keys` are tables of rule, key and row, all whole numbers. Bit k of `found_by` is set when
        rule k found it. `batch_rows`: as many as all rules together tell at once.
        """
        blocks = [self._blocks(rule, *columns) for rule, columns in _by_rule(keys)]
        for first, last in _parts(blocks, batch_rows):
            told = [_told(some, first, last) for some in blocks]
            yield self._merged(np.concatenate(told), first)

    def _blocks(self, rule: int, keys: NDArray[np.int64], rows: NDArray[np.int32]) -> _Blocks:
        order = np.argsort(keys)
        keys = keys[order]
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        sizes = np.diff(starts, append=len(keys))
        several = np.repeat(sizes > 1, sizes)
        sizes = sizes[sizes > 1]
        block = np.repeat(np.arange(len(sizes)), sizes)
        # a sort of numbers alone takes a tenth of one by two columns
        ordered = np.sort(block << _ROW_BITS | rows[order[several]])
        behind = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(block)) - 1
        large = sizes > self.max_block
        reach = np.where(np.repeat(large, sizes), np.minimum(behind, self.window), behind)
        if large.any():
            all_pairs = sizes[large] * (sizes[large] - 1) // 2
            self.cut[rule] = int(all_pairs.sum() - reach[np.repeat(large, sizes)].sum())
        rows = (ordered & (1 << _ROW_BITS) - 1).astype(np.int32)
        return _Blocks(rule, rows, reach.astype(np.int32))

    def _merged(self, told: NDArray[np.uint64], first: int) -> pa.RecordBatch:
        """Each pair once, of those that `_told` told."""
        told.sort()
        pairs = told >> np.uint64(_RULE_BITS)
        starts = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)])
        masks = np.int64(1) << (told & np.uint64((1 << _RULE_BITS) - 1)).astype(np.int64)
        found_by = np.bitwise_or.reduceat(masks, starts) if len(starts) else masks
        pairs = pairs[starts].astype(np.int64)
        i, j = first + (pairs >> _ROW_BITS), pairs & (1 << _ROW_BITS) - 1
        return pa.record_batch([i, j, found_by], schema=self.SCHEMA)


def _by_rule(
    keys: Iterable[pa.Table],
) -> Iterator[tuple[int, tuple[NDArray[np.int64], NDArray[np.int32]]]]:
    """The keys of each rule and their rows; let go as soon as they are told."""
    parts: defaultdict[int, list[tuple[NDArray[Any], NDArray[Any]]]] = defaultdict(list)
    for table in keys:
        rules, key, row = (table[name].to_numpy() for name in ("rule", "key", "row"))
        for rule in np.unique(rules).tolist():
            some = rules == rule
            parts[rule].append((key[some], row[some].astype(np.int32)))
    for rule in sorted(parts):
        columns = [np.concatenate(column) for column in zip(*parts.pop(rule), strict=True)]
        yield rule, (columns[0], columns[1])


def _parts(blocks: list[_Blocks], most: int) -> Iterator[tuple[int, int]]:
    """Ranges of rows, first and behind the last, whose pairs are so many or those of one row."""
    n = max((int(some.rows.max()) + 1 for some in blocks if len(some.rows)), default=0)
    pairs = np.zeros(n, dtype=np.int64)
    for some in blocks:
        pairs += np.bincount(some.rows, some.reach, minlength=n).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(pairs)])
    first = 0
    while first < n:
        last = int(np.searchsorted(before, before[first] + most, side="right")) - 1
        last = min(max(last, first + 1), first + _MOST_ROWS, n)
        yield first, last
        first = last


def _told(blocks: _Blocks, first: int, last: int) -> NDArray[np.uint64]:
    """The pairs of the rows from `first` to before `last`, each as one number with its rule."""
    places = np.flatnonzero((blocks.rows >= first) & (blocks.rows < last))
    reach = blocks.reach[places]
    ends = np.cumsum(reach)
    i = np.repeat(blocks.rows[places], reach)
    j = blocks.rows[np.repeat(places + 1 - ends + reach, reach) + np.arange(len(i))]
    differ = i != j
    i, j = i[differ], j[differ]
    code = (i - first).astype(np.uint64) << np.uint64(_ROW_BITS) | j.astype(np.uint64)
    told: NDArray[np.uint64] = code << np.uint64(_RULE_BITS) | np.uint64(blocks.rule)
    return told
