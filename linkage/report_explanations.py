"""Waterfalls of the pairs that a report shows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from linkage.authors.links import AuthorLinks
from linkage.authors.pairs import AUTHOR_FEATURES
from linkage.models.pair_model import PairModel, load_model, shipped_models
from linkage.papers.explain import PreparedPapers, mention_features
from linkage.papers.pairs import FEATURE_NAMES, PAPER_FEATURES
from linkage.report.waterfall import Waterfall, waterfalls
from linkage.tables.truth import SIDES

Waterfalls = dict[frozenset[str], Waterfall]

_COMPARED = 100  # pairs that tell which model scored them
_SAME = 1e-6  # how far two probabilities of one model may lie apart


def paper_waterfalls(
    papers: PreparedPapers, model: PairModel, pairs: pd.DataFrame, threshold: float
) -> Waterfalls:
    """How the score of each pair (left_id, right_id) of records adds up.

    Pairs of which a record is not there are left out.
    """
    pairs = pairs[papers.has(pairs["left_id"]) & papers.has(pairs["right_id"])]
    found = waterfalls(model, PAPER_FEATURES, papers.features(pairs), threshold)
    return _by_pair(pairs, found)


def mention_waterfalls(links: AuthorLinks, pairs: pd.DataFrame) -> Waterfalls:
    """How the score of each pair of mentions (left_id, right_id: `record_id#position`) adds up."""
    ids = pd.Index(links.mentions.table["mention_id"])
    rows = np.column_stack([ids.get_indexer(pd.Index(pairs[side])) for side in SIDES])
    known = np.flatnonzero((rows >= 0).all(axis=1))
    X = mention_features(links.mentions, rows[known])
    return _by_pair(pairs.iloc[known], waterfalls(links.model, AUTHOR_FEATURES, X, links.threshold))


def model_behind(papers: PreparedPapers, pairs: pd.DataFrame) -> PairModel | None:
    """The shipped model that gave `pairs` (`PaperLinks.pairs`) their probabilities.

    None where no shipped model gives the same ones, or `pairs` are not of these records.
    """
    scored = pairs[pairs["veto"].fillna("") == ""] if "veto" in pairs else pairs
    scored = scored.head(_COMPARED)
    if scored.empty or not all(papers.has(scored[side]).all() for side in SIDES):
        return None
    X = papers.features(scored)
    for model in map(load_model, shipped_models()):
        if model.job == "papers":
            used = [FEATURE_NAMES.index(name) for name in model.features]
            gap = np.abs(model.probability(X[:, used]) - scored["probability"].to_numpy(float))
            if gap.max() < _SAME:
                return model
    return None


def _by_pair(pairs: pd.DataFrame, found: list[Waterfall]) -> Waterfalls:
    keys = map(frozenset, zip(*(pairs[side] for side in SIDES), strict=True))
    return dict(zip(keys, found, strict=True))
