"""An interrupt or a termination ends the command in order: outputs old or new, no traceback."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from types import FrameType
from typing import Any

_GRACE = 10.0  # seconds to put things in order before the process ends as it stands
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_received: list[int] = []


def end_on_signals() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP raise `SystemExit` with 128 + their number.

    A second signal ends the process at once, and so does an exit that something keeps from being
    raised. What was told to ignore a signal (`nohup`) goes on ignoring it.
    """
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)
    sys.unraisablehook = _unraisable


def signal_received() -> signal.Signals | None:
    """The signal that is ending this process, if one is."""
    return signal.Signals(_received[0]) if _received else None


def _end(number: int, _: FrameType | None) -> None:
    status = 128 + number
    if _received:
        os._exit(status)
    _received.append(number)
    # no threading.Thread: the main thread may hold a lock that starting one needs
    _thread.start_new_thread(_end_later, (status,))
    raise SystemExit(status)


def _end_later(status: int) -> None:
    time.sleep(_GRACE)
    os._exit(status)


def _unraisable(found: Any) -> None:
    """The exit was raised where Python can't pass it on, as when it frees an object."""
    if _received:
        os._exit(128 + _received[0])
    sys.__unraisablehook__(found)
