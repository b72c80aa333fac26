"""Circles of co-authors of one person: papers that more than a single link joins.

A person whose papers fall into circles without a link between them may be two people of one name,
or one who moved: a person has to look. Under a very common name they are joined only where that is
nearly sure (`CommonNames`).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from linkage.authors.ambiguity import CIRCLE, LONGEST
from linkage.authors.mentions import Mentions
from linkage.authors.repeated_names import full_name_rarity
from linkage.features.columns import Coded
from linkage.linking.bridges import bridge_sides
from linkage.linking.clustering import Indices, components, inner_pairs
from linkage.linking.constraints import members_of_groups

NO_CIRCLE = -1
COMMON = 12.5  # nats: one person in 270,000, or more, is called so
# Papers in circles of the smaller cluster -> least (cubic) mean that joins it with another circle:
# the more papers, the less can chance have kept their co-authors apart.
_LEAST_MEAN = ((3, 0.6), (5, 0.85), (8, 0.9))
_STRAY = 1  # paper of the other's circle: one that joins both circles may stand on either side


class CommonNames:
    """What it takes to join clusters of a very common name that are circles of co-authors apart.

    Chosen left out of training: it parts namesakes in one field (pairwise F1 of qian_dblp .776 to
    .811, B-cubed .901; arnetminer110 .867 / .909 to .863 / .908, the other sets as before). For
    names with initials only it would part one person's circles (han_kisti_fragments .802 to .774),
    and for rarer names, too.
    """

    def __init__(self, mentions: Mentions, group: Indices) -> None:
        """Begin with the clusters `group`, int64 (n,): the lowest row of each mention's."""
        self._papers: dict[int, dict[int, int]] = {}  # of a cluster: circle -> papers in it
        self._rarest: dict[int, float] = {}  # its rarest name in full, in nats
        rarity = [full_name_rarity(mentions, name) for name in range(len(mentions.keys))]
        rarities = np.array(rarity, dtype=float)[mentions.name_of]
        circle_of = _large_circles(mentions.by_mention["circle"])
        # views give Python's numbers, one by one in less time than arrays do
        self._rarity, self._circle = rarities.data, circle_of.data
        for first, rows in members_of_groups(group):
            self._rarest[first] = float(rarities[rows].max())
            circles = circle_of[rows]
            papers = Counter(circles[circles != NO_CIRCLE].tolist())
            # what must be one is no stray paper of either circle: an identifier joins the two
            least = _STRAY + 1 if len(papers) > 1 else 1
            self._papers[first] = {circle: max(n, least) for circle, n in papers.items()}

    def least_mean(self, a: int, b: int) -> float:
        """The cubic mean, 0..1, that clusters a and b need to be joined; 0 where any will do."""
        if not self._is_common(a, b):
            return 0.0
        mine, theirs = self._papers_of(a), self._papers_of(b)
        if not mine or not theirs:
            return 0.0
        papers = min(sum(mine.values()), sum(theirs.values()))
        shared = sum(min(mine[circle], theirs[circle]) for circle in mine.keys() & theirs.keys())
        if shared > _STRAY:
            return 0.0
        return max((mean for least, mean in _LEAST_MEAN if papers >= least), default=0.0)

    def join(self, a: int, b: int) -> None:
        """Put what cluster b has into cluster a."""
        own, other = self._rarest_of(a), self._rarest_of(b)
        if other > own:
            self._rarest[a] = other
        if own <= COMMON and other <= COMMON:
            mine = self._papers[a] = self._papers_of(a)
            for circle, papers in self._papers_of(b).items():
                mine[circle] = mine.get(circle, 0) + papers
        else:  # a rare name is never common again: its papers are not asked for
            self._papers.pop(a, None)
        self._rarest.pop(b, None)
        self._papers.pop(b, None)

    def _is_common(self, a: int, b: int) -> bool:
        return 0 < self._rarest_of(a) <= COMMON and 0 < self._rarest_of(b) <= COMMON

    def _rarest_of(self, a: int) -> float:
        return self._rarest[a] if a in self._rarest else self._rarity[a]

    def _papers_of(self, a: int) -> dict[int, int]:
        if a in self._papers:
            return self._papers[a]
        circle = self._circle[a]
        return {} if circle == NO_CIRCLE else {circle: 1}


def _large_circles(column: Coded) -> Indices:
    """The circle of each mention, `NO_CIRCLE` for none or one of fewer than `CIRCLE` papers."""
    circle, size = np.asarray(column.values, dtype=np.int64).reshape(-1, 2).T
    large = np.append(np.where(size >= CIRCLE, circle, NO_CIRCLE), NO_CIRCLE)
    return np.asarray(large[column.codes], dtype=np.int64)


def circles_of_people(person: Indices, paper: Indices) -> Indices:
    """For each mention its circle within the person, int64 (n,); `NO_CIRCLE` in none.

    `person` and `paper` (n,) are numbers of the person and the paper of each mention. A circle has
    `CIRCLE` papers or more, which shared co-authors join by more than a single link; papers of more
    than `LONGEST` authors join nobody.
    """
    n = len(person)
    code = inner_pairs(paper, most=LONGEST)
    pairs = np.divmod(code, max(n, 1))
    mention, other = np.concatenate(pairs), np.concatenate(pairs[::-1])
    told = person[mention] != person[other]
    mention, other = mention[told], other[told]
    met = np.stack([person[mention], person[other]], axis=1)
    token = n + np.unique(met, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    edges = np.unique(np.stack([mention, token], axis=1), axis=0)
    nodes = int(token.max(initial=n - 1)) + 1
    weight = (np.arange(nodes) < n).astype(np.int64)
    whole = bridge_sides(nodes, edges[:, 0], edges[:, 1], weight) < CIRCLE
    circle = components(nodes, edges[whole, 0], edges[whole, 1])[:n]
    large: NDArray[np.bool_] = np.bincount(circle)[circle] >= CIRCLE
    return np.where(large, circle, NO_CIRCLE)
