"""What is prepared on Spark before pairs are compared: mentions, names, words, co-authors."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from linkage.authors.spark import evidence, queries, read, workers
from linkage.authors.spark.names import Names
from linkage.authors.spark.tables import Vocabulary
from linkage.authors.subjects import LOT
from linkage.engines.spark_engine import Spark
from linkage.engines.spark_records import each_group, each_two_groups, spark_schema
from linkage.models import PairModel

DataFrame = Any  # of pyspark, which only the engine imports

log = logging.getLogger(__name__)

_TOKENS = 5_000  # whose vectors are added up together


@dataclass(frozen=True)
class Data:
    """Mentions with all that is known of their names, records with evidence, and names."""

    mentions: DataFrame
    records: DataFrame
    names: Names


class Preparation:
    """Prepares records on Spark for a model."""

    def __init__(self, spark: Spark, model: PairModel) -> None:
        self.spark = spark
        self.model = model

    def data(self, records: DataFrame) -> Data:
        """Mentions and numbered records with all that does not depend on pairs."""
        parts = mapped(self.spark, records, read.mention_batches, read.PARTS)
        mentions = self._part(parts, "mention")
        texts = self._part(parts, "text")
        log.info("counting words and names")
        known = self._vocabularies(mentions, texts)
        names = self._names(mentions)
        log.info("%s distinct names, %s pairs of them", *names.sizes())
        weigh = partial(evidence.weigh_mention_batches, known=known)
        mentions = mapped(self.spark, mentions, weigh, evidence.WEIGHED_MENTION)
        mentions = self.spark.settled(mentions.join(self.spark.frame(names.table()), "key"))
        weigh = partial(evidence.weigh_text_batches, known=known)
        subjects = self._subjects(texts, known)
        weighed = texts.mapInArrow(weigh, spark_schema(evidence.WEIGHED_TEXT))
        evident = self.spark.sql(queries.EVIDENCE, texts=weighed, subjects=subjects)
        evident = self.spark.settled(evident)
        ambiguity = self._ambiguity(mentions, evident, names)
        return Data(self.spark.settled(mentions.join(ambiguity, "mention")), evident, names)

    def _part(self, parts: DataFrame, name: str) -> DataFrame:
        query = f"SELECT {name}.* FROM {{parts}} WHERE {name} IS NOT NULL"  # noqa: S608
        return self.spark.sql(query, parts=parts)

    def _vocabularies(self, mentions: DataFrame, texts: DataFrame) -> dict[str, Vocabulary]:
        schema = spark_schema(read.COUNTS)
        counts = texts.mapInArrow(read.count_text_batches, schema).union(
            mentions.mapInArrow(read.count_affiliation_batches, schema)
        )
        table = self.spark.sql(queries.COUNTS, counts=counts).toArrow()
        return {name: _vocabulary(table, name) for name in (*read.FIELDS, "subject", "affiliation")}

    def _names(self, mentions: DataFrame) -> Names:
        found = self.spark.sql(queries.NAMES, mentions=mentions).toArrow()
        names = Names.of(found, self.model)
        frame = self.spark.settled(self.spark.frame(names.persons()))
        keys = mapped(self.spark, frame, workers.name_key_batches, workers.KEYS)
        pairs = self.spark.sql(queries.NAME_PAIRS, keys=keys, names=frame)
        found = pairs.mapInArrow(workers.name_pair_batches, spark_schema(workers.NAME_PAIRS))
        return names.with_pairs(found.toArrow())

    def _subjects(self, texts: DataFrame, known: Mapping[str, Vocabulary]) -> DataFrame:
        """What each record is about, see `linkage.authors.subjects`."""
        lots = self.spark.sql(queries.LOTS, texts=texts, lot=LOT)
        total = partial(evidence.sum_of_lot, known=known)
        sums = each_group(lots, "lot", total, evidence.SUM).toArrow()
        tell = partial(evidence.tokens_of_lot, known=known, mean=evidence.mean_of_lots(sums))
        tokens = each_group(lots, "lot", tell, evidence.TOKEN)
        n = 1 + len(known["subject"].words) // _TOKENS
        tokens = self.spark.sql(queries.PARTS_OF_TOKENS, tokens=tokens, n=n)
        summed = each_group(tokens, "part", evidence.sums_of_tokens, evidence.TOKEN)
        summed = self.spark.settled(summed)  # of the lots it is brought together with
        place = partial(evidence.vectors_of_lot, known=known)
        vectors = each_two_groups(lots, summed, "lot", place, evidence.VECTOR)
        vectors = self.spark.settled(vectors)
        sums = self.spark.sql(queries.SUMS_OF_LOTS, vectors=vectors).toArrow()
        make = partial(evidence.subject_batches, mean=evidence.mean_of_lots(sums))
        vectors = vectors.where("record IS NOT NULL")
        return vectors.mapInArrow(make, spark_schema(evidence.SUBJECT))

    def _ambiguity(self, mentions: DataFrame, records: DataFrame, names: Names) -> DataFrame:
        """Circles and chains of co-authors, block by block of names."""
        chunks = self.spark.frame(names.chunks_of_blocks())
        listed = records.select("record", "authors")
        rows = gathered(self.spark, chunks, mentions, listed, "name")
        find = partial(workers.ambiguity_of_chunk, counts=names.counts)
        return each_group(rows, "chunk", find, workers.AMBIGUITY)


def mapped(spark: Spark, frame: DataFrame, function: Any, schema: pa.Schema) -> DataFrame:
    """What a function of batches makes of a frame, settled."""
    return spark.settled(frame.mapInArrow(function, spark_schema(schema)))


def gathered(
    spark: Spark, chunks: DataFrame, mentions: DataFrame, records: DataFrame, by: str
) -> DataFrame:
    """Chunks of mentions, told by the column `by`, and their records, as structs."""
    values = {"chunks": chunks, "mentions": mentions, "by": by}
    found = spark.sql(queries.MENTIONS_OF_CHUNKS, **values)
    others = spark.sql(queries.RECORDS_OF_CHUNKS, records=records, **values)
    return found.unionByName(others, allowMissingColumns=True)


def _vocabulary(table: pa.Table, field: str) -> Vocabulary:
    """The words of a field, of `COUNTS`."""
    of_field = table.filter(pc.equal(table["field"], field))
    known = of_field["word"].is_valid()
    n = pc.sum(of_field.filter(pc.invert(known))["n"]).as_py() or 0
    words = of_field.filter(known)
    return Vocabulary(n, words["word"].combine_chunks(), words["n"].to_numpy())
