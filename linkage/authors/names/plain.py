"""Pairs of plain names, decided for whole columns: a given name and perhaps an initial.

Most pairs of names that share a key are "Titmowell, Luis S" beside "Titmowell, Lena": their first
words decide, or their initials, and a pair of words is compared once however many names have them.
Of two syllables of Mandarin only what is surely two names is decided, "Wang, Lei" and "Wang, Lin".
`linkage.features.names.compare_names` says the same of each pair and is asked for all others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.features.given_names import UNSURE, compare_words, is_syllable, two_syllables
from linkage.features.name_keys import NameKey, split_name_key
from linkage.features.names import STAND_INS, is_plain
from linkage.features.romanisation import given_readings, is_without_vowels, korean
from linkage.linking.clustering import Indices
from linkage.running.processes import Each

_LETTERS = {letter: k for k, letter in enumerate("abcdefghijklmnopqrstuvwxyz", 1)}
_NAMES = 50_000  # taken apart together
_WORDS = 50_000  # pairs of words compared together


class PlainNames(NamedTuple):
    """Distinct names by numbers, (n names,) each.

    `plain`: a given name and perhaps an initial beside a family name that is no syllable; `single`:
    a given name of one word beside any plain family name. Only of these `family`, `first` (the
    first given name) and `whole` (all of them as one word) are told, the same number where they are
    the same; `middle` is the number of an initial, 0 for none. `read`: the given names may be read
    in a system of romanisation.
    """

    plain: NDArray[np.bool_]
    single: NDArray[np.bool_]
    family: NDArray[np.int32]
    first: NDArray[np.int32]
    whole: NDArray[np.int32]
    middle: NDArray[np.int8]
    read: NDArray[np.bool_]
    words: list[str]

    @classmethod
    def of(cls, names: Sequence[str]) -> PlainNames:
        """Take the keys of names apart."""
        families = defaultdict[tuple[str, ...], int](count().__next__)
        words = defaultdict[str, int](count().__next__)
        starts = range(0, max(len(names), 1), _NAMES)
        parts = [_columns_of(names[start : start + _NAMES], families, words) for start in starts]
        return cls._make([*map(np.concatenate, zip(*parts, strict=True)), list(words)])


def _columns_of(
    names: Sequence[str], families: Mapping[tuple[str, ...], int], words: Mapping[str, int]
) -> tuple[NDArray[Any], ...]:
    """The columns of `PlainNames` of some names; what is new is numbered in the two mappings."""
    parts = [split_name_key(name) for name in names]
    plain = np.array(list(map(_is_plain, parts)), dtype=bool)
    single = np.array(list(map(_is_single, parts)), dtype=bool)
    told = (plain | single).tolist()
    given = [part.given if one else () for part, one in zip(parts, told, strict=True)]
    return (
        plain,
        single,
        np.array([families[part.family] for part in parts], dtype=np.int32),
        np.array([words[word[0] if word else ""] for word in given], dtype=np.int32),
        np.array([words["".join(word)] for word in given], dtype=np.int32),
        np.array([_LETTERS[w[1]] if len(w) > 1 else 0 for w in given], dtype=np.int8),
        np.array([bool(w and (given_readings(w) or korean(w))) for w in given], dtype=bool),
    )


def _is_plain(name: NameKey) -> bool:
    """Tell a given name, perhaps with one initial, beside a plain family name of no syllable.

    Not a name that may be two syllables.
    """
    given = name.given
    if len(given) != 2:
        return _is_single(name) and not is_syllable(name.family[0]) and not two_syllables(given[0])
    if given[1] not in _LETTERS or not _is_simple(name):
        return False
    return len(name.family[0]) > 2 and not is_syllable(name.family[0])


def _is_single(name: NameKey) -> bool:
    """Tell a given name of one word beside a plain family name."""
    return len(name.given) == 1 and _is_simple(name)


def _is_simple(name: NameKey) -> bool:
    """Tell a plain family name without a suffix or number, and a given name with vowels."""
    if name.suffix or name.homonym or not is_plain(name):
        return False
    return name.given[0] not in STAND_INS.values() and not is_without_vowels(name.given[0])


class Decisions:
    """What is decided of pairs of some names, lot by lot: each pair of words is compared once."""

    def __init__(self, names: Sequence[str], work: Each) -> None:
        self._found = PlainNames.of(names)
        self._may_be_one = _Words(_may_be_one_name, self._found, work)
        self._may_be_alike = _Words(_may_be_read_alike, self._found, work)

    def of(self, a: Indices, b: Indices) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which pairs of names may be one person's, and of which pairs that is decided here."""
        found = self._found
        same = (found.family[a] == found.family[b]) & (a != b)
        decided = same & found.plain[a] & found.plain[b]
        decided[decided] = _are_told(found, a[decided], b[decided])
        may = np.zeros(len(a), dtype=bool)
        i, j = a[decided], b[decided]
        mine, theirs = found.middle[i], found.middle[j]
        near = np.flatnonzero((mine == theirs) | (mine == 0) | (theirs == 0))
        first = self._may_be_one.of(i[near], j[near])
        may[np.flatnonzero(decided)[near[first]]] = True
        single = np.flatnonzero(same & ~decided & found.single[a] & found.single[b])
        decided[single] = ~self._may_be_alike.of(a[single], b[single])
        return may, decided


def _are_told(names: PlainNames, a: Indices, b: Indices) -> NDArray[np.bool_]:
    """Of which pairs first words and initials say all.

    Not where both may be read otherwise, where one has as a word what the other has as two, or as
    two initials (`ls` and `luis s`), or where these stand in another order.
    """
    one_word_a, one_word_b = names.middle[a] == 0, names.middle[b] == 0
    short = np.array([1 < len(word) < 4 for word in names.words], dtype=bool)
    joined = (names.whole[a] == names.whole[b]) | (names.whole[a] == names.first[b])
    joined |= names.first[a] == names.whole[b]
    cut = (one_word_a & short[names.first[a]]) | (one_word_b & short[names.first[b]])
    initial = np.array([_LETTERS.get(word, -1) for word in names.words], dtype=np.int64)
    turned = (initial[names.first[a]] == names.middle[b]) & (
        initial[names.first[b]] == names.middle[a]
    )
    other = (one_word_a != one_word_b) & cut
    other |= joined & ~(one_word_a & one_word_b)
    told: NDArray[np.bool_] = ~(other | turned | (names.read[a] & names.read[b]))
    return told


class _Words:
    """What `compare` says of the first words of pairs of names, each pair of words asked once."""

    def __init__(
        self,
        compare: Callable[[list[list[str]]], NDArray[np.bool_]],
        names: PlainNames,
        work: Each,
    ) -> None:
        self._compare, self._names, self._work = compare, names, work
        self._known = np.empty(0, dtype=np.int64)  # pairs of words that were asked, in order
        self._said = np.empty(0, dtype=bool)

    def of(self, a: Indices, b: Indices) -> NDArray[np.bool_]:
        """The same of pairs of names a and b."""
        x, y = (self._names.first[side].astype(np.int64) for side in (a, b))
        n = max(len(self._names.words), 1)
        place, codes = pd.factorize(np.minimum(x, y) * n + np.maximum(x, y))
        new = codes[~np.isin(codes, self._known)]
        known = np.concatenate([self._known, new])
        said = np.concatenate([self._said, *self._ask(*np.divmod(new, n))])
        order = np.argsort(known, kind="stable")
        self._known, self._said = known[order], said[order]
        return np.asarray(self._said[np.searchsorted(self._known, codes)[place]], dtype=bool)

    def _ask(self, x: Indices, y: Indices) -> Iterator[NDArray[np.bool_]]:
        """Ask of pairs of words."""
        sides, words = (x.tolist(), y.tolist()), self._names.words
        lots = (
            [[words[k] for k in side[start : start + _WORDS]] for side in sides]
            for start in range(0, len(x), _WORDS)
        )
        yield from self._work(self._compare, lots)


def _may_be_one_name(words: list[list[str]]) -> NDArray[np.bool_]:
    relations = (compare_words(x, y) for x, y in zip(*words, strict=True))
    return np.fromiter((relation >= UNSURE for relation in relations), dtype=bool)


def _may_be_read_alike(words: list[list[str]]) -> NDArray[np.bool_]:
    """Which words may be one given name, or the same in some system of romanisation."""
    may = _may_be_one_name(words)
    for k in np.flatnonzero(~may).tolist():
        x, y = (given_readings((side[k],)) for side in words)
        may[k] = not x.isdisjoint(y)
    return may
