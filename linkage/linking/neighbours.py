"""Clusters and how near their neighbours are: forms of one graph for `SparseLinkage`.

All give the same numbers, to the last bit. `linkage.kernels.neighbours` has the compiled one; which
of the two here is faster depends on how many neighbours there are.
"""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from linkage.linking.clustering import Indices, ScoredPairs

Floats = NDArray[np.float64]
_NEVER = -np.inf
_UNROLLED = 8  # numbers that NumPy adds one after the other; more in pairs


class ManyNeighbours:
    """Clusters of n rows, each by its lowest row, with their neighbours in arrays.

    `pairs`: rows that are near; `size` (n,): as how many each counts; `most` (n,) or None: with how
    many others a row was scored at most.
    """

    def __init__(self, n: int, pairs: ScoredPairs, size: Floats, most: Floats | None) -> None:
        self._owner = np.arange(n, dtype=np.int64)
        self._size, self._most = size.copy(), None if most is None else most.copy()
        columns, values, ends = _both_ways(n, pairs, size)
        self._near = dict(enumerate(np.split(columns, ends[1:-1])))
        self._sum = dict(enumerate(np.split(values, ends[1:-1])))

    def rows(self) -> range:
        """All rows."""
        return range(len(self._owner))

    def is_cluster(self, a: int) -> bool:
        """Tell whether a row is still the lowest of its cluster."""
        return a in self._near

    def roots(self) -> Indices:
        """For each row the lowest of its cluster."""
        return self._roots(np.arange(len(self._owner)))

    def best(self, a: int) -> tuple[float, int]:
        """The highest average of a cluster and with whom; the lowest row among equals."""
        near, total = self._refresh(a)
        if not len(near):
            return _NEVER, a
        mean = total / self._n_pairs(a, near)
        at = int(np.argmax(mean))  # neighbours stand in order
        return float(mean[at]), int(near[at])

    def merge(self, a: int, b: int) -> None:
        """Put cluster b into cluster a, a < b."""
        self._owner[b] = a
        self._size[a] += self._size[b]
        if self._most is not None:
            self._most[a] = min(self._most[a], self._most[b])
        near = self._roots(np.concatenate([self._near[a], self._near.pop(b)]))
        total = np.concatenate([self._sum[a], self._sum.pop(b)])
        others = near != a
        self._near[a], self._sum[a] = _sum_neighbours(near[others], total[others])

    def forbid(self, a: int, b: int) -> None:
        """Keep two clusters apart for good."""
        for one, other in ((a, b), (b, a)):
            near, total = self._refresh(one)
            total[np.searchsorted(near, other)] = _NEVER

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
        found = self._owner[rows]
        while True:
            further = self._owner[found]
            if (further == found).all():
                self._owner[rows] = found
                return found
            found = further


class FewNeighbours:
    """The same with neighbours in lists."""

    def __init__(self, n: int, pairs: ScoredPairs, size: Floats, most: Floats | None) -> None:
        self._owner = list(range(n))
        self._size, self._most = size.tolist(), None if most is None else most.tolist()
        columns, values, ends = (part.tolist() for part in _both_ways(n, pairs, size))
        self._near: list[list[tuple[int, float]] | None] = [
            list(zip(columns[a:b], values[a:b], strict=True)) for a, b in pairwise(ends)
        ]

    def rows(self) -> range:
        """All rows."""
        return range(len(self._owner))

    def is_cluster(self, a: int) -> bool:
        """Tell whether a row is still the lowest of its cluster."""
        return self._near[a] is not None

    def roots(self) -> Indices:
        """For each row the lowest of its cluster."""
        return np.array(list(map(self._root, self.rows())), dtype=np.int64)

    def best(self, a: int) -> tuple[float, int]:
        """The highest average of a cluster and with whom; the lowest row among equals."""
        best, at = _NEVER, -1
        size, own, mosts = self._size, self._size[a], self._most
        most = None if mosts is None else mosts[a]
        for b, total in self._refresh(a):
            other = size[b]
            n_pairs = other * own
            if mosts is not None and most is not None:
                limit = most if most < mosts[b] else mosts[b]
                n_pairs = min(n_pairs, limit * (other if other < own else own))
            mean = total / n_pairs
            if mean > best or at < 0:
                best, at = mean, b
        return (best, at) if at >= 0 else (_NEVER, a)

    def merge(self, a: int, b: int) -> None:
        """Put cluster b into cluster a, a < b."""
        self._owner[b] = a
        self._size[a] += self._size[b]
        if self._most is not None:
            self._most[a] = min(self._most[a], self._most[b])
        near = self._by_roots((self._near[a] or []) + (self._near[b] or []))
        self._near[b] = None
        self._near[a] = _sum_few([one for one in near if one[0] != a])

    def forbid(self, a: int, b: int) -> None:
        """Keep two clusters apart for good."""
        for one, other in ((a, b), (b, a)):
            near = self._refresh(one)
            self._near[one] = [(c, _NEVER if c == other else total) for c, total in near]

    def _refresh(self, a: int) -> list[tuple[int, float]]:
        near, owner = self._near[a] or [], self._owner
        if all(owner[b] == b for b, _ in near):
            return near
        found = self._near[a] = _sum_few(self._by_roots(near))
        return found

    def _by_roots(self, near: list[tuple[int, float]]) -> list[tuple[int, float]]:
        owner, root = self._owner, self._root
        return [one if owner[one[0]] == one[0] else (root(one[0]), one[1]) for one in near]

    def _root(self, row: int) -> int:
        owner = self._owner
        root = row
        while owner[root] != root:
            root = owner[root]
        while owner[row] != root:
            owner[row], row = root, owner[row]
        return root


def sums_between(pairs: ScoredPairs, size: Floats) -> Floats:
    """The probabilities between the rows of each pair, added up; never: minus infinity."""
    between = size[pairs.i] * size[pairs.j]
    found: Floats = np.where(pairs.vetoed, _NEVER, pairs.probability * between)
    return found


def _both_ways(n: int, pairs: ScoredPairs, size: Floats) -> tuple[Indices, Floats, Indices]:
    """Of all rows, one after the other, the neighbours in order, their sums, where each ends."""
    value = sums_between(pairs, size)
    rows = np.concatenate([pairs.i, pairs.j])
    columns = np.concatenate([pairs.j, pairs.i])
    order = np.lexsort((columns, rows))
    ends = np.append(0, np.cumsum(np.bincount(rows, minlength=n)))
    return columns[order], np.concatenate([value, value])[order], ends


def _sum_neighbours(near: Indices, total: Floats) -> tuple[Indices, Floats]:
    """Each neighbour once, in order, with the sum of what stands for it."""
    order = np.argsort(near, kind="stable")
    near, total = near[order], total[order]
    if not len(near):
        return near, total
    starts = np.append(0, np.flatnonzero(near[1:] != near[:-1]) + 1)
    return near[starts], np.add.reduceat(total, starts)


def _sum_few(near: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """The same of lists: the sums in the order in which NumPy adds."""
    near.sort(key=itemgetter(0))
    found: list[tuple[int, float]] = []
    start, n = 0, len(near)
    while start < n:
        b, total = near[start]
        end = start + 1
        while end < n and near[end][0] == b:
            end += 1
        if end > start + 1:
            total = _total([one[1] for one in near[start:end]])
        found.append((b, total))
        start = end
    return found


def _total(numbers: list[float]) -> float:
    if len(numbers) > _UNROLLED:
        return float(np.add.reduceat(np.array(numbers), [0])[0])
    first, rest = numbers[0], 0.0
    for number in numbers[1:]:
        rest += number
    return first + rest
