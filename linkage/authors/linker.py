"""Who is who: from records to clusters of author mentions."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.asked import asked_mentions, near_mentions
from linkage.authors.blocking import (
    candidate_limits,
    cap_sentences,
    crowds_of,
    mention_pairs,
)
from linkage.authors.clusters import (
    Evidence,
    cluster_mentions,
    join_asked,
    share_with_orcid,
)
from linkage.authors.identifiers.joins import join_changes, must_links, places_of, several_orcids
from linkage.authors.identifiers.values import Identities, identities
from linkage.authors.links import AuthorLinks, Identified, author_ids, join_groups
from linkage.authors.mentions import (
    Mentions,
    ids_of_records,
    list_mentions,
    mention_constraints,
)
from linkage.authors.names.beside import names_of
from linkage.authors.names.writings import other_writings
from linkage.authors.pairs import FEATURE_NAMES, NamePairs
from linkage.authors.prepare import prepare_mentions
from linkage.authors.repeated_names import repeated_names
from linkage.authors.scorer import background, score_pairs
from linkage.errors import InputError, report
from linkage.linking.clustering import Indices
from linkage.linking.constraints import Constraints, with_must_links
from linkage.linking.estimator import ModelEstimator, pairwise_f1
from linkage.linking.identity import inherit_ids
from linkage.models import PairModel
from linkage.records.kinds_of_table import Records, as_table
from linkage.records.order import sort_packed, sort_records
from linkage.records.packed import PackedRecords
from linkage.records.schema import Conformed, conform
from linkage.running.collector import paused
from linkage.running.memory import give_back
from linkage.running.processes import processes_of
from linkage.tables.clusterings import as_clustering, mention_clustering
from linkage.tables.truth import SIDES, ids_of

if TYPE_CHECKING:
    from linkage.authors.spark.job import AuthorJob
    from linkage.engines.spark_engine import Spark

log = logging.getLogger(__name__)

# What linking reads of records, beside their ids and authors.
PACKED = ("title", "year", "venue", "doi", "abstract", "keywords", "references")


class AuthorLinker(ModelEstimator):
    """Find which author mentions are the same person.

    Parameters
    ----------
    model
        a `PairModel`, the name of a shipped one or a path.
    threshold
        from 0 to 1: the cubic mean probability down to which clusters are merged; None takes the
        model's own.
    n_jobs
        by how many threads mentions are compared; beside them all but one of as many processes
        compare very many names. None is one, -1 one for each processor. Their number changes no
        result.
    engine
        where the work is done. None: in this process; a `linkage.engines.spark_engine.Spark`: on a
        cluster, for data that outgrow one machine. The people are the same.

    Examples
    --------
    >>> people = linkage.AuthorLinker().predict(records)
    >>> people.loc[people["author_id"] == people["author_id"][0], "name"].tolist()
    ['Abendroth, Ana', 'A. Abendroth', 'Abendroth, Ana', 'Abendroth, Ana']
    """

    def __init__(
        self,
        model: str | PathLike[str] | PairModel = "authors",
        threshold: float | None = None,
        n_jobs: int | None = None,
        engine: Spark | None = None,
    ) -> None:
        self.model = model
        self.threshold = threshold
        self.n_jobs = n_jobs
        self.engine = engine

    def fit(self, records: Records, mention_labels: pd.DataFrame) -> Self:
        """Train on records and labels: record_id, position, author_id (missing = not known)."""
        from linkage.authors.training.fit import fit_authors

        self.model_ = fit_authors(conform(records), mention_labels)
        return self

    def fit_predict(
        self, records: Records, mention_labels: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """`predict`, after `fit` where labels are given; without them nothing is learnt."""
        known = mention_labels
        return (self if known is None else self.fit(records, known)).predict(records)

    def score(self, records: Records, mention_labels: pd.DataFrame) -> float:
        """Pairwise F1 (0 to 1) of `predict` over the mentions that labels, as in `fit`, name."""
        found = mention_clustering(self.predict(records))
        return pairwise_f1(as_clustering(mention_labels, "mention labels"), found)

    def predict(self, records: Records) -> pd.DataFrame:
        """One row per author of each record, in input order.

        Columns: record_id, position (from 0), name (as printed), author_id, probability (mean
        over the other mentions of the person, .99 for those of an equal identifier; missing for a
        single one).
        """
        if self.engine is None:
            return self.link(records).people_as_given()
        job = self._spark_job()
        from linkage.authors.spark.job import predict_on_spark

        return predict_on_spark(job, as_table(records))

    def _spark_job(self) -> AuthorJob:
        if self.engine is None:
            raise InputError("found no engine, expected AuthorLinker(engine=Spark(session))")
        model = self._chosen_model("authors", "authors", FEATURE_NAMES)
        from linkage.authors.spark.job import AuthorJob

        return AuthorJob(self.engine, model, self._chosen_threshold(model.threshold))

    def link(
        self,
        records: Records,
        constraints: pd.DataFrame | None = None,
        previous: pd.Series[str] | None = None,
    ) -> AuthorLinks:
        """Link as `predict` does; the result also has every compared pair.

        `constraints`: pairs of mentions left_id, right_id (`record_id#position`) and same (1, 0 or
        missing = not known) that hold for whole people, whatever names and scores say. `previous`:
        Series mention -> id of an earlier run, by which people are called, see
        `linkage.inherit_ids`. Raises `InputError` where they contradict each other or name an
        organisation, and with the engine Spark: that gives people only, see `predict` and
        `predict_frame`.
        """
        links = self.link_conformed(conform(records), constraints)
        report(list(links.problems), None)
        mentions = pd.Series(links.author_ids, links.mentions.table["mention_id"], dtype=object)
        return replace(links, author_ids=inherit_ids(mentions, previous).tolist())

    def compare(self, records: Records, pairs: pd.DataFrame) -> pd.DataFrame:
        """Score given pairs of mentions (left_id, right_id: `record_id#position`), no clustering.

        Returns `pairs` with the column probability added: what the model says of the pair and the
        data at hand of its names, 0 for names that are never compared. Raises `InputError` when a
        column or a mention that a pair names is not there.
        """
        table = conform(records)
        scored = self.link_conformed(table).pairs_table()
        known = ids_of(pairs, "the pairs")
        mentions = pd.Index(list_mentions(table)["mention_id"])
        for side, ids in known.items():
            unknown = ids[~ids.isin(mentions)]
            if len(unknown):
                found = f"found the {side} {unknown.iloc[0]!r}"
                raise InputError(f"{found}, expected a mention in the input (RECORD#POSITION)")
        probability = dict(
            zip(map(frozenset, scored[list(SIDES)].to_numpy()), scored["probability"], strict=True)
        )
        asked = map(frozenset, known[list(SIDES)].to_numpy())
        return pairs.assign(probability=[probability.get(pair, 0.0) for pair in asked])

    def link_conformed(
        self,
        records: Conformed,
        constraints: pd.DataFrame | None = None,
        what: str = "the constraints",
        only: Sequence[str] = (),
        evidence: bool = True,
    ) -> AuthorLinks:
        """The same of records that `conform` or `read_records` gave, unchanged.

        Errors call the constraints `what`. `only`: names or ORCIDs of the people asked for (see
        `linkage.authors.asked`); only they, and whoever may be mistaken for them, are linked, all
        others are evidence. Constraints have to be on mentions of these then. `evidence`: whether
        the result keeps what was compared, for explanations and a list for review.
        """
        ordered = sort_records(records)
        table, asked = _asked_of(list_mentions(ordered), only)
        known = mention_constraints(table, constraints, what)
        links = self._link(ordered, table, known, evidence)
        return replace(links, records=records, asked=asked)

    @paused()
    def link_packed(
        self,
        records: PackedRecords,
        constraints: pd.DataFrame | None = None,
        what: str = "the constraints",
        only: Sequence[str] = (),
    ) -> AuthorLinks:
        """The same people of records that `read_packed` gave, of `PACKED` columns.

        Nothing is kept that explanations or a list for review need, and of the records only their
        ids. They are used up, whoever holds them, so that more fit into memory.
        """
        ids = pd.DataFrame({"record_id": ids_of_records(records)})
        given, records = records, sort_packed(records)
        given.columns.clear()
        give_back()
        table, asked = _asked_of(list_mentions(records), only)
        known = mention_constraints(table, constraints, what)
        links = self._link(records, table, known, evidence=False)
        return replace(links, records=Conformed(ids), asked=asked)

    def predict_mentions(self, records: Conformed, table: pd.DataFrame) -> pd.DataFrame:
        """Cluster some mentions (rows of `list_mentions(records)`) only; otherwise as `predict`."""
        return self.link_mentions(records, table).people()

    def link_mentions(
        self, records: Conformed, table: pd.DataFrame, constraints: pd.DataFrame | None = None
    ) -> AuthorLinks:
        """Link some mentions (rows of `list_mentions(records)`) only; otherwise as `link`."""
        links = self._link(records, table, mention_constraints(table, constraints))
        return replace(links, records=records)

    def _prepare(
        self, model: PairModel, records: Conformed | PackedRecords, table: pd.DataFrame
    ) -> tuple[Mentions, Identities, NamePairs]:
        """The mentions, what identifiers say of them, and which of their names may be one's."""
        if self.engine is not None:
            raise InputError("the engine Spark gives people only: call predict or predict_frame")
        log.info("preparing %s author mentions", f"{len(table):,}")
        jobs = processes_of(self.n_jobs)
        used_up = isinstance(records, PackedRecords)
        with names_of(table, jobs) as found:
            known = background(model)
            mentions = prepare_mentions(table, records, known, found.keyed, used_up)
            said = identities(mentions)
            names = found.pairs()
        if used_up:
            mentions = mentions.without_said()
        give_back()
        return mentions, said, names

    @paused()
    def _link(
        self,
        records: Conformed | PackedRecords,
        table: pd.DataFrame,
        known: Constraints,
        evidence: bool = True,
    ) -> AuthorLinks:
        model = self._chosen_model("authors", "authors", FEATURE_NAMES)
        threshold = self._chosen_threshold(model.threshold)
        jobs = processes_of(self.n_jobs)
        mentions, said, names = self._prepare(model, records, table)
        del records, table
        crowds = crowds_of(mentions, names)
        pairs = mention_pairs(mentions, names, crowds, jobs)
        log.info("comparing %s pairs of mentions", f"{len(pairs.i):,}")
        priors, probability = score_pairs(model, mentions, names, pairs, jobs)
        if not evidence:
            mentions.forget_evidence()
            pairs = pairs.without_names()
        give_back()
        log.info("clustering")
        limits = candidate_limits(mentions, names, crowds)
        writings = other_writings(mentions, names)
        places = places_of(mentions, said.orcid)
        codes = pd.factorize(said.orcid)[0].astype(np.int64)
        beside = Evidence(codes, writings, share_with_orcid(codes), names.codes())
        repeated = repeated_names(mentions)

        def cluster_with(known: Constraints) -> tuple[Indices, Identified]:
            known = with_must_links(known, repeated)
            must, refused = must_links(places, said.near, known.group)
            known = with_must_links(known, must)
            scored = cluster_mentions(
                mentions, pairs, probability, threshold, limits, known, beside
            )
            joined, changes = join_changes(places, said.far, scored, known.cannot)
            told = (*said.problems, *refused, *changes, *several_orcids(places, scored))
            return joined, Identified(scored, joined, known.group, said.orcid, told)

        people, identified = join_asked(cluster_with, known, places)
        cluster = join_groups(mentions, people)
        ids = author_ids(mentions, cluster)
        caps = cap_sentences(mentions, names, crowds)
        for sentence in caps:
            log.warning(sentence)
        links = AuthorLinks(
            mentions, names, pairs, probability, cluster, ids, threshold, model, priors,
            identified, Conformed(pd.DataFrame()),
        )  # fmt: skip
        return replace(links, caps=tuple(caps))


def _asked_of(
    table: pd.DataFrame, only: Sequence[str]
) -> tuple[pd.DataFrame, NDArray[np.bool_] | None]:
    """The mentions to link, and which of them are asked for; None: all."""
    asked = asked_mentions(table, only)
    if not only:
        return table, None
    near = near_mentions(table, asked)
    return table[near].reset_index(drop=True), asked[near]


def link_authors(
    records: Records, model: str | PathLike[str] | PairModel = "authors"
) -> pd.DataFrame:
    """Which author mentions are the same person: one row per author of each record, in input order.

    `records` and errors as in `link_papers`; records need authors to be of use. `model` is that of
    `AuthorLinker`. Columns: record_id, position (from 0), name (as printed), author_id, probability
    (0 to 1, the mean over the other mentions of the person; missing for a single one).

    Examples
    --------
    >>> people = linkage.link_authors(records)
    >>> people.columns.tolist()
    ['record_id', 'position', 'name', 'author_id', 'probability']
    >>> people["author_id"].nunique()
    3
    """
    return AuthorLinker(model).predict(records)
