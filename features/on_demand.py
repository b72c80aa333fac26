"""Values of prepared columns that are made when a pair asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from linkage.features.arrays import objects

if TYPE_CHECKING:
    from linkage.features.columns import Coded  # it is built on this file


class OnDemand:
    """Values that are made of those of several columns when asked for, as most never are.

    Value k is `function` of the values in row k, None where one is missing.
    """

    def __init__(self, function: Callable[..., Any], *columns: Coded) -> None:
        self._function = function
        self._columns = columns

    @overload
    def __getitem__(self, rows: int) -> Any: ...
    @overload
    def __getitem__(self, rows: NDArray[Any]) -> NDArray[Any]: ...
    def __getitem__(self, rows: Any) -> Any:
        if not isinstance(rows, np.ndarray):
            return self._function(*(column[rows] for column in self._columns))
        different, place = np.unique(rows, return_inverse=True)
        return objects(map(self._function, *(c[different] for c in self._columns)))[place]

    def __len__(self) -> int:
        return len(self._columns[0])

    def __iter__(self) -> Iterator[Any]:
        return map(self._function, *self._columns)
