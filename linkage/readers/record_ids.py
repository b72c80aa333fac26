"""The ids of records: as the files give them, made up where there is none, unique in any case."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from linkage.errors import Problem
from linkage.readers.source import Reader, Source
from linkage.records.cells import identifier
from linkage.records.given_table import cells_of


class _Met:
    """The ids of records by the number of the record, and where those records stand."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._read = 0
        self._starts: list[int] = []
        self._tables: list[tuple[str, pd.Index]] = []

    def table(self, name: str, places: pd.Index) -> range:
        """The numbers of the records of a table, of a file of that name, which comes next."""
        numbers = range(self._read, self._read + len(places))
        self._starts.append(self._read)
        self._tables.append((name, places))
        self._read += len(places)
        return numbers

    def place(self, record_id: str) -> tuple[str, str]:
        """The name of the file that has the record of an id, and its place there."""
        number = self.numbers[record_id]
        table = bisect_right(self._starts, number) - 1
        name, places = self._tables[table]
        return name, str(places[number - self._starts[table]])


class RecordIds:
    """The ids of all files read so far, and what they were called where they stood twice."""

    def __init__(self, paths: Iterable[str | os.PathLike[str]] = ()) -> None:
        """`paths`: the files and folders that will be read."""
        self._met = _Met()
        names = [Path(path).name for path in paths]
        self._files = {name for name in names if names.count(name) > 1}

    def of_file(self, source: Source, reader: Reader) -> FileIds:
        """The ids of the next file."""
        names = FileIds(source, reader.place, self._met, self._name_apart(source))
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

    def __init__(self, source: Source, place: str, met: _Met, file: str) -> None:
        self.file = file
        self._source = source
        self._place = place
        self._met = met
        self._read = 0
        self._again: list[tuple[str, str, str, str]] = []

    def of(self, table: pd.DataFrame) -> list[str]:
        """The id of each record; `<file stem>:<1-based number>` where the file has none.

        An id that was met before, in this file or in another, gets the name of the file before it:
        `refs.bib:smith2001`.
        """
        given = cells_of(table["record_id"]) if "record_id" in table else [None] * len(table)
        said = [*map(identifier, given)]
        first, self._read = self._read + 1, self._read + len(said)
        ids = [one or f"{self._source.stem}:{n}" for n, one in enumerate(said, first)]
        numbers = self._met.table(self._source.name, table.index)
        known = self._met.numbers
        if len(set(ids)) == len(ids) and known.keys().isdisjoint(ids):  # nearly always
            known.update(zip(ids, numbers, strict=True))
            return ids
        for row, number in enumerate(numbers):
            if ids[row] in known:
                where = f"{self._place} {table.index[row]}"
                ids[row] = self._renamed(ids[row], where, first + row, bool(said[row]))
            known[ids[row]] = number
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

    def _renamed(self, record_id: str, where: str, nth: int, said: bool) -> str:
        new = stem = f"{self._source.name}:{record_id if said else nth}"
        number = 2
        while new in self._met.numbers:
            new, number = f"{stem}:{number}", number + 1
        if said:
            name, place = self._met.place(record_id)
            self._again.append((where, record_id, f"{self._place} {place} of {name}", new))
        return new
