"""Worse copies of labelled sets: dropped fields, misprints, abbreviated names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.records.schema import Conformed

_YEARS_OFF = (-3, -2, -1, 1, 2, 3)  # the preprint's year instead of the article's, and the like


_DROPPABLE = (
    "title",
    "doi",
    "abstract",
    "pages",
    "volume",
    "number",
    "year",
    "venue",
    "ids",
    "type",
)


def degrade(records: Conformed, seed: int) -> Conformed:
    """A copy in which records lack fields, or print them otherwise, at random.

    Each record is poor to a degree of its own: from nothing lost to all but title, authors and
    perhaps year. Titles are cut after a few words or misprinted, years are off, given names
    and venues abbreviated, authors stand in another order or end after three "et al.".
    """
    rng = np.random.default_rng(seed)
    copy = records.copy()
    poverty = rng.random(len(copy))

    def drawn(share: float) -> NDArray[np.bool_]:
        return rng.random(len(copy)) < poverty * share

    for name in _DROPPABLE:
        drop = drawn(1 / 8 if name == "title" else 1)
        copy[name] = copy[name].mask(drop, pd.NA if name == "year" else None)
    _change(copy, "title", drawn(1 / 4), lambda t: " ".join(t.split()[: rng.integers(1, 6)]))
    _change(copy, "title", drawn(1 / 8), lambda t: _misprint(t, rng))
    _change(copy, "venue", drawn(1 / 4), _abbreviate)
    off = drawn(1 / 16)
    copy["year"] = copy["year"].where(~off, copy["year"] + rng.choice(_YEARS_OFF, len(copy)))
    _change(copy, "venue", drawn(1 / 4), _acronym)
    _change(copy, "authors", drawn(1 / 3), _with_initials)
    _change(copy, "authors", drawn(1 / 3), lambda a: [a[k] for k in rng.permutation(len(a))])
    longer = [bool(a) and len(a) > 3 for a in copy["authors"].tolist()]
    cut = drawn(1 / 2) & longer
    _change(copy, "authors", cut, lambda authors: authors[:3])
    copy["authors_truncated"] = copy["authors_truncated"].to_numpy(dtype=bool) | cut
    return Conformed(copy)


_NUMBERED = 0.4  # share of a copy's records that get an identifier
_WRONGLY = 0.01  # of which are another item's


def with_identifiers(records: Conformed, entity: NDArray[np.int64], seed: int) -> Conformed:
    """A copy in which some records know an identifier: few labelled sets hold any.

    `entity`: a number for what each record is, of shape (n,); equal ones get equal identifiers,
    but for a few slips.
    """
    rng = np.random.default_rng(seed)
    n = len(records)
    known, wrong = rng.random(n) < _NUMBERED, rng.random(n) < _WRONGLY
    number = np.where(wrong, rng.integers(0, max(n, 1), n), entity)
    ids = [
        {**(ids or {}), "pmid": str(10_000_000 + one)} if there else ids
        for ids, one, there in zip(records["ids"].tolist(), number.tolist(), known, strict=True)
    ]
    return Conformed(records.assign(ids=pd.Series(ids, index=records.index, dtype=object)))


def _change(
    records: pd.DataFrame, name: str, chosen: NDArray[np.bool_], change: Callable[[Any], Any]
) -> None:
    """Replace the known values of the chosen records in a column."""
    values = zip(records[name].tolist(), chosen, strict=True)
    changed = [change(value) if value and c else value for value, c in values]
    records[name] = pd.Series(changed, index=records.index, dtype=object)


def _misprint(text: str, rng: np.random.Generator) -> str:
    """One to three letters lost, doubled, swapped or set apart."""
    for _ in range(rng.integers(1, 4)):
        at = int(rng.integers(0, max(len(text) - 1, 1)))
        a, b = text[at : at + 1], text[at + 1 : at + 2]
        text = text[:at] + [b, a + a + b, b + a, f"{a} {b}"][rng.integers(0, 4)] + text[at + 2 :]
    return text


def _abbreviate(venue: str) -> str:
    return " ".join(word[:4] for word in venue.split())


def _acronym(venue: str) -> str:
    """Its capitals, `Very Large Data Bases` = `VLDB`; as it is without any."""
    return "".join(word[0] for word in venue.split() if word[0].isupper()) or venue


def _with_initials(authors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**a, "given": _initials(a["given"])} if a.get("given") else a for a in authors]


def _initials(given: str) -> str:
    return " ".join(f"{word[0]}." for word in given.split())
