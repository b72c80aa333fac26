"""From pair probabilities to clusters: average linkage in which a veto holds for whole clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Indices = NDArray[np.int64]


class ScoredPairs(NamedTuple):
    """Pairs of row numbers `i < j` with a probability each; `vetoed` pairs may never meet.

    All four of shape (n pairs,); each pair at most once.
    """

    i: Indices
    j: Indices
    probability: NDArray[np.float64]
    vetoed: NDArray[np.bool_]


def components(n: int, i: Indices, j: Indices) -> Indices:
    """Connected components of n nodes under the edges (i, j): a label for each node, shape (n,)."""
    graph = coo_array((np.ones(len(i), dtype=np.int8), (i, j)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def inner_pairs(label: Indices, least: int = 2, most: int | None = None) -> Indices:
    """All pairs inside the groups of rows of one label, coded as i * n + j with i < j.

    Of groups of `least` to `most` rows; None is any size. `label` has the shape (n,).
    """
    n = len(label)
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    sizes = np.diff(starts, append=n)
    chosen = (sizes >= least) & (sizes <= (n if most is None else most))
    codes = [np.empty(0, dtype=np.int64)]
    for start, size in zip(starts[chosen].tolist(), sizes[chosen].tolist(), strict=True):
        members = order[start : start + size]
        a, b = np.triu_indices(size, k=1)
        codes.append(members[a] * n + members[b])
    return np.concatenate(codes)


def average_linkage(n: int, pairs: ScoredPairs, threshold: float) -> Indices:
    """Cluster n rows; returns for each the lowest row number of its cluster, int64 of shape (n,).

    Clusters are merged greedily, the highest average probability over all cross pairs first, down
    to `threshold`; a pair that was not scored counts as 0. A vetoed pair keeps the two clusters
    that hold its sides apart for good (its similarity is minus infinity, and so is every average
    that it enters). Ties go to the lowest row numbers.
    Source: UPGMA, Sokal & Michener (1958), updated after Lance & Williams (1967).
    """
    strong = (pairs.probability >= threshold) & ~pairs.vetoed
    label = components(n, pairs.i[strong], pairs.j[strong])
    result = np.arange(n, dtype=np.int64)
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    sizes = np.diff(starts, append=n)
    of_two = starts[sizes == 2]  # most of them, joined by the one pair between them
    result[order[of_two + 1]] = order[of_two]
    larger = [order[at : at + k] for at, k in zip(starts, sizes, strict=True) if k > 2]
    for members, inside in _with_inner_pairs(larger, label, pairs):
        similarity = _similarity_matrix(members, pairs, inside)
        result[members] = members[_merge_all(similarity, threshold)]
    return result


def _with_inner_pairs(
    groups: Sequence[Indices], label: Indices, pairs: ScoredPairs
) -> Iterator[tuple[Indices, Indices]]:
    """Each group of the rows of one label, and the positions of its inner pairs."""
    inner = np.flatnonzero(label[pairs.i] == label[pairs.j])
    inner = inner[np.argsort(label[pairs.i[inner]], kind="stable")]
    owner = label[pairs.i[inner]]
    for members in groups:
        component = label[members[0]]
        low, high = np.searchsorted(owner, [component, component + 1])
        yield members, inner[low:high]


def _similarity_matrix(
    members: Indices, pairs: ScoredPairs, inside: Indices
) -> NDArray[np.float64]:
    a = np.searchsorted(members, pairs.i[inside])
    b = np.searchsorted(members, pairs.j[inside])
    value = np.where(pairs.vetoed[inside], -np.inf, pairs.probability[inside])
    matrix = np.zeros((len(members), len(members)))
    matrix[a, b] = matrix[b, a] = value
    np.fill_diagonal(matrix, -np.inf)
    return matrix


def _merge_all(similarity: NDArray[np.float64], threshold: float) -> Indices:
    """Greedy average linkage on a dense matrix (overwritten): for each row its cluster's first row.

    `best` is an upper bound of each row's highest similarity: an average is never above both its
    parts, so a row whose best partner was merged needs a new look only when its turn comes.
    Source: the generic clustering algorithm of Müllner (2011), arXiv:1109.2378.
    """
    m = len(similarity)
    size = np.ones(m)
    owner = np.arange(m)
    best = similarity.max(axis=1)
    stale = np.zeros(m, dtype=bool)
    while True:
        a = int(np.argmax(best))
        if not best[a] >= threshold:
            return owner
        if stale[a]:
            best[a], stale[a] = similarity[a].max(), False
            continue
        b = int(np.argmax(similarity[a]))
        a, b = min(a, b), max(a, b)
        merged = (size[a] * similarity[a] + size[b] * similarity[b]) / (size[a] + size[b])
        merged[[a, b]] = -np.inf
        stale |= (best == similarity[a]) | (best == similarity[b])
        similarity[a] = similarity[:, a] = merged
        similarity[b] = similarity[:, b] = -np.inf
        size[a] += size[b]
        owner[owner == b] = a
        best[[a, b]] = merged.max(), -np.inf
        stale[[a, b]] = False
        np.maximum(best, similarity[a], out=best)
