"""Show in a terminal what is going on; the package says it in its log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status


@contextmanager
def progress() -> Iterator[None]:
    """A line on stderr with the package's latest log message; nothing where that is a file."""
    log = logging.getLogger("linkage")
    level = log.level
    with Console(stderr=True).status("starting") as status:
        handler = _StatusHandler(status)
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        try:
            yield
        finally:
            log.setLevel(level)
            log.removeHandler(handler)


class _StatusHandler(logging.Handler):
    def __init__(self, status: Status) -> None:
        super().__init__()
        self._status = status

    def emit(self, record: logging.LogRecord) -> None:
        self._status.update(record.getMessage())
