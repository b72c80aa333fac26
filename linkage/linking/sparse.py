"""Average linkage over a sparse graph: memory and time follow the scored pairs, not m x m."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from linkage.linking.clustering import Indices, ScoredPairs

Floats = NDArray[np.float64]
Apart = Callable[[int, int], bool]  # may two mentions never be one person?
_NEVER = -np.inf


class SparseLinkage:
    """Greedy average linkage of n rows, as `linkage.linking.clustering.average_linkage` defines it.

    Each cluster keeps its neighbours and the sums of the probabilities to them. A heap has each
    cluster's best average when it was last looked at, checked when its turn comes; what a merge
    raises, the merged cluster's own entry has.
    `most` (n,) says with how many others a row was scored at most, infinite if with all that count:
    two clusters are not blamed for the pairs that were left out. `weight` (n,) says as how many
    rows each counts.
    `meet(a, b)` is asked before two clusters (by their lowest rows) are merged; it says no for
    good. `join(a, b)` is told of each merge of b into a.
    Source: the generic clustering algorithm of Müllner (2011), arXiv:1109.2378, on sparse rows.
    """

    def __init__(
        self,
        n: int,
        pairs: ScoredPairs,
        most: Floats | None = None,
        weight: Floats | None = None,
    ) -> None:
        self.owner = np.arange(n, dtype=np.int64)
        self._size = np.ones(n) if weight is None else weight.astype(float)
        self._most = most
        between = self._size[pairs.i] * self._size[pairs.j]
        value = np.where(pairs.vetoed, _NEVER, pairs.probability * between)
        rows = np.concatenate([pairs.i, pairs.j])
        columns = np.concatenate([pairs.j, pairs.i])
        order = np.lexsort((columns, rows))
        columns, values = columns[order], np.concatenate([value, value])[order]
        ends = np.cumsum(np.bincount(rows, minlength=n))[:-1]
        self._near = dict(enumerate(np.split(columns, ends)))
        self._sum = dict(enumerate(np.split(values, ends)))

    def merge(self, threshold: float, meet: Apart, join: Callable[[int, int], None]) -> Indices:
        """Merge down to `threshold`: for each row the lowest row number of its cluster."""
        heap = [(-best, a) for a in self._near if (best := self._best(a)[0]) >= threshold]
        heapq.heapify(heap)
        while heap:
            bound, a = heapq.heappop(heap)
            if a not in self._near:
                continue
            best, b = self._best(a)
            if best < threshold:
                continue
            if heap and (-best, a) > heap[0]:
                heapq.heappush(heap, (-best, a))
            elif not meet(min(a, b), max(a, b)):
                self._forbid(a, b)
                heapq.heappush(heap, (bound, a))
            else:
                a, b = min(a, b), max(a, b)
                join(a, b)
                self._merge(a, b)
                heapq.heappush(heap, (-self._best(a)[0], a))
        return self._roots(np.arange(len(self.owner)))

    def _best(self, a: int) -> tuple[float, int]:
        """The highest average of a cluster and with whom; the lowest row among equals."""
        near, total = self._refresh(a)
        if not len(near):
            return _NEVER, a
        mean = total / self._n_pairs(a, near)
        at = int(np.argmax(mean))  # neighbours stand in order
        return float(mean[at]), int(near[at])

    def _n_pairs(self, a: int, near: Indices) -> Floats:
        """How many pairs two clusters have, or can have had scored."""
        pairs: Floats = self._size[near] * self._size[a]
        if self._most is None:
            return pairs
        most = np.minimum(self._most[near], self._most[a])
        scored: Floats = np.minimum(pairs, most * np.minimum(self._size[near], self._size[a]))
        return scored

    def _refresh(self, a: int) -> tuple[Indices, Floats]:
        near, total = self._near[a], self._sum[a]
        roots = self._roots(near)
        if not (roots == near).all():
            near, total = _sum_neighbours(roots, total)
            self._near[a], self._sum[a] = near, total
        return near, total

    def _roots(self, rows: Indices) -> Indices:
        found = self.owner[rows]
        while True:
            further = self.owner[found]
            if (further == found).all():
                self.owner[rows] = found
                return found
            found = further

    def _merge(self, a: int, b: int) -> None:
        self.owner[b] = a
        self._size[a] += self._size[b]
        if self._most is not None:
            self._most[a] = min(self._most[a], self._most[b])
        near = self._roots(np.concatenate([self._near[a], self._near.pop(b)]))
        total = np.concatenate([self._sum[a], self._sum.pop(b)])
        others = near != a
        self._near[a], self._sum[a] = _sum_neighbours(near[others], total[others])

    def _forbid(self, a: int, b: int) -> None:
        for one, other in ((a, b), (b, a)):
            near, total = self._refresh(one)
            total[np.searchsorted(near, other)] = _NEVER


def _sum_neighbours(near: Indices, total: Floats) -> tuple[Indices, Floats]:
    """Each neighbour once, in order, with the sum of what stands for it."""
    order = np.argsort(near, kind="stable")
    near, total = near[order], total[order]
    if not len(near):
        return near, total
    starts = np.append(0, np.flatnonzero(near[1:] != near[:-1]) + 1)
    return near[starts], np.add.reduceat(total, starts)
