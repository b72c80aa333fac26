"""What changed between two runs, and whether the difference to gold is more than chance."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.errors import InputError
from linkage.evaluation.runs import compare_runs
from linkage.evaluation.scoring import evaluate
from tests.helpers.command_line import GOLD_CLUSTERS, run, start


def clustering(text):
    """`ab c` -> {a: ab, b: ab, c: c}."""
    return pd.Series({one: group for group in text.split() for one in group}, dtype=object)


FIRST = clustering("ab c def gh ij kl m x")
SECOND = clustering("abc d ef gi hj kl m y")


def test_changes_are_merged_split_and_moved():
    found = compare_runs(FIRST, SECOND)
    assert found.changes.to_numpy().tolist() == [
        ["moved", [["g", "h"], ["i", "j"]], [["g", "i"], ["h", "j"]]],
        ["merged", [["a", "b"], ["c"]], [["a", "b", "c"]]],
        ["split", [["d", "e", "f"]], [["d"], ["e", "f"]]],
    ]
    assert (found.n_ids, found.n_only_first, found.n_only_second) == (13, 1, 1)
    assert found.n_unchanged_clusters == 2
    assert (found.n_joined, found.n_parted) == (4, 4)
    assert found.counts().to_numpy().tolist() == [
        ["merged", 1, 2, 1, 3],
        ["split", 1, 1, 2, 3],
        ["moved", 1, 2, 2, 4],
    ]
    assert found.tests == []


def labels():
    return st.lists(st.integers(0, 6), min_size=30, max_size=30)


@settings(max_examples=40, deadline=None)
@given(labels(), labels(), st.randoms())
def test_pairs_add_up_and_neither_names_nor_order_matter(first, second, random):
    ids = [f"r{k:02}" for k in range(30)]
    a, b = pd.Series(first, index=ids), pd.Series(second, index=ids)
    found = compare_runs(a, b)
    apart = np.triu(np.ones((30, 30), bool), 1)
    in_a, in_b = (np.equal.outer(x, x) & apart for x in (np.array(first), np.array(second)))
    assert found.n_joined == (in_b & ~in_a).sum()
    assert found.n_parted == (in_a & ~in_b).sum()
    mixed = random.sample(ids, 30)
    again = compare_runs(a[mixed].map("cluster {}".format), b[ids[::-1]])
    assert again.to_dict() == found.to_dict()
    assert compare_runs(a, a).changes.empty
    back = compare_runs(b, a)
    assert (back.n_joined, back.n_parted) == (found.n_parted, found.n_joined)
    turned = back.counts().set_index("change").rename({"merged": "split", "split": "merged"})
    assert turned["places"].to_dict() == found.counts().set_index("change")["places"].to_dict()


def runs(errors_first, errors_second, n=200, seed=0):
    """Gold of n pairs, and two runs that break so many of them at random."""
    rng = np.random.default_rng(seed)
    ids = [f"{k:03}{side}" for k in range(n) for side in "ab"]
    gold = pd.Series([one[:-1] for one in ids], index=ids, dtype=object)
    broken = (set(rng.choice(n, size=k, replace=False)) for k in (errors_first, errors_second))
    made = [pd.Series([i if int(i[:-1]) in out else i[:-1] for i in ids], ids) for out in broken]
    return *made, gold


def test_scores_are_those_of_evaluate():
    first, second, gold = runs(60, 20)
    for test in compare_runs(first, second, gold).tests:
        assert test.first == getattr(evaluate(first, gold), test.measure)
        assert test.second == getattr(evaluate(second, gold), test.measure)
        assert test.difference == test.second - test.first
        assert test.low < test.difference < test.high


def test_a_clear_difference_is_found_and_none_is_not():
    better = compare_runs(*runs(60, 20)).tests
    assert all(test.p_value < 0.01 and test.low > 0 for test in better)
    first, _, gold = runs(60, 60)
    for test in compare_runs(first, first, gold).tests:
        assert (test.difference, test.low, test.high, test.p_value) == (0, 0, 0, 1)


def test_runs_of_one_quality_rarely_differ():
    """In at most 11 of 100: 5 are expected, and more than 11 come once in 230 such tests."""
    found = [compare_runs(*binomial_runs(seed), n_bootstrap=500).tests[0] for seed in range(100)]
    assert 0 < sum(test.p_value < 0.05 for test in found) <= 11


def binomial_runs(seed):
    rng = np.random.default_rng(seed)
    return runs(*rng.binomial(200, 0.15, size=2), seed=seed)


def test_labelled_pairs_test_the_pairwise_score_only():
    gold = pd.DataFrame({"left_id": list("acdg"), "right_id": list("bdeh"), "same": [1, 0, 1, 1]})
    (test,) = compare_runs(FIRST, SECOND, gold).tests
    assert test.measure == "pairwise_f1"
    assert (test.first, test.second) == (1, 0.5)


@pytest.mark.parametrize(
    ("first", "second", "gold", "told"),
    [
        (pd.concat([FIRST, FIRST]), SECOND, None, "the first run names the id 'a' more than once"),
        (FIRST, SECOND.replace("m", None), None, "the second run: found no cluster for 'm'"),
        (FIRST, clustering("z"), None, "no id in common"),
        (FIRST, SECOND, FIRST, "gold names 'x', which the second run does not have"),
    ],
)
def test_what_can_not_be_compared_is_refused(first, second, gold, told):
    with pytest.raises(InputError) as error:
        compare_runs(first, second, gold)
    assert told in str(error.value)


@pytest.fixture
def old(tmp_path):
    """A run that split the otters and merged the herons."""
    table = pd.read_csv(GOLD_CLUSTERS, dtype=str)
    wrong = {"a1": "a1", "a2": "a2", "c1": "herons", "c2": "herons"}
    table["cluster_id"] = table["record_id"].map(wrong).fillna(table["cluster_id"])
    table.to_csv(tmp_path / "old.csv", index=False)
    return tmp_path / "old.csv"


def test_the_command_prints_what_changed(old):
    printed = start("evaluate", old, GOLD_CLUSTERS, "--gold", GOLD_CLUSTERS).stdout
    lines = [line.replace("│", " ").split() for line in printed.splitlines()]
    assert ["merged", "1", "2", "1", "2"] in lines
    assert ["split", "1", "1", "2", "2"] in lines
    assert ["merged", "a1", "|", "a2", "a1,", "a2"] in lines
    assert any(line[:2] == ["pairwise", "F1"] and line[3] == "1.0000" for line in lines)
    assert "nan" not in printed


def test_the_command_prints_pure_json(old):
    done = start("evaluate", old, GOLD_CLUSTERS, "--gold", GOLD_CLUSTERS, "--json")
    found = json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert [change["change"] for change in found["changes"]] == ["merged", "split"]
    assert found["tests"][0]["second"] == 1


def test_the_command_names_its_files_and_refuses_odd_mixtures(old):
    lacking = old.with_name("lacking.csv")
    lacking.write_text("record_id,cluster_id\na1,x\n", encoding="utf-8")
    told = run("evaluate", lacking, old, "--gold", GOLD_CLUSTERS, code=1).stderr
    assert "lacking.csv" in told
    assert "'a2', which the first run does not have" in told
    assert "Usage" in run("evaluate", old, "--gold", GOLD_CLUSTERS, code=2).stderr
    page = old.with_name("page.html")
    mixed = ["evaluate", old, old, "--gold", GOLD_CLUSTERS, "--report", page]
    assert "Usage" in run(*mixed, code=2).stderr
    assert not page.exists()
