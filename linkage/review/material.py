"""What there is to review: records, who is together with whom, and the questions in their bands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from linkage.linking.calls import Calls
from linkage.papers.words import rule_reason
from linkage.records.schema import Conformed
from linkage.review.cuts import Joins

SURE = 0.99  # probability from which a join is called sure
SAME, DIFFERENT = "same", "different"
BANDS = ("sure", "probable", "close", "apart")  # from surely the same to surely different
PAPERS, PEOPLE = "papers", "people"


class Question(NamedTuple):
    """Are these two the same? `decision`: what linking decided; `reason`: in words, may be ""."""

    left: str
    right: str
    probability: float
    decision: str
    reason: str = ""

    @property
    def pair(self) -> frozenset[str]:
        """Both ids."""
        return frozenset((self.left, self.right))


@dataclass(frozen=True)
class Material:
    """One kind (`PAPERS` or `PEOPLE`) of things to review.

    `clusters`: id of a record or mention -> paper or person. `close`: table of close calls with
    left_id, right_id, probability, decision and reason. `band`, `threshold`: the model's.
    """

    kind: str
    records: Conformed = field(repr=False)
    clusters: dict[str, str] = field(repr=False)
    close: pd.DataFrame = field(repr=False)
    calls: Calls = field(repr=False)
    band: tuple[float, float]
    threshold: float

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Record id -> row."""
        return {str(one): row for row, one in enumerate(self.records["record_id"])}

    @cached_property
    def columns(self) -> dict[str, list[Any]]:
        """The columns as lists, of which one cell is quick to get."""
        return {str(name): self.records[name].tolist() for name in self.records.columns}

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """Paper or person -> its records or mentions."""
        found: dict[str, list[str]] = {}
        for one, cluster in self.clusters.items():
            found.setdefault(cluster, []).append(one)
        return found

    @cached_property
    def bands(self) -> dict[str, list[Question]]:
        """The questions of each band, the most useful first."""
        joins = [Question(a, b, p, SAME) for a, b, p in _rows(self.calls.joins)]
        named = ("left_id", "right_id", "probability", "decision", "reason")
        close = [Question(*row) for row in _rows(self.close[list(named)])]
        asked = {one.pair for one in close}
        high = max(self.band[1], self.threshold)
        doubtful = [one for one in joins if one.probability <= high and one.pair not in asked]
        sure = min(SURE, max(high, 0.9)) if high >= SURE else SURE
        joins.sort(key=lambda one: (one.probability, one.left, one.right))
        return {
            "sure": [one for one in joins if one.probability > max(high, sure)],
            "probable": self._by_cluster(
                [one for one in joins if high < one.probability <= max(high, sure)]
            ),
            "close": self._by_cluster(self._one_a_cut([*close, *doubtful])),
            "apart": [
                Question(a, b, p, DIFFERENT, rule_reason(rule) if rule else "")
                for a, b, p, rule in _rows(self.calls.apart)
            ],
        }

    @cached_property
    def by_pair(self) -> dict[frozenset[str], Question]:
        """The question about a pair; of a pair in two bands that of the nearer call."""
        order = ("apart", "sure", "probable", "close")
        return {one.pair: one for band in order for one in self.bands[band]}

    @cached_property
    def _joins(self) -> Joins:
        return Joins(self.calls.joins)

    def _one_a_cut(self, questions: list[Question]) -> list[Question]:
        """Of those whose groups would fall apart at the same join the closest call only."""
        found: dict[object, Question] = {}
        for one in sorted(questions, key=lambda one: abs(one.probability - self.threshold)):
            cut = self._joins.weakest(one.left, one.right) if one.decision == SAME else None
            found.setdefault(cut or (one.left, one.right), one)
        return list(found.values())

    def sides(self, question: Question) -> tuple[list[str], list[str]]:
        """The members on either side: of two groups or, of one, those to which it would fall apart.

        It falls apart at the weakest join between the two that are asked about.
        """
        left, right = question.left, question.right
        own = self.members[self.clusters[left]]
        if self.clusters[left] != self.clusters[right]:
            return own, self.members[self.clusters[right]]
        weakest = self._joins.weakest(left, right)
        if weakest is None:
            return [left], [one for one in own if one != left]
        mine = self._joins.reached(left, weakest)
        return [one for one in own if one in mine], [one for one in own if one not in mine]

    def size(self, band: str) -> int:
        """How many pairs a band stands for."""
        return self.calls.n_apart if band == "apart" else len(self.bands[band])

    def _by_cluster(self, questions: list[Question]) -> list[Question]:
        """Those about the same clusters one after another, the closest call of all first."""

        def distance(one: Question) -> tuple[float, str, str]:
            return abs(one.probability - self.threshold), one.left, one.right

        ordered = sorted(questions, key=distance)
        group = _Groups()
        for one in ordered:
            group.join(*(self.clusters.get(side, side) for side in (one.left, one.right)))
        first: dict[str, int] = {}
        places = [group.root(self.clusters.get(one.left, one.left)) for one in ordered]
        for place, root in enumerate(places):
            first.setdefault(root, place)
        order = sorted(range(len(ordered)), key=lambda k: (first[places[k]], k))
        return [ordered[k] for k in order]


class _Groups:
    """Names that were joined, by way of others, too."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, one: str) -> str:
        while (above := self._above.get(one, one)) != one:
            one = above
        return one

    def join(self, one: str, other: str) -> None:
        self._above[self.root(one)] = self.root(other)


def _rows(table: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[name].tolist() for name in table.columns), strict=True)
