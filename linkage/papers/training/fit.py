"""Training the paper model from folders of labelled records.

A folder holds `records.parquet` (or .csv, .jsonl) and either `gold.csv` (record_id, cluster_id),
`splits/train.csv` (left_id, right_id, label) or `labels.csv` (left_id, right_id, same), as
`linkage label` writes it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.errors import InputError
from linkage.linking.clustering import components
from linkage.models.pair_model import PairModel
from linkage.models.training import fit_pair_model
from linkage.papers.blocking import block
from linkage.papers.pairs import PAPER_FEATURES, compare_rows, pair_rows
from linkage.papers.prepare import prepare_papers
from linkage.papers.rules import PAPER_RULES
from linkage.papers.training.calibration import (
    Shares,
    calibration,
    review_band,
    shares_wrong,
)
from linkage.papers.training.degraded import degrade, with_identifiers
from linkage.papers.training.labelled import LabelledPapers
from linkage.records.order import canonical_order
from linkage.records.schema import Conformed

log = logging.getLogger(__name__)

_COPIES = 2  # degraded copies of each set: fields are missing more often than in any one of them
_COPY_WEIGHT = 0.2  # of a copy's pair; the pair as it is weighs 1
_THRESHOLD = {"publication": 0.6, "work": 0.5}  # chosen by leaving out one set after another
_SAME_SHARE = 0.2  # of the given pairs' weight: whoever drew them may have balanced them


@dataclass(frozen=True)
class TrainingPairs:
    """Features, labels and weights of pairs: X (n, features), y (n,), weight (n,)."""

    X: NDArray[np.float32]
    y: NDArray[np.bool_]
    weight: NDArray[np.float64]


def training_pairs(data: LabelledPapers) -> TrainingPairs:
    """Features and labels of a set's candidate (or given) pairs and of degraded copies of them.

    The weights of a set add up to 1.
    """
    ordered = data.records.iloc[canonical_order(data.records)]
    records = Conformed(ordered.reset_index(drop=True))
    same = _entities(data, records)
    copies = (with_identifiers(degrade(records, seed), same, seed) for seed in range(_COPIES))
    versions = [records, *copies]
    parts = [_pairs_of(data, records) for records in versions]
    X, y = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    copied = np.arange(len(y)) >= len(parts[0][1])
    weight = np.where(copied, _COPY_WEIGHT, 1.0)
    if data.pairs is not None and y.any() and not y.all():
        share = np.sum(weight * y) / np.sum(weight)
        weight = weight * np.where(y, _SAME_SHARE / share, (1 - _SAME_SHARE) / (1 - share))
    return TrainingPairs(X, y, weight / np.sum(weight))


def train_papers(sets: Sequence[LabelledPapers], level: str = "publication") -> PairModel:
    """Train one model on all sets, each with the same total weight.

    `level` says what their labels mean by "the same" (see `PaperLinker`); the model remembers it.
    Of two sets or more each is also decided by a model of the others: that gives the model's
    calibration and its review band.
    """
    parts = [training_pairs(one) for one in sets]
    model = fit_papers(parts, level)
    shares = _left_out(sets, parts, level)
    if shares:
        band = review_band(list(shares.values()), model.threshold)
        model = replace(model, review=band, calibration=calibration(list(shares.values())))
    about = {
        "training_sets": [one.name for one in sets],
        "training_pairs": {one.name: len(part.y) for one, part in zip(sets, parts, strict=True)},
        "protocol": "candidate pairs of blocking, and of copies that lack or misprint fields at "
        "random; each set has the same total weight",
        "scikit-learn": version("scikit-learn"),
    }
    return replace(model, about=about)


def _left_out(
    sets: Sequence[LabelledPapers], parts: Sequence[TrainingPairs], level: str
) -> dict[str, Shares]:
    """How wrong models of the other sets are on each set that shares no record with them.

    Given pairs say nothing of it: who drew them chose how many are the same, and how hard.
    """
    known = [set(zip(one.records["record_id"], one.records["title"], strict=True)) for one in sets]
    shares = {}
    for k, one in enumerate(sets):
        others = [part for part, ids in zip(parts, known, strict=True) if ids.isdisjoint(known[k])]
        if others and one.clusters is not None:
            log.info("leaving out %s", one.name)
            model = fit_papers(others, level, n_bags=1)
            shares[one.name] = shares_wrong(model, one.records, one.clusters)
    return shares


def fit_papers(
    parts: Sequence[TrainingPairs], level: str = "publication", n_bags: int = 4
) -> PairModel:
    """Train on prepared pairs, `n_bags` times."""
    X = np.concatenate([part.X for part in parts])
    y = np.concatenate([part.y for part in parts])
    weight = np.concatenate([part.weight for part in parts])
    model = fit_pair_model("papers", PAPER_FEATURES, X, y, weight, n_bags)
    return replace(model, level=level, threshold=_THRESHOLD[level])


def _pairs_of(
    data: LabelledPapers, records: Conformed
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    ordered = Conformed(records.iloc[canonical_order(records)])
    columns = prepare_papers(ordered)
    if data.pairs is not None:
        i, j = pair_rows(pd.Index(ordered["record_id"]), data.pairs, f"{data.name}: the pairs")
        return compare_rows(columns, i, j), data.pairs["label"].astype(int).to_numpy() == 1
    entity = _entities(data, ordered)
    # all pairs that rules propose: models also score pairs that users give
    candidates = block(columns, ordered, PAPER_RULES, cleaned=False)
    i, j = candidates.i, candidates.j
    return compare_rows(columns, i, j), entity[i] == entity[j]


def _entities(data: LabelledPapers, ordered: pd.DataFrame) -> NDArray[np.int64]:
    """A number for the true cluster of each record; of given pairs as far as those say."""
    if data.pairs is not None:
        i, j = pair_rows(pd.Index(ordered["record_id"]), data.pairs, f"{data.name}: the pairs")
        same = data.pairs["label"].astype(int).to_numpy() == 1
        return components(len(ordered), i[same], j[same])
    truth = data.clusters if data.clusters is not None else pd.Series(dtype=object)
    twice = truth.index[truth.index.duplicated()]
    if len(twice):
        raise InputError(f"{data.name}: record {twice[0]!r} has two true clusters, expected one")
    found = truth.reindex(ordered["record_id"])
    if found.isna().any():
        lacking = found.index[found.isna()][0]
        raise InputError(f"{data.name}: record {lacking!r} has no true cluster, expected one")
    return np.asarray(pd.factorize(found)[0], dtype=np.int64)
