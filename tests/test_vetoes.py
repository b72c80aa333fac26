import numpy as np
import pytest

from linkage.paper_pairs import FEATURE_NAMES
from linkage.vetoes import (
    PAPER_VETOES,
    apply_vetoes,
    correction_or_reply,
    different_part,
    recurring_title_elsewhere,
    recurring_title_of_others,
    veto_names,
)

NAN = float("nan")


def column(**values):
    """One pair's features as columns; those not named are missing."""
    return {name: np.array([values.get(name, NAN)], dtype=np.float32) for name in FEATURE_NAMES}


def forbids(veto, **values):
    found = veto(column(**values))
    assert found.dtype == np.bool_
    return bool(found[0])


@pytest.mark.parametrize("veto", PAPER_VETOES, ids=lambda veto: veto.__name__)
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
    ("owners", "years", "places", "recurs"),
    [(3, 1, 3, True), (1, 3, 3, True), (2, 2, 4, False), (9, 9, 2, False), (1, 1, 5, True)],
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


def test_a_recurring_title_of_others_needs_known_authors():
    assert forbids(recurring_title_of_others, **RECURRING, author_tokens_contained=0)
    assert not forbids(recurring_title_of_others, **RECURRING, author_tokens_contained=0.2)
    assert not forbids(recurring_title_of_others, **RECURRING)


def test_the_first_veto_that_forbids_gives_its_name():
    X = np.full((4, len(FEATURE_NAMES)), NAN, dtype=np.float32)
    part, sequel = (FEATURE_NAMES.index(f"title_{n}") for n in ("parts_agree", "sequel_agrees"))
    X[1, part] = X[2, sequel] = X[3, part] = X[3, sequel] = 0
    first = apply_vetoes(PAPER_VETOES, FEATURE_NAMES, X)
    assert first.tolist() == [-1, 0, 1, 0]
    assert veto_names(PAPER_VETOES, first).tolist() == [
        "", "different_part", "correction_or_reply", "different_part",
    ]  # fmt: skip
    assert apply_vetoes((), FEATURE_NAMES, X).tolist() == [-1] * 4
    assert apply_vetoes(PAPER_VETOES, FEATURE_NAMES, X[:0]).tolist() == []
