"""How common true pairs are in the data at hand, learned without any label.

A model trained on as many same as different pairs weighs evidence alike everywhere. Bibliographies
do not: in one field's nearly all equal names are one person's, in that of a crowded name few are.
The share of true pairs is found by expectation maximisation: it is the mean of the probabilities
that the model gives under that share (Saerens, Latinne & Decaestecker 2002, "Adjusting the outputs
of a classifier to new a priori probabilities", Neural Computation 14:21-41).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.features.arrays import exact_parts, of_parts
from linkage.models.pair_model import PairModel
from linkage.models.trees import Tree

UNKNOWN = 50.0  # weight of pairs that are made up, half of them same: few data say little
EXPECTED = 100.0  # weight of what all pairs say beside those of one group
BIN = 0.01  # of log-odds: millions of pairs become some thousand steps
GROUP_BIN = 0.05  # coarser where there are many groups
BINS = 4096  # more than there are bins, so that a group and a bin make one number
_MOST_STEPS = 1000
_CLOSE = 1e-6
_CLOSE_ENOUGH = 1e-4

Floats = NDArray[np.float64]


def prior_log_odds(log_odds: Floats, weight: Floats) -> float:
    """Log-odds of the share of same pairs, 0 without any pair.

    `log_odds` (n pairs,) are those of a model for which half of all pairs are same, `weight`
    (n pairs,) says how much each pair counts; all of them count beside `UNKNOWN`.
    """
    return prior_of_masses(*_masses(bins(log_odds, BIN), weight))


def prior_of_masses(values: NDArray[np.int64], mass: Floats) -> float:
    """The same of log-odds in whole `BIN`s (n bins,) and the summed weight of the pairs of each."""
    total = mass.sum() + UNKNOWN
    prior = 0.0
    for _ in range(_MOST_STEPS):
        same = UNKNOWN / 2 + float(mass @ (1 / (1 + np.exp(-(values * BIN + prior)))))
        before, prior = prior, math.log(same / (total - same))
        if abs(prior - before) < _CLOSE:
            break
    return prior


def group_prior_log_odds(
    log_odds: Floats, weight: Floats, group: NDArray[np.int64], n_groups: int, expected: float
) -> Floats:
    """The same of each group of pairs by itself, float64 (n_groups,).

    `group` (n pairs,) is each pair's group, from 0. A group of which the data say little is taken
    to be as all pairs are: log-odds `expected`, which weigh as `EXPECTED` pairs.
    """
    cells, mass = _masses(group * BINS + bins(log_odds, GROUP_BIN), weight)
    return group_priors_of_masses(cells, mass, n_groups, expected)


def group_priors_of_masses(
    cells: NDArray[np.int64], mass: Floats, n_groups: int, expected: float
) -> Floats:
    """The same of cells (n cells,), in order, and the summed weight of the pairs of each.

    A cell is a group `BINS` times and log-odds in whole `GROUP_BIN`s.
    """
    of_group = np.floor_divide(cells + BINS // 2, BINS)
    values = (cells - of_group * BINS) * GROUP_BIN
    total = np.bincount(of_group, mass, n_groups) + EXPECTED
    usual = EXPECTED / (1 + math.exp(-expected))
    prior = np.full(n_groups, expected)
    for _ in range(_MOST_STEPS):
        same = mass / (1 + np.exp(-(values + prior[of_group])))
        share = (np.bincount(of_group, same, n_groups) + usual) / total
        before, prior = prior, np.log(share / (1 - share))
        if np.abs(prior - before).max(initial=0) < _CLOSE_ENOUGH:
            break
    return prior


def bins(log_odds: Floats, width: float) -> NDArray[np.int64]:
    """Log-odds in whole `width`s."""
    found = np.clip(log_odds, -30, 30)
    found /= width
    return np.rint(found, out=found).astype(np.int64)


def _masses(cells: NDArray[np.int64], weight: Floats) -> tuple[NDArray[np.int64], Floats]:
    return masses([(cells, weight)])


def masses(
    lots: Iterable[tuple[NDArray[np.int64], Floats]],
) -> tuple[NDArray[np.int64], Floats]:
    """The distinct numbers in order, and the summed weight of the pairs of each.

    `lots` have the number and the weight of each pair, some pairs at a time: (n pairs,) each.
    """
    known, parts = np.empty(0, dtype=np.int64), np.empty((2, 0))
    for cells, weight in lots:
        found = _summed(cells, exact_parts(weight))
        known, parts = _summed(
            np.concatenate([known, found[0]]), np.concatenate([parts, found[1]], axis=1)
        )
    order = np.argsort(known)
    return known[order], of_parts(parts)[order]


def _summed(cells: NDArray[np.int64], parts: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The distinct numbers, and the sums of the `parts`, (2, n), of each."""
    codes, distinct = pd.factorize(cells)
    return distinct, np.stack([np.bincount(codes, part, len(distinct)) for part in parts])


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
