"""Which records are the same paper: the whole job, readable in `PaperLinker._link`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.errors import InputError, Problem, report
from linkage.features.feature import Columns
from linkage.linking.clustering import Indices
from linkage.linking.constraints import constrained_linkage, read_constraints
from linkage.linking.estimator import ModelEstimator, labels_by_id, pairwise_f1
from linkage.linking.identity import inherit_ids
from linkage.models.pair_model import PairModel
from linkage.papers.batches import (
    Batch,
    CarriedBatch,
    Prepared,
    in_batches,
    prepare_batches,
    prepare_records,
    read_batch,
    read_tables,
)
from linkage.papers.blocking import Candidates, block
from linkage.papers.caps import cap_sentences
from linkage.papers.copies import RULE, Copies, find_copies
from linkage.papers.counts import DataCounts
from linkage.papers.links import PaperLinks
from linkage.papers.pairs import FEATURE_NAMES
from linkage.papers.rules import PAPER_RULES
from linkage.papers.scorer import EcmScorer, PairScorer, Scored, Scorer
from linkage.papers.vetoes import PUBLICATION_VETOES, WORK_VETOES, Veto, veto_names
from linkage.records.kinds_of_table import Records, as_table
from linkage.records.order import in_order_of_texts
from linkage.records.schema import Conformed, conform
from linkage.running.collector import paused
from linkage.running.memory import give_back
from linkage.running.processes import processes_of

if TYPE_CHECKING:
    from linkage.engines.spark_engine import Spark
    from linkage.papers.spark.job import PaperJob

log = logging.getLogger(__name__)

LEVELS = ("publication", "work")


class PaperLinker(ModelEstimator):
    """Finds the records that are the same paper.

    Parameters
    ----------
    model
        name of a shipped model, path of a model file, a `PairModel`, or "ecm" to link without any
        labels by expectation maximisation (see `recordlinkage_bridge.ecm_probabilities`). None
        takes the shipped model of the level.
    level
        "publication": the same published item (online-first is print; a conference paper is not its
        journal version); "work": versions of one work are the same (preprint, report, conference
        paper, article). Says which shipped model to take and which vetoes hold.
    threshold
        probability from which two clusters are merged; None takes the model's own.
    rules
        blocking rules, functions of a prepared record or recordlinkage index algorithms; None takes
        `blocking.PAPER_RULES`.
    memory_limit
        memory that blocking may take before it continues on disk, such as "2GB"; None sets no
        limit: it takes some 200 bytes a record. The rest of the work is in memory, some 1.5 KB a
        record.
    n_jobs
        processes by which `link_tables` reads records. None is one, -1 one for each processor (8 at
        most). The clusters are the same.
    engine
        where the work is done. None: in this process; a `linkage.engines.spark_engine.Spark`: on a
        cluster, for data that outgrow one machine. The clusters are the same.

    Examples
    --------
    >>> linker = linkage.PaperLinker(threshold=0.9)
    >>> linker.predict(records).to_dict()
    {'a1': 'a1', 'b7': 'a1', 'a2': 'a2', 'a3': 'a3'}
    >>> linker.link(records).pairs["veto"].tolist()
    ['', 'different_part']
    """

    def __init__(
        self,
        model: str | PairModel | None = None,
        level: str = "publication",
        threshold: float | None = None,
        rules: Sequence[Any] | None = None,
        engine: Spark | None = None,
        memory_limit: str | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.model = model
        self.level = level
        self.threshold = threshold
        self.rules = rules
        self.engine = engine
        self.memory_limit = memory_limit
        self.n_jobs = n_jobs

    def link(
        self,
        records: Records,
        constraints: pd.DataFrame | None = None,
        previous: pd.Series[Any] | None = None,
    ) -> PaperLinks:
        """Link records: a DataFrame, a list of dicts or an Arrow table that `conform` takes.

        `constraints`: pairs left_id, right_id, same (1, 0 or missing = not known) that hold for
        whole clusters, whatever the scores and vetoes say; `pairs` of the result is without them.
        `previous`: Series record_id -> id of an earlier run, by which the clusters are called, see
        `linkage.inherit_ids`. Raises `InputError` where constraints contradict each other, and with
        the engine Spark: that gives clusters only, see `predict` and `predict_frame`.
        """
        links = self.link_conformed(conform(records), constraints)
        return replace(links, clusters=inherit_ids(links.clusters, previous))

    def link_conformed(
        self, records: Conformed, constraints: pd.DataFrame | None = None
    ) -> PaperLinks:
        """The same of records that `conform` or `read_records` gave, unchanged."""
        batches = (read_batch(Conformed(some)) for some in in_batches(records))
        return self._link(batches, constraints, records=records)

    def link_batches(
        self,
        batches: Iterable[Batch | CarriedBatch],
        constraints: pd.DataFrame | None = None,
        counts: DataCounts | None = None,
    ) -> PaperLinks:
        """The same of records that were read some at a time, of which the result has `prepared`.

        `counts`: see `prepare_batches`.
        """
        return self._link(batches, constraints, counts)

    def link_tables(
        self, tables: Iterable[pd.DataFrame], set_aside: list[Problem] | None = None
    ) -> PaperLinks:
        """The same of tables one after the other, as `record_tables` reads files.

        Records are not kept when they are read, so that more of them fit into memory. `set_aside`
        is that of `conform`. Raises `InputError` also where a table has no record_id, or two have
        the same, and for rules that are index algorithms: those need all records at once.
        """
        if not all(map(callable, self._rules())):
            raise InputError("found an index algorithm among the rules, expected functions only")
        problems: list[Problem] = []
        links = self._link(read_tables(tables, problems, processes_of(self.n_jobs)))
        report(problems, set_aside)
        return replace(links, prepared=None)

    @paused()
    def _link(
        self,
        batches: Iterable[Batch | CarriedBatch],
        constraints: pd.DataFrame | None = None,
        counts: DataCounts | None = None,
        records: Conformed | None = None,
    ) -> PaperLinks:
        if self.engine is not None:
            raise InputError("the engine Spark gives clusters only: call predict or predict_frame")
        scorer = self.scorer()
        prepared = prepare_batches(batches, counts)
        ordered = None if records is None else records.iloc[prepared.order]
        find = partial(self._block, prepared.columns, ordered)
        links = self.link_prepared(prepared, constraints, scorer, find)
        return replace(links, records=records, prepared=prepared)

    def link_prepared(
        self,
        prepared: Prepared,
        constraints: pd.DataFrame | None,
        scorer: Scorer,
        find: Callable[[Copies], Candidates],
    ) -> PaperLinks:
        """The same of prepared records; `find` tells the candidate pairs but for copies."""
        known = read_constraints(pd.Index(prepared.ids), constraints)
        log.info("blocking %s records", f"{len(prepared.ids):,}")
        copies = find_copies(
            prepared.digests, known, scorer.threshold, partial(scorer.score_equal, prepared.columns)
        )
        candidates = find(copies)
        give_back()  # of the keys
        scored = scorer.score(prepared.columns, candidates.i, candidates.j)
        scored = scorer.complete(prepared.columns, scored, known.must)
        log.info("clustering")
        labels = constrained_linkage(
            scored.for_clustering(),
            copies.known(known),
            scorer.threshold,
            copies.weight(len(prepared.ids)),
        )
        return _links(prepared, candidates, scored, copies, labels, scorer)

    def _block(self, columns: Columns, ordered: pd.DataFrame | None, copies: Copies) -> Candidates:
        """Candidate pairs of the records but for copies."""
        if not len(copies.rows):
            return block(columns, ordered, self._rules(), memory=self.memory_limit)
        rows = copies.others(len(columns["title"]))
        columns = {name: values[rows] for name, values in columns.items()}
        ordered = None if ordered is None else ordered.iloc[rows]
        found = block(columns, ordered, self._rules(), memory=self.memory_limit)
        return found._replace(i=rows[found.i], j=rows[found.j])

    def predict(self, records: Records) -> pd.Series[str]:
        """Series record_id -> cluster_id, in input order."""
        if self.engine is None:
            return self.link(records).clusters
        job = self._spark_job()
        from linkage.papers.spark.job import predict_on_spark

        return predict_on_spark(job, as_table(records))

    def _spark_job(self) -> PaperJob:
        if self.engine is None:
            raise InputError("found no engine, expected PaperLinker(engine=Spark(session))")
        scorer = self.scorer()
        if isinstance(scorer, EcmScorer):
            raise InputError("found the model 'ecm', which needs all pairs on one machine; "
                             "expected a trained model with the engine Spark")  # fmt: skip
        from linkage.papers.spark.job import PaperJob

        return PaperJob(self.engine, scorer, self.rules)

    def fit(self, records: Records, clusters: pd.Series[Any] | Sequence[Any]) -> Self:
        """Train on records whose true clusters are known.

        `clusters`: Series record_id -> entity, or a list with the entity of each row. The result, a
        `PairModel`, is in `model_` and serves instead of `model` from then on.
        """
        from linkage.papers.training.fit import train_papers
        from linkage.papers.training.labelled import labelled_from_clusters

        table = conform(records)
        known = labels_by_id(clusters, table["record_id"])
        self.model_ = train_papers([labelled_from_clusters("fit", table, known)], self.level)
        return self

    def fit_predict(
        self, records: Records, clusters: pd.Series[Any] | Sequence[Any] | None = None
    ) -> pd.Series[str]:
        """`predict`, after `fit` where clusters are given; without them nothing is learnt."""
        return (self if clusters is None else self.fit(records, clusters)).predict(records)

    def score(self, records: Records, clusters: pd.Series[Any] | Sequence[Any]) -> float:
        """Pairwise F1 (0 to 1) of `predict` against known clusters, as `fit` takes them.

        What `sklearn.model_selection.GridSearchCV` asks for; there take `cv=GroupKFold()` and
        `groups=clusters`, so that no paper is in two folds.
        """
        table = conform(records)
        return pairwise_f1(labels_by_id(clusters, table["record_id"]), self.predict(table))

    def compare(self, records: Records, pairs: pd.DataFrame) -> pd.DataFrame:
        """Score given pairs (columns left_id, right_id) without blocking or clustering.

        Returns `pairs` with the columns probability (0 where a veto holds) and veto added.
        Raises `InputError` when a column or a record that a pair names is not there.
        """
        scorer, prepared = self.scorer(), prepare_records(conform(records))
        scored = scorer.score(prepared.columns, *prepared.rows(pairs))
        return pairs.assign(**_decisions(scored, scorer))

    def _rules(self) -> Sequence[Any]:
        return PAPER_RULES if self.rules is None else self.rules

    def scorer(self) -> Scorer:
        """What tells of pairs whether they are the same, with the model and vetoes chosen."""
        if self.level not in LEVELS:
            raise InputError(f"found the level {self.level!r}, expected one of {', '.join(LEVELS)}")
        if self.model == "ecm" and not hasattr(self, "model_"):
            return EcmScorer(_vetoes(self.level), self._chosen_threshold(0.5))
        model = self._chosen_model(f"papers_{self.level}", "papers", FEATURE_NAMES)
        threshold = self._chosen_threshold(model.threshold)
        return PairScorer(model, _vetoes(model.level or self.level), threshold)


def link_papers(
    records: Records, model: str | PairModel | None = None, level: str = "publication"
) -> pd.Series[str]:
    """Find which records are the same paper: Series record_id -> cluster_id, in input order.

    `records`: a DataFrame, a list of dicts or an Arrow table with a column `title` and, as far as
    they are known, those of the schema; a missing value is None or NaN. `model` and `level` are
    those of `PaperLinker`. A cluster is called by the first of its record ids in plain string
    order. Raises `InputError` where the records can't be used, `ModelError` where the model can't;
    values that can't be used are told in a `SetAsideWarning`.

    Examples
    --------
    >>> linkage.link_papers(records).to_dict()
    {'a1': 'a1', 'b7': 'a1', 'a2': 'a2', 'a3': 'a3'}
    >>> linkage.link_papers([{"title": "Otters"}, {"title": "Herons"}]).tolist()
    ['row:1', 'row:2']
    """
    return PaperLinker(model, level).predict(records)


def _links(
    prepared: Prepared,
    candidates: Candidates,
    scored: Scored,
    copies: Copies,
    labels: Indices,
    scorer: Scorer,
) -> PaperLinks:
    ids = prepared.ids
    blocking = copies.reported(candidates.report)
    caps = cap_sentences(blocking, len(ids), scored, scorer.threshold)
    scored = scored.and_also(copies.scored())
    given = prepared.as_given(ids)
    clusters = prepared.as_given(_first_ids(ids, labels))
    reached = np.zeros(len(ids), dtype=bool)
    reached[candidates.i] = reached[candidates.j] = True
    reached[copies.first] = reached[copies.rows] = True
    rules = np.full(len(scored.i), "", dtype=object)
    rules[: len(candidates.i)] = candidates.rules()
    rules[len(rules) - len(copies.rows) :] = RULE
    pairs = pd.DataFrame({"left_id": ids[scored.i], "right_id": ids[scored.j]})
    return PaperLinks(
        clusters=pd.Series(clusters, pd.Index(given, name="record_id"), name="cluster_id"),
        pairs=pairs.assign(**_decisions(scored, scorer), rules=rules),
        blocking=blocking,
        unreached=sorted(ids[~reached]),
        threshold=scorer.threshold,
        band=scorer.band,
        model=scorer.model,
        caps=tuple(caps),
    )


def _vetoes(level: str) -> tuple[Veto, ...]:
    return WORK_VETOES if level == "work" else PUBLICATION_VETOES


def _first_ids(ids: NDArray[Any], labels: Indices) -> NDArray[Any]:
    """For each row the first id, in plain string order, of its cluster."""
    backwards = in_order_of_texts(ids)[::-1]
    first = np.empty(len(ids), dtype=np.int64)
    first[labels[backwards]] = backwards  # the last that is written stays
    return np.asarray(ids[first[labels]], dtype=object)


def _decisions(scored: Scored, scorer: Scorer) -> dict[str, NDArray[Any]]:
    return {
        "probability": np.where(scored.veto >= 0, 0.0, scored.probability),
        "veto": veto_names(scorer.vetoes, scored.veto),
    }
