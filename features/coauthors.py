"""Co-authors that the papers of two mentions share, and chains of co-authors between them.

Prepared columns, one value a mention: `coauthors` and `coauthor_names`, a `CoAuthors`; `chain`, a
row of numbers: for each strength of link, the group of mentions that links of at least this
strength join; `circle`, two: the group that more than single links join, and its mentions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from linkage.features.feature import Values, feature

Bag = Mapping[str, float]
Rows = NDArray[np.int32]

_CHUNK = 20_000  # rows looked at together


class CoAuthors(NamedTuple):
    """Authors of the mention's paper: name key -> rarity in nats, the mention itself included.

    `own` are the keys of the mention's own name in all its forms, which are no co-authors. Of a
    long list, `sample` has the names that any other list would sample, too: two long lists are
    compared by their samples, a short one with all of a long one.
    """

    rarity: Bag
    own: frozenset[str]
    sample: frozenset[str] = frozenset()


class Lists(NamedTuple):
    """Lists of authors and the names of mentions, as matrices of ones over one set of tokens.

    `all` and `sample` (lists x tokens): all authors of each list and those that stand for a long
    one, none for a short one. `own` (names x tokens): what a name may be printed as. `tokens` are
    the keys in alphabetical order, `nats` (n tokens,) their rarity.
    """

    all: csr_array
    sample: csr_array
    own: csr_array
    tokens: NDArray[Any]
    nats: NDArray[np.float64]


class Shared(NamedTuple):
    """How many co-authors two papers share, and how rare these are in all: (n pairs,) each."""

    number: Rows
    nats: NDArray[np.float64]


class Companies:
    """The `CoAuthors` of mentions, a list of authors and the mention's own name each.

    `companies[k]` is a `CoAuthors`, `companies[rows]` (an array) `Companies` again. `team` and
    `name` (n,) are rows of the lists and of the names; `counts` (2, n) says how many co-authors
    the whole list has and how many its sample. `known` is what they share with those compared last:
    several features ask in turn.
    """

    def __init__(self, lists: Lists, team: Rows, name: Rows, counts: Rows | None = None) -> None:
        self.lists = lists
        self.team = team
        self.name = name
        self.counts = self._count() if counts is None else counts
        self.known: tuple[Companies, Shared] | None = None

    def __len__(self) -> int:
        return len(self.team)

    @overload
    def __getitem__(self, rows: int) -> CoAuthors: ...
    @overload
    def __getitem__(self, rows: NDArray[Any]) -> Companies: ...
    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, np.ndarray):
            counts = self.counts[:, rows]
            return Companies(self.lists, self.team[rows], self.name[rows], counts)
        team, name, tokens = int(self.team[rows]), int(self.name[rows]), self.lists.tokens
        listed = _row(self.lists.all, team)
        rarity = dict(zip(tokens[listed], self.lists.nats[listed].tolist(), strict=True))
        own, sample = _row(self.lists.own, name), _row(self.lists.sample, team)
        return CoAuthors(rarity, frozenset(tokens[own]), frozenset(tokens[sample]))

    def __iter__(self) -> Iterator[CoAuthors]:
        return (self[row] for row in range(len(self)))

    def weighed(self, rarity: Callable[[str], float]) -> Companies:
        """The same companies, each name as rare as `rarity` says."""
        nats = np.array([rarity(token) for token in self.lists.tokens], dtype=float)
        return Companies(self.lists._replace(nats=nats), self.team, self.name, self.counts)

    def sizes(self) -> Rows:
        """How many authors each list has, the mention included."""
        return _sizes(self.lists.all)[self.team]

    def is_long(self) -> NDArray[np.bool_]:
        """Whether each has a sample."""
        found: NDArray[np.bool_] = _sizes(self.lists.sample)[self.team] > 0
        return found

    def others(self) -> csr_array:
        """The co-authors of each, without its own names, (n, tokens); of long lists the sample."""
        listed = self._listed(self.is_long())
        return listed - listed.multiply(self.lists.own[self.name])

    def shared(self, other: Companies) -> Shared:
        """Row by row the co-authors that both have, without the own names of either.

        Of two long lists by their samples.
        """
        if self.known is None or self.known[0] is not other:
            sampled = self.is_long() & other.is_long()
            common = self._listed(sampled).multiply(other._listed(sampled)).tocsr()
            own = self.lists.own[self.name] + self.lists.own[other.name]
            common = common - common.multiply(own.astype(bool))
            self.known = other, Shared(_sizes(common), common @ self.lists.nats)
        return self.known[1]

    def compared(self, other: Companies) -> tuple[Rows, Rows]:
        """How many co-authors each side has of those that `shared` compares."""
        sampled = (self.is_long() & other.is_long()).astype(np.int64)
        rows = np.arange(len(self))
        return self.counts[sampled, rows], other.counts[sampled, rows]

    def _listed(self, sampled: NDArray[np.bool_]) -> csr_array:
        """All authors of each list or, where `sampled` says so, its sample."""
        if not sampled.any():
            return self.lists.all[self.team]
        both = vstack([self.lists.all, self.lists.sample], format="csr")
        return both[self.team + sampled * self.lists.all.shape[0]]

    def _count(self) -> Rows:
        counts = np.zeros((2, len(self)), dtype=np.int32)
        for start in range(0, len(self), _CHUNK):
            rows = slice(start, start + _CHUNK)
            own = self.lists.own[self.name[rows]]
            for k, matrix in enumerate((self.lists.all, self.lists.sample)):
                listed = matrix[self.team[rows]]
                counts[k, rows] = _sizes(listed) - _sizes(listed.multiply(own).tocsr())
        return counts


def _row(matrix: csr_array, row: int) -> NDArray[np.int32]:
    found: NDArray[np.int32] = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
    return found


def _sizes(matrix: csr_array) -> Rows:
    found: Rows = np.diff(matrix.indptr).astype(np.int32)
    return found


@feature(reads="coauthors", sign=+1)
def shared_coauthor_information(a: CoAuthors, b: CoAuthors) -> float:
    """Sum of the rarity (nats) of the co-authors that both have, by family name and initial."""
    return math.nan if _has_no_coauthor(a) or _has_no_coauthor(b) else _shared_weight(a, b)


@feature(reads="coauthors", sign=+1)
def shared_coauthor_share(a: CoAuthors, b: CoAuthors) -> float:
    """Shared co-authors over the co-authors of the mention that has fewer, 0..1."""
    mine, theirs = _compared_sets(a, b)
    fewer = min(len(mine) - len(a.own & mine), len(theirs) - len(b.own & theirs))
    if not fewer:
        return math.nan
    common = mine & theirs
    return min(len(common - a.own - b.own) / fewer, 1.0) if common else 0.0


@feature(reads="coauthor_names", sign=+1)
def shared_coauthor_name_information(a: CoAuthors, b: CoAuthors) -> float:
    """Sum of the rarity (nats) of the co-authors that both print with the same full name."""
    return math.nan if _has_no_coauthor(a) or _has_no_coauthor(b) else _shared_weight(a, b)


@shared_coauthor_information.kernel
@shared_coauthor_name_information.kernel
def shared_information(a: Companies, b: Companies) -> NDArray[np.float64]:
    """Both features of information, of whole columns."""
    return np.where((a.sizes() < 2) | (b.sizes() < 2), np.nan, a.shared(b).nats)


@shared_coauthor_share.kernel
def shared_share(a: Companies, b: Companies) -> NDArray[np.float64]:
    """`shared_coauthor_share` of whole columns."""
    fewer = np.minimum(*a.compared(b)).astype(float)
    fewer[fewer == 0] = np.nan
    share: NDArray[np.float64] = np.minimum(a.shared(b).number / fewer, 1.0)
    return share


def _has_no_coauthor(a: CoAuthors) -> bool:
    return len(a.rarity) < 2


def _compared_sets(a: CoAuthors, b: CoAuthors) -> tuple[AbstractSet[str], AbstractSet[str]]:
    if a.sample and b.sample:
        return a.sample, b.sample
    return a.rarity.keys(), b.rarity.keys()


def _shared_weight(a: CoAuthors, b: CoAuthors) -> float:
    mine, theirs = _compared_sets(a, b)
    common = mine & theirs
    return math.fsum(map(a.rarity.__getitem__, common - a.own - b.own)) if common else 0.0


@feature(reads="chain", sign=+1)
def coauthor_chain(a: Sequence[int], b: Sequence[int]) -> float:
    """Strength of the weakest link in the best chain of shared co-authors, 0 if there is none."""
    return float(sum(x == y for x, y in zip(a, b, strict=True)))


@coauthor_chain.kernel
def _coauthor_chain(a: Values, b: Values) -> NDArray[np.float32]:
    return np.asarray((a == b).sum(axis=1), dtype=np.float32)


@feature(reads="circle", sign=+1)
def same_circle(a: tuple[int, int], b: tuple[int, int]) -> float:
    """1 when more than a single link joins the circles of co-authors of both."""
    return float(a[0] == b[0])


@feature(reads="circle", sign=-1)
def circles_apart(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Of two circles apart the papers of the smaller, as a logarithm; 0 for one circle."""
    return 0.0 if a[0] == b[0] else math.log1p(min(a[1], b[1]))


@same_circle.kernel
def _same_circle(a: Values, b: Values) -> NDArray[np.float32]:
    return np.asarray(a[:, 0] == b[:, 0], dtype=np.float32)


@circles_apart.kernel
def _circles_apart(a: Values, b: Values) -> NDArray[np.float32]:
    apart = np.log1p(np.minimum(a[:, 1], b[:, 1]))
    return np.asarray(np.where(a[:, 0] == b[:, 0], 0.0, apart), dtype=np.float32)
