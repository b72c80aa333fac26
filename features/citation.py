"""How alike two records are as they would be printed, whatever field a word stands in.

Prepared columns: `citation`, the words of title and authors as one text, in order of the alphabet;
`citation_letters`, the title without blanks, and this with the letters of the authors' family names
before and behind. Sources run authors and title into each other, and words together.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from linkage.features.arrays import OnDemandRows, letters_of, texts_of_letters
from linkage.features.feature import feature
from linkage.features.name_lists import Names
from linkage.kernels import compiled

_MOST = 8  # authors that count
_LEAST = 75  # per cent; less is told by other features, and finding it takes long


def citation(title: str, authors: Names | None) -> str:
    """The words of title and authors, sorted; of more than eight authors those of the first."""
    words = " ".join([title, *chain.from_iterable((authors or ())[:_MOST])]).split()
    words.sort()
    return " ".join(words)


def citation_letters(title: str, authors: Names | None) -> tuple[str, str]:
    """The letters of the title, and these between the letters of the authors' family names."""
    families = "".join([family.replace(" ", "") for family, _ in (authors or ())[:_MOST]])
    letters = title.replace(" ", "")
    return letters, families + letters + families


@feature(reads="citation", sign=+1, equal=1.0)
def citation_similarity(a: str, b: str) -> float:
    """Indel similarity of all words of title and authors, sorted, 0..1."""
    return fuzz.ratio(a, b) / 100


@citation_similarity.kernel
def _citation_similarity(a: Any, b: Any) -> NDArray[np.float32]:
    texts = _citations(a), _citations(b)
    scores = process.cpdist(*texts, scorer=fuzz.ratio, dtype=np.float32, workers=1)
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


@title_letters_found.kernel
def _title_letters_found(a: Any, b: Any) -> NDArray[np.float32]:
    return title_letters_found.one_by_one(_letters(a), _letters(b))


def _citations(rows: Any) -> Any:
    """The `citation` of rows."""
    kernel = compiled("citations")
    if kernel is None or not isinstance(rows, OnDemandRows):
        return list(rows)
    given = _Given.of(rows)
    most = int(given.sizes().max(initial=0))
    written = np.empty(most, dtype=np.uint8), np.empty((2, most), dtype=np.int64)
    return given.texts(kernel.words, *written)


def _letters(rows: Any) -> Any:
    """The `citation_letters` of rows."""
    kernel = compiled("citations")
    if kernel is None or not isinstance(rows, OnDemandRows):
        return rows
    given = _Given.of(rows)
    titles = given._replace(stops=given.starts).texts(kernel.letters)
    return zip(titles, given.texts(kernel.letters), strict=True)


class _Given(NamedTuple):
    """Titles and authors as the kernel takes them, which says what is what."""

    titles: NDArray[np.uint8]
    title_ends: NDArray[np.int64]
    names: NDArray[np.uint8]
    name_ends: NDArray[np.int64]
    codes: NDArray[np.int32]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    @classmethod
    def of(cls, rows: OnDemandRows) -> _Given:
        title, authors = rows.parts()
        lists: Any = authors.values
        known = np.flatnonzero(authors.codes >= 0)
        first = np.zeros(len(rows), dtype=np.int64)
        sizes = np.zeros(len(rows), dtype=np.int64)
        first[known] = lists.ends[authors.codes[known]]
        sizes[known] = lists.ends[authors.codes[known] + 1] - first[known]
        sizes = np.minimum(sizes, 2 * _MOST)
        stops = np.cumsum(sizes)
        starts = stops - sizes
        codes = lists.codes[np.repeat(first - starts, sizes) + np.arange(sizes.sum())]
        used = np.zeros(len(lists.texts), dtype=np.bool_)
        used[codes] = True
        number = (np.cumsum(used) - 1).astype(np.int32)
        titles = letters_of(pa.array(title.tolist(), pa.string()))
        names = letters_of(pa.array(lists.texts[used], pa.string()))
        return cls(*titles, *names, number[codes], starts, stops)

    def sizes(self) -> NDArray[np.int64]:
        """As many letters as what is written of each may have."""
        of_names = np.append(0, np.cumsum(np.diff(self.name_ends)[self.codes] + 1))
        in_names: NDArray[np.int64] = of_names[self.stops] - of_names[self.starts]
        return np.diff(self.title_ends) + 2 * in_names

    def texts(self, write: Callable[..., None], *memory: NDArray[Any]) -> NDArray[Any]:
        """What a function of the kernel writes of each."""
        found = np.empty(int(self.sizes().sum()), dtype=np.uint8)
        after = np.empty(len(self.starts) + 1, dtype=np.int64)
        write(*self, *memory, found, after)
        texts = texts_of_letters(found[: after[-1]], after)
        return np.asarray(texts.to_numpy(zero_copy_only=False), dtype=object)
