"""Candidate pairs among mentions of a very common name: only those that share some evidence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from linkage.authors.mentions import Mentions
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
    mentions: Mentions, rows: Indices, most: int | None = None
) -> tuple[Indices, Indices]:
    """Pairs (i < j) among mention `rows` that share a rare token, the best of each mention.

    Tokens are co-authors, words of the affiliation, rare words of the title, and the venue with the
    year. A mention keeps the `most_candidates` with which it shares most, counted by rarity;
    equal ones in order of rows. A co-author of more than `_MOST_PLACES` mentions counts for pairs
    with the first of them only (hubs, at which the others meet). So does, where `most` is given as
    there are too many pairs in all, any token of more than a few times as many.
    """
    X, hubs = _weights(mentions, rows, most)
    most = most or most_candidates(len(rows))
    found = [_best(X, hubs, start, most) for start in range(0, len(rows), _CHUNK)]
    a, b = np.concatenate(found, axis=1)
    low, high = rows[np.minimum(a, b)], rows[np.maximum(a, b)]
    n = len(mentions)
    i, j = np.divmod(np.unique(np.minimum(low, high) * n + np.maximum(low, high)), n)
    return i, j


def _best(X: csr_array, hubs: csr_array, start: int, most: int) -> Indices:
    """Of `_CHUNK` rows of X hubsᵀ from `start` on, where (row, column) the highest values are."""
    shared = (X[start : start + _CHUNK] @ hubs.T).tocoo()
    row, column = (side.astype(np.int64) for side in shared.coords)
    other = row + start != column
    row, column, value = row[other], column[other], shared.data[other].astype(np.int64)
    n, top = hubs.shape[0], value.max(initial=0)
    row, rest = np.divmod(np.sort((row * (top + 1) + top - value) * n + column), (top + 1) * n)
    rank = np.arange(len(row)) - np.searchsorted(row, np.arange(_CHUNK))[row]
    kept = rank < most
    pairs: Indices = np.stack([row[kept] + start, rest[kept] % n])
    return pairs


def _weights(mentions: Mentions, rows: Indices, most: int | None) -> tuple[csr_array, csr_array]:
    """Mentions x tokens, each token as heavy as it is rare among these mentions.

    And the same with a token of very many mentions at the first of them only, its hubs.
    """
    codes: dict[str, int] = {}
    found = [sorted(set(_tokens(mentions, row))) for row in rows.tolist()]
    columns = np.array(
        [codes.setdefault(token, len(codes)) for tokens in found for token in tokens], np.int64
    )
    at = np.repeat(np.arange(len(rows)), [len(tokens) for tokens in found])
    count = np.bincount(columns, minlength=len(codes))
    company = np.array([token.startswith("c ") for token in codes], dtype=bool)
    places, hubs = (_MOST_PLACES, _HUBS) if most is None else (4 * most, 4 * most)
    told = (count > 1) & ((count <= places) | company | (most is not None))
    useful = told[columns]
    at, columns = at[useful], columns[useful]
    # whole numbers add up to the same sum in any order
    weight = np.round(16 * np.log2(1 + len(rows) / np.maximum(count, 1)))[columns]
    shape = (len(rows), max(len(codes), 1))
    near = (count[columns] <= places) | (_rank(columns) < hubs)
    at_hubs = csr_array((weight[near], (at[near], columns[near])), shape=shape)
    return csr_array((weight, (at, columns)), shape=shape), at_hubs


def _rank(codes: Indices) -> Indices:
    """For each code how many equal ones stand before it."""
    order = np.argsort(codes, kind="stable")
    rank = np.empty(len(codes), dtype=np.int64)
    rank[order] = np.arange(len(codes)) - np.searchsorted(codes[order], codes[order])
    return rank


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
