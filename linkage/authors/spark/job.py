"""Who is who on Spark: the steps of `AuthorLinker`, readable in `_link_read`.

Records, and with them mentions, are numbered in canonical order; all that follows goes by these
numbers, so that how Spark cuts up the data changes nothing. What is known of distinct names and
words is on the driver, all else on the cluster.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.authors.blocking import cap_sentences_of_counts
from linkage.authors.identifiers.joins import join_changes, several_orcids
from linkage.authors.initials import MUCH_WORK
from linkage.authors.links import PEOPLE_COLUMNS, in_input_order
from linkage.authors.scorer import TRUST
from linkage.authors.spark import people, queries, read, workers
from linkage.authors.spark.names import Names
from linkage.authors.spark.preparing import Data, Preparation, gathered, mapped
from linkage.engines.spark_engine import Spark
from linkage.engines.spark_records import (
    RecordsJob,
    each_group,
    each_two_groups,
    spark_schema,
    warn_of_problems,
)
from linkage.features.arrays import of_parts
from linkage.linking.clustering import Indices
from linkage.models import PairModel
from linkage.models.priors import (
    BIN,
    BINS,
    GROUP_BIN,
    group_priors_of_masses,
    prior_of_masses,
)
from linkage.records.schema import conform

DataFrame = Any  # of pyspark, which only the engine imports

log = logging.getLogger(__name__)

_MENTIONS = 20_000  # of a chunk whose people are found at once


class AuthorJob(RecordsJob):
    """One linking of authors on Spark, by a model down to a threshold; people as on one machine."""

    reads = read.READ
    make = staticmethod(read.read_batches)
    schema = read.READ_RECORD

    def __init__(self, spark: Spark, model: PairModel, threshold: float) -> None:
        self.spark = spark
        self.model = model
        self.threshold = threshold

    def _link_read(self, records: DataFrame) -> DataFrame:
        data = Preparation(self.spark, self.model).data(records)
        self._tell_caps(data)
        log.info("comparing mentions")
        pairs = self._score(data)
        log.info("clustering")
        said = self._identities(data)
        roots, members = self._members(data, said)
        share = self.spark.sql(queries.ORCID_SHARE, members=members).collect()[0]["share"]
        by = people.Clustering(data.names.counts, self.threshold, share or 0.0)
        members = self._cluster(members, pairs, roots, by)
        placed = self.spark.settled(self.spark.sql(queries.PLACED, pairs=pairs, members=members))
        members = self._join_initials(members, placed, by)
        members, told = self._join_far(data, members, said)
        for frame in (said, roots):
            told = told.union(frame.where("problem IS NOT NULL").select("problem"))
        warn_of_problems(self.spark, told, "identifiers")
        owners = self.spark.settled(self.spark.sql(queries.OWNERS, members=members))
        sure = self.spark.sql(queries.SURE, owners=owners, placed=placed)
        ids = self._ids(owners)
        return self.spark.sql(
            queries.PEOPLE, owners=owners, mentions=data.mentions, ids=ids, sure=sure
        )

    def _tell_caps(self, data: Data) -> None:
        def printed(name: int) -> str:
            values = {"mentions": data.mentions, "name": name}
            return str(self.spark.sql(queries.PRINTED, **values).collect()[0]["printed"])

        names = data.names
        for sentence in cap_sentences_of_counts(names.count, names.pairs, names.crowds, printed):
            log.warning(sentence)

    def _score(self, data: Data) -> DataFrame:
        """All pairs with the probability that they are one person."""
        names = data.names
        chunks, pairs = names.chunks_of_pairs()
        compare = workers.Comparison(self.model, names.counts, names.crowd()).of_chunk
        rows = gathered(self.spark, self.spark.frame(chunks), data.mentions, data.records, "name")
        query = "SELECT chunk, struct(a, b) AS pair FROM {pairs}"
        pairs = self.spark.sql(query, pairs=self.spark.frame(pairs))
        rows = rows.unionByName(pairs, allowMissingColumns=True)
        scores = self.spark.settled(each_group(rows, "chunk", compare, workers.SCORES))
        shifts = self.spark.frame(self._shifts(scores, names))
        shifted = self.spark.sql(queries.SHIFTED, scores=scores, shifts=shifts)
        make, schema = people.probability_batches, spark_schema(people.PAIRS)
        return self.spark.settled(shifted.mapInArrow(make, schema))

    def _shifts(self, scores: DataFrame, names: Names) -> pa.Table:
        """How far the data at hand move the log-odds of pairs of each block."""
        weights = self.spark.settled(self.spark.sql(queries.WEIGHTS, scores=scores))
        values, mass = self._masses(weights, "0", BIN)
        expected = prior_of_masses(values, mass)
        cells, mass = self._masses(weights, "block", GROUP_BIN)
        n = names.n_blocks()
        shift = TRUST * group_priors_of_masses(cells, mass, n, expected)
        return pa.table({"block": np.arange(n), "shift": shift})

    def _masses(self, weights: DataFrame, block: str, width: float) -> tuple[Indices, Any]:
        values = {"weights": weights, "block": block, "bins": BINS, "width": repr(width)}
        found = self.spark.sql(queries.MASSES, **values).toArrow()
        parts = np.stack([found[name].to_numpy() for name in ("high", "low")])
        return found["cell"].to_numpy(), of_parts(parts.astype(float).reshape(2, -1))

    def _identities(self, data: Data) -> DataFrame:
        """What identifiers and repeated names say, see `workers.IDENTITIES`."""
        mentions, counts = data.mentions, data.names.counts
        n = 1 + int(data.names.count.sum()) // _MENTIONS
        values = mapped(self.spark, mentions, workers.value_batches, workers.VALUES)
        shared = self.spark.settled(self.spark.sql(queries.SHARED_VALUES, values=values, n=n))
        chunks = shared.select("chunk", "mention").distinct()
        listed = data.records.select("record", "authors")
        query = "SELECT chunk, struct(kind, value, mention) AS value FROM {shared}"
        said = self.spark.sql(query, shared=shared)
        rows = gathered(self.spark, chunks, mentions, listed, "mention")
        rows = rows.unionByName(said, allowMissingColumns=True)
        identify = partial(workers.identities_of_chunk, counts=counts)
        twice = mentions.where("twice").selectExpr("*", f"pmod(hash(record), {n}) AS chunk")
        repeat = partial(workers.repeats_of_chunk, counts=counts)
        found = each_group(rows, "chunk", identify, workers.IDENTITIES)
        again = each_group(twice, "chunk", repeat, workers.IDENTITIES)
        return self.spark.settled(found.union(again))

    def _members(self, data: Data, said: DataFrame) -> tuple[DataFrame, DataFrame]:
        """What must be one (`workers.ROOTS`), and all mentions with what keeps people apart."""
        slips = said.where("slip IS NOT NULL").select("slip").distinct()
        must = said.where("NOT far AND i IS NOT NULL")
        labels = self.spark.settled(self.spark.components(must.select("i", "j").distinct()))
        n = 1 + labels.count() // _MENTIONS
        values = {"mentions": data.mentions, "slips": slips}
        mine = self.spark.sql(queries.CHAINED, labels=labels, n=n, **values)
        links = self.spark.sql(queries.LINKS, must=must, labels=labels, n=n)
        roots = each_two_groups(mine, links, "chunk", workers.roots_of_chunk, workers.ROOTS)
        roots = self.spark.settled(roots)
        known = roots.where("row IS NOT NULL")
        members = self.spark.sql(queries.MEMBERS, roots=known, **values)
        return roots, self.spark.settled(members)

    def _cluster(
        self, members: DataFrame, pairs: DataFrame, roots: DataFrame, by: people.Clustering
    ) -> DataFrame:
        """The members with the lowest mention of the cluster of each."""
        known = roots.where("row <> label")
        edges = self.spark.sql(
            queries.EDGES, pairs=pairs, roots=known, threshold=f"{float(self.threshold)!r}D"
        )
        labels = self.spark.settled(self.spark.components(edges))
        n = 1 + labels.count() // _MENTIONS
        mine = self.spark.sql(queries.LABELLED, members=members, labels=labels, n=n)
        inside = self.spark.sql(queries.PAIRS_OF_LABELS, pairs=pairs, labels=labels, n=n)
        found = each_two_groups(mine, inside, "chunk", by.of_chunk, people.CLUSTERS)
        return self.spark.settled(
            self.spark.sql(queries.CLUSTERED, members=members, clusters=found)
        )

    def _join_initials(
        self, members: DataFrame, placed: DataFrame, by: people.Clustering
    ) -> DataFrame:
        """The members, their people after people of initials have joined whom they fit."""
        n = 1 + members.count() // _MENTIONS
        fits = self.spark.sql(queries.FITS, members=members, placed=placed, n=n, much=MUCH_WORK)
        fits = self.spark.settled(fits)
        mine = self.spark.sql(queries.MEMBERS_OF_FITS, members=members, fits=fits)
        moved = each_two_groups(mine, fits, "chunk", by.initials_of_chunk, people.MOVED)
        return self.spark.settled(self.spark.sql(queries.MOVED, members=members, moved=moved))

    def _join_far(
        self, data: Data, members: DataFrame, said: DataFrame
    ) -> tuple[DataFrame, DataFrame]:
        """The members after identifiers have joined people of names in conflict, what to tell.

        On the driver, as what is told of people of several ORCIDs.
        """
        values = {"members": members, "mentions": data.mentions}
        several = self.spark.sql(queries.SEVERAL_ORCIDS, **values).toArrow()
        told = several_orcids(workers.places_of_table(several), several["person"].to_numpy())
        far = said.where("far AND i IS NOT NULL").toArrow()
        ends = self.spark.frame(far.select(["i", "j"]))
        found = self.spark.sql(queries.FAR, far=ends, **values).toArrow()
        mention, person = (found[name].to_numpy() for name in ("mention", "person"))
        label = np.searchsorted(mention, person)
        changes = workers.changes_of_table(far, mention)
        joined, more = join_changes(workers.places_of_table(found), changes, label)
        cluster, first = np.unique(person, return_index=True)
        moved = self.spark.frame(pa.table({"cluster": cluster, "person": mention[joined][first]}))
        members = self.spark.settled(self.spark.sql(queries.JOINED, members=members, moved=moved))
        problems = pa.array(map(str, (*told, *more)), pa.string())
        return members, self.spark.frame(pa.table({"problem": problems}))

    def _ids(self, owners: DataFrame) -> DataFrame:
        """What each person is called."""
        schema = spark_schema(people.IDS)
        named = self.spark.sql(queries.NAMED, owners=owners).repartition("person")
        bases = named.mapInArrow(people.base_batches, schema)
        stems = self.spark.sql(queries.STEMS, bases=bases).repartition("stem")
        return stems.select("person", "id").mapInArrow(people.id_batches, schema)


def predict_on_spark(job: AuthorJob, records: pd.DataFrame) -> pd.DataFrame:
    """Link records of this process: `PEOPLE_COLUMNS`, in input order."""
    known = conform(records)
    found = job.link(job.spark.frame(read.record_table(known))).toArrow().to_pandas()
    return in_input_order(found[list(PEOPLE_COLUMNS)], known)
