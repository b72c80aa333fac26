"""Pairs of mentions: which to compare, what features say of them, and which may never meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.author_keys import name_keys
from linkage.clustering import ScoredPairs, components
from linkage.features import careers, coauthors, name_relations, person_names
from linkage.features.feature import Columns, collect, compare
from linkage.features.names import UNSURE, compare_names
from linkage.mentions import Mentions

Indices = NDArray[np.int64]

NAME_FEATURES = collect(name_relations, person_names)
EVIDENCE_FEATURES = collect(coauthors, careers)
AUTHOR_FEATURES = (*NAME_FEATURES, *EVIDENCE_FEATURES)

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


def candidate_names(mentions: Mentions) -> NamePairs:
    """All pairs of names that share a key and do not conflict, a name with itself included.

    Groups are no persons: they are in no pair.
    """
    persons = _persons(mentions)
    blocks: dict[str, list[int]] = defaultdict(list)
    for name in persons:
        for key in name_keys(mentions.keys[name]):
            blocks[key].append(int(name))
    n = len(mentions.keys)
    codes = [persons * n + persons, *(_block_codes(block, n) for block in blocks.values())]
    a, b = np.divmod(np.unique(np.concatenate(codes)), n)
    kept = np.array([_compatible(mentions, x, y) for x, y in zip(a, b, strict=True)], dtype=bool)
    return NamePairs(a[kept], b[kept])


def _persons(mentions: Mentions) -> Indices:
    """Distinct names that are somebody's: not a group's, and with a family name to go by."""
    groups = np.unique(mentions.name_of[mentions.table["group"].to_numpy(dtype=bool)])
    named = np.array([not key.startswith("|") for key in mentions.keys], dtype=bool)
    named[groups] = False
    return np.flatnonzero(named)


def _block_codes(block: list[int], n: int) -> Indices:
    rows = np.array(block, dtype=np.int64)
    a, b = np.triu_indices(len(rows), 1)
    codes: Indices = rows[a] * n + rows[b]
    return codes


def _compatible(mentions: Mentions, a: int, b: int) -> bool:
    return compare_names(mentions.keys[a], mentions.keys[b]) >= UNSURE


def candidate_pairs(mentions: Mentions, names: NamePairs) -> MentionPairs:
    """All pairs of mentions whose names are a pair, except those of one record."""
    order = np.argsort(mentions.name_of, kind="stable")
    count = np.bincount(mentions.name_of, minlength=len(mentions.keys))
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    row = np.repeat(np.arange(len(names.a)), count[names.a] * count[names.b])
    first = np.concatenate([[0], np.cumsum(count[names.a] * count[names.b])[:-1]])
    within = np.arange(len(row)) - first[row]
    left, right = np.divmod(within, count[names.b][row])
    i, j = order[start[names.a[row]] + left], order[start[names.b[row]] + right]
    kept = (names.a[row] != names.b[row]) | (left < right)
    kept &= mentions.record_of[i] != mentions.record_of[j]
    i, j, row = i[kept], j[kept], row[kept]
    return MentionPairs(np.minimum(i, j), np.maximum(i, j), row)


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


def with_cannot_links(
    mentions: Mentions, pairs: MentionPairs, probability: NDArray[np.float64], threshold: float
) -> ScoredPairs:
    """Scored pairs, and with them every pair that may never meet though a chain could join it.

    Two mentions may never meet when they stand on one record or their names conflict.
    """
    n = len(mentions)
    strong = probability >= threshold
    label = components(n, pairs.i[strong], pairs.j[strong])
    forbidden = np.concatenate(
        [
            np.empty(0, dtype=np.int64),
            *(_forbidden(mentions, members) for members in _groups(label)),
        ]
    )
    scored = pairs.i * n + pairs.j
    added = np.setdiff1d(forbidden, scored)
    i, j = np.divmod(np.concatenate([scored, added]), n)
    values = np.concatenate([probability, np.zeros(len(added))])
    return ScoredPairs(i, j, values, np.isin(np.concatenate([scored, added]), forbidden))


def _groups(label: Indices) -> Iterator[Indices]:
    order = np.argsort(label, kind="stable")
    ends = np.flatnonzero(np.diff(label[order])) + 1
    return (members for members in np.split(order, ends) if len(members) > 1)


def _forbidden(mentions: Mentions, members: Indices) -> Indices:
    a, b = np.triu_indices(len(members), 1)
    same_record = mentions.record_of[members][a] == mentions.record_of[members][b]
    names, local = np.unique(mentions.name_of[members], return_inverse=True)
    conflict = _conflicts([mentions.keys[name] for name in names])
    apart = same_record | conflict[local[a], local[b]]
    codes: Indices = members[a[apart]] * len(mentions) + members[b[apart]]
    return codes


def _conflicts(keys: Sequence[str]) -> NDArray[np.bool_]:
    matrix = np.zeros((len(keys), len(keys)), dtype=bool)
    for x in range(len(keys)):
        for y in range(x):
            matrix[x, y] = matrix[y, x] = compare_names(keys[x], keys[y]) < UNSURE
    return matrix
