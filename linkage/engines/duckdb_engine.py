"""The engine for little memory: blocking as an equi-join in DuckDB, which goes on on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

import duckdb
import pyarrow as pa

from linkage.errors import InputError
from linkage.running.leftovers import temporary_folder

_KEYS = "CREATE TEMP TABLE keys AS SELECT rule, key, row FROM part"
_MORE_KEYS = "INSERT INTO keys SELECT rule, key, row FROM part"
_BLOCKS = """
CREATE TEMP TABLE blocks AS
SELECT rule, key, row,
       count(*) OVER (PARTITION BY rule, key) AS size,
       row_number() OVER (PARTITION BY rule, key ORDER BY row) AS place
FROM keys
QUALIFY size > 1;
DROP TABLE keys
"""

# Rows are in canonical order (by title first), so that neighbours in a block are alike.
_PART = """
CREATE OR REPLACE TEMP TABLE part_of_blocks AS
SELECT * FROM blocks WHERE row BETWEEN {first} AND {last}
"""
# Those of a block over the cap are joined by place, not all with all and then left out: nothing
# grows with the square of a block.
_PAIRS = """
SELECT i, j, bit_or(1::BIGINT << rule) AS found_by FROM (
  SELECT a.rule, a.row AS i, b.row AS j
  FROM part_of_blocks a JOIN blocks b
    ON a.rule = b.rule AND a.key = b.key AND a.row < b.row
  WHERE a.size <= {cap} AND b.size <= {cap}
  UNION ALL
  SELECT a.rule, a.row, b.row
  FROM (
    SELECT *, unnest(range(1, {window} + 1)) AS step FROM part_of_blocks WHERE size > {cap}
  ) a JOIN blocks b
    ON a.rule = b.rule AND a.key = b.key AND a.place + a.step = b.place AND a.row < b.row
  WHERE b.size > {cap}
) GROUP BY i, j
"""
_LAST = "SELECT coalesce(max(row), -1) FROM blocks"
_ROWS = 250_000  # paired with all others at once: a join is held in memory

_CUT = """
SELECT rule, sum(size * (size - 1) // 2 - kept) FROM (
  SELECT rule, key, max(size) AS size, sum(least(size - place, {window})) AS kept
  FROM blocks WHERE size > {cap} GROUP BY rule, key
) GROUP BY rule
"""


def check_memory_limit(limit: str) -> None:
    """Raise the `InputError` of `DuckDB` for a text that is no memory limit, before the work."""
    with temporary_folder() as folder:
        DuckDB(1, 1, limit).connect(str(folder)).close()


class DuckDB:
    """Joins blocking keys in an in-process DuckDB database.

    A block of more than `max_block` records gives only the pairs of records that stand at most
    `window` places apart in it; `cut` tells afterwards how many pairs that left out, by rule.
    `memory_limit` is what the database may take ("500MB"); the rest goes to a temporary folder.
    Raises `InputError` where it is no such text, or so little that the work can't be done.
    """

    SCHEMA = pa.schema([("i", pa.int64()), ("j", pa.int64()), ("found_by", pa.int64())])

    def __init__(self, max_block: int, window: int, memory_limit: str) -> None:
        self.max_block = max_block
        self.window = window
        self.memory_limit = memory_limit
        self.cut: dict[int, int] = {}

    def candidate_pairs(
        self, keys: Iterable[pa.Table], batch_rows: int = 100_000
    ) -> Iterator[pa.RecordBatch]:
        """Pairs of rows that share a key of a rule, each once, in any order: i < j, found_by.

        `keys` are tables of rule, key and row. Bit k of `found_by` is set when rule k found it.
        """
        with temporary_folder() as folder:
            connection = self.connect(str(folder))
            try:
                yield from self._pairs(connection, keys, batch_rows)
            except duckdb.OutOfMemoryException:
                found = f"found the memory limit {self.memory_limit}, which is too little"
                raise InputError(f"{found} to join the blocking keys") from None
            finally:
                connection.close()

    def connect(self, folder: str) -> duckdb.DuckDBPyConnection:
        """A database in memory that goes on in the folder beyond its memory limit."""
        found = f"found the memory limit {self.memory_limit!r}"
        if self.memory_limit.strip().startswith("-"):  # to DuckDB this is no limit at all
            raise InputError(f"{found}, expected one such as '500MB'")
        connection = duckdb.connect(":memory:", config={"temp_directory": folder})
        with suppress(duckdb.InvalidInputException):  # notebooks without ipywidgets have none
            connection.execute("PRAGMA disable_progress_bar")
        connection.execute("SET preserve_insertion_order = false")
        try:
            connection.execute("SET memory_limit = ?", [self.memory_limit])
        except duckdb.Error:
            connection.close()
            raise InputError(f"{found}, expected one such as '500MB'") from None
        return connection

    def _pairs(
        self, connection: duckdb.DuckDBPyConnection, keys: Iterable[pa.Table], batch_rows: int
    ) -> Iterator[pa.RecordBatch]:
        for number, table in enumerate(keys):
            connection.register("part", table)
            connection.execute(_MORE_KEYS if number else _KEYS)
        connection.execute(_BLOCKS)
        limits = {"cap": self.max_block, "window": self.window}
        cut = connection.execute(_CUT.format(**limits)).fetchall()
        self.cut = {int(rule): int(pairs) for rule, pairs in cut}
        (last,) = connection.execute(_LAST).fetchall()[0]
        for first in range(0, last + 1, _ROWS):
            connection.execute(_PART.format(first=first, last=first + _ROWS - 1))
            pairs = connection.sql(_PAIRS.format(**limits))
            for batch in pairs.to_arrow_reader(batch_rows):
                yield batch.cast(self.SCHEMA)
