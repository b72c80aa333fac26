"""Scores of one run, ready for JSON: the measures that the benchmark tells of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from linkage.benchmarks.papers.sets import PaperSet
from linkage.evaluation.bootstrap import column_sums, intervals, pair_statistics, pairwise_measures
from linkage.evaluation.scoring import Evaluation, evaluate
from linkage.linking.clustering import components
from linkage.tables.truth import read_gold

MEASURES = (
    "pairwise_precision",
    "pairwise_recall",
    "pairwise_f1",
    "record_precision",
    "record_recall",
    "b_cubed_f1",
)
_BOOTSTRAPS, _SEED = 1000, 0
_THRESHOLDS = (
    0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99,
    0.995, 0.999, 0.9995, 0.9999, 0.99999, 0.999999,
)  # fmt: skip


def row(one: PaperSet, system: str, protocol: str, trained_on: Sequence[str]) -> dict[str, Any]:
    """One run before it is scored: what was run, on what."""
    return {
        "set": one.name,
        "level": one.level,
        "system": system,
        "protocol": protocol,
        "trained_on": list(trained_on),
        "failure": None,  # or why there are no scores
        "threshold": None,
        "cost": None,
        "scores": None,
        "intervals": None,
        "blocking": None,
    }


def end_to_end_scores(
    clusters: pd.Series[str],
    gold: pd.Series[str] | pd.DataFrame,
    candidates: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Scores and 95 % intervals of a clustering; with candidate pairs, what blocking kept."""
    found = evaluate(clusters, gold, candidates=candidates, n_bootstrap=_BOOTSTRAPS, seed=_SEED)
    return _plain(found) | {"blocking": found.blocking.to_dict() if found.blocking else None}


def given_pair_scores(
    pairs: pd.DataFrame, probability: pd.Series[float], threshold: float
) -> dict[str, Any]:
    """Scores of labelled pairs (left_id, right_id, label) of which some are taken for the same."""
    entity = read_gold(pairs).clusters
    codes = pd.Series(pd.factorize(entity)[0], index=entity.index)
    left, right = (codes.loc[pairs[side]].to_numpy(np.int64) for side in ("left_id", "right_id"))
    same = pairs["label"].astype(int).to_numpy() == 1
    statistics = pair_statistics(left, right, same, probability.to_numpy() >= threshold)
    sums = column_sums(statistics)
    precision, recall, f1 = (float(value[0]) for value in pairwise_measures(sums).values())
    bounds = intervals(statistics, pairwise_measures, _BOOTSTRAPS, _SEED)
    return _plain(Evaluation(precision, recall, f1, intervals=bounds))


def best_threshold(
    pairs: pd.DataFrame, ids: pd.Index[str], gold: pd.Series[str] | pd.DataFrame
) -> tuple[float, pd.Series[str]]:
    """The threshold that scores best *on the answer*, and its clusters.

    `pairs` has left_id, right_id, probability; `ids` names all records. What no user can do, shown
    as the most that scored pairs hold: connected components, the lowest of the best thresholds.
    """
    tried = [(threshold, linked_at(pairs, ids, threshold)) for threshold in _THRESHOLDS]
    return max(tried, key=lambda one: _f1(one[1], gold))


def linked_at(pairs: pd.DataFrame, ids: pd.Index[str], threshold: float) -> pd.Series[str]:
    """Connected components of the pairs of at least this probability: Series id -> cluster."""
    kept = pairs[pairs["probability"] >= threshold]
    left, right = (ids.get_indexer(pd.Index(kept[side])) for side in ("left_id", "right_id"))
    return pd.Series(components(len(ids), left, right).astype(str), index=ids)


def _f1(clusters: pd.Series[str], gold: pd.Series[str] | pd.DataFrame) -> float:
    return evaluate(clusters, gold, n_bootstrap=0).pairwise_f1


def _plain(found: Evaluation) -> dict[str, Any]:
    known = found.to_dict()
    return {
        "scores": {name: known[name] for name in MEASURES},
        "intervals": {name: known["intervals"].get(name, [None, None]) for name in MEASURES},
    }
