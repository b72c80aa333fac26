"""What the papers of two mentions are about: words, subject, venue, cited work, the title itself.

Prepared columns, one value a paper. Bags are dicts token -> weight, scaled to length 1 (TF-IDF), so
that shared weight is their cosine. `subject` is a vector of length 1 (None = nothing to go by);
`citations` is a `Citations`.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from linkage.features.coauthors import Bag
from linkage.features.columns import Bags
from linkage.features.feature import feature, nan_if

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]  # one a row


@feature(reads="subject", sign=+1)
def subject_cosine(a: Vector, b: Vector) -> float:
    """Cosine of the subjects: words of title, abstract, keywords, venue, and their company."""
    return math.fsum((a.astype(np.float64) * b.astype(np.float64)).tolist())


@subject_cosine.kernel
def _subject_cosines(a: Vectors, b: Vectors) -> NDArray[np.float64]:
    return np.asarray(np.einsum("ij,ij->i", a, b, dtype=np.float64))


class Citations(NamedTuple):
    """What a paper is called in reference lists, and what it cites (weights as in a text bag)."""

    names: frozenset[str]
    cited: Bag


@feature(reads="printed_title", sign=+1)
def same_title(a: str, b: str) -> float:
    """Likeness of the titles from .8 (different) to 1 (the same): one paper listed twice."""
    return max(fuzz.ratio(a, b, score_cutoff=80) / 100, 0.8)


@same_title.kernel
def _same_titles(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.float64]:
    found = cpdist(
        a.tolist(), b.tolist(), scorer=fuzz.ratio, score_cutoff=80, dtype=np.float64, workers=1
    )
    return np.maximum(found / 100, 0.8)


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


def _dot(a: Bag, b: Bag) -> float:
    common = a.keys() & b.keys()
    # fsum is exact: the order of a dict's keys can't change the result
    return math.fsum([a[token] * b[token] for token in common]) if common else 0.0
