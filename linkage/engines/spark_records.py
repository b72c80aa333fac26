"""Records on Spark: named and conformed batch by batch, checked as a whole."""

from __future__ import annotations

import logging
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pandas as pd
import pyarrow as pa

from linkage.errors import InputError, Problem, SetAsideWarning
from linkage.readers.source import Source
from linkage.readers.tables.columns import canonical
from linkage.records.cells import identifier, text
from linkage.records.schema import RECORD_COLUMNS, Conformed, conform

log = logging.getLogger(__name__)

DataFrame = Any  # of pyspark
Batches = Iterable[pa.RecordBatch]

FILLED = pa.schema([("name", pa.string())])


@dataclass(frozen=True)
class Naming:
    """Gives columns their canonical names, as `read_records` does.

    `filled`: columns that are not empty, in any batch; which of two columns is the title depends
    on it. `path` is for messages.
    """

    path: str
    filled: frozenset[str]

    def named(self, cells: pd.DataFrame) -> pd.DataFrame:
        """The cells of a batch under their canonical names."""
        witness = {name: "0" if name in self.filled else None for name in cells.columns}
        whole = pd.concat([cells.astype(object), pd.DataFrame([witness], dtype=object)])
        source = Source(Path(self.path), b"")
        return canonical(whole.reset_index(drop=True), None, source, []).iloc[:-1]


def filled_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Any table -> names of the columns in which something stands."""
    for batch in batches:
        cells = batch.to_pandas(integer_object_nulls=True)
        names = [name for name in cells.columns if any(map(text, cells[name].tolist()))]
        yield pa.RecordBatch.from_pydict({"name": names}, schema=FILLED)


def naming_of(path: str, records: DataFrame) -> Naming:
    """How the columns of a Parquet file or folder are named."""
    others = [name for name in records.columns if name not in RECORD_COLUMNS]
    found = records.select(*others).mapInArrow(filled_batches, spark_schema(FILLED)).distinct()
    naming = Naming(path, frozenset(row["name"] for row in found.collect()))
    check_columns(naming.named(pd.DataFrame(columns=records.columns)).columns)
    return naming


class RecordsJob(ABC):
    """One linking of records on Spark, the engine `spark`: how records come in.

    `reads`: the columns that a job reads beside record_id. `make` makes batches of `schema` of
    them, and of others by their `naming`; it runs on workers.
    """

    reads: ClassVar[tuple[str, ...]]
    make: ClassVar[Callable[..., Iterator[pa.RecordBatch]]]
    schema: ClassVar[pa.Schema]
    spark: Any

    @abstractmethod
    def _link_read(self, records: DataFrame) -> DataFrame:
        """What a job finds, of records that `_read` made and numbered."""

    def link(self, records: DataFrame) -> DataFrame:
        """What `predict` of the linker gives, in any order; `records` as `conform` takes them."""
        check_columns(records.columns)
        names = [name for name in ("record_id", *self.reads) if name in records.columns]
        return self._link(records.select(*names))

    def link_parquet(self, path: str) -> DataFrame:
        """The same of a Parquet file or folder, whose columns `read_records` knows by name."""
        records = self.spark.read_parquet(path)
        return self._link(records, naming_of(path, records))

    def _link(self, records: DataFrame, naming: Naming | None = None) -> DataFrame:
        try:
            return self.spark.settled(self._link_read(self._read(records, naming)))
        finally:
            self.spark.release()

    def _read(self, records: DataFrame, naming: Naming | None = None) -> DataFrame:
        """Records of `schema` that were checked, with their row numbers in canonical order."""
        log.info("reading records")
        make = partial(self.make, naming=naming)
        # only kept: nothing but these two steps reads it, and then there is a copy in order
        read = records.mapInArrow(make, spark_schema(self.schema)).persist()
        try:
            check_read(self.spark, read)
            return self.spark.numbered(read.drop("problem"), "content")
        finally:
            read.unpersist()


def each_group(
    rows: DataFrame, by: str, function: Callable[[pa.Table], pa.Table], schema: pa.Schema
) -> DataFrame:
    """What a function makes of the rows of each value of a column, as one table."""
    # a function of no annotations, from which Spark would guess more
    return rows.groupBy(by).applyInArrow(lambda table: function(table), spark_schema(schema))


def each_two_groups(
    rows: DataFrame,
    others: DataFrame,
    by: str,
    function: Callable[[pa.Table, pa.Table], pa.Table],
    schema: pa.Schema,
) -> DataFrame:
    """The same of two tables, of the rows of each value in both."""
    others = others.toDF(*others.columns)  # new columns, though one table may be of the other's
    both = rows.groupBy(by).cogroup(others.groupBy(by))
    return both.applyInArrow(lambda one, two: function(one, two), spark_schema(schema))


class ReadBatch(NamedTuple):
    """Conformed records, the ids of all (None where missing), and the first problem of each."""

    records: Conformed
    ids: list[str | None]
    problems: list[str | None]


def read_batch(batch: pa.RecordBatch, naming: Naming | None) -> ReadBatch:
    """Conform a batch of records; whether ids are there, and unique, is left open."""
    cells = batch.to_pandas(integer_object_nulls=True)
    cells = naming.named(cells) if naming else cells
    ids = [identifier(cell) for cell in cells["record_id"].tolist()]
    problems: list[Problem] = []
    # by position: whether ids are there, and unique, is a question to the whole data
    records = conform(cells.assign(record_id=range(len(cells))), set_aside=problems)
    told = {int(p.where): str(p._replace(where=str(ids[int(p.where)]))) for p in problems[::-1]}
    records["record_id"] = pd.Series(ids, index=records.index, dtype=object)
    return ReadBatch(records, ids, [told.get(row) for row in range(len(cells))])


def check_columns(columns: Iterable[str]) -> None:
    """Raise `InputError` where records can't be linked for want of a column."""
    for name in ("record_id", "title"):
        if name not in columns:
            found = ", ".join(columns) or "none"
            raise InputError(f"found no column {name!r} among the columns: {found}")


def check_read(spark: Any, read: DataFrame) -> None:
    """Raise `InputError` for missing ids and such that are not unique; warn of `problem`s."""
    query = """
    SELECT record_id, count(*) AS n FROM {read} GROUP BY record_id
    HAVING n > 1 OR record_id IS NULL ORDER BY record_id LIMIT 1
    """
    for found in spark.sql(query, read=read).collect():
        if found["record_id"] is None:
            raise InputError(f"{found['n']:,} of the records have no record_id")
        raise InputError(
            f"record_id {found['record_id']!r} stands in {found['n']:,} rows, expected once"
        )
    warn_of_problems(spark, read, "records")


def warn_of_problems(spark: Any, frame: DataFrame, what: str) -> None:
    """Warn of the first `problem` of a frame and of how many there are."""
    query = "SELECT count(problem) AS n, min(problem) AS one FROM {frame}"
    told = spark.sql(query, frame=frame).collect()[0]
    if told["n"]:
        more = f" (and {told['n'] - 1:,} more {what})" if told["n"] > 1 else ""
        warnings.warn(f"{told['one']}{more}", SetAsideWarning, stacklevel=5)


def spark_schema(schema: pa.Schema) -> str:
    """An Arrow schema in Spark's words."""
    return ", ".join(f"{field.name} {_type(field.type)}" for field in schema)


def _type(kind: pa.DataType) -> str:
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(f'{field.name}: {_type(field.type)}' for field in kind)}>"
    if pa.types.is_list(kind):
        return f"array<{_type(kind.value_type)}>"
    return _types()[kind]


@cache
def _types() -> dict[pa.DataType, str]:
    return {
        pa.string(): "string",
        pa.bool_(): "boolean",
        pa.int32(): "int",
        pa.int64(): "bigint",
        pa.float32(): "float",
        pa.float64(): "double",
    }
