"""Pairwise scores of parts of the data: where a result is good and where it is not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from linkage.evaluation.bootstrap import (
    FloatArray,
    IntArray,
    column_sums,
    intervals,
    pair_statistics,
    pairwise_measures,
)
from linkage.evaluation.scoring import BoolArray, codes, decisions
from linkage.tables.truth import Gold, read_gold

CLASS_COLUMNS = (
    *("label", "ids", "gold_pairs", "predicted_pairs"),
    *("precision", "recall", "f1", "low", "high"),
)


def class_scores(
    predicted: pd.Series,
    gold: pd.Series | pd.DataFrame,
    members: pd.DataFrame,
    n_bootstrap: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Pairwise scores of each class, one row each: `CLASS_COLUMNS`, NaN where undefined.

    `predicted` and `gold` as in `linkage.evaluation.scoring.evaluate`; `members` has a row an id
    and a bool column a class, which may overlap (an id without a row is in none). A pair counts in
    a class when at least one of its two ids is in it, so it may count in several. `ids` are those
    of the class that gold names, `gold_pairs` the pairs that belong together, `predicted_pairs`
    those put together; `low` and `high` bound the 95 % bootstrap interval of F1 over gold entities.
    Classes without a labelled id are left out.
    """
    known = read_gold(gold)
    entities, clusters = codes(predicted, known.clusters)
    rows = []
    for label in members:
        inside = members[label].reindex(known.clusters.index, fill_value=False).to_numpy(bool)
        if inside.any():
            statistics = _statistics(known, entities, clusters, inside)
            sums = column_sums(statistics)
            scores = (float(score[0]) for score in pairwise_measures(sums).values())
            spread = intervals(statistics, pairwise_measures, n_bootstrap, seed)["pairwise_f1"]
            pairs = (round(sums[name][0]) for name in ("gold_pairs", "predicted_pairs"))
            rows.append((str(label), int(inside.sum()), *pairs, *scores, *spread))
    return pd.DataFrame(rows, columns=list(CLASS_COLUMNS))


def _statistics(
    known: Gold, entities: IntArray, clusters: IntArray, inside: BoolArray
) -> pd.DataFrame:
    """Counts per gold entity of the pairs with a side `inside`, half of each to either side."""
    if known.pairs is not None:
        left, right, same, joined = decisions(known, clusters)
        counted = inside[left] | inside[right]
        return pair_statistics(entities[left], entities[right], same & counted, joined & counted)
    cells = np.unique(np.column_stack([entities, clusters]), axis=0, return_inverse=True)[1]
    groups = {"true_pairs": cells.ravel(), "predicted_pairs": clusters, "gold_pairs": entities}
    return pd.DataFrame({
        name: np.bincount(entities, _half_pairs(group, inside)) for name, group in groups.items()
    })  # fmt: skip


def _half_pairs(group: IntArray, inside: BoolArray) -> FloatArray:
    """For each id half the number of pairs with its group in which it or the other is inside."""
    size = np.bincount(group)[group]
    others_inside = np.bincount(group, inside)[group]
    half: FloatArray = np.where(inside, size - 1, others_inside) / 2
    return half
