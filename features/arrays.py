"""Columns of any objects, or of what is made on demand; the words of very many texts as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from linkage.features.columns import Coded  # it is built on this file


def objects(values: Iterable[Any]) -> NDArray[Any]:
    """Any values as a column of shape (n,), one object each: sequences become no matrix."""
    listed = list(values)
    return np.fromiter(listed, dtype=object, count=len(listed))


def short(places: NDArray[Any]) -> NDArray[Any]:
    """Places as int32 if the last one, the largest, is; a sparse matrix keeps all as it got one."""
    fits = not len(places) or places[-1] <= np.iinfo(np.int32).max
    return places.astype(np.int32, copy=False) if fits else places


def letters_of(texts: pa.StringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The letters of texts one behind the other, in UTF-8, and where each text ends (n + 1,)."""
    _, ends, letters = texts.buffers()
    read = np.frombuffer(letters or b"", dtype=np.uint8).copy()  # what is compiled may write
    last = texts.offset + len(texts) + 1
    return read, np.frombuffer(ends, dtype=np.int32)[texts.offset : last].astype(np.int64)


def pieces_of(
    letters: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> pa.StringArray:
    """The texts of so many letters that start there."""
    ends = np.concatenate([[0], np.cumsum(sizes)])
    places = np.repeat(starts - ends[:-1], sizes) + np.arange(ends[-1])
    return texts_of_letters(letters[places], ends)


def texts_of_letters(letters: NDArray[np.uint8], ends: NDArray[np.int64]) -> pa.StringArray:
    """Texts that stand one behind the other in UTF-8, text k from `ends[k]` to `ends[k + 1]`."""
    buffers = [pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(letters)]
    return pa.StringArray.from_buffers(len(ends) - 1, *buffers)


def distinct_rows(
    codes: NDArray[np.int32], ends: NDArray[Any]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """For each row its number among the different ones, in turn as they come; and those rows.

    Row k is what stands from `ends[k]` to `ends[k + 1]` in `codes`.
    """
    width = codes.itemsize
    buffers = [pa.py_buffer(ends.astype(np.int64) * width), pa.py_buffer(codes)]
    rows = pa.Array.from_buffers(pa.large_binary(), len(ends) - 1, [None, *buffers])
    coded = rows.dictionary_encode()
    _, places, kept = coded.dictionary.buffers()
    after = np.frombuffer(places or bytes(8), dtype=np.int64)[: len(coded.dictionary) + 1] // width
    different = np.frombuffer(kept or b"", dtype=np.int32)[: after[-1]].copy()  # to be written to
    return coded.indices.to_numpy().astype(np.int32, copy=False), different, after


_UNIT = float(1 << 26)


def exact_parts(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two whole numbers for each value of -2 to 2, float64 (2, n): how often 2^-26 and 2^-52.

    Sums of whole numbers are the same in any order, as those of fractions are not.
    """
    first = np.rint(values * _UNIT)
    return np.stack([first, np.rint((values * _UNIT - first) * _UNIT)])


def of_parts(parts: NDArray[Any]) -> NDArray[np.float64]:
    """The values that summed `exact_parts` (2, n) stand for, float64 (n,)."""
    total: NDArray[np.float64] = (parts[0] + parts[1] / _UNIT) / _UNIT
    return total


def sum_parts(codes: NDArray[np.int64], parts: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """The sums (2, n) of the `exact_parts` of each code, the same in any order."""
    return np.stack([np.bincount(codes, part, n) for part in parts])


class Tokens(NamedTuple):
    """The words of texts, in their order, each as often as it stands there.

    Those of text k stand from `ends[k]` to `ends[k + 1]` in `codes`, as places in `vocabulary`,
    which is in order of the alphabet.
    """

    codes: NDArray[np.int32]
    ends: NDArray[Any]
    vocabulary: pa.Array

    @classmethod
    def of(cls, texts: Sequence[str] | NDArray[Any] | pa.Array, most: int | None = None) -> Tokens:
        """The words of texts that are folded: single blanks part them. `most`: so many of each."""
        given = pa.array(texts, pa.string())
        known = pc.if_else(pc.equal(given, ""), None, given)  # else it would be one word
        words = pc.split_pattern(known, " ")
        if most is not None:
            words = pc.list_slice(words, 0, most)
        coded = words.flatten().dictionary_encode()
        return cls.numbered(coded.indices.to_numpy(), words.offsets.to_numpy(), coded.dictionary)

    @classmethod
    def numbered(cls, codes: NDArray[np.int32], ends: NDArray[Any], words: pa.Array) -> Tokens:
        """The same of words that are places in a vocabulary in any order."""
        order = pc.sort_indices(words)
        rank = np.empty(len(order), dtype=np.int32)
        rank[order.to_numpy()] = np.arange(len(order))
        return cls(rank[codes], ends, words.take(order))

    def only(self, some: NDArray[np.bool_]) -> Tokens:
        """The same texts without those of the vocabulary that are not among some, a mask."""
        kept = some[self.codes]
        codes = (np.cumsum(some, dtype=np.int32) - 1)[self.codes[kept]]
        ends = np.concatenate([[0], np.cumsum(kept)])[self.ends].astype(self.ends.dtype)
        return Tokens(codes.astype(np.int32), ends, self.vocabulary.filter(pa.array(some)))

    def joined(self, texts: NDArray[Any], ends: NDArray[Any]) -> Tokens:
        """The words of texts set one behind the other: k is `texts[ends[k] : ends[k + 1]]`."""
        sizes = np.diff(self.ends)[texts]
        after = np.concatenate([[0], np.cumsum(sizes)])
        places = np.repeat(self.ends[texts] - after[:-1], sizes) + np.arange(after[-1])
        return Tokens(self.codes[places], after[ends].astype(np.int32), self.vocabulary)

    def count_of(self, kinds: NDArray[Any]) -> NDArray[np.int64]:
        """How many words of each kind each text has, int64 (n texts, n kinds).

        `kinds`: whether each word of the vocabulary is of each kind, (n words, n kinds); most are
        of none.
        """
        ones = np.ones(len(self.codes), dtype=np.int64)
        rows = csr_array((ones, self.codes, self.ends), shape=(len(self.ends) - 1, len(kinds)))
        found: NDArray[np.int64] = (rows @ csr_array(kinds.astype(np.int64))).toarray()
        return found

    def sets(self, first: NDArray[np.bool_] | None = None) -> csr_array:
        """Which words each text has, each once, where it stands first: a matrix of ones.

        `first`: which words do so, a mask, where that is known.
        """
        shape = (len(self.ends) - 1, len(self.vocabulary))
        kept = first
        if kept is None:
            kept = np.zeros(len(self.codes), dtype=np.bool_)
            kept[self._first_of_each(shape)] = True
        ends = np.concatenate([[0], np.cumsum(kept)])[self.ends].astype(self.ends.dtype)
        return csr_array((kept[kept].astype(np.int8), self.codes[kept], ends), shape=shape)

    def _first_of_each(self, shape: tuple[int, int]) -> NDArray[np.int64]:
        """Where each word of each text stands first, in any order."""
        places = np.arange(len(self.codes))
        if not len(places):
            return places
        by_word = csr_array((places, self.codes, self.ends), shape=shape).sorted_indices()
        row = np.repeat(np.arange(shape[0]), np.diff(self.ends))
        other = np.diff(by_word.indices, prepend=-1) != 0
        other |= np.diff(row, prepend=-1) != 0
        found: NDArray[np.int64] = np.minimum.reduceat(by_word.data, np.flatnonzero(other))
        return found


class WordLists:
    """A few words each of very many things: row k of `codes` has their places in `words`, then -1.

    `lists[row]` is the tuple of its words.
    """

    def __init__(self, codes: NDArray[np.int32], words: NDArray[Any]) -> None:
        self.codes = codes
        self.words = words

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: Any) -> tuple[str, ...]:
        codes = self.codes[row]
        return tuple(self.words[codes[codes >= 0]].tolist())

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return map(self.__getitem__, range(len(self)))


class OnDemand:
    """Values that are made of those of several columns when asked for, as most never are.

    Value k is `function` of the values in row k, None where one is missing.
    """

    def __init__(self, function: Callable[..., Any], columns: SharedRows) -> None:
        self._function = function
        self._columns = columns

    @overload
    def __getitem__(self, rows: int) -> Any: ...
    @overload
    def __getitem__(self, rows: NDArray[Any]) -> NDArray[Any]: ...
    def __getitem__(self, rows: Any) -> Any:
        if not isinstance(rows, np.ndarray):
            return self._function(*(column[rows] for column in self._columns.columns))
        cells, place = self._columns.cells(rows)
        return objects(map(self._function, *cells))[place]

    def columns(self) -> Sequence[Coded]:
        """What the values are made of."""
        return self._columns.columns

    def __len__(self) -> int:
        return len(self._columns.columns[0])

    def __iter__(self) -> Iterator[Any]:
        return map(self._function, *self._columns.columns)


class OnDemandRows:
    """Some rows of values made on demand, made when one goes over them.

    `parts` are the columns that they are made of: what compares these needs no value made.
    """

    def __init__(self, made: _MadeTogether, rows: slice) -> None:
        self._made = made
        self._rows = rows
        self.compared: tuple[OnDemandRows, Any] | None = None  # with what, last

    @classmethod
    def pair(
        cls, values: OnDemand, first: NDArray[Any], second: NDArray[Any]
    ) -> tuple[OnDemandRows, OnDemandRows]:
        """Two lots of rows; what is in both is made once."""
        made = _MadeTogether(values, np.concatenate([first, second]))
        return cls(made, slice(len(first))), cls(made, slice(len(first), None))

    def parts(self) -> list[Coded]:
        """The rows of each column."""
        return [column[self._made.rows[self._rows]] for column in self._made.values.columns()]

    def __len__(self) -> int:
        return len(self._made.rows[self._rows])

    def __getitem__(self, row: int) -> Any:
        return self._made.all[self._rows][row]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._made.all[self._rows])


class _MadeTogether:
    def __init__(self, values: OnDemand, rows: NDArray[Any]) -> None:
        self.values = values
        self.rows = rows

    @cached_property
    def all(self) -> NDArray[Any]:
        """The values of all rows."""
        return self.values[self.rows]


class SharedRows:
    """Columns of which several functions ask for the same rows in turn."""

    def __init__(self, columns: Sequence[Coded]) -> None:
        self.columns = columns
        self._last: tuple[NDArray[Any], list[list[Any]], NDArray[np.int64]] | None = None

    def cells(self, rows: NDArray[Any]) -> tuple[list[list[Any]], NDArray[np.int64]]:
        """Of each column the cells of the different ones of the rows, and which each row has."""
        last = self._last  # another thread may ask for other rows meanwhile
        if last is None or not np.array_equal(rows, last[0]):
            different, place = np.unique(rows, return_inverse=True)
            cells = [column[different].tolist() for column in self.columns]
            self._last = last = rows, cells, place
        return last[1:]
