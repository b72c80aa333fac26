"""Features of author mentions: symmetric, silent on missing values, right on small cases."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.authors.name_counts import NameCounts, count_names
from linkage.authors.pairs import AUTHOR_FEATURES
from linkage.features import careers, coauthors, namesakes, person_names, subjects
from linkage.features.coauthors import CoAuthors
from linkage.features.columns import Bags, Coded
from linkage.features.namesakes import Namesakes
from linkage.features.person_names import PersonName
from linkage.features.subjects import Citations

TOKENS = st.sampled_from(["ana", "a", "li", "wei", "w", "karina", "nguyen", "mueller"])
BAG = st.dictionaries(TOKENS, st.floats(0, 5), min_size=1, max_size=4)
KEY = st.tuples(st.lists(TOKENS, min_size=1, max_size=2), st.lists(TOKENS, max_size=3)).map(
    lambda parts: f"{' '.join(parts[0])}|{' '.join(parts[1])}|||"
)
# how rare a co-author is depends on the name alone, not on the paper
RARITY = st.frozensets(TOKENS, min_size=1, max_size=4).map(
    lambda keys: {key: len(key) / 3 for key in sorted(keys)}
)
COAUTHORS = st.builds(CoAuthors, RARITY, st.frozensets(TOKENS, max_size=2), st.just(frozenset()))
COUNTS = count_names(["li|wei|||", "li|ana|||", "nguyen|karina|||"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name_key": KEY,
    "person_name": KEY.map(COUNTS.person_name),
    "name_rivals": st.floats(1, 50),
    "name_circles": st.floats(1, 50),
    "name_circle_share": st.floats(0, 1),
    "coauthors": COAUTHORS,
    "coauthor_names": COAUTHORS,
    "printed_title": st.text("ab ", min_size=1),
    "citations": st.builds(Citations, st.frozensets(TOKENS, max_size=2), BAG),
    "career_year": st.floats(1900, 2000),
    "email": st.sampled_from(["a@x.org", "b@x.org"]),
    "orcid": st.sampled_from(["0000-0001", "0000-0002"]),
    "subject": st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3).map(
        lambda numbers: np.array(numbers, dtype=np.float32)
    ),
    "chain": st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)),
    "circle": st.tuples(st.integers(0, 2), st.integers(1, 9)),
    "namesakes": st.builds(Namesakes, KEY, st.frozensets(KEY, max_size=2)),
    "homonym": st.sampled_from(["0001", "0002"]),
}


@pytest.mark.parametrize("feature", AUTHOR_FEATURES, ids=lambda f: f.name)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_symmetric(feature: Any, data: st.DataObject) -> None:
    values = VALUES.get(feature.reads, BAG)
    a, b = data.draw(values), data.draw(values)
    there, back = feature(a, b), feature(b, a)
    assert there == back or (math.isnan(there) and math.isnan(back))


@pytest.mark.parametrize("feature", AUTHOR_FEATURES, ids=lambda f: f.name)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_missing_stays_missing(feature: Any, data: st.DataObject) -> None:
    value = data.draw(VALUES.get(feature.reads, BAG))
    missing = math.nan if isinstance(value, float) else None
    left, right = np.empty(3, dtype=object), np.empty(3, dtype=object)
    left[:], right[:] = [value, missing, missing], [missing, value, missing]
    if isinstance(value, float):
        left, right = left.astype(float), right.astype(float)
    assert np.isnan(feature.column({feature.reads: left}, {feature.reads: right})).all()


def shared_information(a: str, b: str, counts: NameCounts) -> float:
    return person_names.shared_name_information(counts.person_name(a), counts.person_name(b))


def test_rare_names_say_more_than_common_ones() -> None:
    counts = count_names([f"li|{given}|||" for given in ("wei", "jun", "yang")] + ["oz|amos|||"])
    assert shared_information("oz|amos|||", "oz|amos|||", counts) > shared_information(
        "li|wei|||", "li|wei|||", counts
    )


def test_an_initial_says_less_than_the_name() -> None:
    counts = count_names(["li|wei|||", "li|wen|||", "oz|w|||", "oz|amos|||"])
    assert shared_information("li|w|||", "li|wei|||", counts) < shared_information(
        "li|wei|||", "li|wei|||", counts
    )


def test_swapped_order_shares_both_names() -> None:
    counts = count_names(["nguyen|karina|||", "li|wei|||"])
    a, b = (counts.person_name(key) for key in ("nguyen|karina|||", "karina|nguyen|||"))
    assert person_names.shared_name_information(a, b) == pytest.approx(
        math.fsum([a.family["nguyen"], b.family["karina"]])
    )


def test_a_nickname_counts_as_the_commoner_form() -> None:
    name = PersonName({"byrne": 5.0}, {"bill": 4.0}, {"b": 2.0})
    other = PersonName({"byrne": 5.0}, {"william": 3.0}, {"w": 2.0})
    assert person_names.shared_given_information(name, other) == 3.0


def test_own_swapped_name_is_no_coauthor() -> None:
    own = frozenset({"nguyen k", "karina n"})
    a = CoAuthors({"nguyen k": 5.0, "li w": 2.0}, own)
    b = CoAuthors({"karina n": 5.0, "nguyen k": 5.0, "li w": 2.0}, own)
    assert coauthors.shared_coauthor_information(a, b) == 2.0


def test_a_short_list_is_compared_with_all_of_a_long_one() -> None:
    nobody: frozenset[str] = frozenset()
    long = CoAuthors({"li w": 2.0, "oz a": 3.0, "ek b": 4.0}, nobody, frozenset({"oz a"}))
    short = CoAuthors({"li w": 2.0, "um c": 1.0}, nobody)
    assert coauthors.shared_coauthor_information(long, short) == 2.0
    assert coauthors.shared_coauthor_information(long, long) == 3.0


def test_a_lonely_author_has_no_coauthors_to_compare() -> None:
    alone = CoAuthors({"li w": 2.0}, frozenset({"li w"}))
    assert math.isnan(coauthors.shared_coauthor_information(alone, alone))


def test_near_equal_titles_are_one_paper() -> None:
    same = subjects.same_title("deep nets for names", "deep nets for name")
    assert same > 0.95 > subjects.same_title("deep nets for names", "shallow trees") == 0.8


@given(st.lists(st.text("aab é1", max_size=12), min_size=2), st.integers(1, 90))
def test_titles_are_alike_to_the_bit_whatever_their_letters_say(
    texts: list[str], times: int
) -> None:
    some = subjects.Titles.column([text * times for text in texts]).values
    column = subjects.Titles.column(text * times for text in texts)
    rows = np.arange(len(texts) - 1)
    a, b = some[column.codes[rows]], some[column.codes[rows + 1]]
    kernel = subjects.same_title._kernel
    assert kernel(a, b).tolist() == [subjects.same_title(x, y) for x, y in zip(a, b, strict=True)]


def test_citation_of_one_by_the_other() -> None:
    cited = Citations(frozenset({"p1"}), {})
    citing = Citations(frozenset({"p2"}), {"p1": 1.0})
    assert subjects.one_cites_the_other(cited, citing) == 1.0


def in_bags(values: list[Any]) -> Coded:
    return Coded(np.arange(len(values), dtype=np.int32), Bags.of(values))


def in_vectors(values: list[Any]) -> Coded:
    vectors = np.array(values, dtype=np.float32).reshape(len(values), 3)
    return Coded(np.arange(len(values), dtype=np.int32), vectors)


def in_groups(values: list[Any]) -> Coded:
    groups = np.array(values, dtype=np.int64).reshape(len(values), -1 if values else 3)
    return Coded(np.arange(len(values), dtype=np.int32), groups)


KERNELS: dict[Any, Any] = {
    subjects.subject_cosine: in_vectors,
    coauthors.coauthor_chain: in_groups,
    coauthors.same_circle: in_groups,
    coauthors.circles_apart: in_groups,
    careers.affiliation_cosine: in_bags,
    subjects.same_title: subjects.Titles.column,
    subjects.title_cosine: in_bags,
    subjects.abstract_cosine: in_bags,
    subjects.keyword_cosine: in_bags,
    subjects.venue_cosine: in_bags,
}


@settings(max_examples=20, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("feature", KERNELS, ids=lambda f: f.name)
def test_column_kernels_equal_the_plain_functions(feature: Any, data: st.DataObject) -> None:
    values = VALUES.get(feature.reads, BAG)
    rows = data.draw(st.lists(st.tuples(values, values), max_size=4))
    column = KERNELS[feature]([one for row in rows for one in row])
    left, right = (column[np.arange(side, len(column), 2)] for side in (0, 1))
    found = feature.column({feature.reads: left}, {feature.reads: right})
    assert found.tolist() == pytest.approx([feature(a, b) for a, b in rows], rel=1e-6, abs=1e-6)


def test_a_namesake_of_the_same_spelling_is_a_better_match() -> None:
    short = Namesakes("wang|j|||", frozenset({"wang|jing|||"}))
    full = Namesakes("wang|jing|||", frozenset())
    assert namesakes.better_match_on_paper(short, full) == 1.0
    assert namesakes.better_match_on_paper(full, full._replace(others=frozenset({"x||||"}))) == 0.0
    assert math.isnan(namesakes.better_match_on_paper(full, full))


def test_syllables_written_together_say_what_they_say_apart():
    counts = count_names(["wang|dayong|||", "wang|da|||", "li|yong|||", "li|d y|||", "li|wei|||"])
    together, apart, initials, one, other = (
        counts.person_name(f"wang|{given}|||") for given in ("dayong", "da yong", "d y", "d", "d x")
    )
    assert person_names.given_names_shared(together, apart) == 1, "as one word on both sides"
    assert person_names.given_names_matched(together, initials) == 2, "cut into its syllables"
    for name in (apart, initials):
        assert person_names.given_names_unmatched(together, name) == 0
        assert person_names.given_names_extra(together, name) == 0
    information = person_names.shared_given_information
    assert information(together, initials) > information(together, one)
    assert person_names.given_names_matched(together, other) == 1
    assert person_names.given_names_extra(together, other) == 1
