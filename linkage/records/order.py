"""The order of records by their content, the same whatever the input's was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_array

from linkage.records.schema import Conformed


def sort_records(records: Conformed) -> Conformed:
    """Records in an order that depends on their content only (for equal ones, on their ids)."""
    order = in_order_of(order_columns(records))
    return Conformed(records.iloc[order].reset_index(drop=True))


def order_columns(records: pd.DataFrame) -> list[tuple[str, ...]]:
    """The texts by which `sort_records` sorts, of each record."""
    authors = [
        "; ".join(author.get("name", "") for author in cell) if isinstance(cell, list) else ""
        for cell in records["authors"]
    ]
    columns = ("title", "year", "venue", "doi", "abstract", "record_id")
    texts = [records[c].astype(object).where(records[c].notna(), "").map(str) for c in columns]
    return list(zip(authors, *texts, strict=True))


# All that linking reads, what tells records apart best first.
_CONTENT = ("title", "year", "authors", "venue", "volume", "number", "pages", "doi", "abstract",
            "type", "ids", "authors_truncated", "url", "edition", "accession")  # fmt: skip
_NOT_IN_ALL = ("edition", "accession")  # of these a table may have no column


_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits are mixed


def canonical_order(records: Conformed) -> NDArray[np.int64]:
    """Positions of conformed records sorted by content, then by id."""
    return in_order_of(content_texts(records))


def content_texts(records: Conformed) -> list[tuple[str, ...]]:
    """All that linking reads of the records as texts, then the id."""
    texts = [_texts(records[name]) for name in (*_CONTENT, "record_id") if name in records]
    return list(zip(*texts, strict=True))


def digests(records: Conformed) -> NDArray[np.uint64]:
    """A number for each conformed record, by all that linking reads of it.

    The same whatever stands beside it: an empty edition counts as none.
    """
    found = np.zeros(len(records), dtype=np.uint64)
    for name in _CONTENT:
        if name not in records:
            continue
        column = records[name]
        texts = list(map(_author_text, column)) if name == "authors" else _texts(column)
        cells = np.array(texts, dtype=object)
        more = found * _FACTOR + hash_array(cells, categorize=False)
        found = np.where(cells == "", found, more) if name in _NOT_IN_ALL else more
    return found


def in_order_of(keys: Any) -> NDArray[np.int64]:
    """Positions of the keys in their order."""
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def _texts(column: pd.Series[Any]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in column.tolist()]


def _author_text(authors: list[dict[str, Any]] | None) -> str:
    listed = authors or ()
    return "\1".join([text for a in listed for text in a.values() if type(text) is str])
