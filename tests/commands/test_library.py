"""The commands of a library: what they write and say."""

import pandas as pd
import pytest

from tests.helpers.command_line import run
from tests.helpers.records import library, second_copy


@pytest.fixture
def files(tmp_path):
    originals = library(8)
    pd.DataFrame(originals).to_json(tmp_path / "one.jsonl", orient="records", lines=True)
    copies = pd.DataFrame([second_copy(one) for one in originals[:3]])
    copies.to_csv(tmp_path / "two.csv", index=False)
    labels = {"left_id": ["p000"], "right_id": ["p000-copy"], "same": [0], "note": ["looked"]}
    pd.DataFrame(labels).to_csv(tmp_path / "labels.csv", index=False)
    return tmp_path


def test_a_library_from_night_to_night(files):
    path = files / "a.linkage"
    assert "run 1: records: 8 new; papers: 8 new" in run("update", path, files / "one.jsonl").stderr
    assert "papers: 3 grown" in run("update", path, files / "two.csv").stderr
    assert "papers: 1 split" in run("judge", path, files / "labels.csv", "--who", "Ana").stderr
    told = run("status", path).stdout
    assert "11 records, 9 papers" in told
    assert "the model says 1.00" in told
    run("changes", path, "--since", "2", "-o", files / "changes.csv")
    changes = pd.read_csv(files / "changes.csv")
    (split,) = changes["id"][changes["change"] == "split"]
    assert "judgement" in run("history", path, split).stdout
    clean, then = files / "clean.ris", files / "then.ris"
    run("export", path, "-o", clean, "--clusters", files / "c.csv", "--people", files / "p.jsonl")
    assert "merged" in run("undo", path, "3").stderr
    run("export", path, "-o", then, "--as-of", "3")
    assert then.read_bytes() == clean.read_bytes()
    run("update", path, "--source", "two.csv", "--withdraw")
    assert "8 records, 8 papers" in run("status", path).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["status", "none.linkage"], "no such library"),
        (["history", "a.linkage", "p0009z"], "a sign is wrong"),
        (["undo", "a.linkage", "7"], "found the run 7, expected one from 1 to 1"),
        (["export", "a.linkage"], "found nothing to write"),
        (["export", "a.linkage", "-o", "a.linkage"], "which is read"),
        (["export", "a.linkage", "-o", "x.ris", "--as-of", "9"], "found the run 9"),
        (["update", "a.linkage"], "found no file to read"),
        (["update", "one.jsonl", "two.csv"], "found no library"),
        (["update", "a.linkage", "two.csv", "--level", "work"], "found the level 'publication'"),
    ],
)
def test_what_can_not_be_is_one_sentence(files, monkeypatch, words, said):
    monkeypatch.chdir(files)
    run("update", "a.linkage", "one.jsonl")
    done = run(*words, code=1)
    assert said in done.stderr.splitlines()[-1]


def test_exports_of_one_name_are_two_sources_and_their_ids_stay_apart(tmp_path):
    for folder, title in (("ovid", "Otters of the alps"), ("embase", "Herons of the fens")):
        (tmp_path / folder).mkdir()
        text = f"TY  - JOUR\nTI  - {title}\nAU  - Abt, Ida\nPY  - 2011\nER  -\n"
        (tmp_path / folder / "export.ris").write_text(text)
    files = [tmp_path / folder / "export.ris" for folder in ("ovid", "embase")]
    library = tmp_path / "my.linkage"
    assert "2 new" in run("update", library, *files).stderr
    for again in (files, files[::-1]):
        assert "2 unchanged" in run("update", library, *again).stderr
    status = run("status", library).stdout
    assert "ovid/export.ris" in status
    assert "embase/export.ris" in status
    counts = tmp_path / "counts.csv"
    run("dedupe", *files, "-o", tmp_path / "clean.ris", "--counts", counts)
    assert pd.read_csv(counts)["identified"].tolist() == [1, 1, 2]
