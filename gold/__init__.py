"""The hand-labelled gold set: 148 records of four author pages, their papers and their authors.

What the labels mean, how they were made and what is doubtful is told in `README.md` beside this
file. The set is for scoring; nothing is trained on it.
"""

from __future__ import annotations

if __name__ != "linkage.gold":
    raise ImportError("import this package as linkage.gold, not as gold")

import json
from importlib.resources import files
from io import StringIO
from typing import TypedDict, cast

import pandas as pd

__all__ = [
    "HardPair",
    "Mention",
    "load_hard_pairs",
    "load_mentions",
    "load_papers",
    "load_records",
]


class Mention(TypedDict):
    """One author of one record; `position` counts from 0, `name` is as printed."""

    record_id: str
    position: int
    name: str


class HardPair(TypedDict):
    """Two mentions that are easily got wrong.

    `same` tells whether they are one person; None means that it can't be told, and the pair is
    not scored. `note` gives the evidence.
    """

    id: str
    left: Mention
    right: Mention
    same: bool | None
    note: str


def load_records() -> pd.DataFrame:
    """All records in page order, one row each.

    Columns, as in the canonical record schema: record_id, source, type, title, authors (list of
    `{"name": as printed}`), authors_truncated, year (Int64), date (ISO 8601), venue; and
    page_owner, the person whose page the record stands on. Missing values are None, NaN or NA.
    """
    records = pd.DataFrame([json.loads(line) for line in StringIO(_text("records.jsonl"))])
    return records.astype({"year": "Int64"})


def load_papers() -> pd.Series[str]:
    """The paper of each record: index record_id, values cluster_id, name "cluster_id"."""
    papers = _csv("papers.csv")
    return papers.set_index("record_id")["cluster_id"]


def load_mentions() -> pd.DataFrame:
    """All author mentions, one row each, by record and position.

    Columns: record_id, position (int, from 0), name (as printed), author_id, status (`person`,
    `group`: an organisation, `uncertain`: not to be scored) and note (the evidence, "" if there
    is nothing to say). For scoring keep the rows whose status is `person`.
    """
    return _csv("mentions.csv").astype({"position": "int64"})


def load_hard_pairs() -> list[HardPair]:
    """The hard pairs, those of one person first, then of two, then the undecided ones."""
    return cast(list[HardPair], json.loads(_text("hard_pairs.json")))


def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _csv(name: str) -> pd.DataFrame:
    # keep_default_na: an empty note is "", and a name such as "Null" would stay a name.
    return pd.read_csv(StringIO(_text(name)), dtype=str, keep_default_na=False)
