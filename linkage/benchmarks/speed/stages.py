"""Run our command line and time its stages.

`python -m linkage.benchmarks.speed.stages START TIMES ...`.
START is when it was called, by the monotonic clock that all processes share, TIMES the JSON file to
write; what follows is what `linkage` is called with. The stages are those that the package tells
in its log. Nothing else differs from the command as a user runs it.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import runpy
import sys
import time
from pathlib import Path

FIRST = "starting"


class StageClock(logging.Handler):
    """Notes when each stage began, in wall and in CPU seconds of this process and its children."""

    def __init__(self, start: float) -> None:
        super().__init__(logging.INFO)
        self._began = [(FIRST, start, 0.0)]

    def emit(self, record: logging.LogRecord) -> None:
        """Take the first word of a message for the name of a stage: "blocking 10 records"."""
        self._began.append((record.getMessage().split()[0], *_now()))

    def stages(self) -> list[dict[str, str | float]]:
        """Stages in order of first appearance, the parts of one that came again added up."""
        found: dict[str, list[float]] = {}
        for (name, *start), (_, *end) in zip(
            self._began, [*self._began[1:], ("", *_now())], strict=True
        ):
            spent = found.setdefault(name, [0.0, 0.0])
            found[name] = [s + b - a for s, a, b in zip(spent, start, end, strict=True)]
        return [{"stage": name, "seconds": s, "cpu_seconds": c} for name, (s, c) in found.items()]


def _now() -> tuple[float, float]:
    used = os.times()
    cpu = used.user + used.system + used.children_user + used.children_system
    return time.monotonic(), cpu


def main(start: str, times: str, *arguments: str) -> None:
    """Run `linkage` with these arguments, and write the stages as JSON."""
    clock = StageClock(float(start))
    logging.getLogger("linkage").addHandler(clock)
    atexit.register(lambda: Path(times).write_text(json.dumps(clock.stages()), encoding="utf-8"))
    sys.argv = ["linkage", *arguments]
    runpy.run_module("linkage", run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
