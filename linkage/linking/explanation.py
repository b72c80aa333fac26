"""Why two sides were put together or kept apart, feature by feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.errors import InputError
from linkage.features.feature import Feature
from linkage.models.contributions import contributions
from linkage.models.pair_model import PairModel


@dataclass(frozen=True)
class Explanation:
    """Why two sides are one or two.

    `step` says at which step that was settled, `words` what the two agree and differ in,
    `log_odds` and `probability` what the model says of the pair by itself. `features` has a row a
    feature the model reads: feature, value (NaN = can't be compared), contribution (to the
    log-odds) and meaning, the weightiest first; `base` is the model's log-odds for a pair of which
    nothing is known, and `base` plus all contributions is `log_odds`.

    Examples
    --------
    >>> links = linkage.PaperLinker().link(records)
    >>> why = linkage.explain_papers(links, "a2", "a3")
    >>> why.same, why.step[:32]
    (False, 'Kept apart by a rule, whatever t')
    """

    left_id: str
    right_id: str
    same: bool
    step: str
    words: str
    probability: float
    log_odds: float
    base: float
    features: pd.DataFrame


class Contribution(NamedTuple):
    """What one feature of a pair adds to the log-odds; its value is NaN where it can't be known."""

    feature: str
    value: float
    contribution: float
    meaning: str


class AddedUp(NamedTuple):
    """A pair's score: `base` and all contributions, the weightiest first, give `log_odds`."""

    base: float
    contributions: list[Contribution]
    log_odds: float
    probability: float


def added_up(
    model: PairModel, features: Sequence[Feature], X: NDArray[np.float32]
) -> list[AddedUp]:
    """How the score of each row of X (n pairs, all `features`) adds up."""
    position = {feature.name: k for k, feature in enumerate(features)}
    used = [position[name] for name in model.features]
    X = X[:, used]
    base, values = contributions(model, X)
    meanings = [features[k].doc.splitlines()[0] for k in used]
    scores = zip(model.log_odds(X).tolist(), model.probability(X).tolist(), strict=True)
    found = []
    for row, adds, score in zip(X.astype(float).tolist(), values, scores, strict=True):
        named = list(map(Contribution, model.features, row, adds.tolist(), meanings))
        order = np.lexsort([np.arange(len(adds)), -np.abs(adds)])
        found.append(AddedUp(base, [named[k] for k in order], *score))
    return found


@dataclass(frozen=True)
class PairFeatures:
    """One pair's feature values, X of shape (1, n features)."""

    features: tuple[Feature, ...]
    X: NDArray[np.float32]


def explanation_of(
    ids: tuple[str, str], same: bool, step: str, words: str, model: PairModel, row: PairFeatures
) -> Explanation:
    """What `model` makes of one pair of `ids`, with the `step` that settled it and its `words`."""
    (found,) = added_up(model, row.features, row.X)
    features = pd.DataFrame(found.contributions, columns=list(Contribution._fields))
    scores = found.probability, found.log_odds, found.base
    return Explanation(*ids, same, step, words, *scores, features)


def check_two(left_id: str, right_id: str, known: pd.Index[Any], what: str) -> None:
    """Raise `InputError` unless both ids are `known` and differ; `what` they are of, in words."""
    for one in (left_id, right_id):
        if one not in known:
            raise InputError(f"found {one!r}, expected the id of a {what} in the input")
    if left_id == right_id:
        raise InputError(f"found {left_id!r} twice, expected the ids of two")


def score_in_words(probability: float, threshold: float) -> str:
    """`Probability 0.812, at or over the threshold 0.6`."""
    side = "at or over" if probability >= threshold else "under"
    return f"Probability {probability:.3f}, {side} the threshold {threshold:g}"
