"""How common true pairs are in the data at hand, learned without any label.

A model trained on as many same as different pairs weighs evidence alike everywhere. Bibliographies
do not: in one field's nearly all equal names are one person's, in that of a crowded name few are.
The share of true pairs is found by expectation maximisation: it is the mean of the probabilities
that the model gives under that share (Saerens, Latinne & Decaestecker 2002, "Adjusting the outputs
of a classifier to new a priori probabilities", Neural Computation 14:21-41).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from linkage.models.pair_model import PairModel
from linkage.models.trees import Tree

UNKNOWN = 50.0  # weight of pairs that are made up, half of them same: few data say little
_BIN = 0.01  # of log-odds: millions of pairs become some thousand steps
_MOST_STEPS = 1000
_CLOSE = 1e-6

Floats = NDArray[np.float64]


def prior_log_odds(log_odds: Floats, weight: Floats) -> float:
    """Log-odds of the share of same pairs, 0 without any pair.

    `log_odds` (n pairs,) are those of a model for which half of all pairs are same, `weight`
    (n pairs,) says how much each pair counts; all of them count beside `UNKNOWN`.
    """
    bins = np.rint(np.clip(log_odds, -30, 30) / _BIN).astype(np.int64)
    values, position = np.unique(bins, return_inverse=True)
    mass = np.bincount(position.ravel(), weight, len(values))
    total = mass.sum() + UNKNOWN
    prior = 0.0
    for _ in range(_MOST_STEPS):
        same = UNKNOWN / 2 + float(mass @ (1 / (1 + np.exp(-(values * _BIN + prior)))))
        before, prior = prior, math.log(same / (total - same))
        if abs(prior - before) < _CLOSE:
            break
    return prior


def shifted(model: PairModel, feature: str, above: float, shift: float) -> PairModel:
    """The model that adds `shift` to the log-odds of pairs whose `feature` is over `above`.

    It is a tree more, so that the model can be stored and its sums explained as before.
    """
    tree = Tree(
        feature=np.array([model.features.index(feature), -1, -1], dtype=np.int32),
        threshold=np.array([above, 0.0, 0.0]),
        missing_left=np.array([True, False, False]),
        left=np.array([1, 0, 0], dtype=np.int32),
        right=np.array([2, 0, 0], dtype=np.int32),
        value=np.array([0.0, 0.0, shift * model.n_bags]),
    )
    return replace(model, trees=(*model.trees, tree))
