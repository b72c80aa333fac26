"""Everything expensive is done once per record: the columns that blocking rules and features read.

`prepare_papers` gives prepared columns (`linkage.features.columns`), one row a record. What each
column holds stands in the features that read it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Set
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.features.arrays import WordLists
from linkage.features.citation import citation, citation_letters
from linkage.features.columns import Coded, Words
from linkage.features.pages import Details
from linkage.features.title import title_variants
from linkage.papers.author_columns import author_columns
from linkage.papers.counts import (
    Columns,
    DataCounts,
    count_data,
    texts_of,
    weigh_words,
    with_partners,
)
from linkage.papers.items import item_columns
from linkage.papers.titles import title_columns
from linkage.records.order import CONTENT
from linkage.records.packed import PackedRecords, packed
from linkage.records.schema import Conformed
from linkage.text.dois import is_preprint, without_version
from linkage.text.folding import are_plain, fold, folded
from linkage.text.pages import (
    LONGEST,
    PARTS,
    fields_apart,
    is_mixed,
    issues,
    kind_by_number,
    kind_by_volume,
    read_all_pages,
    volume_number,
)
from linkage.text.words import word_sets, words_in_turn
from linkage.text.years import stated_year

Author = dict[str, Any]

ABSTRACT_START = 200  # characters compared letter by letter
ABSTRACT_WORDS = 60  # words compared as a set
_ABSTRACT_READ = 1500  # characters as printed; more than both need
_ABSTRACT_NEEDED = 600  # characters as printed that both need, nearly always
_MIN_ABSTRACT = 40  # shorter ones are notes such as "no abstract available"

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
    assert isinstance(words.values, Words)  # noqa: S101  of titles
    return (
        columns
        | {
            "title_words": words,
            "rare_words": Coded(words.codes, _rarest(words.values)),
            "title_owners": counts.owners,
            "title_years": counts.years,
            "title_places": counts.places,
            "venue_partners": with_partners(columns["venue"], counts),
        }
        | _on_demand(columns)
    )


def _on_demand(columns: Columns) -> Columns:
    """What is made of other columns, and only of records that are compared."""
    title, registered = columns["title"], columns["registered"]
    pages = [columns[name] for name in ("telling_page", "page_end", "later_pages")]
    (first_pages,) = Coded.on_demand(pages, _first_pages)
    places = [columns["telling_volume"], columns["number"], first_pages, registered]
    (details,) = Coded.on_demand(places, Details)
    (variants,) = Coded.on_demand([title, columns["title_translation"]], title_variants)
    words, letters = Coded.on_demand([title, columns["authors"]], citation, citation_letters)
    return {
        "first_pages": first_pages,
        "details": details,
        "title_variants": variants,
        "citation": words,
        "citation_letters": letters,
    }


def read_papers(records: Conformed | PackedRecords) -> Columns:
    """The prepared columns that depend on the record alone."""
    cells = records if isinstance(records, PackedRecords) else packed(records, CONTENT)
    columns = title_columns(cells) | author_columns(cells) | _places(cells) | _abstracts(cells)
    columns |= item_columns(cells, columns)
    columns["year"] = _years(cells)
    return columns


def _years(records: PackedRecords) -> NDArray[np.float64]:
    """The year, else the one that stands in the title or the venue; NaN where there is none."""
    printed = records["year"]
    years = np.array([*printed.values, math.nan], dtype=float)[printed.codes]
    unknown = np.flatnonzero(np.isnan(years))
    texts = (records[name][unknown].tolist() for name in ("title", "venue"))
    found = [stated_year(title or "", venue or "") for title, venue in zip(*texts, strict=True)]
    years[unknown] = [math.nan if year is None else year for year in found]
    return np.asarray(years, dtype=np.float64)


def _places(records: PackedRecords) -> Columns:
    venue = records["venue"].map(_venue)
    printed = records["doi"]
    served = [*map(without_version, filter(is_preprint, texts_of(printed)))]
    doi = printed.map(without_version) if served else printed
    preprints = {*filter(is_preprint, served)}
    return {
        "venue": venue,
        "venue_words": venue.map(_venue_words),
        "venue_kind": venue.map(_venue_kind),
        "type": records["type"],
        "issn": records["ids"].map(_standard_numbers),
        "doi": doi,
        "registered": Coded.joint([doi, records["type"]]).map(
            lambda both: _registered(both[0], both[1], preprints)
        ),
    } | _numbers(records)


def _numbers(records: PackedRecords) -> Columns:
    """What `place` says: each field read by itself, as hardly any stands in another's."""
    volume, number, pages = _fields_apart(records)
    volumes = volume.map(volume_number)
    spans = read_all_pages(texts_of(pages))
    page = pages.replaced(Coded.of_arrow(spans.first))
    kinds = np.maximum.reduce([
        np.array([*map(kind_by_volume, texts_of(volume)), 0])[volume.codes],
        np.array([*map(kind_by_number, texts_of(number)), 0])[number.codes],
        np.append(spans.kinds, 0)[pages.codes],
    ])  # fmt: skip
    return {
        "volume": volumes,
        "telling_volume": Coded.joint([volumes, records["year"]]).map(
            lambda both: _telling_volume(*both)
        ),
        "number": number.map(issues),
        "part": Coded.of(PARTS[kind] for kind in kinds.tolist()),
        "page": page,
        "page_end": pages.replaced(Coded.of_arrow(spans.last)),
        "telling_page": page.map(_telling_page),
        "later_pages": pages.replaced(Coded.of(spans.later)),
    }


def _fields_apart(records: PackedRecords) -> list[Coded]:
    """Volume, issue and pages as printed, each in its own field."""
    fields = [
        records[name].map(lambda text: text[:LONGEST]) for name in ("volume", "number", "pages")
    ]
    mixed = np.array([*map(is_mixed, texts_of(fields[0])), False])[fields[0].codes]
    if not mixed.any():
        return fields
    cells = [field.tolist() for field in fields]
    for row in np.flatnonzero(mixed).tolist():
        for column, text in zip(cells, fields_apart(*(c[row] for c in cells)), strict=True):
            column[row] = text or None
    return [*map(Coded.of, cells)]


def _abstracts(records: PackedRecords) -> Columns:
    texts = _folded_abstracts(pa.array(texts_of(records["abstract"]), pa.string()))
    coded = texts.dictionary_encode()
    abstract = Coded(coded.indices.fill_null(-1).to_numpy(), coded.dictionary)
    abstract = Coded(records["abstract"].codes, texts).replaced(abstract)
    starts = pc.utf8_slice_codeunits(coded.dictionary, 0, ABSTRACT_START)
    words = words_in_turn(coded.dictionary, most=ABSTRACT_WORDS)
    return {
        "abstract": abstract.replaced(Coded.of_arrow(starts)),
        "abstract_words": abstract.with_words(word_sets(words)),
    }


def _folded_abstracts(texts: pa.StringArray) -> pa.StringArray:
    """The starts of abstracts, folded; of a plain one no more is folded than is needed."""
    starts = pc.utf8_slice_codeunits(texts, 0, _ABSTRACT_READ)
    cut = pc.and_(pc.greater(pc.utf8_length(starts), _ABSTRACT_NEEDED), are_plain(starts))
    some = pc.if_else(cut, pc.utf8_slice_codeunits(starts, 0, _ABSTRACT_NEEDED), starts)
    found = folded(some)
    short = pc.less_equal(pc.utf8_length(found), ABSTRACT_START)
    few = pc.less_equal(pc.count_substring(found, " "), ABSTRACT_WORDS)  # the last may be cut
    again = pc.and_(cut, pc.or_(short, few))
    found = pc.replace_with_mask(found, again, folded(starts.filter(again)))
    return pc.if_else(pc.less(pc.utf8_length(found), _MIN_ABSTRACT), None, found)


def _rarest(words: Words) -> WordLists:
    """The four rarest words of four letters or more of each set, the rarest first."""
    rarest_first = np.lexsort((np.arange(len(words.words)), -words.weights))  # else by the alphabet
    rank = np.empty(len(rarest_first), dtype=np.int32)
    rank[rarest_first] = np.arange(len(rarest_first))
    long = np.array([len(word) > 3 for word in words.words.tolist()], dtype=bool)
    some = long[words.matrix.indices]
    ends = np.concatenate([[0], np.cumsum(some)])[words.matrix.indptr]
    ranks = rank[words.matrix.indices[some]]
    ones = np.ones(len(ranks), dtype=np.int8)
    ranked = csr_array((ones, ranks, ends), shape=words.matrix.shape).sorted_indices().indices
    places = ends[:-1, None] + np.arange(4)
    there = places < ends[1:, None]
    codes = np.full(places.shape, -1, dtype=np.int32)
    codes[there] = rarest_first[ranked[places[there]]]
    return WordLists(codes, words.words)


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


def _telling_page(first: str | None) -> str | None:
    """Page 1 is no place: whatever is paginated by itself begins there."""
    return None if first == "1" else first


def _telling_volume(volume: str | None, year: int | None) -> str:
    """The volume; empty where it is not known, or is the year, which says less."""
    return volume if volume and volume != str(year) else ""


def _first_pages(first: str, last: str | None, later: tuple[str, ...] | None) -> frozenset[str]:
    """The first page; that of a range as in `382-391`, and as in `382391`, where no dash is left.

    `later`: the first pages of more ranges.
    """
    ways = [first, *(later or ())]
    if last is not None:
        ways.append(first + last)
    if last is not None and first.isdigit() and last.isdigit() and int(last) - int(first) >= 2:
        # what ranges of three pages or more share that end alike and begin a page apart
        ways += [f"{first}0{last}", f"{int(first) + 1}0{last}"]
    return frozenset(ways)


def _registered(doi: str | None, kind: str | None, preprints: Set[str]) -> tuple[str, bool] | None:
    return (doi, kind == "preprint" or doi in preprints) if doi else None
