"""Bodies of work: what the papers of one circle of co-authors are about together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.features.columns import Bags, Coded

Columns = dict[str, Any]


def bodies(
    circle: Coded, record_of: NDArray[np.int64], by_record: Columns, affiliation: Coded
) -> Columns:
    """What each mention's circle of papers says, one value a circle.

    A mention without a circle (`linkage.authors.ambiguity.chains`) is one by itself.
    """
    body = _numbers(circle)
    papers = _ones(body, record_of, len(by_record["career_year"]))
    return {
        "body_subject": _mean_vectors(papers, by_record["subject"], body),
        "body_words": _bags(papers, by_record["title_bag"], body),
        "body_abstract": _bags(papers, by_record["abstract_bag"], body),
        "body_venues": _bags(papers, by_record["venue_bag"], body),
        "body_affiliations": _bags(_ones(body, np.arange(len(body)), len(body)), affiliation, body),
        "body_years": _spans(body, by_record["career_year"][record_of]),
    }


def _ones(body: NDArray[np.int64], of: NDArray[np.int64], width: int) -> csr_array:
    shape = (int(body.max(initial=-1)) + 1, width)
    return csr_array((np.ones(len(body)), (body, of)), shape=shape)


def _numbers(circle: Coded) -> NDArray[np.int64]:
    n = len(circle)
    alone = n + np.arange(n, dtype=np.int64)
    if len(circle.values):
        values = np.asarray(circle.values)[:, 0]
        known = circle.codes >= 0
        alone[known] = values[circle.codes[known]]
    return pd.factorize(alone)[0].astype(np.int64)


def _mean_vectors(papers: csr_array, subject: Coded, body: NDArray[np.int64]) -> Coded:
    vectors = np.asarray(subject.values, dtype=np.float64)
    codes = subject.codes
    told = np.flatnonzero(codes >= 0)
    some = papers[:, told]
    count = np.asarray(some.sum(axis=1)).ravel()
    total = some @ vectors[codes[told]] if len(told) else np.zeros((papers.shape[0], 1))
    mean = (total / np.maximum(count, 1)[:, None]).astype(np.float32)
    number = np.where(count > 0, np.arange(len(count)), -1).astype(np.int32)
    return Coded(number[body], mean)


def _bags(papers: csr_array, bags: Coded, body: NDArray[np.int64]) -> Coded:
    matrix = bags.values.matrix
    told = np.flatnonzero(bags.codes >= 0)
    total = (papers[:, told] @ matrix[bags.codes[told]]).tocsr().sorted_indices()
    known = np.diff(total.indptr) > 0
    length = np.sqrt(np.asarray(total.multiply(total).sum(axis=1)).ravel())
    total.data = total.data / np.repeat(np.maximum(length, 1e-12), np.diff(total.indptr))
    number = np.where(known, np.arange(len(known)), -1).astype(np.int32)
    return Coded(number[body], Bags(total, bags.values.tokens))


def _spans(body: NDArray[np.int64], year: NDArray[np.float64]) -> NDArray[np.float64]:
    n = int(body.max(initial=-1)) + 1
    first, last = np.full(n, np.inf), np.full(n, -np.inf)
    known = ~np.isnan(year)
    np.minimum.at(first, body[known], year[known])
    np.maximum.at(last, body[known], year[known])
    codes = np.where(np.isfinite(first), np.arange(n), -1).astype(np.int32)
    return Coded(codes[body], np.stack([first, last], axis=1))
