"""The report of `linkage evaluate`: scores, where they come from, and every kind of error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from linkage.models.pair_model import PairModel
from linkage.report import ReportData, ScoreSection
from linkage.report_blocking import blocking_section
from linkage.report_classes import class_tables
from linkage.report_curves import PairCurve, pair_curve
from linkage.report_errors import Evidence, LostAt, error_words, lost_at, pair_scores, pairs_of
from linkage.report_explanations import Waterfalls, model_behind, paper_waterfalls
from linkage.report_records import mention_cards, paper_cards, wrong_cards
from linkage.reporting import versions
from linkage.schema import conform
from linkage.scoring import Evaluation, wrong_pairs

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
    """
    evidence, model, facts = _settled(evidence or Evidence())
    wrong = wrong_pairs(clusters, truth, _MOST_WRONG)
    found = None if evidence.pairs is None else pair_scores(evidence.pairs, pairs_of(wrong))
    probabilities = {p: s.probability for p, s in (found or {}).items() if not s.veto}
    shown = (
        _evidence_cards(wrong, evidence),
        error_words(wrong, found, evidence),
        probabilities,
        _waterfalls(wrong, evidence, model),
    )
    about = "All ids that the gold standard names"
    return ReportData(
        title="Scores",
        summary=[_scores_summary(scores)],
        facts=[("Result", predicted), ("Gold standard", gold), *facts, *versions()],
        scores=[ScoreSection(about, f"{predicted} against {gold}", scores)],
        classes=class_tables(clusters, truth, evidence.records),
        curves=_curves(evidence, truth),
        lost=_lost(evidence, clusters, truth, scores),
        blocking=None
        if evidence.pairs is None
        else blocking_section(evidence.pairs, clusters.index, truth=truth),
        missed=wrong_cards(wrong, "missed", *shown),
        false_merges=wrong_cards(wrong, "false merge", *shown),
    )


def _settled(
    evidence: Evidence,
) -> tuple[Evidence, PairModel | None, Sequence[tuple[str, str]]]:
    """The evidence with a threshold, the model behind its pairs if it is known, and both in words.

    A threshold is settled where there are pairs only: by what was given, else by the model.
    """
    if evidence.pairs is None:
        return evidence, None, []
    model = None if evidence.records is None else model_behind(evidence.records, evidence.pairs)
    source = "given"
    threshold = evidence.threshold
    if threshold is None:
        threshold = model.threshold if model else _THRESHOLD
        source = "the model's" if model else "assumed: none was given, and the model is not known"
    name = f"papers_{model.level}" if model else "not one that ships, or its records are not given"
    facts = [("Model of the pairs", name), ("Threshold", f"{threshold:g} ({source})")]
    return replace(evidence, threshold=threshold), model, facts


def _waterfalls(wrong: pd.DataFrame, evidence: Evidence, model: PairModel | None) -> Waterfalls:
    if model is None or evidence.records is None or evidence.threshold is None:
        return {}
    return paper_waterfalls(evidence.records, model, wrong, evidence.threshold)


def _evidence_cards(wrong: pd.DataFrame, evidence: Evidence) -> dict[str, dict[str, str]]:
    ids = [*wrong["left_id"], *wrong["right_id"]]
    cards = {one: {"id": str(one)} for one in ids}
    if evidence.records is None:
        return cards
    records = conform(evidence.records)
    return cards | paper_cards(records) | mention_cards(ids, records)


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
