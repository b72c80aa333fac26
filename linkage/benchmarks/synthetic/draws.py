"""Random draws that are the same on any machine.

Integers and comparisons only: a sum of powers may differ in its last bit from one processor to the
next, and with it what is drawn. Frequencies follow the law of Zipf and Mandelbrot with exponent 1,
weight 1 / (rank + offset): B. Mandelbrot, "An informational theory of the statistical structure of
language", 1953.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Size = int | tuple[int, ...]

_SCALE = 10**12
_PER_MILLION = 1_000_000


class Draws:
    """A stream of draws; the same seed gives the same stream."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.Generator(np.random.PCG64(seed))

    def below(self, n: int, size: Size) -> Ints:
        """Whole numbers from 0 to n - 1, all alike."""
        return self._random.integers(n, size=size, dtype=np.int64)

    def chance(self, rate: float | NDArray[np.float64], size: Size) -> Flags:
        """True at this rate, which may differ from cell to cell."""
        bound = np.asarray(np.asarray(rate) * _PER_MILLION, dtype=np.int64)
        return np.asarray(self.below(_PER_MILLION, size) < bound)

    def weighted(self, weights: Sequence[int] | Ints, size: Size) -> Ints:
        """Positions in `weights` (whole numbers), as often as they say."""
        ends = np.cumsum(np.asarray(weights, dtype=np.int64))
        found: Ints = np.searchsorted(ends, self.below(int(ends[-1]), size), side="right")
        return found

    def zipf(self, n: int, offset: int, size: Size) -> Ints:
        """Ranks from 0 to n - 1, the first the most frequent."""
        return self.weighted(_SCALE // (np.arange(1, n + 1, dtype=np.int64) + offset), size)

    def shuffled(self, n: int) -> Ints:
        """0 to n - 1 in any order."""
        return np.argsort(self.below(1 << 62, n), kind="stable")
