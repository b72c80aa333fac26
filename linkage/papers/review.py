"""The review list: pairs that deserve a person's look, and what speaks for and against each."""

from __future__ import annotations

from typing import Any

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
)


def review_list(links: PaperLinks) -> pd.DataFrame:
    """Pairs whose probability lies within the model's review band, the closest calls first.

    Columns: left_id, right_id, probability, decision ("same" or "different", as clustered),
    reason (in words), left_title, right_title. Raises `InputError` where the links kept no records.

    Examples
    --------
    >>> links = linkage.PaperLinker().link(records)
    >>> linkage.review_papers(links).columns.tolist()
    ['left_id', 'right_id', 'probability', 'decision', 'reason', 'left_title', 'right_title']
    """
    pairs = links.pairs[links.pairs["probability"].between(*links.band)]
    fields = links.kept_records().set_index("record_id")[list(FIELDS)]
    shown: dict[Any, dict[Any, Any]] = fields.to_dict("index")
    rows = []
    for a, b, probability in zip(
        pairs["left_id"], pairs["right_id"], pairs["probability"], strict=True
    ):
        decision = "same" if links.clusters[a] == links.clusters[b] else "different"
        titles = (shown[a]["title"] or "", shown[b]["title"] or "")
        rows.append((a, b, probability, decision, in_words(shown[a], shown[b]), *titles))
    rows.sort(key=lambda row: (abs(row[2] - links.threshold), row[0], row[1]))
    return pd.DataFrame(rows, columns=list(REVIEW_COLUMNS))
