"""One sentence for whatever went wrong, also for what nobody foresaw."""

from __future__ import annotations

import os
import traceback
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from types import TracebackType
from typing import Any

from linkage.errors import LinkageError

_SHOWN = 200  # letters of a message


def sentence(error: Exception) -> str:
    """What to tell the user; of an error of ours also the file, the record and where to report."""
    if isinstance(error, LinkageError):
        return str(error)
    if isinstance(error, MemoryError):
        return "system: found too little memory for this work"
    if isinstance(error, OSError):
        return f"{getattr(error, 'filename', None) or 'system'}: {error}"
    place = "".join(f"{one}: " for one in _known_places(error.__traceback__))
    last = traceback.extract_tb(error.__traceback__)[-1:]
    line = "".join(f" at {Path(one.filename).name}:{one.lineno}" for one in last)
    said = " ".join(str(error).split())[:_SHOWN]
    ours = "this is an error in linkage, not in what you did"
    report = f"please report it with what --debug shows to {_tracker()}"
    return f"{place}found {type(error).__name__} ({said}){line}; {ours}: {report}"


def _known_places(trace: TracebackType | None) -> list[str]:
    """The file and the record that were worked on, as far as the functions that failed name them.

    The innermost is the nearest. Variables called `path`, `source` and `record_id` are looked at.
    """
    found: dict[str, str] = {}
    while trace is not None:
        names = trace.tb_frame.f_locals
        path = getattr(names.get("source"), "path", names.get("path"))
        if isinstance(path, os.PathLike):
            found["file"] = os.fspath(path)
        if isinstance(names.get("record_id"), str):
            found["record"] = f"record {names['record_id']!r}"
        trace = trace.tb_next
    return [found[kind] for kind in ("file", "record") if kind in found]


def _tracker() -> str:
    """Where the package says that its errors are reported."""
    try:
        said: Any = metadata("biblinkage").get_all("Project-URL") or []
    except PackageNotFoundError:
        said = []
    places = dict(one.split(", ", 1) for one in said)
    return str(places.get("Issues", "the authors of biblinkage"))
