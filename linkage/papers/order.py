"""The order of records in which linking works: by content, the same whatever the input's was."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from linkage.features.columns import Coded
from linkage.papers.counts import Columns, first_authors
from linkage.records.order import in_order_of_texts


def order_of_many(
    columns: Columns, first_author: Coded, digests: NDArray[np.uint64], ids: Sequence[str]
) -> NDArray[np.int64]:
    """Positions of records of which no more is known than title, year, digests and ids.

    By title, year and first author, so that copies are neighbours, then by digest and id.
    """
    year = np.nan_to_num(columns["year"], nan=-1.0)
    id_rank = np.empty(len(ids), dtype=np.int64)
    id_rank[in_order_of_texts(ids)] = np.arange(len(ids))
    found = np.lexsort((id_rank, digests, _ranks(first_author), year,
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
    rank[in_order_of_texts(column.values)] = np.arange(len(column.values))
    return rank[column.codes]
