"""A file to read, and what a reader of one format is."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import NamedTuple

import pandas as pd
from charset_normalizer import from_bytes

from linkage.errors import InputError, Problem

HEAD = 1 << 16  # how many bytes are looked at to tell the format
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Source:
    """One file: its path, its bytes (unpacked, if it was gzipped) and its first part as text."""

    path: Path
    data: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The file name, without `.gz`."""
        return self.path.name.removesuffix(".gz")

    @property
    def stem(self) -> str:
        """The file name without its suffix."""
        return PurePath(self.name).stem

    @property
    def suffix(self) -> str:
        """The suffix in lower case, with the dot."""
        return PurePath(self.name).suffix.lower()

    @property
    def head(self) -> str:
        """The first part as text, for telling the format."""
        return self.data[:HEAD].decode(self._bom() or "utf-8", errors="replace")

    def _bom(self) -> str | None:
        return next((codec for bom, codec in _BOMS.items() if self.data.startswith(bom)), None)

    def text(self, problems: list[Problem]) -> str:
        """Decode the whole file; lines that are not UTF-8 like the rest are reported."""
        codec = self._bom() or "utf-8"
        try:
            return self.data.decode(codec)
        except UnicodeDecodeError:
            return self._decode_lines(problems)

    def _decode_lines(self, problems: list[Problem]) -> str:
        """One guess for a file without any UTF-8, else line by line; either is reported."""
        lines = self.data.splitlines(keepends=True)
        foreign = [number for number, line in enumerate(lines, start=1) if not _is_utf8(line)]
        mixed = any(_is_utf8(line) and not line.isascii() for line in lines)
        best = None if mixed else from_bytes(self.data).best()
        codec = best.encoding if best else "cp1252"
        more = f" (and {len(foreign) - 1:,} more lines)" if len(foreign) > 1 else ""
        found = f"bytes that are not UTF-8, read as {codec}"
        problems.append(Problem(self.name, f"line {foreign[0]}{more}", found, "UTF-8", kept=True))
        if best:
            return str(best)
        return "".join(
            line.decode("utf-8") if _is_utf8(line) else _as_windows(line) for line in lines
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_windows(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


class Reader(NamedTuple):
    """How one family of formats is told from others, and read.

    `recognises` looks at a file's content. `read` returns one row per record, index = its line or
    row number in the file (`place` says which), with canonical columns as far as the format knows
    them, others carried through, and appends what it had to set aside to the list it is given.
    In a `tabular` format the columns are the user's: names are mapped and ids must be unique.
    """

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[Source], bool]
    read: Callable[[Source, list[Problem]], pd.DataFrame]
    place: str = "line"
    tabular: bool = False


def open_source(path: Path) -> Source:
    """Read a file's bytes, unpacked if gzipped; `InputError` if that fails or it is empty."""
    try:
        data = path.read_bytes()
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: can't be read ({error})") from error
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise InputError(f"{path}: the file is empty, expected records")
    return Source(path, data)
