"""How alike two titles are.

Prepared columns: `title`, the folded title; `title_words`, its words with their rarity 0..1 as a
dict; `title_main`, the folded title before its subtitle; `title_variants`, the title, and a
translation that stands beside it in brackets; `title_numbers`, the numbers in it, and
`title_parts`, those of them that name a part; `title_marks`, words that make it another kind of
item (editorial, protocol ...), and `title_sequel`, those of them that make it an item about
another one (erratum, reply ...); `title_groups`, which of opposite groups it names, as pairs of a
kind and a group (sex, women); `title_owners`, `title_years` and `title_places`, how many
different first authors use this very title in the data, in how many years, and in how many
volumes and issues (or under how many DOIs), rare ones counting less.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import distance, fuzz, process

from linkage.features import columns
from linkage.features.feature import Values, feature

Words = dict[str, float]
Groups = frozenset[tuple[str, str]]

# The prepared columns whose comparison makes sense within one language only.
WORDING = ("title", "title_main", "title_words")


@feature(reads="title", sign=+1, equal=1.0)
def title_similarity(a: str, b: str) -> float:
    """Share of characters that stay when one title is edited into the other (Indel), 0..1."""
    return fuzz.ratio(a, b) / 100


@title_similarity.kernel
def _title_similarity(a: Values, b: Values) -> NDArray[np.float32]:
    return _pairwise(a, b, fuzz.ratio) / np.float32(100)


@feature(reads="title", sign=+1, equal=1.0)
def title_word_order_free_similarity(a: str, b: str) -> float:
    """The same with the words of both titles sorted first, 0..1."""
    return fuzz.token_sort_ratio(a, b) / 100


@title_word_order_free_similarity.kernel
def _title_word_order_free_similarity(a: Values, b: Values) -> NDArray[np.float32]:
    return _pairwise(a, b, fuzz.token_sort_ratio) / np.float32(100)


@feature(reads="title", sign=-1, equal=0.0)
def title_edits(a: str, b: str) -> float:
    """How many characters differ (Levenshtein), 12 standing for more."""
    return float(min(distance.Levenshtein.distance(a, b, score_cutoff=12), 12))


@title_edits.kernel
def _title_edits(a: Values, b: Values) -> NDArray[np.float32]:
    edits = process.cpdist(a, b, scorer=distance.Levenshtein.distance, score_cutoff=12, workers=1)
    return np.asarray(np.minimum(edits, 12), dtype=np.float32)


@feature(reads="title", sign=+1, equal=1.0)
def title_common_start(a: str, b: str) -> float:
    """Length of the common start over the length of the shorter title, 0..1: truncated titles."""
    return distance.Prefix.similarity(a, b) / max(min(len(a), len(b)), 1)


@feature(reads="title", sign=0, equal=1.0)
def title_length_ratio(a: str, b: str) -> float:
    """Length of the shorter title over the longer, 0..1."""
    return min(len(a), len(b)) / max(len(a), len(b), 1)


@feature(reads="title_main", sign=+1, equal=1.0)
def title_main_similarity(a: str, b: str) -> float:
    """Indel similarity of the titles without their subtitles, 0..1."""
    return fuzz.ratio(a, b) / 100


@title_main_similarity.kernel
def _title_main_similarity(a: Values, b: Values) -> NDArray[np.float32]:
    return _pairwise(a, b, fuzz.ratio) / np.float32(100)


def title_variants(title: str, translation: str | None) -> tuple[str, ...]:
    """All forms of a title."""
    return (title, translation) if translation else (title,)


@feature(reads="title_variants", sign=+1, equal=1.0)
def title_variant_similarity(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Best Indel similarity of any form of one title to any of the other, 0..1: translations."""
    return max(fuzz.ratio(x, y) for x in a for y in b) / 100


@feature(reads="title_words", sign=+1)
def title_words_contained(a: Words, b: Words) -> float:
    """Rarity-weighted share of the shorter title's words that the other has, 0..1."""
    shared = sum(weight for word, weight in a.items() if word in b)
    return shared / max(min(sum(a.values()), sum(b.values())), 1e-9)


@title_words_contained.kernel
def _title_words_contained(a: columns.Words, b: columns.Words) -> NDArray[np.float64]:
    return a.shared(b) / np.maximum(_less(a, b), 1e-9)


@feature(reads="title_words", sign=+1)
def title_words_shared(a: Words, b: Words) -> float:
    """Rarity-weighted Jaccard similarity of the two titles' words, 0..1."""
    shared = sum(weight for word, weight in a.items() if word in b)
    return shared / max(sum(a.values()) + sum(b.values()) - shared, 1e-9)


@title_words_shared.kernel
def _title_words_shared(a: columns.Words, b: columns.Words) -> NDArray[np.float64]:
    shared = a.shared(b)
    return shared / np.maximum(a.totals() + b.totals() - shared, 1e-9)


@feature(reads="title_words", sign=-1)
def title_rarest_unshared_word(a: Words, b: Words) -> float:
    """Rarity 0..1 of the rarest word that only one title has and that is no misspelling."""
    only_a, only_b = list(a.keys() - b.keys()), list(b.keys() - a.keys())
    lonely = [(a[w], w, only_b, a, b) for w in only_a] + [(b[w], w, only_a, b, a) for w in only_b]
    for rarity, word, others, own, title in sorted(lonely, key=itemgetter(0), reverse=True):
        if not _is_explained(word, others, own, title):
            return rarity
    return 0.0


@title_rarest_unshared_word.kernel
def rarest_unshared_words(a: columns.Words, b: columns.Words) -> NDArray[np.float64]:
    """`title_rarest_unshared_word` row by row."""
    shared = a.shared(b)
    differ = np.flatnonzero((shared < a.totals()) | (shared < b.totals()))
    found = np.zeros(len(a))
    pairs = zip(a[differ].coded(), b[differ].coded(), strict=True)
    words, weights = a.words.tolist(), a.weights.tolist()
    found[differ] = [_rarest_unshared(x, y, words, weights) for x, y in pairs]
    return found


def _rarest_unshared(a: list[int], b: list[int], words: list[str], weights: list[float]) -> float:
    """The same of titles as places of their words, which are looked up only where they count."""
    in_a, in_b = set(a), set(b)
    only_a, only_b = [w for w in a if w not in in_b], [w for w in b if w not in in_a]
    left = only_a + only_b
    while left:
        word = max(left, key=weights.__getitem__)  # the first is telling, nearly always
        own, title, others = (b, a, only_a) if word in in_b else (a, b, only_b)
        unshared = [words[w] for w in others]
        if not _is_explained(words[word], unshared, _texts(own, words), _texts(title, words)):
            return weights[word]
        left.remove(word)
    return 0.0


def _is_explained(word: str, others: list[str], own: Iterable[str], title: Iterable[str]) -> bool:
    """A misspelling of another word, or a part of words joined or split differently."""
    letters = len(word)
    if letters > 3 and word in "".join(title):
        return True
    for other in others:  # words of too different a length can't be that alike
        if 2 * letters <= 3 * len(other) <= 4.5 * letters and fuzz.ratio(word, other) >= 80:
            return True
    whole = [
        other for other in others
        if word in other or (len(other) == letters and _letters_swapped(word, other))
    ]  # fmt: skip
    if not whole or any(len(other) == letters for other in whole):
        return bool(whole)
    joined = "".join(own)
    return any(other in joined for other in whole)


def _texts(codes: list[int], words: list[str]) -> Iterator[str]:
    return (words[code] for code in codes)  # hardly ever asked for


def _letters_swapped(a: str, b: str) -> bool:
    """Two neighbouring letters in each other's place: `msos`, `moss`."""
    return len(a) == len(b) > 3 and sorted(a) == sorted(b) and distance.OSA.distance(a, b) == 1


@feature(reads="title_words", sign=+1)
def title_information(a: Words, b: Words) -> float:
    """Summed rarity of the words of the less telling title: "Editorial" says little."""
    return min(sum(a.values()), sum(b.values()))


@title_information.kernel
def _less(a: columns.Words, b: columns.Words) -> NDArray[np.float64]:
    return np.minimum(a.totals(), b.totals())


@feature(reads="title_numbers", sign=+1)
def title_numbers_agree(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard similarity of the numbers in the titles (II = 2); NaN where neither has any."""
    return len(a & b) / len(a | b) if a or b else math.nan


@feature(reads="title_numbers", sign=-1)
def title_numbers_conflict(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where each title has a number that the other lacks, else 0; NaN where neither has any."""
    return float(bool(a - b) and bool(b - a)) if a or b else math.nan


@feature(reads="title_parts", sign=+1)
def title_parts_agree(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where the titles name the same part ("Part II" = "part 2"), 0 where different ones.

    .5 where only one names a part; NaN where neither does.
    """
    if not a and not b:
        return math.nan
    return 0.5 if not a or not b else float(bool(a & b))


@feature(reads="title_marks", sign=+1)
def title_marks_agree(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard similarity of words such as erratum, reply, protocol; NaN where neither has any."""
    return len(a & b) / len(a | b) if a or b else math.nan


@feature(reads="title_sequel", sign=+1)
def title_sequel_agrees(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where both or neither is an erratum, a retraction, a reply or a comment, else 0."""
    return float(a == b)


@feature(reads="title_groups", sign=+1)
def title_groups_agree(a: Groups, b: Groups) -> float:
    """0 where the titles name opposite groups (women and men, vivo and vitro), else 1.

    NaN where they name nothing of one kind.
    """
    both = {kind for kind, _ in a} & {kind for kind, _ in b}
    return float(both == {kind for kind, _ in a & b}) if both else math.nan


@feature(reads="title_owners", sign=-1)
def title_owners(a: float, b: float) -> float:
    """How many different first authors the more common of the titles has in the data."""
    return max(a, b)


@feature(reads="title_years", sign=-1)
def title_years(a: float, b: float) -> float:
    """In how many different years the more common of the titles stands in the data, at least 2.

    Less would only say once more whether the years of these two differ.
    """
    return max(a, b, 2.0)


@title_years.kernel
def _title_years(a: Values, b: Values) -> NDArray[np.float32]:
    return np.maximum(_larger(a, b), np.float32(2))


@feature(reads="title_places", sign=-1)
def title_places(a: float, b: float) -> float:
    """In how many different volumes and issues, or DOIs, the title stands in the data."""
    return max(a, b)


@title_owners.kernel
@title_places.kernel
def _larger(a: Values, b: Values) -> NDArray[np.float32]:
    return np.maximum(a, b).astype(np.float32)


def _pairwise(a: Values, b: Values, scorer: Any) -> NDArray[np.float32]:
    scores: NDArray[np.float32] = process.cpdist(a, b, scorer=scorer, dtype=np.float32, workers=1)
    return scores
