"""Scores of a clustering, or of candidate pairs, against a gold standard.

Everything is counted from the table of (gold entity, predicted cluster) sizes; pairs are never
enumerated, so a cluster of 10,000 records costs no more than 10,000 records.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.errors import InputError
from linkage.evaluation.bootstrap import (
    IntArray,
    all_measures,
    column_sums,
    entity_statistics,
    intervals,
    pair_statistics,
    pairwise_measures,
)
from linkage.tables.clusterings import Clustering, clustering_of
from linkage.tables.truth import SIDES, Gold, check_clustering, ids_of, read_gold

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class BlockingEvaluation:
    """What blocking kept (Christen 2012, Data Matching, ch. 7). Pairs are unordered, counted once.

    - `pairs_completeness`: share of the gold pairs that are candidates (NaN: no gold pairs).
    - `reduction_ratio`: share of all n(n−1)/2 pairs that blocking spared (NaN: under two records).
    - `pairs_per_record`: candidate pairs divided by records (NaN: no records).
    - `pairs_quality`: share of gold pairs among the candidates that gold says anything about
      (NaN: none).
    """

    pairs_completeness: float
    reduction_ratio: float
    pairs_per_record: float
    pairs_quality: float
    n_candidates: int
    n_gold_pairs: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: undefined (NaN) becomes None."""
        return {name: _json(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Evaluation:
    """Scores between 0 and 1, NaN where undefined, and what they were counted on.

    - pairwise: the pairs of records that share a cluster.
    - b_cubed: averaged over records (Bagga & Baldwin 1998, doi:10.3115/980845.980859).
    - cluster: clusters predicted exactly, record for record. A record alone in its cluster is a
      cluster like any other, in numerator and denominator.
    - homogeneity, completeness, v_measure: Rosenberg & Hirschberg 2007 (ACL D07-1043).
    - splitting: share of records outside the largest predicted piece of their gold entity (the
      under-clustering of Li et al. 2014, doi:10.1016/j.respol.2014.01.012). lumping: its mirror,
      the share of records outside the largest gold entity of their predicted cluster (1 − purity;
      their over-clustering has the same aim but can exceed 1). Low is good.
    - record: deduplication as a reviewer sees it. Of every predicted cluster one record is kept,
      one of its largest gold entity, the others are dropped. Precision: share of the dropped
      records that are duplicates of the one kept in their place. Recall: those among all records
      that should go (all but one of each entity).

    Precision is NaN when nothing was predicted although there was something to find, recall when
    something was predicted although there was nothing to find; F1 is then 0. Nothing predicted and
    nothing to find is perfect: all three are 1, without an interval.

    `intervals` maps each measure to its 95 % bootstrap interval
    (`linkage.evaluation.bootstrap.intervals`). `n_left_out`: predicted ids that gold does not name;
    `n_unlabelled`: gold entries without a label. Neither takes part; predicted clusters are cut
    down to the ids that do.

    Examples
    --------
    >>> scores = linkage.evaluate(papers, truth)
    >>> scores.pairwise_precision, scores.pairwise_recall, scores.n_clusters
    (1.0, 1.0, 3)
    >>> scores.table().columns.tolist()
    ['measure', 'value', 'low', 'high']
    """

    pairwise_precision: float
    pairwise_recall: float
    pairwise_f1: float
    b_cubed_precision: float = math.nan
    b_cubed_recall: float = math.nan
    b_cubed_f1: float = math.nan
    cluster_precision: float = math.nan
    cluster_recall: float = math.nan
    cluster_f1: float = math.nan
    homogeneity: float = math.nan
    completeness: float = math.nan
    v_measure: float = math.nan
    splitting: float = math.nan
    lumping: float = math.nan
    record_precision: float = math.nan
    record_recall: float = math.nan
    record_f1: float = math.nan
    n_records: int = 0
    n_entities: int = 0
    n_clusters: int = 0
    n_true_pairs: int = 0
    n_gold_pairs: int = 0
    n_predicted_pairs: int = 0
    n_left_out: int = 0
    n_unlabelled: int = 0
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    blocking: BlockingEvaluation | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: NaN becomes None, intervals become lists [low, high]."""
        plain: dict[str, Any] = {f.name: _json(getattr(self, f.name)) for f in fields(self)[:-2]}
        plain["intervals"] = {m: [_json(low), _json(up)] for m, (low, up) in self.intervals.items()}
        plain["blocking"] = self.blocking.to_dict() if self.blocking else None
        return plain

    def table(self) -> pd.DataFrame:
        """One row per measure: measure, value, low, high. Undefined is NaN."""
        rows = [(m, getattr(self, m), *bounds) for m, bounds in self.intervals.items()]
        return pd.DataFrame(rows, columns=["measure", "value", "low", "high"])


def evaluate(
    predicted: Clustering,
    gold: Clustering,
    *,
    candidates: pd.DataFrame | None = None,
    n_bootstrap: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Score a predicted clustering (Series id -> cluster) against gold.

    `gold` is one of

    - a clustering (Series id -> entity); a missing entity means unlabelled;
    - pairs (DataFrame left_id, right_id, optionally a label column `same` or `label`: 1/0,
      true/false, yes/no; missing means unlabelled) that are all positive. Being the same is
      transitive, so the pairs are closed into clusters, and precision is over *all* pairs among
      the ids that gold names;
    - pairs with at least one negative: precision and recall are over the labelled pairs only, as
      listed, and every measure that is not pairwise is NaN.

    With `candidates` (left_id, right_id) the result holds `evaluate_blocking` of them, on as many
    records as `predicted` has. An id that gold names must be in `predicted`, else `InputError`;
    so is an id given twice, a pair labelled both ways, or gold that labels nothing.
    The result depends on neither row order nor the names of the clusters.

    Examples
    --------
    >>> scores = linkage.evaluate(papers, {"a1": "otters", "b7": "otters", "a2": "herons"})
    >>> scores.pairwise_f1, scores.n_left_out
    (1.0, 1)
    """
    known, predicted = read_gold(gold), clustering_of(predicted, "the prediction")
    entities, clusters = codes(predicted, known.clusters)
    if known.pairs is None:
        statistics, measures = entity_statistics(entities, clusters), all_measures
    else:
        left, right, same, joined = decisions(known, clusters)
        statistics = pair_statistics(entities[left], entities[right], same, joined)
        measures = pairwise_measures
    sums = column_sums(statistics)
    scores = {name: float(value[0]) for name, value in measures(sums).items()}
    return Evaluation(
        **_nothing_is_perfect(scores),
        n_records=len(entities),
        n_entities=len(np.unique(entities)),
        n_clusters=len(np.unique(clusters)),
        n_true_pairs=round(sums["true_pairs"][0]),
        n_gold_pairs=round(sums["gold_pairs"][0]),
        n_predicted_pairs=round(sums["predicted_pairs"][0]),
        n_left_out=len(predicted) - len(entities),
        n_unlabelled=known.n_unlabelled,
        intervals=intervals(statistics, measures, n_bootstrap, seed),
        blocking=None if candidates is None else _blocking(candidates, known, len(predicted)),
    )


def evaluate_blocking(
    candidates: pd.DataFrame, gold: Clustering, n_records: int
) -> BlockingEvaluation:
    """Score candidate pairs (left_id, right_id in either order) of `n_records` records.

    `gold` as in `evaluate`. A pair listed twice counts once, a record with itself not at all.

    Examples
    --------
    >>> pairs = linkage.PaperLinker().link(records).pairs
    >>> linkage.evaluate_blocking(pairs, truth, n_records=4).pairs_completeness
    1.0
    """
    return _blocking(candidates, read_gold(gold), n_records)


def wrong_pairs(predicted: Clustering, gold: Clustering, limit: int) -> pd.DataFrame:
    """List errors: left_id, right_id, kind "false merge" or "missed"; `limit` rows of each kind.

    A predicted cluster of k gold entities gives k−1 rows, each joining the smallest id of the
    largest entity with the smallest id of another; a gold entity in k pieces likewise. So every
    error is shown once, however many record pairs it concerns; those that concern most come first,
    then by id. Gold with negative pairs gives those of its pairs that were decided wrongly.

    Examples
    --------
    >>> apart = {"a1": 1, "b7": 2, "a2": 3, "a3": 3}
    >>> linkage.wrong_pairs(apart, truth, limit=5)["kind"].tolist()
    ['false merge', 'missed']
    """
    known = read_gold(gold)
    entities, clusters = codes(clustering_of(predicted, "the prediction"), known.clusters)
    ids = known.clusters.index
    order = np.argsort(ids.map(str).to_numpy(object), kind="stable")
    rank = np.empty(len(ids), np.int64)
    rank[order] = np.arange(len(ids))
    if known.pairs is None:
        found = {
            "false merge": _broken(clusters, entities, rank),
            "missed": _broken(entities, clusters, rank),
        }
    else:
        left, right, same, joined = decisions(known, clusters)
        pairs = np.column_stack([rank[left], rank[right]])
        found = {
            "false merge": np.unique(pairs[joined & ~same], axis=0),
            "missed": np.unique(pairs[same & ~joined], axis=0),
        }
    left_rank, right_rank = np.concatenate([pairs[:limit] for pairs in found.values()]).T
    kinds = np.repeat(list(found), [len(pairs[:limit]) for pairs in found.values()])
    return pd.DataFrame(
        {"left_id": ids[order[left_rank]], "right_id": ids[order[right_rank]], "kind": kinds}
    )


def _broken(whole: IntArray, part: IntArray, rank: IntArray) -> IntArray:
    """Ranks (k, 2) joining the largest part of each whole with each of its other parts."""
    records = pd.DataFrame({"whole": whole, "part": part, "rank": rank})
    pieces = records.groupby(["whole", "part"])["rank"].agg(["size", "min"]).reset_index()
    pieces = pieces.sort_values(["whole", "size", "min"], ascending=[True, False, True])
    main = pieces.groupby("whole")[["size", "min"]].transform("first")
    pieces = pieces.assign(left=main["min"], concerned=main["size"] * pieces["size"])
    pieces = pieces[pieces["whole"].duplicated()]
    pieces = pieces.sort_values(["concerned", "left", "min"], ascending=[False, True, True])
    return pieces[["left", "min"]].to_numpy(np.int64)


def decisions(known: Gold, clusters: IntArray) -> tuple[IntArray, IntArray, BoolArray, BoolArray]:
    """Of every labelled pair: positions of both records, its label, whether they were joined."""
    pairs = cast("pd.DataFrame", known.pairs)
    left, right = (known.clusters.index.get_indexer(pd.Index(pairs[side])) for side in SIDES)
    return left, right, pairs["same"].to_numpy(bool), clusters[left] == clusters[right]


def codes(predicted: pd.Series, gold: pd.Series) -> tuple[IntArray, IntArray]:
    """Integer codes of gold entity and predicted cluster, one each per id of `gold`.

    Raises `InputError` where the prediction names an id twice, or lacks one.
    """
    check_clustering(predicted, "the prediction")
    scored = predicted.reindex(gold.index)
    absent = scored.isna().to_numpy()
    if absent.any():
        raise InputError(
            f"gold ids without a predicted cluster: {absent.sum():,} of {len(gold):,}, "
            f"the first is {gold.index[absent][0]!r}; expected a cluster for each"
        )
    return pd.factorize(gold)[0].astype(np.int64), pd.factorize(scored)[0].astype(np.int64)


def _blocking(candidates: pd.DataFrame, known: Gold, n_records: int) -> BlockingEvaluation:
    ids = known.clusters.index
    both = ids_of(candidates, "candidates")
    codes, names = pd.factorize(pd.concat([both[side] for side in SIDES]))
    if len(names) > n_records:
        raise InputError(
            f"candidates name {len(names):,} different ids, expected at most the {n_records:,} "
            "records that there are"
        )
    left, right = np.sort(codes.reshape(2, -1), axis=0).astype(np.int64)
    keys = np.unique((left * len(names) + right)[left != right])
    entity = ids.get_indexer(pd.Index(names))
    if known.pairs is None:
        sizes = known.clusters.value_counts().to_numpy()
        n_gold = int((sizes * (sizes - 1) // 2).sum())
        entity = np.where(entity < 0, -1, pd.factorize(known.clusters)[0][entity])
        left, right = np.divmod(keys, max(len(names), 1))
        judged = (entity[left] >= 0) & (entity[right] >= 0)
        hits = judged & (entity[left] == entity[right])
    else:
        sides = [pd.Index(names).get_indexer(pd.Index(known.pairs[side])) for side in SIDES]
        left, right = np.sort(sides, axis=0).astype(np.int64)
        labelled = np.where(left < 0, -1, left * len(names) + right)
        n_gold = int(known.pairs["same"].sum())
        judged = np.isin(keys, labelled)
        hits = np.isin(keys, labelled[known.pairs["same"]])
    return BlockingEvaluation(
        pairs_completeness=float(hits.sum()) / n_gold if n_gold else math.nan,
        reduction_ratio=1 - len(keys) / math.comb(n_records, 2) if n_records > 1 else math.nan,
        pairs_per_record=len(keys) / n_records if n_records else math.nan,
        pairs_quality=float(hits.sum() / judged.sum()) if judged.any() else math.nan,
        n_candidates=len(keys),
        n_gold_pairs=n_gold,
    )


def _nothing_is_perfect(scores: Mapping[str, float]) -> dict[str, float]:
    """Precision, recall and F1 are 1 where F1 is undefined: nothing predicted, nothing to find."""
    empty = tuple(
        m.removesuffix("f1") for m in scores if m.endswith("f1") and math.isnan(scores[m])
    )
    return {m: 1.0 if m.startswith(empty) else value for m, value in scores.items()}


def _json(value: float) -> float | None:
    return None if math.isnan(value) else value
