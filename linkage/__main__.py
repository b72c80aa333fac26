"""`linkage` as a process of its own: `python -m linkage`."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import NoReturn

from linkage.running.signals import end_on_signals, signal_received


def command() -> NoReturn:
    """Run the command line, and end the process without taking everything down piece by piece.

    Freeing millions of objects one by one takes seconds, and the system does it at once.
    """
    end_on_signals()
    for stream in (sys.stdout, sys.stderr):  # a file may have a name that is not UTF-8
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    status = _run()
    if number := signal_received():
        status = 128 + number
        with suppress(OSError):
            print(f"linkage: ended by {number.name}", file=sys.stderr)  # noqa: T201
    atexit._run_exitfuncs()
    with suppress(BrokenPipeError):  # nobody reads on
        sys.stdout.flush()
    os._exit(status)


def _run() -> int:
    try:
        from linkage.cli import main  # takes a second, in which a signal may come

        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        if not signal_received():
            raise
        return 1  # compiled code made an error of the exit
    return 0


if __name__ == "__main__":
    command()
