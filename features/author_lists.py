"""How alike two author lists are.

Prepared columns: `authors`, a tuple of (family, given) in folded form, list order, groups left out
where persons are named; `author_tokens`, all their name parts of two letters or more, each weighing
1; `author_count`, the length of the list, and `last_author`, the family name at its end, both
missing where the list was cut ("et al.").
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler

from linkage.features.columns import Words
from linkage.features.feature import Values, feature

Authors = tuple[tuple[str, str], ...]
Parts = dict[str, float]  # each weighs 1


@feature(reads="authors", sign=+1)
def first_author_similarity(a: Authors, b: Authors) -> float:
    """Jaro-Winkler similarity of the first authors' family names, 0..1."""
    return float(JaroWinkler.similarity(a[0][0], b[0][0]))


@feature(reads="authors", sign=+1)
def first_author_listed(a: Authors, b: Authors) -> float:
    """1 where the first author of one list stands anywhere in the other, else 0."""
    if a[0][0] == b[0][0]:  # often, and faster
        return 1.0
    return float(any(a[0][0] == f for f, _ in b) or any(b[0][0] == f for f, _ in a))


@feature(reads="last_author", sign=+1)
def last_author_similarity(a: str, b: str) -> float:
    """Jaro-Winkler similarity of the last authors' family names, 0..1."""
    return float(JaroWinkler.similarity(a, b))


@feature(reads="authors", sign=+1)
def author_families_contained(a: Authors, b: Authors) -> float:
    """Share of the shorter list's family names that the other list has, 0..1."""
    if a == b:  # often, and faster
        return 1.0
    families_a, families_b = {f for f, _ in a}, {f for f, _ in b}
    return len(families_a & families_b) / min(len(families_a), len(families_b))


@feature(reads="authors", sign=+1)
def author_families_aligned(a: Authors, b: Authors) -> float:
    """Share of positions (up to the shorter list) at which both have the same family name, 0..1."""
    if a == b:  # often, and faster
        return 1.0
    same = sum([x[0] == y[0] for x, y in zip(a, b, strict=False)])
    return same / min(len(a), len(b))


@feature(reads="authors", sign=+1)
def author_initials_agree(a: Authors, b: Authors) -> float:
    """Share of the family names in both lists with the same initial; NaN where none has any."""
    if a == b:  # often, and faster
        return 1.0 if any(given for _, given in a) else math.nan
    initials_a, initials_b = _initials(a), _initials(b)
    both = initials_a.keys() & initials_b.keys()
    if not both:
        return math.nan
    return sum(not initials_a[f].isdisjoint(initials_b[f]) for f in both) / len(both)


def _initials(authors: Authors) -> dict[str, set[str]]:
    """Initials by family name: two Wangs on one paper are two people."""
    found: dict[str, set[str]] = {}
    for family, given in authors:
        if given:
            found.setdefault(family, set()).add(given[0])
    return found


@feature(reads="author_tokens", sign=+1)
def author_tokens_contained(a: Parts, b: Parts) -> float:
    """Share of the smaller set of name parts that the other list has too, in any order, 0..1."""
    return len(a.keys() & b.keys()) / min(len(a), len(b))


@author_tokens_contained.kernel
def _author_tokens_contained(a: Words, b: Words) -> NDArray[np.float64]:
    return a.shared(b) / np.minimum(a.sizes(), b.sizes())


@feature(reads="author_tokens", sign=+1)
def author_tokens_shared(a: Parts, b: Parts) -> float:
    """Jaccard similarity of the name parts, 0..1."""
    shared = len(a.keys() & b.keys())
    return shared / (len(a) + len(b) - shared)


@author_tokens_shared.kernel
def _author_tokens_shared(a: Words, b: Words) -> NDArray[np.float64]:
    shared = a.shared(b)
    return shared / (a.sizes() + b.sizes() - shared)


@feature(reads="author_count", sign=-1)
def author_count_gap(a: float, b: float) -> float:
    """Difference of the list lengths over the longer, 0..1."""
    return abs(a - b) / max(a, b, 1.0)


@author_count_gap.kernel
def _author_count_gap(a: Values, b: Values) -> NDArray[np.float32]:
    gap: NDArray[np.float32] = (np.abs(a - b) / np.maximum(np.maximum(a, b), 1.0)).astype(
        np.float32
    )
    return gap
