"""What the papers of two mentions are about: words, subject, venue, cited work, the title itself.

Prepared columns, one value a paper. Bags are dicts token -> weight, scaled to length 1 (TF-IDF), so
that shared weight is their cosine. `subject` is a vector of length 1 (None = nothing to go by);
`citations` is a `Citations`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from linkage.features.coauthors import Bag
from linkage.features.columns import Bags, Coded
from linkage.features.feature import feature, nan_if

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]  # one a row
_LETTERS = 32  # told apart, by their last five bits
_TEXTS = 10_000  # whose letters are counted together


@feature(reads="subject", sign=+1)
def subject_cosine(a: Vector, b: Vector) -> float:
    """Cosine of the subjects: words of title, abstract, keywords, venue, and their company."""
    return math.fsum((a.astype(np.float64) * b.astype(np.float64)).tolist())


@subject_cosine.kernel
def _subject_cosines(a: Vectors, b: Vectors) -> NDArray[np.float64]:
    return np.asarray(np.einsum("ij,ij->i", a, b, dtype=np.float64))


class Citations(NamedTuple):
    """What a paper is called in reference lists, and what it cites (weights as in a text bag)."""

    names: frozenset[str]
    cited: Bag


class Titles:
    """Texts, and how often each letter stands in them: of most pairs that says how unlike they are.

    `titles[k]` is a text, `titles[rows]` (an array) `Titles` again. `sizes` (n texts,) are their
    lengths, `letters` (n texts, `_LETTERS`) is of no text longer than it can count.
    """

    def __init__(
        self, texts: NDArray[Any], sizes: NDArray[np.int32], letters: NDArray[np.uint8]
    ) -> None:
        self.texts = texts
        self.sizes = sizes
        self.letters = letters
        self.rows = np.arange(len(texts))

    @classmethod
    def column(cls, cells: Iterable[str | None]) -> Coded:
        """Titles as a column, None being missing."""
        column = Coded.of(cells)
        texts = column.values
        assert isinstance(texts, np.ndarray)  # noqa: S101  what `Coded.of` gives
        sizes = np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))
        letters = np.empty((len(texts), _LETTERS), dtype=np.uint8)
        for start in range(0, len(texts), _TEXTS):
            some = slice(start, start + _TEXTS)
            letters[some] = _letters(texts[some], sizes[some])
        return Coded(column.codes, cls(texts, sizes, letters))

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, rows: int) -> str: ...
    @overload
    def __getitem__(self, rows: NDArray[Any]) -> Titles: ...
    def __getitem__(self, rows: Any) -> Any:
        if not isinstance(rows, np.ndarray):
            return self.texts[self.rows[rows]]
        some = copy(self)
        some.rows = self.rows[rows]
        return some

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts[self.rows])

    def may_be_alike(self, other: Titles) -> NDArray[np.bool_]:
        """Row by row whether lengths and letters leave room for a likeness of .8."""
        mine, theirs = self.sizes[self.rows], other.sizes[other.rows]
        enough = 2 * (mine + theirs)  # in fifths of letters
        may = 5 * np.minimum(mine, theirs) >= enough
        rows = np.flatnonzero(may & (np.maximum(mine, theirs) <= np.iinfo(np.uint8).max))
        sides = self.letters[self.rows[rows]], other.letters[other.rows[rows]]
        common = np.minimum(*sides, out=sides[0]).sum(axis=1, dtype=np.int32)
        may[rows] = 5 * common >= enough[rows]
        return may


def _letters(texts: NDArray[Any], sizes: NDArray[np.int32]) -> NDArray[np.int64]:
    """How often each letter stands in each text, (n texts, `_LETTERS`)."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    places = np.repeat(np.arange(len(texts)) * _LETTERS, sizes) + codes % _LETTERS
    return np.bincount(places, minlength=len(texts) * _LETTERS).reshape(-1, _LETTERS)


@feature(reads="printed_title", sign=+1)
def same_title(a: str, b: str) -> float:
    """Likeness of the titles from .8 (different) to 1 (the same): one paper listed twice."""
    return max(fuzz.ratio(a, b, score_cutoff=80) / 100, 0.8)


@same_title.kernel
def _same_titles(a: Titles, b: Titles) -> NDArray[np.float64]:
    likeness = np.full(len(a), 0.8)
    rows = np.flatnonzero(a.may_be_alike(b))
    sides = (list(side[rows]) for side in (a, b))
    found = cpdist(*sides, scorer=fuzz.ratio, score_cutoff=80, dtype=np.float64, workers=1)
    likeness[rows] = np.maximum(found / 100, 0.8)
    return likeness


@feature(reads="title_bag", sign=+1)
def title_cosine(a: Bag, b: Bag) -> float:
    """Cosine of the titles' word stems, rare ones weighing more."""
    return _dot(a, b)


@title_cosine.kernel
def _title_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="abstract_bag", sign=+1)
def abstract_cosine(a: Bag, b: Bag) -> float:
    """Cosine of the rarest word stems of the two abstracts."""
    return _dot(a, b)


@abstract_cosine.kernel
def _abstract_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="keyword_bag", sign=+1)
def keyword_cosine(a: Bag, b: Bag) -> float:
    """Cosine of the keywords."""
    return _dot(a, b)


@keyword_cosine.kernel
def _keyword_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="venue_bag", sign=+1)
def venue_cosine(a: Bag, b: Bag) -> float:
    """Cosine of the venue names' words."""
    return _dot(a, b)


@venue_cosine.kernel
def _venue_cosine(a: Bags, b: Bags) -> NDArray[np.float64]:
    return a.dot(b)


@feature(reads="citations", sign=+1)
def shared_references(a: Citations, b: Citations) -> float:
    """Cosine of the reference lists, rarely cited works weighing more."""
    return nan_if(not a.cited or not b.cited, _dot(a.cited, b.cited))


@feature(reads="citations", sign=+1)
def one_cites_the_other(a: Citations, b: Citations) -> float:
    """1 when one of the papers is in the other's reference list."""
    cites = not a.names.isdisjoint(b.cited.keys()) or not b.names.isdisjoint(a.cited.keys())
    return nan_if(not a.cited and not b.cited, float(cites))


def _dot(a: Bag, b: Bag) -> float:
    common = a.keys() & b.keys()
    # fsum is exact: the order of a dict's keys can't change the result
    return math.fsum([a[token] * b[token] for token in common]) if common else 0.0
