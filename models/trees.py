"""Boosted regression trees as flat arrays, and a fast exact way to add them up.

The evaluation is QuickScorer's (Lucchese et al., SIGIR 2015) over NumPy columns: a node that a
row fails strikes out the leaves under its left child; what a row's value of one feature strikes
out of all trees is looked up at once, by the value's rank among that feature's thresholds. The
first leaf that is left is the one the row falls into. Compiled, `linkage.kernels.quickscorer` does
the same row by row, to the last bit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.kernels import compiled

Leaves = NDArray[np.unsignedinteger[Any]]  # uint8 or uint16: a bit for each leaf of a tree
MAX_LEAVES = 16  # a tree's leaves are the bits of one uint16, of eight those of a uint8
_ROWS = 256  # rows scored together: the working set stays in cache
_SEEN = 2000  # rows that say which features change least
_MOST_NUMBERS = 1 << 27  # in the tables of a model, which grow with the square of its trees


@dataclass(frozen=True)
class Tree:
    """One tree. Node k is a leaf when `feature[k] < 0`; its value is then `value[k]`.

    Otherwise a row goes left when its feature is `<= threshold[k]`, or is missing and
    `missing_left[k]`.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]

    def to_lists(self) -> list[list[float]]:
        """Plain numbers, one list an attribute, for JSON."""
        columns = (
            self.feature,
            self.threshold,
            self.missing_left,
            self.left,
            self.right,
            self.value,
        )
        return [[int(x) if float(x).is_integer() else float(x) for x in c] for c in columns]

    @classmethod
    def from_lists(cls, lists: Sequence[Sequence[float]]) -> Tree:
        """Undo `to_lists`; raises ValueError when the lists can't be a tree."""
        kinds = (np.int32, np.float64, np.bool_, np.int32, np.int32, np.float64)
        if len({len(column) for column in lists}) != 1:
            raise ValueError("the lists of a tree differ in length")
        tree = cls(*(np.array(c, dtype=kind) for c, kind in zip(lists, kinds, strict=True)))
        if tree.feature.ndim != 1 or any(type(x) is not int for x in lists[0]):
            raise ValueError("the first list of a tree is not one of whole numbers")
        inner = np.flatnonzero(tree.feature >= 0)
        children = np.stack([tree.left[inner], tree.right[inner]])
        if (children <= inner).any():
            raise ValueError("a tree's children must stand behind their parent")
        if np.sort(children, axis=None).tolist() != list(range(1, len(tree.feature))):
            raise ValueError("each node of a tree but the first must have one parent")
        if np.isnan(tree.threshold).any() or not np.isfinite(tree.value).all():
            raise ValueError("a threshold or value of a tree is not a number")
        return tree

    def leaves(self) -> list[int]:
        """Leaf nodes from left to right."""
        feature, left, right = (part.tolist() for part in (self.feature, self.left, self.right))
        order, stack = [], [0]
        while stack:
            node = stack.pop()
            if feature[node] < 0:
                order.append(node)
            else:
                stack += [right[node], left[node]]
        return order

    def walk(self, row: NDArray[np.float32]) -> float:
        """The obvious evaluation of one row, which `TreeScorer` must equal."""
        node = 0
        while self.feature[node] >= 0:
            x = row[self.feature[node]]
            left = self.missing_left[node] if np.isnan(x) else x <= self.threshold[node]
            node = int(self.left[node] if left else self.right[node])
        return float(self.value[node])


class Alike(NamedTuple):
    """Rows of one `group` (n rows,) have equal values of the `features`, bool (n features,)."""

    features: NDArray[np.bool_]
    group: NDArray[np.int64]


class Tables(NamedTuple):
    """Many trees, by what a value of each feature leaves alive in all of them.

    `thresholds[ends[k] : ends[k + 1]]` are those of feature `features[k]` in all trees, in order.
    `alive` (rows x trees) has a bit for each leaf of each tree. Its first row has all; behind it
    stand the rows of each feature: one for each rank among its thresholds, from below the first to
    above the last, and one for a missing value. `values` (trees x leaves) are those of the leaves
    from left to right; `lowest_bit` of some bits is the first leaf alive.
    """

    features: NDArray[np.intp]
    ends: NDArray[np.intp]
    thresholds: NDArray[np.float64]
    alive: Leaves
    values: NDArray[np.float64]
    lowest_bit: NDArray[np.uint8]

    @classmethod
    def of(cls, trees: Sequence[Tree], n_features: int) -> Tables:
        """Raises ValueError where trees are too large or read a feature that is not there."""
        nodes = _nodes_by_feature(trees, n_features)
        width = sum(len({node.threshold for node in nodes[f]}) + 2 for f in nodes)
        if width * len(trees) > _MOST_NUMBERS:
            raise ValueError(f"{len(trees):,} trees with {width:,} thresholds are too many")
        leaves = [tree.value[tree.leaves()] for tree in trees]
        most = max(map(len, leaves), default=0)
        bits = 8 if most <= 8 else MAX_LEAVES
        values = np.zeros((len(trees), bits))
        for t, of_tree in enumerate(leaves):
            values[t, : len(of_tree)] = of_tree
        kind = np.uint8 if bits == 8 else np.uint16
        features = sorted(nodes)
        found = [_table(nodes[f], len(trees)) for f in features]
        everything = np.full((1, len(trees)), (1 << bits) - 1)
        return cls(
            np.array(features, dtype=np.intp),
            np.cumsum([0, *(len(thresholds) for thresholds, _ in found)], dtype=np.intp),
            np.concatenate([np.empty(0), *(thresholds for thresholds, _ in found)]),
            np.concatenate([everything, *(table for _, table in found)]).astype(kind),
            values,
            _lowest_bits(bits),
        )

    def rows(self, k: int) -> slice:
        """The rows of `alive` that are of the k-th feature."""
        return slice(int(self.ends[k]) + 2 * k + 1, int(self.ends[k + 1]) + 2 * k + 3)


class TreeScorer:
    """Adds up many trees for many rows. `n_features` is the width of the rows."""

    def __init__(self, trees: Sequence[Tree], n_features: int) -> None:
        self._tables = Tables.of(trees, n_features)
        self._first_value = np.arange(len(trees)) * self._tables.values.shape[1]

    def score(self, X: NDArray[np.float32], same: Alike | None = None) -> NDArray[np.float64]:
        """Sum of the trees' values for each row of X: float64 of shape (n rows,).

        `same`: what groups of rows have in common, which need not be looked up row by row.
        """
        kernel = compiled("quickscorer")
        if kernel is None or X.dtype != np.float32:
            return self.score_in_columns(X, same)
        total, tables = np.empty(len(X)), self._tables
        order = np.argsort(_changes(X)[tables.features], kind="stable")
        kernel.add_trees(np.require(X, requirements="W"), order, tables, tables.alive, total)
        return total

    def score_in_columns(
        self, X: NDArray[np.float32], same: Alike | None = None
    ) -> NDArray[np.float64]:
        """`score` by NumPy."""
        out = np.zeros(len(X))
        for start in range(0, len(X), _ROWS):
            rows = slice(start, start + _ROWS)
            group = None if same is None else same.group[rows]
            out[rows] = self._score_block(X[rows], None if same is None else same.features, group)
        return out

    def _score_block(
        self,
        X: NDArray[np.float32],
        shared: NDArray[np.bool_] | None,
        group: NDArray[np.int64] | None,
    ) -> NDArray[np.float64]:
        # what all rows have in common (pairs of the same two names) is looked up once
        alike = (X[0] == X).all(axis=0) | np.isnan(X).all(axis=0)
        alive = self._alive(X[:1], alike)
        if shared is not None and group is not None and not alike.all():
            _, first, place = np.unique(group, return_index=True, return_inverse=True)
            alive = (alive & self._alive(X[first], shared & ~alike))[place.ravel()]
            alike = alike | shared
        alive = alive & self._alive(X, ~alike)
        leaf = np.take(self._tables.lowest_bit, alive, mode="clip") + self._first_value
        total: NDArray[np.float64] = np.take(self._tables.values, leaf, mode="clip").sum(axis=1)
        return total

    def _alive(self, X: NDArray[np.float32], features: NDArray[np.bool_]) -> Leaves:
        """Which leaves of each tree some features leave alive, (n rows, n trees)."""
        tables = self._tables
        alive = np.repeat(tables.alive[:1], len(X), axis=0)
        kept = np.empty_like(alive)
        for k, f in enumerate(tables.features):
            if features[f]:
                rank = _rank(tables.thresholds[tables.ends[k] : tables.ends[k + 1]], X[:, f])
                np.take(tables.alive[tables.rows(k)], rank, axis=0, out=kept, mode="clip")
                np.bitwise_and(alive, kept, out=alive)
        return alive


def _changes(X: NDArray[np.float32]) -> NDArray[np.int64]:
    """How often the value of each feature changes from row to row, among the first rows."""
    bits = X[:_SEEN].view(np.int32)  # a missing value is as the one before
    found: NDArray[np.int64] = (bits[1:] != bits[:-1]).sum(axis=0)
    return found


def _rank(thresholds: NDArray[np.float64], x: NDArray[np.float32]) -> NDArray[np.int64]:
    """The row of a feature's table for each of its values."""
    rank = np.searchsorted(thresholds, x, side="left")
    rank[np.isnan(x)] = len(thresholds) + 1
    return rank


def _nodes_by_feature(trees: Sequence[Tree], n_features: int) -> dict[int, list[_Node]]:
    nodes: dict[int, list[_Node]] = defaultdict(list)
    for t, tree in enumerate(trees):
        leaves = tree.leaves()
        if len(leaves) > MAX_LEAVES:
            raise ValueError(f"a tree has {len(leaves)} leaves, at most {MAX_LEAVES} expected")
        for node, struck in _struck_leaves(tree, leaves).items():
            f = int(tree.feature[node])
            if f >= n_features:
                raise ValueError(f"a tree reads feature {f}, the rows have {n_features}")
            threshold, missing_left = float(tree.threshold[node]), bool(tree.missing_left[node])
            nodes[f].append(_Node(threshold, missing_left, t, struck))
    return nodes


class _Node(NamedTuple):
    threshold: float
    missing_left: bool
    tree: int
    struck: int  # bits of the leaves that a row going right can't reach


def _lowest_bits(most: int) -> NDArray[np.uint8]:
    """For each number of so many bits the place of the lowest that is set; 0 for none."""
    numbers = np.arange(1 << most)
    found = np.zeros(len(numbers), dtype=np.uint8)
    for place in reversed(range(most)):
        found[numbers >> place & 1 == 1] = place
    return found


def _struck_leaves(tree: Tree, leaves: list[int]) -> dict[int, int]:
    """For each inner node, the bits of the leaves under its left child."""
    position = {node: k for k, node in enumerate(leaves)}
    feature, left, right = (part.tolist() for part in (tree.feature, tree.left, tree.right))
    under: dict[int, int] = {}
    for node in range(len(feature) - 1, -1, -1):  # children stand behind their parent
        if feature[node] < 0:
            under[node] = 1 << position[node] if node in position else 0
        else:
            under[node] = under[left[node]] | under[right[node]]
    return {node: under[left[node]] for node in range(len(feature)) if feature[node] >= 0}


def _table(nodes: list[_Node], n_trees: int) -> tuple[NDArray[np.float64], NDArray[np.uint16]]:
    """One feature's thresholds, and which leaves each rank among them leaves alive in every tree.

    A value of rank r is greater than the first r thresholds, so it fails their nodes. The last
    row is for missing values.
    """
    thresholds = np.unique([node.threshold for node in nodes])
    table = np.full((len(thresholds) + 2, n_trees), 0xFFFF, dtype=np.uint16)
    for node in nodes:
        keep = np.uint16(~node.struck & 0xFFFF)
        first = int(np.searchsorted(thresholds, node.threshold)) + 1
        table[first:-1, node.tree] &= keep
        if not node.missing_left:
            table[-1, node.tree] &= keep
    return thresholds, table
