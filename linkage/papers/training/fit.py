"""Training the paper model from folders of labelled records.

A folder holds `records.parquet` (or .csv, .jsonl) and either `gold.csv` (record_id, cluster_id),
`splits/train.csv` (left_id, right_id, label) or `labels.csv` (left_id, right_id, same), as
`linkage label` writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.errors import InputError
from linkage.linking.constraints import labelled_pairs
from linkage.models.pair_model import PairModel
from linkage.models.training import fit_pair_model
from linkage.papers.blocking import PAPER_RULES, block
from linkage.papers.order import canonical_order
from linkage.papers.pairs import PAPER_FEATURES, compare_rows, pair_rows
from linkage.papers.prepare import prepare_papers
from linkage.readers import read_records
from linkage.records.schema import conform
from linkage.tables.clusterings import read_clustering
from linkage.tables.files import read_table

_COPIES = 2  # degraded copies of each set: fields are missing more often than in any one of them
_COPY_WEIGHT = 0.6  # of a copy's pair; the pair as it is weighs 1
_YEARS_OFF = (-3, -2, -1, 1, 2, 3)  # the preprint's year instead of the article's, and the like
_THRESHOLD = {"publication": 0.6, "work": 0.5}  # chosen by leaving out one set after another
_SAME_SHARE = 0.2  # of the given pairs' weight: whoever drew them may have balanced them
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


def training_pairs(data: LabelledPapers) -> TrainingPairs:
    """Features and labels of a set's candidate (or given) pairs and of degraded copies of them.

    The weights of a set add up to 1.
    """
    records = data.records.iloc[canonical_order(data.records)].reset_index(drop=True)
    versions = [records, *(degrade(records, seed) for seed in range(_COPIES))]
    parts = [_pairs_of(data, records) for records in versions]
    X, y = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    copied = np.arange(len(y)) >= len(parts[0][1])
    weight = np.where(copied, _COPY_WEIGHT, 1.0)
    if data.pairs is not None and y.any() and not y.all():
        share = np.sum(weight * y) / np.sum(weight)
        weight = weight * np.where(y, _SAME_SHARE / share, (1 - _SAME_SHARE) / (1 - share))
    return TrainingPairs(X, y, weight / np.sum(weight))


def train_papers(sets: Sequence[LabelledPapers], level: str = "publication") -> PairModel:
    """Train one model on all sets, each with the same total weight.

    `level` says what their labels mean by "the same" (see `PaperLinker`); the model remembers it.
    """
    parts = [training_pairs(one) for one in sets]
    about = {
        "training_sets": [one.name for one in sets],
        "training_pairs": {one.name: len(part.y) for one, part in zip(sets, parts, strict=True)},
        "protocol": "candidate pairs of blocking, and of copies that lack or misprint fields at "
        "random; each set has the same total weight",
        "scikit-learn": version("scikit-learn"),
    }
    return replace(fit_papers(parts, level), about=about)


def fit_papers(parts: Sequence[TrainingPairs], level: str = "publication") -> PairModel:
    """Train on prepared pairs."""
    X = np.concatenate([part.X for part in parts])
    y = np.concatenate([part.y for part in parts])
    weight = np.concatenate([part.weight for part in parts])
    model = fit_pair_model("papers", PAPER_FEATURES, X, y, weight)
    return replace(model, level=level, threshold=_THRESHOLD[level])


def degrade(records: pd.DataFrame, seed: int) -> pd.DataFrame:
    """A copy in which records lack fields, or print them otherwise, at random.

    Each record is poor to a degree of its own: from nothing lost to all but title, authors and
    perhaps year. Titles are cut after a few words or misprinted, years are off, given names
    and venues abbreviated, authors stand in another order or end after three "et al.".
    """
    rng = np.random.default_rng(seed)
    copy = records.copy()
    poverty = rng.random(len(copy))

    def drawn(share: float) -> NDArray[np.bool_]:
        return rng.random(len(copy)) < poverty * share

    for name in _DROPPABLE:
        drop = drawn(1 / 8 if name == "title" else 1)
        copy[name] = copy[name].mask(drop, pd.NA if name == "year" else None)
    _change(copy, "title", drawn(1 / 4), lambda t: " ".join(t.split()[: rng.integers(1, 6)]))
    _change(copy, "title", drawn(1 / 8), lambda t: _misprinted(t, rng))
    _change(copy, "venue", drawn(1 / 4), _abbreviated)
    off = drawn(1 / 16)
    copy["year"] = copy["year"].where(~off, copy["year"] + rng.choice(_YEARS_OFF, len(copy)))
    _change(copy, "venue", drawn(1 / 4), _acronym)
    _change(copy, "authors", drawn(1 / 3), _with_initials)
    _change(copy, "authors", drawn(1 / 3), lambda a: [a[k] for k in rng.permutation(len(a))])
    longer = [bool(a) and len(a) > 3 for a in copy["authors"].tolist()]
    cut = drawn(1 / 2) & longer
    _change(copy, "authors", cut, lambda authors: authors[:3])
    copy["authors_truncated"] = copy["authors_truncated"].to_numpy(dtype=bool) | cut
    return copy


def _change(
    records: pd.DataFrame, name: str, chosen: NDArray[np.bool_], change: Callable[[Any], Any]
) -> None:
    """Replace the known values of the chosen records in a column."""
    values = zip(records[name].tolist(), chosen, strict=True)
    changed = [change(value) if value and c else value for value, c in values]
    records[name] = pd.Series(changed, index=records.index, dtype=object)


def _misprinted(text: str, rng: np.random.Generator) -> str:
    """One to three letters lost, doubled, swapped or set apart."""
    for _ in range(rng.integers(1, 4)):
        at = int(rng.integers(0, max(len(text) - 1, 1)))
        a, b = text[at : at + 1], text[at + 1 : at + 2]
        text = text[:at] + [b, a + a + b, b + a, f"{a} {b}"][rng.integers(0, 4)] + text[at + 2 :]
    return text


def _abbreviated(venue: str) -> str:
    return " ".join(word[:4] for word in venue.split())


def _acronym(venue: str) -> str:
    """Its capitals, `Very Large Data Bases` = `VLDB`; as it is without any."""
    return "".join(word[0] for word in venue.split() if word[0].isupper()) or venue


def _with_initials(authors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**a, "given": _initials(a["given"])} if a.get("given") else a for a in authors]


def _initials(given: str) -> str:
    return " ".join(f"{word[0]}." for word in given.split())


def _pairs_of(
    data: LabelledPapers, records: pd.DataFrame
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    ordered = records.iloc[canonical_order(records)]
    columns = prepare_papers(ordered)
    if data.pairs is not None:
        i, j = pair_rows(ordered, data.pairs, f"{data.name}: the pairs")
        return compare_rows(columns, i, j), data.pairs["label"].astype(int).to_numpy() == 1
    entity = _entities(data, ordered)
    # all pairs that rules propose: models also score pairs that users give
    candidates = block(columns, ordered, PAPER_RULES, cleaned=False)
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
