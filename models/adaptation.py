"""Adapt a trained model to few labelled pairs: its trees keep their splits, the leaves new values.

What a leaf adds to the log-odds gets a normal prior around the trained value; the labels move the
leaves that their pairs fall into, and so all pairs that fall into the same ones. With the mean of
the prior at the trained model this is maximum a posteriori adaptation (Chelba & Acero 2004,
"Adaptation of maximum entropy capitalizer: little data can help a lot"). It is found in its dual
form, logistic regression with a kernel: the share of trees in which two pairs fall into one leaf.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from linkage.errors import InputError
from linkage.models.pair_model import PairModel
from linkage.models.trees import Tree

# Prior variance of a pair's log-odds. Of 1, 4, 8 and 16, and of shifting or scaling all log-odds
# besides or instead, this did best with 30 to 300 labels of sets that the model had not seen.
_VARIANCE = 4.0
_MOST_STEPS = 100
_CLOSE = 1e-10  # a step that changes the dual weights by less is the last

Floats = NDArray[np.float64]
Leaves = NDArray[np.int16]


def adapt(model: PairModel, X: NDArray[np.float32], y: NDArray[np.bool_]) -> PairModel:
    """The model after it has seen some pairs: X (n pairs, the model's features), y: are they same.

    A handful of labels changes it a little, in their neighbourhood; the threshold stays. The same
    pairs in the same order give the same model. Raises `InputError` without any pair.
    """
    if not len(y):
        raise InputError("found no labelled pair to learn from, expected at least one")
    fallen = leaves(model, X)
    kernel = _VARIANCE * similarity(fallen, fallen).astype(np.float64)
    with threadpool_limits(limits=1):
        weight = _dual_weights(kernel, model.log_odds(X), y.astype(np.float64))
    scale = _VARIANCE * model.n_bags / len(model.trees)
    trees = tuple(
        _move_leaves(tree, fallen[:, t], scale * weight) for t, tree in enumerate(model.trees)
    )
    labels = {"pairs": len(y), "same": int(y.sum())}
    return replace(model, trees=trees, about={**model.about, "adapted_to": labels})


def leaves(model: PairModel, X: NDArray[np.float32]) -> Leaves:
    """The node of each tree in which each row of X ends: shape (n rows, n trees)."""
    return np.stack([_leaves_of(tree, X) for tree in model.trees], axis=1)


def similarity(left: Leaves, right: Leaves) -> NDArray[np.float32]:
    """In which share of the trees two rows end in one leaf: shape (n left, n right), in 0..1."""
    shared = np.zeros((len(left), len(right)), dtype=np.float32)
    for t in range(left.shape[1]):
        shared += left[:, t, np.newaxis] == right[np.newaxis, :, t]
    return np.asarray(shared / left.shape[1], dtype=np.float32)


def _leaves_of(tree: Tree, X: NDArray[np.float32]) -> Leaves:
    node = np.zeros(len(X), dtype=np.int16)
    rows = np.arange(len(X))
    while len(rows := rows[tree.feature[node[rows]] >= 0]):
        at = node[rows]
        x = X[rows, tree.feature[at]]
        left = np.where(np.isnan(x), tree.missing_left[at], x <= tree.threshold[at])
        node[rows] = np.where(left, tree.left[at], tree.right[at])
    return node


def _move_leaves(tree: Tree, fallen: Leaves, weight: Floats) -> Tree:
    return replace(tree, value=tree.value + np.bincount(fallen, weight, len(tree.value)))


def _dual_weights(kernel: Floats, prior: Floats, y: Floats) -> Floats:
    """Weights a so that the log-odds `prior + kernel @ a` are the most probable: shape (n,).

    Newton's method, its step halved until the log posterior does not fall.
    """

    def loss(a: Floats) -> float:
        log_odds = prior + kernel @ a
        return float(np.sum(np.logaddexp(0, log_odds) - y * log_odds) + a @ kernel @ a / 2)

    a = np.zeros(len(y))
    for _ in range(_MOST_STEPS):
        shift = kernel @ a
        p = 1 / (1 + np.exp(-(prior + shift)))
        variance = np.maximum(p * (1 - p), 1e-9)
        target = np.linalg.solve(kernel + np.diag(1 / variance), shift + (y - p) / variance)
        step = target - a
        while loss(a + step) > loss(a) + 1e-12 and np.abs(step).max() > _CLOSE:
            step = step / 2
        a = a + step
        if np.abs(step).max() <= _CLOSE:
            break
    return a
