"""What people said of pairs: kept for ever, the last word holds, contradictions are shown.

A judgement is a row that is only ever added. Another on the same pair overrides it, and a row with
`takes_back` takes one back (or takes back that). Of those in force that contradict each other by
way of others, the newer hold: going back in time, each is followed unless those after it forbid it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import pandas as pd

from linkage.library.store import Store

SAME, DIFFERENT, UNSURE, TAKEN_BACK = "same", "different", "can't say", "taken back"
_SIGNS = {SAME: "=", DIFFERENT: "≠"}


@dataclass(frozen=True)
class Judgement:
    """What somebody said of two records (kind "paper") or two mentions (kind "person").

    `left_id` and `right_id` are the library's; `takes_back` is the judgement that this one takes
    back. `probability`: what the model said of the pair then, None where it was not compared.
    """

    judgement_id: str
    run: int
    kind: str
    left_id: str
    right_id: str
    left_name: str
    right_name: str
    verdict: str
    takes_back: str | None
    who: str
    at: str
    note: str | None = None
    probability: float | None = None

    def __str__(self) -> str:
        sign = _SIGNS.get(self.verdict, "?")
        return f"{self.left_id} {sign} {self.right_id} ({self.judgement_id}, {self.who})"


COLUMNS = tuple(field.name for field in fields(Judgement))


class Contradiction(NamedTuple):
    """A judgement that is not followed, and the newer ones that contradict it, as a chain."""

    left_out: Judgement
    chain: tuple[Judgement, ...]

    def __str__(self) -> str:
        chain = ", ".join(map(str, self.chain))
        return (
            f"{self.left_out} contradicts {chain}; the older, {self.left_out.judgement_id}, waits"
        )


class Standing(NamedTuple):
    """The judgements that hold now and what they say: pairs left_id, right_id, same."""

    in_force: list[Judgement]
    constraints: pd.DataFrame
    contradictions: list[Contradiction]


def read_judgements(store: Store) -> list[Judgement]:
    """All rows, the oldest first."""
    query = f"SELECT {', '.join(COLUMNS)} FROM judgements ORDER BY number"  # noqa: S608
    return [Judgement(*row) for row in store.rows(query)]


def save_judgements(store: Store, judgements: Sequence[Judgement]) -> None:
    """Append rows."""
    first = store.next_number("judgements")
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    store.change(
        f"INSERT INTO judgements (number, {', '.join(COLUMNS)}) VALUES ({marks})",  # noqa: S608
        (
            (number, *(getattr(one, name) for name in COLUMNS))
            for number, one in enumerate(judgements, start=first)
        ),
    )


def not_taken_back(rows: Sequence[Judgement]) -> list[Judgement]:
    """Those that hold: a row that takes another back may itself be taken back."""
    gone: set[str] = set()
    for row in reversed(rows):  # what takes back is newer than what it takes back
        if row.takes_back and row.judgement_id not in gone:
            gone.add(row.takes_back)
    return [row for row in rows if row.judgement_id not in gone]


def standing(rows: Iterable[Judgement]) -> Standing:
    """What holds of judgements of one kind that nobody took back, given the oldest first.

    Their ids are those of what is there now.
    """
    last: dict[frozenset[str], Judgement] = {}
    for row in rows:
        pair = frozenset((row.left_id, row.right_id))
        last.pop(pair, None)  # so that the last word stands last
        last[pair] = row
    in_force = list(last.values())
    kept, contradictions = _consistent([row for row in in_force if row.verdict in _SIGNS])
    table = [(row.left_id, row.right_id, int(row.verdict == SAME)) for row in reversed(kept)]
    constraints = pd.DataFrame(table, columns=["left_id", "right_id", "same"])
    return Standing(in_force, constraints, contradictions)


def _consistent(rows: Sequence[Judgement]) -> tuple[list[Judgement], list[Contradiction]]:
    """Those that don't contradict newer ones, the newest first, and those that do."""
    kept: list[Judgement] = []
    left_out: list[Contradiction] = []
    groups = _Groups()
    for row in reversed(rows):
        if groups.take(row):
            kept.append(row)
        else:
            left_out.append(Contradiction(row, tuple(_chain_against(row, kept))))
    return kept, left_out


class _Groups:
    """What is said to be one, and which of it is said to be apart."""

    def __init__(self) -> None:
        self._group: dict[str, set[str]] = {}
        self._apart: dict[str, set[str]] = defaultdict(set)

    def take(self, row: Judgement) -> bool:
        """Add what a judgement says; False where it contradicts what is there."""
        a, b = (self._group.setdefault(one, {one}) for one in (row.left_id, row.right_id))
        if row.verdict == DIFFERENT:
            if a is b:
                return False
            self._apart[row.left_id].add(row.right_id)
            self._apart[row.right_id].add(row.left_id)
            return True
        if a is b:
            return True
        small, large = sorted((a, b), key=len)
        if any(not self._apart[one].isdisjoint(large) for one in small):
            return False
        large |= small
        self._group |= dict.fromkeys(small, large)
        return True


def _chain_against(row: Judgement, kept: Sequence[Judgement]) -> list[Judgement]:
    """The judgements that together say the opposite of one."""
    near = _neighbours(kept)
    from_left, from_right = (_paths(one, near) for one in (row.left_id, row.right_id))
    if row.verdict == DIFFERENT:
        return from_left[row.right_id]
    for other in kept:
        for a, b in ((other.left_id, other.right_id), (other.right_id, other.left_id)):
            if other.verdict == DIFFERENT and a in from_left and b in from_right:
                return [*from_left[a], other, *reversed(from_right[b])]
    return []


def _neighbours(kept: Iterable[Judgement]) -> dict[str, list[tuple[str, Judgement]]]:
    near: dict[str, list[tuple[str, Judgement]]] = defaultdict(list)
    for row in kept:
        if row.verdict == SAME:
            near[row.left_id].append((row.right_id, row))
            near[row.right_id].append((row.left_id, row))
    return near


def _paths(start: str, near: dict[str, list[tuple[str, Judgement]]]) -> dict[str, list[Judgement]]:
    """The shortest chain of judgements to whatever is said to be one with `start`."""
    found: dict[str, list[Judgement]] = {start: []}
    queue = deque([start])
    while queue:
        one = queue.popleft()
        for other, row in near.get(one, ()):
            if other not in found:
                found[other] = [*found[one], row]
                queue.append(other)
    return found
