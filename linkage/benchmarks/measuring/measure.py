"""What a command costs: wall seconds, CPU seconds, peak memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from linkage.errors import InputError, LinkageError
from linkage.running.leftovers import temporary_folder

_LAUNCHER = Path(__file__).with_name("launcher.py")


class Usage(NamedTuple):
    """What one command cost.

    `cpu_seconds` includes its child processes; `peak_mb` is the memory (10**6 bytes) of the
    largest single process among them, `all_mb` the most that all held at once (on Linux, sampled
    twice a second, what they share counted once; elsewhere that of the largest). `exit_code` is
    negative where a signal ended it; `timed_out` tells that it was ended at its time limit.
    `complaint`: last line of its stderr.
    """

    exit_code: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    all_mb: float
    timed_out: bool
    complaint: str

    def to_dict(self) -> dict[str, float]:
        """Seconds, CPU seconds and memory, rounded to what is worth reading."""
        return {
            "seconds": round(self.seconds, 2),
            "cpu_seconds": round(self.cpu_seconds, 2),
            "peak_mb": round(self.peak_mb),
        }


def measure(command: Sequence[str], limit: float) -> Usage:
    """Run a command for at most `limit` seconds, its output unseen.

    Raises `InputError` on a system that can't measure a process, which is Windows.
    """
    if not hasattr(os, "wait4"):
        raise InputError("benchmarks: found a system without wait4, expected Linux or macOS")
    with temporary_folder() as folder:
        result = folder / "usage.json"
        launcher = [sys.executable, "-I", str(_LAUNCHER), str(result), str(limit)]
        # a session of its own: Ctrl-C in a terminal reaches it once, through us
        with subprocess.Popen([*launcher, *command], start_new_session=True) as process:  # noqa: S603
            try:
                code = process.wait()
            except BaseException:
                process.send_signal(signal.SIGINT)  # so that it ends what it runs
                raise
        if code:
            raise LinkageError(f"{command[0]}: can't be run")
        return Usage(**json.loads(result.read_text(encoding="utf-8")))
