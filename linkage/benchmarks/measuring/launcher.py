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
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes
_SAMPLES = 0.5  # seconds between looks at the memory of several processes
_PROCESSES = Path("/proc")


def run(command: list[str], limit: float) -> dict[str, object]:
    """What the command cost, see `linkage.benchmarks.measuring.measure.Usage`."""
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
        together = _Watch(child.pid, end_group)
        together.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:  # an interrupt must not leave the command running
            end_group()
            raise
        finally:
            timer.cancel()
            together.done.set()
        seconds = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        lines = stderr.read().decode(errors="replace").strip().splitlines()
    return {
        "exit_code": child.returncode,
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss * _MAXRSS_UNIT / 1e6,
        "all_mb": max(usage.ru_maxrss * _MAXRSS_UNIT, together.most) / 1e6,
        "timed_out": ended.is_set(),
        "complaint": lines[-1] if lines else "",
    }


class _Watch(threading.Thread):
    """Looks now and then how much memory all processes of a session hold together (Linux only).

    It ends them when whoever started this process is no more.
    """

    def __init__(self, session: int, end: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.session = session
        self.end = end
        self.parent = os.getppid()
        self.most = 0  # bytes
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(_SAMPLES):
            if os.getppid() != self.parent:
                self.end()
            own = [path for path in _PROCESSES.glob("[0-9]*") if _session(path) == self.session]
            if len(own) > 1:  # the system itself counts the most of a single one
                self.most = max(self.most, sum(map(_memory, own)))


def _session(process: Path) -> int:
    with suppress(OSError, IndexError):
        fields = (process / "stat").read_text(errors="replace").rpartition(")")[2].split()
        return int(fields[3])
    return 0


def _memory(process: Path) -> int:
    """Bytes, what it shares with others in proportion (PSS)."""
    with suppress(OSError):
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    usage = run(sys.argv[3:], float(sys.argv[2]))
    Path(sys.argv[1]).write_text(json.dumps(usage), encoding="utf-8")
