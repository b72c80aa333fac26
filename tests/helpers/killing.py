"""Commands that are ended at a random moment, and what they leave behind (Linux only)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}
OLD = b"the old file\n"
_PATIENCE = 20.0  # seconds until processes must be gone


class Job(NamedTuple):
    """A command, the files that it writes, and the folder for its temporary files."""

    words: list[str]
    outputs: list[Path]
    temporary: Path

    def start(self, stderr=subprocess.PIPE):
        """Start it as the leader of a group of processes."""
        return subprocess.Popen(
            [sys.executable, "-m", "linkage", *self.words],
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env=os.environ | {"TMPDIR": str(self.temporary)},
            start_new_session=True,
        )

    def complete(self):
        """Run it to its end: how long it took once it could be ended, and the outputs' bytes."""
        process = self.start(subprocess.DEVNULL)
        wait_for_handlers(process)
        began = time.monotonic()
        assert process.wait(_PATIENCE * 6) == 0
        return time.monotonic() - began, [path.read_bytes() for path in self.outputs]

    def end(self, number, after, to_group, new):
        """End it by a signal; each output must be old or new then, and nothing of it go on."""
        for path in self.outputs:
            path.write_bytes(OLD)
        process = self.start()
        wait_for_handlers(process)
        time.sleep(after)
        (os.killpg if to_group else os.kill)(process.pid, number)
        said = process.communicate(timeout=_PATIENCE * 6)[1].decode()
        assert process.returncode in (CODES[number], 0), said
        assert "Traceback" not in said, said
        for path, content in zip(self.outputs, new, strict=True):
            assert path.read_bytes() in (OLD, content)
        assert group_has_ended(process.pid)
        return process

    def left(self, pids):
        """What is still there of runs with these process ids."""
        known = {path.name for path in self.outputs}
        beside = [p for p in self.outputs[0].parent.iterdir() if p.name not in known]
        shared = Path("/dev/shm").glob("sem.loky-*")
        own = [path for path in shared if int(path.name.split("-")[1]) in pids]
        return [*beside, *self.temporary.iterdir(), *own]


def wait_for_handlers(process):
    """Wait until the command takes care of SIGTERM: before, it has neither read nor written."""
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        caught = next((line.split()[1] for line in lines if line.startswith("SigCgt")), "0")
        if int(caught, 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.01)


def group_has_ended(leader):
    """Does the last process of a group end soon?"""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            os.killpg(leader, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def pid_after_a_while(_):
    """The process that does this work, which takes a moment."""
    time.sleep(0.2)
    return os.getpid()
