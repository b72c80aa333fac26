"""Comparing names: the hard pairs, the single agreements, and the laws."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.authors.rules import name_keys
from linkage.features.given_names import compare_words
from linkage.features.given_parts import spelled_alike
from linkage.features.name_keys import read_name_key
from linkage.features.names import (
    NameRelation,
    _compare_parts,
    compare_names,
    family_name_agreement,
    given_name_agreement,
    middle_name_agreement,
    swapped_order,
)
from linkage.names.parse import name_key, parse_name

DATA = Path(__file__).parents[1] / "names" / "data"
PAIRS = json.loads((DATA / "hard_names.json").read_text("utf-8"))
WORLD = json.loads((DATA / "world_names.json").read_text("utf-8"))
EXPECTED = {
    "same": {NameRelation.COMPATIBLE, NameRelation.EQUAL},
    "different": {NameRelation.CONFLICT},
    "unsure": {NameRelation.UNSURE, NameRelation.ALIKE},
}
NUMBERS = [
    given_name_agreement,
    family_name_agreement,
    middle_name_agreement,
    swapped_order,
]
WORD = st.sampled_from(["a", "b", "ben", "benjamin", "jean", "li", "ming", "van", "de", "marquez"])
PART = st.lists(WORD, max_size=3).map(" ".join)
SUFFIX, HOMONYM = st.sampled_from(["", "jr", "ii"]), st.sampled_from(["", "0001"])
KEYS = st.one_of(
    st.sampled_from([name_key(parse_name(pair[side])) for pair in PAIRS + WORLD for side in "ab"]),
    st.tuples(PART, PART, PART, SUFFIX, HOMONYM).map("|".join),
)


def key(printed: str) -> str:
    return name_key(parse_name(printed))


@pytest.mark.parametrize("pair", WORLD, ids=[f"{pair['a']} / {pair['b']}" for pair in WORLD])
def test_names_of_the_whole_world(pair: dict[str, str]) -> None:
    one, other = key(pair["a"]), key(pair["b"])
    assert compare_names(one, other) in EXPECTED[pair["verdict"]], pair["note"]
    if pair["verdict"] != "different":
        assert one == other or name_keys(one) & name_keys(other), pair["note"]


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair['a']} / {pair['b']}" for pair in PAIRS])
def test_hard_pairs(pair: dict[str, str]) -> None:
    relation = compare_names(key(pair["a"]), key(pair["b"]))
    assert relation in EXPECTED[pair["verdict"]], pair["note"]


FORMS = [
    ("kasia", "katarzyna", NameRelation.ALIKE),
    ("misha", "mikhail", NameRelation.ALIKE),
    ("katie", "katherine", NameRelation.UNSURE),
    ("petr", "piotr", NameRelation.COMPATIBLE),
    ("seok", "suk", NameRelation.UNSURE),
    ("iakov", "yakov", NameRelation.EQUAL),
    ("ian", "yan", NameRelation.ALIKE),
    ("itzhak", "itzik", NameRelation.UNSURE),
    ("lan", "luan", NameRelation.ALIKE),
    ("jian", "jun", NameRelation.CONFLICT),
    ("xiaoming", "xiaohua", NameRelation.CONFLICT),
    ("john", "jane", NameRelation.CONFLICT),
    ("dandre", "dangelo", NameRelation.CONFLICT),
]


@pytest.mark.parametrize(("a", "b", "relation"), FORMS)
def test_forms_of_given_names(a: str, b: str, relation: NameRelation) -> None:
    assert compare_words(a, b) == compare_words(b, a) == relation


def test_a_long_word_of_many_readings_is_compared_at_once() -> None:
    assert compare_words("xian" * 40 + "q", "xian" * 40 + "r") < NameRelation.COMPATIBLE


def test_relations_are_ordered() -> None:
    assert list(NameRelation) == sorted(NameRelation)
    assert NameRelation.CONFLICT < NameRelation.ALIKE < NameRelation.UNSURE


@given(KEYS, KEYS)
def test_comparing_is_symmetric(a: str, b: str) -> None:
    assert compare_names(a, b) == compare_names(b, a)


@given(KEYS)
def test_a_name_equals_itself(a: str) -> None:
    assert compare_names(a, a) == NameRelation.EQUAL


@pytest.mark.parametrize("measure", NUMBERS)
@given(a=KEYS, b=KEYS)
def test_measures_are_symmetric_and_bounded(measure, a: str, b: str) -> None:  # type: ignore[no-untyped-def]
    there, back = measure(a, b), measure(b, a)
    assert there == back or (math.isnan(there) and math.isnan(back))
    assert math.isnan(there) or 0 <= there <= 1


@pytest.mark.parametrize(
    ("measure", "a", "b", "value"),
    [
        (given_name_agreement, "Ann Bell", "Ann Dorn", 1),
        (given_name_agreement, "Jean-Pierre Bell", "Jeanpierre Bell", 1),
        (given_name_agreement, "Bob Bell", "Robert Bell", 0.75),
        (given_name_agreement, "A. Bell", "Ann Bell", 0.75),
        (given_name_agreement, "H. Francis Song", "Francis Song", 0.5),
        (given_name_agreement, "Hernan Bell", "Herman Bell", 0.25),
        (given_name_agreement, "Kasia Bell", "Katarzyna Bell", 0.1),
        (given_name_agreement, "Jan Bell", "Reimar Bell", 0),
        (family_name_agreement, "Ann Bell", "Bob Bell", 1),
        (family_name_agreement, "Hans Müller", "Hans Mueller", 0.75),
        (family_name_agreement, "Ann van Dam", "Ann Dam", 0.75),
        (family_name_agreement, "Tootoochian A", "Tootoonchian A", 0.25),
        (family_name_agreement, "Wei Zhang", "Wei Chang", 0.25),
        (family_name_agreement, "Ann Bell", "Ann Dorn", 0),
        (middle_name_agreement, "Ann Bea Bell", "Ann Bea Bell", 1),
        (middle_name_agreement, "Ann Bea Bell", "Ann B. Bell", 0.75),
        (middle_name_agreement, "Ann Bea Bell", "Ann C. Bell", 0),
        (swapped_order, "Nguyen Karina", "Karina Nguyen", 1),
        (swapped_order, "Karina Nguyen", "Karina Nguyen", 0),
    ],
)
def test_measures(measure, a: str, b: str, value: float) -> None:  # type: ignore[no-untyped-def]
    assert measure(key(a), key(b)) == value


@pytest.mark.parametrize(
    ("measure", "a", "b"),
    [
        (given_name_agreement, "Plato", "Ann Bell"),
        (family_name_agreement, "", "Ann Bell"),
        (middle_name_agreement, "Ann Bell", "Ann B. Bell"),
    ],
)
def test_nothing_to_compare_is_missing(measure, a: str, b: str) -> None:  # type: ignore[no-untyped-def]
    assert math.isnan(measure(key(a), key(b)))


def test_words_of_one_length_compare_alike_in_either_order():
    assert compare_words("minh", "ming") == compare_words("ming", "minh")


GIVEN = st.lists(
    st.sampled_from("da yong dayong d y x xian xi an you xianyou jin li jinli".split()),
    min_size=1,
    max_size=3,
).map(tuple)


def test_names_divided_alike_already_stay():
    # each holds what would join the other's words
    odd = ("xianyou", "xian", "you")
    assert spelled_alike(odd, odd) == (odd, odd)


def test_names_that_could_each_be_joined_as_the_other_are_divided_alike_in_either_order():
    a, b = ("xian", "you", "dayong"), ("xianyou", "da", "yong")
    assert spelled_alike(a, b) == spelled_alike(b, a)[::-1]


@given(GIVEN, GIVEN)
def test_dividing_names_alike_keeps_their_letters_and_is_symmetric(a, b) -> None:  # type: ignore[no-untyped-def]
    x, y = spelled_alike(a, b)
    assert ("".join(x), "".join(y)) == ("".join(a), "".join(b))
    assert spelled_alike(b, a) == (y, x)


FAMILY = st.sampled_from(
    "li wang marquez ono ohno sato x dayong zhuang le vo nguyen tran dang".split()
)
GIVEN = st.lists(
    st.sampled_from("a b j s ben benjamin bob li wei da yong dayong sato satoh ono kenji".split()
                    + "mohd ahmed hmd zhuang qqqq wang yuri iurii xian xianyou you".split()),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=400)
@given(FAMILY, GIVEN, GIVEN)
def test_names_of_one_family_are_compared_as_if_it_were_any_other(family, one, other):
    a, b = (f"{family}|{' '.join(given)}|||" for given in (one, other))
    plainly = _compare_parts(read_name_key(a), read_name_key(b))
    assert compare_names(a, b) == (NameRelation.EQUAL if a == b else plainly)


@settings(max_examples=300)
@given(FAMILY, GIVEN, st.randoms(use_true_random=False))
def test_the_same_given_names_shuffled_and_shortened_are_compared_as_beside_any_family(
    family, one, rng
):
    other = [word if rng.random() < 0.7 else word[0] for word in rng.sample(one, len(one))]
    a, b = (f"{family}|{' '.join(given)}|||" for given in (one, other))
    plainly = _compare_parts(read_name_key(a), read_name_key(b))
    assert compare_names(a, b) == (NameRelation.EQUAL if a == b else plainly)
