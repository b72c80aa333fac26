"""What a clean record was made of, written where its format has a place for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from linkage.merging.merge import MERGED_FROM
from linkage.records.cells import text


def with_origins(merged: pd.DataFrame, path: str | os.PathLike[str]) -> pd.DataFrame:
    """Merged records, ready to be written: RIS has no field for `merged_from` but notes.

    There a note says `merged_from: a; b`, so that every merge can be undone from the file.
    """
    if Path(path).suffix.lower() != ".ris" or MERGED_FROM not in merged:
        return merged
    notes = merged["notes"].tolist() if "notes" in merged else [None] * len(merged)
    told = [_noted(note, ids) for note, ids in zip(notes, merged[MERGED_FROM], strict=True)]
    return merged.assign(notes=pd.Series(told, index=merged.index, dtype=object))


def _noted(note: Any, ids: list[str]) -> list[str]:
    lines = note if isinstance(note, list) else [note]
    kept = [line for line in map(text, lines) if line]
    return [*kept, f"{MERGED_FROM}: {'; '.join(ids)}"] if len(ids) > 1 else kept
