"""Files packed by gzip, Zstandard, bzip2 or xz, told by their first bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from linkage.errors import InputError

MOST_UNPACKED = 100  # times the packed size: records shrink to a 3rd or a 20th, bombs to a 1000th
LEAST_BOUND = 100_000_000  # bytes unpacked that are never too many
SUFFIXES = (".gz", ".zst", ".bz2", ".xz")
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, pa.ArrowException)


def _zstd(file: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd"))


_OPENED: dict[bytes, Callable[[BinaryIO], BinaryIO]] = {
    b"\x1f\x8b": lambda file: cast(BinaryIO, gzip.GzipFile(fileobj=file)),
    b"\x28\xb5\x2f\xfd": _zstd,
    b"BZh": lambda file: cast(BinaryIO, bz2.BZ2File(file)),
    b"\xfd7zXZ": lambda file: cast(BinaryIO, lzma.LZMAFile(file)),  # noqa: SIM115  closed by the caller
}


def unpacked(data: bytes) -> bytes:
    """The bytes that these are, packed or not."""
    if not _magic(data):
        return data
    most = most_unpacked(len(data))
    found = opened(io.BytesIO(data)).read(most + 1)
    check_unpacked(len(found), most)
    return found


def most_unpacked(packed: int) -> int:
    """How many bytes a file of records with so many packed ones can have."""
    return max(LEAST_BOUND, MOST_UNPACKED * packed)


def check_unpacked(found: int, most: int) -> None:
    """Raise `OSError` for more bytes than `most_unpacked`: a bomb made to fill the memory."""
    if found > most:
        raise OSError(f"it unpacks to more than {most:,} bytes, which no file of records does")


def opened(file: BinaryIO) -> BinaryIO:
    """A stream of what a file holds, packed or not."""
    start = file.read(8)
    file.seek(0)
    magic = _magic(start)
    return _OPENED[magic](file) if magic else file


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What goes wrong in reading or unpacking a file becomes an `InputError` that names it."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except BROKEN as error:
        raise InputError(f"{path}: can't be read ({error})") from error


def _magic(start: bytes) -> bytes | None:
    return next((magic for magic in _OPENED if start.startswith(magic)), None)
