"""The review list: which pairs it holds, in which order, and what it says of them."""

import pytest

from linkage.papers.linker import PaperLinker
from linkage.papers.review import REVIEW_COLUMNS, review_list
from linkage.papers.words import in_words, rule_in
from linkage.records.schema import conform
from tests.helpers.records import library, second_copy, table

FIELDS = ("title", "authors", "year", "venue", "volume", "number", "pages", "doi")


def record(**fields):
    return dict.fromkeys(FIELDS) | fields


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ({"title": "Moss", "year": 2009}, {"title": "MOSS.", "year": 2010},
         ["same title", "year 2009 / 2010", "not known on both sides: authors, venue"]),
        ({"authors": [{"name": "Ng, A.", "family": "Ng"}]}, {"authors": [{"name": "Ana Ng"}]},
         ["authors Ng / Ana Ng"]),
        ({"title": "\u2026"}, {"title": "\u2014"}, ["title \u2026 / \u2014"]),
        ({"title": "\u2026"}, {"title": "\u2026"}, ["same title"]),
    ],
)  # fmt: skip
def test_a_pair_in_words(left, right, words):
    said = in_words(record(**left), record(**right))
    assert all(part in said for part in words), said


def test_the_list_holds_the_band_the_closest_calls_first():
    papers = library(6)
    records = conform(table(*papers, *map(second_copy, papers)))
    links = PaperLinker().link(records)
    wide = links.__class__(**{**vars(links), "band": (0.0, 1.0)})
    review = review_list(wide)
    assert tuple(review.columns) == REVIEW_COLUMNS
    assert len(review) == len(links.pairs) >= 6
    distance = (review["probability"] - links.threshold).abs()
    assert distance.is_monotonic_increasing
    together = review["left_id"].map(links.clusters) == review["right_id"].map(links.clusters)
    assert (review["decision"] == together.map({True: "same", False: "different"})).all()
    assert (review["count"] == 1).all()
    none = links.__class__(**{**vars(links), "band": (2.0, 3.0)})
    assert review_list(none).empty


def test_pairs_of_copies_are_one_question():
    one = {"title": "Growth of moss on stones", "authors": "Ana Bell", "year": 2010}
    other = {"title": "Growth of mosses on old stones", "authors": "Ana Bell", "year": 2011}
    papers = [one | {"record_id": f"a{k}"} for k in range(3)]
    papers += [other | {"record_id": f"b{k}"} for k in range(2)]
    links = PaperLinker().link(table(*library(4), *papers))
    review = review_list(links.__class__(**{**vars(links), "band": (0.0, 1.0)}))
    between = review[(review["left_id"].str[0] != review["right_id"].str[0])]
    assert between["count"].tolist() == [6]
    assert review["count"].sum() == len(links.pairs)


def test_a_rule_that_keeps_two_papers_apart_is_named_first():
    one = {"authors": "Ana Bell", "year": 2010, "venue": "Moss"}
    papers = [one | {"title": f"Growth of moss. Part {k}", "record_id": k} for k in ("I", "II")]
    copy = papers[1] | {"record_id": "copy"}
    links = PaperLinker().link(table(*library(4), *papers, copy))
    review = review_list(links.__class__(**{**vars(links), "band": (0.0, 1.0)}))
    review = review.set_index(["left_id", "right_id"])["reason"]
    assert rule_in(review["I", "II"]) == "different_part"
    assert rule_in(review["II", "copy"]) == "", "none keeps them apart"
    assert rule_in("same title; kept apart by the rule x") == ""
