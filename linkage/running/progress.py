"""Show in a terminal what is going on; the package says it in its log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

_MEASURED = 2.0  # seconds after which a rate means something


def tell_progress(
    log: logging.Logger, doing: str, done: int, of: str, total: int | None = None
) -> None:
    """Log how far a stage is: "comparing 150,000 of 200,000 pairs".

    `doing` is the stage, `of` what it goes over; `total` is None where nobody knows how many.
    """
    many = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    log.info("%s %s %s", doing, many, of, extra={"stage": (doing, done, total)})


@contextmanager
def progress() -> Iterator[None]:
    """A line on stderr with the package's latest log message; nothing where that is a file."""
    from rich.console import Console  # slow to import

    log = logging.getLogger("linkage")
    level = log.level
    with Console(stderr=True).status("starting") as status:
        handler = _StatusHandler(status.update)
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        try:
            yield
        finally:
            log.setLevel(level)
            log.removeHandler(handler)


class _StatusHandler(logging.Handler):
    """Shows messages; those of `tell_progress` with the rate and, if a total is known, the rest."""

    def __init__(
        self, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._show = show
        self._clock = clock
        self._began = ("", 0.0, 0)  # stage, when, what was done then
        self._done = 0

    def emit(self, record: logging.LogRecord) -> None:
        doing, done, total = getattr(record, "stage", ("", 0, None))
        if doing != self._began[0] or done < self._done:
            self._began = (doing, self._clock(), done)
        self._done = done
        self._show(record.getMessage() + self._rate(done, total))

    def _rate(self, done: int, total: int | None) -> str:
        seconds, more = self._clock() - self._began[1], done - self._began[2]
        if seconds < _MEASURED or more <= 0:
            return ""
        rate = more / seconds
        left = "" if total is None else f", {timedelta(seconds=round((total - done) / rate))} left"
        return f", {rate:,.0f} a second{left}"
