# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""The scoring of many trees, to be compiled.

What it does `linkage.models.trees` does by NumPy where it is not compiled, to the last bit.
"""

from __future__ import annotations

from typing import Any

import cython

Leaves = cython.fused_type(cython.uchar, cython.ushort)  # a bit for each leaf of a tree


def add_trees(
    X: cython.float[:, :], tables: Any, alive: Leaves[:, ::1], total: cython.double[::1]
) -> None:
    """Sum of the trees' values for each row of X, put into `total` (n rows,).

    `tables` is a `linkage.models.trees.Tables`, `alive` its table of leaves. The interpreter's lock
    is given up, so that several threads score at once.
    """
    features: cython.Py_ssize_t[::1] = tables.features
    ends: cython.Py_ssize_t[::1] = tables.ends
    thresholds: cython.double[::1] = tables.thresholds
    values: cython.double[:, ::1] = tables.values
    lowest: cython.uchar[::1] = tables.lowest_bit
    n_trees: cython.Py_ssize_t = alive.shape[1]
    row: cython.Py_ssize_t
    k: cython.Py_ssize_t
    t: cython.Py_ssize_t
    at: cython.Py_ssize_t
    if not n_trees:
        total[:] = 0.0
        return
    left: Leaves[::1] = alive[0].copy()
    value: cython.double[::1] = values[:, 0].copy()
    with cython.nogil:
        for row in range(X.shape[0]):
            for t in range(n_trees):
                left[t] = alive[0, t]
            for k in range(features.shape[0]):
                at = _rank(thresholds, ends[k], ends[k + 1], X[row, features[k]]) + 2 * k + 1
                for t in range(n_trees):
                    left[t] &= alive[at, t]
            for t in range(n_trees):
                value[t] = values[t, lowest[left[t]]]
            total[row] = _sum(value, 0, n_trees)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _rank(
    thresholds: cython.double[::1],
    low: cython.Py_ssize_t,
    high: cython.Py_ssize_t,
    x: cython.double,
) -> cython.Py_ssize_t:
    """The first place from `low` on of a threshold not below x; behind `high` if x is missing."""
    middle: cython.Py_ssize_t
    if x != x:
        return high + 1
    while low < high:
        middle = (low + high) // 2
        if thresholds[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _sum(
    numbers: cython.double[::1], start: cython.Py_ssize_t, n: cython.Py_ssize_t
) -> cython.double:
    """Add n numbers in the order in which NumPy adds: eight sums side by side, halves of many."""
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    half: cython.Py_ssize_t
    sums = cython.declare(cython.double[8], [0.0] * 8)
    total: cython.double = 0.0
    if n > 128:
        half = n // 2 - n // 2 % 8
        return _sum(numbers, start, half) + _sum(numbers, start + half, n - half)
    rest: cython.Py_ssize_t = n - n % 8
    if rest:
        for k in range(8):
            sums[k] = numbers[start + k]
        for i in range(8, rest, 8):
            for k in range(8):
                sums[k] += numbers[start + i + k]
        total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + (
            (sums[4] + sums[5]) + (sums[6] + sums[7])
        )
    for i in range(rest, n):
        total += numbers[start + i]
    return total
