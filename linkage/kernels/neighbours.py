# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""The neighbours of clusters that merge, to be compiled.

What it does `linkage.linking.neighbours` and `linkage.linking.sparse` do where it is not compiled,
to the last bit.
"""

from __future__ import annotations

from typing import Any

import cython
import numpy as np


@cython.cclass
class _Queue:
    """Rows by a bound each, the lowest first, of equals the lowest row: a binary heap of n."""

    length: cython.Py_ssize_t
    bounds: cython.double[::1]
    rows: cython.Py_ssize_t[::1]

    def __init__(self, n: cython.Py_ssize_t) -> None:
        self.length = 0
        self.bounds = np.empty(n + 1)
        self.rows = np.empty(n + 1, dtype=np.intp)

    @cython.cfunc
    @cython.exceptval(check=False)
    def is_ahead_of(self, bound: cython.double, row: cython.Py_ssize_t) -> cython.bint:
        """Tell whether something stands there that comes before a row of that bound."""
        return self.length > 0 and _is_before(self.bounds[0], self.rows[0], bound, row)

    @cython.cfunc
    @cython.exceptval(check=False)
    def push(self, bound: cython.double, row: cython.Py_ssize_t) -> cython.void:
        """Put a row in."""
        at: cython.Py_ssize_t = self.length
        above: cython.Py_ssize_t
        self.length += 1
        while at:
            above = (at - 1) // 2
            if not _is_before(bound, row, self.bounds[above], self.rows[above]):
                break
            self.bounds[at], self.rows[at] = self.bounds[above], self.rows[above]
            at = above
        self.bounds[at], self.rows[at] = bound, row

    @cython.cfunc
    @cython.exceptval(check=False)
    def pop(self) -> cython.void:
        """Take the first out."""
        at: cython.Py_ssize_t = 0
        below: cython.Py_ssize_t = 1
        other: cython.Py_ssize_t
        self.length -= 1
        bound: cython.double = self.bounds[self.length]
        row: cython.Py_ssize_t = self.rows[self.length]
        while below < self.length:
            other = below + 1
            if other < self.length and _is_before(
                self.bounds[other], self.rows[other], self.bounds[below], self.rows[below]
            ):
                below = other
            if not _is_before(self.bounds[below], self.rows[below], bound, row):
                break
            self.bounds[at], self.rows[at] = self.bounds[below], self.rows[below]
            at = below
            below = 2 * at + 1
        self.bounds[at], self.rows[at] = bound, row


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_before(
    bound: cython.double, row: cython.Py_ssize_t, other: cython.double, its: cython.Py_ssize_t
) -> cython.bint:
    return bound < other or (bound == other and row < its)


@cython.cclass
class Neighbours:
    """Clusters of n rows, each by its lowest row, with their neighbours: one block of numbers.

    A merged cluster's neighbours stand behind all others; what is no longer used goes when the
    block is full. `i`, `j` (n pairs,) are rows that are near, `value` the sums between them, `size`
    and `most` as in `linkage.linking.neighbours`, without an array where there is no limit.
    """

    _n: cython.Py_ssize_t
    _best: cython.double  # of the cluster that was looked at
    _nearest: cython.Py_ssize_t
    _used: cython.Py_ssize_t  # of the block
    _has_limit: cython.bint
    _owner: cython.int[::1]
    _size: cython.double[::1]
    _most: cython.double[::1]
    _start: cython.Py_ssize_t[::1]
    _count: cython.Py_ssize_t[::1]  # -1: the row is no cluster any more
    _near: cython.int[::1]
    _total: cython.double[::1]
    _keys: cython.int[:, ::1]  # to sort by
    _sums: cython.double[:, ::1]  # and what stands beside

    def __init__(
        self,
        i: cython.longlong[::1],
        j: cython.longlong[::1],
        value: cython.double[::1],
        size: Any,
        most: Any,
    ) -> None:
        self._n = len(size)
        self._has_limit = most is not None
        self._owner = np.arange(self._n, dtype=np.int32)
        self._size = np.array(size, dtype=np.float64)
        self._most = np.array(size if most is None else most, dtype=np.float64)
        self._used = 2 * i.shape[0]
        self._near = np.empty(2 * self._used + 1, dtype=np.int32)
        self._total = np.empty(2 * self._used + 1)
        self._start = np.zeros(self._n, dtype=np.intp)
        self._count = np.zeros(self._n, dtype=np.intp)
        self._keys = np.empty((2, 64), dtype=np.int32)
        self._sums = np.empty((2, 64))
        self._list_neighbours(i, j, value)

    @cython.cfunc
    def _list_neighbours(
        self, i: cython.longlong[::1], j: cython.longlong[::1], value: cython.double[::1]
    ):
        """Fill the block: of each row the neighbours in order. Sorted by neighbour, then by row."""
        m: cython.Py_ssize_t = i.shape[0]
        e: cython.Py_ssize_t
        k: cython.Py_ssize_t
        row: cython.Py_ssize_t
        order: cython.Py_ssize_t[::1] = np.empty(2 * m, dtype=np.intp)
        for e in range(m):
            self._count[i[e]] += 1
            self._count[j[e]] += 1
        for k in range(1, self._n):
            self._start[k] = self._start[k - 1] + self._count[k - 1]
        free: cython.Py_ssize_t[::1] = np.array(self._start)
        for e in range(2 * m):
            row = j[e] if e < m else i[e - m]
            order[free[row]] = e
            free[row] += 1
        free = np.array(self._start)
        for k in range(2 * m):
            e = order[k]
            row = i[e] if e < m else j[e - m]
            self._near[free[row]] = j[e] if e < m else i[e - m]
            self._total[free[row]] = value[e if e < m else e - m]
            free[row] += 1

    def merge_all(self, threshold: cython.double, meet: Any, join: Any) -> Any:
        """Merge clusters down to `threshold`, as `linkage.linking.sparse` does."""
        row: cython.Py_ssize_t
        a: cython.Py_ssize_t
        b: cython.Py_ssize_t
        asked: cython.Py_ssize_t
        best: cython.double
        bound: cython.double
        last: cython.Py_ssize_t = -1  # the cluster looked at last, if nothing changed since
        queue: _Queue = _Queue(self._n)
        for row in range(self._n):
            self._look(row)
            if self._best >= threshold:
                queue.push(-self._best, row)
        while queue.length:
            bound, a = queue.bounds[0], queue.rows[0]
            queue.pop()
            if self._count[a] < 0:
                continue
            if a != last:
                self._look(a)
                last = a
            best, b = self._best, self._nearest
            if best < threshold:
                continue
            if queue.is_ahead_of(-best, a):
                queue.push(-best, a)
                continue
            asked = a
            a, b = min(a, b), max(a, b)
            if meet(a, b, best):
                join(a, b)
                self.merge(a, b)
                self._look(a)
                last = a
                if self._best >= threshold:
                    queue.push(-self._best, a)
            else:
                self.forbid(a, b)
                queue.push(bound, asked)
                last = -1
        return self.roots()

    def roots(self) -> Any:
        """For each row the lowest of its cluster."""
        row: cython.Py_ssize_t
        for row in range(self._n):
            self._owner[row] = self._root(row)
        return np.array(self._owner, dtype=np.int64)

    @cython.cfunc
    def _look(self, a: cython.Py_ssize_t):
        """Find the highest average of a cluster and with whom; the lowest row among equals."""
        k: cython.Py_ssize_t
        mean: cython.double
        self._refresh(a)
        start: cython.Py_ssize_t = self._start[a]
        self._best, self._nearest = -np.inf, a
        for k in range(start, start + self._count[a]):
            mean = self._total[k] / self._n_pairs(a, self._near[k])
            if k == start or mean > self._best:
                self._best, self._nearest = mean, self._near[k]

    def merge(self, a: cython.Py_ssize_t, b: cython.Py_ssize_t) -> None:
        """Put cluster b into cluster a, a < b."""
        n: cython.Py_ssize_t = self._count[a] + self._count[b]
        self._owner[b] = a
        self._size[a] += self._size[b]
        self._most[a] = min(self._most[a], self._most[b])
        self._make_room(n)
        n = self._take(b, self._take(a, 0, a), a)
        self._start[a] = self._used
        self._count[a] = self._sum_equal(n, self._used)
        self._count[b] = -1
        self._used += self._count[a]

    def forbid(self, a: cython.Py_ssize_t, b: cython.Py_ssize_t) -> None:
        """Keep two clusters apart for good."""
        self._forbid_one(a, b)
        self._forbid_one(b, a)

    @cython.cfunc
    def _forbid_one(self, a: cython.Py_ssize_t, b: cython.Py_ssize_t):
        k: cython.Py_ssize_t
        self._refresh(a)
        for k in range(self._start[a], self._start[a] + self._count[a]):
            if self._near[k] == b:
                self._total[k] = -np.inf

    @cython.cfunc
    @cython.exceptval(check=False)
    def _n_pairs(self, a: cython.Py_ssize_t, b: cython.Py_ssize_t) -> cython.double:
        """How many pairs two clusters have, or can have had scored."""
        pairs: cython.double = self._size[a] * self._size[b]
        if not self._has_limit:
            return pairs
        most: cython.double = min(self._most[a], self._most[b])
        return min(pairs, most * min(self._size[a], self._size[b]))

    @cython.cfunc
    @cython.exceptval(check=False)
    def _root(self, row: cython.Py_ssize_t) -> cython.int:
        root: cython.Py_ssize_t = row
        above: cython.Py_ssize_t
        while self._owner[root] != root:
            root = self._owner[root]
        while self._owner[row] != root:
            above = self._owner[row]
            self._owner[row] = root
            row = above
        return root

    @cython.cfunc
    def _refresh(self, a: cython.Py_ssize_t):
        """Neighbours that have merged count as one."""
        k: cython.Py_ssize_t
        start: cython.Py_ssize_t = self._start[a]
        for k in range(start, start + self._count[a]):
            if self._owner[self._near[k]] != self._near[k]:
                self._count[a] = self._sum_equal(self._take(a, 0, a), start)
                return

    @cython.cfunc
    def _take(
        self, row: cython.Py_ssize_t, n: cython.Py_ssize_t, itself: cython.Py_ssize_t
    ) -> cython.Py_ssize_t:
        """Put a row's neighbours, by their clusters, behind the n taken before: how many now."""
        k: cython.Py_ssize_t
        root: cython.int
        start: cython.Py_ssize_t = self._start[row]
        least: cython.Py_ssize_t = n + self._count[row]
        if self._keys.shape[1] < least:
            keys, sums = self._keys, self._sums
            self._keys = np.empty((2, 2 * least), dtype=np.int32)
            self._sums = np.empty((2, 2 * least))
            self._keys[0, :n] = keys[0, :n]
            self._sums[0, :n] = sums[0, :n]
        for k in range(start, start + self._count[row]):
            root = self._root(self._near[k])
            if root != itself:
                self._keys[0, n] = root
                self._sums[0, n] = self._total[k]
                n += 1
        return n

    @cython.cfunc
    def _sum_equal(self, n: cython.Py_ssize_t, at: cython.Py_ssize_t) -> cython.Py_ssize_t:
        """Write the n taken at a place of the block, each neighbour once, in order: how many."""
        here: cython.Py_ssize_t = self._sort(n)
        keys: cython.int[::1] = self._keys[here]
        sums: cython.double[::1] = self._sums[here]
        k: cython.Py_ssize_t
        first: cython.Py_ssize_t = 0
        found: cython.Py_ssize_t = 0
        for k in range(1, n + 1):
            if k < n and keys[k] == keys[first]:
                continue
            self._near[at + found] = keys[first]
            self._total[at + found] = sums[first]
            if k > first + 1:
                self._total[at + found] = _total(sums, first, k)
            first = k
            found += 1
        return found

    @cython.cfunc
    def _sort(self, n: cython.Py_ssize_t) -> cython.Py_ssize_t:
        """Sort what was taken, equals in the order in which they stand: in which half it is now."""
        here: cython.Py_ssize_t = 0
        width: cython.Py_ssize_t = 1
        low: cython.Py_ssize_t
        while width < n:
            for low in range(0, n, 2 * width):
                _merge_sorted(
                    self._keys, self._sums, here, low, min(low + width, n), min(low + 2 * width, n)
                )
            here = 1 - here
            width *= 2
        return here

    @cython.cfunc
    def _make_room(self, n: cython.Py_ssize_t):
        """Have a place for n more neighbours at the end of the block."""
        row: cython.Py_ssize_t
        k: cython.Py_ssize_t
        used: cython.Py_ssize_t = 0
        if self._used + n <= self._near.shape[0]:
            return
        for row in range(self._n):
            used += max(self._count[row], 0)
        near: cython.int[::1] = np.empty(2 * (used + n), dtype=np.int32)
        total: cython.double[::1] = np.empty(2 * (used + n))
        used = 0
        for row in range(self._n):
            if self._count[row] >= 0:
                for k in range(self._count[row]):
                    near[used + k] = self._near[self._start[row] + k]
                    total[used + k] = self._total[self._start[row] + k]
                self._start[row] = used
                used += self._count[row]
        self._near, self._total, self._used = near, total, used


@cython.cfunc
@cython.exceptval(check=False)
def _merge_sorted(
    keys: cython.int[:, ::1],
    sums: cython.double[:, ::1],
    here: cython.Py_ssize_t,
    low: cython.Py_ssize_t,
    middle: cython.Py_ssize_t,
    high: cython.Py_ssize_t,
) -> cython.void:
    """Two sorted parts, one behind the other, as one in the other half."""
    left: cython.Py_ssize_t = low
    right: cython.Py_ssize_t = middle
    k: cython.Py_ssize_t
    for k in range(low, high):
        if right >= high or (left < middle and keys[here, left] <= keys[here, right]):
            keys[1 - here, k] = keys[here, left]
            sums[1 - here, k] = sums[here, left]
            left += 1
        else:
            keys[1 - here, k] = keys[here, right]
            sums[1 - here, k] = sums[here, right]
            right += 1


@cython.cfunc
def _total(numbers: cython.double[::1], first: cython.Py_ssize_t, end: cython.Py_ssize_t):
    """The sum of some numbers in the order in which NumPy adds, very many in pairs."""
    k: cython.Py_ssize_t
    rest: cython.double = 0.0
    if end - first > 8:
        return np.add.reduceat(np.asarray(numbers[first:end]), [0])[0]
    for k in range(first + 1, end):
        rest += numbers[k]
    return numbers[first] + rest
