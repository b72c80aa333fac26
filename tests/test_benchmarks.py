"""Benchmarks: on small invented sets, without any other tool installed."""

import ast
import importlib
import json
import random
import shutil
import sys
import types
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from typer.testing import CliRunner

from linkage.benchmarks import peers
from linkage.benchmarks.commands import benchmark
from linkage.benchmarks.measure import measure
from linkage.benchmarks.papers import averages, benchmark_papers
from linkage.benchmarks.peers import Installation, Peer, peer_records, peer_rows, scored_output
from linkage.benchmarks.scores import best_threshold, given_pair_scores, linked_at
from linkage.benchmarks.sets import find_sets, labelled_examples, training_sets
from linkage.benchmarks.tables import markdown
from linkage.errors import InputError

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "linkage" / "benchmarks"
WORDS = """amber basalt cedar delta ember fjord gravel harbour island juniper kelp lagoon meadow
nectar orchard pebble quarry river summit tundra umbra valley willow yarrow zephyr lichen""".split()
FAMILIES = "Aalto Brandt Castro Duarte Eriksen Farkas Grieg Hoxha Ito Jansen Kovacs Lund".split()


def invented_papers(seed, n=45):
    """n papers, two thirds of them twice: the copy has initials and may lack venue or year."""
    rng = random.Random(seed)
    rows = []
    for number in range(n):
        title = f"On {' '.join(rng.sample(WORDS, 5))} under {rng.choice(WORDS)} conditions"
        authors = rng.sample(FAMILIES, 3)
        row = {
            "record_id": f"r{number}",
            "title": title,
            "authors": " and ".join(f"{name}, Maria" for name in authors),
            "year": str(rng.randint(1990, 2020)),
            "venue": f"Journal of {rng.choice(WORDS)} studies",
            "volume": str(rng.randint(1, 60)),
            "pages": str(rng.randint(1, 900)),
            "paper": f"p{number}",
        }
        rows.append(row)
        if number % 3:
            copy = row | {"record_id": f"copy{number}", "title": title.upper()}
            copy["authors"] = " and ".join(f"{name}, M." for name in authors)
            copy |= {rng.choice(["venue", "year", "pages"]): None}
            rows.append(copy)
    return pd.DataFrame(rows)


def write_clusters(folder, papers):
    folder.mkdir(parents=True)
    papers.drop(columns="paper").to_csv(folder / "records.csv", index=False)
    gold = papers[["record_id", "paper"]].rename(columns={"paper": "cluster_id"})
    gold.to_csv(folder / "gold.csv", index=False)


def write_split(folder, papers):
    """Each record with the two that follow it; every other one's to train, the rest to validate."""
    (folder / "splits").mkdir(parents=True)
    papers.drop(columns="paper").to_csv(folder / "records.csv", index=False)
    ids, paper = papers["record_id"].tolist(), papers["paper"].tolist()
    pairs = [
        (ids[k], ids[k + step], int(paper[k] == paper[k + step]))
        for k in range(len(ids) - 2)
        for step in (1, 2)
    ]
    table = pd.DataFrame(pairs, columns=["left_id", "right_id", "label"])
    table[table.index % 4 < 2].to_csv(folder / "splits" / "train.csv", index=False)
    table[table.index % 4 > 1].to_csv(folder / "splits" / "valid.csv", index=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Sets that number their records alike; "paired" and "shared" hold the very same records."""
    folder = tmp_path_factory.mktemp("data")
    write_clusters(folder / "first", invented_papers(1))
    write_clusters(folder / "second", invented_papers(2))
    write_split(folder / "paired", invented_papers(3))
    write_clusters(folder / "shared", invented_papers(3))
    (folder / "notes").mkdir()
    return folder


@pytest.fixture(scope="module")
def results(data):
    return benchmark_papers(data, work=["paired", "shared"])


def without_costs(results):
    return results | {"runs": [run | {"cost": None} for run in results["runs"]]}


def run_of(results, name, protocol="end to end"):
    found = [r for r in results["runs"] if r["set"] == name and r["protocol"] == protocol]
    assert len(found) == 1
    return found[0]


class TestSets:
    def test_every_labelled_folder_is_found_in_order_of_name(self, data):
        found = [(s.name, s.level, s.has_split) for s in find_sets(data, ["paired", "shared"])]
        assert found == [
            ("first", "publication", False),
            ("paired", "work", True),
            ("second", "publication", False),
            ("shared", "work", False),
        ]

    def test_works_learn_from_all_levels_and_nobody_from_a_set_that_shares_a_record(self, data):
        by_name = {s.name: s for s in find_sets(data, ["shared"])}
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
        by_name = {s.name: s for s in find_sets(data)}
        others = training_sets(by_name["paired"], list(by_name.values()))
        assert [other.name for other in others] == ["first", "second"]

    def test_a_work_that_is_no_set_is_an_error(self, data):
        with pytest.raises(InputError, match="no labelled set 'thrid', expected one of first"):
            find_sets(data, ["thrid"])

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

    def test_examples_carry_true_labels_half_and_half(self, data):
        sets = find_sets(data)
        examples = labelled_examples([s for s in sets if s.name in ("first", "second")], 20)
        assert examples["same"].sum() == 20
        assert len(examples) == 40
        assert set(examples["name"]) == {"first", "second"}
        for name, group in examples.groupby("name"):
            gold = next(s.gold for s in sets if s.name == name)
            left, right = (gold.loc[group[side]].to_numpy() for side in ("left_id", "right_id"))
            assert ((left == right) == group["same"].to_numpy()).all()

    def test_examples_do_not_depend_on_the_order_of_records(self, data, tmp_path):
        papers = invented_papers(1)
        write_clusters(tmp_path / "first", papers.sample(frac=1, random_state=3))
        usual = labelled_examples(find_sets(data)[:1], 10)
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

    def test_a_set_without_a_teacher_is_reported_not_scored(self, data, tmp_path):
        shutil.copytree(data / "first", tmp_path / "first")
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

    def test_the_command_writes_the_same_json_again_and_the_tables_of_it(
        self, data, results, tmp_path
    ):
        path = tmp_path / "result.json"
        options = ["papers", "--data", str(data), "-o", str(path)]
        options += ["--work", "paired", "--work", "shared"]
        done = CliRunner().invoke(benchmark, options)
        assert done.exit_code == 0, done.output
        again = json.loads(path.read_text())
        assert without_costs(again) == without_costs(json.loads(json.dumps(results)))
        assert path.with_suffix(".md").read_text() == markdown(again)
        assert str(data) not in path.read_text()

    def test_the_output_is_checked_before_the_work(self, data, tmp_path):
        for path in (tmp_path / "result.txt", tmp_path / "absent" / "result.json"):
            done = CliRunner().invoke(benchmark, ["papers", "--data", str(data), "-o", str(path)])
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


class TestPeerInput:
    def test_values_are_text_as_printed(self, tmp_path):
        path = tmp_path / "records.parquet"
        rows = {
            "record_id": ["1", "2"],
            "title": ["A\r\n title", None],
            "authors": [[{"name": "Ito, M."}, {"name": "Lund"}], []],
            "year": [1999.0, None],
            "entrytype": ["article", "book"],
            "shelf": ["x", "y"],
        }
        pd.DataFrame(rows).to_parquet(path)
        found = peer_records(path)
        assert tuple(found.columns) == peers.COLUMNS
        assert found.loc[0, ["title", "authors", "year", "type", "doi"]].tolist() == [
            "A title",
            "Ito, M. and Lund",
            "1999",
            "article",
            "",
        ]
        assert found.loc[1, ["title", "authors", "year"]].tolist() == ["", "", ""]

    def test_csv_is_not_reinterpreted(self, tmp_path):
        path = tmp_path / "records.csv"
        path.write_text("record_id,title,number,pages\n007,NA,05,1.10\n")
        found = peer_records(path)
        assert found.loc[0, ["record_id", "title", "number", "pages"]].tolist() == [
            "007",
            "NA",
            "05",
            "1.10",
        ]


def fake_peer(monkeypatch, tmp_path, script, supervised=False):
    """A peer whose script is this text and whose Python is ours."""
    monkeypatch.setattr(peers, "_SCRIPTS", tmp_path)
    (tmp_path / "peer.py").write_text(script)
    peer = Peer("Fake", ("fake==1.*",), "peer.py", supervised)
    return Installation(peer, Path(sys.executable), "1.0", None)


class TestPeerRuns:
    PERFECT = """
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
with open(sys.argv[2] + "/clusters.csv", "w") as out:
    out.write("record_id,all apart,default\\n")
    for row in rows:
        out.write(f"{row['record_id']},{row['record_id']},{row['title'].upper()}\\n")
"""

    def test_each_setting_is_a_row(self, data, monkeypatch, tmp_path):
        installed = fake_peer(monkeypatch, tmp_path, self.PERFECT)
        sets = find_sets(data)
        apart, by_title = peer_rows(installed, sets[0], sets, 60)
        assert (apart["system"], by_title["system"]) == ("Fake, all apart", "Fake")
        assert apart["scores"]["pairwise_recall"] == 0
        assert by_title["scores"]["pairwise_f1"] == 1
        assert by_title["cost"]["peak_mb"] > 0

    def test_failure_and_lateness_are_reported(self, data, monkeypatch, tmp_path):
        sets = find_sets(data)
        broken = fake_peer(monkeypatch, tmp_path, "import sys; sys.exit('out of luck')")
        assert peer_rows(broken, sets[0], sets, 60)[0]["failure"] == "out of luck"
        slow = fake_peer(monkeypatch, tmp_path, "import time; time.sleep(600)")
        assert peer_rows(slow, sets[0], sets, 1)[0]["failure"] == "not done after 1 s"
        absent = slow._replace(failure="can't be installed: no network")
        assert peer_rows(absent, sets[0], sets, 1)[0]["failure"] == absent.failure

    def test_a_supervised_peer_gets_examples_of_other_sets_only(self, data, monkeypatch, tmp_path):
        script = "import json, sys; sys.exit(str(len(json.load(open(sys.argv[3])))))"
        installed = fake_peer(monkeypatch, tmp_path, script, supervised=True)
        sets = find_sets(data, ["shared"])
        taught, untaught = (next(s for s in sets if s.name == n) for n in ("first", "shared"))
        (row,) = peer_rows(installed, taught, sets, 60)
        assert row["trained_on"] == ["paired", "second"]
        assert int(row["failure"]) > 20
        (row,) = peer_rows(installed, untaught, [untaught], 60)
        assert row["failure"] == "no other set of this level to take examples from"

    def test_scored_pairs_give_the_best_threshold_too(self, tmp_path):
        gold = pd.Series(["1", "1", "2"], index=["a", "b", "c"])
        (tmp_path / "clusters.csv").write_text("record_id,threshold 0.5\na,0\nb,0\nc,0\n")
        pairs = "left_id,right_id,probability\na,b,0.999\nb,c,0.6\n"
        (tmp_path / "pairs.csv").write_text(pairs)
        usual, best = scored_output("Fake", tmp_path, gold)
        assert usual["scores"]["pairwise_f1"] == 0.5
        assert best["system"] == "Fake, best threshold picked on the answer"
        assert (best["threshold"], best["scores"]["pairwise_f1"]) == (0.7, 1)

    def test_what_can_not_be_installed_is_said_not_raised(self, monkeypatch, tmp_path):
        answer = types.SimpleNamespace(returncode=1, stderr="ERROR: a\nERROR: no such version\n")
        monkeypatch.setattr(peers.venv.EnvBuilder, "create", lambda self, home: None)
        monkeypatch.setattr(peers, "_run", lambda command: answer)
        installed = peers.install(Peer("Fake", ("fake==1.*", "b<2"), "peer.py"), tmp_path)
        assert installed.failure == "can't be installed: ERROR: no such version"
        assert installed.peer.package == "fake"


@pytest.fixture
def peer_script(monkeypatch):
    """Import a peer's script although the peer is not installed: its modules are stand-ins."""

    def load(name, **stand_ins):
        for module, members in stand_ins.items():
            fake = types.ModuleType(module.replace("__", "."))
            vars(fake).update(members)
            monkeypatch.setitem(sys.modules, fake.__name__, fake)
        monkeypatch.syspath_prepend(SCRIPTS)
        monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module(name)

    return load


class TestPeerScripts:
    def test_they_know_nothing_of_ours(self):
        scripts = sorted(SCRIPTS.glob("peer_*.py"))
        assert {path.name for path in scripts} == {peer.script for peer in peers.PEERS}
        for path in [*scripts, SCRIPTS / "launcher.py"]:
            nodes = ast.walk(ast.parse(path.read_text()))
            imports = [n for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)]
            names = [
                n.module if isinstance(n, ast.ImportFrom) else n.names[0].name for n in imports
            ]
            assert not [name for name in names if name.split(".")[0] == "linkage"]

    def test_bib_dedupe_gets_its_own_names_and_gives_clusters(self, peer_script, tmp_path):
        seen = {}

        def prep(records, verbosity_level):
            seen["records"] = records
            return records

        members = {"prep": prep, "block": lambda r: r, "match": lambda p: p}
        members["cluster"] = lambda m: [["b", "a"]]
        script = peer_script("peer_bib_dedupe", bib_dedupe={}, bib_dedupe__bib_dedupe=members)
        records = tmp_path / "records.csv"
        records.write_text("record_id,type,title,authors,venue\na,,T,X,J\nb,Book,T,X,J\nc,,U,Y,K\n")
        script.main(str(records), str(tmp_path))
        assert seen["records"]["ENTRYTYPE"].tolist() == ["article", "book", "article"]
        assert seen["records"]["journal"].tolist() == ["J", "J", "K"]
        assert (tmp_path / "clusters.csv").read_text() == "record_id,default\na,a\nb,a\nc,c\n"

    def test_dedupe_gets_cleaned_fields_and_labels(self, peer_script):
        script = peer_script("peer_dedupe", dedupe={"variables": None})
        left = dict.fromkeys(script.FIELDS, "") | {"title": "Über  Eis!", "pages": "S12-S19"}
        data = script.training_data([{"same": False, "left": left, "right": left}])
        assert data["match"] == []
        ((record, _),) = data["distinct"]
        assert (record["title"], record["pages"], record["year"]) == ("uber eis", "s12", None)

    def test_recordlinkage_links_a_copy(self, peer_script, tmp_path):
        script = peer_script("peer_recordlinkage")
        papers = invented_papers(4)
        table = papers.reindex(columns=[*peers.COLUMNS]).fillna("")
        clean = script.cleaned(table)
        first = clean.iloc[0]
        assert first["title_start"] == first["title"].replace(" ", "")[:20]
        assert first["first_author"] == table["authors"].iloc[0].split(",")[0].lower()
        pairs = script.candidate_pairs(clean)
        truth = papers["paper"].to_numpy()
        found = {(a, b) for a, b in pairs if truth[a] == truth[b]}
        assert len(found) == 30
        features = script.compared(pairs, clean)
        assert set(features) >= {"title", "authors", "year", "pages"}

    def test_splink_gets_cleaned_fields(self, peer_script, tmp_path):
        splink = dict.fromkeys(["DuckDBAPI", "Linker", "SettingsCreator", "block_on"])
        libraries = {"comparison_level_library": None, "comparison_library": None}
        script = peer_script(
            "peer_splink",
            splink=splink | libraries,
            splink__comparison_level_library={},
            splink__comparison_library={},
        )
        records = tmp_path / "records.csv"
        header = ",".join(peers.COLUMNS)
        records.write_text(f'{header}\n1,,Über Eis: a,"Ito, M.",in 1999.,,Vol. 7,,S12-9,,\n')
        connection = duckdb.connect()
        connection.execute(script._PREPARE, [str(records)])
        columns = "title, first_author, year, volume, page, venue, doi"
        row = connection.execute(f"SELECT {columns} FROM records").fetchall()[0]
        assert row == ("uber eis a", "ito", 1999, "7", "S12", None, None)


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
