"""How a library stands, and what it would like to be told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from linkage.library.contents import read_content
from linkage.library.judgements import not_taken_back, read_judgements, standing
from linkage.library.opinions import answered_by
from linkage.library.results import Status
from linkage.library.review import waiting
from linkage.library.store import Store
from linkage.records.mention_ids import read_mention_id

_RUNS = 10
_RUN_COLUMNS = "run, command, at, version, records, papers, people, questions"


def status(store: Store) -> Status:
    """Counts of a library and its last runs."""
    runs = store.table(f"SELECT {_RUN_COLUMNS} FROM runs ORDER BY run DESC LIMIT {_RUNS}")  # noqa: S608
    last = runs.iloc[0].to_dict() if len(runs) else dict.fromkeys(runs.columns, 0)
    held = [row for row in not_taken_back(read_judgements(store)) if not row.takes_back]
    return Status(
        records=last["records"],
        papers=last["papers"],
        people=last["people"],
        questions=len(questions(store)),
        judgements=len(held),
        warnings=warnings_now(store),
        sources=store.table("SELECT * FROM sources ORDER BY source"),
        runs=runs,
    )


def warnings_now(store: Store) -> tuple[str, ...]:
    """What is wrong with judgements or identifiers, in words."""
    return tuple(told for (told,) in store.rows("SELECT told FROM warnings ORDER BY kind, rowid"))


def questions(store: Store) -> pd.DataFrame:
    """The open questions of the last run that linked, with the titles or names of both sides."""
    table = store.table("SELECT * FROM questions ORDER BY rowid")
    if waiting(store):
        rows = [row for row in not_taken_back(read_judgements(store)) if not row.takes_back]
        answered = answered_by(standing(rows))
        sides = zip(table["left_id"], table["right_id"], strict=True)
        table = table[[not answered(*both) for both in sides]].reset_index(drop=True)
    shown = _shown(store, [*table["left_id"], *table["right_id"]])
    titles = {f"{side}_title": table[f"{side}_id"].map(shown) for side in ("left", "right")}
    table.insert(3, "same", None)  # for the answer, 1 or 0: then it is a table to judge by
    return table.assign(**titles)


def _shown(store: Store, ids: Iterable[str]) -> dict[str, str | None]:
    """Titles of records, names of mentions."""
    records = dict.fromkeys(one.partition("#")[0] for one in ids)
    query = "SELECT record_id, content FROM versions WHERE to_run IS NULL AND record_id IN (?)"
    fields = {one: read_content(text) for one, text in store.among(query, records)}
    return {one: _title_or_name(fields, one) for one in ids}


def _title_or_name(fields: dict[str, dict[str, Any]], one: str) -> str | None:
    record_id, position = read_mention_id(one) or (one, None)
    found = fields[record_id]
    told = found.get("title") if position is None else found["authors"][position]["name"]
    return None if told is None else str(told)
