"""Zip archives: each member is a file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from linkage.errors import WHOLE_FILE, InputError, Problem
from linkage.readers.packing import BROKEN, unpacked
from linkage.readers.source import Source

_MOST = 1 << 31  # bytes of a member: more is a bomb, or must be unpacked by hand
_ONE_FILE = ("sdb/sdb.eni", "xl/workbook.xml", "[Content_Types].xml", "mimetype")


def is_archive(source: Source) -> bool:
    """Whether this is a zip archive of files, and not one file that is made of several."""
    return source.data.startswith(b"PK\x03\x04") and not is_one_file(source)


def is_one_file(source: Source) -> bool:
    """Whether a zip archive is an Office document or an EndNote library."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            return any(name in _ONE_FILE for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def members(source: Source, problems: list[Problem]) -> Iterator[Source]:
    """The files of an archive in the order of their names; those that can't be had are named."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
    except (zipfile.BadZipFile, OSError) as error:
        found = f"a damaged zip archive ({error})"
        raise InputError(f"{source.path}: found {found}, expected a whole one") from error
    with archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            path = source.path / member.filename
            hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts[-2:])
            if member.is_dir() or hidden:
                continue
            if member.file_size > _MOST:
                found = f"{member.file_size:,} bytes when unpacked"
                problems.append(Problem(str(path), WHOLE_FILE, found, f"at most {_MOST:,}"))
                continue
            try:
                data = unpacked(archive.read(member))
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, *BROKEN) as error:
                expected = "a whole file in the archive"
                problems.append(Problem(str(path), WHOLE_FILE, f"{error}", expected))
                continue
            if data.strip(b" \t\r\n\xef\xbb\xbf"):
                yield Source(path, data, source.encoding)
