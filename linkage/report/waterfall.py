"""How a pair's score adds up, from what is said of any pair to the log-odds of this one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.explain import mention_features
from linkage.authors.links import AuthorLinks
from linkage.authors.pairs import AUTHOR_FEATURES
from linkage.features.feature import Feature
from linkage.linking.explanation import AddedUp, added_up
from linkage.models.pair_model import PairModel, load_model, shipped_models
from linkage.papers.batches import Prepared
from linkage.papers.pairs import FEATURE_NAMES, PAPER_FEATURES
from linkage.tables.truth import SIDES

MOST_BARS = 9  # features with a bar of their own
_LEAST = 0.005  # log-odds; what adds less has none


class Bar(NamedTuple):
    """One feature: its value (NaN: can't be compared) and what it adds to the log-odds."""

    name: str
    meaning: str
    value: float
    adds: float


class Waterfall(NamedTuple):
    """`base` + what the bars add + `rest` = `log_odds`, of which `probability` is the logistic.

    `base` is what the model says of a pair of which nothing is known; `bars` are the features that
    add most, the weightiest first, and `rest` is what the `n_rest` others add together.
    `threshold` is the probability that separates the same from different.
    """

    base: float
    bars: Sequence[Bar]
    rest: float
    n_rest: int
    log_odds: float
    probability: float
    threshold: float


class Step(NamedTuple):
    """A bar as drawn: `left` and `width` as shares of the picture, 0 to 1."""

    name: str
    value: str
    adds: float
    left: float
    width: float


def waterfalls(
    model: PairModel, features: Sequence[Feature], X: NDArray[np.float32], threshold: float
) -> list[Waterfall]:
    """One waterfall a row of X (n pairs, all `features`; NaN = can't be compared)."""
    return [_waterfall(found, threshold) for found in added_up(model, features, X)]


def _waterfall(found: AddedUp, threshold: float) -> Waterfall:
    own = [c for c in found.contributions[:MOST_BARS] if abs(c.contribution) >= _LEAST]
    bars = [Bar(c.feature.replace("_", " "), c.meaning, c.value, c.contribution) for c in own]
    others = found.contributions[len(own) :]
    rest = math.fsum(other.contribution for other in others)
    return Waterfall(
        found.base, bars, rest, len(others), found.log_odds, found.probability, threshold
    )


def steps(waterfall: Waterfall) -> tuple[list[Step], float]:
    """The bars as drawn, and where the threshold stands (0 to 1).

    The first starts at 0 log-odds, even odds, and goes to `base`; each other starts where the one
    before ended; the last goes from 0 to the sum.
    """
    moves = [(bar.name, _printed(bar.value), bar.adds) for bar in waterfall.bars]
    if waterfall.n_rest:
        moves.append((f"{waterfall.n_rest} others", "", waterfall.rest))
    ends = np.cumsum([waterfall.base, *(adds for _, _, adds in moves)])
    limit = _logit(waterfall.threshold)
    low, high = min(0.0, limit, *ends), max(0.0, limit, *ends)

    def place(value: float) -> float:
        return (value - low) / (high - low) if high > low else 0.0

    def step(name: str, value: str, start: float, end: float) -> Step:
        left, right = sorted((place(start), place(end)))
        return Step(name, value, end - start, left, right - left)

    drawn = [step("any pair, to start with", "", 0.0, float(ends[0]))]
    for (name, value, _), start, end in zip(moves, ends[:-1], ends[1:], strict=True):
        drawn.append(step(name, value, float(start), float(end)))
    drawn.append(step("sum", "", 0.0, waterfall.log_odds))
    return drawn, place(limit)


def _printed(value: float) -> str:
    return "not known" if math.isnan(value) else f"{value:.3g}"


def _logit(probability: float) -> float:
    bounded = min(max(probability, 0.001), 0.999)  # 0 and 1 are at no finite place
    return math.log(bounded / (1 - bounded))


Waterfalls = dict[frozenset[str], Waterfall]


_COMPARED = 100  # pairs that tell which model scored them


_SAME = 1e-6  # how far two probabilities of one model may lie apart


def paper_waterfalls(
    papers: Prepared, model: PairModel, pairs: pd.DataFrame, threshold: float
) -> Waterfalls:
    """How the score of each pair (left_id, right_id) of records, scored by `model`, adds up.

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
    found = [
        waterfalls(links.model_of(i, j), AUTHOR_FEATURES, X[[k]], links.threshold)[0]
        for k, (i, j) in enumerate(rows[known].tolist())
    ]
    return _by_pair(pairs.iloc[known], found)


def model_behind(papers: Prepared, pairs: pd.DataFrame) -> PairModel | None:
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
