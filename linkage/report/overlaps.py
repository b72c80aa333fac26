"""Charts for what numbers say badly: probabilities with the bands, sources against sources."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

_BINS = 25
_MOST_SOURCES = 12


class Bar(NamedTuple):
    """Pairs of one band with probabilities from `low` on; `height` as a share, of square roots."""

    low: float
    width: float
    n: int
    height: float
    band: str  # "sure", "close" or "apart"


class Histogram(NamedTuple):
    """How probable the compared pairs are; `low` and `high` are the ends of the review band."""

    bars: Sequence[Bar]
    low: float
    high: float


def histogram(pairs: pd.DataFrame, band: tuple[float, float]) -> Histogram | None:
    """The probabilities of compared pairs that no rule keeps apart; None without any.

    A bar in which an end of the band lies is cut there, so that each is of one band.
    """
    scored = pairs["probability"][pairs["veto"] == ""] if "veto" in pairs else pairs["probability"]
    if scored.empty:
        return None
    low, high = map(float, band)
    ends = [end for end in (low, math.nextafter(high, 2.0)) if 0.0 < end < 1.0]  # both are close
    edges = sorted({*(k / _BINS for k in range(_BINS + 1)), *ends})
    counts, _ = np.histogram(scored, bins=edges)
    most = int(counts.max())
    bars = [
        Bar(start, end - start, int(n), math.sqrt(n / most), _band(start, low, high))
        for (start, end), n in zip(pairwise(edges), counts, strict=True)
        if n
    ]
    return Histogram(bars, low, high)


def _band(start: float, low: float, high: float) -> str:
    return "apart" if start < low else "sure" if start > high else "close"


class Overlap(NamedTuple):
    """Papers of each source (diagonal) and of each two: `cells` by the sources' places.

    `alone`: papers that only this source has. `hidden`: further sources that are not shown.
    """

    sources: Sequence[str]
    cells: Sequence[Sequence[int]]
    alone: Sequence[int]
    hidden: int


def overlap(clusters: pd.Series[str], sources: pd.Series[str]) -> Overlap | None:
    """How many papers the sources share; `sources`: record id -> source. None with under two."""
    known = sources.dropna().astype(str)
    sizes = known.value_counts()
    if len(sizes) < 2:
        return None
    shown = sorted(sizes.index, key=lambda one: (-sizes[one], one))[:_MOST_SOURCES]
    place = {one: k for k, one in enumerate(shown)}
    of_paper: dict[str, set[str]] = defaultdict(set)
    for paper, source in zip(clusters[known.index], known, strict=True):
        of_paper[str(paper)].add(source)
    cells = [[0] * len(shown) for _ in shown]
    alone = [0] * len(shown)
    for held in of_paper.values():
        here = sorted(place[one] for one in held if one in place)
        for k in here:
            cells[k][k] += 1
        for a, b in combinations(here, 2):
            cells[a][b] += 1
            cells[b][a] += 1
        if len(held) == 1 and here:
            alone[here[0]] += 1
    return Overlap(shown, cells, alone, len(sizes) - len(shown))
