"""Vectors of what papers are about: documents that go with the same documents are alike."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.features.columns import Coded, Words

DIMENSIONS = 96
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
    X, tokens = _tfidf(documents)
    if not X.shape[0]:
        return Coded(np.empty(0, dtype=np.int32), np.empty((0, 1), dtype=np.float32))
    vectors = X @ _signs(tokens)
    vectors -= vectors.mean(axis=0)
    vectors = X @ (X.T @ _unit(vectors))
    known = np.diff(X.indptr) > 0
    if known.any():
        vectors -= vectors[known].mean(axis=0)
    vectors = np.round(_unit(vectors), 4, out=vectors).astype(np.float32)
    return Coded(np.where(known, np.arange(len(known)), -1).astype(np.int32), vectors)


def _tfidf(documents: Words) -> tuple[csr_array, list[str]]:
    n, width = documents.matrix.shape
    df = np.bincount(documents.matrix.indices, minlength=width)
    told = np.flatnonzero((df > 1) & (df <= max(n // 10, LEAST_COMMON)))
    X = documents.matrix[:, told].astype(float).sorted_indices()
    X.data = np.log((n + 1) / df[told])[X.indices]
    length = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    X.data *= np.repeat(scale, np.diff(X.indptr))
    return X, documents.words[told].tolist()


def _signs(tokens: Sequence[str]) -> NDArray[np.float64]:
    out = np.empty((len(tokens), DIMENSIONS))
    for row, token in enumerate(tokens):
        rng = np.random.Generator(np.random.PCG64(zlib.crc32(token.encode())))
        out[row] = rng.integers(0, 2, DIMENSIONS) * 2.0 - 1.0
    return out


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vectors, which are used up, of length 1."""
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    vectors /= np.where(length > 0, length, 1.0)
    return vectors
