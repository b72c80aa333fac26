"""Whatever ends a command: outputs are old or new, and the next start removes what was left."""

import itertools
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from linkage import __main__
from linkage.running import signals
from tests.helpers.killing import Job
from tests.helpers.records import library, second_copy

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
SLOW_ROUNDS = 4  # of each command; each has all signals, to the process and to its group


def write_library(folder):
    """Some records in three files, so that several processes read them, and their clusters."""
    originals = library(24)
    records = pd.DataFrame([*originals, *map(second_copy, originals)])
    (folder / "in").mkdir()
    for number in range(3):
        records[number::3].to_json(folder / "in" / f"{number}.jsonl", orient="records", lines=True)
    entity = records["record_id"].str.removesuffix("-copy")
    gold = pd.DataFrame({"record_id": records["record_id"], "cluster_id": entity})
    (folder / "labelled").mkdir()
    gold.to_csv(folder / "labelled" / "gold.csv", index=False)
    records.to_json(folder / "labelled" / "records.jsonl", orient="records", lines=True)


@pytest.fixture
def jobs(tmp_path):
    """The commands that read, work and write."""
    write_library(tmp_path)
    for name in ("out", "temporary"):
        (tmp_path / name).mkdir()
    out, records = tmp_path / "out", tmp_path / "in"
    tables = [out / "one.csv", out / "two.csv"]
    words = {
        "papers": ["papers", records, "--jobs", "2", "-o", tables[0], "--pairs", tables[1]],
        "authors": ["authors", records, "-o", tables[0], "--profiles", tables[1]],
        "merge": [
            *("merge", tmp_path / "labelled" / "gold.csv", records),
            *("-o", tables[0], "--conflicts", tables[1]),
        ],
        "train": ["train", "papers", tmp_path / "labelled", "-o", out / "model.json"],
    }
    return {
        name: Job(
            list(map(str, given)),
            [out / "model.json"] if name == "train" else tables,
            tmp_path / "temporary",
        )
        for name, given in words.items()
    }


def end_often(job, rounds, seed):
    """End a job by every signal at random moments, start it once more: nothing may be left."""
    draw = random.Random(seed)
    seconds, new = job.complete()
    ways = zip(itertools.cycle(SIGNALS), itertools.cycle((True, False)))  # all six in turn
    pids = [
        job.end(number, draw.uniform(0, 1.05 * seconds), to_group, new).pid
        for number, to_group in itertools.islice(ways, rounds)
    ]
    assert job.complete()[1] == new
    assert job.left(pids) == []


def test_a_command_ended_at_random_moments(jobs):
    end_often(jobs["merge"], len(SIGNALS), random.randrange(2**32))


@pytest.mark.slow
@pytest.mark.parametrize("command", ["papers", "authors", "merge", "train"])
def test_commands_ended_many_times(jobs, command):
    end_often(jobs[command], 6 * SLOW_ROUNDS, random.randrange(2**32))


def test_a_signal_while_a_module_is_imported(tmp_path):
    """The module is there as a whole before the process ends: compiled ones abort it otherwise."""
    (tmp_path / "half.py").write_text(
        "import signal\nsignal.raise_signal(signal.SIGTERM)\nprint('imported', flush=True)\n"
    )
    words = "import time; from linkage.running import signals; signals.end_on_signals(); "
    process = subprocess.run(
        [sys.executable, "-c", words + "import half; time.sleep(60)"],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{Path.cwd()}"},
        check=False,
    )
    assert (process.returncode, process.stdout.split()) == (143, [b"imported"])


def test_compiled_code_makes_an_error_of_the_exit(monkeypatch):
    monkeypatch.setitem(sys.modules, "linkage.cli", None)  # `ImportError`, made of the exit
    with pytest.raises(ImportError):
        __main__._run()
    monkeypatch.setattr(signals, "_received", [signal.SIGTERM])
    assert __main__._run() == 1
