"""How alike two venues are, abbreviated or not.

Prepared columns: `venue`, the folded name without words such as "the" and "of"; `venue_words`, a
tuple of its words without numbers and words that any venue has ("proceedings", "international");
`venue_kind`, what the name says of the kind of venue; `venue_partners`, the venue with the share
0..1 of each venue that stands beside copies of its papers in the data, missing where few copies are
known; `type`, the kind of item; `issn`, a frozenset of ISSNs and ISBNs.
"""

from __future__ import annotations

import math

from rapidfuzz import fuzz

from linkage.features.feature import feature

Words = tuple[str, ...]
Partners = tuple[str, dict[str, float]]


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


@feature(reads="venue_words", sign=+1)
def venue_words_matched(a: Words, b: Words) -> float:
    """Share of the shorter name's telling words that the other has, whole or abbreviated, 0..1."""
    short, long = sorted((a, b), key=lambda words: (len(words), words))
    found = sum(any(x.startswith(y) or y.startswith(x) for y in long) for x in short)
    return found / len(short)


@feature(reads="venue_words", sign=+1)
def venue_acronym(a: Words, b: Words) -> float:
    """1 where a word of one name is initials of the other's (VLDB), else 0.

    NaN where no word can be initials, and for equal names, which need none.
    """
    if a == b:
        return math.nan
    pairs = [(word, _initials(b)) for word in a] + [(word, _initials(a)) for word in b]
    short = [word in initials for word, initials in pairs if 3 <= len(word) <= 6]
    return float(any(short)) if short else math.nan


@feature(reads="venue_partners", sign=+1)
def venue_goes_with(a: Partners, b: Partners) -> float:
    """How often copies of the one venue's papers name the other one, 0..1: learned from the data.

    "SIGMOD Conference" goes with "International Conference on Management of Data", and a venue
    with itself.
    """
    return 1.0 if a[0] == b[0] else max(a[1].get(b[0], 0.0), b[1].get(a[0], 0.0))


def _initials(words: Words) -> str:
    return "".join(word[0] for word in words)


@feature(reads="venue_kind", sign=+1)
def venue_kind_agrees(a: str, b: str) -> float:
    """1 where both names say journal, conference, report, thesis or preprint alike, else 0."""
    return float(a == b)


@feature(reads="issn", sign=+1)
def issn_agrees(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where the two share an ISSN or ISBN, else 0."""
    return float(bool(a & b))


@feature(reads="type", sign=+1)
def type_agrees(a: str, b: str) -> float:
    """1 where both are the same kind of item (article, conference paper ...), else 0."""
    return float(a == b)
