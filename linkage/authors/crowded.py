"""Candidate pairs among mentions of a very common name: only those that share some evidence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from linkage.authors.mentions import Mentions
from linkage.linking.clustering import Indices

MOST_MENTIONS = 2_000  # that all are compared with each other
_MOST_PAIRS = 2_000_000  # kept in one group of names
_CANDIDATES = (100, 1_000)  # of one mention, least and most
_MOST_PLACES = 3_000  # mentions with one token; more say nothing
_TITLE_WORDS = 6
_CHUNK = 500  # rows multiplied at once


def most_candidates(n_mentions: int) -> int:
    """With how many others a mention is compared at most, in a group of so many."""
    least, most = _CANDIDATES
    return min(max(_MOST_PAIRS // max(n_mentions, 1), least), most)


def evidence_pairs(mentions: Mentions, rows: Indices) -> tuple[Indices, Indices]:
    """Pairs (i < j) among mention `rows` that share a rare token, the best of each mention.

    Tokens are co-authors, words of the affiliation, rare words of the title, and the venue with the
    year. A mention keeps the `most_candidates` with which it shares most, counted by rarity;
    equal ones in order of rows.
    """
    X = _weights(mentions, rows)
    most = most_candidates(len(rows))
    found = [_best(X, start, most) for start in range(0, len(rows), _CHUNK)]
    a, b = np.concatenate(found, axis=1)
    low, high = rows[np.minimum(a, b)], rows[np.maximum(a, b)]
    n = len(mentions)
    i, j = np.divmod(np.unique(np.minimum(low, high) * n + np.maximum(low, high)), n)
    return i, j


def _best(X: csr_array, start: int, most: int) -> Indices:
    """Of `_CHUNK` rows of X Xᵀ from `start` on, positions (row, column) of the highest values."""
    shared = (X[start : start + _CHUNK] @ X.T).tocoo()
    row, column = shared.coords
    row = row.astype(np.int64) + start
    column = column.astype(np.int64)
    other = row != column
    row, column, value = row[other], column[other], shared.data[other]
    order = np.lexsort((column, -value, row))
    row, column = row[order], column[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    kept = rank < most
    pairs: Indices = np.stack([row[kept], column[kept]])
    return pairs


def _weights(mentions: Mentions, rows: Indices) -> csr_array:
    """Mentions x tokens, each token as heavy as it is rare among these mentions."""
    codes: dict[str, int] = {}
    found = [sorted(set(_tokens(mentions, row))) for row in rows.tolist()]
    columns = np.array(
        [codes.setdefault(token, len(codes)) for tokens in found for token in tokens], np.int64
    )
    at = np.repeat(np.arange(len(rows)), [len(tokens) for tokens in found])
    count = np.bincount(columns, minlength=len(codes))
    useful = (count[columns] > 1) & (count[columns] <= _MOST_PLACES)
    # whole numbers add up to the same sum in any order
    weight = np.round(16 * np.log2(1 + len(rows) / np.maximum(count, 1)))[columns[useful]]
    shape = (len(rows), max(len(codes), 1))
    return csr_array((weight, (at[useful], columns[useful])), shape=shape)


def _tokens(mentions: Mentions, row: int) -> Iterator[str]:
    record = mentions.record_of[row]
    company = mentions.by_mention["coauthor_names"][row]
    yield from (f"c {key}" for key in company.sample or company.rarity if key not in company.own)
    yield from (f"a {word}" for word in mentions.by_mention["affiliation_bag"][row] or ())
    title = mentions.by_record["title_bag"][record] or {}
    rarest = sorted(title, key=lambda word: (-title[word], word))[:_TITLE_WORDS]
    yield from (f"t {word}" for word in rarest)
    venue = " ".join(sorted(mentions.by_record["venue_bag"][record] or ()))
    yield f"v {venue} {mentions.by_record['career_year'][record]}"
