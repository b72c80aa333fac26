"""Fit a pair model: boosted trees held to each feature's sign, bagged over seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from linkage.errors import InputError
from linkage.features.feature import Feature
from linkage.models.pair_model import PairModel
from linkage.models.trees import Tree

SETTINGS: dict[str, Any] = {
    "max_iter": 150,
    "learning_rate": 0.08,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 20,
    "l2_regularization": 1.0,
    "early_stopping": False,
}


class Bag(NamedTuple):
    """The rows that one ensemble is trained on, and what each weighs (None: all alike)."""

    rows: NDArray[np.int64]
    weight: NDArray[np.float64] | None


def fit_pair_model(
    job: str,
    features: Sequence[Feature],
    X: NDArray[np.float32],
    y: NDArray[np.bool_],
    weight: NDArray[np.float64] | None = None,
    n_bags: int = 4,
) -> PairModel:
    """Train on labelled pairs.

    X is (n pairs, n features), NaN = missing; y says which pairs are the same; weight (n pairs,)
    evens out data sets of different size (scaled to a mean of 1). Each bag sees the pairs in a
    bootstrap sample of its own seed. One thread, so that the same input gives the same model
    anywhere. Raises `InputError` where there is nothing to learn: no pairs, or of one kind only.
    """
    require_both_kinds(y)
    if weight is not None:
        weight = weight * (len(weight) / weight.sum())
    seeds = range(n_bags)
    drawn = (_bootstrap(y, seed) if n_bags > 1 else np.arange(len(y)) for seed in seeds)
    bags = (Bag(rows, None if weight is None else weight[rows]) for rows in drawn)
    return fit_bags(job, features, X, y, bags)


def require_both_kinds(y: NDArray[np.bool_]) -> None:
    """Raise `InputError` where pairs are of one kind only, or none are there."""
    if y.all() or not y.any():
        raise InputError(
            f"found {int(y.sum())} equal and {int((~y).sum())} different pairs in the training "
            "data, expected some of both"
        )


def fit_bags(
    job: str,
    features: Sequence[Feature],
    X: NDArray[np.float32],
    y: NDArray[np.bool_],
    bags: Iterable[Bag],
    settings: Mapping[str, Any] = SETTINGS,
) -> PairModel:
    """Train an ensemble a bag, the k-th with seed k, on X and y as in `fit_pair_model`.

    `settings` are those of scikit-learn's trees.
    """
    trees: list[Tree] = []
    baselines = []
    for seed, (rows, weight) in enumerate(bags):
        booster = _fit_one(features, X[rows], y[rows], weight, {**settings, "random_state": seed})
        baselines.append(float(booster._baseline_prediction.ravel()[0]))
        trees += [_flatten(stage[0].nodes) for stage in booster._predictors]
    names = tuple(f.name for f in features)
    n_bags = len(baselines)
    return PairModel(job, names, tuple(trees), float(np.mean(baselines)), n_bags=n_bags)


def _bootstrap(y: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """Rows drawn with replacement, as many of either kind as there are: no bag lacks one."""
    rng = np.random.default_rng(seed)
    kinds = [np.flatnonzero(y == kind) for kind in (False, True)]
    drawn = [rows[rng.integers(0, len(rows), len(rows))] for rows in kinds if len(rows)]
    return np.sort(np.concatenate(drawn))


def _fit_one(
    features: Sequence[Feature],
    X: NDArray[np.float32],
    y: NDArray[np.bool_],
    weight: NDArray[np.float64] | None,
    settings: Mapping[str, Any],
) -> HistGradientBoostingClassifier:
    booster = HistGradientBoostingClassifier(**settings, monotonic_cst=[f.sign for f in features])
    never = np.isnan(X).all(axis=0)  # scikit-learn can't bin a column without a value
    with threadpool_limits(limits=1):
        booster.fit(np.where(never, 0.0, X), y, sample_weight=weight)
    return booster


def _flatten(nodes: NDArray[np.void]) -> Tree:
    """Scikit-learn's node table as a `Tree`; its thresholds compare `<=`, as ours do."""
    leaf = nodes["is_leaf"].astype(bool)
    return Tree(
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int32),
        threshold=np.where(leaf, 0.0, nodes["num_threshold"]).astype(np.float64),
        missing_left=np.where(leaf, False, nodes["missing_go_to_left"]).astype(np.bool_),
        left=np.where(leaf, 0, nodes["left"]).astype(np.int32),
        right=np.where(leaf, 0, nodes["right"]).astype(np.int32),
        value=np.where(leaf, nodes["value"], 0.0).astype(np.float64),
    )
