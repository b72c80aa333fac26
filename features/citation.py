"""How alike two records are as they would be printed, whatever field a word stands in.

Prepared columns: `citation`, the words of title and authors as one text; `title_letters`, the title
without blanks; `citation_letters`, these letters, and they with those of the authors' family names
before and behind. Sources run authors and title into each other, and words together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from linkage.features.feature import Values, feature


@feature(reads="citation", sign=+1)
def citation_similarity(a: str, b: str) -> float:
    """Indel similarity of all words of title and authors, sorted, 0..1."""
    return fuzz.token_sort_ratio(a, b) / 100


@citation_similarity.kernel
def _citation_similarity(a: Values, b: Values) -> NDArray[np.float32]:
    return _pairwise(a, b, fuzz.token_sort_ratio)


@feature(reads="title_letters", sign=+1)
def title_letters_similarity(a: str, b: str) -> float:
    """Indel similarity of the titles without blanks, 0..1: words run together."""
    return fuzz.ratio(a, b) / 100


@title_letters_similarity.kernel
def _title_letters_similarity(a: Values, b: Values) -> NDArray[np.float32]:
    return _pairwise(a, b, fuzz.ratio)


@feature(reads="citation_letters", sign=+1)
def title_letters_found(a: tuple[str, str], b: tuple[str, str]) -> float:
    """How well the shorter title's letters are found in one piece in the other record, 0..1."""
    short, long = sorted((a, b), key=lambda one: (len(one[0]), one))
    return fuzz.partial_ratio(short[0], long[1]) / 100


def _pairwise(a: Values, b: Values, scorer: object) -> NDArray[np.float32]:
    scores = process.cpdist(a, b, scorer=scorer, dtype=np.float32, workers=1)  # type: ignore[arg-type]
    return np.asarray(scores / np.float32(100), dtype=np.float32)
