"""Edges of a graph on which a connection hangs alone: bridges, and how much they hold together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from linkage.linking.clustering import Indices, components

_Labels = NDArray[np.uint64]


def bridge_sides(n: int, i: Indices, j: Indices, weight: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each edge the weight of the lighter part that falls apart without it; 0 for no bridge.

    Edges join nodes i and j (0..n - 1, distinct edges); `weight` (n,) is what a node counts for.
    An edge is no bridge where a circle of edges goes through it.
    Source: each edge beside the search tree gets a random number, each edge of the tree the
    exclusive or of those that go around it; bridges have none (Pritchard & Thurimella 2011).
    """
    sides = np.zeros(len(i), dtype=np.int64)
    if not len(i):
        return sides
    order, parent = _search(n, i, j)
    place = np.empty(n + 1, dtype=np.int64)
    place[order] = np.arange(n + 1)
    up, down = _by_depth(i, j, place)
    in_tree = parent[down] == up
    label = np.zeros(n + 1, dtype=np.uint64)
    beside = np.flatnonzero(~in_tree)
    for ends in (up, down):
        np.bitwise_xor.at(label, ends[beside], _random(beside))
    total = np.append(weight, 0).astype(np.int64)
    for nodes in _levels_from_below(order, parent, place):
        starts = np.flatnonzero(np.diff(parent[nodes], prepend=-1))
        above = parent[nodes[starts]]
        label[above] ^= np.bitwise_xor.reduceat(label[nodes], starts)
        total[above] += np.add.reduceat(total[nodes], starts)
    whole = _weight_of_component(n, i, j, weight)
    rows = np.flatnonzero(in_tree & (label[down] == 0))
    sides[rows] = np.minimum(total[down[rows]], whole[down[rows]] - total[down[rows]])
    return sides


def _search(n: int, i: Indices, j: Indices) -> tuple[Indices, Indices]:
    """Nodes in the order of a breadth-first search, and the parent of each; node n is the root.

    The root is joined to one node of each component.
    """
    first = np.unique(components(n, i, j), return_index=True)[1]
    rows, columns = np.append(i, first), np.append(j, np.full(len(first), n))
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(n + 1, n + 1))
    order, parent = breadth_first_order(graph.tocsr(), n, directed=False)
    return order.astype(np.int64), parent.astype(np.int64)


def _by_depth(i: Indices, j: Indices, place: Indices) -> tuple[Indices, Indices]:
    """The ends of each edge, the one that was found first and the other."""
    first = place[i] < place[j]
    return np.where(first, i, j), np.where(first, j, i)


def _random(rows: Indices) -> _Labels:
    """A number of 64 bits for each row, always the same (the mixer of splitmix64)."""
    z = (rows.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: _Labels = z ^ (z >> np.uint64(31))
    return mixed


def _levels_from_below(order: Indices, parent: Indices, place: Indices) -> Iterator[Indices]:
    """The nodes of each depth, the deepest first, without the root; siblings side by side."""
    above = place[parent[order[1:]]]  # never falls in this order
    ends = [1]
    while ends[-1] < len(order):
        ends.append(1 + int(np.searchsorted(above, ends[-1])))
    for start, end in zip(ends[-2::-1], ends[:0:-1], strict=True):
        yield order[start:end]


def _weight_of_component(
    n: int, i: Indices, j: Indices, weight: NDArray[np.int64]
) -> NDArray[np.int64]:
    label = components(n, i, j)
    whole: NDArray[np.int64] = np.bincount(label, weight).astype(np.int64)[label]
    return whole
