"""A library whose writer is killed: the last or the new state, and nothing beside the file."""

import os
import random
import signal
import sys
import tempfile
import time

import pandas as pd
import pytest

from linkage.library.library import Library
from tests.helpers.command_line import run
from tests.helpers.killing import Job, wait_for_handlers
from tests.helpers.records import library, second_copy

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


def state(path):
    """All that tells one state from another."""
    with Library(path) as opened:
        return opened.papers().to_dict(), len(opened.status().runs), len(opened.judgements())


@pytest.fixture
def jobs(tmp_path):
    """Commands that change a library, or read it; the library as it is before."""
    originals = library(40)
    files = tmp_path / "in"
    files.mkdir()
    pd.DataFrame(originals).to_json(files / "one.jsonl", orient="records", lines=True)
    copies = pd.DataFrame(list(map(second_copy, originals)))
    copies.to_json(files / "two.jsonl", orient="records", lines=True)
    labels = {"left_id": ["p001", "p003"], "right_id": ["p002", "p004"], "same": [1, 0]}
    pd.DataFrame(labels).to_csv(files / "labels.csv", index=False)
    place, temporary = tmp_path / "place", tmp_path / "temporary"
    place.mkdir()
    temporary.mkdir()
    path = place / "a.linkage"
    run("update", path, files / "one.jsonl")
    words = {
        "update": ["update", path, files / "two.jsonl"],
        "judge": ["judge", path, files / "labels.csv"],
        "export": ["export", path, "-o", place / "clean.ris"],
    }
    return path, {name: Job(list(map(str, w)), [path], temporary) for name, w in words.items()}


def kill_often(jobs, command, kills, monkeypatch):
    path, made = jobs
    job = made[command]
    before = path.read_bytes()
    old = state(path)
    seconds, _ = job.complete()
    new = state(path)
    draw = random.Random(random.randrange(2**32))
    monkeypatch.setattr(tempfile, "tempdir", str(job.temporary))  # that of the next start, too
    for _ in range(kills):
        path.write_bytes(before)
        process = job.start()
        wait_for_handlers(process)
        time.sleep(draw.uniform(0, seconds))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        run("status", path)  # the next start
        assert state(path) in (old, new)
        assert {one.name for one in path.parent.iterdir()} <= {path.name, "clean.ris"}
        assert not list(job.temporary.iterdir())


@pytest.mark.parametrize("command", ["update", "export"])
def test_kills_leave_one_state_or_the_other(jobs, command, monkeypatch):
    kill_often(jobs, command, 2, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["update", "judge", "export"])
def test_many_kills(jobs, command, monkeypatch):
    kill_often(jobs, command, 34, monkeypatch)
