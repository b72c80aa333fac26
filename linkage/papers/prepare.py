"""Everything expensive is done once per record: the columns that blocking rules and features read.

`prepare_papers` gives prepared columns (`linkage.features.columns`), one row a record. What each
column holds stands in the features that read it.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from linkage.features.columns import Coded
from linkage.features.name_lists import Name, NameLists
from linkage.features.pages import Details
from linkage.names.parse import MOST_LETTERS
from linkage.papers.counts import Columns, DataCounts, count_data, weigh_words, with_partners
from linkage.records.registry_numbers import TRIAL_KINDS
from linkage.records.schema import Conformed
from linkage.text.folding import fold, guess_language
from linkage.text.pages import Place, place
from linkage.text.titles import (
    SEQUELS,
    groups_studied,
    main_title,
    marks,
    numbers,
    variants,
    without_notes,
)

Author = dict[str, Any]

ABSTRACT_START = 200  # characters compared letter by letter
ABSTRACT_WORDS = 60  # words compared as a set
_ABSTRACT_READ = 1500  # characters as printed; more than both need
_MIN_ABSTRACT = 40  # shorter ones are notes such as "no abstract available"

_NO_IDS: frozenset[tuple[str, str]] = frozenset()
_NONE: frozenset[str] = frozenset()

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


def prepare_papers(records: Conformed, counts: DataCounts | None = None) -> Columns:
    """Prepare records for blocking and comparing.

    `counts` is what the whole data say of words, titles and venues; None counts the records given.
    """
    return complete_papers(read_papers(records), counts)


def complete_papers(columns: Columns, counts: DataCounts | None = None) -> Columns:
    """What `read_papers` gave, and the columns that depend on the whole data."""
    counts = counts or count_data(columns)
    words = weigh_words(columns["title_words"], counts)
    return columns | {
        "title_words": words,
        "rare_words": words.map(_rarest),
        "title_owners": counts.owners,
        "title_years": counts.years,
        "title_places": counts.places,
        "venue_partners": with_partners(columns["venue"], counts),
    }


def read_papers(records: Conformed) -> Columns:
    """The prepared columns that depend on the record alone."""
    columns = _titles(records) | _people(records) | _places(records) | _abstracts(records)
    columns["year"] = records["year"].to_numpy(dtype=float, na_value=math.nan)
    return columns


def _titles(records: Conformed) -> Columns:
    whole = Coded.of(records["title"])
    read = whole.map(_read_title)
    title = read.map(lambda t: t.folded or None)
    said = read.map(lambda t: marks(t.printed, t.folded))
    counted = title.map(numbers)
    return {
        "title": title,
        "title_main": read.map(lambda t: main_title(t.printed, t.folded)),
        "title_variants": read.map(lambda t: variants(t.whole, t.folded)),
        "language": title.map(guess_language),
        "title_words": title.words(str.split),
        "title_numbers": counted.map(lambda found: found[0]),
        "title_parts": counted.map(lambda found: found[1]),
        "title_marks": said,
        "title_sequel": said.map(lambda marks: marks & SEQUELS),
        "title_groups": title.map(groups_studied),
    }


def _people(records: Conformed) -> Columns:
    authors = Coded.of_names(_authors(records["authors"]))
    assert isinstance(authors.values, NameLists)  # noqa: S101
    cut = records["authors_truncated"].to_numpy(dtype=bool)
    whole = Coded(np.where(cut, np.int32(-1), authors.codes), authors.values)
    length = np.append(authors.values.sizes(), math.nan)
    return {
        "authors": authors,
        "author_tokens": authors.words(_tokens),
        "last_author": whole.map(lambda names: names[-1][0]),
        "author_count": length[whole.codes],
    }


def _places(records: Conformed) -> Columns:
    venue = Coded.of(records["venue"]).map(_venue)
    fields = (records[name] for name in ("volume", "number", "pages"))
    places = Coded.of(zip(*fields, strict=True)).map(lambda printed: place(*printed))
    doi, ids = Coded.of(records["doi"]), Coded.of(map(_pairs, records["ids"]))
    first_pages = places.map(_first_pages)
    known = zip(places, first_pages, records["doi"], records["year"].tolist(), strict=True)
    return {
        "venue": venue,
        "venue_words": venue.map(_venue_words),
        "venue_kind": venue.map(_venue_kind),
        "type": Coded.of(records["type"]),
        "issn": ids.map(_standard_numbers),
        "ids": ids,
        "doi": doi,
        "volume": places.map(lambda p: p.volume),
        "number": places.map(lambda p: p.number),
        "page": places.map(lambda p: p.page),
        "first_pages": first_pages,
        "page_end": places.map(lambda p: p.page_end),
        "details": Coded.of(_details(*one) for one in known),
    }


def _abstracts(records: Conformed) -> Columns:
    abstract = Coded.of(records["abstract"]).map(_abstract)
    return {
        "abstract": abstract.map(lambda text: text[:ABSTRACT_START]),
        "abstract_words": abstract.words(_first_words),
    }


class _Title(NamedTuple):
    whole: str  # as printed
    printed: str  # without a database's notes
    folded: str


def _read_title(whole: str) -> _Title:
    printed = without_notes(whole)
    return _Title(whole, printed, fold(printed))


def _authors(lists: Iterable[list[Author] | None]) -> Iterator[tuple[Name, ...] | None]:
    """Family and given names; groups only where no person is named."""
    for authors in lists:
        listed = [a for a in authors or () if not a.get("group")] or authors or ()
        names = [_folded_name(a.get("family") or a["name"], a.get("given")) for a in listed]
        yield tuple([name for name in names if name[0]]) or None


@lru_cache(maxsize=1 << 16)
def _folded_name(family: str | None, given: str | None) -> Name:
    """One object for each name and each part of it, wherever it stands."""
    family, given = (family or "")[:MOST_LETTERS], (given or "")[:MOST_LETTERS]
    return sys.intern(fold(family)), sys.intern(fold(given))


def _tokens(authors: tuple[Name, ...]) -> list[str]:
    parts = " ".join(chain.from_iterable(authors)).split()
    return [part for part in parts if len(part) > 1]


def _rarest(words: dict[str, float]) -> tuple[str, ...]:
    """The four rarest words of four letters or more, the rarest first."""
    ranked = sorted([(-weight, word) for word, weight in words.items() if len(word) > 3])
    return tuple([word for _, word in ranked[:4]])


def _pairs(ids: dict[str, str] | None) -> frozenset[tuple[str, str]]:
    """The identifiers of the item itself: many papers report one trial."""
    return frozenset(one for one in ids.items() if one[0] not in TRIAL_KINDS) if ids else _NO_IDS


def _venue(venue: str) -> str | None:
    words = fold(venue).split()
    return " ".join(w for w in words if w not in _VENUE_STOP) or None


def _venue_words(venue: str) -> tuple[str, ...] | None:
    words = venue.split()
    telling = (w for w in words if w not in _VENUE_WORDS and not w[0].isdigit() and len(w) > 1)
    return tuple(dict.fromkeys(telling)) or None


def _venue_kind(venue: str) -> str | None:
    """The first word that says what kind of venue it is; "technical report" and the like first."""
    kinds = [_KIND_OF[word] for word in venue.split() if word in _KIND_OF]
    return min(kinds, key=_KIND_ORDER.index) if kinds else None


def _standard_numbers(ids: frozenset[tuple[str, str]]) -> frozenset[str] | None:
    """ISSNs and ISBNs, digits only; one field may hold several."""
    text = " ".join(value for kind, value in ids if kind in ("issn", "isbn"))
    digits = re.findall(r"[0-9xX]{8,13}", text.replace("-", "")) if text else ()
    return frozenset(d.lower() for d in digits) or None


def _abstract(abstract: str) -> str | None:
    text = fold(abstract[:_ABSTRACT_READ])
    return text if len(text) >= _MIN_ABSTRACT else None


def _first_words(text: str) -> list[str]:
    return text.split(None, ABSTRACT_WORDS)[:ABSTRACT_WORDS]


def _first_pages(place: Place) -> tuple[str, ...] | None:
    """The first page; that of a range as in `382-391`, and as in `382391`, where no dash is left.

    Page 1 is no place: whatever is paginated by itself begins there.
    """
    if not place.page or place.page == "1":
        return None
    return tuple(dict.fromkeys([place.page, place.page + (place.page_end or "")]))


def _details(
    place: Place, first_pages: tuple[str, ...] | None, doi: str | None, year: int | None
) -> Details:
    """What is known of volume, number, first page and DOI; a volume that is the year says less."""
    volume = place.volume if place.volume != str(year) else None
    return Details(volume or "", place.number or _NONE, first_pages or (), doi or "")
