"""The review list: pairs that deserve a person's look, and what speaks for and against each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from linkage.papers.links import PaperLinks
from linkage.papers.words import FIELDS, in_words

REVIEW_COLUMNS = (
    "left_id",
    "right_id",
    "probability",
    "decision",
    "reason",
    "left_title",
    "right_title",
    "count",
)


def review_list(links: PaperLinks) -> pd.DataFrame:
    """Pairs whose probability lies within the model's review band, the closest calls first.

    Columns: left_id, right_id, probability, decision ("same" or "different", as clustered),
    reason (in words), left_title, right_title, count. A question is asked once: of pairs of copies
    (records that say the very same) the first stands for all, and `count` says how many there are.
    Raises `InputError` where the links kept no records.
    """
    fields = links.kept_records().set_index("record_id")[list(FIELDS)]
    pairs = _questions(links, links.pairs[links.pairs["probability"].between(*links.band)])
    shown: dict[Any, dict[Any, Any]] = fields.to_dict("index")
    told = ["left_id", "right_id", "probability", "decision", "count"]
    rows = []
    for a, b, probability, decision, n in pairs[told].itertuples(index=False):
        titles = (shown[a]["title"] or "", shown[b]["title"] or "")
        rows.append((a, b, probability, decision, in_words(shown[a], shown[b]), *titles, n))
    rows.sort(key=lambda row: (abs(row[2] - links.threshold), row[0], row[1]))
    return pd.DataFrame(rows, columns=list(REVIEW_COLUMNS))


def _questions(links: PaperLinks, pairs: pd.DataFrame) -> pd.DataFrame:
    """The first of the pairs that ask the same, by id, with its `decision` and their `count`.

    Two ask the same where their sides say the same and they were decided alike.
    """
    assert links.prepared is not None  # noqa: S101 - kept with the records
    i, j = links.prepared.rows(pairs)
    said = links.prepared.digests
    low, high = np.minimum(said[i], said[j]), np.maximum(said[i], said[j])
    left, right = (pairs[side].map(links.clusters).to_numpy() for side in ("left_id", "right_id"))
    pairs = pairs.assign(low=low, high=high, decision=np.where(left == right, "same", "different"))
    groups = pairs.sort_values(["left_id", "right_id"]).groupby(["low", "high", "decision"])
    return groups.head(1).assign(count=groups["low"].transform("size"))
