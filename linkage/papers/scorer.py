"""Pairs of papers scored: a veto or a probability for each."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

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

    @classmethod
    def concat(cls, parts: Sequence[Scored]) -> Scored:
        """The pairs of all parts."""
        columns: list[Any] = list(zip(*parts, strict=True))
        return cls(*map(np.concatenate, columns))

    def and_also(self, more: Scored) -> Scored:
        """All pairs of both."""
        return Scored.concat([self, more])

    def some(self, rows: NDArray[np.int64]) -> Scored:
        """Only the pairs `rows`, in their order."""
        return Scored(self.i[rows], self.j[rows], self.probability[rows], self.veto[rows])

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
            some = self.score_some(columns, i[batch], j[batch])
            probability[batch], veto[batch] = some.probability, some.veto
        return Scored(i, j, probability, veto)

    def score_some(self, columns: Columns, i: Indices, j: Indices) -> Scored:
        """The same, all at once."""
        comparison = Comparison(columns, i, j)
        veto = apply_vetoes(self.vetoes, comparison)
        free = np.flatnonzero(veto < 0)
        probability = np.zeros(len(i))
        X = comparison.only(free).matrix(self.model.features)
        probability[free] = self.model.probability(X)
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


class ScoringAhead:
    """Scores pairs of rows of prepared columns in a thread, as they are taken in.

    What joins blocking keys lets other threads go on, and scoring is mostly Python, so that a
    second thread would gain nothing. Used as a context: its end ends the thread.
    """

    def __init__(self, scorer: PairScorer, columns: Columns) -> None:
        self._scorer = scorer
        self._columns = columns
        self._waiting: list[tuple[Indices, Indices]] = []
        self._n_waiting = 0
        self._parts: list[tuple[int, Future[Scored]]] = []  # of so many pairs each
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def take(self, i: Indices, j: Indices) -> None:
        """Take in some pairs; none may be taken in twice."""
        self._waiting.append((i, j))
        self._n_waiting += len(i)
        if self._n_waiting >= _BATCH:
            self._begin()

    def scored(self) -> Scored:
        """All pairs that were taken in, ordered by i, then j."""
        self._begin()
        total, done = sum(n for n, _ in self._parts), 0
        found = [self._scorer.score_some(self._columns, *np.empty((2, 0), dtype=np.int64))]
        for n, future in self._parts:
            tell_progress(log, "comparing", done, "pairs", total)
            found.append(future.result())
            done += n
        self._parts.clear()
        scored = Scored.concat(found)
        return scored.some(np.lexsort((scored.j, scored.i)))

    def _begin(self) -> None:
        """Have the thread score what waits."""
        if self._waiting:
            i, j = (np.concatenate(side) for side in zip(*self._waiting, strict=True))
            scored = self._thread.submit(self._scorer.score_some, self._columns, i, j)
            self._parts.append((len(i), scored))
        self._waiting, self._n_waiting = [], 0


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
