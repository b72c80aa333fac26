"""What stands on a record beside its authors, prepared: bags of words, subject, citations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from linkage.authors.subjects import document_vectors
from linkage.features.arrays import objects
from linkage.features.columns import Bags, Coded, Words
from linkage.features.subjects import Citations
from linkage.records.cells import is_missing
from linkage.records.schema import Conformed
from linkage.text.folding import fold

# What `record_columns` gives.
RECORD_COLUMNS = (
    "printed_title",
    "title_bag",
    "abstract_bag",
    "keyword_bag",
    "venue_bag",
    "subject",
    "citations",
    "career_year",
)

_STEM = 6  # letters of a word that are kept: "clustering" meets "clusters"
_ABSTRACT_WORDS = 40


def record_columns(records: Conformed) -> dict[str, Any]:
    """The prepared columns of records that features of evidence read."""
    n = len(records)
    titles = [fold(t) if t else None for t in present(records["title"])]
    abstracts = (fold(t) if t else None for t in present(records["abstract"]))
    keywords = present(records["keywords"]) if "keywords" in records else [None] * n
    texts = Words.of(
        chain(map(_stems, titles), map(_stems, abstracts), map(_keyword_stems, keywords))
    )
    title, abstract, keys = (texts[np.arange(k * n, (k + 1) * n)] for k in range(3))
    venues = Words.of(map(words, present(records["venue"])))
    return {
        "printed_title": objects([title or None for title in titles]),
        "title_bag": weighted_bags(title),
        "abstract_bag": weighted_bags(abstract, _ABSTRACT_WORDS),
        "keyword_bag": weighted_bags(keys),
        "venue_bag": weighted_bags(venues),
        "subject": document_vectors(_documents([title, abstract, keys], venues)),
        "citations": _citations(records),
        "career_year": pd.to_numeric(records["year"], errors="coerce").to_numpy(
            dtype=float, na_value=np.nan
        ),
    }


def _documents(texts: Sequence[Words], venues: Words) -> Words:
    """All that is said of each record; words of its venue, `@nature`, are others than of its text.

    `texts` share their words.
    """
    said = sum(one.matrix for one in texts[1:]) + texts[0].matrix
    matrix = hstack([venues.matrix, said.sign()], format="csr")
    names = objects([*(f"@{word}" for word in venues.words), *texts[0].words])
    return Words(matrix, names, np.ones(len(names)))


def present(column: Iterable[Any]) -> list[Any]:
    """The cells of a column, None where one is missing."""
    return [None if is_missing(value) else value for value in column]


def _stems(folded: str | None) -> list[str]:
    return [word[:_STEM] for word in (folded or "").split() if len(word) > 2]


def words(text: str | None) -> list[str]:
    """The folded words of two letters or more, cut to their stems."""
    return [word[:_STEM] for word in fold(text).split() if len(word) > 1] if text else []


def _keyword_stems(cell: object) -> list[str]:
    if isinstance(cell, str):
        return _stems(fold(cell))
    return _stems(fold(" ".join(map(str, cell)))) if isinstance(cell, Iterable) else []


def weighted_bags(documents: Words, most: int | None = None) -> Coded:
    """TF-IDF of each document's tokens, scaled to length 1; missing where there are none.

    With `most`, only a document's rarest tokens are kept.
    """
    matrix = documents.matrix.sorted_indices()
    known = np.diff(matrix.indptr) > 0
    df = np.bincount(matrix.indices, minlength=matrix.shape[1])
    n = int(known.sum())
    idf = np.array([math.log((n + 1) / max(count, 1)) for count in df.tolist()])
    matrix = csr_array((idf[matrix.indices], matrix.indices, matrix.indptr), shape=matrix.shape)
    if most is not None:
        matrix = heaviest(matrix, most)
    matrix = matrix[np.flatnonzero(known)]
    squares = np.add.reduceat(matrix.data**2, matrix.indptr[:-1]) if n else np.empty(0)
    matrix.data /= np.repeat(np.sqrt(squares), np.diff(matrix.indptr))
    codes = np.where(known, np.cumsum(known) - 1, -1)
    return Coded(codes.astype(np.int32), Bags(matrix, documents.words))


def heaviest(bags: csr_array, most: int) -> csr_array:
    """The `most` heaviest tokens of each row, of equal ones the first in the alphabet."""
    row = np.repeat(np.arange(bags.shape[0]), np.diff(bags.indptr))
    order = np.lexsort((bags.indices, -bags.data, row))
    kept = np.sort(order[np.arange(len(order)) - bags.indptr[row] < most])
    ends = np.append(0, np.cumsum(np.bincount(row[kept], minlength=bags.shape[0])))
    return csr_array((bags.data[kept], bags.indices[kept], ends), shape=bags.shape)


def _citations(records: Conformed) -> NDArray[Any]:
    """References are matched by equal text, by DOI or by record id."""
    cells = present(records["references"])
    lists = [list(cell) if isinstance(cell, list) else [] for cell in cells]
    if not any(lists):
        return objects([None] * len(lists))
    names = [
        frozenset(str(name) for name in pair if name)
        for pair in zip(records["record_id"], present(records["doi"]), strict=True)
    ]
    pairs = zip(names, weighted_bags(Words.of(lists)).tolist(), strict=True)
    return objects([Citations(name, bag or {}) for name, bag in pairs])
