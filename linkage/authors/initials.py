"""People of whom only initials are known, in a library that knows one person they fit.

"H. Pfister" on one paper, beside 65 of Hanspeter Pfister and of no other H. Pfister: no single pair
says much, but a library that holds so much of one person's work is of that person's field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from linkage.authors.mentions import Mentions
from linkage.authors.repeated_names import full_name_rarity
from linkage.linking.clustering import Indices, ScoredPairs

MUCH_WORK = 10  # mentions of the person in full
LEAST_MEAN = 0.2  # cubic mean of the pairs: what speaks against it is not overruled
# Left out of training, with least means of .05 to .3: acl_anthology .990 / .995 to .991 / .995, the
# other sets as before. With 5 mentions for much arnetminer110 lost .001; with none the pairs of
# medline, where two papers stand for a name of a large field, lost .01 to .06.


def join_initials(
    mentions: Mentions,
    pairs: ScoredPairs,
    label: Indices,
    can_meet: Callable[[int, int, float], bool],
    join: Callable[[int, int], None],
    settled: Indices,
) -> Indices:
    """The labels when people with initials only join the only one whose name they fit.

    `label` is the lowest row of each mention's person, int64 (n,), `pairs` are all that were
    compared, scored by cubed probabilities. The person in full has `MUCH_WORK` mentions or more;
    where the initials fit several in full, however little these have, nobody is joined. `can_meet`
    and `join` are those of `SparseLinkage`; people with a row in `settled`, of whom a user said
    from whom they differ, stay as they are.
    """
    full = np.array([full_name_rarity(mentions, k) > 0 for k in range(len(mentions.keys))])
    in_full = np.bincount(label, full[mentions.name_of], minlength=len(label)) > 0
    size = np.bincount(label, minlength=len(label))
    closed = set(label[settled].ravel().tolist())
    joined = label.copy()
    for person, fits in sorted(_fitting(pairs, label, in_full).items()):
        other, total = next(iter(fits.items()))
        mean = total / float(size[person] * size[other])
        likely = len(fits) == 1 and size[other] >= MUCH_WORK and mean >= LEAST_MEAN**3
        if likely and closed.isdisjoint((person, other)) and can_meet(other, person, mean):
            join(other, person)
            joined[label == person] = other
    first, place = np.unique(joined, return_index=True, return_inverse=True)[1:]
    return first[place].astype(np.int64)


def _fitting(
    pairs: ScoredPairs, label: Indices, in_full: NDArray[np.bool_]
) -> dict[int, dict[int, float]]:
    """For each person of initials only those in full with whom there are pairs, and their sum."""
    a, b = label[pairs.i], label[pairs.j]
    one = in_full[a] != in_full[b]
    initials = np.where(in_full[a], b, a)[one]
    full = np.where(in_full[a], a, b)[one]
    found: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for x, y, p in zip(initials.tolist(), full.tolist(), pairs.probability[one], strict=True):
        found[x][y] += float(p)
    return found
