"""What a library was made for: it stays so."""

from __future__ import annotations

from typing import NamedTuple

from linkage.errors import InputError
from linkage.library.store import Store
from linkage.papers.linker import LEVELS


class Settings(NamedTuple):
    """The level of papers, and whether authors are linked, too."""

    level: str
    people: bool


def settle(store: Store, level: str | None, people: bool | None) -> Settings:
    """The settings of a library; a new one is given them. None: whatever they are.

    Raises `InputError` where the library has others.
    """
    if level is not None and level not in LEVELS:
        raise InputError(f"found the level {level!r}, expected one of {', '.join(LEVELS)}")
    known = _saved(store)
    if known is None:
        known = Settings(level or LEVELS[0], True if people is None else people)
        rows = [("level", known.level), ("people", str(int(known.people)))]
        with store.writing():
            store.change("INSERT OR IGNORE INTO settings VALUES (?, ?)", rows)
        known = _saved(store) or known
    _check(store.name, "the level", known.level, level)
    _check(store.name, "people", known.people, people)
    return known


def _saved(store: Store) -> Settings | None:
    saved = dict(store.rows("SELECT name, value FROM settings"))
    return Settings(saved["level"], saved["people"] == "1") if saved else None


def _check(name: str, what: str, found: object, expected: object) -> None:
    if expected is not None and found != expected:
        raise InputError(f"{name}: found {what} {found!r}, expected {expected!r} as now asked for")
