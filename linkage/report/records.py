"""Records, groups and pairs as the cards that a report shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from linkage.authors.links import AuthorLinks
from linkage.papers.links import PaperLinks
from linkage.records.mention_ids import read_mention_id
from linkage.records.schema import Conformed
from linkage.report.cards import SHOWN_PAIRS, Group, RecordPair
from linkage.report.waterfall import Waterfalls, mention_waterfalls, paper_waterfalls

_MOST_NAMES = 6  # authors printed of one record
_OF_A_PAPER = {"title", "authors", "date", "year", "venue"}  # shown beside an author's name
_SHOWN = (  # of a record, in this order
    *("record_id", "title", "authors", "date", "year", "venue"),
    *("volume", "number", "pages", "doi", "source"),
)


def paper_cards(records: Conformed) -> dict[str, dict[str, str]]:
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


def mention_cards(ids: Sequence[str], records: Conformed) -> dict[str, dict[str, str]]:
    """Cards of author mentions, `record_id#position`; those of other ids are left out."""
    papers = paper_cards(records)
    authors = dict(zip(records["record_id"].astype(str), records["authors"], strict=True))
    found = {}
    for one in ids:
        record, position = read_mention_id(one) or ("", 0)
        listed = authors.get(record)
        if isinstance(listed, list) and position < len(listed):
            name = {"name": str(listed[position]["name"])}
            found[one] = name | {k: v for k, v in papers[record].items() if k in _OF_A_PAPER}
    return found


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


def paper_calls(
    links: PaperLinks, review: pd.DataFrame, cards: Mapping[str, dict[str, str]]
) -> list[RecordPair]:
    """The close calls of `linkage.papers.review.review_list`, as cards.

    Those that are printed show how their scores add up, where a model gave them.
    """
    if links.model is None or links.prepared is None or review.empty:
        return _calls(review, cards, {})
    scored = links.prepared, links.model, review.head(SHOWN_PAIRS), links.threshold
    return _calls(review, cards, paper_waterfalls(*scored))


def _calls(
    table: pd.DataFrame, cards: Mapping[str, dict[str, str]], waterfalls: Waterfalls
) -> list[RecordPair]:
    """Close calls as cards; `table` has left_id, right_id, reason, probability and decision."""
    columns = ("left_id", "right_id", "reason", "probability", "decision")
    return [
        RecordPair(
            cards[left],
            cards[right],
            reason,
            probability,
            decision == "same",
            waterfalls.get(frozenset((left, right))),
            (left, right),
        )
        for left, right, reason, probability, decision in zip(
            *(table[name] for name in columns), strict=True
        )
    ]


def variant_groups(mentions: pd.DataFrame, records: Conformed) -> list[Group]:
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


def author_calls(links: AuthorLinks, review: pd.DataFrame) -> list[RecordPair]:
    """The close calls of `linkage.authors.review.author_review`, as cards of the two mentions.

    Those that are printed show how their scores add up.
    """
    cards = mention_cards([*review["left_id"], *review["right_id"]], links.records)
    return _calls(review, cards, mention_waterfalls(links, review.head(SHOWN_PAIRS)))


class KnownOfPairs(NamedTuple):
    """What is known of ids (`cards`), and of pairs of them; what is not known is left out."""

    cards: Mapping[str, dict[str, str]]
    reasons: Mapping[frozenset[str], str]
    probabilities: Mapping[frozenset[str], float]
    waterfalls: Waterfalls


def wrong_cards(wrong: pd.DataFrame, kind: str, known: KnownOfPairs) -> list[RecordPair]:
    """Pairs of one kind ("missed" or "false merge") as cards with the reason, if known.

    The errors that the model is surest of come first, and pairs that it never saw last.
    """
    rows = wrong[wrong["kind"] == kind]
    pairs = [
        RecordPair(
            known.cards[left],
            known.cards[right],
            known.reasons.get(frozenset((left, right)), ""),
            known.probabilities.get(frozenset((left, right))),
            None,
            known.waterfalls.get(frozenset((left, right))),
        )
        for left, right in zip(rows["left_id"], rows["right_id"], strict=True)
    ]
    sign = 1 if kind == "missed" else -1
    return sorted(pairs, key=lambda p: math.inf if p.probability is None else sign * p.probability)


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
