"""Rows of sparse matrices compared where they stand, compiled and as written: what SciPy gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.authors import pairs
from linkage.features.columns import Bags
from tests.features.test_coauthors import companies
from tests.helpers.kernels import FORMS, kernel

BAGS = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 1)), min_size=1)


def by(monkeypatch, form):
    module = None if form is None else kernel("sparse_rows", form)
    monkeypatch.setattr(pairs, "compiled", lambda _: module)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=100)
@given(BAGS, st.data())
def test_inner_products_are_those_of_scipy(form, listed, data):
    rows = st.tuples(*[st.integers(0, len(listed) - 1)] * 2)
    first, second = np.array([*sorted(data.draw(st.lists(rows))), (0, 0)]).T
    bags = Bags.of(listed)
    with pytest.MonkeyPatch.context() as patch:
        by(patch, form)
        found = pairs._products(bags[first], bags[second])
    assert found.tolist() == bags[first].dot(bags[second]).tolist()


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=200)
@given(companies())
def test_shared_coauthors_are_those_of_scipy(form, found):
    half = len(found) // 2
    a, b = found[np.arange(half)], found[np.arange(half, 2 * half)]
    expected = a.shared(b)
    a.known = None
    with pytest.MonkeyPatch.context() as patch:
        by(patch, form)
        pairs._share(a, b)
    assert a.known is not None, "not left to SciPy"
    assert [one.tolist() for one in a.known[1]] == [one.tolist() for one in expected]


def test_rows_out_of_order_are_left_to_scipy():
    bags = Bags.of([{"a": 0.5, "b": 0.25}, {"b": 1.0}])
    bags.whole.indices[:2] = [1, 0]
    bags.whole.has_sorted_indices = False
    assert pairs._products(bags[np.array([0])], bags[np.array([1])]).tolist() == [0.5]
