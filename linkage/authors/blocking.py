"""Which mentions to compare: those whose names share a key and may be one person's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.crowded import (
    MOST_MENTIONS,
    MOST_PAIRS,
    Tokens,
    evidence_pairs,
    evidence_tokens,
    fewer_candidates,
    most_candidates,
)
from linkage.authors.mentions import KeyedNames, Mentions
from linkage.authors.names.plain import Decisions
from linkage.authors.pairs import MentionPairs, NamePairs
from linkage.features.name_keys import split_name_key
from linkage.features.names import UNSURE, compare_names
from linkage.linking.clustering import Indices, components
from linkage.running.collector import paused
from linkage.running.processes import Each, in_turn
from linkage.running.progress import tell_progress
from linkage.running.threads import each_in_threads

log = logging.getLogger(__name__)

_NAMES = 25_000  # pairs compared together
_SHARING = 2_000_000  # pairs of names that share a key, looked at together
_PAIRS = 1_000_000  # of mentions, found at once
_LOT = 50_000  # mentions of crowded names whose evidence is looked at together

_Group = tuple[Indices, Indices]  # mentions of crowded names, and the rows of their names' pairs


def candidate_names(mentions: Mentions) -> NamePairs:
    """All pairs of names that share a key and do not conflict, a name with itself included.

    Groups are no persons: they are in no pair.
    """
    groups = np.unique(mentions.name_of[mentions.table["group"].to_numpy(dtype=bool)])
    return compatible_names(mentions.keys, groups, mentions.name_keys)


def compatible_names(
    names: list[str], groups: Indices, keyed: KeyedNames, work: Each = in_turn
) -> NamePairs:
    """The same of distinct names, of which `groups` are no persons'. `work` goes through lots."""
    persons = names_of_persons(names, groups)
    decisions = Decisions(names, work)
    found = [(persons[:0], persons[:0])]
    done = 0
    for a, b in _pairs_that_share(persons, keyed, len(names)):
        tell_progress(log, "preparing", done, "pairs of names that share a key")
        kept = _compatible(names, decisions, a, b, work)
        found.append((a[kept], b[kept]))
        done += len(a)
    return NamePairs(*(np.concatenate(side) for side in zip(*found, strict=True)))


def _pairs_that_share(
    persons: Indices, keyed: KeyedNames, n: int
) -> Iterator[tuple[Indices, Indices]]:
    """Pairs a <= b of the names `persons`, of n, that share a key, in order, some a at a time.

    Each is paired with itself, too. Of very many names they are more than may be kept.
    """
    name, after = _in_groups(persons, keyed, n)
    place = np.argsort(name, kind="stable")
    ends = np.searchsorted(name[place], persons, side="right")
    lot = np.append(0, np.cumsum(after[place]))[ends] // _SHARING
    firsts = np.flatnonzero(np.diff(lot, prepend=-1))
    if not len(firsts):
        return
    before = np.append(0, ends)[firsts].tolist()
    for some, start, end in zip(
        np.split(persons, firsts[1:]), before, [*before[1:], len(place)], strict=True
    ):
        size = after[place[start:end]]
        first = np.repeat(place[start:end], size)
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(size) - size, size)
        a, b = name[first].astype(np.int64), name[second]
        codes = np.concatenate([some * n + some, a * n + b])
        codes.sort()  # several times as fast as np.unique
        yield np.divmod(codes[np.append(True, codes[1:] != codes[:-1])[: len(codes)]], n)


def _in_groups(
    persons: Indices, keyed: KeyedNames, n: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Names group by group of those that share a key, in order within, each behind the first.

    And how many stand behind each in its group.
    """
    is_person = np.zeros(n, dtype=bool)
    is_person[persons] = True
    rows = np.flatnonzero(is_person[keyed.name])
    order = rows[np.argsort(keyed.key[rows], kind="stable")]  # names are in order
    key = keyed.key[order]
    same = np.append(key[1:] == key[:-1], False)[: len(key)]  # as the next one
    kept = same | np.append(False, same[:-1])[: len(key)]  # most keys are of one name
    name, same = keyed.name[order[kept]].astype(np.int32), same[kept]
    ends = np.flatnonzero(~same) + 1
    after = np.repeat(ends, np.diff(ends, prepend=0)) - np.arange(len(name)) - 1
    return name, after.astype(np.int32)


def _compatible(
    keys: list[str], decisions: Decisions, a: Indices, b: Indices, work: Each
) -> NDArray[np.bool_]:
    """Which pairs of names may be one person's."""
    kept, decided = decisions.of(a, b)
    rest = np.flatnonzero(~decided)
    starts = range(0, len(rest), _NAMES)
    lots = (
        [[keys[k] for k in side[rest[s : s + _NAMES]].tolist()] for side in (a, b)] for s in starts
    )
    for start, part in zip(starts, work(may_be_one, lots), strict=True):
        kept[rest[start : start + _NAMES]] = part
    return kept


@paused()
def may_be_one(names: list[list[str]]) -> NDArray[np.bool_]:
    """Which of two lists of names, one beside the other, may be one person's."""
    relations = (compare_names(x, y) for x, y in zip(*names, strict=True))
    return np.fromiter((relation >= UNSURE for relation in relations), dtype=bool)


def names_of_persons(names: list[str], groups: NDArray[Any]) -> Indices:
    """Distinct names that are somebody's: not a group's, and with a family name to go by.

    `groups`: which names are groups', their numbers or bool of shape (n names,).
    """
    named = np.array([bool(split_name_key(name).family) for name in names], dtype=bool)
    named[groups] = False
    return np.flatnonzero(named)


class Crowds(NamedTuple):
    """Names of too many mentions to compare them all.

    `crowded`: whether each distinct name is one, that is, whether more than `mentions` could be
    meant by it. `most`: with how many others a mention of such a name is compared at most; None:
    as many as `most_candidates` says of its group of names.
    """

    crowded: NDArray[np.bool_]
    mentions: int
    most: int | None = None

    def most_of(self, n_mentions: int) -> int:
        """With how many others a mention of a crowded group of so many is compared at most."""
        return self.most or most_candidates(n_mentions)


def crowds_of(mentions: Mentions, names: NamePairs) -> Crowds:
    """Which names are crowded: those of more than `MOST_MENTIONS` mentions.

    Or of fewer, where the names that are not would still have more than `MOST_PAIRS` pairs in all,
    as those of one team have that wrote many papers; the crowded ones share what is left then.
    """
    return crowds_of_counts(_counts(mentions), names)


def crowds_of_counts(count: Indices, names: NamePairs) -> Crowds:
    """The same, by how many mentions each distinct name has, int64 (n names,)."""
    found = Crowds(_has_many_mentions(count, names, MOST_MENTIONS), MOST_MENTIONS)
    if _n_pairs(count, names, found) <= MOST_PAIRS:
        return found
    limit = MOST_MENTIONS
    while limit > 2 and _n_simple(count, names, found.crowded) > MOST_PAIRS // 2:
        limit //= 2
        found = Crowds(_has_many_mentions(count, names, limit), limit)
    n = int(count[names_near(names, found.crowded)].sum())
    return found._replace(most=fewer_candidates(n))


def _counts(mentions: Mentions) -> Indices:
    """How many mentions each distinct name has."""
    return np.bincount(mentions.name_of, minlength=len(mentions.keys)).astype(np.int64)


def _n_pairs(count: Indices, names: NamePairs, crowds: Crowds) -> int:
    """How many pairs of mentions there are to compare, at most."""
    inside, group = groups_of_names(names, crowds.crowded)
    sizes: list[int] = np.bincount(group, count[inside]).astype(np.int64).tolist()
    crowd = sum(n * min(crowds.most_of(n), n) for n in sizes)
    return crowd + _n_simple(count, names, crowds.crowded)


def _n_simple(count: Indices, names: NamePairs, crowded: NDArray[np.bool_]) -> int:
    """How many pairs of mentions there are of names that are not crowded."""
    few = ~(crowded[names.a] | crowded[names.b])
    return int(pairs_of_names(count, names.a[few], names.b[few]).sum())


def pairs_of_names(count: Indices, a: Indices, b: Indices) -> Indices:
    """How many pairs of mentions each pair of names has, those of one record included."""
    found: Indices = np.where(a == b, count[a] * (count[a] - 1) // 2, count[a] * count[b])
    return found


def names_near(names: NamePairs, crowded: NDArray[np.bool_]) -> Indices:
    """The names that pairs with a crowded name join, in order."""
    rows = np.flatnonzero(crowded[names.a] | crowded[names.b])
    return np.unique(np.concatenate([names.a[rows], names.b[rows]]))


def groups_of_names(names: NamePairs, crowded: NDArray[np.bool_]) -> tuple[Indices, Indices]:
    """The names that pairs with a crowded name join, and the group of each, from 0."""
    rows = np.flatnonzero(crowded[names.a] | crowded[names.b])
    inside = names_near(names, crowded)
    label = components(len(crowded), names.a[rows], names.b[rows])[inside]
    return inside, pd.factorize(label)[0].astype(np.int64)


def limits_of_names(count: Indices, names: NamePairs, crowds: Crowds) -> NDArray[np.float64]:
    """With how many others a mention of each name is compared at most; infinite: all."""
    inside, group = groups_of_names(names, crowds.crowded)
    sizes = np.bincount(group, count[inside]).astype(np.int64).tolist()
    limit = np.full(len(count), np.inf)
    limit[inside] = np.array([crowds.most_of(n) for n in sizes], dtype=float)[group]
    return limit


def mention_pairs(
    mentions: Mentions, names: NamePairs, crowds: Crowds | None = None, threads: int = 1
) -> MentionPairs:
    """All pairs of mentions whose names are a pair, except those of one record.

    Of names that very many mentions could bear, only the pairs that share some evidence
    (`linkage.authors.crowded`), which so many `threads` look for; their number changes no result.
    `crowds`: those of `crowds_of`; None finds them.
    """
    crowds = crowds or crowds_of(mentions, names)
    crowded = crowds.crowded
    few = ~(crowded[names.a] | crowded[names.b])
    if few.all():
        return all_pairs(mentions, names)
    lots = _in_lots(_groups(mentions, names, crowded))
    more = each_in_threads(partial(_crowded_pairs, mentions, names, crowds.most), lots, threads)
    return MentionPairs.concat(chain([all_pairs(mentions, names, np.flatnonzero(few))], more))


def candidate_limits(
    mentions: Mentions, names: NamePairs, crowds: Crowds | None = None
) -> NDArray[np.float64]:
    """For each mention with how many others `mention_pairs` compares it at most; infinite: all.

    A mention's limit is that of its group of names, if any of them is crowded.
    """
    crowds = crowds or crowds_of(mentions, names)
    found: NDArray[np.float64] = limits_of_names(_counts(mentions), names, crowds)[mentions.name_of]
    return found


def cap_sentences(mentions: Mentions, names: NamePairs, crowds: Crowds) -> list[str]:
    """What limits decided, said in a sentence; none where all mentions are compared."""

    def printed(name: int) -> str:
        row = np.flatnonzero(mentions.name_of == name)[0]
        return str(mentions.table["name"].iloc[row])

    return cap_sentences_of_counts(_counts(mentions), names, crowds, printed)


def cap_sentences_of_counts(
    count: Indices, names: NamePairs, crowds: Crowds, printed: Callable[[int], str]
) -> list[str]:
    """The same; `printed` tells how a distinct name is printed where it stands first."""
    if not crowds.crowded.any():
        return []
    near = names_near(names, crowds.crowded)
    most = near[count[near].argmax()]
    limits = limits_of_names(count, names, crowds)[near]
    return [
        f"{count[near].sum():,} mentions bear names that more than {crowds.mentions:,} could be "
        f"meant by (most of all {printed(int(most))!r}, {count[most]:,}): each was compared only "
        f"with the up to {int(limits.min()):,} others that share most with it"
    ]


def _has_many_mentions(count: Indices, names: NamePairs, most: int) -> NDArray[np.bool_]:
    """For each distinct name, whether more than `most` mentions could be meant by it."""
    others = names.a != names.b
    meant = np.bincount(names.a, count[names.b], minlength=len(count))
    meant += np.bincount(names.b[others], count[names.a[others]], minlength=len(count))
    crowded: NDArray[np.bool_] = meant > most
    return crowded


def _groups(mentions: Mentions, names: NamePairs, crowded: NDArray[np.bool_]) -> Iterator[_Group]:
    """Groups of names that pairs with a crowded name join: their mentions, and rows of pairs."""
    rows = np.flatnonzero(crowded[names.a] | crowded[names.b])
    label = components(len(crowded), names.a[rows], names.b[rows])
    involved = np.zeros(len(crowded), dtype=bool)
    involved[names.a[rows]] = involved[names.b[rows]] = True
    inside = np.flatnonzero(involved[mentions.name_of])
    found = [(inside, label[mentions.name_of[inside]]), (rows, label[names.a[rows]])]
    yield from zip(*(_split(values, group) for values, group in found), strict=True)


def _split(values: Indices, group: Indices) -> list[Indices]:
    """The values of each group, in the order of the groups."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    return np.split(values[order], starts[1:]) if len(starts) else []


def all_pairs(mentions: Mentions, names: NamePairs, rows: Indices | None = None) -> MentionPairs:
    """All pairs of mentions whose names are a pair (one in `rows`), except those of one record."""
    rows = np.arange(len(names.a)) if rows is None else rows
    order = np.argsort(mentions.name_of, kind="stable")
    count = np.bincount(mentions.name_of, minlength=len(mentions.keys))
    lot = np.cumsum(count[names.a[rows]] * count[names.b[rows]]) // _PAIRS
    firsts = np.flatnonzero(np.diff(lot, prepend=0))
    parts = (_pairs_of(mentions, names, part, order, count) for part in np.split(rows, firsts))
    return MentionPairs.concat(parts)


def _pairs_of(
    mentions: Mentions, names: NamePairs, rows: Indices, order: Indices, count: Indices
) -> MentionPairs:
    """`all_pairs` of some rows; `order` has the mentions name by name, `count` (n names,) each."""
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
    return _small(np.minimum(i, j), np.maximum(i, j), rows[at])


def _small(*columns: Indices) -> MentionPairs:
    return MentionPairs(*(column.astype(np.int32) for column in columns))


def _in_lots(groups: Iterable[_Group]) -> Iterator[list[_Group]]:
    """Groups of names in lots of some `_LOT` mentions."""
    lot: list[_Group] = []
    for group in groups:
        lot.append(group)
        if sum(len(rows) for rows, _ in lot) >= _LOT:
            yield lot
            lot = []
    if lot:
        yield lot


def _crowded_pairs(
    mentions: Mentions, names: NamePairs, most: int | None, groups: list[_Group]
) -> MentionPairs:
    """Pairs with evidence of groups of crowded names, and the rows of their names' pairs."""
    inside = np.sort(np.concatenate([rows for rows, _ in groups]))
    tokens = evidence_tokens(mentions, inside)
    owns = (tokens.of(np.searchsorted(inside, rows)) for rows, _ in groups)
    parts = (
        _evidence_pairs(mentions, names, group, most, own)
        for group, own in zip(groups, owns, strict=True)
    )
    return MentionPairs.concat(parts)


def _evidence_pairs(
    mentions: Mentions,
    names: NamePairs,
    group: _Group,
    most: int | None,
    tokens: Tokens,
) -> MentionPairs:
    """Pairs with evidence among the mentions of a group of names, whose pairs are the second."""
    own, rows = group
    n = len(mentions.keys)
    code = names.a[rows] * n + names.b[rows]
    order = np.argsort(code)
    i, j = evidence_pairs(mentions, own, most, tokens)
    x, y = mentions.name_of[i], mentions.name_of[j]
    wanted = np.minimum(x, y) * n + np.maximum(x, y)
    at = np.minimum(np.searchsorted(code[order], wanted), len(code) - 1)
    kept = code[order][at] == wanted
    kept &= mentions.record_of[i] != mentions.record_of[j]
    return _small(i[kept], j[kept], rows[order[at[kept]]])
