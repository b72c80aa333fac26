"""A limit on what one call may take: beyond, it hangs."""

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

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
