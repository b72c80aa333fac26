"""What happened to ids, and what an old id is called now."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from linkage.errors import InputError
from linkage.library.flows import MERGED, Change
from linkage.library.ids import read_id
from linkage.library.judgements import COLUMNS
from linkage.library.kinds import PAPER, PERSON, TRUE_AT, Kind
from linkage.library.mentions import mention_now
from linkage.library.store import Store

CHANGE_COLUMNS = ("run", "kind", "id", "change", "other_id", "members", "reason")
_SUCCESSOR = (
    "SELECT other_id FROM changes WHERE id = ? AND change = ? "
    "ORDER BY run DESC, members DESC, rowid"
)
HISTORY_COLUMNS = ("run", "at", "what", "reason")


def changes_between(store: Store, after: int, to: int) -> pd.DataFrame:
    """The changes of all runs above `after` up to `to`, in order."""
    columns = ", ".join(CHANGE_COLUMNS)
    query = f"SELECT {columns} FROM changes WHERE run > ? AND run <= ? ORDER BY rowid"  # noqa: S608
    return store.table(query, [after, to])


def members_at(store: Store, kind: Kind, run: int) -> dict[str, str]:
    """Member -> id after a run."""
    query = f"SELECT {kind.member}, {kind.thing} FROM {kind.members} WHERE {TRUE_AT}"  # noqa: S608
    return dict(store.rows(query, {"run": run}))


def resolve(store: Store, text: str) -> str | None:
    """What a paper or person of any earlier run is called now; None where it was withdrawn.

    An id that ended leads to where most of its last members are (ties: the older id). Raises
    `InputError` where no such id was ever given.
    """
    one = _known(store, text)
    kind = PAPER if one.startswith(PAPER.letter) else PERSON
    there = f"SELECT 1 FROM {kind.members} WHERE {kind.thing} = ? AND to_run IS NULL LIMIT 1"  # noqa: S608
    while not store.one(there, [one]):
        other = _of_most(store, kind, one) or store.one(_SUCCESSOR, [one, MERGED])
        if other is None:
            return None
        one = other
    return one


def _of_most(store: Store, kind: Kind, one: str) -> str | None:
    """The id that most of the last members of one that ended have now."""
    query = f"SELECT {kind.member}, to_run FROM {kind.members} WHERE {kind.thing} = ?"  # noqa: S608
    rows = store.rows(query, [one])
    end = max(to_run for _, to_run in rows)
    last = [member for member, to_run in rows if to_run == end]
    if kind is PERSON:
        run = store.one("SELECT max(run) FROM runs")
        last = [now for member in last if (now := mention_now(store, member, end - 1, run))]
    query = f"SELECT {kind.thing} FROM {kind.members} WHERE to_run IS NULL AND {kind.member} IN (?)"  # noqa: S608
    counts = Counter(name for (name,) in store.among(query, last))
    return min(counts, key=lambda name: (-counts[name], len(name), name), default=None)


def history(store: Store, text: str) -> pd.DataFrame:
    """What happened to an id, run by run: run, at, what (in words), reason.

    Of a paper or person its changes, of a record its versions and papers, of a judgement itself and
    what took it back. Raises `InputError` where no such id was ever given.
    """
    one = _known(store, text)
    rows = {"r": _of_record, "j": _of_judgement}.get(one[0], _of_thing)(store, one)
    times = dict(store.rows("SELECT run, at FROM runs"))
    told = [(run, times.get(run), what, reason) for run, what, reason in rows]
    return pd.DataFrame(told, columns=list(HISTORY_COLUMNS), dtype=object)


def _known(store: Store, text: str) -> str:
    one = read_id(text)
    table, column = {
        "r": ("records", "record_id"),
        "p": ("papers", "paper_id"),
        "a": ("people", "person_id"),
        "j": ("judgements", "judgement_id"),
    }[one[0]]
    if not store.one(f"SELECT 1 FROM {table} WHERE {column} = ?", [one]):  # noqa: S608
        raise InputError(f"found the id {one!r}, expected one that {store.name} has given")
    return one


_Told = list[tuple[int, str, str]]


def _of_thing(store: Store, one: str) -> _Told:
    query = "SELECT run, id, change, other_id, members, reason FROM changes "
    rows = store.rows(
        f"{query} WHERE id = :one OR other_id = :one ORDER BY run, rowid", {"one": one}
    )
    return [(run, _in_words(Change(*row), one), reason) for run, *row, reason in rows]


def _in_words(told: Change, asked: str) -> str:
    this, change, other, members = told
    n = f"{members:,} member{'' if members == 1 else 's'}"
    if other is None:
        return f"{change} ({n})"
    if change == MERGED:
        return f"merged into {other} ({n})" if this == asked else f"took in {this} ({n})"
    return f"{change} from {other} ({n})" if this == asked else f"lost {n} to {this} ({change})"


def _of_record(store: Store, one: str) -> _Told:
    source = store.one("SELECT source FROM records WHERE record_id = ?", [one])
    query = "SELECT from_run, to_run, source_record_id FROM versions WHERE record_id = ? ORDER BY 1"
    versions = store.rows(query, [one])
    starts = {start for start, _, _ in versions}
    rows: _Told = []
    for start, end, own in versions:
        first = start == versions[0][0]
        rows.append((start, f"{'came' if first else 'changed'} as {own!r} of {source}", ""))
        if end and end not in starts:
            rows.append((end, "withdrawn", ""))
    query = "SELECT from_run, paper_id FROM paper_members WHERE record_id = ?"
    rows += [(run, f"in {paper}", "") for run, paper in store.rows(query, [one])]
    return sorted(rows, key=lambda row: row[0])


def _of_judgement(store: Store, one: str) -> _Told:
    query = f"SELECT {', '.join(COLUMNS)} FROM judgements WHERE :one IN (judgement_id, takes_back)"  # noqa: S608
    rows: _Told = []
    for row in store.table(f"{query} ORDER BY number", {"one": one}).to_dict("records"):
        pair = f"{row['left_id']} and {row['right_id']}: {row['verdict']}"
        what = f"{row['judgement_id']}: {pair}, says {row['who']}"
        p = row["probability"]
        told = "" if p is None else f"; the model then: {p:.2f}"
        rows.append((row["run"], what + told, row["note"] or ""))
    query = (
        "SELECT run, probability FROM opinions WHERE judgement_id = ? AND disagrees ORDER BY run"
    )
    rows += [(run, f"the model disagrees: {p:.2f}", "") for run, p in store.rows(query, [one])]
    return rows
