"""Run one command and measure it: `python -I launcher.py USAGE.json SECONDS COMMAND...`.

A process counts the memory of the one that forked it as its own. This script loads next to
nothing, so that what it starts is measured alone; it imports the standard library only.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes


def run(command: list[str], limit: float) -> dict[str, object]:
    """What the command cost, see `linkage.benchmarks.measure.Usage`."""
    ended = threading.Event()
    with tempfile.TemporaryFile() as stderr:
        started = time.monotonic()
        child = subprocess.Popen(  # noqa: S603 - the commands are the benchmark's own
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,  # so that all its processes can be ended together
        )

        def end_group() -> None:
            ended.set()
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)

        timer = threading.Timer(limit, end_group)
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:  # an interrupt must not leave the command running
            end_group()
            raise
        finally:
            timer.cancel()
        seconds = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        lines = stderr.read().decode(errors="replace").strip().splitlines()
    return {
        "exit_code": child.returncode,
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss * _MAXRSS_UNIT / 1e6,
        "timed_out": ended.is_set(),
        "complaint": lines[-1] if lines else "",
    }


if __name__ == "__main__":
    usage = run(sys.argv[3:], float(sys.argv[2]))
    Path(sys.argv[1]).write_text(json.dumps(usage), encoding="utf-8")
