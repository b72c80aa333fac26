"""`linkage` as a process of its own: `python -m linkage`."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import NoReturn

from linkage.cli import main


def command() -> NoReturn:
    """Run the command line, and end the process without taking everything down piece by piece.

    Freeing millions of objects one by one takes seconds, and the system does it at once.
    """
    try:
        main()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    atexit._run_exitfuncs()
    with suppress(BrokenPipeError):  # nobody reads on
        sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    command()
