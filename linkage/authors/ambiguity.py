"""How many people may stand behind one name in the data at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.author_lists import AuthorLists
from linkage.authors.rules import primary_key
from linkage.features.arrays import objects
from linkage.features.coauthors import Companies
from linkage.features.columns import Coded
from linkage.features.name_keys import split_name_key
from linkage.features.namesakes import Namesakes
from linkage.linking.bridges import bridge_sides
from linkage.linking.clustering import components

STRENGTHS = (0.0, 7.0, 9.0, 11.0, 13.0)  # least rarity (nats) of a co-author's name that links
CIRCLE_STRENGTH = 7.0  # of the links that make a circle
CIRCLE = 3  # papers that are a circle: it hangs by more than one link on another, or is apart
LONGEST = 30  # of more authors, not all know each other
_LOT = 1_000_000  # co-authors looked at together


def circles(name_of: NDArray[np.int64], coauthors: Coded) -> dict[str, NDArray[np.float64]]:
    """For each name, how many circles of co-authors use it, and the share of the largest.

    Two mentions of a name are in one circle when a chain of shared co-authors joins them. Counting
    circles rather than mentions tells common names from productive people.
    """
    companies = coauthors.values
    assert isinstance(companies, Companies)  # noqa: S101  what `prepare` gives
    circle = _circles_of_values(companies)[coauthors.codes]
    alone = np.flatnonzero(circle < 0)  # a mention without co-authors
    circle[alone] = len(companies) + alone
    pairs, size = _count_pairs(name_of, circle)
    count = np.bincount(pairs).astype(float)
    largest = np.zeros(len(count))
    np.maximum.at(largest, pairs, size)
    return {"name_circles": count, "name_circle_share": largest / np.bincount(name_of)}


def _circles_of_values(companies: Companies) -> NDArray[np.int64]:
    """For each value a number of its circle, the first value in it; -1 without co-authors."""
    found = np.full(len(companies), -1, dtype=np.int64)
    order = np.argsort(companies.name, kind="stable")
    size = np.maximum(companies.counts[1], companies.counts[0] * ~companies.is_long())[order]
    for rows in _lots(order, companies.name[order], size):
        others = companies[rows].others()
        value = np.repeat(np.arange(len(rows)), np.diff(others.indptr))
        name = companies.name[rows][value].astype(np.int64)
        token = pd.factorize(name * others.shape[1] + others.indices)[0]
        label = components(len(rows) + int(token.max(initial=-1)) + 1, value, len(rows) + token)
        first = np.unique(label[: len(rows)], return_index=True)[1]
        known = np.diff(others.indptr) > 0
        label = pd.factorize(label[: len(rows)])[0]
        found[rows[known]] = rows[np.sort(first)][label[known]]
    return found


def _lots(
    order: NDArray[np.int64], group: NDArray[Any], size: NDArray[Any]
) -> Iterator[NDArray[np.int64]]:
    """Rows in lots of some `_LOT` items in all, each group (equal ones side by side) in one."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    if not len(starts):
        return
    lot = np.cumsum(np.add.reduceat(size, starts)) // _LOT
    firsts = starts[np.flatnonzero(np.diff(lot, prepend=-1))]
    yield from np.split(order, firsts[1:])


def _count_pairs(
    a: NDArray[np.int64], b: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first of each distinct pair, and how often that pair is there."""
    width = int(b.max(initial=0)) + 1
    codes, distinct = pd.factorize(a * width + b)
    return distinct // width, np.bincount(codes).astype(np.int64)


def chains(
    block: NDArray[np.int64], coauthor_names: Coded, n_authors: NDArray[np.int64]
) -> dict[str, Coded]:
    """How chains of shared co-authors join mentions: columns `chain` and `circle`.

    `block` says which mentions may be one person at all, `coauthor_names` are their `Companies`.
    `chain` has the groups that links of each strength join, `circle` the group that is left of
    links of `CIRCLE_STRENGTH` when single ones between two groups of `CIRCLE` mentions are cut
    (one paper with someone of both circles, one co-author's name that both have), and its size.
    Missing where there are no co-authors, or a long list, which would join everybody.
    """
    companies = coauthor_names.values
    assert isinstance(companies, Companies)  # noqa: S101  what `prepare` gives
    kept = np.flatnonzero((n_authors > 1) & (n_authors <= LONGEST))
    codes = np.full(len(block), -1, dtype=np.int32)
    codes[kept] = np.arange(len(kept))
    chain = np.empty((len(kept), len(STRENGTHS)), dtype=np.int32)
    circle = np.empty((len(kept), 2), dtype=np.int32)
    order = kept[np.argsort(block[kept], kind="stable")]
    size = companies.counts.max(axis=0)[coauthor_names.codes[order]]
    known = 0  # groups of the blocks before
    for lot in _lots(order, block[order], size):
        links = _links(block[lot], companies[coauthor_names.codes[lot]])
        rows, n, n_nodes = codes[lot], len(lot), len(lot) + int(links.token.max(initial=-1)) + 1
        for k, least in enumerate(STRENGTHS):
            chain[rows, k] = known + components(n_nodes, *links.ends(n, least))[:n]
        found = _circles(n, n_nodes, *links.ends(n, CIRCLE_STRENGTH))
        circle[rows] = np.stack([known + found[0], found[1]], axis=1)
        known += n_nodes
    return {"chain": Coded(codes, chain), "circle": Coded(codes, circle)}


class _Links(NamedTuple):
    """Co-authors that mentions of a block share, (n links,) each.

    `mention` by its place in the lot; a co-author of one block has a number, `token`; `nats` is how
    rare the name is.
    """

    mention: NDArray[np.int64]
    token: NDArray[np.int64]
    nats: NDArray[np.float64]

    def ends(self, n: int, least: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Both ends of each link of a name so rare; the tokens stand behind n mentions."""
        strong = self.nats >= least
        return self.mention[strong], n + self.token[strong]


def _links(block: NDArray[np.int64], companies: Companies) -> _Links:
    """Of some mentions each co-author that others of its block share.

    Blocks are looked at some at a time: the graph of all would be what takes most memory.
    """
    others = companies.others()
    rows = np.repeat(np.arange(len(block)), np.diff(others.indptr))
    tokens, joins = _shared(block[rows] * others.shape[1] + others.indices)
    return _Links(rows[joins], tokens[joins], companies.lists.nats[others.indices[joins]])


def _shared(code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Which of the codes that are there more than once each is, in order, and whether it is one."""
    _, place, count = np.unique(code, return_inverse=True, return_counts=True)
    several = count > 1
    place = place.ravel()
    return (np.cumsum(several) - 1)[place], several[place]


def _circles(
    n: int, n_nodes: int, rows: NDArray[np.int64], tokens: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each of n mentions its circle and how many mentions that has."""
    weight = (np.arange(n_nodes) < n).astype(np.int64)
    whole = bridge_sides(n_nodes, rows, tokens, weight) < CIRCLE
    circle = components(n_nodes, rows[whole], tokens[whole])[:n]
    return circle, np.bincount(circle)[circle]


def namesakes(
    keys: Sequence[str],
    name_of: NDArray[np.int64],
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
    lists: AuthorLists,
) -> Coded:
    """For each mention (record and position in `places`) who else there is called alike.

    That is every other position with the family name and first initial of the mention.
    """
    short = pd.factorize(objects([primary_key(key) for key in lists.keys]))[0].astype(np.int64)
    own = lists.ends[places[0]] + places[1]  # of each mention among all authors
    code = lists.record * (short.max(initial=0) + 1) + short[lists.key]
    like = np.flatnonzero(_has_family_of(keys, lists.keys)[lists.key])
    group, distinct = pd.factorize(code[like])
    several = np.bincount(group, minlength=len(distinct))[group] > 1
    alike: dict[int, list[int]] = defaultdict(list)  # the authors of each group of two or more
    for at, row in zip(group[several].tolist(), like[several].tolist(), strict=True):
        alike[at].append(row)
    group_of = np.full(len(code), -1, dtype=np.int64)
    group_of[like[several]] = group[several]
    nobody = frozenset[str]()
    number: dict[Namesakes, int] = {}
    codes = name_of.astype(np.int32)
    for mention in np.flatnonzero(group_of[own] >= 0).tolist():
        rows = alike[int(group_of[own[mention]])]
        others = frozenset(lists.keys[lists.key[row]] for row in rows if row != own[mention])
        value = Namesakes(keys[name_of[mention]], others)
        codes[mention] = len(keys) + number.setdefault(value, len(number))
    return Coded(codes, objects([*(Namesakes(key, nobody) for key in keys), *number]))


def _has_family_of(keys: Sequence[str], others: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the other names have the family name of one of the names."""
    if keys == others:
        return np.ones(len(others), dtype=bool)
    families = {split_name_key(key).family for key in keys}
    return np.array([split_name_key(key).family in families for key in others], dtype=bool)


def rivals(keys: Sequence[str]) -> NDArray[np.float64]:
    """For a name with initials only: how many first names in full it could stand for, else 1."""
    firsts = ["".join(split_name_key(key).given[:1]) for key in keys]
    short = list(map(primary_key, keys))
    in_full: dict[str, set[str]] = defaultdict(set)
    for key, first in zip(short, firsts, strict=True):
        if len(first) > 1:
            in_full[key].add(first)
    found = np.ones(len(keys))
    for row, first in enumerate(firsts):
        if len(first) < 2:
            found[row] = max(len(in_full.get(short[row], ())), 1)
    return found
