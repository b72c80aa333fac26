"""The order of records in which linking works: by content, the same whatever the input's was."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_array

from linkage.features.columns import Coded
from linkage.papers.counts import Columns, first_authors

# All that linking reads, what tells records apart best first.
_CONTENT = ("title", "year", "authors", "venue", "volume", "number", "pages", "doi", "abstract",
            "type", "ids", "authors_truncated")  # fmt: skip

_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits are mixed


def canonical_order(records: pd.DataFrame) -> NDArray[np.int64]:
    """Positions of conformed records sorted by content, then by id."""
    return _in_order(content_texts(records))


def content_texts(records: pd.DataFrame) -> list[tuple[str, ...]]:
    """All that linking reads of the records as texts, then the id."""
    texts = [_texts(records[name]) for name in (*_CONTENT, "record_id")]
    return list(zip(*texts, strict=True))


def digests(records: pd.DataFrame) -> NDArray[np.uint64]:
    """A number for each conformed record, by all that linking reads of it."""
    found = np.zeros(len(records), dtype=np.uint64)
    for name in _CONTENT:
        column = records[name]
        texts = list(map(_author_text, column)) if name == "authors" else _texts(column)
        found = found * _FACTOR + hash_array(np.array(texts, dtype=object), categorize=False)
    return found


def order_of_many(
    columns: Columns, digests: NDArray[np.uint64], ids: Sequence[str]
) -> NDArray[np.int64]:
    """Positions of records of which no more is known than prepared columns, digests and ids.

    By title, year and first author, so that copies are neighbours, then by digest and id.
    """
    year = np.nan_to_num(columns["year"], nan=-1.0)
    id_rank = np.empty(len(ids), dtype=np.int64)
    id_rank[_in_order(ids)] = np.arange(len(ids))
    found = np.lexsort((id_rank, digests, _ranks(first_authors(columns)), year,
                        _ranks(columns["title"])))  # fmt: skip
    return np.asarray(found, dtype=np.int64)


def order_texts(
    columns: Columns, digests: NDArray[np.uint64], ids: Sequence[str | None]
) -> list[str]:
    """A text for each record, by which they sort as by `order_of_many`."""
    years = ("" if math.isnan(year) else f"{year:.0f}" for year in columns["year"].tolist())
    numbers = (f"{digest:016x}" for digest in digests.tolist())
    rows = zip(columns["title"], years, first_authors(columns), numbers, ids, strict=True)
    return ["\0".join([text or "" for text in row]) for row in rows]


def _ranks(column: Coded) -> NDArray[np.int64]:
    """For each row the rank of its value, -1 where it is missing."""
    rank = np.full(len(column.values) + 1, -1, dtype=np.int64)
    rank[_in_order(column.values)] = np.arange(len(column.values))
    return rank[column.codes]


def _in_order(keys: Any) -> NDArray[np.int64]:
    """Positions of the keys in their order."""
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def _texts(column: pd.Series[Any]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in column.tolist()]


def _author_text(authors: list[dict[str, Any]] | None) -> str:
    listed = authors or ()
    return "\1".join([text for a in listed for text in a.values() if type(text) is str])
