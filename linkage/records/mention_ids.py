"""The id of an author mention: `record#position`, positions from 0."""

from __future__ import annotations

import pandas as pd


def mention_ids(mentions: pd.DataFrame) -> pd.Index[str]:
    """Ids of author mentions: `record_id#position`."""
    return pd.Index(mentions["record_id"].astype(str) + "#" + mentions["position"].astype(str))
