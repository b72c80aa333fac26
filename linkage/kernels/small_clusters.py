# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""Average linkage of very many small components, to be compiled.

What it does `linkage.linking.clustering` does for each where it is not compiled, to the last bit.
"""

from __future__ import annotations

from typing import Any

import cython
import numpy as np


def merge_each(
    sizes: cython.longlong[:],
    weights: cython.double[:],
    n_pairs: cython.longlong[:],
    i: cython.longlong[:],
    j: cython.longlong[:],
    value: cython.double[:],
    threshold: cython.double,
) -> Any:
    """For each row the first of its cluster in its component, counted from that one's first row.

    Components stand one behind the other: `sizes` (k,) rows, of `weights` (n,), with `n_pairs` (k,)
    pairs each; i, j (m,) are rows of the component, `value` their probability or minus infinity.
    """
    owner: cython.longlong[:] = np.empty(weights.shape[0], dtype=np.int64)
    most: cython.Py_ssize_t = max(sizes) if len(sizes) else 0
    similarity: cython.double[:, ::1] = np.empty((most, most))
    size: cython.double[::1] = np.empty(most)
    c: cython.Py_ssize_t
    k: cython.Py_ssize_t
    n: cython.Py_ssize_t
    row: cython.Py_ssize_t = 0
    pair: cython.Py_ssize_t = 0
    for c in range(sizes.shape[0]):
        n = sizes[c]
        similarity[:n, :n] = 0.0
        for k in range(n):
            similarity[k, k] = -np.inf
            size[k] = weights[row + k]
            owner[row + k] = k
        for k in range(pair, pair + n_pairs[c]):
            similarity[i[k], j[k]] = similarity[j[k], i[k]] = value[k]
        _merge(similarity, size, owner[row : row + n], threshold)
        row += n
        pair += n_pairs[c]
    return np.asarray(owner)


@cython.cfunc
def _merge(
    similarity: cython.double[:, ::1],
    size: cython.double[::1],
    owner: cython.longlong[:],
    threshold: cython.double,
):
    """Merge the two of the highest average, of equals the lowest rows, down to the threshold."""
    n: cython.Py_ssize_t = owner.shape[0]
    a: cython.Py_ssize_t
    b: cython.Py_ssize_t
    k: cython.Py_ssize_t
    m: cython.Py_ssize_t
    best: cython.double
    mean: cython.double
    while True:
        best, a, b = -np.inf, 0, 0
        for k in range(n):
            for m in range(k + 1, n):
                if similarity[k, m] > best:
                    best, a, b = similarity[k, m], k, m
        if not (best >= threshold and b > a):
            return
        for k in range(n):
            mean = (size[a] * similarity[a, k] + size[b] * similarity[b, k]) / (size[a] + size[b])
            similarity[a, k] = similarity[k, a] = mean
            similarity[b, k] = similarity[k, b] = -np.inf
            if owner[k] == b:
                owner[k] = a
        similarity[a, a] = -np.inf
        size[a] += size[b]
