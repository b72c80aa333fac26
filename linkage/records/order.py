"""The order of records by their content, the same whatever the input's was."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pandas.util import hash_array

from linkage.features.columns import Coded
from linkage.records.packed import PackedRecords, packed
from linkage.records.packed_authors import AuthorLists
from linkage.records.schema import Conformed

_ORDER = ("title", "year", "venue", "doi", "abstract", "record_id")  # after the authors


def sort_records(records: Conformed) -> Conformed:
    """Records in an order that depends on their content only (for equal ones, on their ids)."""
    order = in_order_of(order_columns(records))
    return Conformed(records.iloc[order].reset_index(drop=True))


def sort_packed(records: PackedRecords) -> PackedRecords:
    """The same of packed records."""
    names = records.authors.people.names().to_pylist()
    listed = [*map(names.__getitem__, records.authors.codes.tolist())]
    authors = ["; ".join(listed[a:b]) for a, b in pairwise(records.authors.ends.tolist())]
    texts = [_texts_of(records[name]) for name in _ORDER if name != "record_id"]
    keys = list(zip(authors, *texts, records.record_ids, strict=True))
    return records.some(in_order_of(keys))


def _texts_of(column: Coded) -> list[str]:
    return ["" if cell is None else str(cell) for cell in column]


def order_columns(records: pd.DataFrame) -> list[tuple[str, ...]]:
    """The texts by which `sort_records` sorts, of each record."""
    authors = [
        "; ".join(author.get("name", "") for author in cell) if isinstance(cell, list) else ""
        for cell in records["authors"]
    ]
    texts = [records[c].astype(object).where(records[c].notna(), "").map(str) for c in _ORDER]
    return list(zip(authors, *texts, strict=True))


# All that linking reads, what tells records apart best first.
CONTENT = ("title", "year", "authors", "venue", "volume", "number", "pages", "doi", "abstract",
            "type", "ids", "authors_truncated", "url", "edition", "accession")  # fmt: skip
_NOT_IN_ALL = ("edition", "accession")  # of these a table may have no column


_BETWEEN = "\1"  # what is said of authors
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits are mixed


def canonical_order(records: Conformed) -> NDArray[np.int64]:
    """Positions of conformed records sorted by content, then by id."""
    return in_order_of(content_texts(records))


def content_texts(records: Conformed) -> list[tuple[str, ...]]:
    """All that linking reads of the records as texts, then the id."""
    texts = [_texts(records[name]) for name in (*CONTENT, "record_id") if name in records]
    return list(zip(*texts, strict=True))


def digests(records: Conformed | PackedRecords) -> NDArray[np.uint64]:
    """A number for each conformed record, by all that linking reads of it.

    The same whatever stands beside it: an empty edition counts as none.
    """
    cells = records if isinstance(records, PackedRecords) else packed(records, CONTENT)
    found = np.zeros(len(cells), dtype=np.uint64)
    for name in CONTENT:
        if name == "authors":
            found = found * _FACTOR + _hashes(_author_texts(cells.authors))
        elif name in cells.columns:
            column = cells.columns[name]
            missing = "<NA>" if name == "year" else ""  # as pandas prints it
            texts = [*map(str, column.values), missing]
            more = found * _FACTOR + _hashes(texts)[column.codes]
            if name in _NOT_IN_ALL:
                empty = np.array([text == "" for text in texts])[column.codes]
                more = np.where(empty, found, more)
            found = more
    return found


def in_order_of(keys: Any) -> NDArray[np.int64]:
    """Positions of the keys in their order."""
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def in_order_of_texts(texts: Any) -> NDArray[np.int64]:
    """The same of texts: UTF-8 has the order of what it stands for."""
    try:
        given = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:  # half a surrogate pair
        return in_order_of(texts)
    found: NDArray[np.int64] = pc.sort_indices(given).to_numpy().astype(np.int64)
    return found


def _texts(column: pd.Series[Any]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in column.tolist()]


def _author_texts(lists: AuthorLists) -> NDArray[np.object_]:
    """All that is said of the authors of each list."""
    people = lists.people
    plain = pc.binary_join_element_wise(*people.plain, _BETWEEN)
    said = people.texts(plain, _said_of).cast(pa.large_string()).take(pa.array(lists.codes))
    listed = pa.LargeListArray.from_arrays(lists.ends, said)
    texts = pc.binary_join(listed, pa.scalar(_BETWEEN, pa.large_string()))
    found: NDArray[np.object_] = texts.to_numpy(zero_copy_only=False)
    return found


def _said_of(author: dict[str, Any]) -> str:
    return _BETWEEN.join([text for text in author.values() if type(text) is str])


def _hashes(texts: Sequence[str] | NDArray[np.object_]) -> NDArray[np.uint64]:
    return np.asarray(hash_array(np.array(texts, dtype=object), categorize=False), dtype=np.uint64)
