"""NumPy arrays of any objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def objects(values: Iterable[Any]) -> NDArray[Any]:
    """Any values as a column of shape (n,), one object each: sequences become no matrix."""
    listed = list(values)
    column = np.empty(len(listed), dtype=object)
    column[:] = listed
    return column
