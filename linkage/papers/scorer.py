"""Pairs of papers scored: a veto or a probability for each."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.features.feature import Columns
from linkage.linking.clustering import Indices, ScoredPairs
from linkage.models.pair_model import PairModel
from linkage.papers.pairs import Comparison
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
    veto: NDArray[np.int8]  # position in PUBLICATION_VETOES, -1 for none

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
