"""What each threshold would gain and lose, and whether probabilities mean what they say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.tables.truth import SIDES, Gold, read_gold

_THRESHOLDS = np.arange(1, 100) / 100
_BINS = 10


class PairCurve(NamedTuple):
    """Compared pairs against a gold standard, each pair by itself, before any clustering.

    `points` has a row a threshold: threshold, found, wrong, missed (numbers of pairs), precision,
    recall, f1 (NaN where undefined). `calibration` has a row a tenth of the probabilities that
    holds any pair: mean (probability), share (of true pairs, 0 to 1) and pairs (their number).
    """

    name: str
    threshold: float
    points: pd.DataFrame
    calibration: pd.DataFrame


def pair_curve(
    name: str, pairs: pd.DataFrame, gold: pd.Series | pd.DataFrame, threshold: float
) -> PairCurve | None:
    """Curve of scored `pairs` (left_id, right_id, probability and perhaps veto).

    Pairs that gold says nothing about are left out; true pairs that were never compared count as
    missed at any threshold. A veto holds at any threshold, and such pairs are not in the
    calibration. None where gold knows no compared pair or has no true one.
    """
    known = read_gold(gold)
    labels = pair_labels(pairs, known)
    n_true = true_pairs(known)
    if labels.isna().all() or not n_true:
        return None
    judged = pairs.assign(same=labels)[labels.notna()]
    same = judged["same"].to_numpy(dtype=bool)
    vetoed = (judged["veto"].fillna("") != "") if "veto" in judged else np.zeros(len(same), bool)
    free = ~np.asarray(vetoed, dtype=bool)
    probability = judged["probability"].to_numpy(dtype=float)
    points = _points(probability[free], same[free], n_true)
    return PairCurve(name, threshold, points, _calibration(probability[free], same[free]))


def pair_labels(pairs: pd.DataFrame, known: Gold) -> pd.Series:
    """For each pair (left_id, right_id) True, False or None (gold does not say)."""
    if known.pairs is None:
        left, right = (pairs[side].map(known.clusters) for side in SIDES)
        return (left == right).astype(object).mask(left.isna() | right.isna(), None)
    keys = zip(known.pairs["left_id"], known.pairs["right_id"], strict=True)
    said = dict(zip(map(frozenset, keys), known.pairs["same"].tolist(), strict=True))
    asked = zip(pairs["left_id"], pairs["right_id"], strict=True)
    return pd.Series([said.get(frozenset(pair)) for pair in asked], pairs.index, dtype=object)


def true_pairs(known: Gold) -> int:
    """How many pairs are known to be the same."""
    if known.pairs is not None:
        return int(known.pairs["same"].sum())
    sizes = known.clusters.value_counts()
    return int((sizes * (sizes - 1) // 2).sum())


def _points(probability: NDArray[np.float64], same: NDArray[np.bool_], n_true: int) -> pd.DataFrame:
    over = [
        len(values) - np.searchsorted(np.sort(values), _THRESHOLDS)
        for values in (probability[same], probability[~same])
    ]
    points = pd.DataFrame({"threshold": _THRESHOLDS, "found": over[0], "wrong": over[1]})
    points["missed"] = n_true - points["found"]
    points["precision"] = points["found"] / (points["found"] + points["wrong"])  # 0/0: NaN
    points["recall"] = points["found"] / n_true
    points["f1"] = 2 * points["found"] / (2 * points["found"] + points["wrong"] + points["missed"])
    return points


def _calibration(probability: NDArray[np.float64], same: NDArray[np.bool_]) -> pd.DataFrame:
    tenth = np.minimum((probability * _BINS).astype(int), _BINS - 1)
    table = pd.DataFrame({"tenth": tenth, "mean": probability, "share": same.astype(float)})
    found = table.groupby("tenth").agg(
        mean=("mean", "mean"), share=("share", "mean"), pairs=("share", "size")
    )
    return found.reset_index(drop=True)
