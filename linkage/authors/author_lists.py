"""All lists of authors as numbers of distinct name keys."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.mentions import author_keys, packed_lists_of
from linkage.features.arrays import objects
from linkage.linking.clustering import Indices
from linkage.records.packed import PackedRecords
from linkage.records.schema import Conformed


class AuthorLists(NamedTuple):
    """Authors of `n` records, one after the other.

    `record` and `key` (n authors,) say on which record each stands and which of `keys`, distinct
    and in alphabetical order, its name is.
    """

    n: int
    record: Indices
    key: Indices
    keys: list[str]

    @property
    def ends(self) -> Indices:
        """Where the list of each record begins and, last, where the last ends: (n + 1,)."""
        return np.searchsorted(self.record, np.arange(self.n + 1)).astype(np.int64)

    def sizes(self) -> Indices:
        """How many authors each record has."""
        return np.bincount(self.record, minlength=self.n).astype(np.int64)

    def places(self) -> Indices:
        """The position of each author on its record, from 0."""
        places: Indices = np.arange(len(self.record)) - self.ends[self.record]
        return places

    def some(self, rows: NDArray[Any]) -> AuthorLists:
        """Only the authors `rows`, in order."""
        return self._replace(record=self.record[rows], key=self.key[rows])

    def of_records(self, records: Indices) -> AuthorLists:
        """Only the lists of `records`, which are numbered anew in their order."""
        start, size = self.ends[:-1][records], self.sizes()[records]
        before = np.cumsum(size) - size
        rows = np.arange(size.sum()) + np.repeat(start - before, size)
        record = np.repeat(np.arange(len(records)), size)
        return AuthorLists(len(records), record, self.key[rows], self.keys)


def author_lists(
    records: Conformed | PackedRecords, known: pd.DataFrame | None = None
) -> AuthorLists:
    """The lists of authors of all records.

    `known`: their `list_mentions`; where it has all authors, no name is folded again.
    """
    lists = packed_lists_of(records)
    sizes = lists.sizes()
    if known is not None and len(known) == sizes.sum():
        keys = known["key"].to_numpy(dtype=object)
    else:
        keys = objects(author_keys([*lists.people]))[lists.codes]
    codes, found = pd.factorize(keys)
    order = np.argsort(found)
    rank = np.empty(len(found), dtype=np.int64)
    rank[order] = np.arange(len(found))
    record = np.repeat(np.arange(len(sizes)), sizes)
    return AuthorLists(len(sizes), record, rank[codes], found[order].tolist())
