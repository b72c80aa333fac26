"""Train the author model: labelled folders, degraded and scarce copies, sampled pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.blocking import all_pairs, candidate_names
from linkage.authors.mentions import Mentions, author_key
from linkage.authors.name_counts import NameCounts, count_names
from linkage.authors.pairs import (
    AUTHOR_FEATURES,
    MentionPairs,
    NamePairs,
    compare_pairs,
    pair_weights,
)
from linkage.authors.prepare import prepare_mentions
from linkage.authors.rules import primary_key
from linkage.authors.training.degraded import degrade
from linkage.authors.training.labelled import LabelledAuthors, labelled_mentions, load_folder
from linkage.authors.training.samples import some_mentions, with_background
from linkage.authors.training.scarce_copies import scarce_copies
from linkage.errors import InputError
from linkage.features.arrays import objects
from linkage.models.pair_model import PairModel
from linkage.models.training import SETTINGS, Bag, fit_bags, require_both_kinds
from linkage.records.order import sort_records
from linkage.records.schema import conform

PAIRS_PER_MENTION = 40
PAIRS_PER_SET = 160_000
THRESHOLD = 0.4
REVIEW = (0.3, 0.75)
FEW_PAIRS = 1000  # of scarce copies: fewer weigh less
LEAST_NAME_COUNT = 5  # rarer names are left out of the model file
N_BAGS = 4
# Pairs of few names are many but much alike: larger trees learn these names by heart.
TREES = SETTINGS | {"max_iter": 120, "max_leaf_nodes": 8}


class Sample(NamedTuple):
    """Labelled pairs for the classifier: features (n, m), same or not (n,), weights (n,).

    `name` (n,) says which names each pair is of: the set and the family name with first initial.
    `share` is what all of them together weigh beside other samples.
    """

    X: NDArray[np.float32]
    y: NDArray[np.bool_]
    weight: NDArray[np.float64]
    name: NDArray[Any]
    share: float = 1.0


def train_authors(folders: Sequence[Path]) -> PairModel:
    """Train on labelled folders, as they are, degraded, and with two mentions a name.

    A folder has `papers.parquet`, `mentions.parquet` and, if only pairs are labelled,
    `pairs.parquet`. Raises `InputError` when one of them can't be used.
    """
    return train([load_folder(Path(folder)) for folder in folders])


def train(sets: Sequence[LabelledAuthors], n_bags: int = N_BAGS) -> PairModel:
    """Train on loaded sets; the same sets give the same model, byte by byte."""
    return fit_background([labelled_mention_pairs(one) for one in sets], n_bags)


def fit_background(sets: Sequence[LabelledPairs], n_bags: int = N_BAGS) -> PairModel:
    """Fit on prepared sets; how common names are is counted in these sets only."""
    counts = sum_counts(sets)
    samples = [sample for one in sets for sample in one.samples(counts)]
    about = {
        "training_sets": [one.name for one in sets],
        "scikit-learn": version("scikit-learn"),
        "name_counts": counts.to_json(),
    }
    model = fit_samples(samples, n_bags)
    return replace(model, threshold=THRESHOLD, review=REVIEW, about=about)


def fit_authors(records: pd.DataFrame, labels: pd.DataFrame) -> PairModel:
    """Train on one labelled table, see `AuthorLinker.fit`."""
    missing = {"record_id", "position", "author_id"} - set(labels.columns)
    if missing:
        raise InputError(
            f"mention labels: found no column {', '.join(sorted(missing))}, "
            "expected record_id, position and author_id"
        )
    return train([LabelledAuthors("given", conform(records), labels.reset_index(drop=True))])


def fit_samples(samples: Sequence[Sample], n_bags: int) -> PairModel:
    """Fit the classifier on samples, each of which weighs its share.

    Each bag draws names with replacement, all pairs of one together: those are much alike, and a
    bag of pairs drawn one by one has seen nearly all there is to know of every name.
    """
    y = np.concatenate([s.y for s in samples])
    require_both_kinds(y)
    name = pd.factorize(np.concatenate([s.name for s in samples]))[0]
    bags = (bag_of_names(samples, y, name, seed) for seed in range(n_bags))
    X = np.vstack([s.X for s in samples])
    return fit_bags("authors", AUTHOR_FEATURES, X, y, bags, TREES)


def bag_of_names(
    samples: Sequence[Sample], y: NDArray[np.bool_], name: NDArray[np.int64], seed: int
) -> Bag:
    """All pairs of the names that are drawn with replacement; a name drawn twice weighs twice.

    `y` and `name` (n pairs,) are whether pairs are same and the number of their names, of all
    samples one after the other. Each sample weighs its share, half of it on same pairs. Where a
    draw has no pair of one kind, all names are taken once.
    """
    n = int(name.max()) + 1
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n))[name].astype(float)
    if not (times[y].any() and times[~y].any()):
        times = np.ones(len(y))
    ends = np.cumsum([len(s.y) for s in samples])[:-1]
    parts = zip(samples, np.split(times, ends), strict=True)
    weight = np.concatenate([
        one.share * _balance_weights(one.weight * drawn, one.y) for one, drawn in parts
    ])  # fmt: skip
    rows = np.flatnonzero(weight)
    return Bag(rows, weight[rows] * (len(weight) / weight.sum()))


def sum_counts(sets: Sequence[LabelledPairs]) -> NameCounts:
    """How often family and given names occur in the distinct names of all sets, rare ones left out.

    A name that stands in two sets counts once.
    """
    counts = count_names(key for one in sets for key in one.names)
    return NameCounts.from_json(counts.to_json(LEAST_NAME_COUNT))


@dataclass(frozen=True)
class LabelledPairs:
    """The labelled pairs of a set, as it is and degraded, but for how rare names are.

    That depends on what other sets are trained on. `names` are the distinct name keys of the set,
    `scarce` are copies with two mentions a name (`linkage.authors.training.scarce_copies`),
    degraded.
    """

    name: str
    names: frozenset[str]
    copies: tuple[PreparedPairs, ...]
    scarce: tuple[PreparedPairs, ...] = ()

    def samples(self, counts: NameCounts) -> list[Sample]:
        """Features, labels and weights of both copies, and of all scarce ones together."""
        samples = [copy.sample(self.name, counts) for copy in self.copies]
        if not self.scarce:
            return samples
        scarce = [copy.sample(self.name, counts) for copy in self.scarce]
        y = np.concatenate([s.y for s in scarce])
        X, name = np.vstack([s.X for s in scarce]), np.concatenate([s.name for s in scarce])
        share = min(1.0, len(y) / FEW_PAIRS)
        return [*samples, Sample(X, y, np.ones(len(y)), name, share)]


class PreparedPairs(NamedTuple):
    """Some labelled candidate pairs of one copy of a set."""

    mentions: Mentions
    names: NamePairs
    pairs: MentionPairs
    same: NDArray[np.bool_]

    def sample(self, set_name: str, counts: NameCounts) -> Sample:
        """Mentions weigh alike."""
        mentions = with_background(self.mentions, counts)
        X = np.vstack(list(compare_pairs(mentions, self.names, self.pairs)))
        names = objects(f"{set_name}|{primary_key(key)}" for key in mentions.keys)
        name = names[mentions.name_of[self.pairs.i]]
        return Sample(X, self.same, pair_weights(self.pairs.i, self.pairs.j), name)


def labelled_mention_pairs(one: LabelledAuthors) -> LabelledPairs:
    """Prepare what a set trains with. `InputError` where there is no labelled pair."""
    copies = [prepared_pairs(one), prepared_pairs(degrade(one))]
    if not len(copies[0].same):
        raise InputError(f"{one.name}: found no labelled pair of mentions, expected some")
    scarce = [] if one.pairs is not None else map(degrade, scarce_copies(one))
    cells = (cell for cell in one.records["authors"] if isinstance(cell, list))
    names = frozenset(author_key(author) for cell in cells for author in cell)
    return LabelledPairs(
        one.name, names, _some(copies), _some(prepared_pairs(copy) for copy in scarce)
    )


def _some(copies: Iterable[PreparedPairs]) -> tuple[PreparedPairs, ...]:
    """Those that have pairs."""
    return tuple(copy for copy in copies if len(copy.same))


def prepared_pairs(one: LabelledAuthors) -> PreparedPairs:
    """Labelled candidate pairs, about `PAIRS_PER_MENTION` a mention."""
    records = sort_records(one.records)
    table, labels = labelled_mentions(records, one)
    mentions = prepare_mentions(table, records, NameCounts.from_json({}))
    names = candidate_names(mentions)
    pairs = all_pairs(mentions, names)
    pairs, same = _labelled_rows(pairs, labels, one, mentions.table)
    kept = _thin(pairs, len(mentions))
    rows, sides = np.unique(np.concatenate([pairs.i[kept], pairs.j[kept]]), return_inverse=True)
    i, j = sides.reshape(2, -1).astype(np.int64)
    few = MentionPairs(i, j, pairs.names[kept])
    return PreparedPairs(some_mentions(mentions, rows), names, few, same[kept])


def _balance_weights(weight: NDArray[np.float64], same: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Same and different pairs weigh alike in each set: shares of true pairs run from .04 to .99.

    So the score says what the evidence says, not what share of pairs is usual in one data set.
    """
    weight = weight.copy()
    for side in (same, ~same):
        if weight[side].any():
            weight[side] *= 0.5 / weight[side].sum()
    return weight


def _labelled_rows(
    pairs: MentionPairs, labels: pd.Series, one: LabelledAuthors, table: pd.DataFrame
) -> tuple[MentionPairs, NDArray[np.bool_]]:
    if one.pairs is None:
        codes = pd.factorize(labels)[0]
        known = (codes[pairs.i] >= 0) & (codes[pairs.j] >= 0)
        kept = pairs.some(known)
        return kept, codes[kept.i] == codes[kept.j]
    row = pd.Series(range(len(table)), index=table["mention_id"])
    n = len(table)
    found = one.pairs[one.pairs["left"].isin(row.index) & one.pairs["right"].isin(row.index)]
    a, b = row[found["left"]].to_numpy(), row[found["right"]].to_numpy()
    verdict = dict(zip(np.minimum(a, b) * n + np.maximum(a, b), found["same"], strict=True))
    codes = pairs.i.astype(np.int64) * n + pairs.j
    known = np.isin(codes, np.array(list(verdict), dtype=np.int64))
    kept = pairs.some(known)
    return kept, np.array([verdict[code] for code in codes[known]], dtype=bool)


def _thin(pairs: MentionPairs, n: int) -> NDArray[np.int64]:
    """Rows of pairs among the first `PAIRS_PER_MENTION` of either side in a random order."""
    rng = np.random.default_rng(0)
    order = rng.permutation(len(pairs.i))
    keep = np.zeros(len(order), dtype=bool)
    for side in (pairs.i, pairs.j):
        sides = side[order]
        by_side = np.argsort(sides, kind="stable")
        starts = np.searchsorted(sides[by_side], np.arange(n))
        rank = np.arange(len(order)) - starts[sides[by_side]]
        keep[order[by_side[rank < PAIRS_PER_MENTION]]] = True
    rows = np.flatnonzero(keep)
    if len(rows) > PAIRS_PER_SET:
        rows = np.sort(rng.choice(rows, PAIRS_PER_SET, replace=False))
    return rows
