"""A limit on what one call may take: beyond, it hangs.

Seconds of the processor count, not those of a machine that is busy with other things.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SECONDS = 5


@contextmanager
def no_hang() -> Iterator[None]:
    """Raise TimeoutError in what takes longer than `SECONDS`; in the main thread only."""

    def stop(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
