import math
import re
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.features import title
from linkage.features.arrays import objects
from linkage.features.columns import Coded, Words
from linkage.features.feature import Feature, collect, compare, feature, is_missing
from linkage.features.pages import Details
from linkage.papers.pairs import PAPER_FEATURES, RULE_FEATURES

WORDS = "moss fern river 12 2 iv of a editorial reply growth growths x1 drought".split()
RARITY = {word: (k + 1) / len(WORDS) for k, word in enumerate(WORDS)}  # one data set, one rarity

text = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
    st.from_regex(r"[a-z0-9]{1,6}( [a-z0-9]{1,6}){0,3}", fullmatch=True),
)
tokens = st.frozensets(st.sampled_from(WORDS), max_size=5)
some_tokens = st.frozensets(st.sampled_from(WORDS), min_size=1, max_size=5)
some_words = some_tokens.map(lambda words: dict.fromkeys(sorted(words), 1.0))
page = st.from_regex(r"[a-z]{0,2}[1-9][0-9]{0,3}", fullmatch=True)
count = st.integers(0, 40).map(float)
name = st.tuples(
    st.sampled_from("li|wang|de la cruz|ng|smith|smyth".split("|")),
    st.sampled_from(["", "a", "ana", "b c", "boris"]),
)
DETAILS = st.builds(
    Details,
    st.sampled_from(["1", "2", "12", ""]),
    st.none() | some_tokens,
    st.none() | st.frozensets(st.sampled_from(["12", "c12", "13"]), min_size=1, max_size=2),
    st.none() | st.tuples(st.sampled_from(["10.5555/a", "10.5555/b"]), st.booleans()),
)

PREPARED = {
    "title": text,
    "title_main": text,
    "title_variants": st.lists(text, min_size=1, max_size=2).map(tuple),
    "title_words": st.lists(st.sampled_from(WORDS), min_size=1).map(
        lambda words: {word: RARITY[word] for word in words}
    ),
    "title_numbers": tokens,
    "title_parts": tokens,
    "title_marks": tokens,
    "title_sequel": tokens,
    "title_groups": st.frozensets(
        st.tuples(st.sampled_from(["sex", "age"]), st.sampled_from("ab")), max_size=3
    ),
    "title_owners": count,
    "title_years": count,
    "title_places": count,
    "authors": st.lists(name, min_size=1, max_size=5).map(tuple),
    "author_tokens": some_words,
    "last_author": text,
    "author_count": st.integers(1, 2000).map(float),
    "year": st.integers(1000, 2030).map(float),
    "venue": text,
    "venue_words": st.lists(st.sampled_from(WORDS), min_size=1, unique=True).map(tuple),
    "venue_partners": st.tuples(
        st.sampled_from("abc"), st.dictionaries(st.sampled_from("abc"), st.floats(0, 1))
    ),
    "venue_kind": st.sampled_from(["journal", "conference"]),
    "type": st.sampled_from(["article", "book", "preprint"]),
    "issn": some_tokens,
    "volume": st.sampled_from(["1", "2", "12"]),
    "number": some_tokens,
    "first_pages": st.frozensets(page, min_size=1, max_size=2),
    "page_end": page,
    "details": DETAILS,
    "registered": st.tuples(
        st.sampled_from(["10.5555/a", "10.5555/ab", "10.5555/abc.12", "10.5555/abc.13"]),
        st.booleans(),
    ),
    "citation": text,
    "citation_letters": st.tuples(text, text).map(lambda both: (both[0], both[1] + both[0])),
    "work_ids": st.frozensets(
        st.tuples(st.sampled_from(["arxiv", "trial"]), st.sampled_from("12")), min_size=1
    ),
    "edition": st.sampled_from("12"),
    "serial_year": st.sampled_from(["2001", "2002"]),
    "part": st.sampled_from(["issue", "supplement"]),
    "status": st.sampled_from(["", "retracted"]),
    "server": st.sampled_from(["arxiv", "medrxiv"]),
    "titled": st.sampled_from([(), ("title",)]),
    "ids": st.dictionaries(st.sampled_from(["arxiv", "pmid"]), st.sampled_from(["1", "2"])).map(
        lambda ids: frozenset(ids.items())
    ),
    "abstract": text,
    "abstract_words": some_words,
}
RANGES = {"title_edits": (0, 12), "year_gap": (0, 6), "details_agreeing": (0, 4),
          "details_conflicting": (0, 4)}  # fmt: skip
UNBOUNDED = {"title_information", "title_owners", "title_years", "title_places"}
# How much evidence there is, not how alike the two are: equal values needn't give the best.
AMOUNTS = UNBOUNDED | {"details_agreeing"}

every_feature = pytest.mark.parametrize(
    "one", PAPER_FEATURES + RULE_FEATURES, ids=lambda one: one.name
)
FEATURES_OF = {
    reads: [one for one in PAPER_FEATURES + RULE_FEATURES if one.reads == reads]
    for reads in dict.fromkeys(one.reads for one in PAPER_FEATURES + RULE_FEATURES)
}
every_column = pytest.mark.parametrize("reads", FEATURES_OF)  # examples of it for all its features


def column(values):
    """A prepared column of all its kinds: floats with NaN, coded words, coded or plain values."""
    known = [v for v in values if v is not None]
    if known and isinstance(known[0], float):
        return np.array([math.nan if v is None else v for v in values])
    if known and isinstance(known[0], dict):
        codes = np.cumsum([v is not None for v in values]) - 1
        words = Words.of(known)
        weights = np.array([next(v[w] for v in known if w in v) for w in words.words.tolist()])
        codes = np.where([v is None for v in values], -1, codes).astype(np.int32)
        return Coded(codes, words.weighted(weights))
    try:
        return Coded.of(values)
    except TypeError:  # can't be hashed
        return objects(values)


def compared(one, a, b):
    """The feature's column of two lists of values in which None is missing."""
    both = column([*a, *b])
    rows = np.arange(len(a))
    return one.column({one.reads: both[rows]}, {one.reads: both[rows + len(a)]})


@every_column
@settings(max_examples=50)
@given(data=st.data())
def test_features_are_symmetric_in_their_range_and_best_of_equal_values(reads, data):
    a, b = data.draw(PREPARED[reads]), data.draw(PREPARED[reads])
    for one in FEATURES_OF[reads]:
        value = one(a, b)
        assert value == pytest.approx(one(b, a), nan_ok=True), one
        low, high = RANGES.get(one.name, (0, math.inf if one.name in UNBOUNDED else 1))
        assert math.isnan(value) or low <= value <= high + 1e-9, one
        same = one(a, a)
        if one.name not in AMOUNTS and not math.isnan(same) and not math.isnan(value):
            assert one.sign * same >= one.sign * value - 1e-9, one


@every_column
@settings(max_examples=40)
@given(data=st.data())
def test_columns_equal_the_plain_function_and_missing_stays_missing(reads, data):
    rows = data.draw(st.lists(st.tuples(*[st.none() | PREPARED[reads]] * 2), max_size=6))
    a, b = [row[0] for row in rows], [row[1] for row in rows]
    for one in FEATURES_OF[reads]:
        found = compared(one, a, b)
        assert found.dtype == np.float32
        assert found.shape == (len(rows),)
        expected = [math.nan if x is None or y is None else one(x, y) for x, y in rows]
        wanted = np.array(expected, dtype=np.float32)
        np.testing.assert_allclose(found, wanted, rtol=1e-6, err_msg=one.name)


@given(st.lists(st.tuples(DETAILS, DETAILS), min_size=1, max_size=6))
def test_details_are_compared_part_by_part_as_whole(pairs):
    parts = [Coded.of(cells) for cells in zip(*chain(*pairs), strict=True)]
    (column,) = Coded.on_demand(parts, Details)
    rows = 2 * np.arange(len(pairs))
    for name in ("details_agreeing", "details_conflicting"):
        found = by_name(name).column({"details": column[rows]}, {"details": column[rows + 1]})
        assert found.tolist() == [by_name(name)(*pair) for pair in pairs]


@every_feature
def test_a_feature_says_what_it_is(one):
    assert re.match(r"[A-Z0-9].*\.$", one.doc, re.DOTALL), "a docstring is the documentation"
    assert one.sign in (-1, 0, 1)
    assert one.reads in PREPARED
    assert one.name in repr(one)


def test_the_names_of_features_are_unique_and_collect_refuses_a_second():
    names = [one.name for one in PAPER_FEATURES + RULE_FEATURES]
    assert len(set(names)) == len(names)
    with pytest.raises(TypeError, match=r"share a name.*title_similarity"):
        collect(title, title)


def test_compare_puts_one_feature_a_column():
    @feature(reads="x", sign=-1)
    def gap(a, b):
        """Gap."""
        return abs(a - b)

    @feature(reads="s", sign=+1)
    def same(a, b):
        """Same."""
        return float(a == b)

    left = {"x": np.array([1.0, math.nan]), "s": objects(["p", "q"])}
    right = {"x": np.array([3.0, 1.0]), "s": objects(["p", None])}
    found = compare([gap, same], left, right)
    np.testing.assert_array_equal(found, [[2.0, 1.0], [math.nan, math.nan]])
    assert found.dtype == np.float32
    assert isinstance(gap, Feature)
    assert gap(1, 4) == 3.0


def test_missing_is_none_among_objects_and_nan_among_numbers():
    assert is_missing(objects(["", None, frozenset()])).tolist() == [False, True, False]
    assert is_missing(Coded.of(["", None])).tolist() == [False, True]
    assert is_missing(np.array([0.0, math.nan])).tolist() == [False, True]


def by_name(name):
    return next(one for one in PAPER_FEATURES + RULE_FEATURES if one.name == name)


def parts(*values):
    return frozenset(values)


@pytest.mark.parametrize(
    ("name", "a", "b", "expected"),
    [
        ("title_similarity", "moss growth", "moss growth", 1.0),
        ("title_word_order_free_similarity", "growth moss", "moss growth", 1.0),
        ("title_edits", "moss growth", "moss grwth", 1),
        ("title_edits", "moss growth", "a completely different thing", 12),
        ("title_common_start", "moss growth", "moss growth in deserts", 1.0),
        ("title_words_contained", {"moss": 0.9}, {"moss": 0.9, "growth": 0.5}, 1.0),
        ("title_words_shared", {"moss": 0.5}, {"moss": 0.5, "growth": 0.5}, 0.5),
        ("title_rarest_unshared_word", {"moss": 0.9, "kelp": 0.4}, {"moss": 0.9}, 0.4),
        ("title_rarest_unshared_word", {"gametophyte": 0.9}, {"gametophytes": 0.9}, 0),
        ("title_rarest_unshared_word", {"web": 0.3, "site": 0.2}, {"website": 0.9}, 0),
        ("title_numbers_agree", parts(), parts(), math.nan),
        ("title_numbers_agree", parts("2"), parts("2", "10"), 0.5),
        ("title_numbers_conflict", parts("2"), parts("2", "10"), 0),
        ("title_numbers_conflict", parts("2"), parts("10"), 1),
        ("title_parts_agree", parts("1"), parts("2"), 0),
        ("title_parts_agree", parts("1"), parts(), 0.5),
        ("title_parts_agree", parts(), parts(), math.nan),
        ("title_sequel_agrees", parts("reply"), parts(), 0),
        ("first_author_similarity", (("ng", "a"),), (("ng", "b"), ("li", "c")), 1),
        ("first_author_listed", (("li", "a"), ("ng", "b")), (("ng", "b"), ("wu", "c")), 1),
        ("author_families_contained", (("ng", ""),), (("li", ""), ("ng", "a")), 1),
        ("author_families_aligned", (("ng", ""),), (("li", ""), ("ng", "a")), 0),
        ("author_initials_agree", (("ng", "ana"),), (("ng", "a b"),), 1),
        ("author_initials_agree", (("ng", "ana"),), (("ng", "b"),), 0),
        ("author_initials_agree", (("ng", ""),), (("ng", "b"),), math.nan),
        ("author_initials_agree", (("ng", "b"),), (("ng", "a"), ("ng", "b")), 1),
        ("author_count_gap", 1000.0, 500.0, 0.5),
        ("year_gap", 1999.0, 2024.0, 6),
        ("venue_abbreviated", "j mol cell cardiol", "journal molecular cellular cardiology", 1),
        ("venue_abbreviated", "j mol cell cardiol", "journal fern studies", 1 / 4),
        ("venue_words_matched", ("ecol", "moss"), ("moss", "ecology", "north"), 1),
        ("venue_words_matched", ("geol", "moss"), ("moss", "ecology", "north"), 0.5),
        ("venue_acronym", ("nie",), ("nowhere", "invented", "ecology"), 1),
        ("venue_acronym", ("aig",), ("nowhere", "invented", "ecology"), 0),
        ("venue_acronym", ("nie",), ("nie",), math.nan),
        ("venue_kind_agrees", "journal", "preprint", 0),
        ("issn_agrees", parts("12345678"), parts("12345678", "87654321"), 1),
        ("number_agrees", parts("3"), parts("3", "2"), 1),
        ("venue_goes_with", ("a", {"b": 0.7}), ("b", {"a": 0.2}), 0.7),
        ("venue_goes_with", ("a", {"b": 0.7}), ("c", {"b": 0.2}), 0),
        ("first_page_agrees", parts("382", "382391"), parts("382391"), 1),
        ("first_page_agrees", parts("s12"), parts("12"), 0.5),
        ("first_page_agrees", parts("s12"), parts("s13"), 0),
        ("title_years", 1.0, 1.5, 2),
        ("title_years", 1.0, 4.0, 4),
        ("doi_agrees", ("10.5555/abc.12", False), ("10.5555/abc", False), 0.5),
        ("doi_agrees", ("10.5555/abc.12", False), ("10.5555/abd.12", False), 0),
        ("doi_agrees", ("10.5555/abc.12", True), ("10.5555/abd.12", False), math.nan),
        ("preprint_and_article", ("10.5555/1", True), ("10.5555/2", False), 1),
        ("types_fit", "book", "incollection", 0),
        ("types_fit", "article", "inproceedings", 1),
        ("title_letters_found", ("moss", "xmossx"), ("mossgrowth", "mmossgrowthm"), 1),
        ("title_letters_found", ("fern", "ferns"), ("mossgrowth", "mossgrowth"), 0),
        ("details_conflicting", Details(pages=parts("c37")), Details(pages=parts("37")), 0),
        ("details_agreeing", Details(pages=parts("c37")), Details(pages=parts("37")), 0),
        ("details_conflicting", Details(registered=("1", True)), Details(registered=("2", False)),
         0),
        ("details_conflicting", Details(registered=("1", False)), Details(registered=("2", False)),
         1),
        ("details_agreeing", Details(registered=("1", True)), Details(registered=("1", False)), 1),
        ("ids_agree", parts(("pmid", "1")), parts(("arxiv", "2")), math.nan),
        ("ids_agree", parts(("pmid", "1"), ("isbn", "2")), parts(("pmid", "1"), ("isbn", "")), 0.5),
        ("details_agreeing", Details("1", pages=parts("9")), Details(pages=parts("9")), 1),
        ("details_conflicting", Details("1"), Details("2"), 1),
    ],
)  # fmt: skip
def test_features_by_example(name, a, b, expected):
    assert by_name(name)(a, b) == pytest.approx(expected, nan_ok=True)
