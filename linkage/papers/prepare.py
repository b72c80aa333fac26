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
from numpy.typing import NDArray

from linkage.features.columns import Coded
from linkage.features.name_lists import Name, NameLists
from linkage.features.pages import Details, bare_pages
from linkage.names.parse import MOST_LETTERS
from linkage.papers.counts import Columns, DataCounts, count_data, weigh_words, with_partners
from linkage.papers.items import item_columns
from linkage.records.schema import Conformed
from linkage.text.dois import is_preprint, without_version
from linkage.text.folding import fold, guess_language
from linkage.text.notices import SEQUELS, bare_title, marks
from linkage.text.pages import Place, place
from linkage.text.titles import groups_studied, main_title, numbers, variants
from linkage.text.years import stated_year

Author = dict[str, Any]

ABSTRACT_START = 200  # characters compared letter by letter
ABSTRACT_WORDS = 60  # words compared as a set
_ABSTRACT_READ = 1500  # characters as printed; more than both need
_MIN_ABSTRACT = 40  # shorter ones are notes such as "no abstract available"

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
    columns |= item_columns(records, columns) | _citations(columns)
    columns["year"] = _years(records)
    return columns


def _years(records: Conformed) -> NDArray[np.float64]:
    """The year, else the one that stands in the title or the venue; NaN where there is none."""
    years = records["year"].to_numpy(dtype=float, na_value=math.nan, copy=True)
    unknown = np.flatnonzero(np.isnan(years))
    texts = (records[name].iloc[unknown].tolist() for name in ("title", "venue"))
    found = [stated_year(title or "", venue or "") for title, venue in zip(*texts, strict=True)]
    years[unknown] = [math.nan if year is None else year for year in found]
    return np.asarray(years, dtype=np.float64)


def _titles(records: Conformed) -> Columns:
    whole = Coded.of(records["title"])
    read = whole.map(_read_title)
    title = read.map(lambda t: t.folded or None)
    said = read.map(_marks)
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
        "status": read.map(lambda t: t.status if t.folded else None),
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
    doi = Coded.of(records["doi"]).map(without_version)
    registered = Coded.of(map(_registered, doi, records["type"]))
    first_pages = places.map(_first_pages)
    known = zip(places, first_pages, registered, records["year"].tolist(), strict=True)
    return {
        "venue": venue,
        "venue_words": venue.map(_venue_words),
        "venue_kind": venue.map(_venue_kind),
        "type": Coded.of(records["type"]),
        "issn": Coded.of(map(_standard_numbers, records["ids"])),
        "doi": doi,
        "registered": registered,
        "volume": places.map(lambda p: p.volume),
        "number": places.map(lambda p: p.number),
        "page": places.map(lambda p: p.page),
        "first_pages": first_pages,
        "page_end": places.map(lambda p: p.page_end),
        "details": Coded.of(_details(*one) for one in known),
    }


def _citations(columns: Columns) -> Columns:
    rows = list(zip(columns["title"], columns["authors"], strict=True))
    return {
        "citation": Coded.of(map(_citation, rows)),
        "citation_letters": Coded.of(map(_citation_letters, rows)),
    }


def _citation(row: tuple[str | None, tuple[Name, ...] | None]) -> str | None:
    title, authors = row
    if not title:
        return None
    words = " ".join([title, *chain.from_iterable((authors or ())[:8])]).split()
    words.sort()
    return " ".join(words)


def _citation_letters(row: tuple[str | None, tuple[Name, ...] | None]) -> tuple[str, str] | None:
    title, authors = row
    if not title:
        return None
    families = "".join([family.replace(" ", "") for family, _ in (authors or ())[:8]])
    letters = title.replace(" ", "")
    return letters, families + letters + families


def _abstracts(records: Conformed) -> Columns:
    abstract = Coded.of(records["abstract"]).map(_abstract)
    return {
        "abstract": abstract.map(lambda text: text[:ABSTRACT_START]),
        "abstract_words": abstract.words(_first_words),
    }


class _Title(NamedTuple):
    whole: str  # as printed
    printed: str  # without a database's notes, labels and marks of status
    folded: str
    status: str = ""  # the item is retracted or withdrawn
    notice: str | None = None  # what else says that it is about another item


def _read_title(whole: str) -> _Title:
    bare = bare_title(whole)
    return _Title(whole, bare.printed, fold(bare.printed), bare.status or "", bare.notice)


def _marks(title: _Title) -> frozenset[str] | None:
    found = marks(title.printed, title.folded)
    return found if found is None or title.notice is None else found | {title.notice}


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


def _standard_numbers(ids: dict[str, str] | None) -> frozenset[str] | None:
    """ISSNs and ISBNs, digits only; one field may hold several."""
    text = " ".join([ids[kind] for kind in ("issn", "isbn") if kind in ids]) if ids else ""
    digits = re.findall(r"[0-9xX]{8,13}", text.replace("-", "")) if text else ()
    return frozenset(d.lower() for d in digits) or None


def _abstract(abstract: str) -> str | None:
    text = fold(abstract[:_ABSTRACT_READ])
    return text if len(text) >= _MIN_ABSTRACT else None


def _first_words(text: str) -> list[str]:
    return text.split(None, ABSTRACT_WORDS)[:ABSTRACT_WORDS]


def _first_pages(place: Place) -> frozenset[str] | None:
    """The first page; that of a range as in `382-391`, and as in `382391`, where no dash is left.

    Page 1 is no place: whatever is paginated by itself begins there.
    """
    first, last = place.page, place.page_end
    if not first or first == "1":
        return None
    ways = [first, *place.starts[1:]]
    if last is not None:
        ways.append(first + last)
    if last is not None and first.isdigit() and last.isdigit() and int(last) - int(first) >= 2:
        # what ranges of three pages or more share that end alike and begin a page apart
        ways += [f"{first}0{last}", f"{int(first) + 1}0{last}"]
    return frozenset(ways)


def _registered(doi: str | None, kind: str | None) -> tuple[str, bool] | None:
    return (doi, kind == "preprint" or is_preprint(doi)) if doi else None


def _details(
    place: Place,
    first_pages: frozenset[str] | None,
    registered: tuple[str, bool] | None,
    year: int | None,
) -> Details:
    """What is known of volume, number, first page and DOI; a volume that is the year says less."""
    volume = place.volume if place.volume != str(year) else None
    doi, preprint = registered or ("", False)
    pages = first_pages or _NONE
    return Details(volume or "", place.number or _NONE, pages, bare_pages(pages), doi, preprint)
