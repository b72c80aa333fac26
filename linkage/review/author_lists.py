"""Two lists of authors side by side: marked is who stands on one side only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from linkage.authors.mentions import author_keys
from linkage.features.given_names import NameRelation
from linkage.features.name_keys import read_name_key
from linkage.features.names import compare_names
from linkage.review.comparing import ALIKE, DIFFERS, Compared, Part, compare

Authors = Sequence[Mapping[str, Any]]


def compare_authors(left: Authors, right: Authors, most: int | None = None) -> Compared:
    """Compare names, `J. Bell` and `Bell, Jane` in nothing; of longer lists the first `most`."""
    whole = compare("authors", listed(left), listed(right))
    keys = [author_keys(one) for one in (left, right)]
    state, alone = whole.state, [[False] * len(one) for one in keys]
    if state == DIFFERS:
        alone = [_without_counterpart(*keys), _without_counterpart(*reversed(keys))]
        if len(left) == len(right) and all(map(_can_be_one, *keys)):
            state = ALIKE
        elif not any(map(any, alone)):  # another order
            return compare("authors", listed(left[:most]), listed(right[:most]))
    sides = [_parts(*side, most) for side in zip((left, right), alone, strict=True)]
    return Compared("authors", state, *sides)


def listed(authors: Authors) -> str | None:
    """`Ana Bell; Ben Cole`, as printed; None of nobody."""
    return "; ".join(str(author["name"]) for author in authors) or None


def _parts(authors: Authors, alone: Sequence[bool], most: int | None) -> list[Part] | None:
    """The names, those `alone` marked; None of nobody."""
    parts = []
    for author, marked in list(zip(authors, alone, strict=True))[:most]:
        parts += [Part("; ", False), Part(str(author["name"]), marked)]
    if most is not None and len(authors) > most:
        parts.append(Part(f"; … (+{len(authors) - most:,})", False))
    return parts[1:] or None


def _without_counterpart(keys: Sequence[str], others: Sequence[str]) -> list[bool]:
    """Of each name whether none of the others can be the same person's."""
    of_family: dict[str, list[str]] = defaultdict(list)
    for other in others:
        for word in _words(other):
            of_family[word].append(other)
    return [
        not any(_can_be_one(key, other) for word in _words(key) for other in of_family[word])
        for key in keys
    ]


def _words(key: str) -> tuple[str, ...]:
    """The words by which two forms of one name meet."""
    return tuple(read_name_key(key).family)


def _can_be_one(a: str, b: str) -> bool:
    return compare_names(a, b) >= NameRelation.COMPATIBLE
