"""Lists of names compared by numbers, compiled and as it stands: what the plain features say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.features.author_lists import first_author_similarity
from linkage.features.columns import Coded
from linkage.features.feature import known_pairs
from linkage.papers import pairs as paper_pairs
from linkage.papers.pairs import _BY_NUMBERS, PAPER_FEATURES
from tests.helpers.kernels import FORMS, kernel

NAMES = st.tuples(st.sampled_from(["wang", "li", "moss"]), st.sampled_from(["", "ann", "a", "bo"]))
LISTS = st.lists(NAMES, min_size=1, max_size=5).map(tuple)
LONG = tuple((f"moss{k}", "ann") for k in range(70))
OF_AUTHORS = [one for one in PAPER_FEATURES if one.reads == "authors"]


def check(form, pairs):
    column = Coded.of_names([names for pair in pairs for names in pair])
    rows = 2 * np.arange(len(pairs))
    module = None if form is None else kernel("name_lists", form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paper_pairs, "compiled", lambda _: module)
        known = known_pairs(column[rows], column[rows + 1])
        found = [one.of_pairs(known).tolist() for one in OF_AUTHORS]
    expected = [[np.float32(one(a, b)).item() for a, b in pairs] for one in OF_AUTHORS]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("form", [None, *FORMS])
def test_it_says_what_the_features_say(form):
    some = [(("wang", ""),), (("wang", "ann"), ("wang", "bo")), (("li", "a"), ("wang", "b"))]
    check(form, [(a, b) for a in some for b in [*some, LONG]])


@settings(max_examples=50)
@given(st.lists(st.tuples(LISTS, LISTS), min_size=1, max_size=6))
def test_compiled_it_says_what_the_features_say(pairs):
    check("compiled", pairs)


def test_all_features_of_lists_are_compared_at_once():
    assert set(_BY_NUMBERS) | {first_author_similarity} == set(OF_AUTHORS)
