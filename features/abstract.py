"""How alike two abstracts are.

Prepared columns: `abstract`, the start of the folded text; `abstract_words`, the words in it
and a little beyond, each weighing 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from linkage.features.columns import Words
from linkage.features.feature import Values, feature


@feature(reads="abstract", sign=+1, equal=1.0)
def abstract_start_similarity(a: str, b: str) -> float:
    """Indel similarity of the first 200 characters, 0..1."""
    return fuzz.ratio(a, b) / 100


@abstract_start_similarity.kernel
def _abstract_start_similarity(a: Values, b: Values) -> NDArray[np.float32]:
    scores = process.cpdist(a, b, scorer=fuzz.ratio, dtype=np.float32, workers=1)
    return np.asarray(scores / 100, dtype=np.float32)


@feature(reads="abstract_words", sign=+1)
def abstract_words_contained(a: dict[str, float], b: dict[str, float]) -> float:
    """Share of the smaller set of words that the other abstract has, 0..1."""
    return len(a.keys() & b.keys()) / min(len(a), len(b))


@abstract_words_contained.kernel
def _abstract_words_contained(a: Words, b: Words) -> NDArray[np.float64]:
    return a.shared(b) / np.minimum(a.sizes(), b.sizes())
