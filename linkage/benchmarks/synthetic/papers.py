"""Made-up papers as they truly are, before anybody has typed them in.

Some are hard to tell from others: further parts, follow-ups with nearly the same title, corrections
and replies, editorials called "Editorial".
"""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

import numpy as np

from linkage.benchmarks.synthetic.draws import Draws, Ints
from linkage.benchmarks.synthetic.people import People, authors, people
from linkage.benchmarks.synthetic.places import Places, places
from linkage.benchmarks.synthetic.titles import (
    GENERIC,
    abstracts,
    changed,
    language,
    printed,
    taken,
    titles,
)

_PAPERS_A_TEAM = 6
_PLAIN, _GENERIC, _PART, _FOLLOW_UP, _NOTE = range(5)
_OFFSHOOTS = 20  # one paper in so many goes on from another: a part, a follow-up, a note on it
_PARTS = (("Part I", "Part II"), ("part 1", "part 2"), ("I", "II"), ("Part A", "Part B"))
_ABOUT = ("Erratum: {}", "Correction to: {}", "Reply to: {}", "Comment on: {}")


class Papers(NamedTuple):
    """One entry a paper, but `people`.

    `authors`: numbers of people, valid up to `n_authors`. `abstracts`: "" where there is none.
    """

    titles: list[str]
    abstracts: list[str]
    authors: Ints
    n_authors: Ints
    people: People
    places: Places


def invent_papers(draws: Draws, n: int) -> Papers:
    """`n` papers; words, names, teams and venues grow in number with `n`, most slower than it."""
    n_teams, n_topics = n // _PAPERS_A_TEAM + 1, isqrt(n) // 4 + 4
    topics = draws.zipf(n_topics, n_topics, n_teams)
    lang = language(draws, 3000 + 120 * isqrt(n), n_topics, topics)
    origin, kind = _kinds(draws, n)
    team = draws.zipf(n_teams, n_teams // 5 + 1, n)[origin]
    made = taken(titles(draws, lang, team, topics[team]), origin)
    texts = printed(lang, changed(draws, lang, made, kind == _FOLLOW_UP))
    persons, n_persons = (part[origin] for part in authors(draws, team, n_teams))
    n_persons = np.where(kind == _GENERIC, draws.below(3, n), n_persons)
    told = np.flatnonzero(draws.chance(0.78, n) & (kind != _GENERIC) & (kind != _NOTE))
    said = np.full(n, "", dtype=object)
    said[told] = abstracts(draws, lang, team[told], topics[team[told]])
    return Papers(
        titles=_mark_titles(draws, texts, origin, kind),
        abstracts=said.tolist(),
        authors=persons,
        n_authors=n_persons,
        people=people(draws, n_teams, n),
        places=places(draws, topics[team], origin, np.isin(kind, (_GENERIC, _NOTE))),
    )


def _kinds(draws: Draws, n: int) -> tuple[Ints, Ints]:
    """The paper that each goes on from (most: itself), and what kind of paper it is."""
    n_offshoots = n // _OFFSHOOTS
    n_own = n - n_offshoots
    origin, kind = np.arange(n), np.full(n, _PLAIN)
    kind[:n_own][draws.chance(0.015, n_own)] = _GENERIC
    plain = np.flatnonzero(kind[:n_own] == _PLAIN)
    origin[n_own:] = plain[draws.shuffled(len(plain))[:n_offshoots]]
    kind[n_own:] = _PART + draws.weighted((35, 45, 20), n_offshoots)
    return origin, kind


def _mark_titles(draws: Draws, texts: list[str], origin: Ints, kind: Ints) -> list[str]:
    """Say which part a paper is, what it corrects or answers; call editorials "Editorial"."""
    n = len(texts)
    style, generic = draws.below(4, n).tolist(), draws.zipf(len(GENERIC), 1, n).tolist()
    for paper in np.flatnonzero(kind != _PLAIN).tolist():
        what, first = kind[paper], int(origin[paper])
        if what == _GENERIC:
            texts[paper] = GENERIC[generic[paper]]
        elif what == _PART:
            for one, part in zip((first, paper), _PARTS[style[paper]], strict=True):
                texts[one] = f"{texts[one]}: {part}"
        elif what == _NOTE:
            texts[paper] = _ABOUT[style[paper]].format(texts[paper])
    return texts
