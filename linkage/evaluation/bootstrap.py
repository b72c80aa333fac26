"""Scores as ratios of sums over gold entities, and their bootstrap intervals.

Each gold entity contributes one row of counts; a predicted cluster that holds several entities is
divided among them. Scores are made of the column sums, so that drawing entities with replacement
is one multiplication by how often each was drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
Sums = Mapping[str, FloatArray]
Measures = Callable[[Sums], dict[str, FloatArray]]


def entity_statistics(entities: IntArray, clusters: IntArray) -> pd.DataFrame:
    """One row of counts per gold entity, from record-wise codes of entity and predicted cluster."""
    a, b = np.bincount(entities), np.bincount(clusters)
    cell, n = np.unique(entities * len(b) + clusters, return_counts=True)
    e, c = np.divmod(cell, len(b))
    largest = _group_max(n, c)
    is_largest = n == largest[c]
    ties = np.bincount(c[is_largest], minlength=len(b))
    # Ordered by value, so that the float sums below don't depend on the codes.
    order = np.lexsort((ties[c], largest[c], b[c], n))
    n, e, c, top = n[order], e[order], c[order], is_largest[order] / ties[c][order]
    columns = {
        "true_pairs": n * (n - 1) / 2,
        "predicted_pairs": n * (b[c] - 1) / 2,
        "b_cubed_precision": n * n / b[c],
        "b_cubed_recall": n * n / a[e],
        "clusters": n / b[c],
        "exact": (n == a[e]) & (n == b[c]),
        "lumped": n - top * n,
        "dropped": n - n / b[c],
        "rightly_dropped": top * (n - 1),
        "entropy_gold_given_clusters": n * np.log(b[c] / n),
        "entropy_clusters_given_gold": n * np.log(a[e] / n),
        "entropy_clusters": n * np.log(len(entities) / b[c]),
    }
    frame = pd.DataFrame({name: np.bincount(e, weights=x) for name, x in columns.items()})
    return frame.assign(
        entities=1.0,
        records=a,
        gold_pairs=a * (a - 1) / 2,
        split=a - _group_max(n, e),
        entropy_gold=a * np.log(len(entities) / a),
    )


def pair_statistics(
    left: IntArray, right: IntArray, same: npt.NDArray[np.bool_], joined: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """Counts per gold entity from labelled pairs; half of each pair goes to either side's entity.

    `left`, `right`: the entity codes of each pair's records; `same`: its label; `joined`: whether
    the prediction puts both records into one cluster.
    """
    size = int(max(left.max(), right.max())) + 1
    columns = {"true_pairs": same & joined, "predicted_pairs": joined, "gold_pairs": same}
    halves = {
        name: np.bincount(left, x / 2, size) + np.bincount(right, x / 2, size)
        for name, x in columns.items()
    }
    return pd.DataFrame(halves)


def pairwise_measures(s: Sums) -> dict[str, FloatArray]:
    """Pairwise precision, recall and F1 from column sums."""
    return _precision_recall_f1("pairwise", s["true_pairs"], s["predicted_pairs"], s["gold_pairs"])


def all_measures(s: Sums) -> dict[str, FloatArray]:
    """Every measure of an `Evaluation` from the sums of `entity_statistics`."""
    precision, recall = s["b_cubed_precision"] / s["records"], s["b_cubed_recall"] / s["records"]
    homogeneity = 1 - np.minimum(_ratio(s["entropy_gold_given_clusters"], s["entropy_gold"]), 1)
    completeness = 1 - np.minimum(
        _ratio(s["entropy_clusters_given_gold"], s["entropy_clusters"]), 1
    )
    duplicates = s["records"] - s["entities"]
    return {
        **pairwise_measures(s),
        "b_cubed_precision": precision,
        "b_cubed_recall": recall,
        "b_cubed_f1": 2 * precision * recall / (precision + recall),
        **_precision_recall_f1("cluster", s["exact"], s["clusters"], s["entities"]),
        "homogeneity": homogeneity,
        "completeness": completeness,
        "v_measure": _ratio(2 * homogeneity * completeness, homogeneity + completeness),
        "splitting": s["split"] / s["records"],
        "lumping": s["lumped"] / s["records"],
        **_precision_recall_f1("record", s["rightly_dropped"], s["dropped"], duplicates),
    }


def intervals(
    statistics: pd.DataFrame, measures: Measures, n_bootstrap: int, seed: int
) -> dict[str, tuple[float, float]]:
    """95 % percentile intervals (low, high) of every measure, resampling whole gold entities.

    `statistics` has one row per gold entity; `measures` turns the column sums into scores.
    Entities, not records or pairs, are drawn with replacement, because the pairs of one entity
    stand or fall together (Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x; for entity
    resolution Binette et al. 2023, doi:10.1080/00031305.2023.2191664).

    A resample in which a measure is undefined is left out of that measure's interval; one with
    nothing left, fewer than two entities or `n_bootstrap` 0 give (NaN, NaN). A score of exactly 1
    gives (1, 1): no resample of an error-free sample contains an error, so read it as "none seen",
    not "none".
    """
    if n_bootstrap < 1 or len(statistics) < 2:
        return dict.fromkeys(measures(column_sums(statistics)), (math.nan, math.nan))
    # Entities with equal statistics are interchangeable: drawing how often each *distinct* row
    # comes up is the same bootstrap, with tens of rows instead of thousands.
    rows, counts = np.unique(statistics.to_numpy(np.float64), axis=0, return_counts=True)
    draws = np.random.default_rng(seed).multinomial(
        len(statistics), counts / counts.sum(), n_bootstrap
    )
    # einsum, not BLAS: its last bits do not depend on the number of threads.
    sums = np.einsum("bu,uk->kb", draws.astype(np.float64), rows)
    scores = measures(dict(zip(statistics.columns, sums, strict=True)))
    return {name: _percentiles(values) for name, values in scores.items()}


def column_sums(statistics: pd.DataFrame) -> dict[str, FloatArray]:
    """Each column's sum, shape (1,), correctly rounded and so the same in any row order."""
    return {str(name): np.array([math.fsum(statistics[name])]) for name in statistics.columns}


def _precision_recall_f1(
    name: str, true: FloatArray, predicted: FloatArray, gold: FloatArray
) -> dict[str, FloatArray]:
    """NaN where the denominator is 0; F1 is NaN only if there is nothing on either side."""
    return {
        f"{name}_precision": _ratio(true, predicted, math.nan),
        f"{name}_recall": _ratio(true, gold, math.nan),
        f"{name}_f1": _ratio(2 * true, predicted + gold, math.nan),
    }


def _ratio(part: FloatArray, whole: FloatArray, undefined: float = 0.0) -> FloatArray:
    return np.divide(part, whole, out=np.full_like(whole, undefined), where=whole > 0)


def _group_max(values: IntArray, group: IntArray) -> IntArray:
    largest = np.zeros(group.max() + 1, np.int64)
    np.maximum.at(largest, group, values)
    return largest


def _percentiles(values: FloatArray) -> tuple[float, float]:
    defined = values[~np.isnan(values)]
    if not len(defined):
        return math.nan, math.nan
    low, high = np.percentile(defined, (2.5, 97.5))
    return float(low), float(high)
