"""Run the command: `start` in a process of its own, as a user does; `run` in this one, quickly."""

import io
import logging
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from linkage.cli import main

DATA = Path(__file__).parents[1] / "commands" / "data"
LIBRARY, GOLD_CLUSTERS = DATA / "library.csv", DATA / "gold_clusters.csv"


class Done(NamedTuple):
    """What a finished run printed."""

    stdout: str
    stderr: str


def start(*words, code=0):
    """`linkage WORDS` in a new process; its exit code must be `code`."""
    done = subprocess.run(
        [sys.executable, "-m", "linkage", *map(str, words)],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "COLUMNS": "100", "NO_COLOR": "1"},
        encoding="utf-8",
        timeout=120,
    )
    return _checked(Done(done.stdout, done.stderr), done.returncode, code)


def run(*words, code=0):
    """`linkage WORDS` in this process; its exit code must be `code`.

    As on a machine with one processor: without `--jobs` no further process is started.
    """
    out, err, log = _stream(), _stream(), logging.getLogger("linkage")
    argv = mock.patch.object(sys, "argv", ["linkage", *map(str, words)])
    propagate = mock.patch.object(log, "propagate", log.propagate)  # put back at the end
    processors = mock.patch.dict(os.environ, LOKY_MAX_CPU_COUNT="1")
    with argv, propagate, processors, redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            status = 0
        except SystemExit as end:
            status = end.code
    return _checked(Done(_written(out), _written(err)), status, code)


def _stream():
    """What `linkage.__main__` makes of a process's output: what can't be encoded is escaped."""
    return io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", write_through=True)


def _written(stream):
    return stream.buffer.getvalue().decode()


def _checked(done, status, code):
    assert status == code, done.stderr
    assert "Traceback" not in done.stderr
    return done
