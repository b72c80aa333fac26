"""What goes into a report: results and scores in words, for `linkage.report` to print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.metadata import version

import pandas as pd
from rich.table import Table

from linkage.author_links import AuthorLinks
from linkage.errors import Problem
from linkage.papers import PaperLinks
from linkage.report import ReportData, ScoreSection
from linkage.report_cards import Group, RecordPair
from linkage.report_curves import PairCurve, pair_curve
from linkage.report_errors import Evidence, error_words, pair_scores
from linkage.report_records import (
    author_calls,
    groups_of,
    mention_cards,
    paper_cards,
    paper_groups,
    paper_review,
    variant_groups,
    wrong_cards,
)
from linkage.schema import conform
from linkage.scoring import Evaluation, wrong_pairs

__all__ = [
    "Evidence",
    "authors_report",
    "evaluation_report",
    "groups_of",
    "paper_cards",
    "papers_report",
    "score_table",
    "variant_groups",
    "versions",
    "why_apart",
    "wrong_cards",
]

Facts = Sequence[tuple[str, str]]

_MOST_WRONG = 200
_SURE = 0.8  # mentions that belong to their person with less are counted
_PACKAGES = ("biblinkage", "pandas", "scikit-learn", "duckdb")
_PRINTED = ("pairwise", "b_cubed", "cluster")


def papers_report(
    records: pd.DataFrame, links: PaperLinks, run: Facts, set_aside: Sequence[Problem]
) -> ReportData:
    """Report of `linkage papers`: what was merged, what is doubtful, and how blocking went."""
    cards = paper_cards(records)
    groups, review = paper_groups(links, cards), paper_review(records, links, cards)
    return ReportData(
        title="Duplicate papers",
        summary=_papers_summary(links, groups, review),
        facts=[*run, *_limits(links.threshold, links.band), *versions()],
        blocking=links.blocking,
        unreached=[cards[one] for one in links.unreached],
        groups=groups,
        review=review,
        set_aside=set_aside,
    )


def _limits(threshold: float, band: tuple[float, float]) -> list[tuple[str, str]]:
    low, high = band
    return [("Threshold", f"{threshold:g}"), ("Close calls", f"from {low:g} to {high:g}")]


def _papers_summary(
    links: PaperLinks, groups: Sequence[Group], review: Sequence[RecordPair]
) -> list[str]:
    n, found = len(links.clusters), links.clusters.nunique()
    vetoes = links.pairs["veto"][links.pairs["veto"] != ""]
    most = f' (most often "{vetoes.mode()[0].replace("_", " ")}")' if len(vetoes) else ""
    same = sum(bool(pair.together) for pair in review)
    found_words = (
        f"{n:,} records were found to be {found:,} papers: {n - found:,} records repeat "
        f"another, in {len(groups):,} groups. {len(links.pairs):,} pairs of records were compared; "
        f"rules{most} kept {len(vetoes):,} of them apart whatever the score, and"
        f" {len(links.unreached):,} records share too little with any other to be "
        f"compared at all."
    )
    if not review:
        return [found_words, "No pair is a close call."]
    return [
        found_words,
        f"{len(review):,} pairs are close calls and deserve a look: {same:,} of them were taken to "
        f"be the same paper, {len(review) - same:,} were kept apart.",
    ]


def authors_report(
    records: pd.DataFrame,
    mentions: pd.DataFrame,
    run: Facts,
    set_aside: Sequence[Problem],
    links: AuthorLinks | None = None,
) -> ReportData:
    """Report of `linkage authors`: the persons found, those written in several ways first.

    With `links`, what `mentions` came from, the close calls are shown, too.
    """
    spellings = mentions.groupby("author_id")["name"].nunique()
    summary = (
        f"{len(mentions):,} author mentions on {len(records):,} records were found to be "
        f"{len(spellings):,} persons; {int((spellings > 1).sum()):,} of them are written in more "
        f"than one way."
    )
    return ReportData(
        title="Who is who",
        summary=[summary, *_doubts(mentions)],
        facts=[*run, *(_limits(links.threshold, links.band) if links else []), *versions()],
        groups=variant_groups(mentions, records),
        review=author_calls(records, links) if links else [],
        set_aside=set_aside,
    )


def _doubts(mentions: pd.DataFrame) -> list[str]:
    """How sure the assignments are, where the table says so."""
    if "probability" not in mentions or mentions["probability"].isna().all():
        return []
    sure = mentions["probability"].dropna()
    return [
        f"A mention belongs to its person with a probability of {sure.mean():.3f} on average; "
        f"{int((sure < _SURE).sum()):,} of {len(sure):,} mentions of persons that are named twice "
        f"or more stay under {_SURE:g} and deserve a look (linkage authors --review)."
    ]


def evaluation_report(
    predicted: str,
    gold: str,
    clusters: pd.Series[str],
    truth: pd.Series[str] | pd.DataFrame,
    scores: Evaluation,
    evidence: Evidence | None = None,
) -> ReportData:
    """Report of `linkage evaluate`: scores, and what is wrongly together or apart.

    With `evidence`, errors show their records and say why, and the thresholds are judged.
    """
    evidence = evidence or Evidence()
    wrong = wrong_pairs(clusters, truth, _MOST_WRONG)
    found = None if evidence.pairs is None else pair_scores(evidence.pairs, _pairs_of(wrong))
    words = error_words(wrong, found, evidence)
    cards = _evidence_cards(wrong, evidence)
    probabilities = {p: s.probability for p, s in (found or {}).items() if not s.veto}
    return ReportData(
        title="Scores",
        summary=[_scores_summary(scores)],
        facts=[("Result", predicted), ("Gold standard", gold), *versions()],
        scores=[
            ScoreSection(
                "All ids that the gold standard names", f"{predicted} against {gold}", scores
            )
        ],
        curves=_curves(evidence, truth),
        missed=wrong_cards(wrong, "missed", cards, words, probabilities),
        false_merges=wrong_cards(wrong, "false merge", cards, words, probabilities),
    )


def _evidence_cards(wrong: pd.DataFrame, evidence: Evidence) -> dict[str, dict[str, str]]:
    ids = [*wrong["left_id"], *wrong["right_id"]]
    cards = {one: {"id": str(one)} for one in ids}
    if evidence.records is None:
        return cards
    records = conform(evidence.records)
    return cards | paper_cards(records) | mention_cards(ids, records)


def _curves(evidence: Evidence, truth: pd.Series[str] | pd.DataFrame) -> list[PairCurve]:
    if evidence.pairs is None:
        return []
    threshold = 0.5 if evidence.threshold is None else evidence.threshold
    curve = pair_curve("Compared pairs", evidence.pairs, truth, threshold)
    return [curve] if curve else []


def _scores_summary(scores: Evaluation) -> str:
    """The pairwise counts in words."""
    return (
        f"The gold standard judges {scores.n_records:,} ids. Of {scores.n_predicted_pairs:,} pairs "
        f"that were put together, {scores.n_true_pairs:,} are right; of {scores.n_gold_pairs:,} "
        f"pairs that belong together, "
        f"{scores.n_gold_pairs - scores.n_true_pairs:,} were missed. "
        f"{scores.n_left_out:,} ids of the result are not in the gold standard and do not count."
    )


def _pairs_of(wrong: pd.DataFrame) -> set[frozenset[str]]:
    return set(map(frozenset, zip(wrong["left_id"], wrong["right_id"], strict=True)))


def score_table(title: str, scores: Evaluation) -> Table:
    """The main measures with their 95 % intervals, for a terminal; "–" where undefined.

    Measures that the gold standard leaves undefined throughout (labelled pairs say nothing of
    whole clusters) are left out.
    """
    table = Table(title=title, title_justify="left")
    for column in ("measure", "precision", "recall", "F1", "F1, 95 % interval"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    for measure in _PRINTED:
        values = [getattr(scores, f"{measure}_{part}") for part in ("precision", "recall", "f1")]
        low, high = scores.intervals.get(f"{measure}_f1", (math.nan, math.nan))
        if not all(map(math.isnan, values)):
            spread = "–" if math.isnan(low) else f"{low:.4f}-{high:.4f}"
            table.add_row(measure.replace("_", "-"), *map(_score, values), spread)
    return table


def _score(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.4f}"


def versions() -> list[tuple[str, str]]:
    """Versions of this package and of those that decide results."""
    return [("Versions", ", ".join(f"{name} {version(name)}" for name in _PACKAGES))]


def why_apart(
    links: PaperLinks, wrong: pd.DataFrame, records: pd.DataFrame | None = None
) -> dict[frozenset[str], str]:
    """For each pair in `wrong` the step at which linking put it together or kept it apart.

    With `records`, also what the two agree and differ in.
    """
    evidence = Evidence(records, links.pairs, links.threshold)
    return error_words(wrong, pair_scores(links.pairs, _pairs_of(wrong)), evidence)
