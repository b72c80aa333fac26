"""The gold standard, checked: clusters, or labelled pairs closed into clusters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.errors import InputError
from linkage.tables.clusterings import Clustering, truth_of

SIDES = ("left_id", "right_id")
_LABELS = {"1": True, "1.0": True, "true": True, "yes": True}
_LABELS |= {"0": False, "0.0": False, "false": False, "no": False}


class Gold(NamedTuple):
    """What is known to be the same: `clusters` always, `pairs` when only those are known."""

    clusters: pd.Series  # id -> entity, nothing missing
    pairs: pd.DataFrame | None  # left_id, right_id, same: when only these pairs are known
    n_unlabelled: int


def read_gold(gold: Clustering) -> Gold:
    """Check a gold standard: a clustering, or pairs. Raises `InputError` where it can't be one."""
    gold = truth_of(gold)
    if isinstance(gold, pd.DataFrame):
        return _read_pairs(gold)
    check_clustering(gold, "gold")
    labelled = gold[gold.notna()]
    if labelled.empty:
        raise InputError("gold: found no labelled id, expected at least one")
    return Gold(labelled, None, len(gold) - len(labelled))


def _read_pairs(gold: pd.DataFrame) -> Gold:
    """Labelled pairs, each once, the smaller id (as text) on the left; closed into clusters."""
    pairs = ids_of(gold, "gold").assign(same=labels_of(gold))
    known = pairs[pairs["same"].notna()].astype({"same": bool})
    if known.empty:
        raise InputError("gold: found no labelled pair, expected at least one")
    itself = known["left_id"] == known["right_id"]
    if itself.any():
        raise InputError(f"gold pairs {known['left_id'][itself].iloc[0]!r} with itself")
    swap = known["left_id"].map(str) > known["right_id"].map(str)
    left = known["left_id"].mask(swap, known["right_id"])
    right = known["right_id"].mask(swap, known["left_id"])
    known = known.assign(left_id=left, right_id=right).drop_duplicates()
    twice = known.duplicated(list(SIDES))
    if twice.any():
        both = tuple(known.loc[twice, list(SIDES)].iloc[0])
        raise InputError(f"gold labels the pair {both!r} both as the same and as different")
    clusters = _closure(known)
    return Gold(
        clusters, None if known["same"].all() else known, len(pairs) - sum(pairs["same"].notna())
    )


def _closure(pairs: pd.DataFrame) -> pd.Series:
    """Connected components of the positive pairs over all ids named."""
    ids = pd.Index(pd.concat([pairs[side] for side in SIDES]).unique())
    left, right = (ids.get_indexer(pd.Index(pairs.loc[pairs["same"], side])) for side in SIDES)
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(len(ids), len(ids)))
    return pd.Series(connected_components(graph, directed=False)[1], index=ids)


def labels_of(gold: pd.DataFrame, what: str = "gold") -> pd.Series:
    """Column `same` or `label` as True, False or None (unlabelled); all True without one.

    `what` is how an error calls the table.
    """
    column = next((name for name in ("same", "label") if name in gold), None)
    if column is None:
        return pd.Series(True, index=gold.index, dtype=object)
    text = gold[column].map(lambda value: str(value).strip().casefold(), na_action="ignore")
    labels = text.map(_LABELS).astype(object)
    strange = text.notna() & (text != "") & labels.isna()
    if strange.any():
        row, found = int(np.argmax(strange)) + 1, str(gold[column][strange].iloc[0])
        raise InputError(
            f"{what} column {column}: found {found!r} in row {row:,}, "
            "expected 1 or 0, true or false, yes or no"
        )
    return labels


def ids_of(pairs: pd.DataFrame, what: str) -> pd.DataFrame:
    """The columns left_id and right_id, complete; `what` is how an error calls the table."""
    absent = [side for side in SIDES if side not in pairs]
    if absent:
        raise InputError(
            f"{what}: found columns {', '.join(map(str, pairs.columns))}; "
            "expected left_id and right_id"
        )
    ids = pairs[list(SIDES)]
    if ids.isna().to_numpy().any():
        raise InputError(f"{what}: found a pair with a missing id, expected two ids in each")
    return ids


def check_clustering(clusters: pd.Series, what: str) -> None:
    """Raise `InputError` where a clustering names an id twice."""
    twice = clusters.index[clusters.index.duplicated()]
    if len(twice):
        raise InputError(f"{what} names the id {twice[0]!r} more than once, expected once")


def labelled_pairs(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """The pairs of a table that are labelled: left_id, right_id (str) and same (bool).

    Each is there once, the smaller id on the left, in order of ids. The label is in the column
    `same` or `label`; empty means that nobody can say. Raises `InputError`, calling the table
    `what`, where a column is missing or a label is not one.
    """
    ids = ids_of(table, what).astype(str)
    if "same" not in table and "label" not in table:
        found = ", ".join(map(str, table.columns))
        raise InputError(f"{what}: found the columns {found}; expected the labels in 'same'")
    labels = labels_of(table, f"{what}:")
    known = labels.notna().to_numpy(dtype=bool)
    both = np.sort(ids[known].to_numpy(dtype=object), axis=1)
    pairs = pd.DataFrame(both, columns=list(SIDES)).assign(same=labels[known].to_numpy(dtype=bool))
    pairs = pairs.drop_duplicates().sort_values([*SIDES, "same"], ignore_index=True)
    twice = pairs.duplicated(list(SIDES))
    if twice.any():
        a, b = pairs.loc[twice, list(SIDES)].iloc[0]
        raise InputError(f"{what}: {a!r} and {b!r} are labelled both the same and different")
    return pairs
