"""Comparing pairs of papers: the features, in the order in which models see them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage.clustering import Indices
from linkage.features import abstract, author_lists, dates, identifiers, pages, title, venue
from linkage.features.feature import Columns, collect, compare

PAPER_FEATURES = collect(title, author_lists, dates, venue, pages, identifiers, abstract)
FEATURE_NAMES = tuple(feature.name for feature in PAPER_FEATURES)


def compare_rows(columns: Columns, i: Indices, j: Indices) -> NDArray[np.float32]:
    """Features of the pairs of rows (i, j): float32, (n pairs, n features), NaN = missing."""
    left = {name: values[i] for name, values in columns.items()}
    right = {name: values[j] for name, values in columns.items()}
    return compare(PAPER_FEATURES, left, right)
