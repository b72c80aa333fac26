"""How many people may stand behind one name in the data at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage.author_keys import primary_key
from linkage.clustering import components
from linkage.name_counts import key_tokens


def circles(name_of: NDArray[np.int64], coauthors: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
    """For each name, how many circles of co-authors use it, and the share of the largest.

    Two mentions of a name are in one circle when a chain of shared co-authors joins them. Counting
    circles rather than mentions tells common names from productive people.
    """
    tokens: dict[tuple[int, str], int] = {}
    joined = [
        (row, tokens.setdefault((int(name), key), len(tokens)))
        for row, (name, found) in enumerate(zip(name_of, coauthors, strict=True))
        for key in (sorted((found.sample or found.rarity.keys()) - found.own) if found else ())
    ]
    n = len(name_of)
    rows, keys = np.array(joined, dtype=np.int64).reshape(-1, 2).T
    circle = components(n + len(tokens), rows, keys + n)[:n]
    pairs, size = np.unique(np.column_stack([name_of, circle]), axis=0, return_counts=True)
    count = np.bincount(pairs[:, 0]).astype(float)
    largest = np.zeros(len(count))
    np.maximum.at(largest, pairs[:, 0], size)
    return {"name_circles": count, "name_circle_share": largest / np.bincount(name_of)}


def rivals(keys: Sequence[str]) -> NDArray[np.float64]:
    """For a name with initials only: how many first names in full it could stand for, else 1."""
    in_full: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        given = key_tokens(key)[1]
        if given and len(given[0]) > 1:
            in_full[primary_key(key)].add(given[0])
    return np.array([_rivals_of(key, in_full[primary_key(key)]) for key in keys], dtype=float)


def _rivals_of(key: str, in_full: set[str]) -> int:
    given = key_tokens(key)[1]
    return 1 if given and len(given[0]) > 1 else max(len(in_full), 1)
