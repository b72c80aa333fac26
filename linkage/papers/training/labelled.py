"""Labelled paper folders: load them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from linkage.errors import InputError
from linkage.readers.files import read_records
from linkage.records.schema import Conformed, conform
from linkage.tables.clusterings import read_clustering
from linkage.tables.files import read_table
from linkage.tables.truth import labelled_pairs


@dataclass(frozen=True)
class LabelledPapers:
    """Records with their truth.

    That is either `clusters` (Series record_id -> entity) or `pairs` (left_id, right_id, label).
    """

    name: str
    records: Conformed
    clusters: pd.Series[str] | None = None
    pairs: pd.DataFrame | None = None


def labelled_from_clusters(
    name: str, records: pd.DataFrame, clusters: pd.Series[str]
) -> LabelledPapers:
    """Records with the Series record_id -> entity that says which are the same."""
    return LabelledPapers(
        name, conform(records), clusters=clusters.set_axis(clusters.index.astype(str))
    )


def load_labelled(folder: Path) -> LabelledPapers:
    """Read one folder of labelled records. Raises `InputError` where a part is missing."""
    found = [folder / f"records.{kind}" for kind in ("parquet", "csv", "jsonl")]
    records = next((path for path in found if path.is_file()), None)
    if records is None:
        raise InputError(f"{folder}: found no records.parquet, .csv or .jsonl in this data folder")
    gold, split = folder / "gold.csv", folder / "splits" / "train.csv"
    labels = folder / "labels.csv"
    if gold.is_file():
        return LabelledPapers(folder.name, read_records(records), clusters=read_clustering(gold))
    if split.is_file():
        return LabelledPapers(folder.name, read_records(records), pairs=read_table(split))
    if labels.is_file():
        pairs = labelled_pairs(read_table(labels), str(labels))
        pairs["label"] = pairs["same"].astype(int)
        return LabelledPapers(folder.name, read_records(records), pairs=pairs)
    raise InputError(
        f"{folder}: found neither gold.csv nor splits/train.csv nor labels.csv in this data folder"
    )
