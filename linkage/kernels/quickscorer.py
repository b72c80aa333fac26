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
    X: cython.float[:, :],
    order: cython.Py_ssize_t[::1],
    tables: Any,
    alive: Leaves[:, ::1],
    total: cython.double[::1],
) -> None:
    """Sum of the trees' values for each row of X, put into `total` (n rows,).

    `tables` is a `linkage.models.trees.Tables`, `alive` its table of leaves. `order` has the places
    of its features, those first whose values change least from row to row: what they leave alive is
    kept, and found anew only from the first one on that says something else than in the row before.
    The interpreter's lock is given up, so that several threads score at once.
    """
    features: cython.Py_ssize_t[::1] = tables.features
    ends: cython.Py_ssize_t[::1] = tables.ends
    thresholds: cython.double[::1] = tables.thresholds
    values: cython.double[:, ::1] = tables.values
    lowest: cython.uchar[::1] = tables.lowest_bit
    n_trees: cython.Py_ssize_t = alive.shape[1]
    n_features: cython.Py_ssize_t = order.shape[0]
    row: cython.Py_ssize_t
    m: cython.Py_ssize_t
    k: cython.Py_ssize_t
    t: cython.Py_ssize_t
    at: cython.Py_ssize_t
    first: cython.Py_ssize_t
    x: cython.float
    if not n_trees:
        total[:] = 0.0
        return
    # row m + 1: what the first m + 1 features of the order leave alive
    kept: Leaves[:, ::1] = alive[: n_features + 1].copy()
    places: cython.Py_ssize_t[::1] = ends.copy()  # the row of `alive` that each of them says
    with cython.nogil:
        for row in range(X.shape[0]):
            first = n_features if row else 0
            for m in range(n_features):
                k = order[m]
                x = X[row, features[k]]
                if row and x == X[row - 1, features[k]]:
                    continue
                at = _rank(thresholds, ends[k], ends[k + 1], x) + 2 * k + 1
                if at != places[m]:
                    places[m] = at
                    if m < first:
                        first = m
            if row and first == n_features:
                total[row] = total[row - 1]
                continue
            for m in range(first, n_features):
                at = places[m]
                for t in range(n_trees):
                    kept[m + 1, t] = kept[m, t] & alive[at, t]
            total[row] = _sum(values, lowest, kept[n_features], 0, n_trees)


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
    values: cython.double[:, ::1],
    lowest: cython.uchar[::1],
    left: Leaves[::1],
    start: cython.Py_ssize_t,
    n: cython.Py_ssize_t,
) -> cython.double:
    """Add the values of the first leaves that are left of n trees.

    In the order in which NumPy adds: eight sums side by side, halves of many.
    """
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    half: cython.Py_ssize_t
    sums = cython.declare(cython.double[8], [0.0] * 8)
    total: cython.double = 0.0
    if n > 128:
        half = n // 2 - n // 2 % 8
        total = _sum(values, lowest, left, start, half)
        return total + _sum(values, lowest, left, start + half, n - half)
    rest: cython.Py_ssize_t = start + n - n % 8
    if n >= 8:
        for k in range(8):
            sums[k] = values[start + k, lowest[left[start + k]]]
        for i in range(start + 8, rest, 8):
            for k in range(8):
                sums[k] += values[i + k, lowest[left[i + k]]]
        total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + (
            (sums[4] + sums[5]) + (sums[6] + sums[7])
        )
    for i in range(rest, start + n):
        total += values[i, lowest[left[i]]]
    return total
