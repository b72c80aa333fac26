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
_RETRY = 0.02  # seconds until an exit is tried again that came while a module was imported
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_received: list[int] = []


def end_on_signals() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP raise `SystemExit` with 128 + their number.

    A second signal ends the process at once, and so does an exit that something keeps from being
    raised. What was told to ignore a signal (`nohup`) goes on ignoring it. An import under way is
    finished first.
    """
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)
    sys.unraisablehook = _unraisable


def signal_received() -> signal.Signals | None:
    """The signal that is ending this process, if one is."""
    return signal.Signals(_received[0]) if _received else None


def _end(number: int, frame: FrameType | None) -> None:
    status = 128 + number
    if _received:
        os._exit(status)
    _received.append(number)
    # no threading.Thread: the main thread may hold a lock that starting one needs
    _thread.start_new_thread(_end_later, (status,))
    _exit_outside_imports(status, frame)


def _exit_outside_imports(status: int, frame: FrameType | None) -> None:
    """Raise the exit, once no module is being imported.

    Compiled modules that are half imported make another error of an exit, or abort the process.
    """
    number = status - 128
    if not _is_import(frame):
        signal.signal(number, _end)
        raise SystemExit(status)
    signal.signal(number, lambda _, later: _exit_outside_imports(status, later))
    _thread.start_new_thread(_send_later, (number,))


def _is_import(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _send_later(number: int) -> None:
    time.sleep(_RETRY)
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:
        os.kill(os.getpid(), number)  # to the main thread, and so it wakes from a wait


def _end_later(status: int) -> None:
    time.sleep(_GRACE)
    os._exit(status)


def _unraisable(found: Any) -> None:
    """The exit was raised where Python can't pass it on, as when it frees an object."""
    if _received:
        os._exit(128 + _received[0])
    sys.__unraisablehook__(found)
