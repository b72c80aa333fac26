"""Copies of made-up papers as six kinds of sources print them, with the errors that people make.

How often fields are missing, forms differ and errors occur follows what was counted on public sets
of duplicates (bib-dedupe's review sets, DBLP-Scholar).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from linkage.benchmarks.synthetic import forms
from linkage.benchmarks.synthetic.draws import Draws, Flags, Ints
from linkage.benchmarks.synthetic.papers import Papers

_COPIES = (64, 23, 9, 3, 1)  # weights of 1, 2, ... records of a paper
_MOST_AUTHORS = 3  # printed before "et al."


class Source(NamedTuple):
    """How one source prints records; the rest are rates.

    `doi` and `abstract`: where the paper has one, how often it is given; the others: how often a
    field is missing, an author list ends in "et al.", a title is misprinted.
    """

    name: str
    author: Callable[[str, str, str], str]
    title: Callable[[str], str]
    venue: Callable[[Any], str]
    pages: Callable[[int, int], str]
    doi: float
    abstract: float
    volume: float
    number: float
    no_pages: float
    year: float
    no_venue: float
    et_al: float
    typo: float


SOURCES = (
    Source("citation index", forms.comma_full, str, forms.full, forms.dashed,
           0.75, 0.55, 0.02, 0.10, 0.03, 0.00, 0.00, 0.00, 0.01),
    Source("medical database", forms.initials_after, forms.full_stop, forms.full, forms.shortened,
           0.45, 0.65, 0.01, 0.06, 0.02, 0.00, 0.00, 0.01, 0.01),
    Source("publisher", forms.given_first, forms.title_case, forms.full, forms.dashed,
           0.90, 0.45, 0.03, 0.10, 0.03, 0.00, 0.01, 0.00, 0.01),
    Source("web search", forms.initials_first, forms.lower_case, forms.cut, forms.dashed,
           0.05, 0.00, 0.35, 0.50, 0.35, 0.08, 0.12, 0.25, 0.05),
    Source("bibliography", forms.tex_comma_full, forms.tex_title, forms.acronym, forms.tex_dashed,
           0.25, 0.05, 0.12, 0.25, 0.10, 0.01, 0.03, 0.05, 0.04),
    Source("reference list", forms.comma_initials, forms.ascii_only, forms.short, forms.first_only,
           0.10, 0.00, 0.08, 0.55, 0.08, 0.02, 0.02, 0.20, 0.05),
)  # fmt: skip
_SOURCE_WEIGHTS = (28, 24, 18, 12, 10, 8)  # of a paper's first record


class Rows(NamedTuple):
    """One entry a record: which paper it is of, which source printed it."""

    paper: Ints
    source: Ints

    def rate(self, field: str) -> Any:
        """That rate of each record's source."""
        return np.array([getattr(source, field) for source in SOURCES])[self.source]


def draw_rows(draws: Draws, n: int) -> Rows:
    """`n` records in any order, those of one paper from different sources; papers from 0 on."""
    copies = 1 + draws.weighted(_COPIES, n)
    paper: Ints = np.repeat(np.arange(n), copies)[:n]
    nth: Ints = np.arange(n) - (np.cumsum(copies) - copies)[paper]
    first, step = draws.weighted(_SOURCE_WEIGHTS, n), 1 + 4 * draws.below(2, n)
    source = (first[paper] + nth * step[paper]) % len(SOURCES)  # 1 and 5 have no factor in common
    chosen = draws.shuffled(n)
    return Rows(paper[chosen], source[chosen])


def print_records(draws: Draws, papers: Papers, rows: Rows) -> dict[str, list[Any]]:
    """The columns of `linkage.records.schema` that a source fills, None where it does not."""
    places, of = papers.places, rows.paper
    year = places.year[of] + np.where(
        draws.chance(0.012, len(of)), 2 * draws.below(2, len(of)) - 1, 0
    )
    years = _missing(draws, year.tolist(), rows.rate("year"))
    persons, truncated = _authors(draws, papers, rows)
    return {
        "source": [SOURCES[source].name for source in rows.source.tolist()],
        "type": _types(papers, rows),
        "title": _titles(draws, papers, rows),
        "authors": persons,
        "authors_truncated": truncated,
        "year": years,
        "date": [None if year is None else str(year) for year in years],
        "venue": _venues(draws, papers, rows),
        "volume": _missing(draws, _text(places.volume[of]), rows.rate("volume")),
        "number": _missing(draws, _text(places.issue[of]), rows.rate("number")),
        "pages": _pages(draws, papers, rows),
        "doi": _as_source_gives(draws, places.doi, rows, "doi"),
        "abstract": _as_source_gives(draws, papers.abstracts, rows, "abstract"),
    }


def _types(papers: Papers, rows: Rows) -> list[str]:
    is_journal = np.array([venue.is_journal for venue in papers.places.venues])
    journal = is_journal[papers.places.venue[rows.paper]]
    return ["article" if one else "inproceedings" for one in journal.tolist()]


def _titles(draws: Draws, papers: Papers, rows: Rows) -> list[str]:
    n = len(rows.paper)
    titles = [papers.titles[paper] for paper in rows.paper.tolist()]
    long = np.array([len(title) > 40 for title in titles])
    typo = rows.rate("typo")
    for rate, change in (
        (typo * long, forms.misprinted),
        (typo * long / 3, forms.misprinted),
        (0.008 * long, forms.truncated),
        (0.05 * long, forms.without_subtitle),
        (0.01 * long, forms.shorn_of_a_word),
        (0.02 * np.ones(n), forms.upper_case),
    ):
        _change(draws, titles, draws.chance(rate, n), change)
    return [SOURCES[s].title(title) for s, title in zip(rows.source.tolist(), titles, strict=True)]


def _authors(draws: Draws, papers: Papers, rows: Rows) -> tuple[list[Any], list[bool]]:
    n = len(rows.paper)
    names = _names(papers, rows)
    _change(draws, names, draws.chance(rows.rate("typo") / 2, n), forms.name_misprinted)
    _change(draws, names, draws.chance(0.008, n), forms.names_swapped)
    _change(draws, names, draws.chance(0.01, n), forms.name_dropped)
    _change(draws, names, draws.chance(0.01, n), forms.names_shuffled)
    many = np.array([len(row) > _MOST_AUTHORS for row in names])
    cut = draws.chance(rows.rate("et_al"), n) & many
    for row in np.flatnonzero(cut).tolist():
        names[row] = names[row][:_MOST_AUTHORS]
    listed = [[{"name": name} for name in row] for row in names]
    return _missing(draws, listed, np.full(n, 0.006)), cut.tolist()


def _names(papers: Papers, rows: Rows) -> list[list[str]]:
    family, given, middle = papers.people
    persons, numbers = papers.authors.tolist(), papers.n_authors.tolist()
    names = []
    for paper, source in zip(rows.paper.tolist(), rows.source.tolist(), strict=True):
        form = SOURCES[source].author
        own = persons[paper][: numbers[paper]]
        names.append([form(family[p], given[p], middle[p]) for p in own])
    return names


def _venues(draws: Draws, papers: Papers, rows: Rows) -> list[str | None]:
    printed = [[source.venue(venue) for venue in papers.places.venues] for source in SOURCES]
    venue = papers.places.venue[rows.paper].tolist()
    names: list[str | None] = [
        printed[s][v] for s, v in zip(rows.source.tolist(), venue, strict=True)
    ]
    _change(draws, names, draws.chance(0.01, len(venue)), forms.misprinted)
    return _missing(draws, names, rows.rate("no_venue"))


def _pages(draws: Draws, papers: Papers, rows: Rows) -> list[str | None]:
    first, last = (
        column[rows.paper].tolist()
        for column in (papers.places.first_page, papers.places.last_page)
    )
    cells = zip(rows.source.tolist(), first, last, strict=True)
    printed = [SOURCES[s].pages(a, b) if b else f"e{a}" for s, a, b in cells]
    return _missing(draws, printed, rows.rate("no_pages"))


def _as_source_gives(draws: Draws, values: list[str], rows: Rows, field: str) -> list[str | None]:
    """What the paper has, at the rate at which the source gives it."""
    given = draws.chance(rows.rate(field), len(rows.paper)).tolist()
    cells = zip(rows.paper.tolist(), given, strict=True)
    return [(values[paper] or None) if has else None for paper, has in cells]


def _missing(draws: Draws, values: list[Any], rate: Any) -> list[Any]:
    for row in np.flatnonzero(draws.chance(rate, len(values))).tolist():
        values[row] = None
    return values


def _change(
    draws: Draws, values: list[Any], which: Flags, change: Callable[[Any, int], Any]
) -> None:
    """Put `change(value, lot)` in place of the chosen values; `lot` is any large number."""
    rows = np.flatnonzero(which)
    lots = draws.below(1 << 60, len(rows)).tolist()
    for row, lot in zip(rows.tolist(), lots, strict=True):
        values[row] = change(values[row], lot)


def _text(numbers: Ints) -> list[str]:
    return [str(number) for number in numbers.tolist()]
