"""Pairs of mentions: which to compare, and what features say of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.authors.evidence import RECORD_COLUMNS
from linkage.authors.mentions import Mentions
from linkage.features import careers, coauthors, names, namesakes, person_names, subjects
from linkage.features.coauthors import Companies, Shared
from linkage.features.columns import Bags, Coded
from linkage.features.feature import Columns, collect, compare
from linkage.kernels import compiled
from linkage.linking.clustering import Indices
from linkage.running.progress import tell_progress

log = logging.getLogger(__name__)

NAME_FEATURES = collect(names, person_names)
EVIDENCE_FEATURES = collect(coauthors, careers, subjects, namesakes)
AUTHOR_FEATURES = (*NAME_FEATURES, *EVIDENCE_FEATURES)
FEATURE_NAMES = tuple(feature.name for feature in AUTHOR_FEATURES)
_RECORD_PLACES = [k for k, one in enumerate(EVIDENCE_FEATURES) if one.reads in RECORD_COLUMNS]
_MENTION_PLACES = [k for k, one in enumerate(EVIDENCE_FEATURES) if one.reads not in RECORD_COLUMNS]
_OF_RECORDS = [EVIDENCE_FEATURES[k] for k in _RECORD_PLACES]
_OF_MENTIONS = [EVIDENCE_FEATURES[k] for k in _MENTION_PLACES]

_BATCH = 50_000  # pairs compared together


class FeaturesOfNames(NamedTuple):
    """The `NAME_FEATURES` of those pairs of names that are asked for: (n asked, n features).

    `place` says of each pair of names which row is its own; of those not asked for any.
    """

    values: NDArray[np.float32]
    place: NDArray[np.int32]

    def of(self, rows: NDArray[Any]) -> NDArray[np.float32]:
        """The features of some rows of the pairs of names."""
        found: NDArray[np.float32] = self.values[self.place[rows]]
        return found


class NamePairs(NamedTuple):
    """Pairs of distinct names (rows of `Mentions.keys`, a <= b) that may be one person's."""

    a: Indices
    b: Indices

    def codes(self) -> Indices:
        """The pairs as numbers `a << 32 | b`, in order."""
        return np.sort((self.a.astype(np.int64) << 32) | self.b)


class MentionPairs(NamedTuple):
    """Pairs of mentions i < j, and the row of their names' pair in a `NamePairs`: (n pairs,) each.

    Candidate pairs are int32, half the memory of int64.
    """

    i: NDArray[Any]
    j: NDArray[Any]
    names: NDArray[Any]

    def some(self, rows: slice | NDArray[Any]) -> MentionPairs:
        """Only the pairs `rows`."""
        return MentionPairs(self.i[rows], self.j[rows], self.names[rows])

    def without_names(self) -> MentionPairs:
        """The same when nothing of names is asked any more: their pairs are 0, and take no room."""
        return self._replace(names=np.broadcast_to(np.int32(0), len(self.i)))

    @classmethod
    def concat(cls, parts: Iterable[MentionPairs]) -> MentionPairs:
        """The pairs of all parts, one behind the other.

        Of very many pairs a column after the other: parts that nobody else has are let go.
        """
        columns = [[*column] for column in zip(*parts, strict=True)]
        columns.reverse()
        return cls(*(np.concatenate(columns.pop()) for _ in cls._fields))


def pair_weights(i: Indices, j: Indices) -> NDArray[np.float64]:
    """How much each pair counts where mentions count alike: each shares its 1 among its pairs."""
    n = int(max(i.max(initial=-1), j.max(initial=-1))) + 1
    share = shares(np.bincount(i, minlength=n) + np.bincount(j, minlength=n))
    weight: NDArray[np.float64] = share[i]
    weight += share[j]
    return weight


def shares(count: NDArray[np.int64]) -> NDArray[np.float64]:
    """What mentions in so many pairs give each of them."""
    share: NDArray[np.float64] = 1 / np.maximum(count, 1)
    return share


def compare_pairs(
    mentions: Mentions, names: NamePairs, pairs: MentionPairs
) -> Iterator[NDArray[np.float32]]:
    """Features of the pairs, batch by batch: float32 (n pairs, `AUTHOR_FEATURES`), NaN = missing.

    What depends on the names only is computed once a pair of names, what depends on the records
    only once a pair of records of a batch.
    """
    by_names = name_features(mentions, names, pairs)
    return (pair_features(mentions, by_names, batch) for batch in in_batches(pairs))


def in_batches(pairs: MentionPairs) -> Iterator[MentionPairs]:
    """The pairs in lots that are compared together."""
    for start in range(0, len(pairs.i), _BATCH):
        yield pairs.some(slice(start, start + _BATCH))


def name_features(mentions: Mentions, names: NamePairs, pairs: MentionPairs) -> FeaturesOfNames:
    """The `NAME_FEATURES` of pairs of names, NaN = missing.

    Only those of `pairs` are compared: a name of one mention is in no pair with itself.
    """
    asked = np.zeros(len(names.a), dtype=bool)
    asked[pairs.names] = True
    rows = np.flatnonzero(asked)
    found = np.empty((len(rows), len(NAME_FEATURES)), dtype=np.float32)
    done = 0
    for some in _by_given_names(mentions.by_name["name_key"], names, rows):
        tell_progress(log, "comparing", done, "pairs of names", len(rows))
        done += len(some)
        a, b = (_take(mentions.by_name, side[rows[some]]) for side in (names.a, names.b))
        found[some] = compare(NAME_FEATURES, a, b, distinct=True)
    return FeaturesOfNames(found, np.cumsum(asked, dtype=np.int32) - np.int32(1))


def _by_given_names(keys: Iterable[str], names: NamePairs, rows: Indices) -> Iterator[Indices]:
    """The places of some rows of pairs, in lots, those of equal given names one after the other.

    Whatever the family name, most of what is said of them is the same.
    """
    given = Coded.of(f"{key}|".split("|", 2)[1] for key in keys).codes
    order = np.lexsort((given[names.b[rows]], given[names.a[rows]]))
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def pair_features(
    mentions: Mentions, by_names: FeaturesOfNames, pairs: MentionPairs
) -> NDArray[np.float32]:
    """The `AUTHOR_FEATURES` of pairs of mentions; `by_names` are those of all pairs of names."""
    return np.hstack([by_names.of(pairs.names), _evidence(mentions, pairs.i, pairs.j)])


def _evidence(mentions: Mentions, i: Indices, j: Indices) -> NDArray[np.float32]:
    """The `EVIDENCE_FEATURES` of pairs of mentions."""
    place, a, b = distinct_pairs(mentions.record_of[i], mentions.record_of[j])
    by_record = compare(
        _OF_RECORDS, _take(mentions.by_record, a), _take(mentions.by_record, b), distinct=True
    )
    by_mention = compare(_OF_MENTIONS, _take(mentions.by_mention, i), _take(mentions.by_mention, j))
    found = np.empty((len(i), len(EVIDENCE_FEATURES)), dtype=np.float32)
    found[:, _RECORD_PLACES] = by_record[place]
    found[:, _MENTION_PLACES] = by_mention
    return found


def distinct_pairs(a: Indices, b: Indices) -> tuple[Indices, Indices, Indices]:
    """Which of the distinct pairs each is, in either order, and both sides of those."""
    n = int(max(a.max(initial=0), b.max(initial=0))) + 1
    place, codes = pd.factorize(np.minimum(a, b) * n + np.maximum(a, b))
    return place, *np.divmod(codes, n)


def _take(columns: Columns, rows: Indices) -> Columns:
    return {name: values[rows] for name, values in columns.items()}


def _products(a: Bags, b: Bags) -> NDArray[np.float64]:
    """Row by row the inner product of two columns of bags: compiled, of rows where they stand."""
    module = compiled("sparse_rows")
    whole = a.whole
    if module is None or b.whole is not whole or a.rows is None or b.rows is None:
        return a.dot(b)
    if not (_is_small(whole) and whole.has_sorted_indices):
        return a.dot(b)
    total = np.empty(len(a))
    rows = (side.astype(np.int32) for side in (a.rows, b.rows))
    marked = np.zeros(whole.shape[1], dtype=np.int32)
    module.products(whole.indptr, whole.indices, whole.data, *rows, marked, total)
    return total


def _share(a: Companies, b: Companies) -> None:
    """Find what two columns of companies share, where it is compiled."""
    module, lists = compiled("sparse_rows"), a.lists
    known = a.known is not None and a.known[0] is b
    if module is None or known or not all(map(_is_small, (lists.all, lists.sample, lists.own))):
        return
    sides = np.stack([a.team, a.name, b.team, b.name]).astype(np.int32)
    count, nats = np.empty(len(a), dtype=np.int32), np.empty(len(a))
    sampled = a.is_long() & b.is_long()
    for matrix, rows in ((lists.all, ~sampled), (lists.sample, sampled)):
        some = np.flatnonzero(rows)
        found = np.empty(len(some), dtype=np.int32), np.empty(len(some))
        own = lists.own.indptr, lists.own.indices, lists.nats
        pairs = np.ascontiguousarray(sides[:, some])
        marked = np.zeros(len(lists.nats), dtype=np.int32)
        module.shared(matrix.indptr, matrix.indices, *own, pairs, marked, *found)
        count[some], nats[some] = found
    a.known = b, Shared(count, nats)


def _is_small(matrix: csr_array) -> bool:
    """Whether places in a matrix are int32, as what is compiled reads them."""
    return bool(matrix.indptr.dtype == matrix.indices.dtype == np.int32)


@coauthors.shared_coauthor_information.kernel
@coauthors.shared_coauthor_name_information.kernel
def _shared_information(a: Companies, b: Companies) -> NDArray[np.float64]:
    _share(a, b)
    return coauthors.shared_information(a, b)


@coauthors.shared_coauthor_share.kernel
def _shared_share(a: Companies, b: Companies) -> NDArray[np.float64]:
    _share(a, b)
    return coauthors.shared_share(a, b)


for _one in EVIDENCE_FEATURES:
    if _one.reads.endswith("_bag"):
        _one.kernel(_products)
