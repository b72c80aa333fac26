"""Comparing pairs of papers: the features, in the order in which models see them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage.clustering import Indices
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


def _translated(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    known = ~(is_missing(a) | is_missing(b))
    return known & np.asarray(a != b, dtype=np.bool_)
