"""Names that are one name in another order, script or romanisation."""

from __future__ import annotations

from linkage.authors.mentions import Mentions
from linkage.authors.pairs import NamePairs
from linkage.features.names import is_same_in_another_writing

_LOT = 500_000  # pairs looked at together


def other_writings(mentions: Mentions, names: NamePairs) -> dict[int, frozenset[int]]:
    """The names that are one in another writing, of `names` (`candidate_names`)."""
    found: dict[int, set[int]] = {}
    for start in range(0, len(names.a), _LOT):
        sides = (side[start : start + _LOT].tolist() for side in names)
        for a, b in zip(*sides, strict=True):
            if a != b and is_same_in_another_writing(mentions.keys[a], mentions.keys[b]):
                found.setdefault(a, set()).add(b)
                found.setdefault(b, set()).add(a)
    return {name: frozenset(others) for name, others in found.items()}
