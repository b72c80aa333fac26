"""`linkage label`, the pairs it chooses, and what comes of the labels."""

import contextlib
import io
import os
import pty
import select
import subprocess
import sys
import termios
import time
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from linkage import read_table
from linkage.errors import InputError
from linkage.labelling.choice import adapt_papers, choose_pairs, pair_features, pairs_to_label
from linkage.labelling.files import LabelFile
from linkage.labelling.screen import pair_table
from linkage.models import load_model
from linkage.models.adaptation import leaves
from linkage.papers.linker import PaperLinker
from linkage.papers.training.fit import train_papers
from linkage.papers.training.labelled import load_labelled
from tests.helpers.command_line import run
from tests.helpers.records import library, second_copy, table

MODEL = load_model("papers_publication")


def copies(n=8):
    """n papers, each from a second source too, some of which lack more than others."""
    papers = library(n)
    more = [second_copy(one) for one in papers]
    for number, one in enumerate(more):
        one |= dict.fromkeys(["venue", "year", "volume", "authors"][: number % 5])
    return table(*papers, *more)


@pytest.fixture(scope="module")
def records():
    return copies()


@pytest.fixture
def source(tmp_path, records):
    records.to_csv(tmp_path / "records.csv", index=False)
    return tmp_path / "records.csv"


def label(source, answers, code=0):
    """Give the answers to `linkage label`, one a line: the labels, and what was said."""
    out = source.with_name("labels.csv")
    with contextlib.ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setattr(
            "sys.stdin", io.StringIO("".join(f"{one}\n" for one in answers))
        )
        done = run("label", source, "-o", out, code=code)
    found = pd.read_csv(out, dtype=str, keep_default_na=False) if out.is_file() else None
    return found, done.stderr


# --- the choice -------------------------------------------------------------------------------


def vague(n=200, seed=0):
    """Feature rows between those of two pairs that the model knows apart, and copies of one."""
    records = copies()
    pairs = PaperLinker().link(records).pairs
    X = pair_features(records, pairs[pairs["veto"] == ""], MODEL)
    rng = np.random.default_rng(seed)
    mixed = X[rng.integers(0, len(X), n)]
    return np.where(rng.random(mixed.shape) < 0.3, X[rng.integers(0, len(X), n)], mixed)


def test_the_first_pair_is_the_most_uncertain_one():
    X = vague()
    distance = np.abs(MODEL.log_odds(X) - np.log(MODEL.threshold / (1 - MODEL.threshold)))
    assert distance[choose_pairs(MODEL, X, 1)[0]] == distance.min()


def test_copies_of_a_chosen_pair_are_chosen_last():
    X = np.concatenate([vague(40), np.repeat(vague(1), 40, axis=0)])
    chosen = choose_pairs(MODEL, X, 20)
    ends = leaves(MODEL, X[chosen])
    assert len(np.unique(ends, axis=0)) == 20


def test_a_longer_choice_begins_with_the_shorter_one_and_has_each_pair_once():
    X = vague()
    long = choose_pairs(MODEL, X, 60).tolist()
    assert choose_pairs(MODEL, X, 15).tolist() == long[:15]
    assert len(set(long)) == 60
    assert len(choose_pairs(MODEL, X[:5], 60)) == 5


def test_the_choice_is_the_same_in_any_row_order(records):
    found = []
    for shuffled in (records, records.sample(frac=1, random_state=3)):
        links = PaperLinker(MODEL).link(shuffled)
        found.append(pairs_to_label(shuffled, links, MODEL, 6))
    pd.testing.assert_frame_equal(*found)
    assert len(found[0]) == 6


# --- the command ------------------------------------------------------------------------------


def test_answers_are_saved_and_bad_keys_are_asked_again(source):
    found, said = label(source, ["s", "d", "x", "", "C"])
    assert found["same"].tolist() == ["1", "0", ""]
    assert "3 pairs (1 same, 1 different, 1 can't say)" in said
    assert list(found)[:3] == ["left_id", "right_id", "same"]


def test_without_an_answer_nothing_is_written(source):
    found, said = label(source, [])
    assert found is None
    assert "no pair is labelled" in said


def test_undo_takes_back_the_answers_of_this_session_only(source):
    label(source, ["s"])
    found, said = label(source, ["d", "d", "u", "u", "u", "c"])
    assert found["same"].tolist() == ["1", ""]
    assert said.count("nothing to undo") == 1


def test_a_second_run_goes_on_where_the_first_stopped(source, tmp_path):
    first, _ = label(source, ["s", "d", "q", "s"])
    both, _ = label(source, ["s", "s"])
    source.with_name("labels.csv").unlink()
    at_once, _ = label(source, ["s", "d", "s", "s"])
    assert len(first) == 2
    pd.testing.assert_frame_equal(both, at_once)


def test_the_end_is_told_and_nothing_is_asked_twice(source):
    every, _ = label(source, ["s"] * 500)
    pairs = {frozenset(both) for both in zip(every["left_id"], every["right_id"], strict=True)}
    assert len(pairs) == len(every) > 5
    again, said = label(source, ["d"])
    pd.testing.assert_frame_equal(again, every)
    assert "no pair is left to label" in said


def test_what_an_older_file_holds_is_kept(source):
    old = "left_id,right_id,same,note\nfar,away,1,keep me\np000,p000-copy,,\n"
    source.with_name("labels.csv").write_text(old)
    found, _ = label(source, ["d"])
    assert found["note"].tolist() == ["keep me", "", ""]
    assert found["same"].tolist() == ["1", "", "0"]
    assert {"p000", "p000-copy"} != set(found.loc[2, ["left_id", "right_id"]])


def test_a_file_that_holds_no_labels_is_left_alone(source):
    out = source.with_name("labels.csv")
    out.write_text("record_id,cluster_id\na,a\n")
    _, said = label(source, ["s"], code=1)
    assert "labels.csv: found columns record_id, cluster_id; expected left_id and right_id" in said
    out.write_text("left_id,right_id\na,b\n")
    _, said = label(source, ["s"], code=1)
    assert "expected labels in 'same'" in said
    assert out.read_text() == "left_id,right_id\na,b\n"


def test_a_failed_write_leaves_the_answers_before_it(tmp_path, monkeypatch):
    path = tmp_path / "labels.csv"
    file = LabelFile(path)
    file.add({"left_id": "a", "right_id": "b", "same": 1})
    monkeypatch.setattr("linkage.labelling.files.write_table", _broken)
    with pytest.raises(OSError, match="full"):
        file.add({"left_id": "c", "right_id": "d", "same": 0})
    assert LabelFile(path).counts() == {"same": 1, "different": 0, "can't say": 0}
    assert [one.name for one in tmp_path.iterdir()] == ["labels.csv"]


def _broken(*_):
    raise OSError("disk full")


def in_a_terminal(source, keys, *options):
    """Run the command on a pseudo-terminal, a key each time it asks: exit code, what was shown."""
    main, inner = pty.openpty()
    command = [sys.executable, "-m", "linkage", "label", str(source), *options]
    process = subprocess.Popen(
        [*command, "-o", str(source.with_name("labels.csv"))],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        close_fds=True,
        start_new_session=True,
        env=os.environ | {"COLUMNS": "100", "TERM": "xterm"},
    )
    os.close(inner)
    shown, asked, keys = b"", 0, list(keys)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            ready, _, _ = select.select([main], [], [], 0.05)
            part = os.read(main, 65536) if ready else b""
        except OSError:  # the other end is closed
            break
        shown += part
        if not part and ready:
            break
        waits = not termios.tcgetattr(main)[3] & termios.ICANON  # for a key, not for a line
        if keys and waits and shown.count(b"q quit") > asked:
            asked += 1
            os.write(main, keys.pop(0).encode())
    os.close(main)
    return process.wait(timeout=20), shown.decode(errors="replace")


@pytest.mark.parametrize(("last", "code"), [("q", 0), ("\x04", 0), ("\x03", 130)])
def test_in_a_terminal_one_key_is_an_answer_and_any_end_leaves_a_whole_file(source, last, code):
    status, shown = in_a_terminal(source, ["s", "d", last])
    assert status == code, shown
    assert "Traceback" not in shown
    found = pd.read_csv(source.with_name("labels.csv"), dtype=str)
    assert found["same"].tolist() == ["1", "0"]


def test_fields_that_differ_are_marked():
    left = {"record_id": "[b]a", "title": "On Moss", "year": "2001", "doi": "10.5/x"}
    right = {"record_id": "c", "title": "ON MOSS.", "year": "2002", "venue": "Kelp"}
    out = io.StringIO()
    Console(file=out, width=80).print(pair_table(left, right, "Pair 1"))
    marks = {}
    for line in out.getvalue().splitlines():
        cells = [cell.strip() for cell in line.split("│")]
        if len(cells) > 3:
            marks[cells[2]] = cells[1]
    assert marks == {"title": "=", "year": "≠", "doi": "", "venue": ""}
    assert "[b]a" in out.getvalue()


# --- what comes of labels ---------------------------------------------------------------------


def labelled(source, answers="ssdcs"):
    found, _ = label(source, answers)
    return source.with_name("labels.csv"), found


def test_train_adapts_the_shipped_model_to_labels(source, tmp_path, records):
    labels, found = labelled(source, "ddcdd")
    out = tmp_path / "mine.json"
    done = run("train", "papers", source, "--labels", labels, "-o", out)
    assert "papers_publication, adapted to 4 labelled pairs" in done.stderr
    mine = load_model(out)
    pairs = found[found["same"] != ""]
    X = pair_features(records, pairs, MODEL)
    assert (mine.log_odds(X) < MODEL.log_odds(X) - 1).all()  # all four were called different
    run("papers", source, "--model", out, "-o", tmp_path / "clusters.csv")


def test_labels_in_any_order_and_with_sides_swapped_give_the_same_model(source, records):
    _, found = labelled(source)
    names = {"left_id": "right_id", "right_id": "left_id"}
    swapped = (
        found.rename(columns=names).sample(frac=1, random_state=2).replace({"same": {"": None}})
    )
    shuffled = records.sample(frac=1, random_state=5)
    one = adapt_papers(MODEL, records, found.replace({"same": {"": None}}))
    other = adapt_papers(MODEL, shuffled, swapped)
    assert one.to_json() == other.to_json()


def test_labels_feed_constraints(source, tmp_path):
    labels, found = labelled(source)
    run("papers", source, "--constraints", labels, "-o", tmp_path / "clusters.csv")
    cluster = pd.read_csv(tmp_path / "clusters.csv", index_col="record_id")["cluster_id"]
    for left, right, same in found[["left_id", "right_id", "same"]].to_numpy():
        assert same == "" or (cluster[left] == cluster[right]) == (same == "1")


def test_a_folder_with_labels_trains_a_model_of_its_own(tmp_path):
    records = copies(16)
    records.to_csv(tmp_path / "records.csv", index=False)
    ids = [f"p{k:03}" for k in range(16)]
    same = [(one, f"{one}-copy", 1) for one in ids]
    apart = [(one, f"{other}-copy", 0) for one, other in pairwise(ids)]
    unknown = [("p000", "p002", None)]
    rows = pd.DataFrame([*same, *apart, *unknown], columns=["left_id", "right_id", "same"])
    rows.to_csv(tmp_path / "labels.csv", index=False)
    data = load_labelled(tmp_path)
    assert len(data.pairs) == 31
    model = train_papers([data])
    found = PaperLinker(model).compare(records, data.pairs)["probability"]
    assert found[data.pairs["same"]].min() > found[~data.pairs["same"]].max()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("left_id,right_id,same\na,b,\n", "found no labelled pair, expected 1 or 0 in 'same'"),
        ("left_id,right_id,same\na,b,1\n", "name record 'a', which the records do not have"),
        ("left_id,right_id\np000,p001\n", "expected the labels in 'same'"),
        ("left_id,right_id,same\na,b,1\nb,a,0\n", "'a' and 'b' are labelled both"),
    ],
)
def test_labels_that_teach_nothing_are_told(source, tmp_path, content, told):
    labels = tmp_path / "labels.csv"
    labels.write_text(content)
    done = run("train", "papers", source, "--labels", labels, "-o", tmp_path / "m.json", code=1)
    assert told in done.stderr
    assert "labels.csv" in done.stderr


def test_labels_of_papers_train_no_author_model(source, tmp_path):
    labels, _ = labelled(source)
    said = run("train", "authors", source, "--labels", labels, "-o", tmp_path / "m.json", code=2)
    assert "--labels goes with papers" in said.stderr


def test_adapting_to_nothing_is_an_error(records):
    with pytest.raises(InputError, match="the labels: found no labelled pair"):
        adapt_papers(MODEL, records, pd.DataFrame({"left_id": [], "right_id": [], "same": []}))


def test_mentions_are_asked_about_too(tmp_path):
    source = tmp_path / "library.csv"
    table(*library(30)).to_csv(source, index=False)
    code, shown = in_a_terminal(source, "sdq", "--authors")
    assert code == 0, shown
    labels = read_table(tmp_path / "labels.csv")
    assert labels["same"].astype(int).tolist() == [1, 0]
    assert labels["left_id"].str.contains("#").all()
