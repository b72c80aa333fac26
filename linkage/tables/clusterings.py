"""Result and gold tables as the Series and pairs that `linkage.evaluation.scoring` takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from linkage.errors import InputError
from linkage.records.mention_ids import mention_ids
from linkage.tables.files import read_table

_PAIRS = ("left_id", "right_id")

Clustering = pd.Series | Mapping[str, Any] | pd.DataFrame  # what a caller may give for one


def mention_clustering(mentions: pd.DataFrame) -> pd.Series[str]:
    """Clustering of author mentions: Series `record_id#position` -> author_id.

    Where a gold table has a column `status`, only the rows that say "person" keep their label: the
    others (groups, uncertain ones) are unlabelled, so that nobody is scored on them.

    Examples
    --------
    >>> people = linkage.link_authors(records)
    >>> linkage.mention_clustering(people).index[:2].tolist()
    ['a1#0', 'a1#1']
    """
    clusters = pd.Series(mentions["author_id"].to_numpy(dtype=object), index=mention_ids(mentions))
    if "status" in mentions:
        clusters = clusters.where((mentions["status"] == "person").to_numpy(), None)
    return clusters


def as_clustering(table: pd.DataFrame, name: str) -> pd.Series[str]:
    """Clustering in a table of clusters (record_id, cluster_id) or author mentions.

    Raises `InputError`, calling the table `name`, when it is neither or names an id twice.
    """
    if {"record_id", "position", "author_id"} <= set(table.columns):
        clusters = mention_clustering(table)
    elif {"record_id", "cluster_id"} <= set(table.columns):
        clusters = table.set_index("record_id")["cluster_id"]
    else:
        raise InputError(
            f"{name}: found the columns {', '.join(map(str, table.columns))}, expected "
            "record_id,cluster_id or record_id,position,name,author_id"
        )
    twice = clusters.index[clusters.index.duplicated()]
    if len(twice):
        raise InputError(f"{name}: found {twice[0]!r} more than once, expected one row an id")
    return clusters


def clustering_of(given: Clustering, name: str) -> pd.Series[Any]:
    """The Series id -> cluster in a Series, a dict or a table as `as_clustering` takes.

    Raises `InputError`, calling what was given `name`, where it is none of these.
    """
    if isinstance(given, pd.Series):
        return given
    if isinstance(given, pd.DataFrame):
        return as_clustering(given, name)
    if isinstance(given, Mapping):
        return pd.Series(list(given.values()), index=list(given), dtype=object)
    raise InputError(
        f"{name}: found a {type(given).__name__}, expected a Series or dict id -> cluster, or a "
        "DataFrame record_id, cluster_id"
    )


def truth_of(given: Clustering) -> pd.Series[Any] | pd.DataFrame:
    """A gold standard: a clustering as `clustering_of` takes it, or a DataFrame of pairs."""
    if isinstance(given, pd.DataFrame) and set(_PAIRS) & set(given.columns):
        return given
    return clustering_of(given, "gold")


def read_clustering(path: Path) -> pd.Series[str]:
    """Read the clustering in a file of clusters or author mentions."""
    return as_clustering(read_table(path), str(path))


def read_truth_file(path: Path) -> pd.Series[str] | pd.DataFrame:
    """Read a gold standard: a clustering, or pairs left_id, right_id with an optional label."""
    table = read_table(path)
    if set(_PAIRS) <= set(table.columns):
        return table
    return as_clustering(table, str(path))
