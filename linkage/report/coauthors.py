"""The co-authors of one person as a drawing: who wrote with whom, and in which circle."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

_MOST = 14  # that are drawn, those with most papers
_LEAST = 3  # from which a drawing tells something
_MANY = 30  # authors of a paper, from which it tells nothing of who works with whom
_CENTRE, _RADII = (270, 150), (125, 118)
_MOST_CIRCLES = 3  # that have a look of their own
_LONGEST = 20  # letters of a name


class Dot(NamedTuple):
    """A co-author: where, how large, in which circle (0 in none), on which side its name stands."""

    x: float
    y: float
    radius: float
    circle: int
    name: str
    right: bool


class CoauthorGraph(NamedTuple):
    """`with_person` and `among` are paths: lines to the person, and between two co-authors.

    `circles` says of each circle how many papers it has; `together` how many pairs are joined.
    """

    dots: Sequence[Dot]
    with_person: str
    among: str
    circles: Sequence[int]
    together: int


def coauthor_graph(
    coauthors: Sequence[Mapping[str, Any]],
    papers: Mapping[str, Sequence[str]],
    circles: Sequence[Sequence[str]],
) -> CoauthorGraph | None:
    """Draw the co-authors of a person; None of too few.

    `coauthors` (author_id, name, papers) with most papers first; who has no id is left out.
    `papers`: the person's papers -> ids of their authors, `circles`: papers of each circle, the
    largest first.
    """
    known = [one for one in coauthors if one["author_id"] is not None]
    shown = {str(one["author_id"]): one for one in known[:_MOST]}
    if len(shown) < _LEAST:
        return None
    of_circle = _circle_of_each(shown, papers, circles[:_MOST_CIRCLES])
    met = {
        both
        for authors in papers.values()
        if len(authors) <= _MANY
        for both in combinations(sorted(shown.keys() & set(authors)), 2)
    }
    # circles as sectors; within one those of most papers first
    order = sorted(shown, key=lambda one: of_circle[one] or _MOST_CIRCLES + 1)
    places = dict(zip(order, _places(len(order)), strict=True))
    return CoauthorGraph(
        [_dot(shown[one], of_circle[one], *places[one]) for one in order],
        "".join(f"M{_CENTRE[0]} {_CENTRE[1]}L{_at(places[one])}" for one in order),
        "".join(
            f"M{_at(places[a])}Q{_bend(places[a], places[b])} {_at(places[b])}"
            for a, b in sorted(met)
        ),
        [len(circle) for circle in circles[:_MOST_CIRCLES]],
        len(met),
    )


def _circle_of_each(
    shown: Mapping[str, Any], papers: Mapping[str, Sequence[str]], circles: Sequence[Sequence[str]]
) -> dict[str, int]:
    """The number, from 1, of the circle in which each has most papers; 0 in none."""
    found = {}
    for one in shown:
        counts = [sum(one in papers.get(paper, ()) for paper in circle) for circle in circles]
        most = max(counts, default=0)
        found[one] = counts.index(most) + 1 if most else 0
    return found


def _places(n: int) -> list[tuple[float, float]]:
    """Evenly around the person, clockwise from the top; half a step off, as names stand beside."""
    angles = [2 * math.pi * (k + 0.5) / n for k in range(n)]
    x, y = _CENTRE
    return [(x + _RADII[0] * math.sin(a), y - _RADII[1] * math.cos(a)) for a in angles]


def _dot(one: Mapping[str, Any], circle: int, x: float, y: float) -> Dot:
    name = str(one["name"])
    name = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return Dot(round(x), round(y), 3 + min(6.0, math.sqrt(one["papers"])), circle, name,
               x >= _CENTRE[0])  # fmt: skip


def _at(place: tuple[float, float]) -> str:
    return f"{place[0]:.0f} {place[1]:.0f}"


def _bend(a: tuple[float, float], b: tuple[float, float]) -> str:
    """Half way to the person, so that lines between neighbours stay outside."""
    middle = [(p + q) / 2 for p, q in zip(a, b, strict=True)]
    bent = ((p + c) / 2 for p, c in zip(middle, _CENTRE, strict=True))
    return _at((next(bent), next(bent)))
