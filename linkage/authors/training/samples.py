"""Some of the mentions of a table, and mentions under another background of names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from linkage.authors.mentions import Mentions
from linkage.authors.name_counts import NameCounts
from linkage.features.arrays import objects
from linkage.features.coauthors import Companies
from linkage.features.columns import Coded


def some_mentions(mentions: Mentions, rows: NDArray[np.int64]) -> Mentions:
    """Only the mentions in `rows` (in order), and only their records; names stay as they are."""
    records, record_of = np.unique(mentions.record_of[rows], return_inverse=True)
    return replace(
        mentions,
        table=mentions.table.iloc[rows].reset_index(drop=True),
        name_of=mentions.name_of[rows],
        record_of=record_of.ravel().astype(np.int64),
        by_record={name: values[records] for name, values in mentions.by_record.items()},
        by_mention={name: values[rows] for name, values in mentions.by_mention.items()},
    )


def with_background(mentions: Mentions, background: NameCounts) -> Mentions:
    """The same mentions, with names as rare as they are by this background.

    Chains of co-authors stay as strong as they were when the mentions were prepared.
    """
    counts = mentions.counts + background
    person_name = objects([counts.person_name(key) for key in mentions.keys])
    by_mention = dict(mentions.by_mention)
    for column, rarity in (("coauthors", counts.loose_rarity), ("coauthor_names", counts.rarity)):
        by_mention[column] = _count_anew(by_mention[column], rarity)
    by_name = mentions.by_name | {"person_name": person_name}
    return replace(mentions, by_name=by_name, by_mention=by_mention)


def _count_anew(column: Coded, rarity: Callable[[str], float]) -> Coded:
    assert isinstance(column.values, Companies)  # noqa: S101  what `prepare_mentions` gives
    return Coded(column.codes, column.values.weighed(rarity))
