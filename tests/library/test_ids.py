"""Ids of a library: short, typeable, and a slip of the keys is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import InputError
from linkage.library.ids import KINDS, is_id, make_id, read_id

numbers = st.integers(1, 10**9)
kinds = st.sampled_from(sorted(KINDS))
SIGNS = "0123456789bcdfghjkmnpqrstvwxz"


@given(kinds, numbers)
def test_an_id_is_read_as_it_was_made(kind, number):
    assert read_id(f" {make_id(kind, number).upper()} ") == make_id(kind, number)
    assert is_id(make_id(kind, number))


@given(kinds, numbers, numbers)
def test_ids_sort_by_length_and_letters_as_they_were_made(kind, one, two):
    a, b = make_id(kind, one), make_id(kind, two)
    assert ((len(a), a[:-1]) < (len(b), b[:-1])) == (one < two)


@given(kinds, numbers, st.data())
def test_a_wrong_sign_is_found(kind, number, data):
    right = make_id(kind, number)
    place = data.draw(st.integers(1, len(right) - 1))
    sign = data.draw(st.sampled_from([one for one in SIGNS if one != right[place]]))
    with pytest.raises(InputError, match="in which a sign is wrong"):
        read_id(right[:place] + sign + right[place + 1 :])


@given(kinds, numbers, st.data())
def test_two_signs_that_changed_places_are_found(kind, number, data):
    right = make_id(kind, number)
    at = data.draw(st.integers(1, len(right) - 2))
    swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    if swapped != right:
        with pytest.raises(InputError):
            read_id(swapped)


@pytest.mark.parametrize("text", ["", "p", "x0001c", "paper one", "p-0001", "p001"])
def test_what_is_no_id_is_told(text):
    with pytest.raises(InputError, match="expected one such as p0001"):
        read_id(text)


def test_letters_that_look_like_numbers_are_taken_for_them():
    right = make_id("p", 1)
    assert read_id(right.replace("0", "o").replace("1", "l")) == right
