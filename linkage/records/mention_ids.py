"""The id of an author mention: `record#position`, positions from 0."""

from __future__ import annotations

import pandas as pd


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
