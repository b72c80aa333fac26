"""Pairs of papers scored: a veto or a probability for each."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.features.feature import Columns
from linkage.linking.clustering import Indices, ScoredPairs, components, inner_pairs
from linkage.models.pair_model import PairModel
from linkage.papers.pairs import FEATURE_NAMES, PAPER_FEATURES, Comparison
from linkage.papers.vetoes import Veto, apply_vetoes
from linkage.running.progress import tell_progress

log = logging.getLogger(__name__)

MAX_COMPLETED = 1000  # records; larger components are clustered by the pairs that blocking gave

_BATCH = 50_000  # pairs compared at once


class Scored(NamedTuple):
    """Pairs of rows with a probability each, and what keeps them apart."""

    i: Indices
    j: Indices
    probability: NDArray[np.float64]
    veto: NDArray[np.int8]  # position among the scorer's vetoes, -1 for none

    def and_also(self, more: Scored) -> Scored:
        """All pairs of both."""
        pairs: list[tuple[Any, Any]] = list(zip(self, more, strict=True))
        return Scored(*(np.concatenate(two) for two in pairs))

    def for_clustering(self) -> ScoredPairs:
        """The pairs as clustering takes them."""
        return ScoredPairs(self.i, self.j, self.probability, self.veto >= 0)


@dataclass(frozen=True)
class PairScorer:
    """Scores pairs with a model; pairs that a veto forbids are not shown to it."""

    model: PairModel
    vetoes: tuple[Veto, ...]
    threshold: float  # from which on a pair is the same

    @property
    def band(self) -> tuple[float, float]:
        """Probabilities between these two deserve a person's look."""
        return self.model.review

    def score(self, columns: Columns, i: Indices, j: Indices) -> Scored:
        """The pairs of rows (i, j) of prepared columns; a vetoed pair has the probability 0."""
        probability, veto = np.zeros(len(i)), np.empty(len(i), dtype=np.int8)
        for start in range(0, len(i), _BATCH):
            tell_progress(log, "comparing", start, "pairs", len(i))
            batch = slice(start, start + _BATCH)
            comparison = Comparison(columns, i[batch], j[batch])
            veto[batch] = apply_vetoes(self.vetoes, comparison)
            free = np.flatnonzero(veto[batch] < 0)
            X = comparison.only(free).matrix(self.model.features)
            probability[start + free] = self.model.probability(X)
        return Scored(i, j, probability, veto)

    score_equal = score  # of identical records

    def complete(self, columns: Columns, scored: Scored, must: Indices) -> Scored:
        """Score also the pairs inside a would-be cluster that blocking did not propose.

        Average linkage would otherwise take them for certainly different. `must`: pairs of rows
        that are one whatever their score, shape (n pairs, 2).
        """
        n = len(columns["title"])
        strong = (scored.probability >= self.threshold) & (scored.veto < 0)
        edges = np.concatenate([np.stack([scored.i[strong], scored.j[strong]], axis=1), must])
        inner = inner_pairs(components(n, edges[:, 0], edges[:, 1]), least=3, most=MAX_COMPLETED)
        missing = inner[~np.isin(inner, scored.i * n + scored.j)]
        return scored.and_also(self.score(columns, missing // n, missing % n))


@dataclass(frozen=True)
class EcmScorer:
    """Scores pairs without a model, by expectation maximisation over all of them at once."""

    vetoes: tuple[Veto, ...]
    threshold: float
    band: tuple[float, float] = (0.1, 0.9)
    model: None = None

    def score(self, columns: Columns, i: Indices, j: Indices) -> Scored:
        """The pairs of rows (i, j) of prepared columns; see `ecm_probabilities`."""
        from linkage.papers.recordlinkage_bridge import ecm_probabilities

        log.info("comparing %s pairs", f"{len(i):,}")
        comparison = Comparison(columns, i, j)
        signs = [feature.sign for feature in PAPER_FEATURES]
        probability = ecm_probabilities(comparison.matrix(), list(FEATURE_NAMES), signs)
        return Scored(i, j, probability, apply_vetoes(self.vetoes, comparison))

    def score_equal(self, columns: Columns, i: Indices, j: Indices) -> Scored:
        """Pairs of identical records: one paper where no veto holds, whatever others are like."""
        veto = apply_vetoes(self.vetoes, Comparison(columns, i, j))
        return Scored(i, j, (veto < 0).astype(float), veto)

    def complete(self, columns: Columns, scored: Scored, must: Indices) -> Scored:  # noqa: ARG002
        """The pairs as they are: some more alone would be scored by other standards."""
        return scored


Scorer = PairScorer | EcmScorer
