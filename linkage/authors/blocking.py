"""Which mentions to compare: those whose names share a key and may be one person's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from linkage.authors.crowded import MOST_MENTIONS, evidence_pairs, most_candidates
from linkage.authors.mentions import Mentions
from linkage.authors.pairs import MentionPairs, NamePairs
from linkage.authors.rules import name_keys
from linkage.features.name_keys import read_name_key
from linkage.features.names import UNSURE, compare_names
from linkage.linking.clustering import Indices, components


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
    named = np.array([bool(read_name_key(key).family) for key in mentions.keys], dtype=bool)
    named[groups] = False
    return np.flatnonzero(named)


def _block_codes(block: list[int], n: int) -> Indices:
    rows = np.array(block, dtype=np.int64)
    a, b = np.triu_indices(len(rows), 1)
    codes: Indices = rows[a] * n + rows[b]
    return codes


def _compatible(mentions: Mentions, a: int, b: int) -> bool:
    return compare_names(mentions.keys[a], mentions.keys[b]) >= UNSURE


def mention_pairs(mentions: Mentions, names: NamePairs) -> MentionPairs:
    """All pairs of mentions whose names are a pair, except those of one record.

    Of names that very many mentions could bear, only the pairs that share some evidence
    (`linkage.authors.crowded`).
    """
    crowded = _has_many_mentions(mentions, names)
    few = ~(crowded[names.a] | crowded[names.b])
    pairs = all_pairs(mentions, names, np.flatnonzero(few))
    if few.all():
        return pairs
    more = [_evidence_pairs(mentions, names, *group) for group in _groups(names, crowded)]
    i, j, row = (np.concatenate(parts) for parts in zip(pairs, *more, strict=True))
    kept = mentions.record_of[i] != mentions.record_of[j]
    return MentionPairs(i[kept], j[kept], row[kept])


def candidate_limits(mentions: Mentions, names: NamePairs) -> NDArray[np.float64]:
    """For each mention with how many others `mention_pairs` compares it at most; infinite: all.

    A mention's limit is that of its group of names, if any of them is crowded.
    """
    limit = np.full(len(mentions), np.inf)
    for own, _ in _groups(names, _has_many_mentions(mentions, names)):
        rows = np.flatnonzero(np.isin(mentions.name_of, own))
        limit[rows] = most_candidates(len(rows))
    return limit


def _has_many_mentions(mentions: Mentions, names: NamePairs) -> NDArray[np.bool_]:
    """For each distinct name, whether more than `MOST_MENTIONS` mentions could be meant by it."""
    count = np.bincount(mentions.name_of, minlength=len(mentions.keys))
    others = names.a != names.b
    meant = np.bincount(names.a, count[names.b], minlength=len(count))
    meant += np.bincount(names.b[others], count[names.a[others]], minlength=len(count))
    crowded: NDArray[np.bool_] = meant > MOST_MENTIONS
    return crowded


def _groups(names: NamePairs, crowded: NDArray[np.bool_]) -> Iterator[tuple[Indices, Indices]]:
    """Groups of names that pairs with a crowded name join: the names, and rows of their pairs."""
    rows = np.flatnonzero(crowded[names.a] | crowded[names.b])
    label = components(len(crowded), names.a[rows], names.b[rows])
    involved = np.unique(np.concatenate([names.a[rows], names.b[rows]]))
    for group in np.unique(label[involved]):
        yield involved[label[involved] == group], rows[label[names.a[rows]] == group]


def all_pairs(mentions: Mentions, names: NamePairs, rows: Indices | None = None) -> MentionPairs:
    """All pairs of mentions whose names are a pair (one in `rows`), except those of one record."""
    rows = np.arange(len(names.a)) if rows is None else rows
    order = np.argsort(mentions.name_of, kind="stable")
    count = np.bincount(mentions.name_of, minlength=len(mentions.keys))
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    a, b = names.a[rows], names.b[rows]
    at = np.repeat(np.arange(len(rows)), count[a] * count[b])
    first = np.concatenate([[0], np.cumsum(count[a] * count[b])[:-1]])
    within = np.arange(len(at)) - first[at]
    left, right = np.divmod(within, count[b][at])
    i, j = order[start[a[at]] + left], order[start[b[at]] + right]
    kept = (a[at] != b[at]) | (left < right)
    kept &= mentions.record_of[i] != mentions.record_of[j]
    i, j, at = i[kept], j[kept], at[kept]
    return MentionPairs(np.minimum(i, j), np.maximum(i, j), rows[at])


def _evidence_pairs(
    mentions: Mentions, names: NamePairs, own: Indices, rows: Indices
) -> tuple[Indices, Indices, Indices]:
    """Pairs with evidence among the mentions of some names `own`, whose pairs are `rows`."""
    n = len(mentions.keys)
    code = names.a[rows] * n + names.b[rows]
    order = np.argsort(code)
    i, j = evidence_pairs(mentions, np.flatnonzero(np.isin(mentions.name_of, own)))
    x, y = mentions.name_of[i], mentions.name_of[j]
    wanted = np.minimum(x, y) * n + np.maximum(x, y)
    at = np.minimum(np.searchsorted(code[order], wanted), len(code) - 1)
    kept = code[order][at] == wanted
    return i[kept], j[kept], rows[order[at[kept]]]
