"""Comparing pairs of papers: the features, in the order in which models see them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.clustering import Indices
from linkage.errors import InputError
from linkage.features import abstract, author_lists, dates, identifiers, pages, title, venue
from linkage.features.feature import Columns, collect, compare, is_missing

PAPER_FEATURES = collect(title, author_lists, dates, venue, pages, identifiers, abstract)
FEATURE_NAMES = tuple(feature.name for feature in PAPER_FEATURES)

# What a title says in its own words: missing where the two titles are in different languages.
_WORDING = [FEATURE_NAMES.index(f.name) for f in collect(title) if f.reads in title.WORDING]


def compare_rows(columns: Columns, i: Indices, j: Indices) -> NDArray[np.float32]:
    """Features of the pairs of rows (i, j): float32, (n pairs, n features), NaN = missing."""
    left = {name: values[i] for name, values in columns.items()}
    right = {name: values[j] for name, values in columns.items()}
    X = compare(PAPER_FEATURES, left, right)
    translated = np.flatnonzero(_translated(left["language"], right["language"]))
    X[translated[:, np.newaxis], _WORDING] = np.nan
    return X


def pair_rows(
    records: pd.DataFrame, pairs: pd.DataFrame, what: str = "the pairs"
) -> tuple[Indices, Indices]:
    """Row numbers in `records` of the columns left_id and right_id, each of shape (n pairs,).

    Raises `InputError`, calling the table `what`, where a column or a record is not there.
    """
    left, right = (_rows_of(records, pairs, side, what) for side in ("left_id", "right_id"))
    return left, right


def _rows_of(records: pd.DataFrame, pairs: pd.DataFrame, side: str, what: str) -> Indices:
    if side not in pairs.columns:
        found = ", ".join(map(str, pairs.columns)) or "none"
        raise InputError(f"{what} have no column {side!r}, found the columns: {found}")
    ids = pairs[side]
    rows = pd.Index(records["record_id"]).get_indexer(ids.astype(str))
    if (rows < 0).any():
        unknown = ids[rows < 0].iloc[0]
        raise InputError(f"{what} name record {unknown!r}, which the records do not have")
    return np.asarray(rows, dtype=np.int64)


def _translated(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    known = ~(is_missing(a) | is_missing(b))
    return known & np.asarray(a != b, dtype=np.bool_)
