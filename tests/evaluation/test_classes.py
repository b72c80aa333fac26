"""Scores of parts of the data, held against counting every pair."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from linkage.evaluation.classes import class_scores, class_tables
from linkage.evaluation.scoring import evaluate
from linkage.records.schema import conform


def drawn(seed, n=60):
    """Gold, a prediction that errs, and two classes that overlap."""
    rng = np.random.default_rng(seed)
    ids = [f"r{k}" for k in range(n)]
    gold = pd.Series(rng.integers(0, 25, n), ids)
    predicted = gold.where(rng.random(n) < 0.7, rng.integers(0, 25, n))
    members = pd.DataFrame({"a": rng.random(n) < 0.3, "b": rng.random(n) < 0.5}, index=ids)
    return gold, predicted, members


def counted(gold, predicted, inside):
    """True, predicted and gold pairs with a side inside, one by one."""
    pairs = [p for p in combinations(gold.index, 2) if inside[p[0]] or inside[p[1]]]
    same = {p for p in pairs if gold[p[0]] == gold[p[1]]}
    joined = {p for p in pairs if predicted[p[0]] == predicted[p[1]]}
    return len(same & joined), len(joined), len(same)


@pytest.mark.parametrize("seed", range(5))
def test_a_class_counts_the_pairs_with_a_side_in_it(seed):
    gold, predicted, members = drawn(seed)
    found = class_scores(predicted, gold, members).set_index("label")
    for name in members:
        true, joined, same = counted(gold, predicted, members[name])
        row = found.loc[name]
        assert (row["ids"], row["gold_pairs"]) == (members[name].sum(), same)
        assert row["predicted_pairs"] == joined
        assert row["precision"] == pytest.approx(true / joined)
        assert row["recall"] == pytest.approx(true / same)
        assert row["low"] <= row["f1"] <= row["high"]


def test_a_class_of_everything_scores_as_the_whole():
    gold, predicted, members = drawn(7)
    whole = class_scores(predicted, gold, pd.DataFrame({"all": True}, index=gold.index)).iloc[0]
    scores = evaluate(predicted, gold)
    assert whole["f1"] == pytest.approx(scores.pairwise_f1)
    assert (whole["low"], whole["high"]) == pytest.approx(scores.intervals["pairwise_f1"])
    shuffled = class_scores(predicted[::-1], gold.sample(frac=1, random_state=1), members)
    pd.testing.assert_frame_equal(shuffled, class_scores(predicted, gold, members))


def test_labelled_pairs_and_classes_without_a_labelled_id():
    gold = pd.DataFrame(
        {"left_id": ["a", "c", "a"], "right_id": ["b", "d", "c"], "same": [1, 1, 0]}
    )
    predicted = pd.Series({"a": 1, "b": 1, "c": 1, "d": 2})
    members = pd.DataFrame({"x": [True, False], "none": [False, False]}, index=["a", "zz"])
    (row,) = class_scores(predicted, gold, members).to_dict("records")
    assert (row["label"], row["ids"]) == ("x", 1)
    assert (row["precision"], row["recall"]) == (0.5, 1)  # a b found, a c wrong, c d not counted


def records():
    table = pd.DataFrame({"record_id": list("abcdefgh"), "title": "Moss"})
    table = table.assign(
        source=["x"] * 5 + ["y"] * 3,
        year=[2001, 2001, 2002, 2003, 2004, None, 2006, 2007],
        doi=["10.1000/1", None] * 4,
        authors=[["Ann Fern", "B. Peat"]] * 6 + [["A. Fern"]] * 2,
    )
    return conform(table)


def labels(tables):
    return {table.name: table.scores["label"].tolist() for table in tables}


def test_classes_of_papers():
    truth = pd.Series(dict(zip("abcdefgh", [1, 1, 2, 2, 2, 3, 4, 5], strict=True)))
    found = labels(class_tables(truth, truth, records()))
    assert found["By size of the true group"] == ["1", "2", "3 to 5"]
    assert found["By source"] == ["x", "y"]
    assert found["By year"] == ["2001 to 2002", "2003", "2004", "2005 to 2006", "2007"]
    assert found["By missing field"] == ["no year", "no venue", "no volume", "no pages", "no DOI",
                                         "no abstract"]  # fmt: skip
    missing = class_tables(truth, truth, records())[3].scores.set_index("label")
    assert missing.loc["no DOI", ["ids", "gold_pairs"]].tolist() == [4, 3]  # a b, c d, d e
    assert set(labels(class_tables(truth, truth))) == {"By size of the true group"}


def test_classes_of_mentions():
    people = {"a#0": 1, "b#0": 1, "c#0": 2, "d#1": 3, "g#0": 4, "h#0": 4}
    truth = pd.Series(people)
    found = {table.name: table for table in class_tables(truth, truth, records())}
    ambiguity = found["By ambiguity of the name"].scores.set_index("label")
    assert ambiguity["ids"].to_dict() == {"1": 1, "3 to 5": 5}  # B. Peat; three called A. Fern
    missing = found["By what is missing"].scores.set_index("label")
    assert missing.loc["given name as initials only", "ids"] == 3
    assert missing.loc["no co-author", ["ids", "gold_pairs"]].tolist() == [2, 1]
    strangers = pd.Series({"z#0": 1, "z#1": 1, "y#0": 2})
    assert labels(class_tables(strangers, strangers, records())) == {
        "By size of the true group": ["1", "2"]
    }


def test_many_sources_are_told_by_the_largest():
    ids = [f"r{k}" for k in range(24)]
    table = pd.DataFrame(
        {"record_id": ids, "title": "T", "source": [f"s{k % 12}" for k in range(24)]}
    )
    truth = pd.Series(range(24), ids)
    assert labels(class_tables(truth, truth, conform(table)))["By source"] == [
        "s0", "s1", "s10", "s11", "s2", "s3", "s4", "s5", "4 others",
    ]  # fmt: skip
