"""How often a model errs from each probability on, on sets that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.models.pair_model import Calibration, PairModel
from linkage.papers.linker import PaperLinker
from linkage.records.schema import Conformed

GRID = (
    0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9,
    0.95, 0.98, 0.99, 0.995, 0.998, 0.999,
)  # fmt: skip
_WRONG = 1 / 200  # of the pairs on either side of the review band


Shares = tuple[NDArray[np.float64], NDArray[np.float64]]


def shares_wrong(model: PairModel, records: Conformed, clusters: pd.Series[str]) -> Shares:
    """Of a set's compared pairs the share that is wrong, at each probability of `GRID`.

    First of those at or above it (they are not the same), then of those below it (they are). 0
    where no pair is there. `clusters`: record_id -> entity.
    """
    pairs = PaperLinker(model, model.level).link_conformed(records).pairs
    left, right = (pairs[side].map(clusters).to_numpy() for side in ("left_id", "right_id"))
    same = left == right
    above = pairs["probability"].to_numpy()[None, :] >= np.array(GRID)[:, None]
    false = (above & ~same).sum(axis=1) / np.maximum(above.sum(axis=1), 1)
    missed = (~above & same).sum(axis=1) / np.maximum((~above).sum(axis=1), 1)
    # monotone: each the largest on its side
    return np.maximum.accumulate(false[::-1])[::-1], np.maximum.accumulate(missed)


def calibration(sets: Sequence[Shares]) -> Calibration:
    """A row for each probability of `GRID`: it, and the shares wrong from it on and below it.

    Of several sets the worst but one counts: labels of one may be wrong.
    """
    ordered = [np.sort([one[side] for one in sets], axis=0) for side in (0, 1)]
    false, missed = (shares[-2 if len(sets) > 2 else -1].tolist() for shares in ordered)
    rows = zip(GRID, false, missed, strict=True)
    return tuple((at, round(a, 5), round(b, 5)) for at, a, b in rows)


def review_band(sets: Sequence[Shares], threshold: float) -> tuple[float, float]:
    """The narrowest band round the threshold that leaves 1 pair in 200 wrong on either side.

    On every set, but those where no band does: their labels contradict each other.
    """
    told = [one for one in sets if max(map(np.min, one)) <= _WRONG] or sets
    false, missed = (np.max([one[side] for one in told], axis=0) for side in (0, 1))
    low = max(np.array(GRID)[missed <= _WRONG], default=0.0)
    high = min(np.array(GRID)[false <= _WRONG], default=1.0)
    return float(min(low, threshold)), float(max(high, threshold))
