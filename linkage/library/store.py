"""The file of a library: opened, brought up to date, changed as a whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from linkage.errors import InputError
from linkage.library.schema import APPLICATION, BUSY_SECONDS, FORMAT, MIGRATIONS

MEMORY = ":memory:"
Values = Sequence[Any] | Mapping[str, Any]  # of ? in order, or of :name by name
_SAID = {
    sqlite3.SQLITE_BUSY: "is in use by another run, expected it to be free; try again later",
    sqlite3.SQLITE_LOCKED: "is in use by another run, expected it to be free; try again later",
    sqlite3.SQLITE_READONLY: "is write-protected, expected a library that may be changed",
    sqlite3.SQLITE_FULL: "the disk is full; nothing was changed",
    sqlite3.SQLITE_IOERR: "the disk is full or damaged; nothing was changed",
    sqlite3.SQLITE_CANTOPEN: "can't be opened; is its folder there, and may it be written to?",
    sqlite3.SQLITE_NOTADB: "found no library, expected a file that `linkage update` wrote",
    sqlite3.SQLITE_CORRUPT: "is damaged, expected a whole library; take the last copy of it",
}


class Store:
    """The database of a library.

    One writer at a time; readers see the state before until it is done. A writer that dies leaves a
    journal beside the file by which the next to open it restores that state. `path` is a file,
    which is made if `create`, or ":memory:". Raises `InputError`, in one sentence, where it can't
    be used.
    """

    def __init__(self, path: str | os.PathLike[str], *, create: bool = True) -> None:
        self.name = os.fspath(path)
        if self.name != MEMORY:
            _check_path(Path(self.name), create)
        with self._told():
            self._db = sqlite3.connect(self.name, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All changes inside are made at its end; after an error, none of them."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read inside is of one state."""
        if self._db.in_transaction:
            yield
            return
        with self._told():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    def rows(self, query: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """The rows that a query gives."""
        with self._told():
            return self._db.execute(query, values).fetchall()

    def one(self, query: str, values: Values = ()) -> Any:
        """The first value of the first row; None without a row."""
        found = self.rows(query, values)
        return found[0][0] if found else None

    def table(self, query: str, values: Values = ()) -> pd.DataFrame:
        """The rows that a query gives, with the names of the columns; NULL is None."""
        with self._told():
            cursor = self._db.execute(query, values)
            names = [column[0] for column in cursor.description]
            return pd.DataFrame(cursor.fetchall(), columns=names, dtype=object)

    def change(self, statement: str, rows: Iterable[Sequence[Any]] = ((),)) -> None:
        """Run a statement for each row of values."""
        with self._told():
            self._db.executemany(statement, rows)

    def among(self, query: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
        """The rows of a query in which `?` stands for some values at a time: `x IN (?)`."""
        given, found = list(values), []
        for start in range(0, len(given), 500):
            some = given[start : start + 500]
            found += self.rows(query.replace("?", ",".join("?" * len(some))), some)
        return found

    def next_number(self, table: str) -> int:
        """The number of the next thing that is made; rows are never removed, so it is a new one."""
        return int(self.one(f"SELECT coalesce(max(number), 0) + 1 FROM {table}"))  # noqa: S608

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = DELETE")  # no file beside it between runs
        self._db.execute("PRAGMA temp_store = MEMORY")
        found = self._format()
        self._remove_journal(found)
        if found < FORMAT:
            with self.writing():
                for version in range(self._format(), FORMAT):  # another may have been faster
                    self._migrate(version)

    def _remove_journal(self, version: int) -> None:
        """Remove a dead writer's journal that SQLite leaves, since there is nothing to restore.

        It goes with the next transaction. Where a writer lives, it is that one's.
        """
        if not Path(f"{self.name}-journal").exists():
            return
        self._db.execute("PRAGMA busy_timeout = 0")
        with suppress(sqlite3.OperationalError):
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(f"PRAGMA user_version = {version}")
            self._db.execute("COMMIT")
        self._db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")

    def _format(self) -> int:
        found = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if found > FORMAT:
            raise InputError(
                f"{self.name}: found a library of format {found}, which a newer version of linkage "
                f"wrote, expected {FORMAT} at most"
            )
        owner = int(self._db.execute("PRAGMA application_id").fetchone()[0])
        is_new = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if owner != APPLICATION and not is_new:
            raise InputError(
                f"{self.name}: found a database of another program, expected a library"
            )
        return found

    def _migrate(self, version: int) -> None:
        what, script = MIGRATIONS[version]
        if version == 0:
            self._db.execute(f"PRAGMA application_id = {APPLICATION}")
            self._db.execute(
                "CREATE TABLE migrations (format INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT)"
            )
        for statement in filter(str.strip, script.split(";")):
            self._db.execute(statement)
        row = (version + 1, now(), what)
        self._db.execute("INSERT INTO migrations VALUES (?, ?, ?)", row)
        self._db.execute(f"PRAGMA user_version = {version + 1}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite complains of, in one sentence."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            raise InputError(f"{self.name}: {_SAID.get(code, str(error))}") from error


def now() -> str:
    """The time, in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check_path(path: Path, create: bool) -> None:
    if path.is_dir():
        raise InputError(f"{path}: is a folder, expected the file of a library")
    if not path.exists() and not create:
        raise InputError(f"{path}: no such library; `linkage update` makes one")
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist")
