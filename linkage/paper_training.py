"""Training the paper model from folders of labelled records.

A folder holds `records.parquet` (or .csv, .jsonl) and either `gold.csv` (record_id, cluster_id) or
`splits/train.csv` (left_id, right_id, label).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.blocking import PAPER_RULES, block
from linkage.errors import InputError
from linkage.models.pair_model import PairModel
from linkage.models.training import fit_pair_model
from linkage.paper_pairs import PAPER_FEATURES, compare_rows, pair_rows
from linkage.prepare import canonical_order, prepare_papers
from linkage.readers import read_records
from linkage.schema import conform
from linkage.tables import read_clustering
from linkage.writers import read_table

_COPIES = 2  # degraded copies of each set: fields are missing more often than in any one of them
_DROPPABLE = (
    "title",
    "doi",
    "abstract",
    "pages",
    "volume",
    "number",
    "year",
    "venue",
    "ids",
    "type",
)


@dataclass(frozen=True)
class LabelledPapers:
    """Records with their truth.

    That is either `clusters` (Series record_id -> entity) or `pairs` (left_id, right_id, label).
    """

    name: str
    records: pd.DataFrame
    clusters: pd.Series[str] | None = None
    pairs: pd.DataFrame | None = None


@dataclass(frozen=True)
class TrainingPairs:
    """Features, labels and weights of pairs: X (n, features), y (n,), weight (n,)."""

    X: NDArray[np.float32]
    y: NDArray[np.bool_]
    weight: NDArray[np.float64]


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
    if gold.is_file():
        return LabelledPapers(folder.name, read_records(records), clusters=read_clustering(gold))
    if split.is_file():
        return LabelledPapers(folder.name, read_records(records), pairs=read_table(split))
    raise InputError(f"{folder}: found neither gold.csv nor splits/train.csv in this data folder")


def training_pairs(data: LabelledPapers) -> TrainingPairs:
    """Features and labels of a set's candidate (or given) pairs and of degraded copies of them."""
    versions = [data.records, *(degrade(data.records, seed) for seed in range(_COPIES))]
    parts = [_pairs_of(data, records) for records in versions]
    X, y = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    return TrainingPairs(X, y, np.full(len(y), 1 / max(len(y), 1)))


def train_papers(sets: Sequence[LabelledPapers], level: str = "publication") -> PairModel:
    """Train one model on all sets, each with the same total weight.

    `level` says what their labels mean by "the same" (see `PaperLinker`); the model remembers it.
    """
    parts = [training_pairs(one) for one in sets]
    about = {
        "training_sets": [one.name for one in sets],
        "training_pairs": {one.name: len(part.y) for one, part in zip(sets, parts, strict=True)},
        "protocol": "candidate pairs of blocking and of copies that lack fields at random; each "
        "set has the same total weight",
        "scikit-learn": version("scikit-learn"),
    }
    return replace(fit_papers(parts), level=level, about=about)


def fit_papers(parts: Sequence[TrainingPairs]) -> PairModel:
    """Train on prepared pairs."""
    X = np.concatenate([part.X for part in parts])
    y = np.concatenate([part.y for part in parts])
    weight = np.concatenate([part.weight for part in parts])
    return fit_pair_model("papers", PAPER_FEATURES, X, y, weight)


def degrade(records: pd.DataFrame, seed: int) -> pd.DataFrame:
    """A copy in which records lack fields at random, or cite the first three authors "et al.".

    Each record lacks a share of its own, from nothing to all but title, authors and perhaps year.
    """
    rng = np.random.default_rng(seed)
    copy = records.copy()
    poverty = rng.random(len(copy))
    for name in _DROPPABLE:
        drop = rng.random(len(copy)) < (poverty / 8 if name == "title" else poverty)
        copy[name] = copy[name].mask(drop, pd.NA if name == "year" else None)
    cut = rng.random(len(copy)) < poverty / 2
    lists = copy["authors"].tolist()
    shortened = [_cut(a) if c else a for a, c in zip(lists, cut, strict=True)]
    copy["authors"] = pd.Series(shortened, index=copy.index, dtype=object)
    longer = [bool(a) and len(a) > 3 for a in lists]
    copy["authors_truncated"] = copy["authors_truncated"].to_numpy(dtype=bool) | (cut & longer)
    return copy


def _cut(authors: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    return authors[:3] if authors else authors


def _pairs_of(
    data: LabelledPapers, records: pd.DataFrame
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    ordered = records.iloc[canonical_order(records)]
    columns = prepare_papers(ordered)
    if data.pairs is not None:
        i, j = pair_rows(ordered, data.pairs, f"{data.name}: the pairs")
        return compare_rows(columns, i, j), data.pairs["label"].astype(int).to_numpy() == 1
    entity = _entities(data, ordered)
    candidates = block(columns, ordered, PAPER_RULES)
    i, j = candidates.i, candidates.j
    return compare_rows(columns, i, j), entity[i] == entity[j]


def _entities(data: LabelledPapers, ordered: pd.DataFrame) -> NDArray[np.int64]:
    """A number for the true cluster of each record."""
    truth = data.clusters if data.clusters is not None else pd.Series(dtype=object)
    twice = truth.index[truth.index.duplicated()]
    if len(twice):
        raise InputError(f"{data.name}: record {twice[0]!r} has two true clusters, expected one")
    found = truth.reindex(ordered["record_id"])
    if found.isna().any():
        lacking = found.index[found.isna()][0]
        raise InputError(f"{data.name}: record {lacking!r} has no true cluster, expected one")
    return np.asarray(pd.factorize(found)[0], dtype=np.int64)
