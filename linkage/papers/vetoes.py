"""What keeps two records apart whatever the classifier says, and whoever else links them.

A veto is a plain function of a batch's features (name -> column, NaN = missing) that tells which
pairs it forbids; its name is what reports call it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage.papers.pairs import Comparison

Mask = NDArray[np.bool_]
FeatureColumns = Mapping[str, NDArray[np.float32]]
Veto = Callable[[FeatureColumns], Mask]

_TELLING = 0.4  # rarity of a word, 0..1, from which on it tells one title from another


def recurring_title_elsewhere(f: FeatureColumns) -> Mask:
    """A title used again and again ("Editorial"), and where it stands speaks rather against."""
    conflicting = f["details_conflicting"]
    return np.asarray(
        _recurring(f) & (conflicting > 0) & (conflicting >= f["details_agreeing"]), dtype=np.bool_
    )


def recurring_title_of_others(f: FeatureColumns) -> Mask:
    """A title used again and again, and not one author in common."""
    # Issues are not always told: five first authors in three years are as good.
    recurring = _recurring(f) | ((f["title_owners"] >= 5) & (f["title_years"] >= 3))
    return np.asarray(recurring & (f["author_tokens_contained"] == 0), dtype=np.bool_)


def _recurring(f: FeatureColumns) -> Mask:
    """Three issues and three first authors or years, or five issues: copies spread less."""
    spread = (f["title_owners"] >= 2.5) | (f["title_years"] >= 2.5)
    return np.asarray(
        ((f["title_places"] >= 2.5) & spread) | (f["title_places"] >= 5), dtype=np.bool_
    )


def different_part(f: FeatureColumns) -> Mask:
    """The titles name different parts: "Part I" and "Part II", "Case A" and "Case B"."""
    return np.asarray(f["title_parts_agree"] == 0, dtype=np.bool_)


def other_number(f: FeatureColumns) -> Mask:
    """Each title has a number that the other lacks ("... 2009", "... 2010").

    And the year, the volume, the issue, the first or last page or the DOI differs too.
    """
    elsewhere = (f["details_conflicting"] >= 1) | (f["year_gap"] >= 1)
    elsewhere |= f["last_page_agrees"] == 0  # where a first page is 1, which is no place
    return np.asarray((f["title_numbers_conflict"] == 1) & elsewhere, dtype=np.bool_)


def opposite_groups(f: FeatureColumns) -> Mask:
    """One title names women, the other men; in vivo and in vitro; children and adults."""
    return np.asarray(f["title_groups_agree"] == 0, dtype=np.bool_)


def correction_or_reply(f: FeatureColumns) -> Mask:
    """Only one title says, at either end, that it is an erratum, a reply, a comment ..."""
    return np.asarray(f["title_sequel_agrees"] == 0, dtype=np.bool_)


def published_elsewhere(f: FeatureColumns) -> Mask:
    """Volume, issue, first page and DOI: three differ and none agrees, or two in another year."""
    another_year = (f["details_conflicting"] >= 2) & (f["year_gap"] >= 1)
    apart = another_year | (f["details_conflicting"] >= 3)
    return np.asarray(apart & (f["details_agreeing"] == 0), dtype=np.bool_)


def another_venue(f: FeatureColumns) -> Mask:
    """Venues without a telling word in common, and something else speaks for two places.

    That is, more of the details differ than agree, or copies of one paper hardly ever name one
    venue here and the other there.
    """
    away = f["details_conflicting"] > f["details_agreeing"]
    strangers = (f["venue_goes_with"] < 0.01) & (f["details_agreeing"] < 2)
    return np.asarray((away | strangers) & (f["venue_words_matched"] < 0.5), dtype=np.bool_)


def another_kind(f: FeatureColumns) -> Mask:
    """A report and an article, say, in different years, and no detail alike."""
    later = (f["year_gap"] >= 1) & (f["details_agreeing"] == 0)
    return np.asarray(later & (f["venue_kind_agrees"] == 0), dtype=np.bool_)


def other_authors(f: FeatureColumns) -> Mask:
    """Not one author in common, and volume, issue, first page or DOI differs."""
    apart = f["details_conflicting"] >= 1
    return np.asarray(apart & (f["author_tokens_contained"] == 0), dtype=np.bool_)


def neighbours_in_one_volume(f: FeatureColumns) -> Mask:
    """Another first page of one volume, and other authors or titles.

    A comment bears the title of the paper beside it; a group's abstracts stand side by side.
    """
    beside = (f["volume_agrees"] == 1) & (f["first_page_agrees"] == 0) & (f["doi_agrees"] != 1)
    strangers = (f["author_tokens_contained"] == 0) & (f["first_author_similarity"] < 0.9)
    # a word of its own in either title: one title may have the other's in it, and a year before it
    words = (f["title_rarest_unshared_word"] > _TELLING) & (f["title_words_contained"] < 0.95)
    return np.asarray(beside & (strangers | words), dtype=np.bool_)


def other_title(f: FeatureColumns) -> Mask:
    """Titles with hardly a word in common, and volume, issue, first page or DOI differs."""
    apart = (f["title_words_contained"] < 0.3) & (f["title_variant_similarity"] < 0.5)
    return np.asarray(apart & (f["details_conflicting"] >= 1), dtype=np.bool_)


def telling_word(f: FeatureColumns) -> Mask:
    """A telling word in one title only; another first page, or another year and no detail alike.

    So neighbours in one volume stay apart, and next year's paper with a longer title.
    """
    later = (f["year_gap"] >= 1) & (f["details_agreeing"] == 0)
    apart = (f["first_page_agrees"] == 0) | later
    return np.asarray(apart & (f["title_rarest_unshared_word"] > _TELLING), dtype=np.bool_)


def other_identifier(f: FeatureColumns) -> Mask:
    """Each has an identifier of one kind (PMID, ISBN, trial ...), and none of them agree.

    Unless they stand on one page of one volume under one title: databases hold copies.
    """
    there = (f["first_page_agrees"] == 1) & (f["details_agreeing"] >= 2)
    copy = there & (f["details_conflicting"] == 0) & (f["title_words_contained"] > 0.95)
    return np.asarray((f["ids_agree"] == 0) & (f["doi_agrees"] != 1) & ~copy, dtype=np.bool_)


def other_identifier_in_one_venue(f: FeatureColumns) -> Mask:
    """As `other_identifier`, in one venue: versions of a work stand in two."""
    other = other_identifier(f)
    if not other.any():  # venues are costly
        return other
    return np.asarray(other & (f["venue_words_matched"] >= 0.5), dtype=np.bool_)


def other_work_identifier(f: FeatureColumns) -> Mask:
    """Each has an identifier that versions of a work share (arXiv, trial), and none agree."""
    return np.asarray((f["work_ids_agree"] == 0) & (f["doi_agrees"] != 1), dtype=np.bool_)


def untitled(f: FeatureColumns) -> Mask:
    """One has no title, and no identifier, two details or an abstract say that they are one."""
    lacking = np.asarray(f["both_titled"] == 0, dtype=np.bool_)
    if not lacking.any():  # nearly always
        return np.asarray(lacking, dtype=bool)
    known = (f["doi_agrees"] == 1) | (f["ids_agree"] > 0) | (f["details_agreeing"] >= 2)
    known |= f["abstract_start_similarity"] > 0.9
    return np.asarray(lacking & ~known, dtype=np.bool_)


def another_year_of_a_serial(f: FeatureColumns) -> Mask:
    """Yearbooks, annual reports and the like of two years."""
    return np.asarray(f["serial_years_agree"] == 0, dtype=np.bool_)


def two_preprints(f: FeatureColumns) -> Mask:
    """Both on one preprint server, with a telling word in one title only.

    A server has one entry for all versions of a preprint.
    """
    together = np.asarray(f["one_server"] == 1, dtype=np.bool_)
    if not together.any():
        return np.asarray(together, dtype=bool)
    other = (f["title_rarest_unshared_word"] > _TELLING) & (f["title_similarity"] < 0.9)
    known = (f["doi_agrees"] == 1) | (f["ids_agree"] > 0)
    return np.asarray(together & other & ~known, dtype=np.bool_)


def notice_of_retraction(f: FeatureColumns) -> Mask:
    """Only one is marked as retracted, and it stands elsewhere: a notice under the same title."""
    later = (f["year_gap"] >= 1) & (f["details_agreeing"] == 0)
    away = f["details_conflicting"] > f["details_agreeing"]
    return np.asarray((f["status_agrees"] == 0) & (later | away), dtype=np.bool_)


def meeting_abstract(f: FeatureColumns) -> Mask:
    """One stands in a supplement, the other on other pages of an issue, as an article does."""
    elsewhere = (f["first_page_agrees"] == 0) & (f["doi_agrees"] != 1) & ~(f["ids_agree"] > 0)
    return np.asarray((f["supplements_agree"] == 0) & elsewhere, dtype=np.bool_)


def another_volume(f: FeatureColumns) -> Mask:
    """Two volumes of a book."""
    return np.asarray((f["both_books"] == 1) & (f["volume_agrees"] == 0), dtype=np.bool_)


def another_edition(f: FeatureColumns) -> Mask:
    """Two editions of a book or versions of a review; or two books two years apart or more."""
    later = (f["both_books"] == 1) & (f["year_gap"] >= 2)
    return np.asarray((f["editions_agree"] == 0) | later, dtype=np.bool_)


def another_type(f: FeatureColumns) -> Mask:
    """Types that are never one publication (book and chapter), and too few details agree."""
    return np.asarray(
        (f["types_fit"] == 0) & (f["details_agreeing"] < 2) & (f["doi_agrees"] != 1),
        dtype=np.bool_,
    )


def preprint_of_article(f: FeatureColumns) -> Mask:
    """A preprint server gave one DOI, a publisher the other, and too few details agree."""
    apart = (f["preprint_and_article"] == 1) & (f["details_agreeing"] < 2)
    return np.asarray(apart, dtype=np.bool_)


WORK_VETOES: tuple[Veto, ...] = (
    different_part,
    other_number,
    correction_or_reply,
    recurring_title_elsewhere,
    recurring_title_of_others,
    opposite_groups,
    untitled,
    another_year_of_a_serial,
    other_work_identifier,
    notice_of_retraction,
    two_preprints,
    neighbours_in_one_volume,
    other_identifier_in_one_venue,
    another_volume,
)
# Versions of one work stand in different places by nature.
PUBLICATION_VETOES: tuple[Veto, ...] = (
    *WORK_VETOES,
    published_elsewhere,
    another_venue,
    another_kind,
    other_authors,
    other_title,
    telling_word,
    other_identifier,
    another_edition,
    another_type,
    preprint_of_article,
    meeting_abstract,
)


def apply_vetoes(vetoes: Sequence[Veto], comparison: Comparison) -> NDArray[np.int8]:
    """For each pair the position of the first veto that forbids it, -1 for none.

    Each is asked of the pairs that no earlier one forbids: few need costly features.
    """
    first = np.full(comparison.n_pairs, -1, dtype=np.int8)
    free = np.arange(comparison.n_pairs)
    for number, veto in enumerate(vetoes):
        forbidden = veto(comparison)
        if forbidden.any():
            first[free[forbidden]] = number
            free, comparison = free[~forbidden], comparison.only(np.flatnonzero(~forbidden))
    return first


def veto_words(name: str) -> str:
    """A veto's name with what it forbids, for people."""
    docs = {
        veto.__name__: (veto.__doc__ or "").strip().splitlines()[0] for veto in PUBLICATION_VETOES
    }
    return f"{name.replace('_', ' ')}. {docs.get(name, '')}".strip()


def veto_names(vetoes: Sequence[Veto], first: NDArray[np.int8]) -> NDArray[Any]:
    """Names for the positions that `apply_vetoes` gave; "" for none."""
    names = np.array([*(veto.__name__ for veto in vetoes), ""], dtype=object)
    return names[first]
