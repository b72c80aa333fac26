"""The id of an author mention: `record#position`, positions from 0."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from linkage.records.schema import Conformed


def mention_id(record_id: str, position: int) -> str:
    """The id of the mention at a position of a record."""
    return f"{record_id}#{position}"


def mention_ids(mentions: pd.DataFrame) -> pd.Index[str]:
    """Ids of author mentions from their columns record_id and position."""
    return pd.Index(mentions["record_id"].astype(str) + "#" + mentions["position"].astype(str))


def read_mention_id(text: str) -> tuple[str, int] | None:
    """Record id and position of a mention's id; None where the text is none."""
    record_id, _, position = text.rpartition("#")
    return (record_id, int(position)) if record_id and position.isdecimal() else None


def as_mentions(records: Conformed, ids: Iterable[str]) -> Conformed:
    """Records of author mentions `ids`: the paper's row under the mention's id, with its `name`.

    Ids of which no author is there are left out.
    """
    rows = {record: row for row, record in enumerate(records["record_id"])}
    authors = records["authors"].tolist()
    found = [
        (one, row, authors[row][place[1]]["name"])
        for one in dict.fromkeys(ids)
        if (place := read_mention_id(one))
        and (row := rows.get(place[0])) is not None
        and place[1] < len(authors[row] or ())
    ]
    chosen = records.iloc[[row for _, row, _ in found]].reset_index(drop=True)
    names = [name for _, _, name in found]
    return Conformed(chosen.assign(record_id=[one for one, _, _ in found], name=names))
