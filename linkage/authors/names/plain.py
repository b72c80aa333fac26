"""Pairs of plain names, decided for whole columns: a given name or two beside one family name.

Most pairs of names that share a key are "Titmowell, Luis S" beside "Titmowell, Lena": their first
words decide, or their initials, and a pair of words is compared once however many names have them.
Of two given names in full, and of syllables of Mandarin, only what is surely two names is decided,
"Wang, Lei" and "Wang, Lin Hai".
`linkage.features.names.compare_names` says the same of each pair and is asked for all others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.authors.names.given_words import may_be_one_word
from linkage.features.given_names import is_syllable, two_syllables
from linkage.features.name_keys import split_name_key
from linkage.features.names import STAND_INS, is_plain
from linkage.features.romanisation import given_readings, is_without_vowels, japanese, korean
from linkage.linking.clustering import Indices
from linkage.running.processes import Each

_STAND_INS = frozenset(STAND_INS.values())
_LETTERS = {letter: k for k, letter in enumerate("abcdefghijklmnopqrstuvwxyz", 1)}
_WORDS = 50_000  # pairs of words compared together

_Given = tuple[str, ...]


class PlainNames(NamedTuple):
    """Distinct names by numbers, (n names,) each.

    `plain`: a given name, not of two syllables, and perhaps an initial beside a family name that is
    no syllable; `n_given`: how many given names, one or two, stand beside any plain family name, 0
    where that is not so. Only for these the rest is meant: `family`, `given` (all given names),
    `first` and `second` (each of them) and `whole` (all of them as one word), the same number where
    they are the same; `middle` is the number of an initial, 0 for none. `words` are those of all
    but `given`, `givens` those of that.
    """

    plain: NDArray[np.bool_]
    n_given: NDArray[np.int32]
    family: NDArray[np.int32]
    given: NDArray[np.int32]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    whole: NDArray[np.int32]
    middle: NDArray[np.int32]
    words: list[str]
    givens: list[_Given]

    @classmethod
    def of(cls, names: Sequence[str]) -> PlainNames:
        """Take the keys of names apart: what families and given names are is told once of each."""
        of_family, families = _distinct(name.split("|", 1)[0] for name in names)
        of_given, listed = _distinct(f"{name}|".split("|", 2)[1] for name in names)
        bare = _mask(not f"{name}||".split("|", 2)[2].strip("|") for name in names)  # no more said
        givens = [tuple(given.split()) for given in listed]
        words = defaultdict[str, int](count().__next__)
        of_words = (
            (words[given[0] if given else ""] for given in givens),
            (words[given[1] if len(given) > 1 else ""] for given in givens),
            (words["".join(given)] for given in givens),
        )
        first, second, whole = (_codes(column)[of_given] for column in of_words)
        family = _codes(words[name] for name in families)[of_family]
        simple = bare & _mask(map(_is_plain_family, families))[of_family]
        simple &= (family != first) & (family != second)  # which is a given name, too
        n_given = _codes(map(_n_given, givens))[of_given] * simple
        middle = _codes(_LETTERS.get(w[1], 0) if len(w) == 2 else 0 for w in givens)[of_given]
        is_cut = _mask(len(w) == 1 and two_syllables(w[0]) for w in givens)[of_given]
        is_short = _mask(len(name) < 3 for name in families)[of_family]
        plain = ((n_given == 1) & ~is_cut) | ((n_given == 2) & (middle > 0) & ~is_short)
        plain &= ~_mask(map(is_syllable, families))[of_family]
        found = plain, n_given, family, of_given, first, second, whole, middle
        return cls(*found, list(words), givens)


def _distinct(texts: Iterable[str]) -> tuple[NDArray[np.int32], list[str]]:
    """The number of each text, and the distinct ones."""
    number = defaultdict[str, int](count().__next__)
    codes = _codes(map(number.__getitem__, texts))
    return codes, list(number)


def _codes(numbers: Iterable[int]) -> NDArray[np.int32]:
    return np.fromiter(numbers, dtype=np.int32)


def _mask(told: Iterable[Any]) -> NDArray[np.bool_]:
    return np.fromiter(map(bool, told), dtype=bool)


def _is_plain_family(family: str) -> bool:
    return is_plain(split_name_key(family))


def _n_given(given: _Given) -> int:
    """How many given names, one or two, of which the first has vowels; else 0."""
    if not 0 < len(given) < 3 or is_without_vowels(given[0]):
        return 0
    return len(given) if _STAND_INS.isdisjoint(given) else 0


class Decisions:
    """What is decided of pairs of some names, lot by lot: each pair of words is compared once."""

    def __init__(self, names: Sequence[str], work: Each) -> None:
        self._found = PlainNames.of(names)
        self._may_be_one = _Words(self._found.words, work)
        given = self._found.givens
        read = [bool(words and (given_readings(words) or korean(words))) for words in given]
        self._is_read = np.array(read, dtype=bool)[self._found.given]
        self._readings = _Readings(given)
        letters = [[_LETTERS.get(word[k : k + 1], 0) for word in self._found.words] for k in (0, 1)]
        self._letters = np.array(letters, dtype=np.int8)
        self._size = np.fromiter(map(len, self._found.words), dtype=np.int32)

    def of(self, a: Indices, b: Indices) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which pairs of names may be one person's, and of which pairs that is decided here."""
        found = self._found
        same = (found.family[a] == found.family[b]) & (a != b)
        decided = same & found.plain[a] & found.plain[b]
        decided[decided] = self._are_told(a[decided], b[decided])
        may = np.zeros(len(a), dtype=bool)
        i, j = a[decided], b[decided]
        mine, theirs = found.middle[i], found.middle[j]
        near = np.flatnonzero((mine == theirs) | (mine == 0) | (theirs == 0))
        first = self._may_be_one.of(found.first[i[near]], found.first[j[near]])
        may[np.flatnonzero(decided)[near[first]]] = True
        few = (found.n_given[a] > 0) & (found.n_given[b] > 0)
        rest = np.flatnonzero(same & ~decided & few)
        decided[rest] = ~self._may_be_alike(a[rest], b[rest])
        return may, decided

    def _are_told(self, a: Indices, b: Indices) -> NDArray[np.bool_]:
        """Of which pairs of plain names first words and initials say all.

        Not where both may be read otherwise, where one has as a word what the other has as two, or
        as two initials (`ls` and `luis s`), or where these stand in another order.
        """
        names = self._found
        one_word_a, one_word_b = names.middle[a] == 0, names.middle[b] == 0
        short = (self._size > 1) & (self._size < 4)
        joined = (names.whole[a] == names.whole[b]) | (names.whole[a] == names.first[b])
        joined |= names.first[a] == names.whole[b]
        cut = (one_word_a & short[names.first[a]]) | (one_word_b & short[names.first[b]])
        initial = np.where(self._size == 1, self._letters[0], -1)
        turned = (initial[names.first[a]] == names.middle[b]) & (
            initial[names.first[b]] == names.middle[a]
        )
        other = (one_word_a != one_word_b) & cut
        other |= joined & ~(one_word_a & one_word_b)
        told: NDArray[np.bool_] = ~(other | turned | (self._is_read[a] & self._is_read[b]))
        return told

    def _may_be_alike(self, a: Indices, b: Indices) -> NDArray[np.bool_]:
        """Which pairs of names of one or two given names each are not surely two people's.

        They may be where all is the same as one word, or read in some way, or where words that
        could stand for each other may be one.
        """
        names = self._found
        a, b = (
            np.where(names.n_given[a] <= names.n_given[b], *sides) for sides in ((a, b), (b, a))
        )
        may: NDArray[np.bool_] = names.whole[a] == names.whole[b]
        may |= self._readings.meet(names.given[a], names.given[b])
        for n, m, compare in ((1, 1, self._one_one), (1, 2, self._one_two), (2, 2, self._two_two)):
            rows = np.flatnonzero(~may & (names.n_given[a] == n) & (names.n_given[b] == m))
            may[rows] = compare(a[rows], b[rows])
        return may

    def _one_one(self, a: Indices, b: Indices) -> NDArray[np.bool_]:
        return self._may_be_one.of(self._found.first[a], self._found.first[b])

    def _one_two(self, a: Indices, b: Indices) -> NDArray[np.bool_]:
        """One given name beside two: it may be either, or the initials of both."""
        word, first, second = self._found.first[a], self._found.first[b], self._found.second[b]
        initials, begin = self._letters[:, word], self._letters[0]
        may = (self._size[word] == 2) & (initials[0] == begin[first])
        may &= initials[1] == begin[second]
        for other in (first, second):
            rows = np.flatnonzero(~may)
            may[rows] = self._may_be_one.of(word[rows], other[rows])
        return np.asarray(may, dtype=bool)

    def _two_two(self, a: Indices, b: Indices) -> NDArray[np.bool_]:
        """Two given names each: both may be one, or words stand elsewhere, or are one word."""
        names = self._found
        words = [(names.first[side], names.second[side]) for side in (a, b)]
        may = (words[0][0] == words[1][1]) & (words[0][1] == words[1][0])
        for side, whole in zip(words, (names.whole[b], names.whole[a]), strict=True):
            may |= (side[0] == whole) | (side[1] == whole)
        for one in words[0]:
            for other in words[1]:
                may |= (one == other) & (self._size[one] > 2)
        rows = np.flatnonzero(~may)
        for one, other in zip(*words, strict=True):
            rows = rows[self._may_be_one.of(one[rows], other[rows])]
        may[rows] = True
        return np.asarray(may, dtype=bool)


class _Readings:
    """What lists of given names may be read as in some system of romanisation."""

    def __init__(self, givens: Sequence[_Given]) -> None:
        number = defaultdict[str, int](count().__next__)
        found = [[number[reading] for reading in _all_readings(words)] for words in givens]
        ends = np.cumsum([0, *map(len, found)])
        codes = np.fromiter(chain.from_iterable(found), dtype=np.int32, count=ends[-1])
        shape = (len(found), len(number))
        self._sets = csr_array((np.ones(len(codes), dtype=np.int8), codes, ends), shape=shape)
        self._there = np.diff(ends) > 0

    def meet(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.bool_]:
        """Which pairs of lists, by their numbers, may be read alike."""
        found = self._there[x] & self._there[y]
        for start in range(0, len(x), _WORDS):
            rows = start + np.flatnonzero(found[start : start + _WORDS])
            both = self._sets[x[rows]].multiply(self._sets[y[rows]])
            found[rows] = np.diff(csr_array(both).indptr) > 0
        return np.asarray(found, dtype=bool)


def _all_readings(given: _Given) -> Iterable[str]:
    whole = "".join(given)
    return {*given_readings(given), f"= {japanese(whole) or whole}"} if given else ()


class _Words:
    """Which pairs of words may be one given name; each pair is asked about once."""

    def __init__(self, words: list[str], work: Each) -> None:
        self._words, self._work = words, work
        self._known = np.empty(0, dtype=np.int64)  # pairs of words that were asked, in order
        self._said = np.empty(0, dtype=bool)

    def of(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.bool_]:
        """The same of pairs of words by their numbers."""
        x, y = x.astype(np.int64), y.astype(np.int64)
        n = max(len(self._words), 1)
        place, codes = pd.factorize(np.minimum(x, y) * n + np.maximum(x, y))
        new = np.sort(codes[~np.isin(codes, self._known)])
        known = np.concatenate([self._known, new])
        answers = np.concatenate([self._said, *self._ask(*np.divmod(new, n))])
        order = np.argsort(known, kind="stable")
        self._known, self._said = known[order], answers[order]
        found = np.atleast_1d(np.searchsorted(self._known, codes))
        return np.asarray(self._said[found[place]], dtype=np.bool_)

    def _ask(self, x: Indices, y: Indices) -> Iterator[NDArray[np.bool_]]:
        """Ask of pairs of words."""
        sides = (x.tolist(), y.tolist())
        lots = (
            [[self._words[k] for k in side[start : start + _WORDS]] for side in sides]
            for start in range(0, len(x), _WORDS)
        )
        yield from self._work(may_be_one_word, lots)
