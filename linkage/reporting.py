"""What goes into a report: results and scores in words, for `linkage.report` to print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd
from rich.table import Table

from linkage.errors import Problem
from linkage.papers import PaperLinks
from linkage.report import Group, ReportData, ScoreSection, WrongPair
from linkage.scoring import Evaluation, wrong_pairs

Facts = Sequence[tuple[str, str]]

_MOST_NAMES = 6  # authors printed of one record
_MOST_WRONG = 200
_SURE = 0.8  # mentions that belong to their person with less are counted
_PACKAGES = ("biblinkage", "pandas", "scikit-learn", "duckdb")
_PRINTED = ("pairwise", "b_cubed", "cluster")
_SHOWN = (  # of a record, in this order
    *("record_id", "title", "authors", "date", "year", "venue"),
    *("volume", "number", "pages", "doi", "source"),
)


def papers_report(
    records: pd.DataFrame, links: PaperLinks, run: Facts, set_aside: Sequence[Problem]
) -> ReportData:
    """Report of `linkage papers`: what was merged, and how blocking went."""
    cards = paper_cards(records)
    n, found = len(records), links.clusters.nunique()
    summary = (
        f"{n:,} records were found to be {found:,} papers: {n - found:,} records repeat another. "
        f"{len(links.pairs):,} pairs of records were compared; {len(links.unreached):,} records "
        f"are like no other."
    )
    facts = [*run, ("Threshold", f"{links.threshold:g}"), *versions()]
    return ReportData(
        title="Duplicate papers",
        summary=[summary],
        facts=facts,
        blocking=links.blocking,
        groups=groups_of(links.clusters, cards),
        set_aside=set_aside,
    )


def authors_report(
    records: pd.DataFrame, mentions: pd.DataFrame, run: Facts, set_aside: Sequence[Problem]
) -> ReportData:
    """Report of `linkage authors`: the persons found, those written in several ways first."""
    spellings = mentions.groupby("author_id")["name"].nunique()
    summary = (
        f"{len(mentions):,} author mentions on {len(records):,} records were found to be "
        f"{len(spellings):,} persons; {int((spellings > 1).sum()):,} of them are written in more "
        f"than one way."
    )
    return ReportData(
        title="Who is who",
        summary=[summary, *_doubts(mentions)],
        facts=[*run, *versions()],
        groups=variant_groups(mentions, records),
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
) -> ReportData:
    """Report of `linkage evaluate`: scores, and which ids are wrongly together or apart."""
    wrong = wrong_pairs(clusters, truth, _MOST_WRONG)
    cards = {one: {"id": one} for one in clusters.index}
    return ReportData(
        title="Scores",
        facts=[("Result", predicted), ("Gold standard", gold), *versions()],
        scores=[
            ScoreSection(
                "All ids that the gold standard names", f"{predicted} against {gold}", scores
            )
        ],
        missed=wrong_cards(wrong, "missed", cards, {}),
        false_merges=wrong_cards(wrong, "false merge", cards, {}),
    )


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


def paper_cards(records: pd.DataFrame) -> dict[str, dict[str, str]]:
    """What a reader sees of each record: record_id -> field -> text."""
    missing = [None] * len(records)
    columns = [records[name].tolist() if name in records else missing for name in _SHOWN]
    return {str(row[0]): _card(row) for row in zip(*columns, strict=True)}


def _card(row: Sequence[Any]) -> dict[str, str]:
    card = {
        name: _names(value) if name == "authors" else str(value)
        for name, value in zip(_SHOWN, row, strict=True)
        if _known(value)
    }
    if "year" in card and card.get("date", "").startswith(card["year"]):
        del card["year"]  # the date says it
    return card


def groups_of(clusters: pd.Series[str], cards: dict[str, dict[str, str]]) -> list[Group]:
    """Clusters of two or more, as groups of cards."""
    members = clusters.index.to_series().groupby(clusters.to_numpy(), sort=True).agg(list)
    return [
        Group(str(name), [cards[i] for i in ids]) for name, ids in members.items() if len(ids) > 1
    ]


def variant_groups(mentions: pd.DataFrame, records: pd.DataFrame) -> list[Group]:
    """Persons written in several ways: one card a spelling, with the papers that print it."""
    titles = dict(zip(records["record_id"], records["title"], strict=True))
    groups = []
    for person, rows in mentions.groupby("author_id", sort=True):
        spellings = rows.groupby("name", sort=True)["record_id"].agg(list)
        if len(spellings) > 1:
            cards = [
                {"name": name, "papers": _papers([str(titles[i] or i) for i in ids])}
                for name, ids in spellings.items()
            ]
            groups.append(Group(str(person), cards, "spelling"))
    return groups


def wrong_cards(
    wrong: pd.DataFrame,
    kind: str,
    cards: dict[str, dict[str, str]],
    reasons: dict[frozenset[str], str],
) -> list[WrongPair]:
    """Pairs of one kind ("missed" or "false merge") as cards with the reason, if known."""
    rows = wrong[wrong["kind"] == kind]
    return [
        WrongPair(cards[left], cards[right], reasons.get(frozenset((left, right)), ""))
        for left, right in zip(rows["left_id"], rows["right_id"], strict=True)
    ]


def why_apart(links: PaperLinks, wrong: pd.DataFrame) -> dict[frozenset[str], str]:
    """For each pair in `wrong` the step at which linking put it together or kept it apart."""
    keys = zip(links.pairs["left_id"], links.pairs["right_id"], strict=True)
    scored = zip(links.pairs["probability"], links.pairs["veto"], strict=True)
    found = dict(zip(map(frozenset, keys), scored, strict=True))
    wanted = map(frozenset, zip(wrong["left_id"], wrong["right_id"], strict=True))
    return {pair: _reason(found.get(pair), links.threshold) for pair in wanted}


def _reason(scored: tuple[float, str] | None, threshold: float) -> str:
    if scored is None:
        return "No blocking rule paired the two, so they were never compared."
    probability, veto = scored
    if veto:
        return f"Kept apart by the rule {veto.replace('_', ' ')}."
    side = "over" if probability >= threshold else "under"
    return f"Probability {probability:.3f}, {side} the threshold {threshold:g}."


def _names(authors: Sequence[dict[str, str]]) -> str:
    names = [author["name"] for author in authors[:_MOST_NAMES]]
    more = len(authors) - _MOST_NAMES
    return "; ".join(names) + (f" and {more:,} more" if more > 0 else "")


def _papers(titles: list[str]) -> str:
    titles = list(dict.fromkeys(titles))  # one paper may stand in several records
    more = len(titles) - _MOST_NAMES
    return "; ".join(titles[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")


def _known(value: Any) -> bool:
    return bool(value) if isinstance(value, list) else value is not None and not pd.isna(value)
