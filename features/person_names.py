"""What two compatible names say beyond being compatible: how much they share and how rare it is.

Prepared columns, one value a distinct name: `person_name`, a `PersonName`; `name_rivals` and
`name_circles`, numbers. Whether two names can be one person's, `linkage.features.names` tells.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkage.features.feature import feature, nan_if, together
from linkage.features.given_parts import spelled_alike


class PersonName(NamedTuple):
    """The tokens of a folded name, in printed order, with the information of each in nats.

    Information is minus the log of the share of people whose name has that token; `initials` has
    it for the first letters of the given names.
    """

    family: Mapping[str, float]
    given: Mapping[str, float]
    initials: Mapping[str, float]


@feature(reads="person_name", sign=+1)
def shared_name_information(a: PersonName, b: PersonName) -> float:
    """How rare all that the two names share is, in nats."""
    return math.fsum([*_family_information(a, b), *_given_information(a, b)])


@feature(reads="person_name", sign=+1)
def shared_family_information(a: PersonName, b: PersonName) -> float:
    """How rare the family names that both have are, in nats."""
    return math.fsum(_family_information(a, b))


@feature(reads="person_name", sign=+1)
def shared_given_information(a: PersonName, b: PersonName) -> float:
    """How rare the given names (or only initials) that both have are, in nats."""
    return math.fsum(_given_information(a, b))


@feature(reads="person_name", sign=+1)
def given_names_shared(a: PersonName, b: PersonName) -> float:
    """How many given names in full both have."""
    a, b = _divided_alike(a, b)
    return float(sum(len(token) > 1 for token in a.given.keys() & b.given.keys()))


@feature(reads="person_name", sign=+1)
def given_names_matched(a: PersonName, b: PersonName) -> float:
    """How many given names agree, in full or with an initial."""
    return float(len(_given_matches(*_divided_alike(a, b))))


@feature(reads="person_name", sign=-1)
def given_names_unmatched(a: PersonName, b: PersonName) -> float:
    """How many given names of the name that has fewer find no counterpart, equal or initial."""
    a, b = _divided_alike(a, b)
    fewer = min(len(a.given), len(b.given))
    return nan_if(not fewer, float(fewer - len(_given_matches(a, b))))


@feature(reads="person_name", sign=0)
def given_names_extra(a: PersonName, b: PersonName) -> float:
    """How many more given names one of the two has."""
    a, b = _divided_alike(a, b)
    return float(abs(len(a.given) - len(b.given)))


@feature(reads="person_name", sign=0)
def fewest_given_letters(a: PersonName, b: PersonName) -> float:
    """Letters (at most 4) of the longest given name of the name that says less; 1: initials."""
    return float(min(_longest(a), _longest(b), 4))


@together(
    shared_name_information,
    shared_family_information,
    shared_given_information,
    given_names_shared,
    given_names_matched,
    given_names_unmatched,
    given_names_extra,
    fewest_given_letters,
)
def _compare_all(a: Iterable[PersonName], b: Iterable[PersonName]) -> Iterator[tuple[float, ...]]:
    """All features of pairs of names: given names are divided and matched once.

    Those of one pair are remembered for the next, of another family name it may be.
    """
    last: tuple[Any, Any] = (None, None)
    for x, y in zip(a, b, strict=True):
        if _have_one_family_beside(x, y):
            family = [min(*x.family.values(), *y.family.values())]
            if x.given is not last[0] or y.given is not last[1]:
                given, counts = _compare_given(x, y)
                last = x.given, y.given
        else:
            family = _family_information(x, y)
            given, counts = _compare_given(x, y)
            last = None, None
        yield math.fsum([*family, *given]), math.fsum(family), math.fsum(given), *counts


def _have_one_family_beside(a: PersonName, b: PersonName) -> bool:
    """Tell whether both have one and the same family name, of one word that is no given name."""
    if len(a.family) != 1 or a.family.keys() != b.family.keys():
        return False
    (family,) = a.family
    return family not in a.given and family not in b.given


def _compare_given(a: PersonName, b: PersonName) -> tuple[list[float], tuple[float, ...]]:
    """The information of the given names that agree, and what other features count."""
    longest = float(min(_longest(a), _longest(b), 4))
    a, b = _divided_alike(a, b)
    matches = _given_matches(a, b)
    counts = len(a.given), len(b.given)
    fewer = min(counts)
    return _information_of_matches(matches, a, b), (
        float(sum(len(token) > 1 for token in a.given.keys() & b.given.keys())),
        float(len(matches)),
        nan_if(not fewer, float(fewer - len(matches))),
        float(abs(counts[0] - counts[1])),
        longest,
    )


@feature(reads="name_rivals", sign=-1)
def name_rivals(a: float, b: float) -> float:
    """Log of how many different given names of the data the less exact name could stand for."""
    return math.log(max(a, b, 1.0))


@feature(reads="name_circles", sign=-1)
def name_circles(a: float, b: float) -> float:
    """Log of how many circles of co-authors that share nobody use the name (the more used one)."""
    return math.log(max(a, b, 1.0))


@name_rivals.kernel
@name_circles.kernel
def _log_of_most(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of whole columns, which have few values: logarithms are those of one by one."""
    values, place = np.unique(np.maximum(np.maximum(a, b), 1.0), return_inverse=True)
    return np.array([math.log(value) for value in values.tolist()])[place]


@feature(reads="name_circle_share", sign=+1)
def name_circle_share(a: float, b: float) -> float:
    """Share of a name's papers that are in its largest circle of co-authors, 0..1 (the lower)."""
    return min(a, b)


@name_circle_share.kernel
def _lower(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.minimum(a, b)


def _divided_alike(a: PersonName, b: PersonName) -> tuple[PersonName, PersonName]:
    """The names with their given names divided into words alike, `xian you` and `xianyou`."""
    if a is b:
        return a, b
    x, y = spelled_alike(tuple(a.given), tuple(b.given))
    return _divide(a, x), _divide(b, y)


def _divide(name: PersonName, given: tuple[str, ...]) -> PersonName:
    """The name with other words for the same letters, which together say as much as before."""
    if given == tuple(name.given):
        return name
    kept = {word: name.given[word] for word in given if word in name.given}
    new = [word for word in given if word not in kept]
    rest = math.fsum(nats for word, nats in name.given.items() if word not in kept)
    words = {word: kept[word] if word in kept else rest / len(new) for word in given}
    return name._replace(given=words)


def _longest(name: PersonName) -> int:
    return max(map(len, name.given), default=0)


def _family_information(a: PersonName, b: PersonName) -> list[float]:
    """Of each shared family token, swapped order included; spellings count as the commoner one."""
    if len(a.family) == len(b.family) == 1 and a.family.keys() == b.family.keys():  # most
        return [min(*a.family.values(), *b.family.values())]
    shared = (a.family.keys() & (b.family.keys() | b.given.keys())) | (
        b.family.keys() & a.given.keys()
    )
    if not shared:
        return [min(math.fsum(a.family.values()), math.fsum(b.family.values()))]
    tables = (a.family, b.family)
    return [min(table[token] for table in tables if token in table) for token in shared]


def _given_information(a: PersonName, b: PersonName) -> list[float]:
    """Of each pair of given names that agree; nicknames and spellings count as the commoner one."""
    a, b = _divided_alike(a, b)
    return _information_of_matches(_given_matches(a, b), a, b)


def _information_of_matches(
    matches: list[tuple[str, str]], a: PersonName, b: PersonName
) -> list[float]:
    if not matches and a.given and b.given and a.family.keys() & b.family.keys():
        return [min(next(iter(a.given.values())), next(iter(b.given.values())))]
    return [_common_information(x, y, a, b) for x, y in matches]


def _common_information(x: str, y: str, a: PersonName, b: PersonName) -> float:
    if len(x) == 1 or len(y) == 1:
        return a.initials[x[0]] if x[0] in a.initials else b.initials[x[0]]
    return min(a.given[x], b.given[y])


def _given_matches(a: PersonName, b: PersonName) -> list[tuple[str, str]]:
    """Given names that agree, each used once: equal ones first, then initials and short forms."""
    mine = [token for token in a.given if token not in b.family]
    if a is b:
        return [(token, token) for token in mine]
    theirs = [token for token in b.given if token not in a.family]
    if len(mine) == len(theirs) == 1:
        x, y = mine[0], theirs[0]
        return [(x, y)] if x.startswith(y) or y.startswith(x) else []
    pairs = [(token, token) for token in mine if token in theirs]
    rest = sorted(token for token in theirs if token not in mine)
    for x in sorted(token for token in mine if token not in theirs):
        fits = [y for y in rest if x.startswith(y) or y.startswith(x)]
        if fits:
            rest.remove(fits[0])
            pairs.append((x, fits[0]))
    return pairs
