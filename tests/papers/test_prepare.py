import functools
import itertools
import json
import math
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.features.columns import Coded, Words
from linkage.features.feature import is_missing
from linkage.papers import counts
from linkage.papers.batches import in_batches, prepare_batches, read_batch
from linkage.papers.pairs import PAPER_FEATURES
from linkage.papers.prepare import _rarest, prepare_papers
from linkage.records.order import canonical_order
from linkage.records.schema import conform
from linkage.text.folding import fold
from tests.helpers.records import invented, library, paper, second_copy, table

CASES = json.loads((Path(__file__).parent / "data" / "hard_fields.json").read_text("utf-8"))
SAID_EVEN_WHEN_MISSING = {"details", "titled", "telling_volume"}  # then empty


def cases(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=lambda case: case["note"])


def prepared(*papers):
    return prepare_papers(conform(table(*papers)))


def only(*papers, column):
    return prepared(*papers)[column][0]


@given(st.dictionaries(st.sampled_from("moss fern alga kelp reed ivy".split()), st.floats(0, 1)))
def test_the_rarest_words_are_the_first_four_by_weight_then_alphabet(words):
    long = sorted((w for w in words if len(w) > 3), key=lambda w: (-words[w], w))
    sets = Words.of([words, ["of"], []])
    weights = np.array([words.get(word, 1.0) for word in sets.words.tolist()])
    assert list(_rarest(sets.weighted(weights))) == [tuple(long[:4]), (), ()]


@cases("notes")
def test_notes_of_databases_are_no_part_of_the_title(case):
    assert only(paper("a", case["printed"]), column="title") == fold(case["title"])


@cases("numbers")
def test_numbers_and_parts_in_titles(case):
    columns = prepared(paper("a", case["title"]))
    assert sorted(columns["title_numbers"][0]) == sorted(case["numbers"])
    assert sorted(columns["title_parts"][0]) == sorted(case["parts"])


@cases("places")
def test_volume_issue_and_pages(case):
    fields = {name: case.get(name) for name in ("volume", "number", "pages")}
    columns = prepared(paper("a", "Moss", **fields))
    number = columns["number"][0]
    found = [columns["volume"][0], number and sorted(number), columns["page"][0],
             columns["page_end"][0]]  # fmt: skip
    assert found == case["expected"]


@pytest.mark.parametrize(
    ("title", "marks", "sequel"),
    [
        ("Erratum to: moss growth in the north", {"correction"}, {"correction"}),
        ("Moss growth in the north: corrigendum", {"correction"}, {"correction"}),
        ("Moss growth in the north - authors' reply", {"reply"}, {"reply"}),
        ("Comment on moss growth in the north", {"comment"}, {"comment"}),
        ("RETRACTED: moss growth in the north", set(), set()),
        ("Retraction notice to: moss growth in the north", {"retraction"}, {"retraction"}),
        ("Notice of retraction: moss growth in the north", {"retraction"}, {"retraction"}),
        ("Publisher correction: moss growth in the north", {"correction"}, {"correction"}),
        ("Moss growth in the north (vol 39, pg 2, 2009)", {"correction"}, {"correction"}),
        (
            "Moss in the north (Retraction of vol 3, pg 9, 2001)",
            {"retraction"},
            {"retraction"},
        ),
        ("Expression of concern: moss growth in the north", {"comment"}, {"comment"}),
        ("Re: moss growth in the north", {"comment"}, {"comment"}),
        ("Moss growth in the north: study protocol", {"protocol"}, set()),
        ("Editorial", {"editorial"}, set()),
        ("What a reply to moss can tell us", set(), set()),
        ("Moss growth in the north", set(), set()),
        ("Moss in the north: an early stress response", set(), set()),
        ("Stress response of moss", set(), set()),
        ("Response to the critics of moss", {"reply"}, {"reply"}),
        ("The authors' reply", {"reply"}, {"reply"}),
        ("Moss growth in the north (author response)", {"reply"}, {"reply"}),
    ],
)
def test_marks_stand_at_either_end_of_a_title(title, marks, sequel):
    columns = prepared(paper("a", title))
    assert columns["title_marks"][0] == marks
    assert columns["title_sequel"][0] == sequel


@pytest.mark.parametrize(
    ("title", "main"),
    [
        ("Moss growth: a survey", "moss growth"),
        ("Moss growth – a survey", "moss growth"),
        ("Does moss grow? A survey", "does moss grow"),
        ("Moss: growth in the north", "moss growth in the north"),
        ("Moss-growth survey", "moss growth survey"),
    ],
)
def test_the_main_title_ends_at_its_subtitle_unless_one_word_is_left(title, main):
    assert only(paper("a", title), column="title_main") == main


def test_authors_tokens_counts_and_the_last_author():
    columns = prepared(
        paper("a", "Moss", "Ana Abendroth; B. Brzezicki"),
        paper("b", "Fern", "Ana Abendroth; B. Brzezicki; et al."),
        paper("c", "Kelp", None),
        paper("d", "Kelp", [{"name": "The Kelp Consortium", "group": True}, {"name": "Ana Ng"}]),
        paper("e", "Kelp", [{"name": "The Kelp Consortium", "group": True}]),
    )
    both = (("abendroth", "ana"), ("brzezicki", "b"))
    assert columns["authors"].tolist()[:4] == [both, both, None, (("ng", "ana"),)]
    assert columns["authors"][4] == (("the kelp consortium", ""),), "a group where nobody is named"
    assert set(columns["author_tokens"][0]) == {"abendroth", "ana", "brzezicki"}
    np.testing.assert_array_equal(columns["author_count"], [2, math.nan, math.nan, 1, 1])
    assert columns["last_author"].tolist()[:4] == ["brzezicki", None, None, "ng"]


def test_rarity_is_0_to_1_and_rarer_words_weigh_more():
    columns = prepared(paper("a", "Moss grows"), paper("b", "Moss sleeps"), paper("c", "Moss eats"))
    words = columns["title_words"][0]
    assert 0 < words["moss"] < words["grows"] <= 1


def test_how_often_a_title_recurs_is_counted_over_owners_years_and_places():
    columns = prepared(
        paper("a", "Ferns", "Ana Ng", year=2001, volume="1", number="1"),
        paper("b", "FERNS.", "Ana Ng", year=2002, volume="1", number="2"),
        paper("c", "Ferns", "Bo Li", year=2002, doi="10.5555/c"),
        paper("d", "Ferns", None),
        paper("e", "Moss"),
    )
    owners = 4**2 / (2**2 + 1 + 1)  # two by Ng, an unknown author is one more
    assert columns["title_owners"].tolist() == [owners] * 4 + [1]
    assert columns["title_years"].tolist() == [3**2 / (1 + 2**2)] * 4 + [0]
    assert columns["title_places"].tolist() == [3, 3, 3, 3, 0]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Editorial", 3),
        ("Guest Editors' Introduction: Special Section", 3),
        ("Book reviews 12", 3),
        ("Introduction to mosses", 1),
    ],
)
def test_a_generic_title_recurs_even_where_it_stands_once(title, expected):
    one = paper("a", title, "Ana Ng", year=2001, volume="1", number="1")
    columns = prepared(one)
    for name in ("title_owners", "title_years", "title_places"):
        assert columns[name].tolist() == [expected], name


def test_a_misprinted_year_among_many_copies_hardly_counts():
    copies = [paper(f"r{k}", "Moss", year=1993) for k in range(18)]
    columns = prepared(*copies, paper("x", "Moss", year=1939), paper("y", "Moss", year=1995))
    assert 1 < columns["title_years"][0] < 1.3


def test_venues_that_stand_beside_copies_of_one_paper_go_together():
    names = ["Moss Conf", "International Meeting on Bryology"]
    copies = [paper(f"{k}{venue}", f"Moss {k}", "Ana Ng", year=2001, venue=venue)
              for k in range(6) for venue in names]  # fmt: skip
    others = [paper(f"o{k}", f"Fern {k}", "Bo Li", year=2001, venue="Fern News") for k in range(6)]
    partners = prepared(*copies, *others)["venue_partners"]
    assert partners[0] == ("moss conf", {"international meeting bryology": 1.0})
    assert partners[1] == ("international meeting bryology", {"moss conf": 1.0})
    assert set(partners[-6:]) == {None}, "no copies, nothing learned"


def test_venue_standard_numbers_and_abstract():
    columns = prepared(
        paper("a", "Moss", venue="The Journal of the Moss", ids={"issn": "1234-567X 2345-6789"},
              abstract="No abstract available"),
        paper("b", "Fern", venue="Of the", abstract="Ferns " * 100),
    )  # fmt: skip
    assert columns["venue"].tolist() == ["journal moss", None]
    assert columns["issn"].tolist() == [{"1234567x", "23456789"}, None]
    assert columns["abstract"][0] is None
    assert len(columns["abstract"][1]) == 200
    assert columns["abstract_words"][1] == {"ferns": 1.0}


def test_what_is_missing_stays_missing_in_every_column():
    columns = prepared(paper("a", None, None), paper("b", "…", []))
    for name, values in columns.items():
        if name in SAID_EVEN_WHEN_MISSING:
            assert not any(any(value) for value in values)
        else:
            assert is_missing(values).all(), name


def test_every_feature_finds_its_column_whatever_the_number_of_records():
    for n in (0, 1, 3):
        columns = prepare_papers(conform(pd.DataFrame(library(n), columns=list(invented(0)))))
        assert {feature.reads for feature in PAPER_FEATURES} <= set(columns)
        assert {len(values) for values in columns.values()} == {n}


def test_preparing_does_not_touch_the_records():
    records = conform(table(*library(3)))
    before = records.copy(deep=True)
    prepare_papers(records)
    pd.testing.assert_frame_equal(records, before)


SOME = [*library(6), second_copy(invented(2)), paper("x", None, None), paper("y", "Moss")]


@functools.cache
def as_they_stand():
    return {name: repr(values.tolist()) for name, values in prepared(*SOME).items()}


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rng):
    shuffled = rng.sample(SOME, len(SOME))
    columns = prepared(*shuffled)
    place = [shuffled.index(each) for each in SOME]
    for name, expected in as_they_stand().items():
        values = columns[name].tolist()
        assert repr([values[row] for row in place]) == expected, name


def order_of_batches(records):
    return prepare_batches(map(read_batch, in_batches(records))).order


both_orders = pytest.mark.parametrize("order", [canonical_order, order_of_batches])


MOSS = paper("", "Moss", year=2001, volume="3")
VARIANTS = [
    MOSS | {"number": "1"},
    MOSS | {"number": "2"},
    MOSS | {"ids": {"pmid": "7"}},
    MOSS | {"type": "article"},
    MOSS | {"authors": "Ana Abendroth; et al."},
]


def ordered(order, papers):
    """What stands in papers in a canonical order, whose ids are given by position."""
    named = [each | {"record_id": f"r{k}"} for k, each in enumerate(papers)]
    records = conform(table(*named))
    return repr(records.iloc[order(records)].drop(columns="record_id").to_dict("list"))


@both_orders
def test_canonical_order_goes_by_content_before_the_id(order):
    every = {ordered(order, papers) for papers in itertools.permutations(VARIANTS)}
    assert len(every) == 1


@both_orders
def test_equal_records_are_ordered_by_id(order):
    papers = [invented(1) | {"record_id": name} for name in "cab"]
    records = conform(table(*random.Random(1).sample(papers, 3)))
    assert records["record_id"].iloc[order(records)].tolist() == ["a", "b", "c"]


@given(st.lists(st.tuples(*[st.integers(-1, 3)] * 4), max_size=90), st.sampled_from([2, 20]))
def test_partners_of_venues_are_those_of_pairs_counted_one_by_one(rows, most):
    columns = [Coded.of(None if cell < 0 else f"v{cell}" for cell in cells)
               for cells in (zip(*rows, strict=True) if rows else [()] * 4)]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counts, "MOST_COPIES", most)
        found = counts._partners(*columns)
    copies, beside = {}, {}
    for *paper_, venue in (row for row in rows if min(row) >= 0):
        copies.setdefault(tuple(paper_), []).append(f"v{venue}")
    for group in copies.values():
        for one, other in itertools.permutations(group[:most], 2):
            of_one = beside.setdefault(one, {})
            of_one[other] = of_one.get(other, 0) + 1
    assert found == {
        one: {other: n / sum(others.values()) for other, n in others.items()}
        for one, others in beside.items()
        if sum(others.values()) >= counts.ENOUGH_COPIES
    }


issues = st.tuples(*(st.none() | st.sampled_from(cells) for cells in (
    ["10.1/x", "7"], [frozenset({"5"}), frozenset({"2", "3"})],
    [("10.1/x(5)", False), ("10.1/y", False), ("10.1/y", True)],
)))  # fmt: skip


@given(st.lists(issues, max_size=6))
def test_an_address_is_volume_and_issue_else_the_doi(rows):
    names = ("volume", "number", "registered")
    cells = zip(*rows, strict=True) if rows else [()] * 3
    found = counts.addresses({name: Coded.of(c) for name, c in zip(names, cells, strict=True)})
    assert found.tolist() == [
        f"{volume}({min(number)})" if volume and number else None if not doi or doi[1] else doi[0]
        for volume, number, doi in rows
    ]
    assert len(set(found.values)) == len(found.values)
