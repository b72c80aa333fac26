"""Vectors of what papers are about: documents that go with the same documents are alike."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.features.columns import Coded

DIMENSIONS = 96
LEAST_COMMON = 10  # documents; words of more than a tenth of them say nothing


def document_vectors(documents: Iterable[Iterable[str]]) -> Coded:
    """One float32 vector of length 1 a document, missing without a token that others have, too.

    TF-IDF rows X are multiplied with X Xᵀ and a random matrix: the inner products are about those
    of (X Xᵀ)², so documents are alike that are like the same documents. Signs come from hashes of
    the tokens: the same documents give the same vectors.
    Source: random indexing (Kanerva, Kristofersson & Holst 2000), with a power iteration (Halko,
    Martinsson & Tropp 2011, doi:10.1137/090771806).
    """
    X, tokens = _tfidf([sorted(set(tokens)) for tokens in documents])
    if not X.shape[0]:
        return Coded(np.empty(0, dtype=np.int32), np.empty((0, 1), dtype=np.float32))
    vectors = X @ _signs(tokens)
    vectors = X @ (X.T @ _unit(vectors - vectors.mean(axis=0)))
    known = np.diff(X.indptr) > 0
    if known.any():
        vectors = vectors - vectors[known].mean(axis=0)
    vectors = np.round(_unit(vectors), 4).astype(np.float32)
    return Coded(np.where(known, np.arange(len(known)), -1).astype(np.int32), vectors)


def _tfidf(documents: Sequence[Sequence[str]]) -> tuple[csr_array, list[str]]:
    df = Counter(token for tokens in documents for token in tokens)
    most = max(len(documents) // 10, LEAST_COMMON)
    vocabulary = sorted(token for token, n in df.items() if 1 < n <= most)
    column = {token: k for k, token in enumerate(vocabulary)}
    weight = np.array([np.log((len(documents) + 1) / df[token]) for token in vocabulary])
    rows = [[column[token] for token in tokens if token in column] for tokens in documents]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    indices = np.array([k for row in rows for k in row], dtype=np.int64)
    data = weight[indices] if len(indices) else np.empty(0)
    X = csr_array((data, indices, starts), shape=(len(documents), len(vocabulary)))
    length = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    X.data *= np.repeat(scale, np.diff(X.indptr))
    return X, vocabulary


def _signs(tokens: Sequence[str]) -> NDArray[np.float64]:
    out = np.empty((len(tokens), DIMENSIONS))
    for row, token in enumerate(tokens):
        rng = np.random.Generator(np.random.PCG64(zlib.crc32(token.encode())))
        out[row] = rng.integers(0, 2, DIMENSIONS) * 2.0 - 1.0
    return out


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    return vectors / np.where(length > 0, length, 1.0)
