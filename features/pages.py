"""Volume, issue and pages: where in the venue an item stands.

Prepared columns: `volume` and `page_end`, strings without leading zeros or decoration;
`first_pages`, a frozenset of the ways in which the first page may be printed; `number`, a frozenset
of the issue's numbers; `details`, volume, number, first pages and DOI, as a `Details`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.features.arrays import OnDemandRows
from linkage.features.feature import Feature, feature, known_pairs


class Details(NamedTuple):
    """What is known of where an item stands; a part that is not known is empty or None."""

    volume: str = ""
    number: frozenset[str] | None = None
    pages: frozenset[str] | None = None  # ways in which the first page may be printed
    registered: tuple[str, bool] | None = None  # the DOI, and whether a preprint server gave it


@feature(reads="volume", sign=+1)
def volume_agrees(a: str, b: str) -> float:
    """1 where the volumes are equal, else 0."""
    return float(a == b)


@feature(reads="number", sign=+1)
def number_agrees(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where the issues share a number (`3` and `43-3`, `3 Pt 2`), else 0."""
    return float(bool(a & b))


@feature(reads="first_pages", sign=+1, equal=1.0)
def first_page_agrees(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where the first pages are equal, .5 where only letters differ (`S12`, `12`), else 0."""
    if not a.isdisjoint(b):
        return 1.0
    return 0.5 * float(not bare_pages(a).isdisjoint(bare_pages(b)))


@feature(reads="page_end", sign=+1)
def last_page_agrees(a: str, b: str) -> float:
    """1 where the last pages are equal, else 0."""
    return float(a == b)


@feature(reads="details", sign=+1)
def details_agreeing(a: Details, b: Details) -> float:
    """How many of volume, number, first page and DOI are known on both sides and agree, 0..4."""
    return float(_verdicts(a, b).count(_AGREE))


@feature(reads="details", sign=-1)
def details_conflicting(a: Details, b: Details) -> float:
    """How many of volume, number, first page and DOI are known on both sides and differ, 0..4.

    A preprint's DOI and that of what became of it differ by design, and say nothing; nor do pages
    that differ in letters only (`c37`, `37`).
    """
    return float(_verdicts(a, b).count(_CONFLICT))


@details_agreeing.kernel
def _details_agreeing(a: Any, b: Any) -> NDArray[np.float32]:
    return _counted(details_agreeing, _AGREE, a, b)


@details_conflicting.kernel
def _details_conflicting(a: Any, b: Any) -> NDArray[np.float32]:
    return _counted(details_conflicting, _CONFLICT, a, b)


def _counted(one: Feature, verdict: float, a: Any, b: Any) -> NDArray[np.float32]:
    if not isinstance(a, OnDemandRows):
        return one.one_by_one(a, b)
    if a.compared is None or a.compared[0] is not b:  # both features ask in turn
        parts = zip(_PARTS, a.parts(), b.parts(), strict=True)
        a.compared = b, np.array([part.of_pairs(known_pairs(x, y)) for part, x, y in parts])
    return np.asarray((a.compared[1] == verdict).sum(axis=0), dtype=np.float32)


_AGREE, _UNTOLD, _CONFLICT = 1.0, 0.0, -1.0


def _verdicts(a: Details, b: Details) -> list[float]:
    known = [two for two in zip(_PARTS, a, b, strict=True) if None not in two]
    return [part(x, y) for part, x, y in known]


def _volumes(a: str, b: str) -> float:
    if not a or not b:
        return _UNTOLD
    return _AGREE if a == b else _CONFLICT


def _numbers(a: frozenset[str], b: frozenset[str]) -> float:
    return _CONFLICT if a.isdisjoint(b) else _AGREE


def _pages(a: frozenset[str], b: frozenset[str]) -> float:
    return {1.0: _AGREE, 0.5: _UNTOLD, 0.0: _CONFLICT}[first_page_agrees(a, b)]


def _dois(a: tuple[str, bool], b: tuple[str, bool]) -> float:
    if a[0] == b[0]:
        return _AGREE
    return _CONFLICT if a[1] == b[1] else _UNTOLD


# in a tuple, as these are no features that a model sees
_PARTS = (
    Feature(_volumes, "volume", 0),
    Feature(_numbers, "number", 0, _AGREE),
    Feature(_pages, "first_pages", 0, _AGREE),
    Feature(_dois, "registered", 0, _AGREE),
)


def bare_pages(pages: frozenset[str]) -> frozenset[str]:
    """The pages without letters; those of digits only as they are."""
    if all(map(str.isdigit, pages)):  # nearly always
        return pages
    return frozenset(["".join(filter(str.isdigit, page)) for page in pages]) - {""}
