"""Circles of co-authors of one person: papers that more than a single link joins.

A person whose papers fall into circles without a link between them may be two people of one name,
or one who moved: a person has to look.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage.authors.ambiguity import CIRCLE, LONGEST
from linkage.linking.bridges import bridge_sides
from linkage.linking.clustering import Indices, components, inner_pairs

NO_CIRCLE = -1


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
