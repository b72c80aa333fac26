"""Who is who: from records to clusters of author mentions."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from os import PathLike
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.clusters import cluster_mentions
from linkage.authors.links import AuthorLinks, in_input_order
from linkage.authors.mentions import Mentions, list_mentions, prepare_mentions, sort_records
from linkage.authors.name_counts import NameCounts
from linkage.authors.pairs import (
    AUTHOR_FEATURES,
    Indices,
    MentionPairs,
    NamePairs,
    candidate_limits,
    candidate_names,
    candidate_pairs,
    compare_pairs,
    pair_weights,
)
from linkage.authors.repeated_names import repeated_names
from linkage.linking.constraints import mention_constraints, with_must_links
from linkage.linking.estimator import Estimator
from linkage.models import PairModel, load_model
from linkage.models.priors import prior_log_odds, shifted
from linkage.records.schema import conform

log = logging.getLogger(__name__)

# Only pairs with a given name in full in common say how common true pairs are: what initials and
# nicknames may stand for is a matter of the names, which the model knows.
FULL_NAMES = "given_names_shared"
_NAMES = [feature.name for feature in AUTHOR_FEATURES]
_FULL_NAMES, _TITLE = _NAMES.index(FULL_NAMES), _NAMES.index("same_title")
# One paper listed twice says nothing of namesakes; so alike are its titles.
_COPY = 0.95
# How far the share of same pairs that the data show is trusted; with sets left out .5 did best.
_TRUST = 0.5


class AuthorLinker(Estimator):
    """Find which author mentions are the same person.

    `model` is a `PairModel`, the name of a shipped one or a path; `threshold` (0..1, default the
    model's own) is the cubic mean probability down to which clusters are merged.
    """

    def __init__(
        self, model: str | PathLike[str] | PairModel = "authors", threshold: float | None = None
    ) -> None:
        self.model = model
        self.threshold = threshold

    def fit(self, records: pd.DataFrame, mention_labels: pd.DataFrame) -> Self:
        """Train on records and labels: record_id, position, author_id (missing = not known)."""
        from linkage.authors.training.fit import fit_authors

        self.model_ = fit_authors(records, mention_labels)
        return self

    def predict(self, records: pd.DataFrame) -> pd.DataFrame:
        """One row per author of each record, in input order.

        Columns: record_id, position (from 0), name (as printed), author_id, probability (mean
        over the other mentions of the person; missing for a single one).
        """
        records = conform(records)
        return in_input_order(self.link(records).people(), records)

    def link(self, records: pd.DataFrame, constraints: pd.DataFrame | None = None) -> AuthorLinks:
        """Link as `predict` does; the result also has every compared pair.

        `constraints`: pairs of mentions left_id, right_id (`record_id#position`) and same (1, 0 or
        missing = not known) that hold for whole people, whatever names and scores say. Raises
        `InputError` where they contradict each other or name an organisation.
        """
        ordered = sort_records(conform(records))
        return self.link_mentions(ordered, list_mentions(ordered), constraints)

    def predict_mentions(self, records: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        """Cluster some mentions (rows of `list_mentions(records)`) only; otherwise as `predict`."""
        return self.link_mentions(records, table).people()

    def link_mentions(
        self, records: pd.DataFrame, table: pd.DataFrame, constraints: pd.DataFrame | None = None
    ) -> AuthorLinks:
        """Link some mentions (rows of `list_mentions(records)`) only; otherwise as `link`."""
        log.info("preparing %s author mentions", f"{len(table):,}")
        known = mention_constraints(table, constraints)
        model = self._model()
        threshold = model.threshold if self.threshold is None else self.threshold
        mentions = prepare_mentions(table, records, background(model))
        known = with_must_links(known, repeated_names(mentions))
        names = candidate_names(mentions)
        pairs = candidate_pairs(mentions, names)
        log.info("comparing %s pairs of mentions", f"{len(pairs.i):,}")
        model, probability = score_pairs(model, mentions, names, pairs)
        log.info("clustering")
        limits = candidate_limits(mentions, names)
        people = cluster_mentions(mentions, pairs, probability, threshold, limits, known)
        cluster = join_groups(mentions, people)
        ids = author_ids(mentions, cluster)
        return AuthorLinks(mentions, names, pairs, probability, cluster, ids, threshold, model)

    def _model(self) -> PairModel:
        if hasattr(self, "model_"):
            return self.model_
        model = self.model if isinstance(self.model, PairModel) else load_model(self.model)
        model.require("authors", [feature.name for feature in AUTHOR_FEATURES])
        return model


def link_authors(
    records: pd.DataFrame, model: str | PathLike[str] | PairModel = "authors"
) -> pd.DataFrame:
    """Which author mentions are the same person, see `AuthorLinker.predict`."""
    return AuthorLinker(model).predict(records)


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
    position = [_NAMES.index(name) for name in model.features]
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


def join_groups(mentions: Mentions, cluster: Indices) -> Indices:
    """Mentions of groups are one when their folded names are equal, wherever they stand."""
    cluster = cluster.copy()
    first: dict[int, int] = {}
    for row in np.flatnonzero(mentions.table["group"].to_numpy(dtype=bool)):
        cluster[row] = first.setdefault(int(mentions.name_of[row]), int(row))
    return cluster


def author_ids(mentions: Mentions, cluster: Indices) -> list[str]:
    """Readable ids: the fullest name of each cluster, numbered where several people share it."""
    slugs = [slug(mentions.keys[name]) for name in mentions.name_of]
    members: dict[int, list[str]] = defaultdict(list)
    for row, owner in enumerate(cluster):
        members[int(owner)].append(slugs[row])
    bases = {owner: fullest_name(names) for owner, names in members.items()}
    used, seen = set(bases.values()), Counter[str]()
    ids = {}
    for owner, base in bases.items():  # clusters stand in the order of their first mention
        seen[base] += 1
        while seen[base] > 1 and f"{base}-{seen[base]}" in used:
            seen[base] += 1
        ids[owner] = base if seen[base] == 1 else f"{base}-{seen[base]}"
    return [ids[int(owner)] for owner in cluster]


def slug(key: str) -> str:
    """A name key as an id: `george-van-den-driessche`; "unnamed" without letters."""
    family, given, particle, suffix, homonym = key.split("|")
    return "-".join(" ".join((given, particle, family, suffix, homonym)).split()) or "unnamed"


def fullest_name(slugs: list[str]) -> str:
    """The slug with most letters in words of two or more; the most frequent one among equals."""
    count = Counter(slugs)
    return min(count, key=lambda name: (-_letters(name), -count[name], name))


def _letters(name: str) -> int:
    return sum(len(word) for word in name.split("-") if len(word) > 1)
