"""From scored pairs of mentions to people: mean linkage in which names and records can veto."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import combinations, product
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from linkage.authors.circles import CommonNames
from linkage.authors.identifiers.joins import Groups, Places
from linkage.authors.initials import join_initials
from linkage.authors.mentions import Mentions
from linkage.authors.pairs import MentionPairs
from linkage.features.names import UNSURE, compare_names, is_short_for
from linkage.linking.clustering import Indices, ScoredPairs, components
from linkage.linking.constraints import (
    Constraints,
    contracted,
    members_of_groups,
    must_groups,
    no_constraints,
)
from linkage.linking.sparse import SparseLinkage

Probability = TypeVar("Probability", float, NDArray[np.float64])
Found = TypeVar("Found")

LEAST_PROBABILITY = 0.1  # less (cubed, next to nothing) counts as 0, as what was not compared does
# How much greater the odds must be that two single mentions are one: what two clusters have in
# common many pairs say, here it is one.
_LONE_ODDS = 1.5
# An ORCID that so small a part of a cluster's papers have as is this part of what is usual in the
# data, or less, is a slip: one of forty papers, where every third has one.
_SLIPS = 0.35
_LOT = 500_000  # pairs looked at together
_NO_ORCIDS = Counter[int]()  # nobody changes it


class Evidence(NamedTuple):
    """What says of clusters that they may or may not meet, beside names and records.

    `orcid`: a number for each mention's ORCID, -1 for none, int64 (n,). `writings`: distinct name
    -> the names that are it in another order, script or romanisation, where there are any.
    `orcid_share`: of all mentions, how many have an ORCID, 0..1. `alike`: of pairs of names that
    are known to be in no conflict the codes `a << 32 | b`, a <= b, in order; not all have to be.
    """

    orcid: Indices
    writings: Mapping[int, frozenset[int]]
    orcid_share: float
    alike: Indices = np.empty(0, dtype=np.int64)  # nobody changes it


def share_with_orcid(orcid: Indices) -> float:
    """Of mentions with these numbers of ORCIDs, -1 for none, how many have one, 0..1."""
    return float(np.count_nonzero(orcid >= 0)) / max(len(orcid), 1)


def cluster_mentions(
    mentions: Mentions,
    pairs: MentionPairs,
    probability: NDArray[np.float64],
    threshold: float,
    limits: NDArray[np.float64] | None = None,
    known: Constraints | None = None,
    evidence: Evidence | None = None,
) -> Indices:
    """For each mention the lowest row of its person: cubic mean linkage down to `threshold`.

    Clusters merge by the cubic mean of their pairs' probabilities, see `cubed`. Two never meet when
    any two of their mentions stand on one record or have names in conflict, compared or not, or
    when both have ORCIDs, by more than a slip (`_SLIPS`), and none in common; names that are one in
    another writing count as one (`evidence`), and initials say no more than the name in full beside
    them. Two single mentions (`least_of_two`) and circles of co-authors under a very common name
    (`CommonNames`) need a higher mean, initials that only one well-known person fits a lower one
    (`join_initials`).
    `limits` are the `linkage.authors.blocking.candidate_limits`.
    Constraints (`known`) outweigh names and scores: mentions that must be one count as one, which
    has all their names. What may not be one divides the person who has it, and joins nobody anew.
    """
    n = len(mentions)
    known = no_constraints(n) if known is None else known
    evidence = evidence or Evidence(np.full(n, -1), {}, 0.0)
    free = Constraints(known.must, known.cannot[:0], known.group)
    found = _clustered(mentions, pairs, probability, threshold, limits, free, evidence)
    if not (found[known.cannot[:, 0]] == found[known.cannot[:, 1]]).any():
        return found
    inside = found[pairs.i] == found[pairs.j]
    pairs, probability = pairs.some(inside), probability[inside]
    return _clustered(mentions, pairs, probability, threshold, limits, known, evidence)


def _clustered(
    mentions: Mentions,
    pairs: MentionPairs,
    probability: NDArray[np.float64],
    threshold: float,
    limits: NDArray[np.float64] | None,
    known: Constraints,
    evidence: Evidence,
) -> Indices:
    """The same where whoever may not be one is kept apart from the beginning."""
    people = People(mentions, known.group, evidence, least_of_two(threshold))
    label = merge_mentions(people, pairs, probability, threshold, limits, known)
    compared = _cubed_lots(pairs, probability)
    return join_initials(mentions, compared, label, people.can_meet, people.join, known.cannot)


def _cubed_lots(pairs: MentionPairs, probability: NDArray[np.float64]) -> Iterator[ScoredPairs]:
    """All pairs, some at a time, scored by cubed probabilities."""
    for start in range(0, max(len(pairs.i), 1), _LOT):
        lot = slice(start, start + _LOT)
        cubes = cubed(probability[lot])
        yield ScoredPairs(pairs.i[lot], pairs.j[lot], cubes, np.zeros(len(cubes), dtype=bool))


def merge_mentions(
    people: People,
    pairs: MentionPairs,
    probability: NDArray[np.float64],
    threshold: float,
    limits: NDArray[np.float64] | None,
    known: Constraints,
) -> Indices:
    """The same before initials are joined; `people` are told of each merge."""
    n = len(known.group)
    most = _limits_of_groups(limits, known.group)
    strong = probability >= threshold
    sides = zip((pairs.i, pairs.j), known.must.T, strict=True)
    label = components(n, *(np.concatenate([side[strong], must]) for side, must in sides))
    rows = np.flatnonzero(probability >= min(LEAST_PROBABILITY, threshold))
    near = _inside(label, pairs, probability, rows)
    linkage = SparseLinkage(n, contracted(near, known), most)
    del near  # of very many pairs
    merged: Indices = linkage.merge(cubed(threshold), people.can_meet, people.join)[known.group]
    return merged


def _inside(
    label: Indices, pairs: MentionPairs, probability: NDArray[np.float64], rows: Indices
) -> ScoredPairs:
    """Of the pairs `rows` those of one label, scored by cubed probabilities."""
    some = (rows[start : start + _LOT] for start in range(0, len(rows), _LOT))
    inside = [lot[label[pairs.i[lot]] == label[pairs.j[lot]]] for lot in some]
    rows = np.concatenate([rows[:0], *inside])
    cubes, vetoed = cubed(probability[rows]), np.zeros(len(rows), dtype=bool)
    return ScoredPairs(pairs.i[rows], pairs.j[rows], cubes, vetoed)


def least_of_two(threshold: float) -> float:
    """The least probability, 0..1, that two mentions with nobody else are one: .5 for .4.

    Chosen left out of training: on the pairs of medline_vishnyakova F1 rises from .916 to .927
    (precision .862 to .901), as with a threshold of .46 for all; but that costs inspire_wang and
    han_kisti_fragments .01, and this no set more than .0005.
    """
    odds = _LONE_ODDS * threshold
    return odds / (odds + 1 - threshold)


def _limits_of_groups(
    limits: NDArray[np.float64] | None, group: Indices
) -> NDArray[np.float64] | None:
    """The lowest limit of what must be one, at its first row; None without any limit."""
    if limits is None or not np.isfinite(limits).any():
        return None
    lowest = limits.copy()
    np.minimum.at(lowest, group, limits)
    return lowest


def join_people(label: Indices, pairs: Indices) -> Indices:
    """The labels when the people of each pair of mentions, int64 (n pairs, 2), become one."""
    ends = np.stack([label[pairs[:, 0]], label[pairs[:, 1]]], axis=1)
    return must_groups(len(label), ends)[label]


def join_asked(
    cluster: Callable[[Constraints], tuple[Indices, Found]], known: Constraints, places: Places
) -> tuple[Indices, Found]:
    """People by the scores and those joined by what a user says is one (`known.must`).

    `cluster` gives people for some constraints, and what else it found, which is returned. People
    are found first and then joined whole, so that a must-link takes both along and changes nobody
    else. Where that would put two mentions of one record together, or two that a user keeps apart,
    or two whose names are in conflict though those of the must-link are not, the must-links
    concerned are heeded while clustering instead, which may divide people.
    """
    n = len(known.group)
    inside = np.zeros(len(known.must), dtype=bool)  # the must-links heeded while clustering
    while True:
        must = known.must[inside]
        scored, found = cluster(Constraints(must, known.cannot, must_groups(n, must)))
        asked = known.must[~inside]
        joined = scored if not len(asked) else join_people(scored, asked)
        wrong = np.concatenate([
            _impossible(scored, joined, known, places.record),
            _contradictory(scored, joined, asked, places),
        ])  # fmt: skip
        bad = np.isin(joined[asked[:, 0]], wrong)
        if not bad.any():
            return joined, found
        inside[np.flatnonzero(~inside)[bad]] = True


def _impossible(
    scored: Indices, joined: Indices, known: Constraints, record: Indices
) -> NDArray[np.int64]:
    """Joined people of whom the join put two on one record, or that a user keeps apart."""
    a, b = joined[known.cannot].T if len(known.cannot) else np.empty((2, 0), dtype=np.int64)
    apart = a[a == b]
    rows = np.flatnonzero(np.isin(joined, joined[scored != joined]))
    seen: dict[tuple[int, int], int] = {}
    twice = [
        int(joined[row])
        for row in rows.tolist()
        if seen.setdefault((int(joined[row]), int(record[row])), int(scored[row])) != scored[row]
    ]
    return np.unique(np.concatenate([apart, np.array(twice, dtype=np.int64)]))


def _contradictory(
    scored: Indices, joined: Indices, asked: Indices, places: Places
) -> NDArray[np.int64]:
    """Joined people who have names in conflict, but for those that a user says are one's."""
    groups = Groups(places, scored, asked.ravel())
    wrong = []
    for i, j in asked.tolist():
        if groups.contradict((i, j)):
            wrong.append(int(joined[i]))
        groups.join((i, j))
    return np.array(wrong, dtype=np.int64)


def cubed(probability: Probability) -> Probability:
    """The cube of probabilities: their mean, and of that the cube root, is the cubic mean.

    In it some pairs that are surely one person count for more than many that may be: papers of one
    person in two fields are merged by a few that join them, those of namesakes by a hint each are
    not. By products, so that the cube of a number is the same in an array.
    """
    return probability * probability * probability


class People:
    """The records, names and ORCIDs of each cluster, by its lowest row.

    Names are held as numbers of sets: those that are one name in two writings, and those of
    mentions that must be one although they are in conflict, are one set, which goes with another if
    any two names of both do. A set of one name has that name's number. What a single mention has is
    looked up when it is asked for, and so is what a whole cluster has as its lowest row does: there
    are very many.
    """

    def __init__(
        self, mentions: Mentions, group: Indices, evidence: Evidence, least_of_two: float
    ) -> None:
        self._least_of_two = cubed(least_of_two)
        self._keys = mentions.keys
        # read one by one, and so as views: those of NumPy's arrays are slower, lists are larger
        self._record_of = np.ascontiguousarray(mentions.record_of).data
        self._orcid_of = np.ascontiguousarray(evidence.orcid).data
        self._has_orcids = bool((evidence.orcid >= 0).any())
        self._records: dict[int, set[int]] = {}
        self._orcids: dict[int, Counter[int]] = {}
        self._least_share = _SLIPS * evidence.orcid_share
        self._names: dict[int, set[int]] = {}
        self._number: dict[frozenset[int], int] = {}
        self._sets: dict[int, frozenset[int]] = {}  # of two names or more
        self._apart: dict[int, bool] = {}
        self._alike = evidence.alike.data
        set_of = np.arange(len(self._keys))
        for name, others in evidence.writings.items():
            set_of[name] = self._numbered(frozenset((name, *others)))
        sets = set_of[mentions.name_of]
        self._set_of = sets.data
        for first, rows in members_of_groups(group):
            self._records[first] = set(mentions.record_of[rows].tolist())
            orcids = evidence.orcid[rows]
            self._orcids[first] = Counter(orcids[orcids >= 0].tolist())
            self._names[first] = self._names_of_one(set(sets[rows].tolist()))
        self._common = CommonNames(mentions, group)

    def _names_of_one(self, sets: set[int]) -> set[int]:
        """The sets of names of mentions that must be one: a single one where they conflict."""
        if not any(self._conflict(x, y) for x, y in combinations(sorted(sets), 2)):
            return sets
        return {self._numbered(frozenset[int]().union(*map(self._set, sets)))}

    def _numbered(self, names: frozenset[int]) -> int:
        if len(names) == 1:
            return next(iter(names))
        number = self._number.setdefault(names, len(self._keys) + len(self._number))
        self._sets[number] = names
        return number

    def _set(self, number: int) -> Collection[int]:
        return self._sets.get(number) or (number,)

    def can_meet(self, a: int, b: int, mean: float) -> bool:
        """Tell whether no record, no ORCID and no conflict of names keeps two clusters apart.

        Nor is the `mean` of their pairs' cubed probabilities too low for two single mentions or for
        a very common name.
        """
        on, other = self._records_of(a), self._records_of(b)
        if not on.isdisjoint(other):
            return False
        if len(on) == len(other) == 1 and mean < self._least_of_two:
            return False
        if self._has_orcids and self._other_orcids(a, b):
            return False
        if mean < cubed(self._common.least_mean(a, b)):
            return False
        mine, theirs = self._names_of(a), self._names_of(b)
        for x in mine:
            for y in theirs:
                if self._conflict(x, y) and not self._is_excused(x, y, mine | theirs):
                    return False
        return True

    def join(self, a: int, b: int) -> None:
        """Put what cluster b has into cluster a."""
        if self._has_orcids and (orcids := self._orcids_of(a) + self._orcids_of(b)):
            self._orcids[a] = orcids
        records, names = self._records_of(a), self._names_of(a)
        records |= self._records_of(b)
        names |= self._names_of(b)
        self._records[a] = records
        if len(names) > 1:
            self._names[a] = names
        for known in (self._orcids, self._records, self._names):
            known.pop(b, None)
        self._common.join(a, b)

    def _records_of(self, a: int) -> set[int]:
        return self._records.get(a) or {self._record_of[a]}

    def _other_orcids(self, a: int, b: int) -> bool:
        mine, theirs = self._orcids_of(a), self._orcids_of(b)
        if not mine or not theirs or not mine.keys().isdisjoint(theirs):
            return False
        return self._are_no_slips(a, mine) and self._are_no_slips(b, theirs)

    def _are_no_slips(self, a: int, orcids: Counter[int]) -> bool:
        return max(orcids.values()) > self._least_share * len(self._records_of(a))

    def _orcids_of(self, a: int) -> Counter[int]:
        if a in self._orcids:
            return self._orcids[a]
        orcid = self._orcid_of[a]
        return _NO_ORCIDS if orcid < 0 else Counter((orcid,))

    def _names_of(self, a: int) -> set[int]:
        return self._names.get(a) or {self._set_of[a]}

    def _is_excused(self, x: int, y: int, names: set[int]) -> bool:
        """Tell whether one of two sets in conflict is short for another that goes with the other.

        O. Kovalenko conflicts with Alexey only as long as nobody knows that he is Oleksii.
        """
        return any(
            self._is_short(p, whole) and not self._conflict(whole, q)
            for p, q in ((x, y), (y, x))
            for whole in names - {p, q}
        )

    def _is_short(self, x: int, whole: int) -> bool:
        longer = [self._keys[name] for name in self._set(whole)]
        return all(
            any(is_short_for(self._keys[name], key) for key in longer) for name in self._set(x)
        )

    def _conflict(self, x: int, y: int) -> bool:
        pair = (min(x, y) << 32) + max(x, y)
        found = self._apart.get(pair)
        if found is None:
            names = product(self._set(x), self._set(y))
            found = self._apart[pair] = all(self._are_in_conflict(p, q) for p, q in names)
        return found

    def _are_in_conflict(self, a: int, b: int) -> bool:
        """Tell whether two names can't be one person's; of most it was found out before."""
        code = (min(a, b) << 32) | max(a, b)
        at = bisect_left(self._alike, code)
        if at < len(self._alike) and self._alike[at] == code:
            return False
        return compare_names(self._keys[a], self._keys[b]) < UNSURE
