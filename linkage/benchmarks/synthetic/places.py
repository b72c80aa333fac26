"""Where and when made-up papers stand: venues, volumes filled page after page, DOIs."""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

import numpy as np

from linkage.benchmarks.synthetic.draws import Draws, Flags, Ints
from linkage.benchmarks.synthetic.words import Venue, venues

_FIRST_YEAR, _YEARS = 1974, 50
_TOPIC_VENUES = 12
_ISSUES = (12, 4, 6, 1)  # a year, by venue


class Places(NamedTuple):
    """One entry a paper, but `venues`; `doi` is "" where a paper has none.

    `last_page` is 0 for an article number.
    """

    venues: list[Venue]
    venue: Ints
    year: Ints
    volume: Ints
    issue: Ints
    first_page: Ints
    last_page: Ints
    doi: list[str]


def places(draws: Draws, topic: Ints, origin: Ints, is_short: Flags) -> Places:
    """Where each paper stands.

    `topic`: what it is about, `origin`: the paper that it goes on from (else itself), `is_short`:
    whether it fills three pages at most.
    """
    n = len(topic)
    made = venues(20 + 4 * isqrt(n))
    venue, year = _venue(draws, topic, len(made)), _year(draws, n)
    goes_on = origin != np.arange(n)
    stays = goes_on & draws.chance(0.7, n)
    venue = np.where(stays, venue[origin], venue)
    later = np.minimum(year[origin] + draws.below(4, n), _FIRST_YEAR + _YEARS - 1)
    year = np.where(goes_on, later, year)
    first_page, last_page, issue = _pages(draws, venue, year, is_short)
    doi = _dois(draws, made, venue, year, first_page)
    volume = year - _FIRST_YEAR + 1 + venue * 17 % 60
    return Places(made, venue, year, volume, issue, first_page, last_page, doi)


def _venue(draws: Draws, topic: Ints, n_venues: int) -> Ints:
    """Mostly one of the topic's."""
    n, offset = len(topic), n_venues // 60 + 5
    of_topic = draws.zipf(n_venues, offset, (int(topic.max()) + 1, _TOPIC_VENUES))
    usual = of_topic[topic, draws.zipf(_TOPIC_VENUES, 3, n)]
    return np.where(draws.chance(0.75, n), usual, draws.zipf(n_venues, offset, n))


def _year(draws: Draws, n: int) -> Ints:
    """From 1974 to 2023, more and more each year."""
    return _FIRST_YEAR + np.maximum(draws.below(_YEARS, n), draws.below(_YEARS, n))


def _pages(draws: Draws, venue: Ints, year: Ints, is_short: Flags) -> tuple[Ints, Ints, Ints]:
    """First and last page, and issue: a volume a year, papers one after the other, with gaps."""
    n = len(venue)
    length = np.where(is_short, 1 + draws.below(3, n), 3 + draws.below(10, n) + draws.below(9, n))
    taken = length + draws.below(60, n)  # the papers between are not ours
    order = np.lexsort((draws.below(1 << 40, n), year, venue))
    volume = (venue * (_FIRST_YEAR + _YEARS) + year)[order]
    starts = np.flatnonzero(np.diff(volume, prepend=-1))
    sizes = np.diff(starts, append=n)
    ends = np.cumsum(taken[order])
    before = np.repeat(ends[starts] - taken[order][starts], sizes)
    rank = np.arange(n) - np.repeat(starts, sizes)
    last, issue = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    last[order] = ends - before
    issues = np.array(_ISSUES)[venue[order] % len(_ISSUES)]
    issue[order] = 1 + rank * issues // np.repeat(sizes, sizes)
    first = last - length + 1
    by_number = venue % 11 == 10
    return np.where(by_number, 100_000 + last, first), np.where(by_number, 0, last), issue


def _dois(draws: Draws, made: list[Venue], venue: Ints, year: Ints, page: Ints) -> list[str]:
    n = len(venue)
    serial = draws.below(10**7, n)
    known = draws.chance(np.where(year < 1995, 0.5, 0.92), n)
    cells = (column.tolist() for column in (venue, year, page, serial, known))
    return [
        _doi(v, made[v].acronym.lower(), y, p, s) if has else ""
        for v, y, p, s, has in zip(*cells, strict=True)
    ]


def _doi(venue: int, acronym: str, year: int, page: int, serial: int) -> str:
    """As three kinds of publishers make them."""
    prefix = f"10.{1000 + venue * 37 % 8999}"
    if venue % 3 == 0:
        return f"{prefix}/j.{acronym}.{year}.{serial % 1000:03d}.{page}"
    return f"{prefix}/s{serial:07d}-{page}" if venue % 3 == 1 else f"{prefix}/{acronym}{serial}"
