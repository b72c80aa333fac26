"""What a feature is: a plain function of two non-missing values that knows its column and sign."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property, partial
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.features.arrays import OnDemand, OnDemandRows
from linkage.features.columns import Coded
from linkage.features.name_lists import NameLists, NameRows

Values = NDArray[Any]
Columns = Mapping[str, NDArray[Any] | Coded]
Kernel = Callable[[Any, Any], NDArray[Any]]  # of two arrays, or of two `Words` or `Bags`


class Feature:
    """One way to say how alike two values are.

    `function(a, b)` takes two non-missing values of the prepared column `reads` and returns a
    float, or NaN where these two can't be compared. It must be symmetric. `sign` is the direction
    in which it speaks for "the same": +1, -1, or 0 when it may speak either way; the classifier is
    held to it (monotone constraint). The function's name and docstring are its documentation.
    `equal` is what it returns for any two equal values, None where that depends on them.
    """

    def __init__(
        self,
        function: Callable[[Any, Any], float],
        reads: str,
        sign: int,
        equal: float | None = None,
    ) -> None:
        self.name = function.__name__
        self.doc = (function.__doc__ or "").strip()
        self.reads = reads
        self.sign = sign
        self.equal = equal
        self._function = function
        self._kernel: Kernel | None = None

    def __call__(self, a: Any, b: Any) -> float:
        """Compare two non-missing values."""
        return float(self._function(a, b))

    def __repr__(self) -> str:
        return f"Feature({self.name}, reads={self.reads!r}, sign={self.sign:+d})"

    def kernel(self, function: Kernel) -> Kernel:
        """Attach a column kernel: same result as the plain function, many rows at once."""
        self._kernel = function
        return function

    def column(self, left: Columns, right: Columns) -> NDArray[np.float32]:
        """Compare row by row; float32 of shape (n,), NaN where either value is missing."""
        return self.of_pairs(known_pairs(left[self.reads], right[self.reads]))

    def of_pairs(self, pairs: KnownPairs) -> NDArray[np.float32]:
        """The same, of pairs of values at hand."""
        function = self._kernel or self.one_by_one
        found = np.full(pairs.n + 1, np.nan, dtype=np.float32)
        compared = pairs.n if self.equal is None else pairs.n_unequal
        if compared:
            found[:compared] = function(*(pairs.both if self.equal is None else pairs.unequal))
        if self.equal is not None:
            found[compared:-1] = self.equal
        return found[pairs.place]

    def one_by_one(self, a: Iterable[Any], b: Iterable[Any]) -> NDArray[np.float32]:
        """Compare values row by row by the plain function."""
        function = self._function
        return np.array([function(x, y) for x, y in zip(a, b, strict=True)], dtype=np.float32)


class KnownPairs:
    """Values to compare and where each row's pair stands; -1: one is missing.

    Pair k is of `values[first[k]]` and `values[second[k]]`, and made when asked for; from
    `n_unequal` on the two are equal, and may be so before. `others`: what `second` is of, if not
    of `values`.
    """

    def __init__(
        self,
        values: Any,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
        place: NDArray[np.int64],
        others: Any = None,
    ) -> None:
        self._values, self._others = values, values if others is None else others
        self._first, self._second = first, second
        self.place = place
        self.n = self.n_unequal = len(first)

    @classmethod
    def of_codes(
        cls, values: Any, codes: NDArray[np.int64], place: NDArray[np.int64]
    ) -> KnownPairs:
        """Different pairs of values, each coded as first * n values + second."""
        first, second = np.divmod(codes, max(len(values), 1))
        equal = first == second
        order = np.argsort(equal, kind="stable")
        rank = np.empty(len(order) + 1, dtype=np.int64)
        rank[order], rank[-1] = np.arange(len(order)), -1
        pairs = cls(values, first[order], second[order], rank[place])
        pairs.n_unequal = len(order) - int(equal.sum())
        return pairs

    @cached_property
    def both(self) -> tuple[Any, Any]:
        """One side and the other."""
        return self._made(self.n)

    @cached_property
    def unequal(self) -> tuple[Any, Any]:
        """The same of the first `n_unequal` pairs."""
        return self._made(self.n_unequal)

    @property
    def a(self) -> Any:
        """The values on one side."""
        return self.both[0]

    @property
    def b(self) -> Any:
        """Those on the other."""
        return self.both[1]

    def some(self, rows: NDArray[np.int64]) -> KnownPairs:
        """The same pairs for some of the rows."""
        fewer = copy(self)
        fewer.place = self.place[rows]
        return fewer

    def _made(self, n: int) -> tuple[Any, Any]:
        first, second = self._first[:n], self._second[:n]
        if isinstance(self._values, NameLists):
            return NameRows(self._values, first), NameRows(self._values, second)
        if isinstance(self._values, OnDemand):
            return OnDemandRows.pair(self._values, first, second)
        return self._values[first], self._others[second]


def known_pairs(
    left: NDArray[Any] | Coded, right: NDArray[Any] | Coded, *, distinct: bool = False
) -> KnownPairs:
    """Pairs of values, row by row; of coded columns (of the same values) each pair only once.

    In either order: features are symmetric. `distinct`: no two rows are alike, none is looked for;
    nor among vectors, which are compared as fast as they are looked up.
    """
    known = np.flatnonzero(~(is_missing(left) | is_missing(right)))
    place = np.full(len(left), -1, dtype=np.int64)
    if not isinstance(left, Coded) or not isinstance(right, Coded):
        place[known] = np.arange(len(known))
        return KnownPairs(left, known, known, place, right)
    a, b = left.codes[known].astype(np.int64), right.codes[known].astype(np.int64)
    if distinct or (isinstance(left.values, np.ndarray) and left.values.ndim > 1):
        place[known] = np.arange(len(known))
        return KnownPairs(left.values, a, b, place)
    place[known], pairs = pd.factorize(np.minimum(a, b) * len(left.values) + np.maximum(a, b))
    return KnownPairs.of_codes(left.values, pairs, place)


def feature(
    *, reads: str, sign: int, equal: float | None = None
) -> Callable[[Callable[[Any, Any], float]], Feature]:
    """Make a plain function of two values a feature over the prepared column `reads`."""

    def wrap(function: Callable[[Any, Any], float]) -> Feature:
        return Feature(function, reads, sign, equal)

    return wrap


def together(*features: Feature) -> Callable[[Rows], Rows]:
    """Make of a function from two columns to rows of values, one a feature, the features' kernels.

    They are asked in turn: what it said of the columns compared last is kept.
    """

    def wrap(function: Rows) -> Rows:
        last = _Last()
        for place, one in enumerate(features):
            one.kernel(partial(_asked_in_turn, function, last, place, len(features)))
        return function

    return wrap


Rows = Callable[[Any, Any], Iterable[Sequence[float]]]


class _Last(threading.local):
    """The columns compared last, and what all features of both say."""

    columns: tuple[Any, Any] = (None, None)
    found: NDArray[np.float64]


def _asked_in_turn(
    function: Rows, last: _Last, place: int, n: int, a: Any, b: Any
) -> NDArray[np.float64]:
    if last.columns[0] is not a or last.columns[1] is not b:
        last.found = np.array(list(function(a, b)), dtype=float).reshape(-1, n)
        last.columns = a, b
    return last.found[:, place]


def is_missing(values: NDArray[Any] | Coded) -> NDArray[np.bool_]:
    """Tell which values are missing: None in object columns, NaN in numeric ones."""
    if isinstance(values, Coded):
        return np.asarray(values.codes < 0, dtype=np.bool_)
    if values.dtype == object:
        return np.asarray(pd.isna(values), dtype=np.bool_)
    return np.asarray(np.isnan(values), dtype=np.bool_)


def collect(*modules: ModuleType) -> tuple[Feature, ...]:
    """All features of some modules, in the order in which they stand there."""
    found = [f for module in modules for f in vars(module).values() if isinstance(f, Feature)]
    names = [f.name for f in found]
    if len(set(names)) != len(names):
        raise TypeError(
            f"two features share a name: {sorted(n for n in names if names.count(n) > 1)}"
        )
    return tuple(found)


def compare(
    features: Sequence[Feature], left: Columns, right: Columns, *, distinct: bool = False
) -> NDArray[np.float32]:
    """Compare row by row with every feature: float32, (n rows, n features), NaN = missing.

    `distinct`: no two rows are alike.
    """
    n = len(next(iter(left.values())))
    out = np.empty((n, len(features)), dtype=np.float32, order="F")
    pairs: dict[str, KnownPairs] = {}
    for k, one in enumerate(features):
        if one.reads not in pairs:
            pairs[one.reads] = known_pairs(left[one.reads], right[one.reads], distinct=distinct)
        out[:, k] = one.of_pairs(pairs[one.reads])
    return out


def nan_if(condition: bool, value: float) -> float:
    """`value`, or NaN (can't be compared) where `condition` holds."""
    return math.nan if condition else value
