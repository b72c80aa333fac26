"""What each feature adds to a pair's log-odds: exact Shapley values of boosted trees.

A feature's contribution is its Shapley value in the game "what does the tree say when only these
features are known", in which a node of an unknown feature passes on both children's answers,
weighted by how many leaves each holds (Lundberg et al. 2018, "Consistent individualized feature
attribution for tree ensembles", arXiv:1802.03888, the path-dependent form; trees here keep no
counts of training pairs, so every leaf counts alike).

On the way to one leaf the features multiply: a known one gives 1 or 0 (the pair takes that way or
not), an unknown one the share r of leaves that lie that way. The Shapley weights of such a product
are the integral over t in 0..1 of the other features' product of `known * t + r * (1 - t)`, a
polynomial of a degree below `MAX_LEAVES`, which Gauss-Legendre quadrature integrates exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.models.pair_model import PairModel
from linkage.models.trees import MAX_LEAVES, Tree

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(MAX_LEAVES // 2)
_T, _W = (_NODES + 1) / 2, _WEIGHTS / 2  # from -1..1 to 0..1


class Contributions(NamedTuple):
    """Log-odds of pairs taken apart: `base + values.sum(axis=1)` is what the model says.

    `base` is what it would say of a pair of which nothing is known; `values` has shape
    (n pairs, n features), in the order of the model's features.
    """

    base: float
    values: NDArray[np.float64]


def contributions(model: PairModel, X: NDArray[np.float32]) -> Contributions:
    """Take the log-odds of each row of X (n pairs, the model's features; NaN = missing) apart.

    A missing value is known to be missing: it has a contribution like any other.
    """
    values = np.zeros(X.shape)
    base = 0.0
    for tree in model.trees:
        leaves = tree.leaves()
        base += float(tree.value[leaves].mean())
        if len(leaves) > 1:
            _add_tree(values, tree, leaves, X)
    return Contributions(model.baseline + base / model.n_bags, values / model.n_bags)


def _add_tree(
    values: NDArray[np.float64], tree: Tree, leaves: list[int], X: NDArray[np.float32]
) -> None:
    """Add one tree's Shapley values to `values`, in place."""
    used = sorted({int(f) for f in tree.feature if f >= 0})
    known, share = _ways(tree, leaves, used, X)
    factor = known[..., np.newaxis] * _T + share[..., np.newaxis] * (1 - _T)  # pair, leaf, feature
    others = factor.prod(axis=2, keepdims=True) / factor
    gain = (others @ _W) * (known - share)
    values[:, used] += np.einsum("l,nlf->nf", tree.value[leaves], gain)


def _ways(
    tree: Tree, leaves: list[int], used: list[int], X: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each leaf and used feature: does a pair take all its turns to the leaf, and which share.

    Shapes (n pairs, n leaves, n used) and (n leaves, n used); 1 where a feature has no turn.
    """
    known = np.ones((len(X), len(leaves), len(used)))
    share = np.ones((len(leaves), len(used)))
    under, parent = _leaf_counts(tree), _parents(tree)
    x = X[:, tree.feature]  # a leaf's column is not looked at
    left = np.where(np.isnan(x), tree.missing_left, x <= tree.threshold)
    for row, leaf in enumerate(leaves):
        child = leaf
        while (node := parent[child]) >= 0:
            column = used.index(int(tree.feature[node]))
            known[:, row, column] *= left[:, node] == (child == tree.left[node])
            share[row, column] *= under[child] / under[node]
            child = node
    return known, share


def _parents(tree: Tree) -> list[int]:
    """The parent of each node, -1 for the root."""
    parent = np.full(len(tree.feature), -1)
    inner = np.flatnonzero(tree.feature >= 0)
    parent[tree.left[inner]] = parent[tree.right[inner]] = inner
    return [int(node) for node in parent]


def _leaf_counts(tree: Tree) -> NDArray[np.int64]:
    """Number of leaves under each node."""
    under = np.ones(len(tree.feature), dtype=np.int64)
    for node in range(len(under) - 1, -1, -1):  # children stand behind their parent
        if tree.feature[node] >= 0:
            under[node] = under[tree.left[node]] + under[tree.right[node]]
    return under
