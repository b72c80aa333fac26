"""The report of an evaluation: blocking, lost pairs, and the command that writes it."""

import pandas as pd
import pytest

from linkage import read_table
from linkage.errors import InputError
from linkage.evaluation.scoring import evaluate
from linkage.evaluation.steps import check_pairs, lost_at
from linkage.report.blocking import blocking_section
from tests.helpers.command_line import GOLD_CLUSTERS, LIBRARY, run

FOUND = "True pairs among the proposed ones"
IDS = pd.Index(list("abcdef"))
TRUTH = pd.Series({"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 3})
PAIRS = pd.DataFrame(
    [
        ("a", "b", 0.9, "", "x y"),
        ("a", "c", 0.4, "", "x"),
        ("d", "f", 0.7, "", "y"),
        ("d", "e", 0.0, "different_part", "z"),
        ("e", "f", 0.1, "", ""),  # compared only because others linked the two
    ],
    columns=["left_id", "right_id", "probability", "veto", "rules"],
)
REPORT = pd.DataFrame(
    {
        "rule": ["x", "y", "z", "w"],
        "pairs": [2, 2, 1, 0],
        "cut_by_cap": [0, 5, 0, 0],
        "unlike_titles": [0, 0, 3, 0],
    }
)


def test_blocking_counts_what_each_rule_proposes():
    found = blocking_section(PAIRS, IDS, REPORT)
    assert found.rules.to_dict("list") == {
        "rule": ["x", "y", "z", "w"],
        "pairs": [2, 2, 1, 0],
        "only_this_rule": [1, 1, 1, 0],
        "so_far": [2, 3, 4, 4],
        "cut_by_cap": [0, 5, 0, 0],
        "unlike_titles": [0, 0, 3, 0],
    }
    assert dict(found.facts) == {
        "Pairs of records there are": "15",
        "Pairs that the rules propose": "4: 26.7 % of them, 0.7 a record",
        "Compared besides, since others link the two": "1",
    }
    counts = dict(found.per_record)
    assert (counts["0"], counts["1"], counts["2"], sum(counts.values())) == (0, 4, 2, 6)


def test_blocking_against_gold_has_intervals():
    found = blocking_section(PAIRS, IDS, REPORT, TRUTH)
    assert found.rules["completeness"].tolist() == [0.5, 0.25, 0.25, 0]  # of four true pairs
    assert found.rules["completeness_so_far"].tolist() == [0.5, 0.5, 0.75, 0.75]
    assert (found.rules["low"] <= found.rules["completeness"]).all()
    assert (found.rules["high"] >= found.rules["completeness"]).all()
    told = dict(found.facts)[FOUND]
    assert told.startswith("3 of 4 (95 % from 0.667 to 1.000, bootstrap")
    labelled = pd.DataFrame({"left_id": ["b", "b"], "right_id": ["a", "c"], "same": [1, 1]})
    labelled.loc[2] = ["d", "f", 0]
    of_labels = blocking_section(PAIRS, IDS, REPORT, labelled)
    assert of_labels.rules["completeness"].tolist() == [0.5, 0.5, 0, 0]


def test_where_no_true_pair_is_missed_wilson_says_what_may_be():
    truth = pd.Series({"a": 1, "b": 1, "c": 2, "d": 3, "e": 3, "f": 4})
    told = dict(blocking_section(PAIRS, IDS, REPORT, truth).facts)[FOUND]
    assert told == "2 of 2 (95 % from 0.342 to 1, Wilson's interval over 2 true groups)"


def test_blocking_of_pairs_alone():
    found = blocking_section(PAIRS, IDS)
    assert found.rules["rule"].tolist() == ["x", "y", "z"]  # those with most pairs first
    assert "cut_by_cap" not in found.rules
    assert blocking_section(PAIRS.drop(columns="rules"), IDS) is None
    assert blocking_section(PAIRS.assign(rules=None), IDS) is None
    nothing = blocking_section(PAIRS.head(0), IDS, REPORT, TRUTH)
    assert nothing.rules["completeness"].tolist() == [0, 0, 0, 0]
    assert dict(nothing.per_record)["0"] == 6


def test_every_wrong_pair_is_lost_at_one_step():
    clusters = pd.Series({"a": 1, "b": 1, "c": 2, "d": 3, "f": 3, "e": 4})
    scores = evaluate(clusters, TRUTH)
    steps = lost_at(clusters, TRUTH, scores, PAIRS, 0.6)
    assert [(step.step, step.missed, step.merged) for step in steps] == [
        ("never compared", 1, 0),  # b c
        ("kept apart by the rule “different part”", 1, 0),  # d e
        ("scored under the threshold 0.6", 1, 0),  # a c
        ("scored at or over the threshold 0.6", 0, 1),  # d f
    ]
    assert steps[1].meaning
    assert sum(step.missed for step in steps) == scores.n_gold_pairs - scores.n_true_pairs
    assert sum(step.merged for step in steps) == scores.n_predicted_pairs - scores.n_true_pairs


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"probability": 2}, "found the probability 2"),
        ({"probability": "x"}, "found the probability 'x'"),
        ({"left_id": "zz"}, "found the id 'zz', expected ids of the result only"),
        ({"left_id": "a", "right_id": "b"}, "found the pair 'a', 'b' twice"),
        ({"right_id": None}, "a pair with a missing id"),
    ],
)
def test_pairs_that_can_not_be_evidence(changed, told):
    with pytest.raises(InputError, match=f"P: .*{told}"):
        check_pairs(PAIRS.assign(**changed), IDS, "P")


def test_pairs_without_probability():
    with pytest.raises(InputError, match=r"P: found the columns left_id, .*expected probability"):
        check_pairs(PAIRS.drop(columns="probability"), IDS, "P")
    check_pairs(PAIRS, IDS, "P")


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """A result with one error put in, and the pairs it came from."""
    out = tmp_path_factory.mktemp("evaluated")
    run("papers", LIBRARY, "-o", out / "papers.csv", "--pairs", out / "pairs.csv")
    clusters = read_table(out / "papers.csv")
    clusters.loc[clusters["record_id"] == "a2", "cluster_id"] = "a2"
    clusters.to_csv(out / "wrong.csv", index=False)
    return out


def page(out, *words):
    run("evaluate", out / "wrong.csv", GOLD_CLUSTERS, "--report", out / "r.html", *words)
    return (out / "r.html").read_text(encoding="utf-8")


def test_evaluate_shows_records_scores_and_steps(linked):
    html = page(linked, "--records", LIBRARY, "--pairs", linked / "pairs.csv")
    for text in (
        "<dd dir=\"auto\">papers_publication</dd>", "the model&#39;s", "By missing field",
        "At which step pairs went wrong", "What another threshold would give",
        "How the score of these two", "Which pairs were compared",
        "but their groups were kept apart",
    ):  # fmt: skip
        assert text in html


def test_evaluate_with_pairs_alone_says_what_it_assumed(linked):
    html = page(linked, "--pairs", linked / "pairs.csv")
    assert "0.5 (assumed: none was given, and the model is not known)" in html
    assert "How the score of these two" not in html
    assert "By missing field" not in html
    given = page(linked, "--pairs", linked / "pairs.csv", "--threshold", "0.999")
    assert "0.999 (given)" in given


def test_evaluate_with_records_alone_claims_nothing_of_the_pairs(linked):
    html = page(linked, "--records", LIBRARY)
    assert "By missing field" in html
    for text in ("At which step", "Which pairs were compared", "How the score of these two"):
        assert text not in html


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--records", LIBRARY], "go with --report"),
        (["--report", "x.html", "--threshold", "0.5"], "--threshold goes with --pairs"),
    ],
)
def test_options_that_do_not_go_together(linked, words, told):
    done = run("evaluate", linked / "wrong.csv", GOLD_CLUSTERS, *words, code=2)
    assert told in " ".join(done.stderr.replace("│", " ").split())


def test_records_and_pairs_of_another_library(linked, tmp_path):
    (tmp_path / "other.csv").write_text("record_id,title\nzz,Moss\n", encoding="utf-8")
    words = ["evaluate", linked / "wrong.csv", GOLD_CLUSTERS, "--report", tmp_path / "r.html"]
    done = run(*words, "--records", tmp_path / "other.csv", code=1)
    assert "found other record ids, expected those of the result, such as 'a1'" in done.stderr
    pairs = read_table(linked / "pairs.csv").assign(left_id="zz")
    pairs.to_csv(tmp_path / "pairs.csv", index=False)
    done = run(*words, "--pairs", tmp_path / "pairs.csv", code=1)
    assert f"{tmp_path / 'pairs.csv'}: found the id 'zz'" in done.stderr
    assert not (tmp_path / "r.html").exists()
