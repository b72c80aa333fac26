"""Pairs of mentions: which to compare, and what features say of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.authors.mentions import Mentions
from linkage.features import careers, coauthors, names, namesakes, person_names, subjects
from linkage.features.feature import Columns, collect, compare
from linkage.linking.clustering import Indices

NAME_FEATURES = collect(names, person_names)
EVIDENCE_FEATURES = collect(coauthors, careers, subjects, namesakes)
AUTHOR_FEATURES = (*NAME_FEATURES, *EVIDENCE_FEATURES)
FEATURE_NAMES = tuple(feature.name for feature in AUTHOR_FEATURES)

_BATCH = 200_000  # pairs compared together


class NamePairs(NamedTuple):
    """Pairs of distinct names (rows of `Mentions.keys`, a <= b) that may be one person's."""

    a: Indices
    b: Indices


class MentionPairs(NamedTuple):
    """Pairs of mentions i < j, and the row of their names' pair in a `NamePairs`."""

    i: Indices
    j: Indices
    names: Indices


def pair_weights(i: Indices, j: Indices) -> NDArray[np.float64]:
    """How much each pair counts where mentions count alike: each shares its 1 among its pairs."""
    degree = np.bincount(np.concatenate([i, j]))
    return 1 / degree[i] + 1 / degree[j]


def compare_pairs(
    mentions: Mentions, names: NamePairs, pairs: MentionPairs
) -> Iterator[NDArray[np.float32]]:
    """Features of the pairs, batch by batch: float32 (n pairs, `AUTHOR_FEATURES`), NaN = missing.

    What depends on the names only is computed once a pair of names.
    """
    by_names = compare(
        NAME_FEATURES, _take(mentions.by_name, names.a), _take(mentions.by_name, names.b)
    )
    for start in range(0, len(pairs.i), _BATCH):
        batch = slice(start, start + _BATCH)
        evidence = compare(
            EVIDENCE_FEATURES,
            _evidence(mentions, pairs.i[batch]),
            _evidence(mentions, pairs.j[batch]),
        )
        yield np.hstack([by_names[pairs.names[batch]], evidence])


def _take(columns: Columns, rows: Indices) -> Columns:
    return {name: values[rows] for name, values in columns.items()}


def _evidence(mentions: Mentions, rows: Indices) -> Columns:
    by_record = _take(mentions.by_record, mentions.record_of[rows])
    return {**by_record, **_take(mentions.by_mention, rows)}
