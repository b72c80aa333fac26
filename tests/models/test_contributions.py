"""Contributions: they add up, and are what Shapley defined."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import factorial

import numpy as np
import pytest

from linkage.models import PairModel, load_model
from linkage.models.contributions import contributions
from linkage.models.trees import Tree

# 0 splits feature 0; left leaf; right 2 splits feature 1; its right splits feature 0 again
SMALL = Tree.from_lists(
    [
        [0, -1, 1, -1, 0, -1, -1],
        [0.5, 0, 0.2, 0, 0.9, 0, 0],
        [1, 0, 0, 0, 1, 0, 0],
        [1, 0, 3, 0, 5, 0, 0],
        [2, 0, 4, 0, 6, 0, 0],
        [0, -1.0, 0, 0.5, 0, 2.0, 4.0],
    ]
)


def answer(tree: Tree, row: np.ndarray, known: set[int], node: int = 0) -> float:
    """What a tree says when only some features are known, by walking it."""
    if tree.feature[node] < 0:
        return float(tree.value[node])
    left, right = int(tree.left[node]), int(tree.right[node])
    f = int(tree.feature[node])
    if f in known:
        x = row[f]
        goes_left = tree.missing_left[node] if np.isnan(x) else x <= tree.threshold[node]
        return answer(tree, row, known, left if goes_left else right)
    sizes = [leaf_count(tree, child) for child in (left, right)]
    answers = [answer(tree, row, known, child) for child in (left, right)]
    return float(np.average(answers, weights=sizes))


def leaf_count(tree: Tree, node: int) -> int:
    if tree.feature[node] < 0:
        return 1
    return sum(leaf_count(tree, int(child[node])) for child in (tree.left, tree.right))


def shapley(tree: Tree, row: np.ndarray, n: int, feature: int) -> float:
    others = [f for f in range(n) if f != feature]
    total = 0.0
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for some in combinations(others, size):
            gain = answer(tree, row, {*some, feature}) - answer(tree, row, set(some))
            total += weight * gain
    return total


@pytest.mark.parametrize(
    "x", [(0.1, 0.1), (0.7, 0.1), (0.7, 0.5), (2, 2), (np.nan, 3), (1, np.nan)]
)
def test_they_are_shapley_values(x: tuple[float, float]) -> None:
    model = PairModel("papers", ("a", "b"), (SMALL,), 0.25)
    row = np.array(x, dtype=np.float32)
    found = contributions(model, row[np.newaxis])
    assert found.base == pytest.approx(0.25 + np.mean([-1.0, 0.5, 2.0, 4.0]))
    expected = [shapley(SMALL, row, 2, f) for f in range(2)]
    assert found.values[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", ["authors", "papers_publication", "papers_work"])
def test_they_add_up_to_the_score_of_a_thousand_pairs(name: str) -> None:
    model = load_model(name)
    model = replace(model, trees=model.trees[::12], n_bags=1)
    rng = np.random.default_rng(0)
    X = rng.normal(1, 2, (1000, len(model.features))).astype(np.float32)
    X[rng.random(X.shape) < 0.3] = np.nan
    found = contributions(model, X)
    total = found.base + found.values.sum(axis=1)
    assert np.abs(total - model.log_odds(X)).max() < 1e-6


def test_a_feature_that_no_tree_reads_contributes_nothing() -> None:
    model = PairModel("papers", ("a", "b", "c"), (SMALL,), 0.0)
    assert contributions(model, np.ones((1, 3), dtype=np.float32)).values[0, 2] == 0


def test_two_features_in_the_same_part_contribute_the_same() -> None:
    """x and y must both be high for the high leaf; nothing tells them apart but the order."""
    low_x, low_y = [0, -1, 1, -1, -1], [1, -1, 0, -1, -1]
    trees = tuple(
        Tree.from_lists(
            [
                features,
                [0.5, 0, 0.5, 0, 0],
                [1, 0, 1, 0, 0],
                [1, 0, 3, 0, 0],
                [2, 0, 4, 0, 0],
                [0, -1, 0, -1, 3],
            ]
        )
        for features in (low_x, low_y)
    )
    model = PairModel("papers", ("x", "y"), trees, 0.0)
    for row in ([1, 1], [0, 0]):
        x, y = contributions(model, np.array([row], dtype=np.float32)).values[0]
        assert x == pytest.approx(y, abs=1e-12)
