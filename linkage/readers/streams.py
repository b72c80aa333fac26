"""Files read some records at a time, so that a dump of any size needs the room of a batch only."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from linkage.errors import Problem
from linkage.readers.encodings import MIXED, NOT_UNICODE, is_utf8
from linkage.readers.packing import check_unpacked, most_unpacked, opened, readable
from linkage.readers.source import HEAD, Reader, Source
from linkage.running.collector import paused

BATCH = 2_000  # records of one table
LARGE = 1 << 24  # a file of so many bytes is opened, not read
_CHUNK = 1 << 20
_TELLING = ("title", "authors", "editors", "doi", "ids", "venue", "abstract")


class Row(NamedTuple):
    """A record as a reader found it, and the line or item of the file at which it begins."""

    place: int
    record: dict[str, Any]


Rows = Callable[[Source, list[Problem]], Iterator[Row]]


class LargeSource(Source):
    """A file of which only the first part is held as `data`; the whole comes in chunks."""


def start_of(path: Path, encoding: str | None) -> LargeSource | None:
    """The first part of a large file; None for a small one, or for what is no plain file."""
    if not path.is_file() or path.stat().st_size < LARGE:
        return None
    with readable(path), path.open("rb") as file:
        data = opened(file).read(HEAD)
    return LargeSource(path, _without_half_sign(data), encoding)


def chunks(source: Source) -> Iterator[bytes]:
    """All bytes of a file, unpacked, a megabyte at a time."""
    if not isinstance(source, LargeSource):
        yield source.data
        return
    most, found = most_unpacked(source.path.stat().st_size), 0
    with readable(source.path), source.path.open("rb") as file:
        stream = opened(file)
        while chunk := stream.read(_CHUNK):
            found += len(chunk)
            check_unpacked(found, most)
            yield chunk


def text_chunks(
    source: Source, problems: list[Problem], declared: str | None = None
) -> Iterator[str]:
    """All of a file as text, some at a time.

    `declared` is the encoding that the file names; letters that are UTF-8 are nothing else, and
    those that are not are none.
    """
    if not source.data.isascii() and is_utf8(source.data) != _is_utf8_name(declared):
        declared = None
    if not isinstance(source, LargeSource) and (source.encoding or not declared):
        yield source.text(problems)
        return
    codec = source.encoding or _bom(source.data) or declared or _codec_of_start(source, problems)
    decoder, damaged = codecs.getincrementaldecoder(codec)("replace"), 0
    for chunk in chunks(source):
        part = decoder.decode(chunk).replace("\ufeff", "")
        damaged += part.count("\ufffd")
        yield part
    yield decoder.decode(b"", final=True)
    if damaged:
        found = f"{damaged:,} signs that are not {codec}"
        problems.append(Problem(source.name, "whole file", found, codec, kept=True))


def lines(source: Source) -> Iterator[tuple[int, bytes]]:
    """The lines of a file as bytes, with their numbers, some at a time."""
    number, rest = 0, b""
    for chunk in chunks(source):
        *whole, rest = (rest + chunk).split(b"\n") if rest else chunk.split(b"\n")
        for line in whole:
            number += 1
            yield number, line
    yield number + 1, rest


def frame(rows: Iterable[Row], axis: str = "line") -> pd.DataFrame:
    """The table of some rows, a column only where one of them has it."""
    listed = list(rows)
    index = pd.Index([row.place for row in listed], name=axis, dtype="int64")
    return pd.DataFrame([row.record for row in listed], index=index, dtype=object)


def streamed(
    name: str,
    suffixes: tuple[str, ...],
    recognises: Callable[[Source], bool],
    rows: Rows,
    place: str = "line",
) -> Reader:
    """The `Reader` of a format whose records `rows` gives one after the other."""

    def read(source: Source, problems: list[Problem]) -> pd.DataFrame:
        return frame(_with_content(rows, place, source, problems), place)

    def batches(source: Source, problems: list[Problem]) -> Iterator[pd.DataFrame]:
        found = _with_content(rows, place, source, problems)
        while some := _paused_batch(found):
            yield frame(some, place)

    return Reader(name, suffixes, recognises, read, place, batches=batches)


@paused()
def _paused_batch(rows: Iterator[Row]) -> list[Row]:
    """Some of the rows, made without the collector looking at them again and again."""
    return list(islice(rows, BATCH))


def _with_content(rows: Rows, place: str, source: Source, problems: list[Problem]) -> Iterator[Row]:
    """The records that say what they are of; empty ones are set aside."""
    for one in rows(source, problems):
        if any(one.record.get(name) for name in _TELLING):
            yield one
        else:
            where, expected = f"{place} {one.place}", "a title, an author or a number"
            problems.append(Problem(source.name, where, "an empty record", expected))


def _is_utf8_name(codec: str | None) -> bool:
    return codec is not None and codecs.lookup(codec).name in ("utf-8", "utf-8-sig")


def _codec_of_start(source: Source, problems: list[Problem]) -> str:
    """What the letters of the first part tell; UTF-8 where they are of several encodings."""
    codec = source.coding.codec
    if codec not in NOT_UNICODE or codec == MIXED:
        return "utf-8" if codec == MIXED else codec
    found = f"bytes that are not UTF-8, read as {NOT_UNICODE[codec]}"
    problems.append(Problem(source.name, "whole file", found, "UTF-8", kept=True))
    return codec


def _bom(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else None


def _without_half_sign(data: bytes) -> bytes:
    """The first part of a UTF-8 file may end within a sign of several bytes."""
    return re.sub(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\Z", b"", data)
