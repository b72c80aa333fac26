"""The demo: the whole job on the gold set's real records, scored."""

from __future__ import annotations

import time
from typing import NamedTuple

import pandas as pd

from linkage import gold
from linkage.authors.linker import AuthorLinker
from linkage.authors.links import AuthorLinks
from linkage.authors.review import author_review
from linkage.authors.words import names_in_words
from linkage.evaluation.classes import ClassTable, class_tables
from linkage.evaluation.curves import pair_curve
from linkage.evaluation.scoring import Evaluation, evaluate, wrong_pairs
from linkage.evaluation.steps import pair_scores, why_apart
from linkage.models import PairModel, load_model
from linkage.papers.linker import PaperLinker
from linkage.papers.links import PaperLinks
from linkage.papers.review import review_list
from linkage.records.mention_ids import mention_ids
from linkage.report.blocking import blocking_section
from linkage.report.cards import RecordPair
from linkage.report.facts import version_facts
from linkage.report.page import ReportData, ScoreSection
from linkage.report.records import (
    KnownOfPairs,
    author_calls,
    paper_calls,
    paper_cards,
    paper_groups,
    variant_groups,
    wrong_cards,
)
from linkage.report.waterfall import mention_waterfalls, paper_waterfalls
from linkage.tables.clusterings import mention_clustering

_MOST_WRONG = 500
_LEVEL = "work"  # the gold set joins version_facts of one work, whatever their dates


Cards = dict[str, dict[str, str]]  # id -> field -> text


class Demo(NamedTuple):
    """What came out: scores by what is scored, the hard pairs that came out right, the report."""

    scores: dict[str, Evaluation]
    hard_pairs: dict[bool, list[bool]]
    report: ReportData


def run_demo() -> Demo:
    """Link the papers and the authors of the gold set with the shipped models, and score both."""
    started = time.monotonic()
    links = PaperLinker(level=_LEVEL).link(gold.load_records())
    people = AuthorLinker().link_conformed(links.kept_records())
    return _told(links, people, time.monotonic() - started)


_NEXT = [
    ("Link records of your own: who is who, and what is the same paper.",
     "linkage link INPUT... -o both/"),
    ("Decide close calls such as those below in the browser, by keys.",
     "linkage review INPUT... -o decisions.csv"),
]  # fmt: skip


def _told(links: PaperLinks, author_links: AuthorLinks, seconds: float) -> Demo:
    records, mentions = author_links.records, author_links.people_as_given()
    papers, people = gold.load_papers(), mention_clustering(gold.load_mentions())
    persons = mention_clustering(mentions)
    paper_scores = evaluate(links.clusters, papers, candidates=links.pairs)
    people_scores = evaluate(persons, people)
    cards, names = paper_cards(records), _mention_cards(mentions, records)
    wrong = [
        _wrong_papers(links, papers, cards),
        _wrong_people(author_links, wrong_pairs(persons, people, _MOST_WRONG), names),
    ]
    notes = {
        "Papers": f"{len(records):,} records. " + _training(f"papers_{_LEVEL}"),
        "Authors": f"{people_scores.n_records:,} author mentions. " + _training("authors"),
    }
    curves = [
        pair_curve("Papers", links.pairs, papers, links.threshold),
        pair_curve("Authors", author_links.pairs_table(), people, author_links.threshold),
    ]
    report = ReportData(
        title="Four author pages, linked and scored",
        summary=[_summary(records, links, mentions)],
        next_steps=_NEXT,
        facts=[("Records", f"{len(records):,}"), ("Seconds", f"{seconds:.1f}"), *version_facts()],
        scores=[
            ScoreSection("Papers", notes["Papers"], paper_scores),
            ScoreSection("Authors", notes["Authors"], people_scores),
        ],
        classes=[
            *_named("Papers", class_tables(links.clusters, papers, records)),
            *_named("Authors", class_tables(persons, people, records)),
        ],
        blocking=blocking_section(links.pairs, links.clusters.index, links.blocking, papers),
        unreached=[cards[one] for one in links.unreached],
        curves=[curve for curve in curves if curve],
        review=[
            pair._replace(ids=None)  # of papers and people: no one table could take both
            for pair in (
                *paper_calls(links, review_list(links), cards),
                *author_calls(author_links, author_review(author_links)),
            )
        ],
        groups=[*paper_groups(links, cards), *variant_groups(mentions, records)],
        missed=[pair for some in wrong for pair in some.missed],
        false_merges=[pair for some in wrong for pair in some.merged],
    )
    scores = {
        f"Papers. {notes['Papers']}": paper_scores,
        f"Authors. {notes['Authors']}": people_scores,
    }
    return Demo(scores, _hard_pairs(persons), report)


class _Wrong(NamedTuple):
    """Pairs that came out wrong, as cards."""

    missed: list[RecordPair]
    merged: list[RecordPair]


def _wrong_papers(links: PaperLinks, papers: pd.Series[str], cards: Cards) -> _Wrong:
    wrong = wrong_pairs(links.clusters, papers, _MOST_WRONG)
    assert links.prepared is not None  # noqa: S101  `link` keeps it
    assert links.model is not None  # noqa: S101  nor was it "ecm"
    shown = KnownOfPairs(
        cards,
        why_apart(links, wrong),
        _probabilities(wrong, links.pairs),
        paper_waterfalls(links.prepared, links.model, wrong, links.threshold),
    )
    return _Wrong(*(wrong_cards(wrong, kind, shown) for kind in ("missed", "false merge")))


def _wrong_people(links: AuthorLinks, wrong: pd.DataFrame, names: Cards) -> _Wrong:
    shown = KnownOfPairs(
        names,
        _about_names(wrong, names),
        _probabilities(wrong, links.pairs_table()),
        mention_waterfalls(links, wrong),
    )
    return _Wrong(*(wrong_cards(wrong, kind, shown) for kind in ("missed", "false merge")))


def _probabilities(wrong: pd.DataFrame, pairs: pd.DataFrame) -> dict[frozenset[str], float]:
    """What the model says of each wrong pair that it saw and that no rule decided."""
    wanted = set(map(frozenset, zip(wrong["left_id"], wrong["right_id"], strict=True)))
    scores = pair_scores(pairs, wanted)
    return {pair: score.probability for pair, score in scores.items() if not score.veto}


def _named(what: str, tables: list[ClassTable]) -> list[ClassTable]:
    return [t._replace(name=f"{what} {t.name[0].lower()}{t.name[1:]}") for t in tables]


def _about_names(
    wrong: pd.DataFrame, names: dict[str, dict[str, str]]
) -> dict[frozenset[str], str]:
    """For each wrong pair of mentions, what their names alone say."""
    pairs = zip(wrong["left_id"], wrong["right_id"], strict=True)
    return {
        frozenset(pair): names_in_words(*(names[one]["name"] for one in pair)) for pair in pairs
    }


def _summary(records: pd.DataFrame, links: PaperLinks, mentions: pd.DataFrame) -> str:
    return (
        f"Four publication pages list {len(records):,} records; they were found to be "
        f"{links.clusters.nunique():,} papers. Their {len(mentions):,} author mentions were found "
        f"to be {mentions['author_id'].nunique():,} persons. Below: how right that is, measured "
        f"against labels made by reading every page and name, and every error."
    )


def _training(name: str) -> str:
    """How the scores came about, out of the model's own words."""
    model: PairModel = load_model(name)
    sets = ", ".join(model.about.get("training_sets", []))
    return (
        f"End to end: blocking, scoring and clustering. The model was trained on other, public "
        f"data ({sets}), never on these pages; but its errors on them were read while it was built."
    )


def _hard_pairs(persons: pd.Series[str]) -> dict[bool, list[bool]]:
    """Of the hand-picked pairs of one person (True) and of two (False): which came out right."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for pair in gold.load_hard_pairs():
        if pair["same"] is not None:
            left, right_id = mention_ids(pd.DataFrame([pair["left"], pair["right"]]))
            together = persons[left] == persons[right_id]
            right[pair["same"]].append(together == pair["same"])
    return right


def _mention_cards(mentions: pd.DataFrame, records: pd.DataFrame) -> dict[str, dict[str, str]]:
    titles = records.set_index("record_id")["title"]
    printed = zip(mentions["name"], mentions["record_id"].map(titles), strict=True)
    return {
        one: {"name": name, "paper": str(title)}
        for one, (name, title) in zip(mention_ids(mentions), printed, strict=True)
    }
