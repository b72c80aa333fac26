"""Sums that do not depend on who adds first."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linkage.features.arrays import exact_parts, of_parts, short, sum_parts

values = st.lists(st.floats(-2, 2), max_size=60)


def exact_sums(codes, numbers, n):
    return of_parts(sum_parts(codes, exact_parts(numbers), n))


@given(values, st.randoms(use_true_random=False))
def test_the_order_of_the_values_changes_no_bit_of_a_sum(numbers, random):
    codes = np.arange(len(numbers)) % 3
    order = list(range(len(numbers)))
    random.shuffle(order)
    given_so = np.array(numbers, dtype=float)
    mixed = exact_sums(codes[order], given_so[order], 3)
    assert mixed.tolist() == exact_sums(codes, given_so, 3).tolist()


@given(values)
def test_a_sum_is_that_of_the_values(numbers):
    total = exact_sums(np.zeros(len(numbers), dtype=np.int64), np.array(numbers, dtype=float), 1)
    assert abs(total[0] - math.fsum(numbers)) <= (len(numbers) + 1) * 2.0**-52


@given(values)
def test_parts_summed_elsewhere_give_the_same_sum(numbers):
    first, second = exact_parts(np.array(numbers, dtype=float)).sum(axis=1).tolist()
    whole = np.array([[int(first)], [int(second)]])  # as Spark sums them
    codes = np.zeros(len(numbers), dtype=np.int64)
    assert of_parts(whole)[0] == exact_sums(codes, np.array(numbers, dtype=float), 1)[0]


def test_places_are_short_where_the_last_one_is():
    assert short(np.array([0, 5])).dtype == short(np.empty(0, dtype=np.int64)).dtype == np.int32
    large = np.array([0, 1 << 31])
    assert short(large).tolist() == large.tolist()
