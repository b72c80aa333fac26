"""A file to read, and what a reader of one format is."""

from __future__ import annotations

import os
import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import NamedTuple

import pandas as pd

from linkage.errors import InputError, Problem
from linkage.readers.encodings import NOT_UNICODE, Encoding, decoded, encoding_of, is_utf8
from linkage.readers.packing import SUFFIXES, readable, unpacked

HEAD = 1 << 16  # how many bytes are looked at to tell the format
_LEADING = re.compile(
    r"^\ufeff?[ \t]*(?:(?P<bibtex>@[ \t]*[A-Za-z]+[ \t]*[{(])|(?P<ris>TY {0,2}- {0,2}\w)"
    r"|(?P<wos>PT[ \t]{0,3}[A-Z]\s*$))",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Source:
    """One file: path, bytes (unpacked, if it was packed), encoding (None: not said)."""

    path: Path
    data: bytes = field(repr=False)
    encoding: str | None = None

    @cached_property
    def name(self) -> str:
        """The file name, without `.gz` and the like; bytes that are not UTF-8 as escapes."""
        name = os.fsencode(self.path.name).decode("utf-8", errors="backslashreplace")
        return name[: -len(self.path.suffix)] if self.path.suffix.lower() in SUFFIXES else name

    @property
    def stem(self) -> str:
        """The file name without its suffix."""
        return PurePath(self.name).stem

    @property
    def suffix(self) -> str:
        """The suffix in lower case, with the dot."""
        return PurePath(self.name).suffix.lower()

    @cached_property
    def coding(self) -> Encoding:
        """The encoding that was said or, where none was, the one that all the bytes tell."""
        return Encoding(self.encoding) if self.encoding else encoding_of(self.data)

    @cached_property
    def head(self) -> str:
        """The first part as text, for telling the format."""
        if (plain := self._utf8(HEAD)) is not None:
            return plain
        return decoded(self.data[:HEAD], self.coding.codec)

    def text(self, problems: list[Problem]) -> str:
        """Decode the whole file; an encoding that is no Unicode, and what it can't be, is told.

        Byte-order marks are left out wherever they stand: files were put together.
        """
        return self._decoded(problems).replace("\ufeff", "")

    def _decoded(self, problems: list[Problem]) -> str:
        if (plain := self._utf8()) is not None:
            return plain
        codec, example = self.coding
        content = decoded(self.data, codec)
        if self.encoding and "\ufffd" in content:
            place = position(content, content.index("\ufffd"))
            found = f"{content.count(chr(0xFFFD)):,} signs that are not {codec}"
            problems.append(Problem(self.name, place, found, codec, kept=True))
        elif not self.encoding and codec in NOT_UNICODE:
            line, more = self._lines_not_utf8()
            found = f"bytes that are not UTF-8, read as {NOT_UNICODE[codec]} (such as {example!r})"
            problems.append(Problem(self.name, f"line {line}{more}", found, "UTF-8", kept=True))
        return content

    def _utf8(self, most: int | None = None) -> str | None:
        """The text, or the first bytes of it, if plain UTF-8; that is found out by decoding."""
        some = self.data[:most]
        if self.encoding or b"\0" in some[:HEAD] or some.startswith(b"\xef\xbb\xbf"):
            return None
        try:
            return getincrementaldecoder("utf-8")().decode(some, final=most is None)
        except UnicodeDecodeError:
            return None

    def _lines_not_utf8(self) -> tuple[int, str]:
        lines = enumerate(self.data.splitlines(), start=1)
        foreign = [number for number, line in lines if not is_utf8(line)]
        more = f" (and {len(foreign) - 1:,} more lines)" if len(foreign) > 1 else ""
        return foreign[0] if foreign else 1, more


def leading_format(head: str) -> str | None:
    """Which of the formats whose records begin with a mark begins first: what follows is in it."""
    found = _LEADING.search(head.replace("\r", "\n"))
    return found.lastgroup if found else None


def position(content: str, at: int) -> str:
    """`line 3, column 14` of a place in a text."""
    start = content.rfind("\n", 0, at) + 1
    return f"line {content.count(chr(10), 0, at) + 1}, column {at - start + 1}"


class Reader(NamedTuple):
    """How one family of formats is told from others, and read.

    `recognises` looks at a file's content. `read` returns one row per record, index = its line or
    row number in the file (`place` says which), with canonical columns as far as the format knows
    them, others carried through, and appends what it had to set aside to the list it is given.
    In a `tabular` format the columns are the user's: names are mapped. `batches` gives the same
    some records at a time, where a file may be larger than memory; of a tabular format each with
    one row more at its end, in which all columns have a cell that have one anywhere: what a column
    is called depends on that.
    """

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[Source], bool]
    read: Callable[[Source, list[Problem]], pd.DataFrame]
    place: str = "line"
    tabular: bool = False
    batches: Callable[[Source, list[Problem]], Iterator[pd.DataFrame]] | None = None


def open_source(path: Path, encoding: str | None = None) -> Source:
    """Read a file's bytes, unpacked if packed; `InputError` if that fails or it is empty."""
    with readable(path):
        data = unpacked(path.read_bytes())
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise InputError(f"{path}: the file is empty, expected records")
    return Source(path, data, encoding)


def check_encoding(encoding: str | None) -> None:
    """Raise `InputError` where Python knows no text encoding of this name."""
    try:
        "".encode(encoding or "utf-8")
    except LookupError:
        expected = "one such as utf-8, cp1252, mac_roman, gb18030"
        raise InputError(f"found the encoding {encoding!r}, expected {expected}") from None
