"""The engine for data that outgrow one machine: blocking, components, row numbers in Spark SQL."""

from __future__ import annotations

import logging
import shutil
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from linkage.errors import InputError, LinkageError
from linkage.linking.clustering import components
from linkage.running.leftovers import temporary_name

log = logging.getLogger(__name__)

_MOST_EDGES = 10_000_000  # joined to components on the driver; more are on the cluster

# A sliding window gives each record those that follow it in its block: one shuffle, no join, and
# nothing grows with the square of a block.
_BLOCKS = """
SELECT rule, row, count(*) OVER (PARTITION BY rule, key) AS size,
  row_number() OVER (PARTITION BY rule, key ORDER BY row) AS place,
  collect_list(row) OVER (PARTITION BY rule, key ORDER BY row
                          ROWS BETWEEN 1 FOLLOWING AND {reach} FOLLOWING) AS next
FROM {keys}
"""

_PAIRS = """
SELECT i, j, bit_or(shiftleft(1L, rule)) AS found_by FROM (
  SELECT row AS i, rule, explode(slice(next, 1, IF(size <= {cap}, size, {window}))) AS j
  FROM {blocks} WHERE size > 1
) GROUP BY i, j
"""

_CUT = """
SELECT rule, sum(size - place - least(size - place, {window})) AS pairs
FROM {blocks} WHERE size > {cap} GROUP BY rule
"""

# Kiveris et al. (2014), Connected components in MapReduce and beyond, doi:10.1145/2670979.2670997
_LARGE_STAR = """
SELECT DISTINCT v AS i, low AS j FROM (
  SELECT u, v, least(u, min(v) OVER (PARTITION BY u)) AS low FROM (
    SELECT i AS u, j AS v FROM {edges} UNION ALL SELECT j, i FROM {edges}
  )
) WHERE v > u
"""
_SMALL_STAR = """
SELECT DISTINCT v AS i, low AS j FROM (
  SELECT i, explode(array(i, j)) AS v, min(j) OVER (PARTITION BY i) AS low FROM {edges}
) WHERE v <> low
"""


def check_new_folder(path: Path) -> None:
    """Raise `InputError` where something is called so, or no folder is there to write it to."""
    if path.exists():
        raise InputError(f"{path}: is there already, expected the name of a new folder")
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist")


@contextmanager
def told_shortly() -> Iterator[None]:
    """Say in one sentence what went wrong in Spark. Raises `LinkageError`."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise LinkageError(f"Spark: {_reason(error)}") from error


class Spark:
    """Links on a Spark session: `PaperLinker(engine=Spark(session))`, `AuthorLinker(engine=…)`.

    `session`: a session of yours, from spark-submit, a notebook or Spark Connect. None takes the
    running one or starts one as Spark is configured, on this machine alone if it is not. Every
    worker needs this package, in the version of the driver. In `spark.checkpoint.dir`, a folder
    that all workers see, intermediate results outlive a lost worker; without it the job fails then.
    Raises `InputError` where Spark can't start.
    """

    def __init__(self, session: SparkSession | None = None) -> None:
        self.session = session or _session()
        self._views: list[str] = []

    def __sklearn_clone__(self) -> Self:
        return self

    def sql(self, query: str, **values: Any) -> DataFrame:
        """Run a query; `{name}` in it stands for a value, which may be a DataFrame."""
        named = {name: self._name(value) for name, value in values.items()}
        return self.session.sql(query.format(**named))

    def _name(self, value: Any) -> Any:
        if not isinstance(value, DataFrame):
            return value
        self._views.append(f"linkage_{uuid.uuid4().hex}")
        value.createOrReplaceTempView(self._views[-1])
        return self._views[-1]

    def frame(self, table: Any) -> DataFrame:
        """A table of Arrow or pandas as a Spark DataFrame."""
        return self.session.createDataFrame(table)

    def read_parquet(self, path: str) -> DataFrame:
        """A Parquet file, or a folder of them. Raises `InputError` where it is none."""
        try:
            return self.session.read.parquet(path)
        except (PySparkException, Py4JError) as error:
            found = f"not a readable Parquet file or folder ({_reason(error)})"
            raise InputError(f"{path}: {found}") from error

    def write_parquet(self, frame: DataFrame, path: Path) -> None:
        """Write a folder of Parquet files that appears under its name only when it is complete.

        Raises `InputError` like `check_new_folder`.
        """
        check_new_folder(path)
        part = path.absolute().with_name(temporary_name())
        try:
            frame.write.parquet(f"file://{part}")
            part.replace(path)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def settled(self, frame: DataFrame) -> DataFrame:
        """The same, computed once, and how it was computed forgotten.

        Not merely kept (`persist`): Spark goes on to plan all that led to a frame, and what comes
        of frames that come of each other takes it longer than the work itself. In the folder
        `spark.checkpoint.dir`, if there is one, it outlives a lost executor.
        """
        if not self.session.conf.get("spark.checkpoint.dir", None):
            return frame.localCheckpoint()
        kept = frame.persist()  # or it would be computed a second time, for the file
        try:
            return kept.checkpoint()
        finally:
            kept.unpersist()

    def release(self) -> None:
        """Forget the views of queries."""
        while self._views:
            self.session.catalog.dropTempView(self._views.pop())

    def numbered(self, frame: DataFrame, by: str) -> DataFrame:
        """The rows with their number 0, 1, … in the order of the column `by`, as the column row."""
        query = "SELECT *, monotonically_increasing_id() AS slot FROM {frame}"
        placed = self.settled(self.sql(query, frame=frame.orderBy(by).drop(by)))
        # `slot` has the partition in its upper 31 bits, the row inside it in the lower 33
        counts = self.sql(
            "SELECT shiftright(slot, 33) AS part, count(*) AS rows FROM {placed} GROUP BY part",
            placed=placed,
        ).toArrow()
        order = np.argsort(counts["part"].to_numpy())
        rows = counts["rows"].to_numpy()[order]
        before = pa.table({"part": counts["part"].take(order), "before": np.cumsum(rows) - rows})
        query = """
        SELECT /*+ BROADCAST(b) */ p.*, before + slot - shiftleft(part, 33) AS row
        FROM {placed} p JOIN {before} b ON shiftright(slot, 33) = part
        """
        return self.sql(query, placed=placed, before=self.frame(before)).drop("slot")

    def components(self, edges: DataFrame) -> DataFrame:
        """The lowest row (column label) of each row's connected component under edges i, j.

        Rows without an edge are left out.
        """
        edges = self.sql(
            "SELECT DISTINCT greatest(i, j) AS i, least(i, j) AS j FROM {edges}", edges=edges
        )
        edges = self.settled(edges)
        few = edges.count() <= _MOST_EDGES
        stars = self.frame(_stars(edges.toArrow())) if few else self._stars(edges)
        return self.sql(
            "SELECT i AS row, j AS label FROM {stars} UNION SELECT j, j FROM {stars}", stars=stars
        )

    def _stars(self, edges: DataFrame) -> DataFrame:
        """Edges from each row to the lowest one of its component, by alternating stars."""
        before = None
        while before != (now := self._sums(edges)):
            log.info("connected components: %s edges", f"{now[0]:,}")
            before = now
            for star in (_LARGE_STAR, _SMALL_STAR):
                edges = self.settled(self.sql(star, edges=edges))
        return edges

    def _sums(self, edges: DataFrame) -> tuple[Any, ...]:
        query = "SELECT count(*), bit_xor(xxhash64(i, j)), sum(j) FROM {edges}"
        found = self.sql(query, edges=edges).collect()[0]
        return tuple(found)


class SparkBlocks:
    """Joins blocking keys in Spark: the same pairs as `duckdb_engine.DuckDB` with these limits."""

    SCHEMA = pa.schema([("i", pa.int64()), ("j", pa.int64()), ("found_by", pa.int64())])

    def __init__(self, max_block: int, window: int, spark: Spark) -> None:
        self.max_block = max_block
        self.window = window
        self.spark = spark
        self.cut: dict[int, int] = {}

    def candidate_pairs(
        self, keys: Iterable[pa.Table], batch_rows: int = 100_000
    ) -> Iterator[pa.RecordBatch]:
        """As `duckdb_engine.DuckDB.candidate_pairs`."""
        frame = self.spark.frame(pa.concat_tables(keys))
        cut = self.spark.sql(_CUT, blocks=self._blocks(frame), **self._limits()).collect()
        self.cut = {int(row["rule"]): int(row["pairs"]) for row in cut}
        pairs = self.pairs(frame).toArrow().cast(self.SCHEMA)
        yield from pairs.to_batches(max_chunksize=batch_rows)

    def pairs(self, keys: DataFrame) -> DataFrame:
        """Pairs of rows i < j that share a key of a rule, each once, with found_by."""
        return self.spark.sql(_PAIRS, blocks=self._blocks(keys), **self._limits())

    def _blocks(self, keys: DataFrame) -> DataFrame:
        return self.spark.sql(_BLOCKS, keys=keys, reach=max(self.max_block, self.window))

    def _limits(self) -> dict[str, int]:
        return {"cap": self.max_block, "window": self.window}


def _stars(edges: pa.Table) -> pa.Table:
    """Edges from each row to the lowest one of its component."""
    ends = np.stack([edges["i"].to_numpy(), edges["j"].to_numpy()])
    rows, place = np.unique(ends, return_inverse=True)
    label = components(len(rows), *place.reshape(2, -1))
    first = np.unique(label, return_index=True)[1][label]
    others = np.flatnonzero(first != np.arange(len(rows)))
    return pa.table({
        "i": pa.array(rows[others], pa.int64()), "j": pa.array(rows[first[others]], pa.int64())
    })  # fmt: skip


def _reason(error: Exception) -> str:
    """One line: the deepest cause, the last line of a worker's traceback, or the first line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    lines = lines or [type(error).__name__]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    if causes:
        return causes[-1].removeprefix("Caused by: ")
    return lines[-1 if any(line.startswith("Traceback") for line in lines) else 0]


def _session() -> SparkSession:
    """The running session, or a new one as Spark is configured."""
    if running := SparkSession.getActiveSession():
        return running
    builder = SparkSession.builder.appName("linkage")
    try:
        session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    except (PySparkException, RuntimeError) as error:
        needs = "Spark did not start; it needs Java 17 or later, and to find it by JAVA_HOME"
        raise InputError(f"{needs} ({_reason(error)})") from error
    context = session.sparkContext
    context.setLogLevel("OFF")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    if context.master.startswith("local"):
        context.pythonExec = sys.executable  # not whatever Python is first on the path
    return session
