"""From pair probabilities to clusters: average linkage in which a veto holds for whole clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.kernels import compiled

Indices = NDArray[np.int64]


MOST_DENSE = 1_000  # rows of a component clustered on a full matrix: 8 MB
_EDGES = 1_000_000  # of a graph, looked at together
_FEW_ROWS = 30  # of a component that is clustered by going over all its pairs


class ScoredPairs(NamedTuple):
    """Pairs of row numbers `i < j` with a probability each; `vetoed` pairs may never meet.

    All four of shape (n pairs,); each pair at most once.
    """

    i: Indices
    j: Indices
    probability: NDArray[np.float64]
    vetoed: NDArray[np.bool_]

    def some(self, rows: NDArray[Any]) -> ScoredPairs:
        """Only the pairs `rows`: positions, or a mask."""
        columns = (self.i[rows], self.j[rows], self.probability[rows], self.vetoed[rows])
        return ScoredPairs(*columns)


def components(n: int, i: Indices, j: Indices) -> Indices:
    """Connected components of n nodes under the edges (i, j): a label for each node, shape (n,)."""
    label = np.arange(n)
    for start in range(0, max(len(i), 1), _EDGES):  # components of the components found before
        a, b = label[i[start : start + _EDGES]], label[j[start : start + _EDGES]]
        m = int(label.max(initial=-1)) + 1
        graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(m, m))
        label = connected_components(graph, directed=False)[1][label]
    return np.asarray(label, dtype=np.int64)


def inner_pairs(label: Indices, least: int = 2, most: int | None = None) -> Indices:
    """All pairs inside the groups of rows of one label, coded as i * n + j with i < j.

    Of groups of `least` to `most` rows; None is any size. `label` has the shape (n,).
    """
    n = len(label)
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    sizes = np.diff(starts, append=n)
    chosen = (sizes >= least) & (sizes <= (n if most is None else most))
    starts, sizes = starts[chosen], sizes[chosen]
    ends = np.cumsum(sizes * (sizes - 1) // 2)
    codes = np.empty(ends[-1] if len(ends) else 0, dtype=np.int64)
    for size in np.unique(sizes).tolist():  # all groups of one size at once
        a, b = np.triu_indices(size, k=1)
        some = np.flatnonzero(sizes == size)[:, np.newaxis]
        places = ends[some] - len(a) + np.arange(len(a))
        codes[places] = order[starts[some] + a] * n + order[starts[some] + b]
    return codes


def average_linkage(
    n: int, pairs: ScoredPairs, threshold: float, weight: NDArray[np.float64] | None = None
) -> Indices:
    """Cluster n rows; returns for each the lowest row number of its cluster, int64 of shape (n,).

    Clusters are merged greedily, the highest average probability over all cross pairs first, down
    to `threshold`; a pair that was not scored counts as 0. A vetoed pair keeps the two clusters
    that hold its sides apart for good (its similarity is minus infinity, and so is every average
    that it enters). Ties go to the lowest row numbers. `weight`: as how many rows each counts, of
    shape (n,); None: as one.
    Source: UPGMA, Sokal & Michener (1958), updated after Lance & Williams (1967).
    """
    weight = np.ones(n) if weight is None else weight
    strong = (pairs.probability >= threshold) & ~pairs.vetoed
    label = components(n, pairs.i[strong], pairs.j[strong])
    result = np.arange(n, dtype=np.int64)
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    sizes = np.diff(starts, append=n)
    of_two = starts[sizes == 2]  # most of them, joined by the one pair between them
    result[order[of_two + 1]] = order[of_two]
    most = _merge_small(result, pairs, label, (order, starts, sizes), weight, threshold)
    larger = [order[at : at + k] for at, k in zip(starts, sizes, strict=True) if k > most]
    for members, inside in _with_inner_pairs(larger, label, pairs):
        inner = _pairs_among(members, pairs, inside)
        merge = _merge_all if len(members) <= MOST_DENSE else _merge_sparse
        result[members] = members[merge(inner, weight[members], threshold)]
    return result


def _merge_small(
    result: Indices,
    pairs: ScoredPairs,
    label: Indices,
    groups: tuple[Indices, Indices, Indices],
    weight: NDArray[np.float64],
    threshold: float,
) -> int:
    """Put the clusters of all small components into `result`: up to how many rows these have.

    `groups`: rows in order of their components, where each begins and how many it has.
    """
    module = compiled("small_clusters")
    if module is None:
        return 2
    order, starts, sizes = groups
    chosen = (sizes > 2) & (sizes <= _FEW_ROWS)
    rows = order[np.repeat(chosen, sizes)]
    place = np.empty(len(label), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(starts, sizes)  # in its component
    small = np.zeros(len(label), dtype=bool)
    small[rows] = True
    inner = np.flatnonzero(small[pairs.i] & (label[pairs.i] == label[pairs.j]))
    inner = inner[np.argsort(label[pairs.i[inner]], kind="stable")]
    i, j = pairs.i[inner], pairs.j[inner]
    counts = np.bincount(label[i], minlength=len(sizes))[chosen]
    value = np.where(pairs.vetoed[inner], -np.inf, pairs.probability[inner])
    first = module.merge_each(
        sizes[chosen], weight[rows], counts, place[i], place[j], value, threshold
    )
    result[rows] = order[np.repeat(starts[chosen], sizes[chosen]) + first]
    return _FEW_ROWS


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


def _pairs_among(members: Indices, pairs: ScoredPairs, inside: Indices) -> ScoredPairs:
    """The pairs `inside` a component, by position among its members."""
    i, j = (np.searchsorted(members, side[inside]) for side in (pairs.i, pairs.j))
    return ScoredPairs(i, j, pairs.probability[inside], pairs.vetoed[inside])


def _merge_sparse(pairs: ScoredPairs, weight: NDArray[np.float64], threshold: float) -> Indices:
    """`_merge_all` in memory that follows the pairs, for components that are far from full."""
    from linkage.linking.sparse import SparseLinkage  # it is built on this file

    linkage = SparseLinkage(len(weight), pairs, weight=weight)
    return linkage.merge(threshold, meet=lambda _a, _b, _mean: True, join=lambda _a, _b: None)


def _similarity_matrix(n: int, pairs: ScoredPairs) -> NDArray[np.float64]:
    value = np.where(pairs.vetoed, -np.inf, pairs.probability)
    matrix = np.zeros((n, n))
    matrix[pairs.i, pairs.j] = matrix[pairs.j, pairs.i] = value
    np.fill_diagonal(matrix, -np.inf)
    return matrix


def _merge_all(pairs: ScoredPairs, weight: NDArray[np.float64], threshold: float) -> Indices:
    """Greedy average linkage on a dense matrix: for each row its cluster's first row.

    `best` is an upper bound of each row's highest similarity: an average is never above both its
    parts, so a row whose best partner was merged needs a new look only when its turn comes.
    Source: the generic clustering algorithm of Müllner (2011), arXiv:1109.2378.
    """
    m = len(weight)
    similarity = _similarity_matrix(m, pairs)
    size = weight.astype(float)
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
