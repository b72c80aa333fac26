"""How probable it is that two mentions are one person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage.authors.mentions import Mentions
from linkage.authors.name_counts import NameCounts
from linkage.authors.pairs import (
    FEATURE_NAMES,
    MentionPairs,
    NamePairs,
    compare_pairs,
    pair_weights,
)
from linkage.models import PairModel
from linkage.models.priors import prior_log_odds, shifted

# Only pairs with a given name in full in common say how common true pairs are: what initials and
# nicknames may stand for is a matter of the names, which the model knows.
FULL_NAMES = "given_names_shared"


_FULL_NAMES, _TITLE = FEATURE_NAMES.index(FULL_NAMES), FEATURE_NAMES.index("same_title")


# One paper listed twice says nothing of namesakes; so alike are its titles.
_COPY = 0.95


# How far the share of same pairs that the data show is trusted; with sets left out .5 did best.
_TRUST = 0.5


def background(model: PairModel) -> NameCounts:
    """How common names were where the model was trained."""
    return NameCounts.from_json(model.about.get("name_counts", {}))


def score_pairs(
    model: PairModel, mentions: Mentions, names: NamePairs, pairs: MentionPairs
) -> tuple[PairModel, NDArray[np.float64]]:
    """Probability that each pair is one person, shape (n pairs,), and the model that says so.

    That is the given one, moved halfway to the share of same pairs that the data at hand show; but
    only for pairs with a given name in full in common (`FULL_NAMES`), copies of one paper aside.
    """
    position = [FEATURE_NAMES.index(name) for name in model.features]
    log_odds = np.empty(len(pairs.i))
    full, copy = np.zeros((2, len(pairs.i)), dtype=bool)
    done = 0
    for X in compare_pairs(mentions, names, pairs):
        batch = slice(done, done + len(X))
        log_odds[batch] = model.log_odds(X[:, position])
        full[batch] = X[:, _FULL_NAMES] > 0.5
        copy[batch] = X[:, _TITLE] > _COPY
        done += len(X)
    if FULL_NAMES in model.features:
        told = full & ~copy
        shift = _TRUST * prior_log_odds(log_odds[told], pair_weights(pairs.i[told], pairs.j[told]))
        model = shifted(model, FULL_NAMES, 0.5, shift)
        log_odds[full] += shift
    return model, 1.0 / (1.0 + np.exp(-log_odds))
