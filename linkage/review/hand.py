"""Groups put right by hand: split, joined. Both become verdicts on pairs."""

from __future__ import annotations

from collections.abc import Sequence

from linkage.errors import InputError
from linkage.library.judgements import DIFFERENT, SAME
from linkage.records.mention_ids import read_mention_id
from linkage.review.desk import Desk

_MOST_PAIRS = 20_000


def split(desk: Desk, cluster: str, stay: Sequence[str], note: str) -> int:
    """Split off the members that don't stay; how many verdicts say so. 0: nothing to split.

    Each that goes differs from each that stays: from one alone another could draw it back.
    """
    members = members_of(desk, cluster)
    kept = set(stay) & set(members)
    left = [one for one in members if one not in kept]
    pairs = [(one, other) for one in left for other in members if other in kept]
    if len(pairs) > _MOST_PAIRS:
        raise InputError(f"found {len(pairs):,} pairs to split, expected {_MOST_PAIRS:,} at most")
    return desk.say(pairs, DIFFERENT, note) if pairs else 0


def merge(desk: Desk, cluster: str, other: str, note: str) -> None:
    """Join two groups; `other` is the id of the other, or of one of its members."""
    mine = members_of(desk, cluster)
    clusters = desk.material.clusters
    theirs = members_of(desk, clusters.get(other, other))
    if mine == theirs:
        raise InputError(f"found {other!r}, which is in this group already, expected another")
    desk.say([_apart(mine, theirs)], SAME, note)


def _apart(mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, str]:
    """One of each, of two records where they are mentions: one record can't name a person twice."""
    for one in mine:
        for other in theirs:
            left, right = read_mention_id(one), read_mention_id(other)
            if left is None or right is None or left[0] != right[0]:
                return one, other
    return mine[0], theirs[0]


def members_of(desk: Desk, cluster: str) -> list[str]:
    """The members of a group; raises `InputError` where there is no such group."""
    members = desk.material.members.get(cluster)
    if members is None:
        raise InputError(f"found the id {cluster!r}, expected one that is under review")
    return members
