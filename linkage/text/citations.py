"""Titles and authors of very many records written as one text, in a compiled loop.

As `linkage.features.citation` writes each by itself, where no record is changed by the way: all
texts are folded, so that only blanks part words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage.features.arrays import OnDemandRows, letters_of, texts_of_letters
from linkage.features.citation import MOST_AUTHORS
from linkage.kernels import compiled


def citations(rows: Any) -> Any:
    """The `citation` of rows."""
    kernel = compiled("citations")
    if kernel is None or not isinstance(rows, OnDemandRows):
        return list(rows)
    given = _Given.of(rows)
    most = int(given.sizes().max(initial=0))
    written = np.empty(most, dtype=np.uint8), np.empty((2, most), dtype=np.int64)
    return given.texts(kernel.words, *written)


def letters(rows: Any) -> Any:
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
        sizes = np.minimum(sizes, 2 * MOST_AUTHORS)
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
