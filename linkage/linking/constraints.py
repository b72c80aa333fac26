"""What a user knows of pairs: these two are one (must-link), those two are not (cannot-link).

Both hold for whole clusters. Rows that must be one are contracted to one before clustering, and
that one is as near to another as its nearest member: who says that B and C are one says it of
whatever is like B, too (Klein, Kamvar & Manning 2002, "From instance-level constraints to
space-level constraints"). No score and no veto of ours outweighs a constraint.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.errors import InputError
from linkage.linking.clustering import Indices, ScoredPairs, average_linkage, components
from linkage.tables.truth import SIDES, labelled_pairs


@dataclass(frozen=True)
class Constraints:
    """Constraints on n rows.

    `must` and `cannot`: pairs of row numbers, int64 of shape (n pairs, 2). `group`: for each row
    the lowest row that it must be one with, itself if there is none, int64 of shape (n,).
    """

    must: Indices
    cannot: Indices
    group: Indices


def no_constraints(n: int) -> Constraints:
    """No constraint on n rows."""
    nothing = np.empty((0, 2), dtype=np.int64)
    return Constraints(nothing, nothing, np.arange(n, dtype=np.int64))


def read_constraints(
    ids: pd.Index[str], table: pd.DataFrame | None, what: str = "the constraints"
) -> Constraints:
    """Constraints on the rows called `ids` from a table of `labelled_pairs`; None has none.

    Raises `InputError`, calling the table `what`, where it names an id that is not there or
    contradicts itself, also by way of others (A = B, B = C, but A and C differ).
    """
    if table is None:
        return no_constraints(len(ids))
    pairs = labelled_pairs(table, what)
    rows = np.stack([ids.get_indexer(pd.Index(pairs[side])) for side in SIDES], axis=1)
    if (rows < 0).any():
        unknown = pairs[list(SIDES)].to_numpy()[rows < 0][0]
        raise InputError(f"{what}: found {unknown!r}, expected an id that the input has")
    same = pairs["same"].to_numpy(dtype=bool)
    must, cannot = rows[same].astype(np.int64), rows[~same].astype(np.int64)
    group = must_groups(len(ids), must)
    clash = cannot[group[cannot[:, 0]] == group[cannot[:, 1]]]
    if len(clash):
        path = [repr(ids[row]) for row in _path(must, *map(int, clash[0]))]
        raise InputError(
            f"{what}: {' = '.join(path)}, but {path[0]} and {path[-1]} are labelled different"
            if len(path) > 1
            else f"{what}: {path[0]} is labelled different from itself"
        )
    return Constraints(must, cannot, group)


def settled_by(
    pairs: Iterable[tuple[str, str]], same: Iterable[tuple[str, str]]
) -> Callable[[str, str], bool]:
    """Tells of two ids whether answers settle if they are one, also by way of others.

    `pairs`: what was answered; `same`: those of them that are one.
    """
    pairs, same = list(pairs), np.array(list(same), dtype=object).reshape(-1, 2)
    ids = pd.Index(sorted({one for pair in pairs for one in pair}))
    sides = (ids.get_indexer(pd.Index(side)) for side in same.T)
    group = dict(zip(ids, components(len(ids), *sides).tolist(), strict=True))
    settled = {frozenset((group[a], group[b])) for a, b in pairs}
    settled |= {frozenset((one,)) for one in group.values()}
    return lambda a, b: a in group and b in group and frozenset((group[a], group[b])) in settled


def without_answered(questions: pd.DataFrame, table: pd.DataFrame | None) -> pd.DataFrame:
    """The questions (left_id, right_id) that a table of `labelled_pairs` does not settle."""
    if table is None:
        return questions
    pairs = labelled_pairs(table, "the constraints")
    same = pairs[pairs["same"]]
    settled = settled_by(*(zip(*(t[s] for s in SIDES), strict=True) for t in (pairs, same)))
    asked = [not settled(a, b) for a, b in zip(*(questions[s] for s in SIDES), strict=True)]
    return questions[asked].reset_index(drop=True)


def with_must_links(known: Constraints, pairs: Indices) -> Constraints:
    """The constraints and some more pairs that must be one, shape (n pairs, 2).

    But for those that must not be one, and for all of a group of them that would join two rows that
    must not be one by way of others.
    """
    apart = set(map(frozenset, known.cannot.tolist()))
    pairs = pairs[np.array([frozenset(pair) not in apart for pair in pairs.tolist()], dtype=bool)]
    group = must_groups(len(known.group), np.concatenate([known.must, pairs]))
    a, b = group[known.cannot].reshape(-1, 2).T
    must = np.concatenate([known.must, pairs[~np.isin(group[pairs[:, 0]], a[a == b])]])
    return Constraints(must, known.cannot, must_groups(len(known.group), must))


def must_groups(n: int, must: Indices) -> Indices:
    """For each of n rows the lowest row that it must be one with, int64 (n,)."""
    label = components(n, must[:, 0], must[:, 1])
    first = np.unique(label, return_index=True)[1]
    return np.asarray(first[label], dtype=np.int64)


def members_of_groups(group: Indices) -> Iterator[tuple[int, Indices]]:
    """Of each group of two rows or more (`Constraints.group`) the lowest row, and all its rows."""
    rows = np.flatnonzero(np.bincount(group, minlength=len(group))[group] > 1)
    rows = rows[np.argsort(group[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(group[rows], prepend=-1))
    for members in np.split(rows, starts[1:]) if len(starts) else []:
        yield int(members[0]), members


def constrained_linkage(
    pairs: ScoredPairs,
    known: Constraints,
    threshold: float,
    weight: NDArray[np.float64] | None = None,
) -> Indices:
    """`average_linkage` of all rows, in which the constraints hold for whole clusters."""
    linked = average_linkage(len(known.group), contracted(pairs, known), threshold, weight)
    labels: Indices = linked[known.group]
    return labels


def contracted(pairs: ScoredPairs, known: Constraints) -> ScoredPairs:
    """The pairs between groups, each called by its lowest row: i < j, each pair once.

    Two groups are as near as their nearest members, and vetoed where all their pairs are, or
    where a constraint keeps them apart. Pairs of rows without constraints are returned as they are.
    """
    if not len(known.must) and not len(known.cannot):
        return pairs
    n = len(known.group)
    touched = np.zeros(n, dtype=bool)  # rows of which a constraint says something
    touched[known.must] = touched[known.cannot] = True
    concerned = touched[pairs.i] | touched[pairs.j]
    rest, whole, pairs = ~concerned, pairs, pairs.some(concerned)
    parts = (np.stack([pairs.i, pairs.j], axis=1), known.cannot)
    ends = np.sort(known.group[np.concatenate(parts)], axis=1)
    forbidden = np.arange(len(ends)) >= len(pairs.i)
    value = np.full(len(ends), np.inf)  # a constraint comes first, whatever the others say
    value[~forbidden] = np.where(pairs.vetoed, -np.inf, pairs.probability)
    code = ends[:, 0] * n + ends[:, 1]
    order = np.lexsort((-value, code))
    order = order[ends[order, 0] != ends[order, 1]]
    order = order[np.diff(code[order], prepend=-1) != 0]
    vetoed = forbidden[order] | np.isneginf(value[order])
    found = ends[order, 0], ends[order, 1], np.where(vetoed, 0.0, value[order]), vetoed
    columns = zip(whole, found, strict=True)  # of very many pairs one after the other
    return ScoredPairs(*(np.concatenate([a[rest], b.astype(a.dtype)]) for a, b in columns))


def _path(must: Indices, start: int, end: int) -> list[int]:
    """The shortest chain of must-links from one row to another, both included."""
    near: dict[int, list[int]] = defaultdict(list)
    for a, b in must.tolist():
        near[a].append(b)
        near[b].append(a)
    came: dict[int, int] = {start: start}
    queue = deque([start])
    while queue and end not in came:
        row = queue.popleft()
        for other in sorted(near[row]):
            if other not in came:
                came[other] = row
                queue.append(other)
    path = [end]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]
