"""Volume, issue and pages: where in the venue an item stands.

Prepared columns: `volume` and `page_end`, strings without leading zeros or decoration;
`first_pages`, a frozenset of the ways in which the first page may be printed; `number`, a frozenset
of the issue's numbers; `details`, volume, number, first pages and DOI, as a `Details`.
"""

from __future__ import annotations

from typing import NamedTuple

from linkage.features.feature import feature


class Details(NamedTuple):
    """What is known of where an item stands; a part that is missing is empty."""

    volume: str = ""
    number: frozenset[str] = frozenset()
    page: frozenset[str] = frozenset()
    doi: str = ""
    preprint: bool = False  # whether a preprint server gave the DOI


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
    number, page = not a.number.isdisjoint(b.number), not a.page.isdisjoint(b.page)
    return float((a.volume == b.volume != "") + number + page + (a.doi == b.doi != ""))


@feature(reads="details", sign=-1)
def details_conflicting(a: Details, b: Details) -> float:
    """How many of volume, number, first page and DOI are known on both sides and differ, 0..4.

    A preprint's DOI and that of what became of it differ by design, and say nothing; nor do pages
    that differ in letters only (`c37`, `37`).
    """
    volume = "" != a.volume != b.volume != ""
    doi = "" != a.doi != b.doi != "" and a.preprint == b.preprint
    number = bool(a.number and b.number) and a.number.isdisjoint(b.number)
    page = bool(a.page and b.page) and a.page.isdisjoint(b.page)
    page = page and bare_pages(a.page).isdisjoint(bare_pages(b.page))
    return float(volume + number + page + doi)


def bare_pages(pages: frozenset[str]) -> frozenset[str]:
    """The pages without letters; those of digits only as they are."""
    if all(map(str.isdigit, pages)):  # nearly always
        return pages
    return frozenset(["".join(filter(str.isdigit, page)) for page in pages]) - {""}
