"""Pairs of given names of one word, of very many at once: which are surely two names.

Of most words that stand in the same place beside one family name `compare_words` finds neither a
slip nor a form of the other. That is told here from letters for whole columns; all else is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Prefix
from rapidfuzz.process import cpdist

from linkage.features.arrays import objects
from linkage.features.given_names import (
    LETTERS,
    OF_E,
    UNSURE,
    compare_words,
    full_names_of,
    in_full,
    is_pinyin,
    nicknames_of,
    skeleton,
    without_vowels,
)
from linkage.running.collector import paused

Mask = NDArray[np.bool_]


@paused()
def may_be_one_word(words: list[list[str]]) -> Mask:
    """Which of two lists of words, one beside the other, may be one given name."""
    may = ~surely_two(*words)
    for k in np.flatnonzero(may).tolist():
        may[k] = compare_words(words[0][k], words[1][k]) >= UNSURE
    return may


def surely_two(a: Sequence[str], b: Sequence[str]) -> Mask:
    """Which of two lists of words `compare_words` is sure to find less than unsure."""
    place, distinct = pd.factorize(objects([*a, *b]))
    words = _Words(distinct.tolist())
    x, y = place[: len(a)], place[len(a) :]
    may = words.is_any_of(x, y)
    rows = np.flatnonzero(~may)
    may[rows] = words.have_nicknames_in_common(x[rows], y[rows])
    rows = np.flatnonzero(~may & words.start_alike(x, y))
    may[rows] = words.are_alike(x[rows], y[rows])
    return ~may


class _Words:
    """What letters and lists say of distinct words; pairs are two arrays of their numbers."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        bare = list(map(skeleton, words))
        bones = [without_vowels(word) if word else "" for word in bare]
        self._texts = objects(words), objects(bare)
        self._sizes = _sizes(words), _sizes(bare)
        self._starts = _first_letters(words), _first_letters(bare)
        self._bones = pd.factorize(objects(bones))[0]
        self._few_bones = _sizes(bones) < 2
        self._is_pinyin = _mask(map(is_pinyin, words))
        self._is_pet_name = _mask(map(full_names_of, words))
        self._has_nicknames = _mask(map(nicknames_of, words))
        self._is_letter = _mask(word in LETTERS for word in words)
        self._is_respelled = _mask(not w or in_full(w) != w or w in OF_E for w in words)

    def is_any_of(self, x: NDArray[Any], y: NDArray[Any]) -> Mask:
        """Words of which lists or a single letter say more than likeness does."""
        first = self._starts[0]
        single = (self._sizes[0][x] == 1) | (self._sizes[0][y] == 1)
        pet = self._is_pet_name[x] | self._is_pet_name[y]
        found = (x == y) | self._is_respelled[x] | self._is_respelled[y]
        found |= self._is_letter[x] & self._is_letter[y]
        found |= single & ((first[x] == first[y]) | pet)
        found |= self._is_pet_name[x] & self._is_pet_name[y]
        return np.asarray(found, dtype=bool)

    def have_nicknames_in_common(self, x: NDArray[Any], y: NDArray[Any]) -> Mask:
        """Words of which one is among the nicknames and forms of the other."""
        found: Mask = self._has_nicknames[x] & self._has_nicknames[y]
        for k in np.flatnonzero(found).tolist():
            one, other = self._words[x[k]], self._words[y[k]]
            found[k] = other in nicknames_of(one) or one in nicknames_of(other)
        return found

    def start_alike(self, x: NDArray[Any], y: NDArray[Any]) -> Mask:
        """Words of two letters or more whose first ones do not tell them apart."""
        first, bare = self._starts
        several = (self._sizes[0][x] > 1) & (self._sizes[0][y] > 1)
        iotas = np.isin(first, [ord(letter) for letter in "ijy"])
        alike = (first[x] == first[y]) | (bare[x] == bare[y]) | (iotas[x] & iotas[y])
        return np.asarray(several & alike, dtype=bool)

    def are_alike(self, x: NDArray[Any], y: NDArray[Any]) -> Mask:
        """Words that start alike of which one may be a slip or a short form of the other."""
        (size, bare_size) = self._sizes
        shorter, longer = np.minimum(size[x], size[y]), np.maximum(size[x], size[y])
        of_letters, of_bare = (self._distance(Prefix.similarity, k, x, y) for k in (0, 1))
        stem = np.maximum(of_letters, of_bare)
        found = of_letters == shorter
        found |= (shorter > 3) & (of_bare == np.minimum(bare_size[x], bare_size[y]))
        found |= (of_letters > 4) & (longer - of_letters < 4)
        forms = ~(self._is_pinyin[x] & self._is_pinyin[y]) & (shorter > 2)
        forms &= ~(self._few_bones[x] | self._few_bones[y])
        clipped = (longer - shorter > 1) & (shorter - stem < 4) & (stem > 2)
        found |= forms & ((self._bones[x] == self._bones[y]) | clipped)
        for kind in (0, 1):
            rows = np.flatnonzero(~found)
            found[rows] = self._is_slip(kind, x[rows], y[rows])
        return np.asarray(found, dtype=bool)

    def _is_slip(self, kind: int, x: NDArray[Any], y: NDArray[Any]) -> Mask:
        """What `is_typo` says of words (0) or skeletons (1)."""
        size = self._sizes[kind]
        shorter, longer = np.minimum(size[x], size[y]), np.maximum(size[x], size[y])
        allowed = np.where(shorter < 6, 1, 2)
        rows = np.flatnonzero((shorter > 3) & (longer - shorter <= allowed))
        found = np.zeros(len(x), dtype=bool)
        found[rows] = self._distance(OSA.distance, kind, x[rows], y[rows]) <= allowed[rows]
        return found

    def _distance(
        self, scorer: Any, kind: int, x: NDArray[Any], y: NDArray[Any]
    ) -> NDArray[np.int32]:
        sides = (self._texts[kind][side] for side in (x, y))
        return np.asarray(cpdist(*sides, scorer=scorer, dtype=np.int32), dtype=np.int32)


def _sizes(words: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(len, words), dtype=np.int64, count=len(words))


def _first_letters(words: Sequence[str]) -> NDArray[np.int64]:
    return np.array([ord(word[0]) if word else 0 for word in words], dtype=np.int64)


def _mask(told: Any) -> Mask:
    return np.array(list(map(bool, told)), dtype=bool)
