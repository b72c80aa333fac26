"""Pairs of plain names decided for whole columns: what `compare_names` says of each."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.authors.names.given_words import may_be_one_word
from linkage.authors.names.plain import Decisions
from linkage.features.given_names import compare_words
from linkage.features.names import UNSURE, compare_names
from linkage.running.processes import in_turn

# each is there for something that one name may be besides what it looks like
FAMILIES = "titmowell wang li zhuang qqqq nguyen luis ono lv o brown dvd lee".split()
WORDS = (
    "luis luiz luisa ls l s x y i e a yu ye zh lu ana anna aleksei alexey aleksandr bob robert r "
    "william bill wm jose pepe georgios george sz md mohammed mhmd ahmd ahmed wei weili li lei lin "
    "xiaoming xiao ming dayong hsiaoming jun june kenji kenzi ohta ota seok suk hyun hyeon "
    "titmowell zhuang qqqq yurii iurii evgeny kim francis frank"
).split()
names = st.builds(
    lambda family, words, rest: "|".join([family, " ".join(words), rest]).rstrip("|"),
    st.sampled_from(FAMILIES),
    st.lists(st.sampled_from(WORDS), min_size=0, max_size=3),
    st.sampled_from([""] * 6 + ["van||", "|jr|", "||0002"]),
)


def check(found):
    names = sorted(found)
    pairs = np.array([*combinations(range(len(names)), 2), *((k, k) for k in range(len(names)))])
    a, b = pairs.astype(np.int64).reshape(-1, 2).T
    may, decided = Decisions(names, in_turn).of(a, b)
    for i, j, one, told in zip(a.tolist(), b.tolist(), may.tolist(), decided.tolist(), strict=True):
        if told:
            assert one == (compare_names(names[i], names[j]) >= UNSURE), (names[i], names[j])
        assert told or not one
    return decided


@settings(max_examples=200)
@given(st.sets(names, max_size=12))
def test_what_is_decided_is_what_names_compared_one_by_one_are(found):
    check(found)


def test_all_given_names_of_one_word_or_with_an_initial_are_right():
    for family in ("titmowell", "wang", "li"):
        single = {f"{family}|{word}" for word in WORDS}
        decided = check(
            single | {f"{family}|{word} {letter}" for word in WORDS for letter in "slx"}
        )
        assert decided.mean() > (0.7 if family == "titmowell" else 0.05)


def test_what_depends_on_more_than_first_words_and_initials_is_left():
    for one, other in [
        ("titmowell|ls", "titmowell|luis s"),  # initials without a blank
        ("titmowell|l s", "titmowell|s l"),  # in another order
        ("titmowell|dayong", "titmowell|d x"),  # two syllables beside two initials
        ("titmowell|ana marie", "titmowell|marie"),  # a first name left out
        ("wang|youhei", "wang|yohei"),  # a long vowel
        ("wang|lei", "wang|l"),
        ("titmowell|luis||jr", "titmowell|luis||sr"),
        ("nguyen|van h", "nguyen|hung v"),
        ("titmowell|luis", "brown|luis"),
    ]:
        _, decided = Decisions([one, other], in_turn).of(np.array([0]), np.array([1]))
        assert not decided.any(), (one, other)


def test_given_names_of_two_words_that_are_surely_two_names_are_decided():
    words = [*WORDS, "haiming", "sang hoon", "seung hun", "jean-luc"]
    for family in ("titmowell", "wang", "li"):
        found = {f"{family}|{one} {other}" for one in words[::3] for other in words[::4]}
        decided = check(found | {f"{family}|{word}" for word in words})
        assert decided.mean() > 0.5


letters = st.text("aeiouyjkzhsctwn", min_size=0, max_size=7)


@settings(max_examples=300)
@given(st.lists(st.tuples(*[st.sampled_from(WORDS) | letters] * 2).filter(all), max_size=30))
def test_words_that_are_surely_two_names_are_none_that_may_be_one(pairs):
    sides = [list(side) for side in zip(*pairs, strict=True)] or [[], []]
    expected = [compare_words(a, b) >= UNSURE for a, b in pairs]
    assert may_be_one_word(sides).tolist() == expected
