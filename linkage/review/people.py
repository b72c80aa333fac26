"""Two people as a question shows them: what each has published, and what they have in common."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from linkage.authors.mentions import author_key
from linkage.features.name_keys import read_name_key
from linkage.records.mention_ids import mention_id, read_mention_id
from linkage.review.material import Material, Question
from linkage.review.papers import record_of
from linkage.text.folding import fold

_MOST_PAPERS = 40  # of a side
_MOST_NAMES = 12  # co-authors that are drawn of a side
_MANY = 100  # authors of a paper, from which its co-authors tell nothing


class Writing(NamedTuple):
    """A paper as a list of publications shows it; `asked`: the question is about this mention."""

    mention: str
    title: str
    year: str
    venue: str
    name: str
    asked: bool


class Person(NamedTuple):
    """One side: a person, or those papers of one that might be somebody else's."""

    mentions: list[str]
    names: list[tuple[str, int]]
    papers: list[Writing]
    hidden: int
    years: str
    known: dict[str, list[str]]  # orcid, affiliation, email
    coauthors: Counter[str]
    venues: Counter[str]


class PeoplePair(NamedTuple):
    """What a question about two mentions shows; `common` names co-authors of both sides."""

    left: Person
    right: Person
    common: list[str]
    venues: list[str]
    same_orcid: bool | None  # None: not known on both sides
    drawing: list[Any]


def people_pair(material: Material, question: Question) -> PeoplePair:
    """The two sides of a question about mentions."""
    sides = material.sides(question)
    left, right = (
        person_of(material, mentions, asked)
        for mentions, asked in zip(sides, question[:2], strict=True)
    )
    common = [one for one, _ in (left.coauthors & right.coauthors).most_common()]
    venues = [one for one, _ in (left.venues & right.venues).most_common()]
    orcids = [set(one.known.get("orcid", ())) for one in (left, right)]
    same = bool(orcids[0] & orcids[1]) if all(orcids) else None
    return PeoplePair(left, right, common, venues, same, drawing(left, right, common))


def person_of(material: Material, mentions: Iterable[str], asked: str = "") -> Person:
    """What is known of some mentions taken together."""
    mentions = list(mentions)
    papers, names = [], Counter[str]()
    coauthors, venues, known = Counter[str](), Counter[str](), defaultdict[str, list[str]](list)
    for one in mentions:
        record_id, position = read_mention_id(one) or ("", 0)
        record = record_of(material, record_id)
        authors = record.get("authors") or []
        own = authors[position]
        names[str(own["name"])] += 1
        papers.append(_writing(one, record, str(own["name"]), one == asked))
        if len(authors) <= _MANY:
            coauthors.update(_others(authors, position))
        if record.get("venue"):
            venues[str(record["venue"])] += 1
        for field in ("orcid", "affiliation", "email"):
            if own.get(field) and str(own[field]) not in known[field]:
                known[field].append(str(own[field]))
    papers.sort(key=lambda one: (not one.asked, one.year or "9999", one.title))
    years = sorted(one.year for one in papers if one.year)
    span = "" if not years else years[0] if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
    listed = {name: values[:4] for name, values in known.items() if values}
    return Person(
        mentions, names.most_common(), papers[:_MOST_PAPERS], max(0, len(papers) - _MOST_PAPERS),
        span, listed, coauthors, venues,
    )  # fmt: skip


def _writing(mention: str, record: Mapping[str, Any], name: str, asked: bool) -> Writing:
    title = str(record.get("title") or record["record_id"])
    year = str(record["year"]) if record.get("year") else ""
    return Writing(mention, title, year, str(record.get("venue") or ""), name, asked)


def _others(authors: list[dict[str, Any]], position: int) -> set[str]:
    """The co-authors: family name and first initial, by which forms of one name meet."""
    found = set()
    for place, author in enumerate(authors):
        if place == position:
            continue
        if author.get("group"):
            found.add(str(author["name"]))
            continue
        name = read_name_key(author_key(author))
        family = " ".join((*name.particle, *name.family)).title() or str(author["name"])
        found.add(f"{family} {name.given[0][:1].upper()}" if name.given else family)
    return found


class Node(NamedTuple):
    """A co-author as drawn: with the left person, the right one, or both; `y` from the top."""

    name: str
    papers: int
    left: bool
    right: bool
    x: int
    y: int


def drawing(left: Person, right: Person, common: list[str]) -> list[Node]:
    """The circles of co-authors: those of the left only, of both, of the right only."""
    shared = set(common)
    columns = (
        [(name, n) for name, n in left.coauthors.most_common() if name not in shared],
        [(name, left.coauthors[name] + right.coauthors[name]) for name in common],
        [(name, n) for name, n in right.coauthors.most_common() if name not in shared],
    )
    return [
        Node(name, n, column < 2, column > 0, (150, 300, 450)[column], 30 + 24 * row)
        for column, names in enumerate(columns)
        for row, (name, n) in enumerate(names[:_MOST_NAMES])
    ]


def find_people(material: Material, words: list[str]) -> list[str]:
    """Mentions whose names hold all the words."""
    found = []
    for record_id, authors in zip(
        material.columns["record_id"], material.columns["authors"], strict=True
    ):
        for position, author in enumerate(authors or ()):
            if all(word in fold(str(author["name"])) for word in words):
                found.append(mention_id(str(record_id), position))
    return found
