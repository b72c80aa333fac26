"""What two bodies of work are about, each the papers of one circle of co-authors."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from linkage.features.coauthors import Bag
from linkage.features.columns import Bags
from linkage.features.feature import feature

Vector = NDArray[np.float32]


@feature(reads="body_subject", sign=+1)
def bodies_subject_mean(a: Vector, b: Vector) -> float:
    """Mean cosine of the subjects of the papers of two circles of co-authors."""
    return math.fsum((a.astype(np.float64) * b.astype(np.float64)).tolist())


@feature(reads="body_subject", sign=+1)
def bodies_subject_cosine(a: Vector, b: Vector) -> float:
    """Cosine of the mean subjects of two circles of co-authors."""
    length = math.sqrt(float(np.dot(a, a)) * float(np.dot(b, b)))
    return math.fsum((a.astype(np.float64) * b.astype(np.float64)).tolist()) / max(length, 1e-9)


@bodies_subject_mean.kernel
def _means(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(np.einsum("ij,ij->i", a, b, dtype=np.float64))


@bodies_subject_cosine.kernel
def _cosines(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    length = np.sqrt(np.einsum("ij,ij->i", a, a) * np.einsum("ij,ij->i", b, b))
    return np.asarray(np.einsum("ij,ij->i", a, b, dtype=np.float64) / np.maximum(length, 1e-9))


@feature(reads="body_words", sign=+1)
def bodies_title_cosine(a: Bag, b: Bag) -> float:
    """Cosine of all titles' word stems of two circles of co-authors."""
    return math.fsum(a[token] * b[token] for token in a.keys() & b.keys())


@feature(reads="body_abstract", sign=+1)
def bodies_abstract_cosine(a: Bag, b: Bag) -> float:
    """Cosine of all abstracts' word stems of two circles of co-authors."""
    return math.fsum(a[token] * b[token] for token in a.keys() & b.keys())


@feature(reads="body_venues", sign=+1)
def bodies_venue_cosine(a: Bag, b: Bag) -> float:
    """Cosine of all venues' words of two circles of co-authors."""
    return math.fsum(a[token] * b[token] for token in a.keys() & b.keys())


@feature(reads="body_affiliations", sign=+1)
def bodies_affiliation_cosine(a: Bag, b: Bag) -> float:
    """Cosine of all affiliations' words of two circles of co-authors."""
    return math.fsum(a[token] * b[token] for token in a.keys() & b.keys())


@bodies_affiliation_cosine.kernel
@bodies_title_cosine.kernel
@bodies_abstract_cosine.kernel
@bodies_venue_cosine.kernel
def _bag_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="body_years", sign=-1)
def bodies_gap(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Years between the papers of two circles of co-authors, 0 where they overlap."""
    return max(0.0, a[0] - b[1], b[0] - a[1])


@bodies_gap.kernel
def _gaps(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(0, np.maximum(a[:, 0] - b[:, 1], b[:, 0] - a[:, 1]))
