"""How alike two venues are, abbreviated or not.

Prepared columns: `venue`, the folded name without words such as "the" and "of"; `type`, the kind
of item; `issn`, a frozenset of ISSNs and ISBNs.
"""

from __future__ import annotations

import math

from rapidfuzz import fuzz

from linkage.features.feature import feature


@feature(reads="venue", sign=+1)
def venue_similarity(a: str, b: str) -> float:
    """Indel similarity of the sorted words, 0..1."""
    return fuzz.token_sort_ratio(a, b) / 100


@feature(reads="venue", sign=+1)
def venue_abbreviated(a: str, b: str) -> float:
    """Share of the longer name's words whose abbreviations stand in the other in the same order.

    `j mol cell cardiol` = `journal molecular cellular cardiology`; 0..1.
    """
    short, long = sorted((a.split(), b.split()), key=lambda words: (len(words), words))
    matched, start = 0, 0
    for word in short:
        for k in range(start, len(long)):
            if long[k].startswith(word) or word.startswith(long[k]):
                matched, start = matched + 1, k + 1
                break
    return matched / len(long)


@feature(reads="venue", sign=+1)
def venue_acronym(a: str, b: str) -> float:
    """1 where one name has the initials of the other as a word, else 0; NaN where both are long."""
    if min(len(a.split()), len(b.split())) > 3 or a == b:
        return math.nan
    return float(_initials(a) in b.split() or _initials(b) in a.split())


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in words) if len(words) > 1 else " "


@feature(reads="issn", sign=+1)
def issn_agrees(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where the two share an ISSN or ISBN, else 0."""
    return float(bool(a & b))


@feature(reads="type", sign=+1)
def type_agrees(a: str, b: str) -> float:
    """1 where both are the same kind of item (article, conference paper ...), else 0."""
    return float(a == b)
