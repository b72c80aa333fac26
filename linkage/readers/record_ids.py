"""The ids of records: as the files give them, made up where there is none, unique in any case."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from linkage.errors import Problem
from linkage.readers.source import Reader, Source
from linkage.records.cells import identifier
from linkage.records.given_table import cells_of


class RecordIds:
    """The ids of all files read so far, and what they were called where they stood twice."""

    def __init__(self, paths: Iterable[str | os.PathLike[str]] = ()) -> None:
        """`paths`: the files and folders that will be read."""
        self._seen: dict[str, tuple[str, str]] = {}
        names = [Path(path).name for path in paths]
        self._files = {name for name in names if names.count(name) > 1}

    def of_file(self, source: Source, reader: Reader) -> FileIds:
        """The ids of the next file."""
        names = FileIds(source, reader.place, self._seen, self._name_apart(source))
        self._files.add(names.file)
        return names

    def _name_apart(self, source: Source) -> str:
        """The file's name, with its folders where others have that name.

        Databases give all their exports one name.
        """
        name = source.name
        for folder in source.path.parent.parts[::-1]:
            if name not in self._files:
                break
            name = f"{folder}/{name}"
        return name


class FileIds:
    """The ids of one file, table by table."""

    def __init__(
        self, source: Source, place: str, seen: dict[str, tuple[str, str]], file: str
    ) -> None:
        self.file = file
        self._source = source
        self._place = place
        self._seen = seen
        self._read = 0
        self._again: list[tuple[str, str, str, str]] = []

    def of(self, table: pd.DataFrame) -> list[str]:
        """The id of each record; `<file stem>:<1-based number>` where the file has none.

        An id that was met before, in this file or in another, gets the name of the file before it:
        `refs.bib:smith2001`.
        """
        given = cells_of(table["record_id"]) if "record_id" in table else [None] * len(table)
        ids = []
        for place, cell in zip(table.index, given, strict=True):
            self._read += 1
            said = identifier(cell)
            record_id = said or f"{self._source.stem}:{self._read}"
            if record_id in self._seen:
                record_id = self._renamed(record_id, f"{self._place} {place}", bool(said))
            self._seen[record_id] = self._source.name, str(place)
            ids.append(record_id)
        return ids

    def problems(self) -> list[Problem]:
        """One that says what was renamed, if anything was."""
        if not self._again:
            return []
        where, record_id, owner, new = self._again[0]
        more = f" (and {len(self._again) - 1:,} more such ids)" if self._again[1:] else ""
        found = f"the record id {record_id!r} of {owner} again{more}"
        expected = f"unique ids (the record is called {new!r})"
        return [Problem(self._source.name, where, found, expected, kept=True)]

    def _renamed(self, record_id: str, where: str, said: bool) -> str:
        new = stem = f"{self._source.name}:{record_id if said else self._read}"
        number = 2
        while new in self._seen:
            new, number = f"{stem}:{number}", number + 1
        if said:
            name, place = self._seen[record_id]
            self._again.append((where, record_id, f"{self._place} {place} of {name}", new))
        return new
