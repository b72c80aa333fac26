"""Where to write is checked before the work: no output is a file that is read, or named twice."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from linkage.errors import InputError
from linkage.running.leftovers import remove_leftovers, temporary_name

_Identity = str | tuple[int, int]


def check_paths(inputs: Iterable[Path], outputs: Iterable[Path]) -> None:
    """Raise `InputError` where an output can't be written, is an input, or is named twice.

    An input that is a folder stands for all files in it. A file is the same however it is named:
    by another path, a link of either kind, or in other case. What dead runs left beside an output
    is removed.
    """
    read = {one: file for path in inputs for file in _files(path) for one in _identities(file)}
    written: set[_Identity] = set()
    for path in outputs:
        own = _identities(path)
        for one in own & read.keys():
            found = f"is {read[one]}, which is read"
            raise InputError(f"{path}: {found}, expected another file to write to")
        if own & written:
            raise InputError(f"{path}: is named twice, expected another file to write to")
        written |= own
        remove_leftovers(path.parent)
        _check_writable(path)


def files_below(folder: Path) -> list[Path]:
    """The files in a folder and in all folders in it; a file itself."""
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else [folder]


def _files(path: Path) -> list[Path]:
    return list(path.iterdir()) if path.is_dir() else [path]


def _identities(path: Path) -> set[_Identity]:
    """What is equal for two names of one file, also of one that is not there yet."""
    real = unicodedata.normalize("NFC", os.path.realpath(path)).casefold()
    try:
        found = path.stat()
    except OSError:
        return {real}
    return {real, (found.st_dev, found.st_ino)}


def _check_writable(path: Path) -> None:
    """The only way to know whether a file can be written is to write one."""
    trial = path.with_name(temporary_name())
    try:
        trial.open("xb").close()
        trial.unlink()
    except OSError as error:
        raise InputError(f"{path}: can't be written ({error.strerror or error})") from error
