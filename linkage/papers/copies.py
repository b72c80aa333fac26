"""Very many identical records: one stands for all of them, and counts as many.

Equal records are equal in every feature, so all pairs of them have one probability, and any other
record is as near to each of them. Where that probability says that they are one paper, to merge
them first and to go on with one changes nothing but the work, which would grow with the square.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.linking.clustering import Indices
from linkage.linking.constraints import Constraints, with_must_links
from linkage.papers.scorer import Scored

MOST_COPIES = 20  # identical records; up to so many are compared like all others
RULE = "identical_records"  # called so in the blocking report, beside the rules


class Copies(NamedTuple):
    """Rows that are left out of the work, and for each the row of the equal record in their stead.

    Both of shape (n copies,). `probability`: that two such records are one paper, same shape.
    """

    rows: Indices
    first: Indices
    probability: NDArray[np.float64]

    def weight(self, n: int) -> NDArray[np.float64]:
        """For each of n rows as how many records it counts."""
        return (1 + np.bincount(self.first, minlength=n)).astype(np.float64)

    def others(self, n: int) -> Indices:
        """The rows, of n, that are left to work with."""
        return np.delete(np.arange(n), self.rows)

    def known(self, constraints: Constraints) -> Constraints:
        """The constraints, and that each copy is one with the row in its stead."""
        pairs = np.stack([self.first, self.rows], axis=1)
        return with_must_links(constraints, pairs) if len(pairs) else constraints

    def scored(self) -> Scored:
        """Each copy with the row in its stead, as a scored pair."""
        free = np.full(len(self.rows), -1, dtype=np.int8)
        return Scored(self.first, self.rows, self.probability, free)

    def reported(self, blocking: pd.DataFrame) -> pd.DataFrame:
        """The blocking report and, where there are copies, a row that tells of them."""
        if not len(self.rows):
            return blocking
        n = len(self.rows)
        size = 1 + np.unique(self.first, return_counts=True)[1]
        cut = int((size * (size - 1) // 2).sum()) - n
        row = pd.DataFrame([(RULE, n, n, cut, 0)], columns=blocking.columns)
        return pd.concat([blocking, row], ignore_index=True)


def find_copies(
    digests: NDArray[np.uint64],
    known: Constraints,
    threshold: float,
    score: Callable[[Indices, Indices], Scored],
) -> Copies:
    """The records to leave out: copies beyond the first where more than `MOST_COPIES` are equal.

    Equal are those of one digest. `score` scores pairs of rows, of which one is asked for each kind
    of record: where it is no link, none is left out. Nor are those that a constraint names.
    """
    order = np.argsort(digests, kind="stable")
    starts = np.flatnonzero(np.diff(digests[order], prepend=~digests[order[:1]]))
    size = np.diff(starts, append=len(order))
    many = size > MOST_COPIES
    starts, size = starts[many], size[many]
    one, other = order[starts], order[starts + 1]
    if not len(one):
        return Copies(one, one, np.empty(0))
    scored = score(one, other)
    same = np.flatnonzero((scored.probability >= threshold) & (scored.veto < 0))
    kind = np.repeat(same, size[same] - 1)
    rows = np.concatenate([order[:0], *(order[starts[k] + 1 : starts[k] + size[k]] for k in same)])
    left = ~np.isin(rows, np.concatenate([known.must, known.cannot]))
    rows, kind = rows[left], kind[left]
    return Copies(rows, one[kind], scored.probability[kind])
