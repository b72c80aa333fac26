"""The report of `linkage evaluate`: scores, where they come from, and every kind of error."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from linkage.evaluation.classes import class_tables
from linkage.evaluation.curves import PairCurve, pair_curve
from linkage.evaluation.scoring import Evaluation, wrong_pairs
from linkage.evaluation.steps import Evidence, LostAt, error_words, lost_at, pair_scores, pairs_of
from linkage.models.pair_model import PairModel
from linkage.papers.batches import Prepared, prepare_records
from linkage.report.blocking import blocking_section
from linkage.report.facts import version_facts
from linkage.report.page import ReportData, ScoreSection
from linkage.report.records import KnownOfPairs, mention_cards, paper_cards, wrong_cards
from linkage.report.waterfall import Waterfalls, model_behind, paper_waterfalls

_MOST_WRONG = 200
_THRESHOLD = 0.5  # where nothing says which one was used


def evaluation_report(
    predicted: str,
    gold: str,
    clusters: pd.Series[str],
    truth: pd.Series[str] | pd.DataFrame,
    scores: Evaluation,
    evidence: Evidence | None = None,
) -> ReportData:
    """Report of `linkage evaluate`: scores, and what is wrongly together or apart.

    With `evidence`, errors show their records and say why, and the thresholds are judged. Where a
    shipped model scored the pairs, its threshold is the default, and errors show how their scores
    add up.

    Examples
    --------
    >>> scores = linkage.evaluate(papers, truth)
    >>> report = linkage.evaluation_report("ours", "gold", papers, truth, scores)
    >>> report.title
    'Scores'
    """
    settled = _settle(evidence or Evidence())
    evidence = settled.evidence
    wrong = wrong_pairs(clusters, truth, _MOST_WRONG)
    found = None if evidence.pairs is None else pair_scores(evidence.pairs, pairs_of(wrong))
    probabilities = {p: s.probability for p, s in (found or {}).items() if not s.veto}
    shown = KnownOfPairs(
        _evidence_cards(wrong, evidence),
        error_words(wrong, found, evidence),
        probabilities,
        settled.waterfalls(wrong),
    )
    about = "All ids that the gold standard names"
    return ReportData(
        title="Scores",
        summary=[_scores_summary(scores)],
        facts=[("Result", predicted), ("Gold standard", gold), *settled.facts(), *version_facts()],
        scores=[ScoreSection(about, f"{predicted} against {gold}", scores)],
        classes=class_tables(clusters, truth, evidence.records),
        curves=_curves(evidence, truth),
        lost=_lost(evidence, clusters, truth, scores),
        blocking=None
        if evidence.pairs is None
        else blocking_section(evidence.pairs, clusters.index, truth=truth),
        missed=wrong_cards(wrong, "missed", shown),
        false_merges=wrong_cards(wrong, "false merge", shown),
    )


class _Settled(NamedTuple):
    """What an evaluation goes by: the evidence with a threshold, where it comes from, the model."""

    evidence: Evidence
    source: str
    model: PairModel | None
    papers: Prepared | None

    def facts(self) -> list[tuple[str, str]]:
        """Model and threshold of the pairs, for the reader."""
        if self.evidence.pairs is None:
            return []
        shipped = f"papers_{self.model.level}" if self.model else ""
        threshold = f"{self.evidence.threshold:g} ({self.source})"
        model = shipped or "not one that ships, or its records are not given"
        return [("Model of the pairs", model), ("Threshold", threshold)]

    def waterfalls(self, wrong: pd.DataFrame) -> Waterfalls:
        """How the scores of the wrong pairs add up, where the model is known."""
        threshold = self.evidence.threshold
        if self.model is None or self.papers is None or threshold is None:
            return {}
        return paper_waterfalls(self.papers, self.model, wrong, threshold)


def _settle(evidence: Evidence) -> _Settled:
    """Find the model behind the pairs, and the threshold: the given one, else the model's."""
    pairs, records = evidence.pairs, evidence.records
    if pairs is None:
        return _Settled(evidence, "", None, None)
    papers = None if records is None else prepare_records(records)
    model = model_behind(papers, pairs) if papers else None
    if evidence.threshold is not None:
        return _Settled(evidence, "given", model, papers)
    threshold = model.threshold if model else _THRESHOLD
    source = "the model's" if model else "assumed: none was given, and the model is not known"
    return _Settled(replace(evidence, threshold=threshold), source, model, papers)


def _evidence_cards(wrong: pd.DataFrame, evidence: Evidence) -> dict[str, dict[str, str]]:
    ids = [*wrong["left_id"], *wrong["right_id"]]
    cards = {one: {"id": str(one)} for one in ids}
    if evidence.records is None:
        return cards
    return cards | paper_cards(evidence.records) | mention_cards(ids, evidence.records)


def _curves(evidence: Evidence, truth: pd.Series[str] | pd.DataFrame) -> list[PairCurve]:
    if evidence.pairs is None or evidence.threshold is None:
        return []
    curve = pair_curve("Compared pairs", evidence.pairs, truth, evidence.threshold)
    return [curve] if curve else []


def _lost(
    evidence: Evidence,
    clusters: pd.Series[str],
    truth: pd.Series[str] | pd.DataFrame,
    scores: Evaluation,
) -> list[LostAt]:
    if evidence.pairs is None or evidence.threshold is None:
        return []
    return lost_at(clusters, truth, scores, evidence.pairs, evidence.threshold)


def _scores_summary(scores: Evaluation) -> str:
    """The pairwise counts in words."""
    return (
        f"The gold standard judges {scores.n_records:,} ids. Of {scores.n_predicted_pairs:,} pairs "
        f"that were put together, {scores.n_true_pairs:,} are right; of {scores.n_gold_pairs:,} "
        f"pairs that belong together, "
        f"{scores.n_gold_pairs - scores.n_true_pairs:,} were missed. "
        f"{scores.n_left_out:,} ids of the result are not in the gold standard and do not count."
    )
