"""The labelled sets in a folder, and which of them may train a model for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from linkage.errors import InputError
from linkage.papers.training.labelled import LabelledPapers, load_labelled
from linkage.tables.files import read_table
from linkage.tables.truth import ids_of

_KINDS = ("parquet", "csv", "jsonl")


@dataclass(frozen=True)
class PaperSet:
    """One labelled set.

    `records`: its file of records. `labelled`: what a model may be trained on. `gold`: what a
    result is scored on, as `linkage.evaluation.scoring.evaluate` takes it: the clusters, or the
    validation pairs (left_id, right_id, label). `level`: "publication" or "work", what "same" means
    there.
    """

    name: str
    level: str
    records: Path
    labelled: LabelledPapers
    gold: pd.Series[str] | pd.DataFrame

    @property
    def has_split(self) -> bool:
        """Whether its labels are pairs, divided into training and validation ones."""
        return isinstance(self.gold, pd.DataFrame)


def find_sets(folder: Path, work: Sequence[str] = ()) -> list[PaperSet]:
    """Read every labelled set among the folders in `folder`, in order of name.

    A set holds `records.parquet` (.csv, .jsonl) and either `gold.csv` or `splits/train.csv` with
    `splits/valid.csv`. Folders without records or labels are passed over. `work` names those whose
    labels are at the level of works; the others are at that of publications. Raises `InputError`
    when there is no set, or none of a name in `work`.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    folders = [
        path for path in sorted(folder.iterdir()) if records_file(path) and _is_labelled(path)
    ]
    if not folders:
        raise InputError(f"{folder}: found no folder with records and gold.csv or splits/train.csv")
    names = {path.name for path in folders}
    if unknown := [name for name in work if name not in names]:
        raise InputError(
            f"{folder}: found no labelled set {unknown[0]!r}, expected one of "
            f"{', '.join(sorted(names))}"
        )
    return [_read_set(path, "work" if path.name in work else "publication") for path in folders]


def training_sets(one: PaperSet, sets: Sequence[PaperSet]) -> list[PaperSet]:
    """The sets that a model for `one` may be trained on: others that share no record with it.

    Publications are learned from sets of that level only, works from all: the same publication is
    the same work.
    """
    others = (o for o in sets if o.name != one.name and one.level in ("work", o.level))
    known = _fingerprints(one)
    return [other for other in others if known.isdisjoint(_fingerprints(other))]


def labelled_examples(sets: Sequence[PaperSet], n: int, seed: int = 0) -> pd.DataFrame:
    """About `n` duplicates and `n` non-duplicates, evenly from the sets: name, left_id, right_id.

    The column `same` says which is which. Non-duplicates of clustered sets are neighbours in order
    of title, most of them alike; those of pair sets are given pairs.
    """
    share = -(-n // max(len(sets), 1))
    parts = []
    for one in sets:
        pairs = _training_pairs(one).sample(frac=1, random_state=seed)
        pairs = pairs.groupby("same").head(share)
        parts.append(pairs.assign(name=one.name))
    return pd.concat(parts, ignore_index=True)[["name", "left_id", "right_id", "same"]]


def _read_set(folder: Path, level: str) -> PaperSet:
    labelled = load_labelled(folder)
    clusters = labelled.clusters
    gold = _validation_pairs(folder) if clusters is None else clusters
    records = records_file(folder)
    assert records is not None  # noqa: S101 - the folder was chosen for having it
    return PaperSet(folder.name, level, records, labelled, gold)


def _validation_pairs(folder: Path) -> pd.DataFrame:
    path = folder / "splits" / "valid.csv"
    pairs = read_table(path)
    ids_of(pairs, str(path))
    if "label" not in pairs:
        raise InputError(f"{path}: found no column label, expected 1 or 0 for each pair")
    return pairs


def records_file(folder: Path) -> Path | None:
    """The file of records in the folder of a set; None where there is none."""
    found = [folder / f"records.{kind}" for kind in _KINDS]
    return next((path for path in found if path.is_file()), None)


def _is_labelled(folder: Path) -> bool:
    return (folder / "gold.csv").is_file() or (folder / "splits" / "train.csv").is_file()


def _fingerprints(one: PaperSet) -> set[tuple[Any, Any]]:
    """Ids with titles: sets that number their records alike share no record by that."""
    records = one.labelled.records
    return set(zip(records["record_id"].tolist(), records["title"].tolist(), strict=True))


def _training_pairs(one: PaperSet) -> pd.DataFrame:
    """Labelled pairs left_id, right_id, same (bool), in an order that is the same anywhere."""
    if one.labelled.pairs is not None:
        given = one.labelled.pairs
        pairs = given[["left_id", "right_id"]].assign(same=given["label"].astype(int) == 1)
    else:
        truth = one.labelled.clusters
        records = one.labelled.records[["record_id", "title"]]
        records = records.assign(entity=truth.loc[records["record_id"]].to_numpy())  # type: ignore[union-attr]
        by_entity = _neighbours(records.sort_values(["entity", "record_id"]))
        by_title = _neighbours(records.sort_values(["title", "record_id"]))
        pairs = pd.concat([by_entity[by_entity["same"]], by_title[~by_title["same"]]])
    return pairs.sort_values(["left_id", "right_id"], ignore_index=True)


def _neighbours(records: pd.DataFrame) -> pd.DataFrame:
    ids, entity = records["record_id"].to_numpy(), records["entity"].to_numpy()
    same = np.asarray(entity[:-1] == entity[1:], dtype=bool)
    return pd.DataFrame({"left_id": ids[:-1], "right_id": ids[1:], "same": same})
