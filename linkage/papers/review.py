"""The review list: pairs that deserve a person's look, and what speaks for and against each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from linkage.papers.linker import PaperLinks
from linkage.records.schema import conform
from linkage.text.folding import fold

REVIEW_COLUMNS = (
    "left_id",
    "right_id",
    "probability",
    "decision",
    "reason",
    "left_title",
    "right_title",
)

_FIELDS = ("title", "authors", "year", "venue", "volume", "number", "pages", "doi")
_MOST = 60  # characters of a value that are quoted


def review_list(records: pd.DataFrame, links: PaperLinks) -> pd.DataFrame:
    """Pairs whose probability lies within the model's review band, the closest calls first.

    Columns: left_id, right_id, probability, decision ("same" or "different", as clustered),
    reason (in words), left_title, right_title.
    """
    pairs = links.pairs[links.pairs["probability"].between(*links.band)]
    fields = conform(records).set_index("record_id")[list(_FIELDS)]
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


def in_words(left: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """What two records agree and differ in: `same title, authors; year 2009 / 2010`."""
    same, differ, absent = [], [], []
    for field in _FIELDS:
        a, b = _text(left[field]), _text(right[field])
        if not a or not b:
            absent.append(field)
        elif a == b or (fold(a) == fold(b) != ""):
            same.append(field)
        else:
            differ.append(f"{field} {a[:_MOST]} / {b[:_MOST]}")
    agreed = [f"same {', '.join(same)}"] if same else []
    unknown = [f"not known on both sides: {', '.join(absent)}"] if absent else []
    return "; ".join([*agreed, *differ, *unknown])


def _text(value: Any) -> str:
    """A value as text; of authors the family names."""
    if isinstance(value, list):
        return "; ".join(str(author.get("family") or author["name"]) for author in value)
    return "" if value is None or value is pd.NA else str(value)
