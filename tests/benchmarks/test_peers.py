"""The other tools that benchmarks run: what they are given and how they end; none is installed."""

import ast
import importlib
import sys
import types
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from linkage.benchmarks.papers.sets import find_sets
from linkage.benchmarks.peers import tools as peers
from linkage.benchmarks.peers.tools import (
    Installation,
    Peer,
    peer_records,
    peer_rows,
    scored_output,
)
from tests.helpers.benchmark_sets import invented_papers
from tests.helpers.toolkit import toolkit

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "linkage" / "benchmarks" / "peers"


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

    def test_each_setting_is_a_row(self, labelled_sets, monkeypatch, tmp_path):
        installed = fake_peer(monkeypatch, tmp_path, self.PERFECT)
        sets = find_sets(labelled_sets)
        apart, by_title = peer_rows(installed, sets[0], sets, 60)
        assert (apart["system"], by_title["system"]) == ("Fake, all apart", "Fake")
        assert apart["scores"]["pairwise_recall"] == 0
        assert by_title["scores"]["pairwise_f1"] == 1
        assert by_title["cost"]["peak_mb"] > 0

    def test_failure_and_lateness_are_reported(self, labelled_sets, monkeypatch, tmp_path):
        sets = find_sets(labelled_sets)
        broken = fake_peer(monkeypatch, tmp_path, "import sys; sys.exit('out of luck')")
        assert peer_rows(broken, sets[0], sets, 60)[0]["failure"] == "out of luck"
        slow = fake_peer(monkeypatch, tmp_path, "import time; time.sleep(600)")
        assert peer_rows(slow, sets[0], sets, 1)[0]["failure"] == "not done after 1 s"
        absent = slow._replace(failure="can't be installed: no network")
        assert peer_rows(absent, sets[0], sets, 1)[0]["failure"] == absent.failure

    def test_a_supervised_peer_gets_examples_of_other_sets_only(
        self, labelled_sets, monkeypatch, tmp_path
    ):
        script = "import json, sys; sys.exit(str(len(json.load(open(sys.argv[3])))))"
        installed = fake_peer(monkeypatch, tmp_path, script, supervised=True)
        sets = find_sets(labelled_sets, ["shared"])
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
        for path in [*scripts, SCRIPTS.parent / "measuring" / "launcher.py"]:
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
        toolkit()
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
