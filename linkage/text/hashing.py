"""Hashes of the letters of very many texts and of parts of them, of which none is made.

The hash of a text is a polynomial of numbers drawn for its bytes: those of all beginnings are
running sums, and that of a part is a difference of two.
Source: Karp & Rabin, Efficient randomized pattern-matching algorithms, IBM J. Res. Dev. 31 (1987).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage.features.arrays import letters_of
from linkage.kernels import compiled

Hashes = NDArray[np.uint64]

_TEXTS = 20_000  # at a time
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse
_BLANK = 32


class LetterHashes(NamedTuple):
    """Of each text, without its blanks: the hashes of the whole, of its first and last letters.

    All of shape (n,); `sizes` is how many letters it has.
    """

    whole: Hashes
    start: Hashes
    end: Hashes
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str] | NDArray[Any], part: int) -> LetterHashes:
        """Those of texts; `part`: so many letters are the start, and the end."""
        kernel = compiled("letter_hashes")
        hashed = _by_numpy if kernel is None else partial(_by_kernel, kernel)
        starts = range(0, max(len(texts), 1), _TEXTS)
        lots = [hashed(texts[start : start + _TEXTS], part) for start in starts]
        return cls(*(np.concatenate(columns) for columns in zip(*lots, strict=True)))


def _by_kernel(kernel: ModuleType, texts: Sequence[str] | NDArray[Any], part: int) -> LetterHashes:
    letters, ends = letters_of(pa.array(texts, pa.string()))
    found = np.empty((3, len(texts)), dtype=np.uint64)
    sizes = np.empty(len(texts), dtype=np.int64)
    longest = int(np.diff(ends).max(initial=0))
    kernel.hashed(letters, ends, _numbers(), *_powers(longest), part, found, sizes)
    return LetterHashes(found[0], found[1], found[2], sizes)


def _by_numpy(texts: Sequence[str] | NDArray[Any], part: int) -> LetterHashes:
    letters, ends = letters_of(pa.array(texts, pa.string()))
    kept = letters != _BLANK
    letters = letters[kept]
    ends = np.concatenate([[0], np.cumsum(kept)])[ends]
    places = np.flatnonzero((letters & 0xC0) != 0x80)  # where a letter starts in UTF-8
    before = np.searchsorted(places, ends)
    first, last = before[:-1], before[1:]
    places = np.append(places, len(letters))
    powers, inverses = _powers(len(letters))
    sums = np.zeros(len(letters) + 1, dtype=np.uint64)
    np.cumsum(_numbers()[letters] * powers[:-1], out=sums[1:])

    def hashes(a: NDArray[np.int64], b: NDArray[np.int64]) -> Hashes:
        return (sums[places[b]] - sums[places[a]]) * inverses[places[a]]

    return LetterHashes(
        whole=hashes(first, last),
        start=hashes(first, np.minimum(first + part, last)),
        end=hashes(np.maximum(last - part, first), last),
        sizes=last - first,
    )


@cache
def _numbers() -> Hashes:
    """A number for each byte, the same on every machine."""
    mixed = np.arange(1, 257, dtype=np.uint64) * np.uint64(_BASE)
    for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):  # of SplitMix64
        mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(factor)
    return mixed


def _powers(n: int) -> tuple[Hashes, Hashes]:
    """The powers of the base, from 0 to n, and their inverses, modulo 2^64."""
    bases = np.array([_BASE, pow(_BASE, -1, 1 << 64)], dtype=np.uint64)
    powers = np.ones((2, n + 1), dtype=np.uint64)
    powers[:, 1:] = bases[:, None]
    powers = np.multiply.accumulate(powers, axis=1)
    return powers[0], powers[1]
