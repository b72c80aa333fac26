"""What was decided, ready to be looked at: every join once, and a sample of what was kept apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from linkage.linking.clustering import Indices

MOST_APART = 200  # pairs kept apart that are drawn; nobody looks at more
CALL_COLUMNS = ("left_id", "right_id", "probability")


@dataclass(frozen=True)
class Calls:
    """What a linker decided, as few pairs as tell it (`CALL_COLUMNS`).

    `joins`: the pairs that hold clusters together, n - 1 for one of n members that were compared
    with each other: its maximum spanning tree, so that copies of one join are one. `apart`: pairs
    drawn at random among those compared, scored under the review band and kept apart, of which
    there are `n_apart`; `rule` (one more column) names what did so whatever the score, or is "".
    """

    joins: pd.DataFrame
    apart: pd.DataFrame
    n_apart: int


def calls_of(
    ids: NDArray[np.object_], i: Indices, j: Indices, probability: NDArray[np.float64],
    cluster: Indices, low: float,
) -> Calls:  # fmt: skip
    """The calls among pairs (i, j) of rows called `ids`; `cluster` is each row's.

    `low` is the lower end of the review band. The same in any order of the pairs.
    """
    order = np.lexsort([j, i, -probability])
    i, j, probability = i[order], j[order], probability[order]
    together = cluster[i] == cluster[j]
    inside = np.flatnonzero(together)
    joins = inside[spanning_pairs(len(ids), i[inside], j[inside])]
    apart = np.flatnonzero(~together & (probability < low))
    n = min(MOST_APART, len(apart))
    drawn = apart[np.random.default_rng(0).permutation(len(apart))[:n]]

    def table(rows: Indices) -> pd.DataFrame:
        columns = (ids[i[rows]], ids[j[rows]], probability[rows])
        return pd.DataFrame(dict(zip(CALL_COLUMNS, columns, strict=True)))

    return Calls(table(joins), table(drawn).assign(rule=""), len(apart))


def spanning_pairs(n: int, i: Indices, j: Indices) -> Indices:
    """Which of the pairs, the strongest first, make a maximum spanning forest of n rows.

    i and j as int64 (n pairs,), each pair once; returns places among them, ascending.
    """
    rank = np.arange(1, len(i) + 1, dtype=np.float64)  # 0 would be no edge
    tree = minimum_spanning_tree(coo_array((rank, (i, j)), shape=(n, n)).tocsr())
    return np.sort(tree.data.astype(np.int64) - 1)
