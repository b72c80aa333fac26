"""Prepared columns in little room: each distinct value is kept once, sets of words as numbers.

A prepared column is a float array (NaN is missing) or a `Coded` column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Codes = NDArray[np.int32]


class Words:
    """Sets of words, each word with a weight: a row a set, as a sparse matrix of ones.

    `words[row]` is `{word: weight}` in the order given, `words[rows]` (an array) `Words` again.
    """

    def __init__(
        self, matrix: csr_array, words: NDArray[Any], weights: NDArray[np.float64]
    ) -> None:
        self.matrix = matrix
        self.words = words
        self.weights = weights

    @classmethod
    def of(cls, sets: Iterable[Iterable[str]]) -> Words:
        """Code sets of words; every weight is 1. A word that stands twice in a set counts once.

        Codes follow the alphabet: sums in their order are the same whatever other sets there are.
        """
        number: defaultdict[str, int] = defaultdict()
        number.default_factory = number.__len__
        ends, codes = [0], []
        for words in sets:
            codes.extend([number[word] for word in dict.fromkeys(words)])
            ends.append(len(codes))
        vocabulary = np.empty(len(number), dtype=object)
        vocabulary[:] = sorted(number)
        rank = np.empty(len(number), dtype=np.int32)
        rank[[number[word] for word in vocabulary]] = np.arange(len(number))
        ones = np.ones(len(codes), dtype=np.int8)
        shape = (len(ends) - 1, len(number))
        matrix = csr_array(
            (ones, rank[np.array(codes, dtype=np.int32)], np.array(ends)), shape=shape
        )
        return cls(matrix, vocabulary, np.ones(shape[1]))

    def weighted(self, weights: NDArray[np.float64]) -> Words:
        """The same sets, word k of the vocabulary weighing `weights[k]`."""
        return Words(self.matrix, self.words, weights)

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    @overload
    def __getitem__(self, rows: int) -> dict[str, float]: ...
    @overload
    def __getitem__(self, rows: NDArray[Any]) -> Words: ...
    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, np.ndarray):
            return Words(self.matrix[rows], self.words, self.weights)
        start, end = self.matrix.indptr[[rows, rows + 1]]
        codes = self.matrix.indices[start:end]
        return dict(zip(self.words[codes], self.weights[codes].tolist(), strict=True))

    def __iter__(self) -> Iterator[dict[str, float]]:
        words, weights = self.words[self.matrix.indices].tolist(), self.weights[self.matrix.indices]
        pairs = list(zip(words, weights.tolist(), strict=True))
        ends = self.matrix.indptr.tolist()
        return (dict(pairs[a:b]) for a, b in pairwise(ends))

    def sizes(self) -> NDArray[np.int64]:
        """How many words each row has."""
        found: NDArray[np.int64] = np.diff(self.matrix.indptr.astype(np.int64))
        return found

    def totals(self) -> NDArray[np.float64]:
        """Sum of the weights of each row's words."""
        return np.asarray(self._sorted @ self.weights)

    def shared(self, other: Words) -> NDArray[np.float64]:
        """Row by row the summed weight of the words that `other`, of one vocabulary, has too."""
        return np.asarray(self._sorted.multiply(other._sorted).tocsr() @ self.weights)

    @cached_property
    def _sorted(self) -> csr_array:
        """By code, so that sums do not depend on the order of the words."""
        return self.matrix.sorted_indices()


Values = NDArray[Any] | Words


class Coded:
    """A column as numbers of its distinct values; code -1 is missing.

    `column[row]` is the value or None, `column[rows]` (an array) a column again.
    """

    def __init__(self, codes: Codes, values: Values) -> None:
        self.codes = codes
        self.values = values

    @classmethod
    def of(cls, cells: Iterable[Hashable | None]) -> Coded:
        """Code cells, None being missing; equal ones share a code."""
        number: dict[Hashable, int] = {}
        codes = [-1 if c is None else number.setdefault(c, len(number)) for c in cells]
        return cls(np.array(codes, dtype=np.int32), _objects(list(number)))

    def map(self, function: Callable[[Any], Hashable | None]) -> Coded:
        """Column of `function(value)`, which is called once for each distinct value."""
        found = Coded.of(map(function, self.values))
        return Coded(found._recoded(self.codes), found.values)

    def words(self, function: Callable[[Any], Iterable[str]]) -> Coded:
        """Column of the sets of words that `function` finds in a value; empty ones are missing."""
        sets = Words.of(map(function, self.values))
        known = np.flatnonzero(sets.sizes())
        position = np.full(len(sets), -1, dtype=np.int32)
        position[known] = np.arange(len(known), dtype=np.int32)
        return Coded(np.append(position, np.int32(-1))[self.codes], sets[known])

    def _recoded(self, codes: Codes) -> Codes:
        return np.append(self.codes, np.int32(-1))[codes]

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, rows: int) -> Any: ...
    @overload
    def __getitem__(self, rows: NDArray[Any] | slice) -> Coded: ...
    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, np.ndarray | slice):
            return Coded(self.codes[rows], self.values)
        code = int(self.codes[rows])
        return None if code < 0 else self.values[code]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def tolist(self) -> list[Any]:
        """All values, None where missing."""
        if isinstance(self.values, Words):
            sets = [*self.values, None]
            return [sets[code] for code in self.codes.tolist()]
        values: list[Any] = self.values[self.codes].tolist() if len(self.values) else []
        for row in np.flatnonzero(self.codes < 0).tolist() if values else ():
            values[row] = None
        return values or [None] * len(self)


def _objects(values: Sequence[Any]) -> NDArray[Any]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
