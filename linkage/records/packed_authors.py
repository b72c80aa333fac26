"""Lists of authors that take little room: each author once, a list is a row of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage.features.columns import Coded
from linkage.records.author_cells import AuthorCell, author, gathered, is_one, read_object
from linkage.records.people import Author, People


class AuthorLists(NamedTuple):
    """Lists of authors: list k is what stands from `ends[k]` to `ends[k + 1]` in `codes`.

    `codes` are places in `people`, where one author may stand twice; int32 and int64. `known`:
    whether anything is said of the authors, shape (n,).
    """

    codes: NDArray[np.int32]
    ends: NDArray[np.int64]
    people: People
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, cells: Iterable[list[Author] | None]) -> AuthorLists:
        """Lists as they stand in a column."""
        people, ends, known = list[Author](), [0], list[bool]()
        for cell in cells:
            people += cell or ()
            ends.append(len(people))
            known.append(cell is not None)
        codes = np.arange(len(people), dtype=np.int32)
        listed = np.array(known, dtype=np.bool_)
        return cls(codes, np.array(ends, dtype=np.int64), People.of(people), listed)

    @classmethod
    def concat(cls, parts: Sequence[AuthorLists]) -> AuthorLists:
        """The lists of all parts, one below the other."""
        people = People.concat([part.people for part in parts])
        before = np.cumsum([0, *(len(part.people) for part in parts)]).astype(np.int32)
        codes = [part.codes + first for part, first in zip(parts, before, strict=False)]
        sizes = np.concatenate([np.diff(part.ends) for part in parts])
        ends = np.append(0, np.cumsum(sizes))
        return cls(np.concatenate(codes), ends, people, np.concatenate([p.known for p in parts]))

    def sizes(self) -> NDArray[np.int64]:
        """How many authors each list has."""
        found: NDArray[np.int64] = np.diff(self.ends)
        return found

    def some(self, rows: NDArray[np.int64]) -> AuthorLists:
        """Only the lists `rows`, in their order."""
        sizes = self.sizes()[rows]
        ends = np.append(0, np.cumsum(sizes))
        places = np.arange(ends[-1]) + np.repeat(self.ends[rows] - ends[:-1], sizes)
        return AuthorLists(self.codes[places], ends, self.people, self.known[rows])

    def tolist(self) -> list[list[Author] | None]:
        """The lists, None where nothing is said; of an author each list has its own dict."""
        known_people = [*self.people]
        people = [*map(known_people.__getitem__, self.codes.tolist())]
        spans = zip(pairwise(self.ends.tolist()), self.known.tolist(), strict=True)
        return [[*map(dict.copy, people[a:b])] if known else None for (a, b), known in spans]

    def cell(self, row: int) -> list[Author] | None:
        """One of the lists."""
        codes = self.codes[self.ends[row] : self.ends[row + 1]].tolist()
        return [self.people[code] for code in codes] if self.known[row] else None

    def with_lists(self, others: Mapping[int, list[Author] | None]) -> AuthorLists:
        """The same with other lists in some rows."""
        if not others:
            return self
        rows = np.array(list(others), dtype=np.int64)
        sizes = np.diff(self.ends)
        kept = np.repeat(~np.isin(np.arange(len(sizes)), rows), sizes)
        sizes[rows] = [len(people or ()) for people in others.values()]
        known = self.known.copy()
        known[rows] = [people is not None for people in others.values()]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        more = [person for people in others.values() for person in people or ()]
        codes = np.empty(ends[-1], dtype=np.int32)
        new = np.zeros(len(codes), dtype=np.bool_)
        places = [np.arange(ends[row], ends[row + 1]) for row in others]
        new[np.concatenate(places)] = True
        codes[~new] = self.codes[kept]
        codes[np.concatenate(places)] = len(self.people) + np.arange(len(more))
        return AuthorLists(codes, ends, People.concat([self.people, People.of(more)]), known)

    def with_people(self, kept: NDArray[Any]) -> AuthorLists:
        """The same with those of the `people` only that are kept, a mask; all others are unused."""
        if kept.all():
            return self
        number = np.cumsum(kept, dtype=np.int32) - 1
        codes = number[self.codes].astype(np.int32)
        return self._replace(codes=codes, people=self.people.some(kept))

    def rows_with(self, some: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The rows whose lists have one of some of the `people`, a mask."""
        if not some.any():
            return np.empty(0, dtype=np.int64)
        row = np.repeat(np.arange(len(self.known)), np.diff(self.ends))
        return np.unique(row[some[self.codes]])


def packed_lists(column: pa.ChunkedArray) -> tuple[AuthorLists, dict[int, AuthorCell]]:
    """The lists of a packed column (see `is_packed`), of which nothing is unpacked.

    And `author_cell` of those rows in which more than one author a place is said, or less.
    """
    cells = pa.concat_arrays(column.chunks or [pa.array([], column.type)])
    codes, people = _people(cells.flatten())
    sizes = cells.value_lengths().fill_null(0).to_numpy()
    ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    known = cells.is_valid().to_numpy(zero_copy_only=False)
    lists = AuthorLists(codes, ends, people, known)
    strange = people.those(lambda person: not person or not is_one(person))
    read = {}
    for row in lists.rows_with(strange).tolist():
        listed = [dict(people[code]) for code in codes[ends[row] : ends[row + 1]].tolist()]
        read[row] = gathered(listed)
    lists = lists.with_lists({row: cell.authors for row, cell in read.items()})
    gathered_ones = np.ones(len(lists.people) - len(people), dtype=np.bool_)
    return lists.with_people(np.append(~strange, gathered_ones)), read


def _people(objects: pa.StructArray) -> tuple[NDArray[np.int32], People]:
    """Which author each object is, and the different ones."""
    names = [field.name for field in objects.type]
    if names == ["name"]:
        coded = objects.flatten()[0].dictionary_encode()
        people = People.of_names(coded.dictionary, lambda name: author({"name": name}) or {})
        nobody = People.of([{}])
        codes = coded.indices.fill_null(len(people)).to_numpy().astype(np.int32, copy=False)
        return codes, People.concat([people, nobody])
    whole = Coded.joint([Coded.of_arrow(values) for values in objects.flatten()])
    read = (read_object(tuple(zip(names, values, strict=True))) for values in whole.values)
    return whole.codes, People.of(read)
