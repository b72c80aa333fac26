"""What goes into a report: results and scores in words, for `linkage.report` to print."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd
from rich.table import Table

from linkage.errors import Problem
from linkage.papers import PaperLinks
from linkage.report import ReportData, ScoreSection
from linkage.report_cards import Group, RecordPair
from linkage.review import review_list
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
    vetoed = int((links.pairs["veto"] != "").sum())
    same = sum(bool(pair.together) for pair in review)
    found_words = (
        f"{n:,} records were found to be {found:,} papers: {n - found:,} records repeat "
        f"another, in {len(groups):,} groups. {len(links.pairs):,} pairs of records were compared; "
        f'rules such as "another part of the title" kept {vetoed:,} of them apart whatever the '
        f"score, and {len(links.unreached):,} records share too little with any other to be "
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


def groups_of(
    clusters: pd.Series[str],
    cards: Mapping[str, dict[str, str]],
    doubts: Mapping[str, str] | None = None,
) -> list[Group]:
    """Clusters of two or more, as groups of cards; `doubts` says in words which deserve a look."""
    members = clusters.index.to_series().groupby(clusters.to_numpy(), sort=True).agg(list)
    return [
        Group(str(name), [cards[i] for i in ids], doubt=(doubts or {}).get(str(name), ""))
        for name, ids in members.items()
        if len(ids) > 1
    ]


def paper_groups(links: PaperLinks, cards: Mapping[str, dict[str, str]]) -> list[Group]:
    """The groups that linking found; one with a pair under the band's upper end is doubtful."""
    left, right = (links.pairs[side].map(links.clusters) for side in ("left_id", "right_id"))
    lowest = links.pairs["probability"][left == right].groupby(left[left == right]).min()
    doubtful = lowest[lowest < links.band[1]]
    words = {str(name): f"least alike pair: {value:.3f}" for name, value in doubtful.items()}
    return groups_of(links.clusters, cards, words)


def paper_review(
    records: pd.DataFrame, links: PaperLinks, cards: Mapping[str, dict[str, str]]
) -> list[RecordPair]:
    """The pairs of `linkage.review.review_list`, as cards."""
    table = review_list(records, links)
    columns = ("left_id", "right_id", "reason", "probability", "decision")
    return [
        RecordPair(cards[left], cards[right], reason, probability, decision == "same")
        for left, right, reason, probability, decision in zip(
            *(table[name] for name in columns), strict=True
        )
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
    cards: Mapping[str, dict[str, str]],
    reasons: Mapping[frozenset[str], str],
    probabilities: Mapping[frozenset[str], float] | None = None,
) -> list[RecordPair]:
    """Pairs of one kind ("missed" or "false merge") as cards with the reason, if known.

    With `probabilities` the errors that the model is surest of come first, and pairs that it never
    saw last.
    """
    rows = wrong[wrong["kind"] == kind]
    pairs = [
        RecordPair(
            cards[left],
            cards[right],
            reasons.get(frozenset((left, right)), ""),
            (probabilities or {}).get(frozenset((left, right))),
        )
        for left, right in zip(rows["left_id"], rows["right_id"], strict=True)
    ]
    sign = 1 if kind == "missed" else -1
    return sorted(pairs, key=lambda p: math.inf if p.probability is None else sign * p.probability)


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
