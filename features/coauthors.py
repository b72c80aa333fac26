"""Co-authors that the papers of two mentions share, and chains of co-authors between them.

Prepared columns, one value a mention: `coauthors` and `coauthor_names`, a `CoAuthors`; `chain`, a
row of numbers: for each strength of link, the group of mentions that links of at least this
strength join; `circle`, two: the group that more than single links join, and its mentions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

from linkage.features.companies import CoAuthors, Companies
from linkage.features.feature import Values, feature


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


@shared_coauthor_information.kernel
@shared_coauthor_name_information.kernel
def _shared_information(a: Companies, b: Companies) -> NDArray[np.float64]:
    found = a.shared(b) @ a.lists.nats
    return np.where((a.sizes() < 2) | (b.sizes() < 2), np.nan, found)


@shared_coauthor_share.kernel
def _shared_share(a: Companies, b: Companies) -> NDArray[np.float64]:
    fewer = np.minimum(*a.compared(b)).astype(float)
    fewer[fewer == 0] = np.nan
    share: NDArray[np.float64] = np.minimum(np.diff(a.shared(b).indptr) / fewer, 1.0)
    return share


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
    return np.asarray((a == b).sum(axis=1), dtype=np.float32)


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
    return np.asarray(a[:, 0] == b[:, 0], dtype=np.float32)


@circles_apart.kernel
def _circles_apart(a: Values, b: Values) -> NDArray[np.float32]:
    apart = np.log1p(np.minimum(a[:, 1], b[:, 1]))
    return np.asarray(np.where(a[:, 0] == b[:, 0], 0.0, apart), dtype=np.float32)
