"""Volume, issue and pages: where in the venue an item stands.

Prepared columns: `volume` and `page_end`, strings without leading zeros or decoration;
`first_pages`, a frozenset of the ways in which the first page may be printed; `number`, a frozenset
of the issue's numbers; `details`, a dict of those of volume, number, page and doi that are known,
each a frozenset.
"""

from __future__ import annotations

from linkage.features.feature import feature

Details = dict[str, frozenset[str]]


@feature(reads="volume", sign=+1)
def volume_agrees(a: str, b: str) -> float:
    """1 where the volumes are equal, else 0."""
    return float(a == b)


@feature(reads="number", sign=+1)
def number_agrees(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where the issues share a number (`3` and `43-3`, `3 Pt 2`), else 0."""
    return float(bool(a & b))


@feature(reads="first_pages", sign=+1)
def first_page_agrees(a: frozenset[str], b: frozenset[str]) -> float:
    """1 where the first pages are equal, .5 where only letters differ (`S12`, `12`), else 0."""
    if a & b:
        return 1.0
    return 0.5 * float(bool(_digits(a) & _digits(b)))


@feature(reads="page_end", sign=+1)
def last_page_agrees(a: str, b: str) -> float:
    """1 where the last pages are equal, else 0."""
    return float(a == b)


@feature(reads="details", sign=+1)
def details_agreeing(a: Details, b: Details) -> float:
    """How many of volume, number, first page and DOI are known on both sides and agree, 0..4."""
    return float(sum(key in b and not value.isdisjoint(b[key]) for key, value in a.items()))


@feature(reads="details", sign=-1)
def details_conflicting(a: Details, b: Details) -> float:
    """How many of volume, number, first page and DOI are known on both sides and differ, 0..4."""
    return float(sum(key in b and value.isdisjoint(b[key]) for key, value in a.items()))


def _digits(pages: frozenset[str]) -> set[str]:
    return {"".join(c for c in page if c.isdigit()) for page in pages} - {""}
