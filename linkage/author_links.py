"""What author linking found: people, how sure each assignment is, and every compared pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.author_pairs import Indices, MentionPairs, NamePairs
from linkage.mentions import Mentions

PEOPLE_COLUMNS = ("record_id", "position", "name", "author_id", "probability")


@dataclass(frozen=True)
class AuthorLinks:
    """What `AuthorLinker.link` found, all by rows of `mentions` (canonical order).

    `names` and `pairs` were compared and `probability` (n pairs,) is what the model says of each
    pair; `author_ids` has each mention's person and `cluster` the lowest row of that person.
    `threshold` separates "same" from "different"; probabilities within `band` deserve a look.
    """

    mentions: Mentions
    names: NamePairs
    pairs: MentionPairs
    probability: NDArray[np.float64]
    cluster: Indices
    author_ids: list[str]
    threshold: float
    band: tuple[float, float]

    def people(self) -> pd.DataFrame:
        """One row a mention, columns `PEOPLE_COLUMNS`; `probability` as `assignment_probability`.

        Organisations are joined by their names alone: their probability is missing (NaN).
        """
        sure = assignment_probability(self.pairs.i, self.pairs.j, self.probability, self.cluster)
        sure[self.mentions.table["group"].to_numpy(dtype=bool)] = np.nan
        table = self.mentions.table.assign(author_id=self.author_ids, probability=sure)
        return table[list(PEOPLE_COLUMNS)]


def assignment_probability(
    i: Indices, j: Indices, probability: NDArray[np.float64], cluster: Indices
) -> NDArray[np.float64]:
    """How sure each row is to belong to its cluster: float64 of shape (n rows,).

    The mean probability of its pairs with all others of the cluster; a pair that was not compared
    counts as 0, as in clustering. NaN for a row that is alone, of which there is nothing to doubt.
    """
    n = len(cluster)
    inside = cluster[i] == cluster[j]
    total = np.bincount(i[inside], probability[inside], n)
    total += np.bincount(j[inside], probability[inside], n)
    others = np.unique(cluster, return_inverse=True, return_counts=True)
    count = others[2][others[1].ravel()] - 1
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def in_input_order(people: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Rows of `people` in the order of the records, then by position."""
    rank = pd.Series(range(len(records)), index=records["record_id"])
    by_input = np.lexsort([people["position"], people["record_id"].map(rank)])
    return people.iloc[by_input].reset_index(drop=True)
