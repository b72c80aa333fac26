import numpy as np
import pytest

from linkage.papers.pairs import FEATURE_NAMES as MODEL_FEATURES
from linkage.papers.pairs import RULE_FEATURES, Comparison
from linkage.papers.prepare import prepare_papers
from linkage.papers.vetoes import (
    PUBLICATION_VETOES,
    another_kind,
    another_venue,
    apply_vetoes,
    correction_or_reply,
    different_part,
    meeting_abstract,
    neighbours_in_one_volume,
    other_authors,
    other_number,
    other_title,
    recurring_title_elsewhere,
    recurring_title_of_others,
    telling_word,
    veto_names,
)
from linkage.records.schema import conform
from tests.helpers.records import paper, table

NAN = float("nan")
FEATURE_NAMES = (*MODEL_FEATURES, *(feature.name for feature in RULE_FEATURES))


def column(**values):
    """One pair's features as columns; those not named are missing."""
    return {name: np.array([values.get(name, NAN)], dtype=np.float32) for name in FEATURE_NAMES}


def forbids(veto, **values):
    found = veto(column(**values))
    assert found.dtype == np.bool_
    return bool(found[0])


@pytest.mark.parametrize("veto", PUBLICATION_VETOES, ids=lambda veto: veto.__name__)
def test_nothing_known_forbids_nothing_and_a_veto_says_what_it_is(veto):
    assert not forbids(veto)
    assert veto.__doc__


@pytest.mark.parametrize(("value", "expected"), [(0, True), (0.5, False), (1, False)])
def test_different_parts(value, expected):
    assert forbids(different_part, title_parts_agree=value) is expected


@pytest.mark.parametrize(("value", "expected"), [(0, True), (1, False)])
def test_corrections_and_replies(value, expected):
    assert forbids(correction_or_reply, title_sequel_agrees=value) is expected


@pytest.mark.parametrize(
    ("but", "expected"),
    [
        ({}, True),
        ({"supplements_agree": 1}, False),
        ({"first_page_agrees": 0.5}, False),  # S123 and 123
        ({"doi_agrees": 1}, False),
        ({"ids_agree": 1}, False),
    ],
)
def test_an_abstract_of_a_meeting_is_not_the_article(but, expected):
    assert forbids(meeting_abstract, **{"supplements_agree": 0, "first_page_agrees": 0} | but) is (
        expected
    )


@pytest.mark.parametrize(
    ("owners", "years", "places", "recurs"),
    [(3, 1, 3, True), (1, 2.5, 2.5, True), (2, 2, 4, False), (4, 9, 2, False), (1, 1, 5, True)],
)
def test_a_title_recurs_when_it_is_spread_over_issues_and_owners_or_years(
    owners, years, places, recurs
):
    spread = {"title_owners": owners, "title_years": years, "title_places": places}
    assert forbids(recurring_title_of_others, **spread, author_tokens_contained=0) is recurs
    assert forbids(recurring_title_elsewhere, **spread, details_conflicting=1,
                   details_agreeing=0) is recurs  # fmt: skip


RECURRING = {"title_owners": 9, "title_years": 9, "title_places": 9}


@pytest.mark.parametrize(
    ("conflicting", "agreeing", "expected"),
    [(1, 0, True), (1, 1, True), (1, 2, False), (0, 0, False), (2, 1, True)],
)
def test_a_recurring_title_is_forbidden_where_its_place_speaks_rather_against(
    conflicting, agreeing, expected
):
    details = {"details_conflicting": conflicting, "details_agreeing": agreeing}
    assert forbids(recurring_title_elsewhere, **RECURRING, **details) is expected


def test_numbers_of_titles_forbid_where_something_else_differs_too():
    assert forbids(other_number, title_numbers_conflict=1, year_gap=1)
    assert forbids(other_number, title_numbers_conflict=1, details_conflicting=1)
    assert not forbids(other_number, title_numbers_conflict=1, year_gap=0, details_conflicting=0)
    assert not forbids(other_number, title_numbers_conflict=0, year_gap=1)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"details_conflicting": 1, "details_agreeing": 0}, True),
        ({"details_conflicting": 1, "details_agreeing": 1}, False),
        ({"details_conflicting": 0, "details_agreeing": 0}, False),
        ({"venue_goes_with": 0, "details_agreeing": 1}, True),
        ({"venue_goes_with": 0, "details_agreeing": 2}, False),
        ({"venue_goes_with": 0.1, "details_agreeing": 0}, False),
    ],
)
def test_another_venue(known, expected):
    assert forbids(another_venue, venue_words_matched=0, **known) is expected
    assert not forbids(another_venue, venue_words_matched=0.5, **known)
    assert not forbids(another_venue, **known), "a venue that is not known is no other venue"


def test_another_kind_of_venue_forbids_in_another_year_only():
    kinds = {"venue_kind_agrees": 0, "details_agreeing": 0}
    assert forbids(another_kind, **kinds, year_gap=1)
    assert not forbids(another_kind, **kinds, year_gap=0)
    assert not forbids(another_kind, **kinds | {"details_agreeing": 1}, year_gap=1)
    assert not forbids(another_kind, **kinds | {"venue_kind_agrees": 1}, year_gap=1)


def test_other_authors_and_other_titles_need_a_detail_that_differs():
    nobody, words = {"author_tokens_contained": 0}, {"title_words_contained": 0.2}
    assert forbids(other_authors, **nobody, details_conflicting=1)
    assert not forbids(other_authors, **nobody, details_conflicting=0)
    assert not forbids(other_authors, author_tokens_contained=0.1, details_conflicting=4)
    unlike = {"title_variant_similarity": 0.4, "details_conflicting": 1}
    assert forbids(other_title, **words, **unlike)
    assert not forbids(other_title, **words, **unlike | {"details_conflicting": 0})
    assert not forbids(other_title, **words, **unlike | {"title_variant_similarity": 0.9})
    assert not forbids(other_title, **unlike), "titles in two languages have no words to compare"


def test_a_telling_word_in_one_title_only_forbids_on_another_page_or_in_another_year():
    word = {"title_rarest_unshared_word": 0.8}
    assert forbids(telling_word, **word, first_page_agrees=0)
    assert not forbids(telling_word, **word, first_page_agrees=0.5)
    assert forbids(telling_word, **word, year_gap=1, details_agreeing=0)
    assert not forbids(telling_word, **word, year_gap=1, details_agreeing=1)
    assert not forbids(telling_word, **word, year_gap=0, details_agreeing=0)
    assert not forbids(telling_word, title_rarest_unshared_word=0.1, first_page_agrees=0)
    assert not forbids(telling_word, **word)


def test_a_recurring_title_of_others_needs_known_authors():
    assert forbids(recurring_title_of_others, **RECURRING, author_tokens_contained=0)
    assert not forbids(recurring_title_of_others, **RECURRING, author_tokens_contained=0.2)
    assert not forbids(recurring_title_of_others, **RECURRING)


@pytest.mark.parametrize(
    ("owners", "years", "expected"), [(5, 3, True), (4, 3, False), (5, 2, False)]
)
def test_many_first_authors_in_several_years_are_others_though_no_issue_is_told(
    owners, years, expected
):
    spread = {"title_owners": owners, "title_years": years, "title_places": 0}
    assert forbids(recurring_title_of_others, **spread, author_tokens_contained=0) is expected


COMMENT = {
    "author_tokens_contained": 0,
    "first_author_similarity": 0.4,
    "volume_agrees": 1,
    "first_page_agrees": 0,
}
OTHER_TITLES = {"author_tokens_contained": 1}


@pytest.mark.parametrize(
    ("but", "expected"),
    [
        ({}, True),
        ({"author_tokens_contained": 0.2}, False),
        ({"first_author_similarity": 0.95}, False),  # a misspelt name
        ({"volume_agrees": NAN}, False),
        ({"first_page_agrees": 1}, False),
        ({"doi_agrees": 1}, False),
        (OTHER_TITLES | {"title_rarest_unshared_word": 0.5, "title_words_contained": 0.7}, True),
        (OTHER_TITLES | {"title_rarest_unshared_word": 0.3, "title_words_contained": 0.7}, False),
        (OTHER_TITLES | {"title_rarest_unshared_word": 0.5, "title_words_contained": 1}, False),
    ],
)
def test_neighbours_in_one_volume_are_other_works(but, expected):
    assert forbids(neighbours_in_one_volume, **COMMENT | but) is expected


class Pairs(dict):
    """Features at hand, narrowed down as those of a comparison are."""

    @property
    def n_pairs(self):
        return len(self["year_gap"])

    def only(self, rows):
        return Pairs({name: values[rows] for name, values in self.items()})


def test_the_first_veto_that_forbids_gives_its_name():
    pairs = Pairs({name: np.full(4, NAN, dtype=np.float32) for name in FEATURE_NAMES})
    pairs["title_parts_agree"][[1, 3]] = 0
    pairs["title_sequel_agrees"][[2, 3]] = 0
    first = apply_vetoes(PUBLICATION_VETOES, pairs)
    assert first.tolist() == [-1, 0, 2, 0]
    assert veto_names(PUBLICATION_VETOES, first).tolist() == [
        "", "different_part", "correction_or_reply", "different_part",
    ]  # fmt: skip
    assert apply_vetoes((), pairs).tolist() == [-1] * 4
    assert apply_vetoes(PUBLICATION_VETOES, pairs.only([])).tolist() == []


def test_a_pair_that_a_veto_forbids_is_compared_no_further():
    records = conform(
        table(paper("a", "Moss I", venue="Moss"), paper("b", "Moss II", venue="Moss"))
    )
    comparison = Comparison(prepare_papers(records), np.array([0]), np.array([1]))
    asked = []

    def watch(f):
        asked.append(f.n_pairs)
        return np.zeros(f.n_pairs, dtype=np.bool_)

    assert apply_vetoes((different_part, watch), comparison).tolist() == [0]
    assert asked == [0]
