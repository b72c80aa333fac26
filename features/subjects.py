"""What two papers are about, by more than the words that they share; and chains of co-authors.

Prepared columns: `subject`, a vector of length 1 a paper (None = nothing to go by); `chain`, a
tuple a mention: for each strength of link, the group of mentions that links of at least this
strength join; `namesakes`, a `Namesakes` a mention.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.features.feature import Values, feature, nan_if

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]  # one a row


class Namesakes(NamedTuple):
    """A mention's own name key, and those of other authors of the paper with a like name."""

    own: str
    others: frozenset[str]


@feature(reads="subject", sign=+1)
def subject_cosine(a: Vector, b: Vector) -> float:
    """Cosine of the subjects: words of title, abstract, keywords, venue, and their company."""
    return math.fsum((a.astype(np.float64) * b.astype(np.float64)).tolist())


@subject_cosine.kernel
def _subject_cosines(a: Vectors, b: Vectors) -> NDArray[np.float64]:
    return np.asarray(np.einsum("ij,ij->i", a, b, dtype=np.float64))


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


@feature(reads="namesakes", sign=-1)
def namesakes_on_paper(a: Namesakes, b: Namesakes) -> float:
    """Log of how many authors of one paper could be meant by such a name."""
    return math.log(1 + max(len(a.others), len(b.others)))


@feature(reads="namesakes", sign=-1)
def better_match_on_paper(a: Namesakes, b: Namesakes) -> float:
    """1 where another author of the other's paper has the very same name."""
    found = a.own != b.own and (a.own in b.others or b.own in a.others)
    return nan_if(not a.others and not b.others, float(found))
