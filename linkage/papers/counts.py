"""What the data at hand say of their words, titles and venues, without any labels."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.features.arrays import objects
from linkage.features.columns import Coded, Words
from linkage.features.name_lists import NameLists
from linkage.text.titles import is_generic

Columns = dict[str, Any]  # name -> float array or `Coded`
Floats = NDArray[np.float64]

_GENERIC = 3.0  # owners, years and places of a title such as "Editorial"
ENOUGH_COPIES = 5  # pairs of copies that tell which venues go together
MOST_COPIES = 20  # of one paper


@dataclass(frozen=True)
class DataCounts:
    """Counts over all the data.

    `n`: records; `words`: word -> records with it in the title; `owners`, `years`, `places`: how
    many different first authors, years and issues (or DOIs) stand beside each record's title,
    effectively, of shape (records at hand,), NaN without a title;
    `partners`: venue -> share 0..1 of each venue beside it on records of equal title, first author
    and year, where enough such copies are known.
    """

    n: int
    words: Mapping[str, int]
    owners: Floats
    years: Floats
    places: Floats
    partners: Mapping[str, Mapping[str, float]]


def count_data(columns: Columns) -> DataCounts:
    """Count over prepared columns (those of titles, authors, places and the year)."""
    title, owner, year = columns["title"], first_authors(columns), _years(columns["year"])
    spreads = title_spreads(title, owner, columns["year"], addresses(columns))
    return DataCounts(
        len(title),
        _word_counts(columns["title_words"]),
        *spreads,
        _partners(title, owner, year, columns["venue"]),
    )


def recount_titles(columns: Columns, earlier: DataCounts) -> DataCounts:
    """Counts of titles over prepared columns, beside those of words and venues made earlier."""
    address = addresses(columns)
    found = title_spreads(columns["title"], first_authors(columns), columns["year"], address)
    owners, years, places = found
    return replace(earlier, owners=owners, years=years, places=places)


def title_spreads(
    title: Coded, owner: Coded, year: Floats, address: Coded
) -> tuple[Floats, Floats, Floats]:
    """How many first authors, years and places stand beside each record's title, effectively."""
    nobody = np.int32(len(owner.values))  # no author is an author of its own
    least = np.array(list(map(least_spread, texts_of(title))))
    return (
        _spread(title, np.where(owner.codes < 0, nobody, owner.codes), least),
        _spread(title, _years(year).codes, least),
        _spread(title, address.codes, least),
    )


def _years(year: Floats) -> Coded:
    codes, known = pd.factorize(year)
    return Coded(codes.astype(np.int32), objects(known.tolist()))


def addresses(columns: Columns) -> Coded:
    """Where each item stands: volume and issue, else the DOI, else unknown.

    A preprint stands nowhere else than what became of it.
    """
    issue = Coded.joint([columns["volume"], columns["number"]]).map(lambda both: _issue(*both))
    registered = columns["registered"].map(lambda one: None if one[1] else one[0])
    both = Coded.concat([issue, registered])
    return Coded(np.where(issue.codes < 0, *np.split(both.codes, 2)[::-1]), both.values)


def _issue(volume: str | None, number: frozenset[str] | None) -> str | None:
    return f"{volume}({min(number)})" if volume and number else None


def least_spread(title: str) -> float:
    """The least number of owners, years and places of a title: generic ones recur elsewhere."""
    return _GENERIC if is_generic(title) else 0.0


def effective_numbers(least: Floats, total: Floats, squares: Floats) -> Floats:
    """How many different values stand beside each title, effectively.

    That is one over the chance that two of them are equal: a misprinted year among ten copies
    hardly counts. `total` and `squares`: sums of how often each value stands there, and of the
    squares of that; `least`: the `least_spread` of each title. Source: Simpson, Measurement of
    diversity, Nature 163 (1949).
    """
    effective = np.divide(total * total, squares, out=np.zeros(len(total)), where=squares > 0)
    return np.where(effective > least, effective, least)


def first_authors(columns: Columns) -> Coded:
    """The first author's family name."""
    authors: Coded = columns["authors"]
    assert isinstance(authors.values, NameLists)  # noqa: S101  as prepared
    return authors.replaced(Coded.of(authors.values.first_families()))


def weigh_words(words: Coded, counts: DataCounts) -> Coded:
    """The words of titles with their rarity: log(N / records with it) scaled to 0..1.

    A word that was not counted stands in one record.
    """
    assert isinstance(words.values, Words)  # noqa: S101  of titles
    listed = words.values.words.tolist()
    seen = np.array([counts.words.get(word, 1) for word in listed], dtype=float)
    rarity = np.log((counts.n + 1) / seen) / math.log(counts.n + 1)
    return Coded(words.codes, words.values.weighted(rarity))


def with_partners(venue: Coded, counts: DataCounts) -> Coded:
    """Each venue with its partners; missing where too few copies tell them."""
    known = venue.map(lambda name: name if name in counts.partners else None)
    values = np.empty(len(known.values), dtype=object)
    values[:] = [(name, counts.partners[name]) for name in texts_of(known)]
    return Coded(known.codes, values)


def _word_counts(words: Coded) -> dict[str, int]:
    sets = words.values
    assert isinstance(sets, Words)  # noqa: S101  of titles
    records = np.bincount(words.codes[words.codes >= 0], minlength=len(sets))
    counts = sets.matrix.T @ records
    return dict(zip(sets.words.tolist(), counts.astype(int).tolist(), strict=False))


def texts_of(column: Coded) -> list[str]:
    """The distinct values of a column of texts."""
    return list(column.values)


def _spread(title: Coded, value: NDArray[np.int32], least: Floats) -> Floats:
    """For each record how many different values stand beside its title, effectively."""
    both = (title.codes >= 0) & (value >= 0)
    width = int(value.max(initial=0)) + 1
    pairs, counts = np.unique(
        title.codes[both].astype(np.int64) * width + value[both], return_counts=True
    )
    total, squares = (
        np.bincount(pairs // width, weights=n, minlength=len(title.values)).astype(float)
        for n in (counts, counts * counts)
    )
    return np.append(effective_numbers(least, total, squares), math.nan)[title.codes]


def _partners(title: Coded, owner: Coded, year: Coded, venue: Coded) -> dict[str, dict[str, float]]:
    columns = (title, owner, year)
    known = np.flatnonzero(np.all([column.codes >= 0 for column in (*columns, venue)], axis=0))
    paper = np.zeros(len(known), dtype=np.int64)
    for column in columns:
        paper, _ = pd.factorize(paper * len(column.values) + column.codes[known])
    venues, counts = _beside(paper, venue.codes[known], len(venue.values))
    totals = np.bincount(venues[0], counts, len(venue.values)).astype(np.int64)
    name, found = texts_of(venue), defaultdict[str, dict[str, float]](dict)
    for one, other, n in zip(*venues.tolist(), counts.tolist(), strict=True):
        if totals[one] >= ENOUGH_COPIES:
            found[name[one]][name[other]] = n / int(totals[one])
    return dict(found)


def _beside(
    paper: NDArray[np.int64], venue: NDArray[np.int32], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of n venues stand beside each other on copies of a paper (2, pairs), and how often.

    Of each paper the first `MOST_COPIES` copies count.
    """
    order = np.argsort(paper, kind="stable")
    paper, venue = paper[order], venue[order].astype(np.int64)
    first = np.searchsorted(paper, paper)
    met = [np.empty(0, dtype=np.int64)]
    for apart in range(1, MOST_COPIES):
        later = np.arange(apart, len(paper))
        some = later[(paper[apart:] == paper[:-apart]) & (later - first[apart:] < MOST_COPIES)]
        if not len(some):
            break
        met += [venue[some - apart] * n + venue[some], venue[some] * n + venue[some - apart]]
    pairs, counts = np.unique(np.concatenate(met), return_counts=True)
    return np.stack([pairs // n, pairs % n]) if n else np.empty((2, 0), dtype=np.int64), counts
