"""Made-up libraries of one discipline each, with known authors: who wrote what.

For measuring speed and memory of author linking at sizes for which no labelled set exists. Family
and given names follow the law of Zipf, as do the teams' numbers of papers (`people`); how many
write a paper, how it prints their names and whether collaborations of hundreds write together is
the discipline's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.benchmarks.synthetic.draws import Draws, Flags, Ints
from linkage.benchmarks.synthetic.people import TEAM, People, authors, people
from linkage.benchmarks.synthetic.places import Places, places
from linkage.benchmarks.synthetic.records import column
from linkage.benchmarks.synthetic.titles import abstracts, language, printed, titles
from linkage.records.mention_ids import mention_id
from linkage.records.schema import RECORD_COLUMNS

_PAPERS_A_TOPIC = 500
_ACTIVE = 0.6  # of a collaboration's time, that each member stays
_PAPERS_A_COLLABORATION = 1000


class Discipline(NamedTuple):
    """How papers of one discipline are written; rates are shares of the papers.

    `team`: weights of 1, 2, ... authors. `members` and `joint`: how many people a collaboration
    has and how often one writes. `initials`: how often only those of given names are printed,
    `affiliated`: how often each author has an affiliation.
    """

    team: tuple[int, ...]
    papers_a_team: int
    initials: float
    affiliated: float
    abstract: float
    members: int = 0
    joint: float = 0.0


DISCIPLINES = {
    "mathematics": Discipline((40, 33, 17, 7, 3), 16, 0.15, 0.0, 0.5),
    "biomedicine": Discipline(
        (3, 6, 9, 12, 13, 13, 12, 10, 8, 6, 4, 2, 1, 0, 0, 1), 8, 0.5, 0.6, 0.6
    ),
    "particle physics": Discipline((10, 25, 25, 20, 10, 10), 8, 0.9, 0.0, 0.8, 1000, 0.95),
}


class _Lists(NamedTuple):
    """All papers' authors one after the other: whose list it is in, and who."""

    paper: Ints
    person: Ints


def synthetic_library(n: int, seed: int, discipline: str) -> tuple[pd.DataFrame, pd.Series[str]]:
    """`n` records in the schema of `linkage.records.schema`, and who each author mention is.

    `discipline` is one of `DISCIPLINES`. The same on every machine for one seed. The people are a
    Series mention id -> person.
    """
    kind, draws = DISCIPLINES[discipline], Draws(seed)
    n_collaborations = n // _PAPERS_A_COLLABORATION + 1 if kind.members else 0
    n_teams = max(n // kind.papers_a_team, n_collaborations * kind.members // TEAM) + 1
    team = draws.zipf(n_teams, n_teams // 5 + 1, n)
    lists = _lists(draws, kind, team, n_teams, n_collaborations)
    everybody = people(draws, n_teams, n)
    ids = [f"{seed}:{number}" for number in range(n)]
    cells: dict[str, list[Any]] = {
        "record_id": ids,
        "authors": _printed_authors(draws, kind, lists, everybody, n),
        "ids": [{} for _ in range(n)],
        "type": ["article"] * n,
        "authors_truncated": [False] * n,
        **_texts(draws, kind, team, n_teams),
    }
    missing: list[object] = [None] * n
    records = {name: column(cells.get(name, missing), name) for name in RECORD_COLUMNS}
    place = np.arange(len(lists.paper)) - np.searchsorted(lists.paper, lists.paper)
    places = zip(lists.paper.tolist(), place.tolist(), strict=True)
    mentions = pd.Index([mention_id(ids[paper], at) for paper, at in places], name="mention_id")
    person = [f"{seed}:a{number}" for number in lists.person.tolist()]
    return pd.DataFrame(records), pd.Series(person, index=mentions, name="entity", dtype=object)


def _lists(
    draws: Draws, kind: Discipline, team: Ints, n_teams: int, n_collaborations: int
) -> _Lists:
    """Teams' papers with some of the team, collaborations' with whoever is a member then."""
    n = len(team)
    persons, n_persons = authors(draws, team, n_teams, kind.team)
    paper, at = np.nonzero(np.arange(TEAM) < n_persons[:, None])
    person = persons[paper, at]
    if n_collaborations:
        joint = np.flatnonzero(draws.chance(kind.joint, n))
        own = ~np.isin(paper, joint)
        more, members = _collaborations(draws, kind, joint, n_collaborations)
        paper, person = np.append(paper[own], more), np.append(person[own], members)
    # nobody twice on one paper: a guest may be of the team
    code = np.unique(paper * (n_teams * TEAM) + person, return_index=True)[1]
    kept = np.sort(code)
    order = np.argsort(paper[kept], kind="stable")
    return _Lists(paper[kept][order], person[kept][order])


def _collaborations(
    draws: Draws, kind: Discipline, joint: Ints, n_collaborations: int
) -> tuple[Ints, Ints]:
    """The papers and the persons of all lists of the papers `joint`; numbers follow time."""
    begin = draws.below(1000, n_collaborations * kind.members).reshape(-1, kind.members)
    active = int(1000 * _ACTIVE)
    of = draws.below(n_collaborations, len(joint))
    now = np.arange(len(joint)) * 1000 // max(len(joint), 1)
    row, member = np.nonzero((now[:, None] - begin[of]) % 1000 < active)
    return joint[row], of[row] * kind.members + member


def _printed_authors(
    draws: Draws, kind: Discipline, lists: _Lists, everybody: People, n: int
) -> list[list[dict[str, Any]]]:
    """Each paper's authors; a paper prints all its given names in full, or none."""
    short: Flags = draws.chance(kind.initials, n)
    told: Flags = draws.chance(kind.affiliated, n)
    cells: list[list[dict[str, Any]]] = [[] for _ in range(n)]
    for paper, person in zip(lists.paper.tolist(), lists.person.tolist(), strict=True):
        author = _author(everybody, person, short=bool(short[paper]))
        if told[paper]:
            author["affiliation"] = f"Institute {person // TEAM}, University of {person % 997}"
        cells[paper].append(author)
    return cells


def _author(everybody: People, person: int, *, short: bool) -> dict[str, Any]:
    names = [everybody.given[person], everybody.middle[person]]
    given = " ".join(f"{name[0]}." if short else name for name in names if name)
    family = everybody.family[person]
    return {"name": f"{given} {family}", "family": family, "given": given}


def _texts(draws: Draws, kind: Discipline, team: Ints, n_teams: int) -> dict[str, list[Any]]:
    """Title, abstract, venue, year and DOI of each paper: what a team writes about is alike."""
    n = len(team)
    n_topics = n // _PAPERS_A_TOPIC + 4
    topics = draws.zipf(n_topics, n_topics, n_teams)
    lang = language(draws, 20_000, n_topics, topics)
    told = np.flatnonzero(draws.chance(kind.abstract, n))
    said = np.full(n, None, dtype=object)
    said[told] = abstracts(draws, lang, team[told], topics[team[told]])
    where: Places = places(draws, topics[team], np.arange(n), np.zeros(n, dtype=bool))
    return {
        "title": printed(lang, titles(draws, lang, team, topics[team])),
        "abstract": said.tolist(),
        "venue": [where.venues[venue].name for venue in where.venue.tolist()],
        "year": where.year.tolist(),
        "doi": [doi or None for doi in where.doi],
    }
