"""Everything dear is done once per record: the columns that blocking rules and features read.

`prepare_papers` gives a dict of NumPy columns, one row a record: object columns in which None is
missing, float columns in which NaN is. What each column holds stands in the features that read it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.places import Place, place
from linkage.text import fold, guess_language
from linkage.titles import (
    SEQUELS,
    groups_studied,
    is_generic,
    main_title,
    marks,
    numbers,
    variants,
    without_notes,
)

Author = dict[str, Any]

ABSTRACT_START = 200  # characters compared letter by letter
ABSTRACT_WORDS = 60  # words compared as a set
_GENERIC = 3.0  # owners, years and places of a title such as "Editorial"
_ENOUGH_COPIES = 5  # pairs of copies that tell which venues go together
_MOST_COPIES = 20  # of one paper
_ABSTRACT_READ = 1500  # characters as printed; more than both need
_MIN_ABSTRACT = 40  # shorter ones are notes such as "no abstract available"

# Everything that is read below, what tells records apart best first.
_CONTENT = ("title", "year", "authors", "venue", "volume", "number", "pages", "doi", "abstract",
            "type", "ids", "authors_truncated")  # fmt: skip

# What the words of a venue's name say of its kind; the rarer, more telling kinds come first.
_KINDS = {
    "thesis": "thesis dissertation phd ph".split(),
    "report": "report reports tech tr memo rep".split(),
    "preprint": "arxiv corr preprint unpublished manuscript submitted biorxiv medrxiv ssrn".split(),
    "conference": "proceedings proc conference conf symposium symp workshop congress meeting "
    "lecture lncs".split(),
    "journal": "journal j transactions trans letters annals archives acta magazine bulletin "
    "quarterly record review zeitschrift revista jurnal".split(),
    "book": "press book isbn handbook publishers".split(),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_KIND_ORDER = list(_KINDS)
_VENUE_WORDS = frozenset(_KIND_OF) | frozenset(
    "international int intl national annual ann ieee acm first second third fourth fifth sixth "
    "seventh eighth ninth tenth twentieth pages pp vol volume no number series january february "
    "march april may june july august september october november december".split()
)
_VENUE_STOP = frozenset("the of and for in on a an de der des la le et und".split())


def prepare_papers(records: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Prepare conformed records (`linkage.schema.conform`) for blocking and comparing."""
    printed = [without_notes(t) for t in records["title"]]
    titles = [fold(t) if t else None for t in printed]
    venues = [_venue(v) for v in records["venue"]]
    said = [marks(t) for t in printed]
    counted = [numbers(t) for t in titles]
    authors = [_authors(a) for a in records["authors"]]
    listed = list(zip(authors, records["authors_truncated"], strict=True))
    places = [
        place(*p) for p in zip(records["volume"], records["number"], records["pages"], strict=True)
    ]
    abstracts = [_abstract(a) for a in records["abstract"]]
    owners = [a[0][0] if a else "" for a in authors]
    years = [None if pd.isna(year) else str(year) for year in records["year"]]
    least = [_GENERIC if t and is_generic(t) else 0.0 for t in titles]
    columns: dict[str, Sequence[Any]] = {
        "title": [t or None for t in titles],
        "title_main": [main_title(t) for t in printed],
        "title_variants": [variants(p, t) for p, t in zip(records["title"], titles, strict=True)],
        "language": [guess_language(t) if t else None for t in titles],
        "title_words": _weigh(titles),
        "title_numbers": [numbers and numbers[0] for numbers in counted],
        "title_parts": [numbers and numbers[1] for numbers in counted],
        "title_marks": said,
        "title_groups": [groups_studied(t) for t in titles],
        "title_sequel": [None if m is None else m & SEQUELS for m in said],
        "authors": authors,
        "author_tokens": [_tokens(a) for a in authors],
        "last_author": [None if cut or not a else a[-1][0] for a, cut in listed],
        "venue": venues,
        "venue_words": [_venue_words(v) for v in venues],
        "venue_kind": [_venue_kind(v) for v in venues],
        "venue_partners": _partners(titles, authors, records["year"].tolist(), venues),
        "type": list(records["type"]),
        "issn": [_standard_numbers(ids) for ids in records["ids"]],
        "ids": list(records["ids"]),
        "doi": list(records["doi"]),
        "volume": [p.volume for p in places],
        "number": [p.number for p in places],
        "page": [p.page for p in places],
        "first_pages": [_first_pages(p) for p in places],
        "page_end": [p.page_end for p in places],
        "details": [
            _details(*known) for known in zip(places, records["doi"], records["year"], strict=True)
        ],
        "abstract": [a[:ABSTRACT_START] if a else None for a in abstracts],
        "abstract_words": [frozenset(a.split()[:ABSTRACT_WORDS]) if a else None for a in abstracts],
    }
    return {name: _objects(values) for name, values in columns.items()} | {
        "year": records["year"].to_numpy(dtype=float, na_value=math.nan),
        "author_count": np.array([math.nan if cut or not a else len(a) for a, cut in listed]),
        "title_owners": _how_many(titles, owners, least),
        "title_years": _how_many(titles, years, least),
        "title_places": _how_many(titles, _addresses(places, records["doi"]), least),
    }


def canonical_order(records: pd.DataFrame) -> NDArray[np.int64]:
    """Positions of the records sorted by content, then by id: the same for any row order."""
    parts = (*_CONTENT, "record_id")
    texts = [["" if v is None else str(v) for v in records[name].tolist()] for name in parts]
    return np.array(sorted(range(len(records)), key=list(zip(*texts, strict=True)).__getitem__),
                    dtype=np.int64)  # fmt: skip


def _objects(values: Sequence[Any]) -> NDArray[Any]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _weigh(titles: Sequence[str | None]) -> list[dict[str, float] | None]:
    """Each title's words with their rarity: log(N / records with it) scaled to 0..1."""
    seen: Counter[str] = Counter()
    for title in titles:
        seen.update(set(title.split()) if title else ())
    scale = math.log(len(titles) + 1)
    rarity = {word: math.log((len(titles) + 1) / count) / scale for word, count in seen.items()}
    return [{word: rarity[word] for word in title.split()} if title else None for title in titles]


def _authors(authors: list[Author] | None) -> tuple[tuple[str, str], ...] | None:
    """Family and given names; groups only where no person is named."""
    listed = [a for a in authors or () if not a.get("group")] or authors or ()
    names = [(_family(a), fold(a.get("given") or "")) for a in listed]
    return tuple(name for name in names if name[0]) or None


def _family(author: Author) -> str:
    return fold(author.get("family") or author["name"])


def _tokens(authors: Iterable[tuple[str, str]] | None) -> frozenset[str] | None:
    parts = {part for name in authors or () for text in name for part in text.split()}
    return frozenset(part for part in parts if len(part) > 1) or None


def _addresses(places: Sequence[Place], dois: Iterable[str | None]) -> list[str | None]:
    """Where each item stands: volume and issue, else the DOI, else unknown."""
    return [
        f"{p.volume}({min(p.number)})" if p.volume and p.number else doi
        for p, doi in zip(places, dois, strict=True)
    ]


def _how_many(
    titles: Sequence[str | None], values: Sequence[str | None], least: Sequence[float]
) -> NDArray[np.float64]:
    """For each title, how many different known values stand beside it in the data, effectively.

    That is one over the chance that two of them are equal (Simpson's index, 1949): a misprinted
    year among ten copies hardly counts. Never under the title's `least`: a generic one recurs
    elsewhere even when not here.
    """
    found: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for title, value in zip(titles, values, strict=True):
        if value is not None:
            found[title][value] += 1
    effective = {title: _effective(counts) for title, counts in found.items()}
    counts = [
        max(effective.get(title, 0.0), low) if title else math.nan
        for title, low in zip(titles, least, strict=True)
    ]
    return np.array(counts, dtype=float)


def _effective(counts: Counter[str]) -> float:
    return counts.total() ** 2 / sum(n * n for n in counts.values())


def _venue(venue: str | None) -> str | None:
    words = fold(venue).split() if venue else []
    return " ".join(w for w in words if w not in _VENUE_STOP) or None


def _partners(
    titles: Sequence[str | None],
    authors: Sequence[Sequence[tuple[str, str]] | None],
    years: Sequence[int | None],
    venues: Sequence[str | None],
) -> list[tuple[str, dict[str, float]] | None]:
    """With each venue the share of venues beside it on records of equal title, author and year."""
    copies: defaultdict[tuple[str, str, int], list[str]] = defaultdict(list)
    for title, listed, year, venue in zip(titles, authors, years, venues, strict=True):
        if title and listed and venue and not pd.isna(year):
            copies[title, listed[0][0], year].append(venue)
    beside: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for group in copies.values():
        for a, b in permutations(group[:_MOST_COPIES], 2):
            beside[a][b] += 1
    shares = {
        venue: {other: n / counts.total() for other, n in counts.items()}
        for venue, counts in beside.items()
        if counts.total() >= _ENOUGH_COPIES
    }
    return [(venue, shares[venue]) if venue in shares else None for venue in venues]


def _venue_words(venue: str | None) -> tuple[str, ...] | None:
    words = venue.split() if venue else ()
    telling = (w for w in words if w not in _VENUE_WORDS and not w[0].isdigit() and len(w) > 1)
    return tuple(dict.fromkeys(telling)) or None


def _venue_kind(venue: str | None) -> str | None:
    """The first word that says what kind of venue it is; "technical report" and the like first."""
    kinds = [_KIND_OF[word] for word in venue.split() if word in _KIND_OF] if venue else []
    return min(kinds, key=_KIND_ORDER.index) if kinds else None


def _standard_numbers(ids: dict[str, str] | None) -> frozenset[str] | None:
    """ISSNs and ISBNs, digits only; one field may hold several."""
    text = " ".join(value for key, value in (ids or {}).items() if key in ("issn", "isbn"))
    digits = re.findall(r"[0-9xX]{8,13}", text.replace("-", ""))
    return frozenset(d.lower() for d in digits) or None


def _abstract(abstract: str | None) -> str | None:
    text = fold(abstract[:_ABSTRACT_READ]) if abstract else ""
    return text if len(text) >= _MIN_ABSTRACT else None


def _first_pages(place: Place) -> frozenset[str] | None:
    """The first page; that of a range as in `382-391`, and as in `382391`, where no dash is left.

    Page 1 is no place: whatever is paginated by itself begins there.
    """
    if not place.page or place.page == "1":
        return None
    return frozenset([place.page, f"{place.page}{place.page_end or ''}"])


def _details(place: Place, doi: str | None, year: int | None) -> dict[str, frozenset[str]]:
    """What is known of volume, number, first page and DOI; a volume that is the year says less."""
    single = {"volume": None if place.volume == str(year) else place.volume, "doi": doi}
    known = {key: frozenset([value]) for key, value in single.items() if value}
    several = {"number": place.number, "page": _first_pages(place)}
    return known | {key: values for key, values in several.items() if values}
