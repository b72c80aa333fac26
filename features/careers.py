"""What is known of the person at the time of a paper: year, affiliation, address, identifiers.

Prepared columns, one value a mention: `career_year` (float), `affiliation_bag` (dict token ->
weight, scaled to length 1), `email` (lower case), `orcid`, `homonym` (dblp's number).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from linkage.features.columns import Bags
from linkage.features.feature import feature


@feature(reads="career_year", sign=-1)
def career_gap(a: float, b: float) -> float:
    """Years between the two papers."""
    return abs(a - b)


@career_gap.kernel
def _career_gaps(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.abs(a - b)


@feature(reads="affiliation_bag", sign=+1)
def affiliation_cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Cosine of the affiliations' words, rare ones weighing more."""
    return math.fsum(a[token] * b[token] for token in a.keys() & b.keys())


@affiliation_cosine.kernel
def _affiliation_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="email", sign=+1)
def same_email(a: str, b: str) -> float:
    """1 when the e-mail addresses are equal."""
    return float(a == b)


@feature(reads="orcid", sign=+1)
def same_orcid(a: str, b: str) -> float:
    """1 when the ORCIDs are equal."""
    return float(a == b)


@feature(reads="homonym", sign=+1)
def same_homonym_number(a: str, b: str) -> float:
    """1 when both carry the same homonym number (of equal names)."""
    return float(a == b)
