"""How alike two records are as they would be printed, whatever field a word stands in.

Prepared columns: `citation`, the words of title and authors as one text, in order of the alphabet;
`citation_letters`, the title without blanks, and this with the letters of the authors' family names
before and behind. Sources run authors and title into each other, and words together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from linkage.features.feature import feature
from linkage.features.name_lists import Names

MOST_AUTHORS = 8  # that count
_LEAST = 75  # per cent; less is told by other features, and finding it takes long


def citation(title: str, authors: Names | None) -> str:
    """The words of title and authors, sorted; of more than eight authors those of the first."""
    words = " ".join([title, *chain.from_iterable((authors or ())[:MOST_AUTHORS])]).split()
    words.sort()
    return " ".join(words)


def citation_letters(title: str, authors: Names | None) -> tuple[str, str]:
    """The letters of the title, and these between the letters of the authors' family names."""
    families = "".join([family.replace(" ", "") for family, _ in (authors or ())[:MOST_AUTHORS]])
    letters = title.replace(" ", "")
    return letters, families + letters + families


@feature(reads="citation", sign=+1, equal=1.0)
def citation_similarity(a: str, b: str) -> float:
    """Indel similarity of all words of title and authors, sorted, 0..1."""
    return fuzz.ratio(a, b) / 100


@citation_similarity.kernel
def compare_citations(a: Sequence[str], b: Sequence[str]) -> NDArray[np.float32]:
    """`citation_similarity` of citations, row by row."""
    scores = process.cpdist(list(a), list(b), scorer=fuzz.ratio, dtype=np.float32, workers=1)
    return np.asarray(scores / np.float32(100), dtype=np.float32)


@feature(reads="citation_letters", sign=+1, equal=1.0)
def title_letters_found(a: tuple[str, str], b: tuple[str, str]) -> float:
    """How well the shorter title is found in one piece in the other record, .75..1, else 0.

    So many of its letters have to stand there in the same order, which is soon told.
    """
    short, long = (a[0], b[1]) if (len(a[0]), a) <= (len(b[0]), b) else (b[0], a[1])
    if short in long:  # the same, and faster
        return 1.0
    if not LCSseq.similarity(short, long, score_cutoff=len(short) * _LEAST // 100):
        return 0.0
    return fuzz.partial_ratio(short, long, score_cutoff=_LEAST) / 100
