"""Made-up people: who they are, who writes with whom."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import NamedTuple

import numpy as np

from linkage.benchmarks.synthetic.draws import Draws, Ints
from linkage.benchmarks.synthetic.words import (
    asian_given_names,
    family_names,
    given_names,
    is_asian,
)

TEAM = 16  # persons in one
N_AUTHORS = (9, 15, 18, 17, 13, 9, 6, 4, 3, 2, 1, 1, 1, 0, 0, 1)  # weights of 1, 2, ... authors
_GUESTS = 0.12  # of the authors: from any team
_INITIALS = "ABCDEFGHJKLMNPRSTVWZ"


class People(NamedTuple):
    """Everybody's family name, given name and middle initial ("" for none), by number."""

    family: list[str]
    given: list[str]
    middle: list[str]


def people(draws: Draws, n_teams: int, n_papers: int) -> People:
    """The members of all teams. One family name in a hundred is the most common one."""
    n = n_teams * TEAM
    families = np.array(family_names(500 + 75 * isqrt(n_papers)), dtype=object)
    asian, others = (
        np.array(names, dtype=object) for names in (asian_given_names(), given_names(3000))
    )
    family = draws.zipf(len(families), 10, n)
    is_east = np.array([is_asian(name) for name in families])[family]
    east, west = (names[draws.zipf(len(names), 15, n)] for names in (asian, others))
    middle = np.array(["", *_INITIALS], dtype=object)[1 + draws.below(len(_INITIALS), n)]
    middle[is_east | draws.chance(0.45, n)] = ""
    given = np.where(is_east, east, west)
    return People(families[family].tolist(), given.tolist(), middle.tolist())


def authors(
    draws: Draws, team: Ints, n_teams: int, weights: Sequence[int] = N_AUTHORS
) -> tuple[Ints, Ints]:
    """Persons of each paper (paper x 16), and how many of them count: 4 to 5 on average.

    `weights`: how often 1, 2, ... write one (16 at most).
    """
    n, places = len(team), np.arange(TEAM)
    start = draws.zipf(TEAM, 2, n)
    step = 1 + 2 * draws.zipf(TEAM // 2, 1, n)  # odd: nobody twice
    members = (start[:, None] + step[:, None] * places) % TEAM
    persons = team[:, None] * TEAM + members
    guests = draws.chance(_GUESTS, persons.shape)
    persons = np.where(guests, draws.below(n_teams * TEAM, persons.shape), persons)
    return persons, 1 + draws.weighted(weights, n)
