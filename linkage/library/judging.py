"""Judgements come in: ids are looked up, each row says one thing, nothing is overwritten."""

from __future__ import annotations

import getpass

import pandas as pd

from linkage.errors import InputError
from linkage.library.ids import is_id, make_id, read_id
from linkage.library.judgements import (
    DIFFERENT,
    SAME,
    TAKEN_BACK,
    UNSURE,
    Judgement,
    not_taken_back,
    read_judgements,
)
from linkage.library.kinds import PAPER, PERSON
from linkage.library.store import Store, now
from linkage.library.versions import authors_at, version_now
from linkage.records.cells import text
from linkage.records.mention_ids import mention_id, read_mention_id
from linkage.tables.truth import SIDES, ids_of, labels_of

_VERDICTS = {True: SAME, False: DIFFERENT, None: UNSURE}


def new_judgements(
    store: Store, pairs: pd.DataFrame, who: str | None, run: int, what: str
) -> list[Judgement]:
    """A judgement for each row: left_id, right_id, same (1, 0, empty: can't say), note.

    Ids are the library's or those by which the sources call records now; mentions are
    `record#position`. Raises `InputError`, calling the table `what`, where one is not there.
    """
    ids = ids_of(pairs, what).astype(str)
    if "same" not in pairs:
        found = ", ".join(map(str, pairs.columns))
        raise InputError(f"{what}: found the columns {found}; expected the verdicts in 'same'")
    labels = labels_of(pairs, f"{what}:").tolist()
    notes = pairs["note"].tolist() if "note" in pairs else [None] * len(pairs)
    sides = zip(*(ids[side] for side in SIDES), strict=True)
    first = store.next_number("judgements")
    return [
        _judgement(store, make_id("j", number), both, label, note, who, run, what)
        for number, (both, label, note) in enumerate(
            zip(sides, labels, notes, strict=True), start=first
        )
    ]


def taking_back(store: Store, rows: list[Judgement], who: str | None, run: int) -> list[Judgement]:
    """Rows that take judgements back, those that hold."""
    holding = {row.judgement_id for row in not_taken_back(read_judgements(store))}
    first = store.next_number("judgements")
    taken = [row for row in rows if row.judgement_id in holding]
    return [
        Judgement(
            make_id("j", number), run, row.kind, row.left_id, row.right_id, row.left_name,
            row.right_name, TAKEN_BACK, row.judgement_id, _name(who), now(),
        )
        for number, row in enumerate(taken, start=first)
    ]  # fmt: skip


def _judgement(
    store: Store, own_id: str, sides: tuple[str, str], label: bool | None, note: object,
    who: str | None, run: int, what: str,
) -> Judgement:  # fmt: skip
    (left, left_name), (right, right_name) = (_looked_up(store, side, what) for side in sides)
    mentions = [read_mention_id(side) is not None for side in (left, right)]
    if mentions[0] != mentions[1]:
        raise InputError(f"{what}: found {left} and {right}, expected two records or two mentions")
    if left == right:
        raise InputError(f"{what}: found {sides[0]!r} beside itself, expected two of them")
    kind = PERSON if mentions[0] else PAPER
    verdict = _VERDICTS[None if pd.isna(label) else bool(label)]
    return Judgement(
        own_id, run, kind.name, left, right, left_name, right_name, verdict, None, _name(who),
        now(), text(note),
    )  # fmt: skip


def _looked_up(store: Store, given: str, what: str) -> tuple[str, str]:
    """The library's id of a record or mention, and its title or name."""
    found = _record_of(store, given, what)
    if found is None and (place := read_mention_id(given)):
        found = _record_of(store, place[0], what)
        authors = authors_at(store, found, store.one("SELECT max(run) FROM runs")) if found else []
        if found and place[1] < len(authors) and not authors[place[1]].get("group"):
            return mention_id(found, place[1]), authors[place[1]]["name"]
        if found:
            expected = f"a person among its {len(authors)} authors, from 0"
            raise InputError(f"{what}: found {given!r}, expected {expected}")
    if found is None:
        raise InputError(f"{what}: found {given!r}, expected a record or mention of {store.name}")
    version = version_now(store, found)
    return found, "" if version is None else _title(version.content)


def _record_of(store: Store, given: str, what: str) -> str | None:
    if is_id(given.lower()):
        record_id = read_id(given)
        if version_now(store, record_id):
            return record_id
    query = "SELECT record_id FROM versions WHERE source_record_id = ? AND to_run IS NULL"
    rows = store.rows(query, [given])
    if len(rows) > 1:
        found = f"found {given!r}, which {len(rows)} sources have"
        raise InputError(f"{what}: {found}, expected the library's id, such as {rows[0][0]}")
    return rows[0][0] if rows else None


def _title(content: str) -> str:
    from linkage.library.contents import read_content

    return read_content(content).get("title") or ""


def _name(who: str | None) -> str:
    try:
        return who or getpass.getuser()
    except (OSError, KeyError):  # a process of no user
        return "unknown"
