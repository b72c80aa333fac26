"""From scored pairs of mentions to people: average linkage in which names and records can veto."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage.author_pairs import Indices, MentionPairs
from linkage.clustering import ScoredPairs, components
from linkage.features.names import UNSURE, compare_names
from linkage.mentions import Mentions
from linkage.sparse_linkage import SparseLinkage

LEAST_PROBABILITY = 0.01  # less counts as 0, as a pair that was not compared does


def cluster_mentions(
    mentions: Mentions,
    pairs: MentionPairs,
    probability: NDArray[np.float64],
    threshold: float,
    limits: NDArray[np.float64] | None = None,
) -> Indices:
    """For each mention the lowest row of its person: average linkage down to `threshold`.

    Two clusters never meet when any two of their mentions stand on one record or have names in
    conflict, compared or not. `limits` are the `linkage.author_pairs.candidate_limits`.
    """
    most = limits if limits is not None and np.isfinite(limits).any() else None
    n = len(mentions)
    strong = probability >= threshold
    label = components(n, pairs.i[strong], pairs.j[strong])
    kept = (probability >= min(LEAST_PROBABILITY, threshold)) & (label[pairs.i] == label[pairs.j])
    i, j, probability = pairs.i[kept], pairs.j[kept], probability[kept]
    scored = ScoredPairs(i, j, probability, np.zeros(len(i), dtype=bool))
    people = _People(mentions)
    return SparseLinkage(n, scored, most).merge(threshold, people.can_meet, people.join)


class _People:
    """The records and names of each cluster, by its lowest row."""

    def __init__(self, mentions: Mentions) -> None:
        self._keys = mentions.keys
        self._records = [{int(record)} for record in mentions.record_of]
        self._names = [{int(name)} for name in mentions.name_of]
        self._apart: dict[tuple[int, int], bool] = {}

    def can_meet(self, a: int, b: int) -> bool:
        """Tell whether no record and no conflict keeps two clusters apart."""
        if not self._records[a].isdisjoint(self._records[b]):
            return False
        return not any(self._conflict(x, y) for x in self._names[a] for y in self._names[b])

    def join(self, a: int, b: int) -> None:
        """Put what cluster b has into cluster a."""
        self._records[a] |= self._records[b]
        self._names[a] |= self._names[b]

    def _conflict(self, x: int, y: int) -> bool:
        pair = (x, y) if x < y else (y, x)
        if pair not in self._apart:
            self._apart[pair] = compare_names(self._keys[x], self._keys[y]) < UNSURE
        return self._apart[pair]
