"""The id of an author mention: `record#position`, positions from 0."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from linkage.records.schema import Conformed


def mention_ids(mentions: pd.DataFrame) -> pd.Index[str]:
    """Ids of author mentions: `record_id#position`."""
    return pd.Index(mentions["record_id"].astype(str) + "#" + mentions["position"].astype(str))


def mention_place(mention_id: str) -> tuple[str, int] | None:
    """The record and the position in an id `record#position`; None for what is none."""
    record, mark, position = mention_id.rpartition("#")
    return (record, int(position)) if mark and position.isdecimal() else None


def as_mentions(records: Conformed, ids: Iterable[str]) -> Conformed:
    """Records of author mentions `ids`: the paper's row under the mention's id, with its `name`.

    Ids of which no author is there are left out.
    """
    rows = {record: row for row, record in enumerate(records["record_id"])}
    authors = records["authors"].tolist()
    found = [
        (one, row, authors[row][place[1]]["name"])
        for one in dict.fromkeys(ids)
        if (place := mention_place(one))
        and (row := rows.get(place[0])) is not None
        and place[1] < len(authors[row] or ())
    ]
    chosen = records.iloc[[row for _, row, _ in found]].reset_index(drop=True)
    names = [name for _, _, name in found]
    return Conformed(chosen.assign(record_id=[one for one, _, _ in found], name=names))
