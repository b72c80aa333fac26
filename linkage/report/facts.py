"""What goes into a report: results and scores in words, for `linkage.report.page` to print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.metadata import version

import pandas as pd
from rich.table import Table

from linkage.authors.links import AuthorLinks
from linkage.errors import Problem
from linkage.evaluation.scoring import Evaluation
from linkage.models.pair_model import PairModel
from linkage.papers.linker import PaperLinks
from linkage.report.blocking import blocking_section
from linkage.report.cards import Group, RecordPair
from linkage.report.page import ReportData
from linkage.report.records import (
    author_calls,
    paper_cards,
    paper_groups,
    paper_review,
    variant_groups,
)

Facts = Sequence[tuple[str, str]]

_SURE = 0.8  # mentions that belong to their person with less are counted
_PACKAGES = ("biblinkage", "pandas", "scikit-learn", "duckdb")
_PRINTED = ("pairwise", "b_cubed", "cluster")


def papers_report(
    records: pd.DataFrame,
    links: PaperLinks,
    run: Facts,
    set_aside: Sequence[Problem],
    model: PairModel | None = None,
) -> ReportData:
    """Report of `linkage papers`: what was merged, what is doubtful, and how blocking went.

    With `model`, the one that scored the pairs, close calls show how their scores add up.
    """
    cards = paper_cards(records)
    groups, review = paper_groups(links, cards), paper_review(records, links, cards, model)
    return ReportData(
        title="Duplicate papers",
        summary=_papers_summary(links, groups, review),
        facts=[*run, *_limits(links.threshold, links.band), *versions()],
        blocking=blocking_section(links.pairs, links.clusters.index, links.blocking),
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
