"""How many people may stand behind one name in the data at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage.authors.rules import primary_key
from linkage.features.columns import Coded
from linkage.features.name_keys import read_name_key
from linkage.features.namesakes import Namesakes
from linkage.linking.bridges import bridge_sides
from linkage.linking.clustering import components

STRENGTHS = (0.0, 7.0, 9.0, 11.0, 13.0)  # least rarity (nats) of a co-author's name that links
CIRCLE_STRENGTH = 7.0  # of the links that make a circle
CIRCLE = 3  # papers that are a circle: it hangs by more than one link on another, or is apart
LONGEST = 30  # of more authors, not all know each other


def circles(name_of: NDArray[np.int64], coauthors: Coded) -> dict[str, NDArray[np.float64]]:
    """For each name, how many circles of co-authors use it, and the share of the largest.

    Two mentions of a name are in one circle when a chain of shared co-authors joins them. Counting
    circles rather than mentions tells common names from productive people.
    """
    tokens: dict[tuple[int, str], int] = {}
    values = list(coauthors.values)
    joined = [
        (code, tokens.setdefault((name, key), len(tokens)))
        for code, name in enumerate(_names_of_values(name_of, coauthors))
        for key in sorted(_others(values[code]))
    ]
    codes, keys = np.array(joined, dtype=np.int64).reshape(-1, 2).T
    first = np.full(len(coauthors.values), -1, dtype=np.int64)  # a token of each value
    first[codes] = keys
    of_token = components(len(tokens), first[codes], keys)
    own = len(tokens) + np.arange(len(name_of))  # a mention without co-authors is alone
    token = first[coauthors.codes]
    circle = np.where(token < 0, own, np.append(of_token, -1)[token])
    pairs, size = np.unique(np.column_stack([name_of, circle]), axis=0, return_counts=True)
    count = np.bincount(pairs[:, 0]).astype(float)
    largest = np.zeros(len(count))
    np.maximum.at(largest, pairs[:, 0], size)
    return {"name_circles": count, "name_circle_share": largest / np.bincount(name_of)}


def _names_of_values(name_of: NDArray[np.int64], coauthors: Coded) -> list[int]:
    """The name of each distinct value, which belongs to one name only."""
    names = np.zeros(len(coauthors.values), dtype=np.int64)
    names[coauthors.codes] = name_of
    return names.tolist()


def _others(found: Any) -> AbstractSet[str]:
    others: AbstractSet[str] = (found.sample or found.rarity.keys()) - found.own
    return others


def chains(
    block: NDArray[np.int64], names: NDArray[Any], n_authors: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:
    """How chains of shared co-authors join mentions: columns `chain` and `circle`.

    `block` says which mentions may be one person at all, `names` are their `coauthor_names`.
    `chain` has the groups that links of each strength join, `circle` the group that is left of
    links of `CIRCLE_STRENGTH` when single ones between two groups of `CIRCLE` mentions are cut
    (one paper with someone of both circles, one co-author's name that both have), and its size.
    None where there are no co-authors, or a long list, which would join everybody.
    """
    kept = np.flatnonzero((n_authors > 1) & (n_authors <= LONGEST))
    links = [
        (row, (int(block[row]), key), nats)
        for row in kept
        for key, nats in sorted(names[row].rarity.items())
        if key not in names[row].own
    ]
    n = len(block)
    codes: dict[tuple[int, str], int] = {}
    rows = np.array([row for row, _, _ in links], dtype=np.int64)
    tokens = np.array([codes.setdefault(token, n + len(codes)) for _, token, _ in links], np.int64)
    nats = np.array([nats for _, _, nats in links])
    strong = [nats >= least for least in STRENGTHS]
    groups = [components(n + len(codes), rows[k], tokens[k])[:n] for k in strong]
    linked = nats >= CIRCLE_STRENGTH
    circle, size = _circles(n, n + len(codes), rows[linked], tokens[linked])
    columns = {name: np.empty(n, dtype=object) for name in ("chain", "circle")}
    for row in kept:
        columns["chain"][row] = tuple(int(group[row]) for group in groups)
        columns["circle"][row] = (int(circle[row]), int(size[row]))
    return columns


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
    places: Iterable[tuple[int, int]],
    author_keys: Sequence[Sequence[str]],
) -> list[Namesakes]:
    """For each mention (its record's row and position in `places`) who else there is called alike.

    That is every other position with the family name and first initial of the mention.
    """
    short = {key: primary_key(key) for key in keys}
    families = {read_name_key(key).family for key in keys}
    alike: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    places = list(places)
    for record in sorted({record for record, _ in places}):
        for at, key in enumerate(author_keys[record]):
            if read_name_key(key).family in families:
                name = short.get(key) or short.setdefault(key, primary_key(key))
                alike[record, name].append((at, key))
    found = []
    for name, (record, position) in zip(name_of, places, strict=True):
        like = alike[record, short[keys[name]]]
        others = frozenset(key for at, key in like if at != position)
        found.append(Namesakes(keys[name], others))
    return found


def rivals(keys: Sequence[str]) -> NDArray[np.float64]:
    """For a name with initials only: how many first names in full it could stand for, else 1."""
    in_full: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        given = read_name_key(key).given
        if given and len(given[0]) > 1:
            in_full[primary_key(key)].add(given[0])
    return np.array([_rivals_of(key, in_full[primary_key(key)]) for key in keys], dtype=float)


def _rivals_of(key: str, in_full: set[str]) -> int:
    given = read_name_key(key).given
    return 1 if given and len(given[0]) > 1 else max(len(in_full), 1)
