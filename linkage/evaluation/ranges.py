"""Numbers sorted into ranges that a reader takes in at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Range = tuple[int, int | None]  # both ends included; None: no upper end


def in_ranges(numbers: pd.Series[Any], ranges: Sequence[Range]) -> dict[str, NDArray[np.bool_]]:
    """For each range, called as people say it ("3 to 5"), which of the numbers lie in it."""
    found = {}
    for low, high in ranges:
        inside = numbers.between(low, np.inf if high is None else high)
        found[_range_name(low, high)] = inside.to_numpy(dtype=bool)
    return found


def _range_name(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"
