"""What identifiers join, all of them together: no chain joins what may not be one person.

Beside it `values` reads one value after the other. Values of several kinds make chains:
an ORCID joins A and B, an address B and C. Here each is asked whether all that it would bring
together may be one person: no two positions of one record, no two ORCIDs, and, but for ORCIDs, no
two names in conflict. What is refused is told. ORCIDs come first, then the kinds less sure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.authors.identifiers.values import EMAIL, HOMONYM, ORCID, Change, Link
from linkage.authors.mentions import Mentions
from linkage.errors import Problem
from linkage.features.names import UNSURE, compare_names
from linkage.linking.clustering import Indices

_BELIEVED = {ORCID: 0, HOMONYM: 1, EMAIL: 2}
_SHOWN = 3  # mentions that a warning names


class Places(NamedTuple):
    """Where n mentions stand and what stands there, by rows in canonical order.

    `record`: its number, int64 (n,); objects (n,): `mention_id`, `key` of the name, `name` as
    printed, `orcid` (None: none, or a disputed one).
    """

    record: Indices
    mention_id: NDArray[np.object_]
    key: NDArray[np.object_]
    name: NDArray[np.object_]
    orcid: NDArray[np.object_]


def places_of(mentions: Mentions, orcid: NDArray[np.object_]) -> Places:
    """The places of all mentions; `orcid` as `identities` gives it."""
    keys = np.array(mentions.keys, dtype=object)[mentions.name_of]
    printed = (mentions.table[name].to_numpy(dtype=object) for name in ("mention_id", "name"))
    ids, names = printed
    return Places(mentions.record_of, ids, keys, names, orcid)


class _Group(NamedTuple):
    """Mentions that are one person so far, and what is theirs."""

    rows: set[int]
    records: set[int]
    names: set[str]
    orcids: Counter[str]

    def absorb(self, other: _Group) -> None:
        """Take what another has."""
        self.rows.update(other.rows)
        self.records.update(other.records)
        self.names.update(other.names)
        self.orcids.update(other.orcids)


class Groups:
    """Groups of mentions, of which identifiers join some.

    `label` numbers the group of each mention; `rows` are all that will be asked for. `apart`:
    pairs that a user says are two people, int64 (n, 2).
    """

    def __init__(
        self, places: Places, label: Indices, rows: Indices, apart: Indices | None = None
    ) -> None:
        self._places, self.label = places, label.copy()
        self._groups: dict[int, _Group] = {}
        self._conflicts: dict[tuple[str, str], bool] = {}
        self._apart: dict[int, set[int]] = {}
        for i, j in () if apart is None else apart.tolist():
            self._apart.setdefault(i, set()).add(j)
            self._apart.setdefault(j, set()).add(i)
        for row in np.flatnonzero(np.isin(label, label[rows])).tolist():
            group = self._groups.setdefault(int(label[row]), _nobody())
            group.rows.add(row)
            group.records.add(int(places.record[row]))
            group.names.add(places.key[row])
            if places.orcid[row]:
                group.orcids[places.orcid[row]] += 1

    def once_a_record(self, rows: Sequence[int]) -> list[int]:
        """The rows without those that stand on a record of another one's, of another group."""
        found: dict[int, set[int]] = {}
        for row in rows:
            found.setdefault(int(self._places.record[row]), set()).add(int(self.label[row]))
        return [row for row in rows if len(found[int(self._places.record[row])]) == 1]

    def barrier(self, link: Link | Change, rows: Sequence[int]) -> str:
        """Why the groups of some rows of a link are not one, in words, or ""."""
        whole, said = _nobody(), self._names(rows)
        for group in self._groups_of(rows):
            if reason := self._between(whole, group):
                return reason
            if link.kind != ORCID and (reason := self._contradiction(whole, group, said)):
                return reason
            whole.absorb(group)
        return ""

    def contradict(self, rows: Sequence[int]) -> bool:
        """Tell whether names of the groups of two rows are in conflict, other than these two's."""
        first, *other = self._groups_of(rows)
        said = self._names(rows)
        return any(self._contradiction(first, group, said) for group in other)

    def join(self, rows: Sequence[int]) -> None:
        """Make the groups of some rows one, called by the lowest label."""
        labels = sorted(set(self.label[list(rows)].tolist()))
        whole = self._groups[labels[0]]
        for label in labels[1:]:
            group = self._groups.pop(label)
            self.label[list(group.rows)] = labels[0]
            whole.absorb(group)

    def _groups_of(self, rows: Sequence[int]) -> list[_Group]:
        return [self._groups[label] for label in dict.fromkeys(self.label[list(rows)].tolist())]

    def _between(self, a: _Group, b: _Group) -> str:
        """What but names keeps two groups apart."""
        if not a.records.isdisjoint(b.records):
            both = min(a.records & b.records)
            row = next(row for row in b.rows if self._places.record[row] == both)
            return f"record {self._places.mention_id[row].rpartition('#')[0]} lists both"
        if any(not self._apart[row].isdisjoint(a.rows) for row in b.rows if row in self._apart):
            return "a user says that they are two"
        if a.orcids and b.orcids and usual(a.orcids).isdisjoint(usual(b.orcids)):
            return f"their ORCIDs are {min(usual(a.orcids))} and {min(usual(b.orcids))}"
        return ""

    def _names(self, rows: Sequence[int]) -> set[str]:
        return {self._places.key[row] for row in rows}

    def _contradiction(self, a: _Group, b: _Group, said: set[str]) -> str:
        """What names of two groups are in conflict, or ""; not those `said` to be one person's."""
        for x, y in product(sorted(a.names), sorted(b.names)):
            if self._conflict(x, y) and not self._is_settled((x, a.names), (y, b.names), said):
                names = (self._printed(x, a.rows), self._printed(y, b.rows))
                return f"the names {names[0]} and {names[1]} contradict each other"
        return ""

    def _is_settled(
        self, one: tuple[str, set[str]], other: tuple[str, set[str]], said: set[str]
    ) -> bool:
        """Tell whether two names in conflict are one person's, as others show that are like them.

        Others of the two groups, or two of those `said` to be one person's, are in conflict in the
        same way. `one`: a name and all names of its group.
        """
        for (x, mine), (y, _) in ((one, other), (other, one)):
            if any(self._conflict(p, x) and not self._conflict(p, y) for p in mine):
                return True
        (x, _), (y, _) = one, other
        return any(
            self._conflict(p, q) and not self._conflict(x, p) and not self._conflict(y, q)
            for p, q in product(said, said)
        )

    def _conflict(self, x: str, y: str) -> bool:
        pair = (x, y) if x < y else (y, x)
        if pair not in self._conflicts:
            self._conflicts[pair] = compare_names(*pair) < UNSURE
        return self._conflicts[pair]

    def _printed(self, key: str, rows: Iterable[int]) -> str:
        return repr(self._places.name[min(r for r in rows if self._places.key[r] == key)])


def _nobody() -> _Group:
    return _Group(set(), set(), set(), Counter())


def usual(orcids: Counter[str]) -> set[str]:
    """The ORCIDs that most papers of a person have: fewer may have another's."""
    most = max(orcids.values(), default=0)
    return {orcid for orcid, n in orcids.items() if n == most}


def must_links(
    places: Places, near: Sequence[Link], group: Indices
) -> tuple[Indices, list[Problem]]:
    """Pairs of mentions that are one by identifiers, int64 (n pairs, 2); what was refused.

    `group`: for each mention the lowest one that it must be one with already, int64 (n,).
    """
    groups = Groups(places, group, _rows_of(near))
    pairs: list[tuple[int, int]] = []
    problems = []
    for link in sorted(near, key=_order):
        rows = groups.once_a_record(link.rows)
        if len(rows) < len(link.rows):
            twice = [row for row in link.rows if row not in set(rows)]
            expected = "one author of a record (heeded at neither)"
            problems.append(_problem(places, link, twice, expected))
        if len(rows) < 2:
            continue
        if reason := groups.barrier(link, rows):
            problems.append(_problem(places, link, rows, f"one person's (not heeded: {reason})"))
            continue
        groups.join(rows)
        pairs += pairwise(rows)
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2), problems


def join_changes(
    places: Places, far: Sequence[Change], label: Indices, apart: Indices | None = None
) -> tuple[Indices, list[Problem]]:
    """The labels when people of names in conflict become one by an identifier, and what was told.

    `label` numbers each mention's person by one of its rows, int64 (n,).
    """
    groups = Groups(places, label, _rows_of(far), apart)
    problems = []
    for change in sorted(far, key=_order):
        reason = groups.barrier(change, change.rows)
        if not reason:
            groups.join(change.rows)
        fate = f"kept apart: {reason}" if reason else "taken for one person"
        expected = f"one person's names ({fate})"
        problems.append(Problem("authors", change.place, change.found, expected, kept=True))
    return groups.label, problems


def several_orcids(places: Places, label: Indices) -> list[Problem]:
    """What to tell of people (`label`) some of whose papers have another ORCID than most."""
    known = np.flatnonzero(places.orcid != None)  # noqa: E711  of each object
    found: dict[int, dict[str, list[int]]] = {}
    for row in known.tolist():
        found.setdefault(int(label[row]), {}).setdefault(places.orcid[row], []).append(row)
    problems = []
    for orcids in found.values():
        most, *others = sorted(orcids, key=lambda orcid: (-len(orcids[orcid]), orcid))
        for orcid in others:
            link = Link(ORCID, orcid, tuple(orcids[orcid]))
            expected = f"one ORCID a person, such as {most} on other papers (taken for a slip)"
            problems.append(_problem(places, link, orcids[orcid], expected))
    return problems


def _problem(places: Places, link: Link, rows: Sequence[int], expected: str) -> Problem:
    names = " and ".join(dict.fromkeys(repr(places.name[row]) for row in rows[:_SHOWN]))
    ids = ", ".join(places.mention_id[row] for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    found = f"the {link.kind} {link.value} at {names} ({ids}{more})"
    return Problem("authors", places.mention_id[rows[0]], found, expected, kept=True)


def _rows_of(links: Sequence[Link] | Sequence[Change]) -> Indices:
    return np.array([row for link in links for row in link.rows], dtype=np.int64)


def _order(link: Link | Change) -> tuple[int, int, str, str, tuple[int, ...]]:
    """The surest kinds first, of these what joins most."""
    believed = _BELIEVED.get(link.kind, len(_BELIEVED))
    return believed, -len(link.rows), link.kind, link.value, link.rows
