"""Comparison cleaning: candidate pairs that can't be the same paper are left out unseen.

What one loose rule alone proposes is chance more often the more records there are: two rare words,
a volume and a page. Such a pair is compared only where the titles look alike, which a signature of
64 bytes a title tells a hundred times faster than comparing does.
Sources: comparison cleaning, Papadakis et al., Blocking and filtering techniques for entity
resolution: a survey, ACM Computing Surveys 53 (2020); signatures, Sandes, Teodoro & Melo, Bitmap
filter: speeding up exact set similarity joins with bitwise operations, arXiv:1711.07295.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage.features.columns import Coded
from linkage.kernels import compiled
from linkage.linking.clustering import Indices

Mask = NDArray[np.bool_]

BITS = 512  # of a signature
LEAST_ALIKE = 0.65  # share of the shorter title's trigrams; unrelated titles reach .3 to .6

_LETTERS = " 0123456789abcdefghijklmnopqrstuvwxyz"  # of folded titles
_OTHER = len(_LETTERS)
_NUMBER = np.full(128, _OTHER, dtype=np.uint16)
_NUMBER[list(map(ord, _LETTERS))] = np.arange(len(_LETTERS))

_BATCH = 20_000  # titles
_PAIRS = 200_000


class ComparisonCleaning:
    """Tells which candidate pairs are worth comparing.

    `title` is the prepared column of folded titles, `loose` has the numbers of the blocking rules
    whose word alone does not count.
    """

    def __init__(self, title: Coded, loose: Sequence[int]) -> None:
        self._loose = np.array([1 << number for number in loose], dtype=np.int64)
        self._of_title = title.codes
        texts: Iterable[Any] = title.values if len(self._loose) else ()
        self._signatures = signatures(list(texts))
        self._sizes = _ones(self._signatures)

    def keeps(self, i: Indices, j: Indices, found_by: NDArray[np.int64]) -> Mask:
        """Whether to compare each pair of rows (i, j); bit k of `found_by`: rule k proposes it.

        Pairs that several rules or another rule propose are kept, and those without a title.
        """
        kept: Mask = ~np.isin(found_by, self._loose)
        for start in range(0, len(i), _PAIRS):
            batch = start + np.flatnonzero(~kept[start : start + _PAIRS])
            a, b = self._of_title[i[batch]], self._of_title[j[batch]]
            untitled = (a < 0) | (b < 0)
            kept[batch] = untitled
            told = ~untitled
            kept[batch[told]] = self._alike(a[told], b[told])
        return kept

    def _alike(self, a: NDArray[np.int32], b: NDArray[np.int32]) -> Mask:
        shared = _shared(self._signatures, a, b)
        least: Mask = shared >= LEAST_ALIKE * np.minimum(self._sizes[a], self._sizes[b])
        return least


def signatures(titles: Sequence[str]) -> NDArray[np.uint64]:
    """A bit for each trigram of letters, at a place by its hash: (n titles, BITS / 64)."""
    words = [_trigram_bits(titles[at : at + _BATCH]) for at in range(0, len(titles), _BATCH)]
    return np.concatenate(words) if words else np.empty((0, BITS // 64), dtype=np.uint64)


def _trigram_bits(titles: Sequence[str]) -> NDArray[np.uint64]:
    """The bits of some titles, all trigrams at once; of folded ones their places are looked up."""
    text = f" {'  '.join(titles)} "
    if not text.isascii():
        return _any_trigram_bits(titles)
    letters = _NUMBER[np.frombuffer(text.encode("ascii"), dtype=np.uint8)]
    if letters.max() == _OTHER:
        return _any_trigram_bits(titles)
    n = len(_LETTERS)
    place = _place_of_trigrams()[(letters[:-2] * n + letters[1:-1]) * n + letters[2:]]
    sizes = np.fromiter(map(len, titles), dtype=np.int64, count=len(titles)) + 2
    rows = np.repeat(np.arange(0, len(titles) * BITS, BITS), sizes)
    ends = np.cumsum(sizes)[:-1]
    inside = np.ones(len(place), dtype=np.bool_)
    inside[np.concatenate([ends - 1, ends - 2])] = False  # half in one title, half in the next
    bits = np.zeros(len(titles) * BITS, dtype=np.bool_)
    bits[(place + rows[:-2])[inside]] = True
    return np.packbits(bits.reshape(-1, BITS), axis=1).view(np.uint64)


@cache
def _place_of_trigrams() -> NDArray[np.int64]:
    """`places` of all trigrams of letters that folded titles have, in order of their numbers."""
    codes = np.array(list(map(ord, _LETTERS)), dtype=np.uint32)
    three = np.meshgrid(codes, codes, codes, indexing="ij")
    return places(*(letters.ravel() for letters in three))


def _any_trigram_bits(titles: Sequence[str]) -> NDArray[np.uint64]:
    """The same of titles of any letters."""
    text = "".join(f" {title} " for title in titles)
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(titles)), [len(title) + 2 for title in titles])
    inside = np.flatnonzero(owner[:-2] == owner[2:])
    bits = np.zeros((len(titles), BITS), dtype=np.bool_)
    bits[owner[inside], places(letters[inside], letters[inside + 1], letters[inside + 2])] = True
    return np.packbits(bits, axis=1).view(np.uint64)


def places(
    first: NDArray[np.uint32], second: NDArray[np.uint32], third: NDArray[np.uint32]
) -> NDArray[np.int64]:
    """Where the bits of trigrams stand, 0 to BITS - 1: a hash of their code points."""
    # three odd constants, and the top bits of what SplitMix64 makes of their sum
    mixed = (
        first.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        + second.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        + third.astype(np.uint64) * np.uint64(0x165667B19E3779F9)
    )
    mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    top: NDArray[np.int64] = (mixed >> np.uint64(64 - BITS.bit_length() + 1)).astype(np.int64)
    return top


def _shared(
    signatures: NDArray[np.uint64], a: NDArray[np.int32], b: NDArray[np.int32]
) -> NDArray[np.int64]:
    """How many bits the rows a and b of signatures share."""
    kernel = compiled("signatures")
    if kernel is None:
        return _ones(signatures[a] & signatures[b])
    found = np.empty(len(a), dtype=np.int64)
    kernel.shared(signatures, a, b, found)
    return found


def _ones(signatures: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many bits are set in each row."""
    return np.asarray(np.bitwise_count(signatures).sum(axis=1), dtype=np.int64)
