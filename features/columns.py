"""Prepared columns that take little memory: each distinct value is kept once, words as numbers.

A prepared column is a float array (NaN is missing) or a `Coded` column.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, count, pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from linkage.features.arrays import OnDemand, SharedRows, Tokens, WordLists, objects
from linkage.features.name_lists import NameLists, Names

Codes = NDArray[np.int32]

_MOST = np.iinfo(np.int32).max
_ROWS = 10_000  # of words, looked at together


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
        self._last_shared: tuple[Words | None, NDArray[np.float64]] = None, weights

    @classmethod
    def of(cls, sets: Iterable[Iterable[str]]) -> Words:
        """Code sets of words; every weight is 1. A word that stands twice in a set counts once.

        Codes follow the alphabet: sums in their order are the same whatever other sets there are.
        """
        number: defaultdict[str, int] = defaultdict(count().__next__)
        ends, codes = [0], list[int]()
        for words in sets:
            codes.extend(map(number.__getitem__, dict.fromkeys(words)))
            ends.append(len(codes))
        vocabulary = np.empty(len(number), dtype=object)
        vocabulary[:] = list(map(sys.intern, sorted(number)))  # shared with other columns
        rank = np.empty(len(number), dtype=np.int32)
        rank[[number[word] for word in vocabulary]] = np.arange(len(number))
        ones = np.ones(len(codes), dtype=np.int8)
        shape = (len(ends) - 1, len(number))
        places = np.array(ends, dtype=np.int32 if len(codes) < _MOST else np.int64)
        matrix = csr_array((ones, rank[np.array(codes, dtype=np.int32)], places), shape=shape)
        return cls(matrix, vocabulary, np.ones(shape[1]))

    @classmethod
    def of_tokens(cls, tokens: Tokens, first: NDArray[np.bool_] | None = None) -> Words:
        """The same of the words of texts; `first`: see `Tokens.sets`."""
        vocabulary = tokens.vocabulary.to_numpy(zero_copy_only=False).astype(object)
        return cls(tokens.sets(first), vocabulary, np.ones(len(vocabulary)))

    @classmethod
    def concat(cls, parts: Sequence[Words]) -> Words:
        """The sets of all parts, one below the other; every weight is 1."""
        vocabulary = objects(sorted(set(chain.from_iterable(part.words for part in parts))))
        number = {word: code for code, word in enumerate(vocabulary)}
        matrices = []
        for part in parts:
            known = np.array([number[word] for word in part.words], dtype=np.int32)
            codes = known[part.matrix.indices]
            shape = (len(part), len(vocabulary))
            matrices.append(csr_array((part.matrix.data, codes, part.matrix.indptr), shape=shape))
        matrix = vstack(matrices, format="csr") if parts else csr_array((0, 0), dtype=np.int8)
        return cls(matrix, vocabulary, np.ones(len(vocabulary)))

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
        for start in range(0, len(self), _ROWS):
            ends = self.matrix.indptr[start : start + _ROWS + 1]
            codes = self.matrix.indices[ends[0] : ends[-1]]
            words, weights = self.words[codes].tolist(), self.weights[codes].tolist()
            for a, b in pairwise((ends - ends[0]).tolist()):
                yield dict(zip(words[a:b], weights[a:b], strict=True))

    def coded(self) -> Iterator[list[int]]:
        """The words of each row by their place in `words`, in the order given."""
        codes = self.matrix.indices.tolist()
        return (codes[a:b] for a, b in pairwise(self.matrix.indptr.tolist()))

    def sizes(self) -> NDArray[np.int64]:
        """How many words each row has."""
        found: NDArray[np.int64] = np.diff(self.matrix.indptr.astype(np.int64))
        return found

    def totals(self) -> NDArray[np.float64]:
        """Sum of the weights of each row's words."""
        return self._totals

    @cached_property
    def _totals(self) -> NDArray[np.float64]:
        return np.asarray(self._sorted_by_code @ self.weights)

    def shared(self, other: Words) -> NDArray[np.float64]:
        """Row by row the summed weight of the words that `other`, of one vocabulary, has too."""
        last, found = self._last_shared  # several features ask in turn
        if last is not other:
            both = self._sorted_by_code.multiply(other._sorted_by_code).tocsr()
            found = np.asarray(both @ self.weights)
            self._last_shared = other, found
        return found

    @cached_property
    def _sorted_by_code(self) -> csr_array:
        """By code, so that sums do not depend on the order of the words."""
        return self.matrix.sorted_indices()


class Bags:
    """Sets of weighted tokens, a token weighing something else in each: rows of a sparse matrix.

    `bags[row]` is `{token: weight}`, `bags[rows]` (an array) `Bags` again: `rows` of the `whole`
    (None: all of it), which are put together when their `matrix` is asked for.
    """

    def __init__(
        self, whole: csr_array, tokens: NDArray[Any], rows: NDArray[Any] | None = None
    ) -> None:
        self.whole = whole
        self.tokens = tokens
        self.rows = rows

    @cached_property
    def matrix(self) -> csr_array:
        """The rows as a sparse matrix."""
        return self.whole if self.rows is None else self.whole[self.rows]

    @classmethod
    def of(cls, bags: Sequence[Mapping[str, float]]) -> Bags:
        """Code bags; codes follow the alphabet: sums do not depend on what else there is."""
        tokens = objects(sorted({token for bag in bags for token in bag}))
        code = {token: number for number, token in enumerate(tokens)}
        ends = np.cumsum([0, *map(len, bags)])
        columns = np.array([code[token] for bag in bags for token in bag], dtype=np.int32)
        weights = np.array([weight for bag in bags for weight in bag.values()], dtype=float)
        matrix = csr_array((weights, columns, ends), shape=(len(bags), len(tokens)))
        return cls(matrix.sorted_indices(), tokens)

    def __len__(self) -> int:
        return int(self.whole.shape[0]) if self.rows is None else len(self.rows)

    @overload
    def __getitem__(self, rows: int) -> dict[str, float]: ...
    @overload
    def __getitem__(self, rows: NDArray[Any]) -> Bags: ...
    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, np.ndarray):
            return Bags(self.whole, self.tokens, rows if self.rows is None else self.rows[rows])
        start, end = self.matrix.indptr[[rows, rows + 1]]
        tokens = self.tokens[self.matrix.indices[start:end]]
        return dict(zip(tokens, self.matrix.data[start:end].tolist(), strict=True))

    def __iter__(self) -> Iterator[dict[str, float]]:
        return (self[row] for row in range(len(self)))

    def dot(self, other: Bags) -> NDArray[np.float64]:
        """Row by row the inner product with `other`, which has the same tokens."""
        return np.asarray(self.matrix.multiply(other.matrix).sum(axis=1))


if TYPE_CHECKING:
    from linkage.features.coauthors import Companies  # they are built on this file
    from linkage.features.subjects import Titles


Values: TypeAlias = (
    "NDArray[Any] | Words | WordLists | Bags | NameLists | OnDemand | Companies | Titles"
)


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
        number: defaultdict[Hashable, int] = defaultdict(count().__next__)
        number[None] = -1
        codes = np.fromiter(map(number.__getitem__, cells), dtype=np.int32)
        del number[None]
        return cls(codes, objects(number))

    @classmethod
    def of_arrow(cls, cells: pa.Array | pa.ChunkedArray) -> Coded:
        """Code cells of an Arrow column; equal ones share a code."""
        whole = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
        coded = whole.dictionary_encode()
        codes = coded.indices.fill_null(-1).to_numpy().astype(np.int32, copy=False)
        return cls(codes, coded.dictionary.to_numpy(zero_copy_only=False).astype(object))

    @classmethod
    def joint(cls, columns: Sequence[Coded]) -> Coded:
        """For each row the tuple of its values in all columns, None where one is missing."""
        kinds = columns[0].codes.astype(np.int64)
        for column in columns[1:]:
            kinds = (kinds + 1) * (len(column.values) + 1) + column.codes
            kinds, _ = pd.factorize(kinds)
        codes, different = pd.factorize(kinds)
        first = np.empty(len(different), dtype=np.int64)
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        values = zip(*(column[first] for column in columns), strict=True)
        return cls(codes.astype(np.int32), objects(values))

    @classmethod
    def of_some(cls, n: int, rows: NDArray[Any], cells: Iterable[Hashable | None]) -> Coded:
        """A column of n cells: those in `rows` are as given, in turn, all others missing."""
        some = cls.of(cells)
        codes = np.full(n, -1, dtype=np.int32)
        codes[rows] = some.codes
        return cls(codes, some.values)

    @classmethod
    def on_demand(cls, columns: Sequence[Coded], *functions: Callable[..., Any]) -> list[Coded]:
        """For each function the column of its values; missing where the first column is.

        It is given the values of all columns in a row, None where one is missing, when it is asked
        for, and once for all rows that are the same.
        """
        codes = columns[0].codes
        known = np.flatnonzero(codes >= 0)
        kinds = codes[known].astype(np.int64)
        for column in columns[1:]:
            kinds, _ = pd.factorize(kinds * (len(column.values) + 1) + column.codes[known])
        codes = np.full(len(codes), -1, dtype=np.int32)
        codes[known], _ = pd.factorize(kinds)
        rows = known[np.unique(codes[known], return_index=True)[1]]
        different = SharedRows([column[rows] for column in columns])
        return [cls(codes, OnDemand(function, different)) for function in functions]

    @classmethod
    def of_names(cls, cells: Iterable[Names | None]) -> Coded:
        """Code cells that are lists of names; equal ones share a code."""
        listed = list(cells)
        known = np.array([cell is not None for cell in listed], dtype=bool)
        codes = np.full(len(listed), -1, dtype=np.int32)
        codes[known], values = NameLists.of(cell for cell in listed if cell is not None).distinct()
        return cls(codes, values)

    @classmethod
    def concat(cls, parts: Sequence[Coded]) -> Coded:
        """The cells of all parts, which are of one kind, one below the other."""
        values: list[Any] = [part.values for part in parts]
        if values and isinstance(values[0], Words):
            return cls(cls.codes_of_all(parts), Words.concat(values))
        if values and isinstance(values[0], NameLists):
            known, names = NameLists.concat(values).distinct()
            return cls(_recode(cls.codes_of_all(parts), known), names)
        number: dict[Hashable, int] = {}
        codes = [np.empty(0, dtype=np.int32)]
        for part in parts:
            texts: Iterable[Any] = part.values
            new = [number.setdefault(value, len(number)) for value in texts]
            codes.append(_recode(part.codes, np.array(new, dtype=np.int32)))
        return cls(np.concatenate(codes), objects(number))

    @classmethod
    def stacked(cls, parts: Sequence[Coded]) -> Coded:
        """The same of values that can't be told apart: none is looked for in another part."""
        return cls(cls.codes_of_all(parts), objects(chain.from_iterable(p.values for p in parts)))

    @classmethod
    def codes_of_all(cls, parts: Sequence[Coded]) -> Codes:
        """The codes of all parts, those of each behind those of the one before."""
        ends = np.cumsum([0, *(len(part.values) for part in parts)])
        return np.concatenate([
            np.where(part.codes < 0, np.int32(-1), part.codes + np.int32(end))
            for part, end in zip(parts, ends, strict=False)
        ])  # fmt: skip

    def map(self, function: Callable[[Any], Hashable | None]) -> Coded:
        """Column of `function(value)`, which is called once for each distinct value."""
        return self.replaced(Coded.of(map(function, self.values)))

    def map_some(
        self, function: Callable[[Any], Hashable | None], some: NDArray[np.bool_], other: Hashable
    ) -> Coded:
        """The same for `some` of the distinct values, a mask; all others become `other`."""
        few = Coded.of([other, *map(function, self.values[some])])
        codes = np.full(len(some), few.codes[0], dtype=np.int32)
        codes[some] = few.codes[1:]
        return self.replaced(Coded(codes, few.values))

    def replaced(self, values: Coded) -> Coded:
        """Column of other values, one for each of the distinct ones."""
        return Coded(_recode(self.codes, values.codes), values.values)

    def words(self, function: Callable[[Any], Iterable[str]]) -> Coded:
        """Column of the sets of words that `function` finds in a value; empty ones are missing."""
        return self.with_words(Words.of(map(function, self.values)))

    def with_words(self, sets: Words) -> Coded:
        """Column of sets of words, one for each of the distinct values; empty ones are missing."""
        known = np.flatnonzero(sets.sizes())
        position = np.full(len(sets), -1, dtype=np.int32)
        position[known] = np.arange(len(known), dtype=np.int32)
        return Coded(_recode(self.codes, position), sets[known])

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
        if isinstance(self.values, NameLists | OnDemand):
            names = np.full(len(self), None, dtype=object)
            known = self.codes >= 0
            names[known] = self.values[self.codes[known]]
            return list(names)
        if not isinstance(self.values, np.ndarray) or self.values.ndim > 1:
            cells = [*self.values, None]
            return [cells[code] for code in self.codes.tolist()]
        values: list[Any] = self.values[self.codes].tolist() if len(self.values) else []
        for row in np.flatnonzero(self.codes < 0).tolist() if values else ():
            values[row] = None
        return values or [None] * len(self)


def _recode(cells: Codes, codes: Codes) -> Codes:
    """The codes of cells, when those of the values become `codes`."""
    return np.append(codes, np.int32(-1))[cells]
