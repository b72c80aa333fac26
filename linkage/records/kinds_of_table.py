"""Records as callers have them: a DataFrame, a list of dicts, an Arrow table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import pandas as pd
import pyarrow as pa

from linkage.errors import InputError


class ArrowStream(Protocol):
    """A table of pyarrow, polars, DuckDB or another library that speaks Arrow (PyCapsule)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


Records: TypeAlias = pd.DataFrame | Sequence[Mapping[str, Any]] | ArrowStream


def as_table(records: Records) -> pd.DataFrame:
    """The DataFrame of records that are given as one, as a list of dicts or as an Arrow table.

    An index that is called `record_id` holds the ids, unless there is such a column. Raises
    `InputError` for anything else.
    """
    if isinstance(records, pd.DataFrame):
        by_index = records.index.name == "record_id" and "record_id" not in records.columns
        return records.reset_index() if by_index else records
    if isinstance(records, Sequence) and all(isinstance(one, Mapping) for one in records):
        return pd.DataFrame([dict(one) for one in records], dtype=object)
    if hasattr(records, "__arrow_c_stream__"):
        return pa.table(records).to_pandas(integer_object_nulls=True)  # type: ignore[no-any-return]
    raise InputError(
        f"found a {type(records).__name__}, expected a pandas DataFrame of records, a list of "
        "dicts or an Arrow table"
    )
