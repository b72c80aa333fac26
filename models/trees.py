"""Boosted regression trees as flat arrays, and a fast exact way to add them up.

The evaluation is QuickScorer's (Lucchese et al., SIGIR 2015) over NumPy columns: a node that a
row fails strikes out the leaves under its left child; what a row's value of one feature strikes
out of all trees is looked up at once, by the value's rank among that feature's thresholds. The
first leaf that is left is the one the row falls into.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_LEAVES = 16  # a tree's leaves are the bits of one uint16
_ROWS = 256  # rows scored together: the working set stays in cache
_ALL = 0xFFFF
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
        order, stack = [], [0]
        while stack:
            node = stack.pop()
            if self.feature[node] < 0:
                order.append(node)
            else:
                stack += [int(self.right[node]), int(self.left[node])]
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


class TreeScorer:
    """Adds up many trees for many rows. `n_features` is the width of the rows."""

    def __init__(self, trees: Sequence[Tree], n_features: int) -> None:
        self._n_trees = len(trees)
        self._values = np.zeros((self._n_trees, MAX_LEAVES))
        nodes: dict[int, list[_Node]] = defaultdict(list)
        for t, tree in enumerate(trees):
            leaves = tree.leaves()
            if len(leaves) > MAX_LEAVES:
                raise ValueError(f"a tree has {len(leaves)} leaves, at most {MAX_LEAVES} expected")
            self._values[t, : len(leaves)] = tree.value[leaves]
            for node, struck in _struck_leaves(tree, leaves).items():
                f = int(tree.feature[node])
                if f >= n_features:
                    raise ValueError(f"a tree reads feature {f}, the rows have {n_features}")
                threshold, missing_left = float(tree.threshold[node]), bool(tree.missing_left[node])
                nodes[f].append(_Node(threshold, missing_left, t, struck))
        width = sum(len({node.threshold for node in nodes[f]}) + 2 for f in nodes)
        if width * self._n_trees > _MOST_NUMBERS:
            raise ValueError(f"{self._n_trees:,} trees with {width:,} thresholds are too many")
        self._tables = [(f, *_table(nodes[f], self._n_trees)) for f in sorted(nodes)]
        self._lowest_bit = np.array([_lowest_bit(bits) for bits in range(_ALL + 1)], dtype=np.uint8)
        self._first_value = np.arange(self._n_trees) * MAX_LEAVES

    def score(self, X: NDArray[np.float32], same: Alike | None = None) -> NDArray[np.float64]:
        """Sum of the trees' values for each row of X: float64 of shape (n rows,).

        `same`: what groups of rows have in common, which is looked up once a group.
        """
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
        leaf = np.take(self._lowest_bit, alive, mode="clip") + self._first_value
        total: NDArray[np.float64] = np.take(self._values, leaf, mode="clip").sum(axis=1)
        return total

    def _alive(self, X: NDArray[np.float32], features: NDArray[np.bool_]) -> NDArray[np.uint16]:
        """Which leaves of each tree some features leave alive, (n rows, n trees)."""
        alive = np.full((len(X), self._n_trees), _ALL, dtype=np.uint16)
        kept = np.empty_like(alive)
        for f, thresholds, table in self._tables:
            if features[f]:
                np.take(table, _rank(thresholds, X[:, f]), axis=0, out=kept, mode="clip")
                np.bitwise_and(alive, kept, out=alive)
        return alive


def _rank(thresholds: NDArray[np.float64], x: NDArray[np.float32]) -> NDArray[np.int64]:
    """The row of a feature's table for each of its values."""
    rank = np.searchsorted(thresholds, x, side="left")
    rank[np.isnan(x)] = len(thresholds) + 1
    return rank


class _Node(NamedTuple):
    threshold: float
    missing_left: bool
    tree: int
    struck: int  # bits of the leaves that a row going right can't reach


def _lowest_bit(bits: int) -> int:
    return max((bits & -bits).bit_length() - 1, 0)


def _struck_leaves(tree: Tree, leaves: list[int]) -> dict[int, int]:
    """For each inner node, the bits of the leaves under its left child."""
    position = {node: k for k, node in enumerate(leaves)}
    under: dict[int, int] = {}
    for node in range(len(tree.feature) - 1, -1, -1):  # children stand behind their parent
        if tree.feature[node] < 0:
            under[node] = 1 << position[node] if node in position else 0
        else:
            under[node] = under[int(tree.left[node])] | under[int(tree.right[node])]
    return {n: under[int(tree.left[n])] for n in range(len(tree.feature)) if tree.feature[n] >= 0}


def _table(nodes: list[_Node], n_trees: int) -> tuple[NDArray[np.float64], NDArray[np.uint16]]:
    """One feature's thresholds, and which leaves each rank among them leaves alive in every tree.

    A value of rank r is greater than the first r thresholds, so it fails their nodes. The last
    row is for missing values.
    """
    thresholds = np.unique([node.threshold for node in nodes])
    table = np.full((len(thresholds) + 2, n_trees), _ALL, dtype=np.uint16)
    for node in nodes:
        keep = np.uint16(_ALL & ~node.struck)
        first = int(np.searchsorted(thresholds, node.threshold)) + 1
        table[first:-1, node.tree] &= keep
        if not node.missing_left:
            table[-1, node.tree] &= keep
    return thresholds, table
