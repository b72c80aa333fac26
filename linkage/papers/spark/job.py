"""Which records are the same paper, on Spark: the steps of `PaperLinker`, readable in `_link_read`.

Records are numbered in canonical order like everywhere; all that follows goes by these numbers, so
that how Spark cuts up the data changes nothing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import pyarrow as pa

from linkage.engines.spark_engine import Spark, SparkBlocks
from linkage.engines.spark_records import (
    RecordsJob,
    spark_schema,
)
from linkage.errors import InputError
from linkage.papers.blocking import MAX_BLOCK, WINDOW
from linkage.papers.copies import MOST_COPIES as MOST_IDENTICAL
from linkage.papers.counts import ENOUGH_COPIES, MOST_COPIES
from linkage.papers.rules import PAPER_RULES
from linkage.papers.scorer import MAX_COMPLETED, PairScorer
from linkage.papers.spark.workers import (
    KEYS,
    LINKED,
    PAIRS,
    READ,
    READ_RECORD,
    SCORES,
    WEIGHTED,
    WholeDataCounts,
    clean_chunk,
    key_batches,
    link_batches,
    read_batches,
    record_table,
    score_chunk,
)
from linkage.records.schema import conform

DataFrame = Any  # of pyspark, which only the engine imports

log = logging.getLogger(__name__)

_CHUNK = 5_000  # rows whose pairs are scored at once
_TITLES = 50_000  # rows whose pairs are cleaned at once, of which only titles are needed
_FEW = 300_000  # rows that are sent to every worker, so that records need not move to them

# How many different values stand beside a title: sums of their counts, and of the squares of them.
_BESIDE = """
SELECT said, kind, array(sum(n), sum(n * n)) AS sums FROM (
  SELECT said, kind, value, count(*) AS n FROM (
    SELECT said, stack(3, 'owners', coalesce(owner, ''), 'years', string(year), 'places', place)
      AS (kind, value) FROM {records} WHERE said IS NOT NULL
  ) WHERE value IS NOT NULL GROUP BY said, kind, value
) GROUP BY said, kind
"""
# How many records have each word of a title, in the order in which they stand there first.
_WORDS = """
WITH titles AS (SELECT said, count(*) AS n FROM {records} WHERE said IS NOT NULL GROUP BY said),
  words AS (SELECT said, n, posexplode(array_distinct(split(said, ' '))) AS (at, word) FROM titles),
  counts AS (SELECT word, sum(n) AS records FROM words GROUP BY word)
SELECT said, transform(array_sort(collect_list(struct(at, records))), one -> one.records) AS words
FROM words JOIN counts USING (word) GROUP BY said
"""
_COUNTED = """
WITH beside AS (
  SELECT said, first(sums) FILTER (WHERE kind = 'owners') AS owners,
    first(sums) FILTER (WHERE kind = 'years') AS years,
    first(sums) FILTER (WHERE kind = 'places') AS places
  FROM {beside} GROUP BY said
)
SELECT * FROM {records} LEFT JOIN beside USING (said) LEFT JOIN {words} USING (said)
"""
_PARTNERS = """
WITH copies AS (
  SELECT said, owner, year, site, row,
    row_number() OVER (PARTITION BY said, owner, year ORDER BY row) AS place
  FROM {records} WHERE said IS NOT NULL AND owner IS NOT NULL AND year IS NOT NULL
    AND site IS NOT NULL
), beside AS (
  SELECT a.site AS one, b.site AS other, count(*) AS n
  FROM copies a JOIN copies b USING (said, owner, year)
  WHERE a.row <> b.row AND a.place <= {most} AND b.place <= {most} GROUP BY a.site, b.site
)
SELECT one, other, n / total AS share
FROM (SELECT *, sum(n) OVER (PARTITION BY one) AS total FROM beside) WHERE total >= {enough}
"""
# Identical records beyond the first (`linkage.papers.copies`), the row of which is i.
_COPIES = """
SELECT i, row AS j FROM (
  SELECT row, min(row) OVER (PARTITION BY digest) AS i,
    count(*) OVER (PARTITION BY digest) AS size FROM {records}
) WHERE size > {most} AND i <> row
"""
_ONE_OF_EACH = "SELECT i, min(j) AS j, 0L AS found_by FROM {copies} GROUP BY i"
_OTHERS = "SELECT {hint} * FROM {records} LEFT ANTI JOIN {copies} ON row = j"
_NEEDED = """
SELECT {hint} n.chunk, {columns} FROM (
  SELECT i DIV {chunk} AS chunk, i AS row FROM {pairs} UNION
  SELECT i DIV {chunk}, j FROM {pairs}
) n JOIN {records} r USING (row)
"""
_INNER = """
WITH small AS (
  SELECT label FROM {labels} GROUP BY label HAVING count(*) BETWEEN 3 AND {most}
), members AS (SELECT row, label FROM {labels} LEFT SEMI JOIN small USING (label))
SELECT a.row AS i, b.row AS j, 0L AS found_by
FROM members a JOIN members b USING (label) WHERE a.row < b.row
"""
_TOGETHER = """
WITH weights AS (SELECT i AS row, 1.0D + count(*) AS weight FROM {copies} GROUP BY i),
  members AS (
    SELECT row, label, weight FROM {labels} LEFT JOIN weights USING (row)
  )
SELECT a.label, p.*, a.weight AS weight_i, b.weight AS weight_j FROM {pairs} p
JOIN members a ON p.i = a.row JOIN members b ON p.j = b.row AND a.label = b.label
"""
_NAMED = """
WITH firsts AS (
  SELECT record_id, coalesce(i, row) AS row FROM {records} LEFT JOIN {copies} ON row = j
)
SELECT record_id, min(record_id) OVER (PARTITION BY coalesce(cluster, row)) AS cluster_id
FROM firsts LEFT JOIN {linked} USING (row)
"""


class PaperJob(RecordsJob):
    """One linking of papers on Spark.

    `scorer` scores pairs and knows the threshold; `rules` are blocking rules, functions of a
    prepared record. Clusters are those of the single machine.
    """

    reads = ("source", *READ)
    make = staticmethod(read_batches)
    schema = READ_RECORD

    def __init__(self, spark: Spark, scorer: PairScorer, rules: Any = None) -> None:
        self.spark = spark
        self.scorer = scorer
        self.rules = PAPER_RULES if rules is None else rules
        if other := [rule for rule in self.rules if not callable(rule)]:
            found = type(other[0]).__name__
            raise InputError(f"found the rule {found}; the engine Spark takes plain functions only")

    def _link_read(self, records: DataFrame) -> DataFrame:
        n = records.count()
        log.info("counting words, titles and venues of %s records", f"{n:,}")
        prepare = WholeDataCounts(n, self._partners(records))
        counted = self._count_data(records)
        copies = self._copies(counted, prepare)
        log.info("blocking")
        hint = _sent_where_few(copies, "copies")
        others = self.spark.sql(_OTHERS, records=counted, copies=copies, hint=hint)
        pairs = self._block(others, prepare)
        log.info("comparing %s pairs", f"{pairs.count():,}")
        scored = self._score_pairs(counted, pairs, prepare)
        labels = self._labels(scored)
        log.info("comparing pairs inside would-be clusters")
        scored = scored.union(self._score_pairs(counted, self._missing(labels, scored), prepare))
        log.info("clustering")
        linked = self._name_clusters(scored, labels, copies)
        return self.spark.sql(_NAMED, records=counted, linked=linked, copies=copies)

    def _partners(self, records: DataFrame) -> dict[str, dict[str, float]]:
        limits = {"most": MOST_COPIES, "enough": ENOUGH_COPIES}
        found = self.spark.sql(_PARTNERS, records=records, **limits).toArrow().to_pydict()
        partners: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for one, other, share in zip(*found.values(), strict=True):
            partners[one][other] = share
        return dict(partners)

    def _count_data(self, records: DataFrame) -> DataFrame:
        beside, words = (self.spark.sql(query, records=records) for query in (_BESIDE, _WORDS))
        return self.spark.settled(
            self.spark.sql(_COUNTED, records=records, beside=beside, words=words)
        )

    def _copies(self, counted: DataFrame, prepare: WholeDataCounts) -> DataFrame:
        """Rows j that are left out of the work, and i, the equal one in their stead."""
        copies = self.spark.settled(self.spark.sql(_COPIES, records=counted, most=MOST_IDENTICAL))
        one_of_each = self.spark.sql(_ONE_OF_EACH, copies=copies)
        same = self._strong(self._score_pairs(counted, one_of_each, prepare))
        return self.spark.settled(copies.join(same.select("i"), "i", "left_semi"))

    def _block(self, counted: DataFrame, prepare: WholeDataCounts) -> DataFrame:
        make = partial(key_batches, prepare=prepare, rules=self.rules)
        keys = counted.mapInArrow(make, spark_schema(KEYS))
        pairs = self.spark.settled(SparkBlocks(MAX_BLOCK, WINDOW, self.spark).pairs(keys))
        clean = partial(clean_chunk, rules=self.rules)
        # before records are sent to their pairs: nearly all that loose rules find is left out
        return self._in_chunks(counted, "row, said", pairs, _TITLES, clean, PAIRS)

    def _score_pairs(
        self, counted: DataFrame, pairs: DataFrame, prepare: WholeDataCounts
    ) -> DataFrame:
        """The pairs with probability and vetoed. A record is prepared once for a chunk of pairs."""
        score = partial(score_chunk, prepare=prepare, scorer=self.scorer)
        return self._in_chunks(counted, "r.*", pairs, _CHUNK, score, SCORES)

    def _in_chunks(
        self,
        counted: DataFrame,
        columns: str,
        pairs: DataFrame,
        size: int,
        work: Callable[[pa.Table, pa.Table], pa.Table],
        schema: pa.Schema,
    ) -> DataFrame:
        """What work makes of the pairs of so many rows i, and of some columns of all they need."""
        values = {"pairs": pairs, "chunk": size, "hint": _sent_where_few(pairs, "n")}
        needed = self.spark.sql(_NEEDED, records=counted, columns=columns, **values)
        pairs = pairs.selectExpr(f"i DIV {size} AS chunk", "i", "j", "found_by")
        both = needed.groupBy("chunk").cogroup(pairs.groupBy("chunk"))
        return self.spark.settled(both.applyInArrow(work, spark_schema(schema)))

    def _labels(self, scored: DataFrame) -> DataFrame:
        strong = self._strong(scored).select("i", "j")
        return self.spark.settled(self.spark.components(strong))

    def _strong(self, scored: DataFrame) -> DataFrame:
        """The pairs that link."""
        return scored.where(f"probability >= {float(self.scorer.threshold)!r}D AND NOT vetoed")

    def _missing(self, labels: DataFrame, scored: DataFrame) -> DataFrame:
        """Pairs inside a would-be cluster that were not scored."""
        inner = self.spark.sql(_INNER, labels=labels, most=MAX_COMPLETED)
        return self.spark.settled(inner.join(scored, ["i", "j"], "left_anti"))

    def _name_clusters(self, scored: DataFrame, labels: DataFrame, copies: DataFrame) -> DataFrame:
        together = self.spark.sql(_TOGETHER, pairs=scored, labels=labels, copies=copies)
        whole = together.repartition("label").select(*WEIGHTED.names)  # components stay whole
        link = partial(link_batches, threshold=self.scorer.threshold)
        return whole.mapInArrow(link, spark_schema(LINKED))


def _sent_where_few(frame: DataFrame, name: str) -> str:
    """The hint to send what a query calls so to every worker, where the frame is small."""
    return f"/*+ BROADCAST({name}) */" if frame.count() <= _FEW else ""


def predict_on_spark(job: PaperJob, records: pd.DataFrame) -> pd.Series[str]:
    """Link records of this process: Series record_id -> cluster_id, in input order."""
    records = conform(records)
    linked = job.link(job.spark.frame(record_table(records))).toArrow().to_pydict()
    clusters = pd.Series(linked["cluster_id"], index=linked["record_id"], dtype=object)
    ordered = clusters.loc[records["record_id"]]
    return ordered.rename_axis("record_id").rename("cluster_id")
