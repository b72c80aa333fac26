"""The speed benchmark: the real command on a few made-up records, without any other tool."""

import json
import logging
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linkage.benchmarks.commands import benchmark
from linkage.benchmarks.measuring.machine import cpu_model
from linkage.benchmarks.measuring.measure import Usage, measure
from linkage.benchmarks.page.page import html_page, read_results
from linkage.benchmarks.peers import tools as peers
from linkage.benchmarks.peers.tools import Installation, Peer
from linkage.benchmarks.speed import protocol as speed
from linkage.benchmarks.speed.plot import check_plot_library, svg
from linkage.benchmarks.speed.protocol import benchmark_speed, growth, whole_stages
from linkage.benchmarks.speed.stages import FIRST, StageClock
from linkage.benchmarks.speed.tables import markdown
from linkage.benchmarks.synthetic.records import synthetic_records
from linkage.errors import InputError, LinkageError
from linkage.tables.files import write_table

STAGES = ["starting", "reading", "preparing", "blocking", "comparing", "clustering", "ending"]
BY_TITLE = """
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
with open(sys.argv[2] + "/clusters.csv", "w") as out:
    out.write("record_id,all apart,default\\n")
    for row in rows:
        out.write(f"{row['record_id']},{row['record_id']},{row['title'].lower()[:25]!a}\\n")
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A folder of records that stand for real ones; there is no gold standard."""
    folder = tmp_path_factory.mktemp("real") / "shelf"
    folder.mkdir()
    write_table(synthetic_records(50, 5)[0], folder / "records.jsonl")
    return folder


@pytest.fixture(scope="module")
def results(real, tmp_path_factory):
    folder = tmp_path_factory.mktemp("peer")
    (folder / "peer.py").write_text(BY_TITLE)
    peer = Peer("Splink", ("splink==5.*",), "peer.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peers, "_SCRIPTS", folder)
        patch.setattr(speed, "PEER_SIZES", {"Splink": 200})
        patch.setattr(speed, "_START_UP", 100)
        patch.setattr(speed, "_REPEATS", 2)
        installed = Installation(peer, Path(sys.executable), "5.0", None)
        return benchmark_speed([400, 200], [real], [installed], 120)


def without_costs(runs):
    return [run | {"cost": None, "stages": None} for run in runs]


class TestProtocol:
    def test_every_size_is_run_and_peers_where_they_can(self, results):
        done = [(run["set"], run["system"], run["made_up"]) for run in results["runs"]]
        assert done == [
            ("200", "biblinkage", True),
            ("200", "Splink", True),
            ("400", "biblinkage", True),
            ("shelf", "biblinkage", False),
            ("shelf", "Splink", False),
        ]
        assert [run["failure"] for run in results["runs"]] == [None] * 5

    def test_ours_is_timed_stage_by_stage(self, results):
        for run in results["runs"]:
            assert run["cost"]["cpu_seconds"] > 0
            assert run["cost"]["all_processes_mb"] >= run["cost"]["peak_mb"] > 0
            if run["system"] == "biblinkage":
                assert [stage["stage"] for stage in run["stages"]] == STAGES

    @pytest.mark.parametrize(("told", "ending"), [(1.5, 0.5), (2.5, 0.0)])
    def test_the_last_stage_is_what_the_others_leave(self, told, ending):
        # the kernel's two clocks need not agree: stages may have more than the whole process
        stages = [{"stage": "reading", "seconds": told, "cpu_seconds": told}]
        usage = Usage(0, 2.0, 2.0, 1.0, 1.0, False, "")
        assert whole_stages(stages, usage) == [
            *stages,
            {"stage": "ending", "seconds": ending, "cpu_seconds": ending},
        ]

    def test_scores_are_those_of_the_known_clusters(self, results):
        for run in results["runs"]:
            if run["made_up"] and run["system"] == "biblinkage":
                assert run["scores"]["pairwise_f1"] > 0.95
                assert run["blocking"]["pairs_completeness"] > 0.95
                assert 0.3 < run["blocking"]["pairs_per_record"] < 20
            elif run["made_up"]:
                assert 0.5 < run["scores"]["pairwise_f1"] < 1  # the last of its clusterings
            else:
                assert run["scores"] is None

    def test_start_up_and_growth(self, results):
        assert (results["start_up"]["records"], results["start_up"]["runs"]) == (100, 2)
        assert results["start_up"]["cost"]["cpu_seconds"] > 0
        assert results["growth"]["biblinkage"] is not None
        assert results["growth"]["Splink"] is None  # one size tells nothing

    def test_a_run_that_fails_is_told_not_scored(self, monkeypatch):
        usage = measure([sys.executable, "-c", "import sys; sys.exit('out of luck')"], 60)
        monkeypatch.setattr(speed, "measure", lambda command, limit: usage)
        monkeypatch.setattr(speed, "_start_up", lambda limit: None)
        (run,) = benchmark_speed([20])["runs"]
        assert (run["failure"], run["scores"], run["stages"]) == ("out of luck", None, None)

    def test_two_runs_must_agree(self, monkeypatch):
        found = iter(["a", "b"])

        def link(one, folder, limit, *options):
            table = one.clusters().reset_index().assign(cluster_id=next(found))
            write_table(table, folder / "clusters.parquet")
            return {"failure": None, "cost": {}, "stages": []}

        monkeypatch.setattr(speed, "_link", link)
        monkeypatch.setattr(speed, "_start_up", lambda limit: None)
        with pytest.raises(LinkageError, match="20 records: found other clusters in the second"):
            benchmark_speed([20])


def run_of(records, cpu, **more):
    costs = {"seconds": 1.0, "cpu_seconds": cpu, "all_processes_mb": 1500}
    run = {"set": str(records), "records": records, "system": "x", "made_up": True}
    parts = dict.fromkeys(["failure", "threshold", "stages", "scores", "blocking"])
    return run | parts | {"cost": costs} | more


class TestGrowth:
    def test_a_power_law_gives_its_power(self):
        runs = [run_of(n, 3 * n**1.5) for n in (10, 100, 1000)]
        assert growth(runs) == {"x": 1.5}

    def test_failures_and_real_sets_do_not_count(self):
        odd = [run_of(50, 1e6, made_up=False), run_of(60, 1e6, failure="no memory")]
        assert growth([run_of(10, 1), run_of(100, 10), *odd]) == {"x": 1.0}
        assert growth([run_of(10, 1), *odd]) == {"x": None}


class TestStages:
    def test_a_stage_that_comes_again_is_added_up(self, monkeypatch):
        moments = iter([(10.0, 1.0), (12.0, 2.0), (15.0, 4.0), (16.0, 4.5), (20.0, 8.0)])
        clock = StageClock(9.0)
        monkeypatch.setattr("linkage.benchmarks.speed.stages._now", lambda: next(moments))
        for words in ("blocking 3", "comparing 7 pairs", "blocking 4", "comparing 1 pair"):
            clock.emit(logging.LogRecord("x", logging.INFO, "", 0, words, None, None))
        assert clock.stages() == [
            {"stage": FIRST, "seconds": 1.0, "cpu_seconds": 1.0},
            {"stage": "blocking", "seconds": 3.0, "cpu_seconds": 1.5},
            {"stage": "comparing", "seconds": 7.0, "cpu_seconds": 5.5},
        ]


class TestCommand:
    def test_it_writes_the_same_json_again_its_tables_and_a_plot(
        self, results, real, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(speed, "_start_up", lambda limit: results["start_up"])
        path = tmp_path / "speed.json"
        options = ["speed", "--sizes", "200", "--data", str(real), "-o", str(path)]
        done = CliRunner().invoke(benchmark, options)
        assert done.exit_code == 0, done.output
        again = json.loads(path.read_text())
        assert (again["machine"], again["versions"]) == (results["machine"], results["versions"])
        first = [
            run
            for run in results["runs"]
            if run["system"] == "biblinkage" and run["set"] in ("200", "shelf")
        ]
        assert without_costs(again["runs"]) == without_costs(json.loads(json.dumps(first)))
        assert path.with_suffix(".md").read_text() == markdown(again)
        assert path.with_suffix(".svg").read_bytes() == svg(again)
        assert str(tmp_path) not in path.read_text()
        assert markdown(again).count("| biblinkage |") == 2
        assert "How long it takes" in html_page(read_results([path]))

    @pytest.mark.parametrize("sizes", ["", "ten", "0", "200,200", "-5"])
    def test_sizes_are_checked(self, sizes):
        done = CliRunner().invoke(benchmark, ["speed", "--sizes", sizes])
        assert isinstance(done.exception, InputError)
        assert "found the sizes" in str(done.exception)

    def test_what_is_missing_is_told_before_the_work(self, tmp_path, monkeypatch):
        with pytest.raises(InputError, match=r"found no records\.parquet"):
            benchmark_speed([10], [tmp_path])
        other = Installation(Peer("Other", ("other==1.*",), "peer.py"), Path("python"), "1", None)
        with pytest.raises(InputError, match="found the peer Other, expected one of Splink"):
            benchmark_speed([10], [], [other])
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        with pytest.raises(InputError, match="matplotlib is not installed"):
            check_plot_library()
        options = ["speed", "--sizes", "10", "-o", str(tmp_path / "speed.json")]
        assert isinstance(CliRunner().invoke(benchmark, options).exception, InputError)
        assert list(tmp_path.iterdir()) == []


class TestTables:
    def test_a_failure_and_a_threshold_picked_on_the_answer_are_told(self, results):
        scores = {"pairwise_precision": 1.0, "pairwise_recall": 0.5, "pairwise_f1": 2 / 3}
        best = run_of(1000, 2.0, threshold=0.95, scores=scores)
        failed = run_of(1000, None, failure="not done after 9 s", cost=None)
        text = markdown(results | {"runs": [best, failed]})
        picked = "x, best threshold picked on the answer"
        assert f"| 1,000 | {picked} | 1.0 | 2.0 | 1,500 | – | – | 1.0000 | .5000 | .6667 |" in text
        assert "| 1,000 | x (not done after 9 s) | – | – | – |" in text

    def test_the_plot_has_a_line_a_system_and_no_date(self, results):
        drawn = svg(results).decode()
        assert drawn == svg(results).decode()
        for told in ("biblinkage", "Splink", "CPU seconds", "memory (MB)", "records"):
            assert f">{told}</text>" in drawn
        assert "<dc:date>" not in drawn


class TestMemoryAndInterrupts:
    @pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
    def test_processes_that_run_at_once_are_added_up(self):
        hold = "import time; x = b'x' * 150_000_000; time.sleep(2)"
        both = (
            "import subprocess, sys; x = b'x' * 150_000_000\n"
            f"subprocess.run([sys.executable, '-c', {hold!r}])"
        )
        usage = measure([sys.executable, "-c", both], 60)
        assert usage.peak_mb < 200
        assert 300 < usage.all_mb < 400

    def test_an_interrupt_ends_what_runs_and_leaves_no_files(self, tmp_path):
        (tmp_path / "tmp").mkdir()
        began = tmp_path / "began"
        work = f"import pathlib, time; pathlib.Path({str(began)!r}).touch(); time.sleep(600)"
        script = (
            "import sys\nfrom linkage.benchmarks.speed import protocol as speed\n"
            f"link = lambda *a: speed.measure([sys.executable, '-c', {work!r}], 600)\n"
            "speed._start_up = lambda limit: None\nspeed._link = link\nspeed.benchmark_speed([20])"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script],
            env={"TMPDIR": str(tmp_path / "tmp"), "PATH": ""},
            stderr=subprocess.PIPE,
        )
        while not began.exists():
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert b"KeyboardInterrupt" in process.communicate(timeout=60)[1]
        assert list((tmp_path / "tmp").iterdir()) == []
        assert not running(work)

    def test_what_runs_is_ended_also_when_the_benchmark_is_killed(self, tmp_path):
        began = tmp_path / "began"
        work = f"import pathlib, time; pathlib.Path({str(began)!r}).touch(); time.sleep(601)"
        script = (
            "import sys\nfrom linkage.benchmarks.measuring.measure import Usage, measure\n"
            f"measure([sys.executable, '-c', {work!r}], 600)"
        )
        with subprocess.Popen([sys.executable, "-c", script]) as process:
            while not began.exists():
                assert process.poll() is None
                time.sleep(0.05)
            process.kill()
        until = time.monotonic() + 20
        while running(work) and time.monotonic() < until:
            time.sleep(0.1)
        assert not running(work)


def running(words):
    """Whether a process has these words in its command line (Linux; elsewhere no)."""
    lines = (path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists())
    return any(words.encode() in line for line in lines)


def test_the_model_of_the_processor_is_the_kernels(tmp_path):
    (tmp_path / "cpuinfo").write_text("processor: 0\nmodel name\t: Abacus 3000\n")
    assert cpu_model(tmp_path / "cpuinfo") == "Abacus 3000"
    assert cpu_model(tmp_path / "absent")
