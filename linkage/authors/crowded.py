"""Candidate pairs among mentions of a very common name: only those that share some evidence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack, vstack

from linkage.authors.evidence import heaviest
from linkage.authors.mentions import Mentions
from linkage.features.coauthors import Companies
from linkage.features.columns import Bags, Coded
from linkage.linking.clustering import Indices

MOST_MENTIONS = 2_000  # that all are compared with each other
MOST_PAIRS = 10_000_000  # in all names together; beyond, fewer mentions are compared with all
_MOST_PAIRS = 2_000_000  # kept in one group of names
_CANDIDATES = (100, 1_000)  # of one mention, least and most
_FEWEST = 10  # candidates of one mention, where there are too many pairs in all
_MOST_PLACES = 3_000  # mentions with one token; more say nothing, or meet at hubs only
_HUBS = 100  # mentions with a co-author of very many, with which all the others are compared
_TITLE_WORDS = 6
_CHUNK = 500  # rows multiplied at once


def most_candidates(n_mentions: int) -> int:
    """With how many others a mention is compared at most, in a group of so many."""
    least, most = _CANDIDATES
    return min(max(_MOST_PAIRS // max(n_mentions, 1), least), most)


def fewer_candidates(n_mentions: int) -> int:
    """The same where a quarter of `MOST_PAIRS` is left for the mentions of all crowded names."""
    return min(max(MOST_PAIRS // 4 // max(n_mentions, 1), _FEWEST), _CANDIDATES[1])


def evidence_pairs(
    mentions: Mentions, rows: Indices, most: int | None = None, tokens: Tokens | None = None
) -> tuple[Indices, Indices]:
    """Pairs (i < j) among mention `rows` that share a rare token, the best of each mention.

    Tokens are co-authors, words of the affiliation, rare words of the title, and the venue with the
    year. A mention keeps the `most_candidates` with which it shares most, counted by rarity;
    equal ones in order of rows. A co-author of more than `_MOST_PLACES` mentions counts for pairs
    with the first of them only (hubs, at which the others meet). So does, where `most` is given as
    there are too many pairs in all, any token of more than a few times as many. `tokens`: those of
    `rows` (`evidence_tokens`); None finds them.
    """
    X, hubs = _weights(tokens or evidence_tokens(mentions, rows), most)
    most = most or most_candidates(len(rows))
    columns = hubs.T.tocsr()
    found = [_best(X, columns, start, most) for start in range(0, len(rows), _CHUNK)]
    a, b = np.concatenate(found, axis=1)
    low, high = rows[np.minimum(a, b)], rows[np.maximum(a, b)]
    n = len(mentions)
    i, j = np.divmod(np.unique(np.minimum(low, high) * n + np.maximum(low, high)), n)
    return i, j


def _best(X: csr_array, columns: csr_array, start: int, most: int) -> Indices:
    """Of `_CHUNK` rows of X `columns` from `start` on, where the highest values are."""
    shared = (X[start : start + _CHUNK] @ columns).tocoo()
    row, column = (side.astype(np.int64) for side in shared.coords)
    other = row + start != column
    row, column, value = row[other], column[other], shared.data[other].astype(np.int64)
    n, top = columns.shape[1], value.max(initial=0)
    row, rest = np.divmod(np.sort((row * (top + 1) + top - value) * n + column), (top + 1) * n)
    rank = np.arange(len(row)) - np.searchsorted(row, np.arange(_CHUNK))[row]
    kept = rank < most
    pairs: Indices = np.stack([row[kept] + start, rest[kept] % n])
    return pairs


class Tokens(NamedTuple):
    """What each of n mentions may share with others: a matrix of ones, n x all tokens.

    Those before `company` are co-authors.
    """

    matrix: csr_array
    company: int

    def of(self, rows: Indices) -> Tokens:
        """The tokens of some of the mentions, only those that one of them has."""
        part = self.matrix[rows]
        known, columns = np.unique(part.indices, return_inverse=True)
        shape = (len(rows), len(known))
        matrix = csr_array((part.data, columns.ravel(), part.indptr), shape=shape)
        return Tokens(matrix, int(np.searchsorted(known, self.company)))


def evidence_tokens(mentions: Mentions, rows: Indices) -> Tokens:
    """The tokens of the mentions `rows`: see `evidence_pairs`."""
    record = mentions.record_of[rows]
    records, at = np.unique(record, return_inverse=True)
    company = mentions.by_mention["coauthor_names"]
    assert isinstance(company.values, Companies)  # noqa: S101  what `prepare_mentions` gives
    parts = [
        company.values[company.codes[rows]].others(),
        _rows(mentions.by_mention["affiliation_bag"], rows),
        heaviest(_rows(mentions.by_record["title_bag"], records), _TITLE_WORDS)[at.ravel()],
        _issues(mentions, records)[at.ravel()],
    ]
    ones = [
        csr_array((np.ones_like(p.indices, np.int8), p.indices, p.indptr), p.shape) for p in parts
    ]
    return Tokens(hstack(ones, format="csr"), parts[0].shape[1])


def _rows(bags: Coded, rows: Indices) -> csr_array:
    """The bags of some rows as a matrix; a missing one is empty."""
    codes = bags.codes[rows]
    assert isinstance(bags.values, Bags)  # noqa: S101  what `weighted_bags` gives
    matrix = bags.values.matrix
    empty = csr_array((1, matrix.shape[1]), dtype=matrix.dtype)
    return vstack([matrix, empty], format="csr")[np.where(codes < 0, matrix.shape[0], codes)]


def _issues(mentions: Mentions, records: Indices) -> csr_array:
    """The venue with the year of each of `records`, a token."""
    venue = _rows(mentions.by_record["venue_bag"], records)
    words = zip(venue.indptr[:-1].tolist(), venue.indptr[1:].tolist(), strict=True)
    names = [np.sort(venue.indices[a:b]).tobytes() for a, b in words]
    years = mentions.by_record["career_year"][records].tolist()
    code = pd.factorize(
        pd.Series([f"{name!r} {year}" for name, year in zip(names, years, strict=True)])
    )[0]
    shape = (len(records), int(code.max(initial=-1)) + 1)
    return csr_array((np.ones(len(code)), code, np.arange(len(code) + 1)), shape=shape)


def _weights(tokens: Tokens, most: int | None) -> tuple[csr_array, csr_array]:
    """Mentions x tokens, each token as heavy as it is rare among these mentions.

    And the same with a token of very many mentions at the first of them only, its hubs.
    """
    n, n_tokens = tokens.matrix.shape
    columns = tokens.matrix.indices
    at = np.repeat(np.arange(n), np.diff(tokens.matrix.indptr))
    count = np.bincount(columns, minlength=n_tokens)
    company = np.arange(n_tokens) < tokens.company
    places, hubs = (_MOST_PLACES, _HUBS) if most is None else (4 * most, 4 * most)
    useful = ((count > 1) & ((count <= places) | company | (most is not None)))[columns]
    at, columns = at[useful], columns[useful]
    # whole numbers add up to the same sum in any order
    weight = np.round(16 * np.log2(1 + n / np.maximum(count, 1)))[columns]
    shape = (n, max(n_tokens, 1))
    near = (count[columns] <= places) | (_rank(columns) < hubs)
    at_hubs = csr_array((weight[near], (at[near], columns[near])), shape=shape)
    return csr_array((weight, (at, columns)), shape=shape), at_hubs


def _rank(codes: Indices) -> Indices:
    """For each code how many equal ones stand before it."""
    places = np.arange(len(codes))
    shape = (int(codes.max(initial=0)) + 1, max(len(codes), 1))
    by_code = csr_array((places, (codes, places)), shape=shape)  # counted, not sorted
    rank = np.empty(len(codes), dtype=np.int64)
    rank[by_code.data] = places - np.repeat(by_code.indptr[:-1], np.diff(by_code.indptr))
    return rank
