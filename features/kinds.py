"""What rules go by, and no model: few labelled records say any of it.

Prepared columns: `registered` and `work_ids` (see `identifiers`); `edition`, the number of a book's
edition or of a review's version; `serial_year`, the year of what comes out every year under one
title; `part`, "supplement" or "issue", in which of a volume an item stands; `type`, the kind of
item; `status`, "retracted", "withdrawn" or ""; `titled`, empty for records without a title;
`server`, the preprint server by name, of records that name one.
"""

from __future__ import annotations

from linkage.features.feature import feature
from linkage.features.identifiers import Doi, Ids, share_of_kinds

# Items of these two types are never one publication; other types are mixed up by databases.
_APART = frozenset(
    frozenset(pair.split())
    for pair in (
        "book incollection", "book thesis", "incollection thesis", "article thesis",
        "proceedings inproceedings", "proceedings article", "inproceedings thesis",
        "dataset article", "dataset inproceedings", "software article", "preprint thesis",
        "article book", "inproceedings book", "preprint article", "preprint inproceedings",
        "preprint incollection", "preprint book", "techreport thesis",
    )
)  # fmt: skip


@feature(reads="registered", sign=0)
def preprint_and_article(a: Doi, b: Doi) -> float:
    """1 where a preprint server gave one of the DOIs and a publisher the other, else 0."""
    return float(a[1] != b[1])


@feature(reads="titled", sign=+1)
def both_titled(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """1 where both have a title, else 0."""
    return float(bool(a and b))


@feature(reads="work_ids", sign=+1)
def work_ids_agree(a: Ids, b: Ids) -> float:
    """The same of identifiers that all versions of a work share (arXiv, trial numbers)."""
    return share_of_kinds(a, b)


@feature(reads="edition", sign=+1)
def editions_agree(a: str, b: str) -> float:
    """1 where the editions are equal, else 0."""
    return float(a == b)


@feature(reads="serial_year", sign=+1)
def serial_years_agree(a: str, b: str) -> float:
    """1 where two yearbooks, annual reports and the like are of one year, else 0."""
    return float(a == b)


@feature(reads="type", sign=+1)
def types_fit(a: str, b: str) -> float:
    """0 where the two types can't be one publication (book and chapter, thesis and article)."""
    return float(frozenset((a, b)) not in _APART)


@feature(reads="type", sign=0)
def both_books(a: str, b: str) -> float:
    """1 where both are books or proceedings, else 0."""
    return float({a, b} <= {"book", "proceedings"})


@feature(reads="part", sign=+1)
def supplements_agree(a: str, b: str) -> float:
    """1 where both or neither stands in a supplement, whose abstracts bear titles of articles."""
    return float(a == b)


@feature(reads="status", sign=+1)
def status_agrees(a: str, b: str) -> float:
    """1 where both or neither is marked as retracted or withdrawn, else 0."""
    return float(bool(a) == bool(b))


@feature(reads="server", sign=0)
def one_server(a: str, b: str) -> float:
    """1 where both stand on one preprint server, which has one entry for all versions; else 0."""
    return float(a == b)
