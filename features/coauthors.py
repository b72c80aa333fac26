"""What the papers of two mentions share: co-authors, subject, venue, cited work, the title.

Prepared columns, one value a paper unless said otherwise. Bags are dicts token -> weight; those of
text are scaled to length 1 (TF-IDF), so that shared weight is their cosine. `coauthors` and
`coauthor_names` are a `CoAuthors` a mention; `citations` is a `Citations`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from linkage.features.columns import Bags
from linkage.features.feature import feature, nan_if

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


class Citations(NamedTuple):
    """What a paper is called in reference lists, and what it cites (weights as in a text bag)."""

    names: frozenset[str]
    cited: Bag


@feature(reads="coauthors", sign=+1)
def shared_coauthor_information(a: CoAuthors, b: CoAuthors) -> float:
    """Sum of the rarity (nats) of the co-authors that both have, by family name and initial."""
    return math.nan if _alone(a) or _alone(b) else _shared(a, b)


@feature(reads="coauthors", sign=+1)
def shared_coauthor_share(a: CoAuthors, b: CoAuthors) -> float:
    """Shared co-authors over the co-authors of the mention that has fewer, 0..1."""
    mine, theirs = _compared(a, b)
    fewer = min(len(mine) - len(a.own & mine), len(theirs) - len(b.own & theirs))
    if not fewer:
        return math.nan
    common = mine & theirs
    return min(len(common - a.own - b.own) / fewer, 1.0) if common else 0.0


@feature(reads="coauthor_names", sign=+1)
def shared_coauthor_name_information(a: CoAuthors, b: CoAuthors) -> float:
    """Sum of the rarity (nats) of the co-authors that both print with the same full name."""
    return math.nan if _alone(a) or _alone(b) else _shared(a, b)


@feature(reads="printed_title", sign=+1)
def same_title(a: str, b: str) -> float:
    """Likeness of the titles from .8 (different) to 1 (the same): one paper listed twice."""
    return max(fuzz.ratio(a, b, score_cutoff=80) / 100, 0.8)


@feature(reads="title_bag", sign=+1)
def title_cosine(a: Bag, b: Bag) -> float:
    """Cosine of the titles' word stems, rare ones weighing more."""
    return _dot(a, b)


@title_cosine.kernel
def _title_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="abstract_bag", sign=+1)
def abstract_cosine(a: Bag, b: Bag) -> float:
    """Cosine of the rarest word stems of the two abstracts."""
    return _dot(a, b)


@abstract_cosine.kernel
def _abstract_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="keyword_bag", sign=+1)
def keyword_cosine(a: Bag, b: Bag) -> float:
    """Cosine of the keywords."""
    return _dot(a, b)


@keyword_cosine.kernel
def _keyword_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="venue_bag", sign=+1)
def venue_cosine(a: Bag, b: Bag) -> float:
    """Cosine of the venue names' words."""
    return _dot(a, b)


@venue_cosine.kernel
def _venue_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="citations", sign=+1)
def shared_references(a: Citations, b: Citations) -> float:
    """Cosine of the reference lists, rarely cited works weighing more."""
    return nan_if(not a.cited or not b.cited, _dot(a.cited, b.cited))


@feature(reads="citations", sign=+1)
def one_cites_the_other(a: Citations, b: Citations) -> float:
    """1 when one of the papers is in the other's reference list."""
    cites = not a.names.isdisjoint(b.cited.keys()) or not b.names.isdisjoint(a.cited.keys())
    return nan_if(not a.cited and not b.cited, float(cites))


def _alone(a: CoAuthors) -> bool:
    return len(a.rarity) < 2


def _compared(a: CoAuthors, b: CoAuthors) -> tuple[AbstractSet[str], AbstractSet[str]]:
    if a.sample and b.sample:
        return a.sample, b.sample
    return a.rarity.keys(), b.rarity.keys()


def _shared(a: CoAuthors, b: CoAuthors) -> float:
    mine, theirs = _compared(a, b)
    common = mine & theirs
    return math.fsum(map(a.rarity.__getitem__, common - a.own - b.own)) if common else 0.0


def _dot(a: Bag, b: Bag) -> float:
    common = a.keys() & b.keys()
    # fsum is exact: the order of a dict's keys can't change the result
    return math.fsum([a[token] * b[token] for token in common]) if common else 0.0
