"""Ids that stay: clusters of a new run are called as those of the run before."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from linkage.linking.clustering import Indices


def inherit_ids(clusters: pd.Series[Any], previous: pd.Series[Any] | None) -> pd.Series[Any]:
    """The clusters (member -> cluster), called by the ids of `previous` (member -> id).

    See `inherited`. A cluster that inherits none keeps its name or, where an id of `previous` is
    called so, that with a number. Missing ids of `previous` count as none.

    Examples
    --------
    >>> import pandas as pd
    >>> before = pd.Series({"a1": "paper-1", "a2": "paper-2"})
    >>> linkage.inherit_ids(papers, before).to_dict()
    {'a1': 'paper-1', 'b7': 'paper-1', 'a2': 'paper-2', 'a3': 'a3'}
    """
    if previous is None:
        return clusters
    taken = set(previous.dropna().unique())
    names: dict[Any, Any] = dict(inherited(clusters, previous))
    for label in clusters.unique():
        if label in names:
            continue
        name, number = label, 2
        while name in taken:
            name, number = f"{label}-{number}", number + 1
        names[label] = name
        taken.add(name)
    return clusters.map(names)


def inherited(clusters: pd.Series[Any], previous: pd.Series[Any]) -> dict[Hashable, Hashable]:
    """Which cluster (label in `clusters`) inherits which id of `previous`; both member -> name.

    A cluster inherits the id with which it shares most members, an id goes to the cluster that
    shares most with it; whatever shares most is settled first. Ties: the older id, the one that
    stands first in `previous`, then the cluster that stands first. So where two merge the
    larger's id stays, and where one splits the larger part keeps it.
    """
    label, labels = _codes(clusters)
    row = clusters.index.get_indexer(previous.index)
    former, ids = _codes(previous)
    both = (row >= 0) & (former >= 0)
    pairs, shared = np.unique(
        label[row[both]] * max(len(ids), 1) + former[both], return_counts=True
    )
    new, old = np.divmod(pairs, max(len(ids), 1))
    order = np.lexsort((new, old, -shared))
    found: dict[Hashable, Hashable] = {}
    given = np.zeros(len(ids), dtype=bool)
    named = np.zeros(len(labels), dtype=bool)
    for a, b in zip(new[order].tolist(), old[order].tolist(), strict=True):
        if not named[a] and not given[b]:
            named[a] = given[b] = True
            found[labels[a]] = ids[b]
    return found


def _codes(names: pd.Series[Any]) -> tuple[Indices, pd.Index[Any]]:
    """A number for each name in order of appearance, -1 where it is missing."""
    codes, values = pd.factorize(names.to_numpy(dtype=object))
    return np.asarray(codes, dtype=np.int64), pd.Index(values)
