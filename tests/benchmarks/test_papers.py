"""Benchmarks: on small invented sets, without any other tool installed."""

import json
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from linkage.benchmarks.commands import benchmark
from linkage.benchmarks.measuring.measure import measure
from linkage.benchmarks.papers.protocol import averages, benchmark_papers
from linkage.benchmarks.papers.scores import best_threshold, given_pair_scores, linked_at
from linkage.benchmarks.papers.sets import find_sets, labelled_examples, training_sets
from linkage.benchmarks.papers.tables import markdown
from linkage.errors import InputError
from tests.helpers.benchmark_sets import invented_papers, write_clusters, write_split
from tests.helpers.trees import few_trees

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "linkage" / "benchmarks"


@pytest.fixture(scope="module")
def results(labelled_sets):
    with few_trees():
        return benchmark_papers(labelled_sets, work=["paired", "shared"])


def without_costs(results):
    return results | {"runs": [run | {"cost": None} for run in results["runs"]]}


def run_of(results, name, protocol="end to end"):
    found = [r for r in results["runs"] if r["set"] == name and r["protocol"] == protocol]
    assert len(found) == 1
    return found[0]


class TestSets:
    def test_every_labelled_folder_is_found_in_order_of_name(self, labelled_sets):
        found = [
            (s.name, s.level, s.has_split) for s in find_sets(labelled_sets, ["paired", "shared"])
        ]
        assert found == [
            ("first", "publication", False),
            ("paired", "work", True),
            ("second", "publication", False),
            ("shared", "work", False),
        ]

    def test_works_learn_from_all_levels_and_nobody_from_a_set_that_shares_a_record(
        self, labelled_sets
    ):
        by_name = {s.name: s for s in find_sets(labelled_sets, ["shared"])}
        teachers = {
            name: [other.name for other in training_sets(one, list(by_name.values()))]
            for name, one in by_name.items()
        }
        assert teachers == {
            "first": ["paired", "second"],
            "paired": ["first", "second"],
            "second": ["first", "paired"],
            "shared": ["first", "second"],
        }
        by_name = {s.name: s for s in find_sets(labelled_sets)}
        others = training_sets(by_name["paired"], list(by_name.values()))
        assert [other.name for other in others] == ["first", "second"]

    def test_a_work_that_is_no_set_is_an_error(self, labelled_sets):
        with pytest.raises(InputError, match="no labelled set 'thrid', expected one of first"):
            find_sets(labelled_sets, ["thrid"])

    def test_a_folder_without_sets_is_an_error(self, tmp_path):
        with pytest.raises(InputError, match="found no folder with records and gold"):
            find_sets(tmp_path)
        with pytest.raises(InputError, match="no such folder"):
            find_sets(tmp_path / "absent")

    def test_a_split_needs_its_validation_pairs(self, tmp_path):
        write_split(tmp_path / "half", invented_papers(1))
        (tmp_path / "half" / "splits" / "valid.csv").unlink()
        with pytest.raises(InputError, match=r"valid\.csv: no such file"):
            find_sets(tmp_path)

    def test_examples_carry_true_labels_half_and_half(self, labelled_sets):
        sets = find_sets(labelled_sets)
        examples = labelled_examples([s for s in sets if s.name in ("first", "second")], 20)
        assert examples["same"].sum() == 20
        assert len(examples) == 40
        assert set(examples["name"]) == {"first", "second"}
        for name, group in examples.groupby("name"):
            gold = next(s.gold for s in sets if s.name == name)
            left, right = (gold.loc[group[side]].to_numpy() for side in ("left_id", "right_id"))
            assert ((left == right) == group["same"].to_numpy()).all()

    def test_examples_do_not_depend_on_the_order_of_records(self, labelled_sets, tmp_path):
        papers = invented_papers(1)
        write_clusters(tmp_path / "first", papers.sample(frac=1, random_state=3))
        usual = labelled_examples(find_sets(labelled_sets)[:1], 10)
        shuffled = labelled_examples(find_sets(tmp_path), 10)
        pd.testing.assert_frame_equal(usual, shuffled)


class TestProtocol:
    def test_each_set_is_linked_by_a_model_of_the_others(self, results):
        for name, teacher in {"first": "second", "second": "first"}.items():
            run = run_of(results, name)
            assert run["trained_on"] == [teacher]
            assert run["failure"] is None
            assert run["scores"]["pairwise_f1"] > 0.9
            assert run["blocking"]["pairs_completeness"] == 1
            low, high = run["intervals"]["pairwise_f1"]
            assert low <= run["scores"]["pairwise_f1"] <= high

    def test_a_set_without_a_teacher_is_reported_not_scored(self, labelled_sets, tmp_path):
        shutil.copytree(labelled_sets / "first", tmp_path / "first")
        run = run_of(benchmark_papers(tmp_path), "first")
        assert run["failure"] == "no other set of this level to train on"
        assert run["scores"] is None

    def test_an_official_split_is_scored_on_its_validation_pairs(self, results):
        run = run_of(results, "paired", "given pairs")
        assert run["trained_on"] == ["paired"]
        assert run["scores"]["pairwise_f1"] > 0.9
        assert run["scores"]["record_precision"] is None

    def test_averages_are_over_the_sets_of_a_level(self, results):
        f1 = [run_of(results, name)["scores"]["pairwise_f1"] for name in ("first", "second")]
        average = next(a for a in results["averages"] if a["level"] == "publication")
        assert average["n_sets"] == 2
        assert average["scores"]["pairwise_f1"] == pytest.approx(sum(f1) / 2)

    @pytest.mark.slow  # the whole protocol once more
    def test_the_command_writes_the_same_json_again_and_the_tables_of_it(
        self, labelled_sets, results, tmp_path
    ):
        path = tmp_path / "result.json"
        options = ["papers", "--data", str(labelled_sets), "-o", str(path)]
        options += ["--work", "paired", "--work", "shared"]
        with few_trees():
            done = CliRunner().invoke(benchmark, options)
        assert done.exit_code == 0, done.output
        again = json.loads(path.read_text())
        assert without_costs(again) == without_costs(json.loads(json.dumps(results)))
        assert path.with_suffix(".md").read_text() == markdown(again)
        assert str(labelled_sets) not in path.read_text()

    def test_the_output_is_checked_before_the_work(self, labelled_sets, tmp_path):
        for path in (tmp_path / "result.txt", tmp_path / "absent" / "result.json"):
            done = CliRunner().invoke(
                benchmark, ["papers", "--data", str(labelled_sets), "-o", str(path)]
            )
            assert isinstance(done.exception, InputError)


def test_averages_leave_out_what_failed_and_what_is_undefined():
    names = ("pairwise_precision", "pairwise_recall", "pairwise_f1", "record_precision")
    base = {"level": "work", "system": "x", "protocol": "end to end", "failure": None}
    good = base | {"scores": dict.fromkeys(names, 0.5) | {"record_precision": None}}
    failed = base | {"scores": None, "failure": "no memory"}
    (average,) = averages([good, failed])
    assert average["n_sets"] == 1
    assert average["scores"]["pairwise_f1"] == 0.5
    assert average["scores"]["record_precision"] is None
    assert averages([failed]) == []


class TestMeasure:
    def test_the_memory_of_this_process_does_not_count(self):
        ballast = b"x" * 300_000_000
        usage = measure([sys.executable, "-c", "pass"], 60)
        assert usage.peak_mb < len(ballast) / 1e6 / 2
        assert usage.exit_code == 0

    def test_the_memory_of_the_command_does(self):
        usage = measure([sys.executable, "-c", "x = b'x' * 200_000_000"], 60)
        assert usage.peak_mb > 200

    def test_cpu_time_of_child_processes_counts(self):
        burn = "import time\nwhile time.process_time() < 0.5: pass"
        parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
        assert measure([sys.executable, "-c", parent], 60).cpu_seconds >= 0.5

    def test_what_takes_too_long_is_ended(self):
        usage = measure([sys.executable, "-c", "import time; time.sleep(600)"], 1)
        assert usage.timed_out
        assert usage.exit_code != 0

    def test_the_last_words_of_what_fails_are_kept(self):
        usage = measure([sys.executable, "-c", "import sys; sys.exit('first\\nno such thing')"], 60)
        assert (usage.exit_code, usage.complaint) == (1, "no such thing")


class TestScores:
    IDS = pd.Index(["a", "b", "c", "d"])
    PAIRS = pd.DataFrame(
        [("a", "b", 0.97), ("b", "c", 0.6), ("c", "d", 0.02)],
        columns=["left_id", "right_id", "probability"],
    )

    def test_pairs_are_linked_from_the_threshold_on(self):
        clusters = linked_at(self.PAIRS, self.IDS, 0.6)
        assert clusters["a"] == clusters["b"] == clusters["c"] != clusters["d"]

    def test_the_best_threshold_is_the_lowest_that_scores_best(self):
        gold = pd.Series(["1", "1", "2", "3"], index=self.IDS)
        threshold, clusters = best_threshold(self.PAIRS, self.IDS, gold)
        assert threshold == 0.7
        assert clusters["a"] == clusters["b"] != clusters["c"]

    def test_given_pairs_are_scored_as_they_are_not_closed(self):
        pairs = pd.DataFrame(
            [("a", "b", 1), ("b", "c", 1), ("a", "c", 0), ("c", "d", 0)],
            columns=["left_id", "right_id", "label"],
        )
        found = given_pair_scores(pairs, pd.Series([0.9, 0.2, 0.1, 0.8]), 0.5)
        assert found["scores"]["pairwise_precision"] == 0.5
        assert found["scores"]["pairwise_recall"] == 0.5


RUN = {
    "set": "one",
    "level": "publication",
    "system": "x",
    "protocol": "end to end",
    "failure": None,
    "cost": {"seconds": 1.26, "cpu_seconds": 2, "peak_mb": 99},
    "scores": {
        "pairwise_precision": 1.0,
        "pairwise_recall": 0.99504,
        "pairwise_f1": 0.99751,
        "record_precision": None,
    },
    "intervals": {"pairwise_f1": [0.99, 1.0], "record_precision": [None, None]},
    "blocking": {"pairs_completeness": 0.9991, "pairs_per_record": 3.04},
}


class TestTables:
    def results(self, *runs):
        return {
            "settings": {"time_limit_seconds": 900.0},
            "machine": {"processors": 2, "system": "Linux"},
            "versions": {"python": "3.12.1"},
            "peers": {"Other": "2.0", "Absent": None},
            "runs": list(runs),
            "averages": averages(runs),
        }

    def test_scores_have_intervals_and_no_leading_zero(self):
        text = markdown(self.results(RUN))
        assert (
            "| one | x | 1.0000 | .9950 | .9975 [.9900, 1.0000] | – | .9991 | 3.0 | 1.3 |" in text
        )
        assert "| x | .9975 | .9975 | – | 2 |" in text
        assert "Other 2.0" in text
        assert "Absent" not in text

    def test_a_failure_is_told_and_its_mean_is_of_fewer_sets(self):
        failed = RUN | {"set": "two", "failure": "no | memory", "scores": None, "cost": None}
        text = markdown(self.results(RUN, failed))
        assert "| two | x | no \\| memory | – |" in text
        assert "| x | .9975 | – | .9975 (of 1) | – (of 1) | over 2 |" in text
