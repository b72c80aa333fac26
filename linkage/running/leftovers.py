"""Temporary files that carry the name of their run, and the removal of those of dead runs.

A run that is killed can't remove what it wrote. So every temporary file and folder is called by
its process, and the next run removes those whose process is no more.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PROCESSES = Path("/proc")
_SEMAPHORES = Path("/dev/shm")  # noqa: S108 - where Linux keeps them
_OURS = re.compile(r"\.?linkage-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-z_]+(\.tmp)?")  # place, pid, start


def run_name() -> str:
    """What this process calls its temporary files: place, process id and when it started."""
    own = os.getpid()
    return f"linkage-{_place()}-{own}-{_started(own) or 0}"


def temporary_name() -> str:
    """A hidden name that no other file has, for one that is not complete yet."""
    return f".{run_name()}-{uuid.uuid4().hex[:12]}.tmp"


def choose_temporary_folder() -> None:
    """Make the first folder that can be written to this process's one for temporary files.

    Python's own choice, but for how it is made: it writes a file, which a kill leaves for ever.
    Where none is found, and on other systems than POSIX, Python chooses.
    """
    if os.name != "posix" or tempfile.tempdir is not None:
        return
    given = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    for folder in filter(None, (*given, "/tmp")):  # noqa: S108 - as Python does
        if Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK):
            tempfile.tempdir = str(Path(folder).absolute())
            return


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder among the system's temporary ones; it is removed at the end."""
    with tempfile.TemporaryDirectory(prefix=f"{run_name()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def remove_leftovers(folder: Path | None = None) -> None:
    """Remove what dead runs of the same user on this machine left in a folder.

    None: in that for temporary files, and the semaphores of their processes. What belongs to a
    living process, to another user or to another machine that shares the folder stays, and so does
    whatever is in doubt.
    """
    with suppress(OSError), os.scandir(folder or tempfile.gettempdir()) as entries:
        for entry in entries:
            named = _OURS.fullmatch(entry.name)
            if named and _is_own(entry) and _is_dead(*named.groups()[:3]):
                if folder is None:
                    _remove_semaphores(named[2])
                _remove(entry)


def _remove(entry: os.DirEntry[str]) -> None:
    if entry.is_dir(follow_symlinks=False):
        shutil.rmtree(entry.path, ignore_errors=True)
    else:
        with suppress(OSError):
            Path(entry.path).unlink()


def _remove_semaphores(pid: str) -> None:
    """Those of loky's processes; on other systems than Linux nobody can list them."""
    if not _has_ended(int(pid)):  # the number is another process's now
        return
    with suppress(OSError), os.scandir(_SEMAPHORES) as entries:
        for entry in entries:
            if entry.name.startswith(f"sem.loky-{pid}-") and _is_own(entry):
                _remove(entry)


def _is_own(entry: os.DirEntry[str]) -> bool:
    with suppress(OSError):
        return os.name == "posix" and entry.stat(follow_symlinks=False).st_uid == os.getuid()
    return False


def _is_dead(place: str, pid: str, start: str) -> bool:
    """Is the process no more? No, where that can't be told."""
    if os.name != "posix" or place != _place():
        return False
    now = _started(int(pid))
    another = now is not None and start != "0" and now != int(start)
    return another or _has_ended(int(pid))


def _has_ended(pid: int) -> bool:
    """True without a process of this id, or with one whose end its parent does not know yet."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return _fields(pid)[:1] == ["Z"]


def _started(pid: int) -> int | None:
    """When the process started, in the system's ticks; None where the system does not say."""
    fields = _fields(pid)
    return int(fields[19]) if len(fields) > 19 else None


def _fields(pid: int) -> list[str]:
    """What Linux says of a process, from its state on."""
    if sys.platform == "linux":
        with suppress(OSError):
            said = (_PROCESSES / str(pid) / "stat").read_text(errors="replace")
            return said.rpartition(")")[2].split()
    return []


def _place() -> str:
    """Where process ids mean the same: one machine, one container."""
    space = ""
    with suppress(OSError):
        space = str((_PROCESSES / "self" / "ns" / "pid").readlink())
    name = f"{platform.node()} {space}".encode(errors="replace")
    return hashlib.sha256(name).hexdigest()[:8]
