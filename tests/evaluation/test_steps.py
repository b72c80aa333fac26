"""What a report says of thresholds and of every wrong pair."""

import json

import pandas as pd
import pytest

from linkage.evaluation.curves import pair_curve
from linkage.evaluation.scoring import evaluate
from linkage.evaluation.steps import Evidence, error_words, pair_scores
from linkage.report.evaluation import evaluation_report
from linkage.report.page import render
from tests.helpers.report_pages import PAIRS, TRUTH, Page, library, scored


def test_a_curve_counts_pairs_at_every_threshold():
    curve = pair_curve("C", PAIRS, TRUTH, 0.6)
    rows = curve.points.set_index(curve.points["threshold"].round(2))
    counts = ["found", "wrong", "missed"]
    assert rows.loc[0.4, counts].tolist() == [2, 1, 2]  # b, c were never compared; d, e vetoed
    assert rows.loc[0.41, counts].tolist() == [1, 1, 3]
    assert rows.loc[0.71, counts].tolist() == [1, 0, 3]
    assert rows.loc[0.95, counts].tolist() == [0, 0, 4]
    assert rows.loc[0.4, "precision"] == pytest.approx(2 / 3)
    assert rows.loc[0.4, "recall"] == 0.5
    assert rows.loc[0.4, "f1"] == pytest.approx(4 / 7)
    assert pd.isna(rows.loc[0.95, "precision"])
    assert curve.calibration["share"].tolist() == [1, 0, 1]
    assert curve.calibration["mean"].tolist() == [0.4, 0.7, 0.9]
    assert curve.calibration["pairs"].tolist() == [1, 1, 1]


def test_a_curve_against_labelled_pairs_knows_those_pairs_only():
    gold = pd.DataFrame({"left_id": ["b", "f"], "right_id": ["a", "d"], "same": [1, 0]})
    points = pair_curve("C", PAIRS, gold, 0.6).points
    assert points.loc[49, ["found", "wrong", "missed"]].tolist() == [1, 1, 0]
    assert pair_curve("C", scored(("x", "y", 0.5, "")), gold, 0.6) is None
    assert pair_curve("C", PAIRS, pd.Series({"a": 1, "b": 2}), 0.6) is None  # no true pair


def test_an_evaluation_with_records_and_pairs_says_why():
    clusters = pd.Series({"a": 1, "b": 1, "c": 2, "d": 3, "f": 3, "e": 4})
    evidence = Evidence(library(), PAIRS, 0.6)
    args = ("r.csv", "g.csv", clusters, TRUTH, evaluate(clusters, TRUTH))
    report = evaluation_report(*args, evidence)
    (merge,) = report.false_merges
    assert (merge.probability, merge.left["title"], merge.right["title"]) == (0.7, "Fern", "Ferns")
    assert merge.explanation == (
        "Probability 0.700, at or over the threshold 0.6. Same authors, year; title Fern / Ferns; "
        "not known on both sides: venue, volume, number, pages, doi."
    )
    under, vetoed = report.missed  # what the model said comes before what a rule did
    assert under.explanation.startswith("Probability 0.400, under the threshold 0.6. Same authors")
    assert vetoed.explanation.startswith(
        "Kept apart by a rule, whatever the score: different part. The titles name"
    )
    assert vetoed.probability is None
    page = Page(render(report))
    for text in ("Of 2 pairs that were put together, 1 are right", "3 were missed", "Thresholds"):
        assert text in page.text
    (points,) = (json.loads(a["data-points"]) for a in page.attributes if "data-points" in a)
    assert points[59] == [0.6, 1, 1, 3]
    assert {a["for"] for a in page.attributes if "for" in a} <= set(page.ids)


def test_an_evaluation_by_itself_claims_nothing_of_the_pairs():
    clusters = pd.Series({"a": 1, "b": 1, "c": 2, "d": 3, "f": 3, "e": 4})
    report = evaluation_report("r.csv", "g.csv", clusters, TRUTH, evaluate(clusters, TRUTH))
    assert report.curves == []
    assert {pair.explanation for pair in [*report.missed, *report.false_merges]} == {""}
    mentions = pd.Series({"a#0": 1, "b#0": 2, "z#0": 3})
    people = pd.Series({"a#0": 1, "b#0": 1, "z#0": 1})
    args = ("r.csv", "g.csv", mentions, people, evaluate(mentions, people), Evidence(library()))
    left, right = evaluation_report(*args).missed[0][:2]
    assert left == {"name": "Fern, A.", "title": "Moss", "authors": "Fern, A.", "date": "2018"}
    assert right["name"] == "Fern, A."
    assert evaluation_report(*args).missed[1].right == {"id": "z#0"}  # of a record not at hand


def test_reasons_in_words():
    def words(*pairs, kind, threshold=0.6):
        wrong = pd.DataFrame({"left_id": ["a"], "right_id": ["b"], "kind": [kind]})
        scores = pair_scores(scored(*pairs), {frozenset("ab")})
        (text,) = error_words(wrong, scores, Evidence(threshold=threshold)).values()
        return text

    assert words(kind="missed") == "No blocking rule paired the two, so they were not compared."
    assert words(kind="false merge").endswith("not compared; they are one through others.")
    low, high = ("b", "a", 0.2, ""), ("a", "b", 0.8, "")
    assert words(low, kind="false merge").endswith(
        "the threshold 0.6; they are one through others."
    )
    assert words(high, kind="missed").endswith("0.6, but their groups were kept apart.")
    assert words(high, kind="missed", threshold=None) == "Probability 0.800."
