"""Co-authors that the papers of two mentions share, and chains of co-authors between them.

Prepared columns, one value a mention: `coauthors` and `coauthor_names`, a `CoAuthors`; `chain`, a
tuple: for each strength of link, the group of mentions that links of at least this strength join;
`circle`, a pair: the group of mentions that more than single links join, and how many it has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.features.feature import Values, feature

Bag = Mapping[str, float]


class CoAuthors(NamedTuple):
    """Authors of the mention's paper: name key -> rarity in nats, the mention itself included.

    `own` are the keys of the mention's own name in all its forms, which are no co-authors. Of a
    long list, `sample` has the names that any other list would sample, too: two long lists are
    compared by their samples, a short one with all of a long one.
    """

    rarity: Bag
    own: frozenset[str]
    sample: frozenset[str] = frozenset()


@feature(reads="coauthors", sign=+1)
def shared_coauthor_information(a: CoAuthors, b: CoAuthors) -> float:
    """Sum of the rarity (nats) of the co-authors that both have, by family name and initial."""
    return math.nan if _has_no_coauthor(a) or _has_no_coauthor(b) else _shared_weight(a, b)


@feature(reads="coauthors", sign=+1)
def shared_coauthor_share(a: CoAuthors, b: CoAuthors) -> float:
    """Shared co-authors over the co-authors of the mention that has fewer, 0..1."""
    mine, theirs = _compared_sets(a, b)
    fewer = min(len(mine) - len(a.own & mine), len(theirs) - len(b.own & theirs))
    if not fewer:
        return math.nan
    common = mine & theirs
    return min(len(common - a.own - b.own) / fewer, 1.0) if common else 0.0


@feature(reads="coauthor_names", sign=+1)
def shared_coauthor_name_information(a: CoAuthors, b: CoAuthors) -> float:
    """Sum of the rarity (nats) of the co-authors that both print with the same full name."""
    return math.nan if _has_no_coauthor(a) or _has_no_coauthor(b) else _shared_weight(a, b)


def _has_no_coauthor(a: CoAuthors) -> bool:
    return len(a.rarity) < 2


def _compared_sets(a: CoAuthors, b: CoAuthors) -> tuple[AbstractSet[str], AbstractSet[str]]:
    if a.sample and b.sample:
        return a.sample, b.sample
    return a.rarity.keys(), b.rarity.keys()


def _shared_weight(a: CoAuthors, b: CoAuthors) -> float:
    mine, theirs = _compared_sets(a, b)
    common = mine & theirs
    return math.fsum(map(a.rarity.__getitem__, common - a.own - b.own)) if common else 0.0


@feature(reads="chain", sign=+1)
def coauthor_chain(a: Sequence[int], b: Sequence[int]) -> float:
    """Strength of the weakest link in the best chain of shared co-authors, 0 if there is none."""
    return float(sum(x == y for x, y in zip(a, b, strict=True)))


@coauthor_chain.kernel
def _coauthor_chain(a: Values, b: Values) -> NDArray[np.float32]:
    if not len(a):
        return np.empty(0, dtype=np.float32)
    equal = np.array(list(a)) == np.array(list(b))
    return np.asarray(equal.sum(axis=1), dtype=np.float32)


@feature(reads="circle", sign=+1)
def same_circle(a: tuple[int, int], b: tuple[int, int]) -> float:
    """1 when more than a single link joins the circles of co-authors of both."""
    return float(a[0] == b[0])


@feature(reads="circle", sign=-1)
def circles_apart(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Of two circles apart the papers of the smaller, as a logarithm; 0 for one circle."""
    return 0.0 if a[0] == b[0] else math.log1p(min(a[1], b[1]))


@same_circle.kernel
def _same_circle(a: Values, b: Values) -> NDArray[np.float32]:
    x, y = _circle_arrays(a, b)
    return np.asarray(x[:, 0] == y[:, 0], dtype=np.float32)


@circles_apart.kernel
def _circles_apart(a: Values, b: Values) -> NDArray[np.float32]:
    x, y = _circle_arrays(a, b)
    apart = np.log1p(np.minimum(x[:, 1], y[:, 1]))
    return np.asarray(np.where(x[:, 0] == y[:, 0], 0.0, apart), dtype=np.float32)


def _circle_arrays(a: Values, b: Values) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    x, y = (np.array(list(side), dtype=np.int64).reshape(-1, 2) for side in (a, b))
    return x, y
