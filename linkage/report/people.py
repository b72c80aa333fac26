"""The page of people: a profile each, with a search box."""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from linkage.authors.profiles import (
    PROFILE_COLUMNS,
    Papers,
    ProfilePaper,
    papers_of_records,
)
from linkage.records.mention_ids import mention_id
from linkage.records.schema import conform
from linkage.report.coauthors import CoauthorGraph, coauthor_graph
from linkage.report.page import template_file, templates
from linkage.tables.files import whole_file
from linkage.text.folding import fold

SHOWN = 5000  # people with a card of their own; the rest is found by the search box
_SHOWN_PAPERS, _SHOWN_OTHERS = 200, 30  # of one person
_FOUND_TITLES = 5  # of a person without a card, where no answers are asked for
_SHOWN_VENUES = 4  # of a year
_MOST_YEARS = 120  # that a timeline spans
_LEAST_PAPERS = 3  # of a person, from which co-authors are drawn
_LEAST_YEARS = 3  # papers with a year, from which a timeline tells something


def write_page(
    path: str | os.PathLike[str], table: pd.DataFrame, records: pd.DataFrame, summary: str = ""
) -> None:
    """Write `profiles` of the people of `records` as one HTML page, whole or not at all.

    Examples
    --------
    >>> people = linkage.author_profiles(records, linkage.link_authors(records))
    >>> linkage.write_people_page("people.html", people, records)
    >>> from pathlib import Path
    >>> Path("people.html").read_text(encoding="utf-8")[:15]
    '<!doctype html>'
    """
    write_people(path, table, papers_of_records(conform(records)), summary)


def write_people(
    path: str | os.PathLike[str],
    table: pd.DataFrame,
    of_record: Papers,
    summary: str,
    people: pd.DataFrame | None = None,
) -> None:
    """Write profiles as one HTML page with a search box, whole or not at all.

    `of_record` is what `papers_of_records` gives, `summary` a line above them. With `people`, the
    mentions (record_id, position, author_id) of `everyone`, a person can say "not mine" and "mine,
    too", which is saved as a table of constraints.
    """
    mentions = _mentions(people, of_record)
    authors = _authors_of_papers(table, of_record, people)
    script = template_file("people.js")
    papers = {paper["id"]: paper for paper in of_record.values()}
    first = {record_id: paper["id"] for record_id, paper in of_record.items()}
    shown = table.head(SHOWN)
    page = (
        templates(template_file)
        .get_template("people.html")
        .render(
            people=[
                _shown(row, papers, first, mentions) | {"graph": _graph(row, first, authors)}
                for row in shown.to_dict("records")
            ],
            linked=set(shown["author_id"]),
            others=[
                _found(row, papers, first, mentions) for row in table[SHOWN:].to_dict("records")
            ],
            answers=people is not None,
            total=len(table),
            summary=summary,
            script=Markup(script),  # noqa: S704  our own file
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )
    with whole_file(path) as stream:
        stream.write(page.encode("utf-8", errors="replace"))


_Mentions = Mapping[tuple[str, str], list[str]]


def _mentions(people: pd.DataFrame | None, of_record: Papers) -> _Mentions:
    """Person and paper -> the person's mentions on the records of that paper."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    if people is not None:
        columns = (people[name] for name in ("author_id", "record_id", "position"))
        for person, record_id, position in zip(*columns, strict=True):
            paper = of_record[record_id]["id"]
            found[str(person), paper].append(mention_id(record_id, position))
    return found


def _authors_of_papers(
    table: pd.DataFrame, of_record: Papers, people: pd.DataFrame | None
) -> Mapping[str, set[str]]:
    """Paper -> ids of its authors, those without a profile, too, if `people` has them."""
    found: dict[str, set[str]] = defaultdict(set)
    for person, records in zip(table["author_id"], table["record_ids"], strict=True):
        for record_id in records:
            found[of_record[record_id]["id"]].add(str(person))
    if people is not None:
        for person, record_id in zip(people["author_id"], people["record_id"], strict=True):
            found[of_record[record_id]["id"]].add(str(person))
    return found


def _graph(
    row: Mapping[Hashable, Any], first: Mapping[str, str], authors: Mapping[str, set[str]]
) -> CoauthorGraph | None:
    own = {first[record_id] for record_id in row["record_ids"]}
    if len(own) < _LEAST_PAPERS:
        return None
    circles = [sorted({first[record_id] for record_id in circle}) for circle in row["circles"]]
    return coauthor_graph(
        row["coauthors"], {one: sorted(authors[one]) for one in sorted(own)}, circles
    )


def _found(
    row: Mapping[Hashable, Any],
    papers: Mapping[str, ProfilePaper],
    first: Mapping[str, str],
    mentions: _Mentions,
) -> list[Any]:
    """A person without a card: id, name, papers, years, other spellings, papers.

    Of each paper the title and the person's mentions; only some, where nobody can answer.
    """
    person = str(row["author_id"])
    own = list(dict.fromkeys(first[i] for i in row["record_ids"]))
    own = own[: _SHOWN_PAPERS if mentions else _FOUND_TITLES]
    titles = [(str(papers[one]["title"] or one), mentions.get((person, one), [])) for one in own]
    names = [v["name"] for v in row["variants"] if v["name"] != row["name"]]
    return [row["author_id"], row["name"], int(row["papers"]), _years(row), names, titles]


def _years(row: Mapping[Hashable, Any]) -> str:
    years = [row["first_year"], row["last_year"]]
    return "" if _is_unknown(years[0]) else "–".join(map(str, dict.fromkeys(years)))


def _timeline(own: Sequence[ProfilePaper]) -> list[dict[str, Any]]:
    """Papers a year, from the first to the last, as bars: year, n, height as a share, venues."""
    years = Counter(int(paper["year"]) for paper in own if paper["year"])
    venues: dict[int, Counter[str]] = defaultdict(Counter)
    for paper in own:
        if paper["year"] and paper["venue"]:
            venues[int(paper["year"])][str(paper["venue"])] += 1
    if years.total() < _LEAST_YEARS:
        return []
    first, last, most = min(years), max(years), max(years.values())
    if last - first > _MOST_YEARS:
        return []
    return [
        {
            "year": year,
            "n": years[year],
            "height": years[year] / most,
            "venues": [venue for venue, _ in venues[year].most_common(_SHOWN_VENUES)],
        }
        for year in range(first, last + 1)
    ]


def _shown(
    row: Mapping[Hashable, Any],
    papers: Mapping[str, ProfilePaper],
    first: Mapping[str, str],
    mentions: _Mentions,
) -> dict[str, Any]:
    """What the page prints of one person, the newest papers first."""
    own = [papers[one] for one in dict.fromkeys(first[i] for i in row["record_ids"])]
    own.sort(key=lambda paper: (-(paper["year"] or 0), str(paper["title"])))
    shown = {name: None if _is_unknown(row[name]) else row[name] for name in PROFILE_COLUMNS[-3:]}
    return {
        **{str(name): value for name, value in row.items()},
        **shown,
        "years": _years(row),
        "timeline": _timeline(own),
        "circles": [
            {"papers": len(circle), "example": papers[first[circle[0]]]["title"]}
            for circle in row["circles"]
        ],
        "titles": [
            {**paper, "mentions": mentions.get((str(row["author_id"]), paper["id"]), [])}
            for paper in own[:_SHOWN_PAPERS]
        ],
        "hidden_titles": max(0, len(own) - _SHOWN_PAPERS),
        "coauthors": row["coauthors"][:_SHOWN_OTHERS],
        "hidden_coauthors": max(0, len(row["coauthors"]) - _SHOWN_OTHERS),
        "venues": row["venues"][:_SHOWN_OTHERS],
        "found_by": fold(" ".join([row["name"], *(v["name"] for v in row["variants"])])),
    }


def _is_unknown(value: Any) -> bool:
    return bool(pd.isna(value))
