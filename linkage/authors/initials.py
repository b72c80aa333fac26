"""People of whom only initials are known, in a library that knows one person they fit.

"H. Pfister" on one paper, beside 65 of Hanspeter Pfister and of no other H. Pfister: no single pair
says much, but a library that holds so much of one person's work is of that person's field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from linkage.authors.mentions import Mentions
from linkage.authors.repeated_names import full_name_rarity
from linkage.features.arrays import exact_parts, of_parts, sum_parts
from linkage.linking.clustering import Indices, ScoredPairs

MUCH_WORK = 10  # mentions of the person in full
LEAST_MEAN = 0.2  # cubic mean of the pairs: what speaks against it is not overruled
# Left out of training: acl_anthology .9903 / .9945 to .9905 / .9947, the other sets as before. A
# trial without the demand of much work lost .005 to .06 on the pairs of medline, where two papers
# stand for a name of a large field; with 5 mentions for much arnetminer110 lost .001 to .003.


def join_initials(
    mentions: Mentions,
    pairs: Iterable[ScoredPairs],
    label: Indices,
    can_meet: Callable[[int, int, float], bool],
    join: Callable[[int, int], None],
    settled: Indices,
) -> Indices:
    """The labels when people with initials only join the only one whose name they fit.

    `label` is the lowest row of each mention's person, int64 (n,), `pairs` are all that were
    compared, in lots, scored by cubed probabilities. The person in full has `MUCH_WORK` mentions or
    more; where the initials fit several in full, however little these have, nobody is joined.
    `can_meet` and `join` are those of `SparseLinkage`; people with a row in `settled`, of whom a
    user said from whom they differ, stay as they are.
    """
    full = np.array([full_name_rarity(mentions, k) > 0 for k in range(len(mentions.keys))])
    in_full = np.bincount(label, full[mentions.name_of], minlength=len(label)) > 0
    size = np.bincount(label, minlength=len(label))
    closed = set(label[settled].ravel().tolist())
    open_fits = (fit for fit in _only_fits(pairs, label, in_full) if closed.isdisjoint(fit[:2]))
    return join_fits(label, size, open_fits, can_meet, join)


def join_fits(
    label: Indices,
    size: Indices,
    fits: Iterable[tuple[int, int, float]],
    can_meet: Callable[[int, int, float], bool],
    join: Callable[[int, int], None],
) -> Indices:
    """The labels when people of initials join whom they fit; `size` is that of each label.

    `fits`: a person of initials, the only one who fits, and the sum of their pairs.
    """
    to = np.arange(len(label))
    for person, other, total in fits:
        mean = total / float(size[person] * size[other])
        likely = size[other] >= MUCH_WORK and mean >= LEAST_MEAN**3
        if likely and can_meet(other, person, mean):
            join(other, person)
            to[person] = other
    joined = to[label]
    first, place = np.unique(joined, return_index=True, return_inverse=True)[1:]
    return first[place].astype(np.int64)


def _only_fits(
    pairs: Iterable[ScoredPairs], label: Indices, in_full: NDArray[np.bool_]
) -> Iterator[tuple[int, int, float]]:
    """Each person of initials who has pairs with one in full only, that one, the pairs' sum."""
    found = [_sums(lot, label, in_full) for lot in pairs]
    codes, parts = (np.concatenate(some, axis=-1) for some in zip(*found, strict=True))
    code, place = np.unique(codes, return_inverse=True)
    total = of_parts(sum_parts(place.reshape(-1), parts, len(code)))
    person, other = np.divmod(code, len(label))
    alone = np.bincount(person, minlength=len(label))[person] == 1
    columns = (column[alone].tolist() for column in (person, other, total))
    yield from zip(*columns, strict=True)


def _sums(
    pairs: ScoredPairs, label: Indices, in_full: NDArray[np.bool_]
) -> tuple[Indices, NDArray[np.float64]]:
    """Of pairs of people of initials (x) with one in full (y) the codes `x * n + y`, each once.

    And the sums of their pairs' probabilities, in `exact_parts`.
    """
    a, b = label[pairs.i], label[pairs.j]
    one = in_full[a] != in_full[b]
    a, b = a[one], b[one]
    initials, full = np.where(in_full[a], b, a), np.where(in_full[a], a, b)
    code, place = np.unique(initials * len(label) + full, return_inverse=True)
    return code, sum_parts(place.reshape(-1), exact_parts(pairs.probability[one]), len(code))
