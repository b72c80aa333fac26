"""Vectors of what papers are about: documents that go with the same documents are alike."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.features.columns import Coded, Words

DIMENSIONS = 96
LOT = 1 << 16  # documents whose vectors are added up by themselves
LEAST_COMMON = 10  # documents; words of more than a tenth of them say nothing


def document_vectors(documents: Words) -> Coded:
    """One float32 vector of length 1 a document, missing without a token that others have, too.

    TF-IDF rows X are multiplied with X Xᵀ and a random matrix: the inner products are about those
    of (X Xᵀ)², so documents are alike that are like the same documents. Signs come from hashes of
    the tokens: the same documents give the same vectors. `documents` have words in an order of
    their own, whatever other documents there are.
    Source: random indexing (Kanerva, Kristofersson & Holst 2000), with a power iteration (Halko,
    Martinsson & Tropp 2011, doi:10.1137/090771806).
    """
    n = documents.matrix.shape[0]
    X, tokens = tfidf(documents, document_counts(documents), n)
    if not n:
        return Coded(np.empty(0, dtype=np.int32), np.empty((0, 1), dtype=np.float32))
    lots = [slice(start, start + LOT) for start in range(0, n, LOT)]
    known = np.diff(X.indptr) > 0
    vectors = X @ signs(tokens)
    vectors -= sum_of_lots(vectors[lot].sum(axis=0) for lot in lots) / n
    vectors = unit(vectors)
    like = sum_of_lots(X[lot].T @ vectors[lot] for lot in lots)
    del vectors  # before there are others as large
    vectors = X @ like
    if known.any():
        vectors -= sum_of_lots(vectors[lot][known[lot]].sum(axis=0) for lot in lots) / known.sum()
    vectors = rounded(vectors)
    return Coded(np.where(known, np.arange(len(known)), -1).astype(np.int32), vectors)


def document_counts(documents: Words) -> NDArray[np.int64]:
    """In how many documents each word is, int64 (n words,)."""
    width = documents.matrix.shape[1]
    return np.bincount(documents.matrix.indices, minlength=width).astype(np.int64)


def told_words(df: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    """Which words, in `df` of n documents each, say something."""
    found: NDArray[np.bool_] = (df > 1) & (df <= max(n // 10, LEAST_COMMON))
    return found


def sum_of_lots(parts: Iterable[NDArray[np.float64]]) -> NDArray[np.float64]:
    """The sum of arrays, added in their order.

    Sums over all documents are those of lots of `LOT`, so that whoever has a lot gets the same.
    """
    total: NDArray[np.float64] = sum(parts, start=np.zeros(1))
    return total


def rounded(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    """The vectors, which are used up, of length 1 and rounded."""
    vectors = unit(vectors)
    return np.round(vectors, 4, out=vectors).astype(np.float32)


def tfidf(documents: Words, df: NDArray[np.int64], n: int) -> tuple[csr_array, list[str]]:
    """Rows of length 1 of some of n documents, and the `told_words` that are their columns."""
    told = np.flatnonzero(told_words(df, n))
    X = documents.matrix[:, told]
    X.sort_indices()
    X = csr_array((np.log((n + 1) / df[told])[X.indices], X.indices, X.indptr), shape=X.shape)
    squares = csr_array((X.data * X.data, X.indices, X.indptr), shape=X.shape)
    length = np.sqrt(np.asarray(squares.sum(axis=1)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    X.data *= np.repeat(scale, np.diff(X.indptr))
    return X, documents.words[told].tolist()


def signs(tokens: Sequence[str]) -> NDArray[np.float64]:
    """A random vector of -1 and 1 for each token, always the same.

    Each random number of 64 bits gives two, of the first bits of its halves: `integers(0, 2)` of a
    generator, which asks for them one token at a time, does the same.
    """
    drawn = np.empty((len(tokens), DIMENSIONS // 2), dtype="<u8")
    for row, token in enumerate(tokens):
        drawn[row] = np.random.PCG64(zlib.crc32(token.encode())).random_raw(DIMENSIONS // 2)
    return (drawn.view("<u4") >> 31).astype(float) * 2.0 - 1.0


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vectors, which are used up, of length 1."""
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    vectors /= np.where(length > 0, length, 1.0)
    return vectors
