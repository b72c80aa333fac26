# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""Rows of sparse matrices compared pair by pair, to be compiled.

The columns of each row are in order. Where it is not compiled `linkage.features.columns.Bags` and
`linkage.features.coauthors.Companies` do it by SciPy, the same to the last bit: both add up from
the lowest column to the highest. Pairs that have the first row in common should stand together:
`marked`, zeros (n columns,), is told once what it has.
"""

from __future__ import annotations

import cython


def products(
    ends: cython.int[::1],
    columns: cython.int[::1],
    weights: cython.double[::1],
    first: cython.int[::1],
    second: cython.int[::1],
    marked: cython.int[::1],
    total: cython.double[::1],
) -> None:
    """The inner product of rows `first[k]` and `second[k]` of one matrix, put into `total[k]`."""
    k: cython.Py_ssize_t
    i: cython.Py_ssize_t
    at: cython.int
    found: cython.double
    with cython.nogil:
        for k in range(first.shape[0]):
            if k == 0 or first[k] != first[k - 1]:
                if k:
                    for i in range(ends[first[k - 1]], ends[first[k - 1] + 1]):
                        marked[columns[i]] = 0
                for i in range(ends[first[k]], ends[first[k] + 1]):
                    marked[columns[i]] = i + 1
            found = 0.0
            for i in range(ends[second[k]], ends[second[k] + 1]):
                at = marked[columns[i]]
                if at:
                    found += weights[at - 1] * weights[i]
            total[k] = found


def shared(
    ends: cython.int[::1],
    columns: cython.int[::1],
    own_ends: cython.int[::1],
    own: cython.int[::1],
    nats: cython.double[::1],
    sides: cython.int[:, ::1],
    marked: cython.int[::1],
    count: cython.int[::1],
    total: cython.double[::1],
) -> None:
    """How many columns two rows of a matrix share, and their summed `nats`, but for those in `own`.

    Pair k is of rows `sides[0, k]` and `sides[2, k]`; columns in row `sides[1, k]` or `sides[3, k]`
    of `own` do not count.
    """
    k: cython.Py_ssize_t
    i: cython.Py_ssize_t
    m: cython.Py_ssize_t
    n: cython.int
    found: cython.double
    with cython.nogil:
        for k in range(sides.shape[1]):
            if k == 0 or sides[0, k] != sides[0, k - 1] or sides[1, k] != sides[1, k - 1]:
                if k:
                    _mark(ends, columns, sides[0, k - 1], 0, marked)
                _mark(ends, columns, sides[0, k], 1, marked)
                _mark(own_ends, own, sides[1, k], 0, marked)
            n, found = 0, 0.0
            for i in range(ends[sides[2, k]], ends[sides[2, k] + 1]):
                if marked[columns[i]]:
                    for m in range(own_ends[sides[3, k]], own_ends[sides[3, k] + 1]):
                        if own[m] == columns[i]:
                            break
                    else:
                        n += 1
                        found += nats[columns[i]]
            count[k], total[k] = n, found


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _mark(
    ends: cython.int[::1],
    columns: cython.int[::1],
    row: cython.Py_ssize_t,
    mark: cython.int,
    marked: cython.int[::1],
) -> cython.void:
    """Mark the columns of a row."""
    i: cython.Py_ssize_t
    for i in range(ends[row], ends[row + 1]):
        marked[columns[i]] = mark
