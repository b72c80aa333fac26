"""A review of a library: what it shows is at hand at once, and each verdict is kept at once.

Linking takes seconds, an answer must not. So verdicts wait: they are judgements from the moment
they are given, and the next run that links follows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from linkage.library.judgements import Judgement, read_judgements, save_judgements
from linkage.library.judging import new_judgements, taking_back
from linkage.library.kinds import Kind
from linkage.library.store import Store, now
from linkage.linking.calls import CALL_COLUMNS, Calls

REVIEW = "review"  # the command of a run that keeps verdicts
_WAITING = "verdicts_wait_since"  # the setting that says from which run on
_COUNTS = "version, paper_model, author_model, records, papers, people, questions"


class Shown(NamedTuple):
    """What the last run that linked left for a review; `band` and `threshold` are the model's."""

    calls: Calls
    band: tuple[float, float]
    threshold: float


def save_calls(
    store: Store, kind: Kind, calls: Calls, band: tuple[float, float], threshold: float
) -> None:
    """Keep what a run decided, instead of what one before it did."""
    for table, rows in (("joins", calls.joins), ("apart", calls.apart)):
        store.change(f"DELETE FROM {table} WHERE kind = ?", [(kind.name,)])  # noqa: S608
        values = ((kind.name, *row) for row in rows.itertuples(index=False, name=None))
        places = ", ".join("?" * (1 + len(rows.columns)))
        store.change(f"INSERT INTO {table} VALUES ({places})", values)  # noqa: S608
    row = (kind.name, *map(float, band), float(threshold), calls.n_apart)
    store.change("INSERT OR REPLACE INTO bands VALUES (?, ?, ?, ?, ?)", [row])


def read_calls(store: Store, kind: Kind) -> Shown | None:
    """What was kept of a kind; None where no run did, as in a library of an older version."""
    columns = "low, high, threshold, apart"
    found = store.rows(f"SELECT {columns} FROM bands WHERE kind = ?", [kind.name])  # noqa: S608
    if not found:
        return None
    low, high, threshold, n_apart = found[0]
    joins, apart = (
        store.table(
            f"SELECT {', '.join(columns)} FROM {name} WHERE kind = ? ORDER BY rowid",  # noqa: S608
            [kind.name],
        )
        for name, columns in (("joins", CALL_COLUMNS), ("apart", (*CALL_COLUMNS, "rule")))
    )
    return Shown(Calls(joins, apart, n_apart), (low, high), threshold)


def keep_verdicts(
    store: Store, pairs: pd.DataFrame, who: str | None, run: int | None
) -> list[Judgement]:
    """Judgements, see `new_judgements`, that hold at once and wait to be linked by.

    They are of the run `run` where that is the last one, else of a new one.
    """
    with store.writing():
        rows = new_judgements(store, pairs, who, _run(store, run), "the verdict")
        save_judgements(store, rows)
    return rows


def take_back_verdicts(
    store: Store, ids: Sequence[str], who: str | None, run: int | None
) -> list[Judgement]:
    """Rows that take back judgements, those that hold; they wait, too."""
    with store.writing():
        asked = set(ids)
        taken = [row for row in read_judgements(store) if row.judgement_id in asked]
        rows = taking_back(store, taken, who, _run(store, run))
        save_judgements(store, rows)
    return rows


def _run(store: Store, run: int | None) -> int:
    """The number of the run that verdicts belong to, begun if need be."""
    last = int(store.one("SELECT coalesce(max(run), 0) FROM runs"))
    if run is None or run != last:
        run = last + 1
        store.change(
            f"INSERT INTO runs (run, command, at, {_COUNTS}) "  # noqa: S608
            f"SELECT ?, ?, ?, {_COUNTS} FROM runs WHERE run = ?",
            [(run, REVIEW, now(), last)],
        )
    store.change("INSERT OR IGNORE INTO settings VALUES (?, ?)", [(_WAITING, str(run))])
    return run


def waiting(store: Store) -> list[Judgement]:
    """The judgements that no run has linked by yet."""
    since = store.one("SELECT value FROM settings WHERE name = ?", [_WAITING])
    if since is None:
        return []
    return [row for row in read_judgements(store) if row.run >= int(since)]


def wait_no_more(store: Store) -> None:
    """A run follows the judgements that waited."""
    store.change("DELETE FROM settings WHERE name = ?", [(_WAITING,)])
