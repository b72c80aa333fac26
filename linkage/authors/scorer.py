"""How probable it is that two mentions are one person."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.authors.mentions import Mentions
from linkage.authors.name_counts import NameCounts
from linkage.authors.pairs import (
    FEATURE_NAMES,
    NAME_FEATURES,
    MentionPairs,
    NamePairs,
    in_batches,
    name_features,
    pair_features,
    shares,
)
from linkage.authors.rules import primary_key
from linkage.linking.clustering import Indices
from linkage.models import PairModel
from linkage.models.priors import (
    BIN,
    BINS,
    GROUP_BIN,
    bins,
    group_priors_of_masses,
    masses,
    prior_of_masses,
)
from linkage.models.trees import Alike
from linkage.running.progress import tell_progress
from linkage.running.threads import each_in_threads

log = logging.getLogger(__name__)

# Only pairs with a given name in full in common say how common true pairs are: what initials and
# nicknames may stand for is a matter of the names, which the model knows.
FULL_NAMES = "given_names_shared"


_FULL_NAMES, _TITLE = FEATURE_NAMES.index(FULL_NAMES), FEATURE_NAMES.index("same_title")


# One paper listed twice says nothing of namesakes; so alike are its titles.
_COPY = 0.95


# How far the share of same pairs that the data show is trusted; with sets left out .5 did best.
TRUST = 0.5

_LOT = 500_000  # pairs whose log-odds are looked at together

Floats = NDArray[np.float64]


def background(model: PairModel) -> NameCounts:
    """How common names were where the model was trained."""
    return NameCounts.from_json(model.about.get("name_counts", {}))


class NamePriors(NamedTuple):
    """How far the data at hand move the log-odds of pairs with a given name in full in common.

    `shift` (n groups of like names,), `group` the group of each distinct name, int64 (n names,).
    """

    shift: NDArray[np.float64]
    group: NDArray[np.int64]

    def of(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """The shift of pairs of names a and b, (n pairs,)."""
        return self.shift[np.minimum(self.group[a], self.group[b])]


def score_pairs(
    model: PairModel, mentions: Mentions, names: NamePairs, pairs: MentionPairs, threads: int = 1
) -> tuple[NamePriors, NDArray[np.float64]]:
    """Probability that each pair is one person, shape (n pairs,), and the priors that it includes.

    The model's log-odds are moved halfway to the share of same pairs that the data at hand show
    under the name's family name and initial; but only those of pairs with a given name in full in
    common (`FULL_NAMES`), and copies of one paper tell nothing. By name, since in one library "Jun
    Zhang" may be twenty people and every rarer name one: the share of all pairs would merge them.
    `threads` at once compare; their number changes no result.
    """
    log_odds, full, told = log_odds_of_pairs(model, mentions, names, pairs, threads)
    priors = _name_priors(mentions, pairs, log_odds, told)
    if FULL_NAMES in model.features:
        for rows in _lots(full):
            a, b = (mentions.name_of[side[rows]] for side in (pairs.i, pairs.j))
            log_odds[rows] += priors.of(a, b)
    return priors, logistic(log_odds)


def log_odds_of_pairs(
    model: PairModel, mentions: Mentions, names: NamePairs, pairs: MentionPairs, threads: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """The model's log-odds of pairs (n pairs,), and two masks: whose priors move them, who tell.

    Those with a given name in full in common are moved; they tell priors but for copies.
    """
    position = [FEATURE_NAMES.index(name) for name in model.features]
    of_names = np.array(position) < len(NAME_FEATURES)
    log_odds = np.empty(len(pairs.i))
    full, copy = np.zeros((2, len(pairs.i)), dtype=bool)
    done = 0
    by_names = name_features(mentions, names, pairs)

    def score(batch: MentionPairs) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        X = pair_features(mentions, by_names, batch)
        odds = model.log_odds(X[:, position], Alike(of_names, batch.names))
        return odds, X[:, _FULL_NAMES] > 0.5, X[:, _TITLE] > _COPY

    for found in each_in_threads(score, in_batches(pairs), threads):
        rows = slice(done, done + len(found[0]))
        log_odds[rows], full[rows], copy[rows] = found
        done = rows.stop
        tell_progress(log, "comparing", done, "pairs of mentions", len(pairs.i))
    return log_odds, full, full & ~copy


def logistic(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logistic function, in the place of what it is given."""
    np.exp(np.negative(log_odds, out=log_odds), out=log_odds)
    log_odds += 1.0
    return np.divide(1.0, log_odds, out=log_odds)


def _name_priors(
    mentions: Mentions, pairs: MentionPairs, log_odds: NDArray[np.float64], told: NDArray[np.bool_]
) -> NamePriors:
    """Estimate the priors from the pairs `told`, bool (n pairs,)."""
    known, group = np.unique([primary_key(key) for key in mentions.keys], return_inverse=True)
    group = group.astype(np.int64)
    of_mention = group[mentions.name_of]
    count = np.zeros(len(mentions), dtype=np.int64)
    for rows in _lots(told):
        for side in (pairs.i[rows], pairs.j[rows]):
            np.add.at(count, side, 1)
    share = shares(count)

    def cells(width: float, groups: NDArray[np.int64]) -> Iterator[tuple[Indices, Floats]]:
        for rows in _lots(told):
            i, j = pairs.i[rows], pairs.j[rows]
            of_pair = np.minimum(groups[i], groups[j]) * BINS
            yield of_pair + bins(log_odds[rows], width), share[i] + share[j]

    expected = prior_of_masses(*masses(cells(BIN, np.zeros_like(of_mention))))
    found = group_priors_of_masses(*masses(cells(GROUP_BIN, of_mention)), len(known), expected)
    return NamePriors(TRUST * found, group)


def _lots(told: NDArray[np.bool_]) -> Iterator[Indices]:
    """The rows that are told, some at a time."""
    for start in range(0, len(told), _LOT):
        yield start + np.flatnonzero(told[start : start + _LOT])
