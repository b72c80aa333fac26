"""What a feature is: a plain function of two non-missing values that knows its column and sign."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Columns = Mapping[str, Values]
Kernel = Callable[[Values, Values], NDArray[np.float32]]


class Feature:
    """One way to say how alike two values are.

    `function(a, b)` takes two non-missing values of the prepared column `reads` and returns a
    float, or NaN where these two can't be compared. It must be symmetric. `sign` is the direction
    in which it speaks for "the same": +1, -1, or 0 when it may speak either way; the classifier is
    held to it (monotone constraint). The function's name and docstring are its documentation.
    """

    def __init__(self, function: Callable[[Any, Any], float], reads: str, sign: int) -> None:
        self.name = function.__name__
        self.doc = (function.__doc__ or "").strip()
        self.reads = reads
        self.sign = sign
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
        a, b = left[self.reads], right[self.reads]
        present = ~(is_missing(a) | is_missing(b))
        out = np.full(len(a), np.nan, dtype=np.float32)
        if self._kernel is not None:
            out[present] = self._kernel(a[present], b[present])
        else:
            function = self._function
            out[present] = [function(x, y) for x, y in zip(a[present], b[present], strict=True)]
        return out


def feature(*, reads: str, sign: int) -> Callable[[Callable[[Any, Any], float]], Feature]:
    """Make a plain function of two values a feature over the prepared column `reads`."""

    def wrap(function: Callable[[Any, Any], float]) -> Feature:
        return Feature(function, reads, sign)

    return wrap


def is_missing(values: Values) -> NDArray[np.bool_]:
    """Tell which values are missing: None in object columns, NaN in numeric ones."""
    if values.dtype == object:
        return np.fromiter((v is None for v in values), dtype=bool, count=len(values))
    return np.isnan(values)


def collect(*modules: ModuleType) -> tuple[Feature, ...]:
    """All features of some modules, in the order in which they stand there."""
    found = [f for module in modules for f in vars(module).values() if isinstance(f, Feature)]
    names = [f.name for f in found]
    if len(set(names)) != len(names):
        raise TypeError(
            f"two features share a name: {sorted(n for n in names if names.count(n) > 1)}"
        )
    return tuple(found)


def compare(features: Sequence[Feature], left: Columns, right: Columns) -> NDArray[np.float32]:
    """Compare row by row with every feature: float32, (n rows, n features), NaN = missing."""
    n = len(next(iter(left.values())))
    out = np.empty((n, len(features)), dtype=np.float32, order="F")
    for k, one in enumerate(features):
        out[:, k] = one.column(left, right)
    return out


def nan_if(condition: bool, value: float) -> float:
    """`value`, or NaN (can't be compared) where `condition` holds."""
    return math.nan if condition else value
