"""How far apart two publication dates are. Prepared column: `year`, a float."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage.features.feature import Values, feature


@feature(reads="year", sign=-1)
def year_gap(a: float, b: float) -> float:
    """Years between the two, 6 standing for more."""
    return min(abs(a - b), 6.0)


@year_gap.kernel
def _year_gap(a: Values, b: Values) -> NDArray[np.float32]:
    return np.asarray(np.minimum(np.abs(a - b), 6.0), dtype=np.float32)
