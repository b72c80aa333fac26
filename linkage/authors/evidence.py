"""What stands on a record beside its authors, prepared: bags of words, subject, citations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from linkage.authors.mentions import ids_of_records
from linkage.authors.stems import STEM, stem_sets
from linkage.authors.subjects import document_vectors
from linkage.features.arrays import objects, short
from linkage.features.coauthors import Bag
from linkage.features.columns import Bags, Coded, Words
from linkage.features.subjects import Citations, Titles
from linkage.records.cells import is_missing
from linkage.records.packed import PackedRecords
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

_ABSTRACT_WORDS = 40
_TOGETHER = 100_000  # tokens that are looked at together


def record_columns(records: Conformed | PackedRecords) -> dict[str, Any]:
    """The prepared columns of records that features of evidence read."""
    said = read_texts(records)
    subject = document_vectors(documents(said.texts, said.venue))
    return bags_of_texts(said) | {"subject": subject, "citations": _citations(records, said.cited)}


class Texts(NamedTuple):
    """What n records say in words.

    `printed`: their folded titles. `texts`: word stems of titles, abstracts and keywords; `venue`:
    those of venues; `cited`: their references. `year` is NaN where it is missing.
    """

    printed: list[str | None]
    texts: list[Words]
    venue: Words
    cited: Words
    year: NDArray[np.float64]


# of the documents, and in how many of them each word is
Frequencies = tuple[int, NDArray[np.int64]]


def read_texts(records: Conformed | PackedRecords) -> Texts:
    """What records say in words."""
    n = len(records)
    titles = [fold(t) if t else None for t in present(records["title"])]
    abstracts = (fold(t) if t else None for t in present(records["abstract"]))
    there = isinstance(records, PackedRecords) or "keywords" in records
    keywords = present(records["keywords"]) if there else [None] * n
    texts = stem_sets(chain(titles, abstracts, map(_folded_keywords, keywords)))
    return Texts(
        [title or None for title in titles],
        [texts[np.arange(k * n, (k + 1) * n)] for k in range(3)],
        _words_of_cells(present(records["venue"])),
        Words.of(_references(records)),
        np.array([math.nan if year is None else year for year in present(records["year"])], float),
    )


def _words_of_cells(cells: Iterable[str | None]) -> Words:
    """The `words` of each cell; equal ones are read once."""
    column = Coded.of(cells)
    return Words.of([*map(words, column.values), ()])[column.codes]  # -1: the last


def bags_of_texts(said: Texts, known: Sequence[Frequencies | None] | None = None) -> dict[str, Any]:
    """The prepared columns of words and years.

    `known`: how often the words of titles, abstracts, keywords and venues are in all records; None:
    these are all.
    """
    title, abstract, keys, venue = known or (None, None, None, None)
    return {
        "printed_title": Titles.column(said.printed),
        "title_bag": weighted_bags(said.texts[0], known=title),
        "abstract_bag": weighted_bags(said.texts[1], _ABSTRACT_WORDS, abstract),
        "keyword_bag": weighted_bags(said.texts[2], known=keys),
        "venue_bag": weighted_bags(said.venue, known=venue),
        "career_year": said.year,
    }


def documents(texts: Sequence[Words], venues: Words) -> Words:
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


def words(text: str | None) -> list[str]:
    """The folded words of two letters or more, cut to their stems."""
    return [word[:STEM] for word in fold(text).split() if len(word) > 1] if text else []


def _folded_keywords(cell: object) -> str | None:
    if isinstance(cell, str):
        return fold(cell)
    return fold(" ".join(map(str, cell))) if isinstance(cell, Iterable) else None


def weighted_bags(
    documents: Words, most: int | None = None, known: Frequencies | None = None
) -> Coded:
    """TF-IDF of each document's tokens, scaled to length 1; missing where there are none.

    With `most`, only a document's rarest tokens are kept. `known`: of how many documents these are
    some, and in how many each token is; None: these are all.
    """
    matrix = documents.matrix.sorted_indices()
    n, df = frequencies(documents) if known is None else known
    full = np.diff(matrix.indptr) > 0
    idf = np.array([math.log((n + 1) / max(count, 1)) for count in df.tolist()])
    matrix = csr_array((idf[matrix.indices], matrix.indices, matrix.indptr), shape=matrix.shape)
    if most is not None:
        matrix = heaviest(matrix, most)
    matrix = matrix[np.flatnonzero(full)]
    squares = np.add.reduceat(matrix.data**2, matrix.indptr[:-1]) if full.any() else np.empty(0)
    matrix.data /= np.repeat(np.sqrt(squares), np.diff(matrix.indptr))
    codes = np.where(full, np.cumsum(full) - 1, -1)
    return Coded(codes.astype(np.int32), Bags(matrix, documents.words))


def bags_of_values(column: Coded) -> Coded:
    """The same of cells of texts, where equal ones are one bag."""
    sets = Words.of(map(words, column.values))
    count = np.bincount(column.codes[column.codes >= 0], minlength=len(sets))
    n = int(count[sets.sizes() > 0].sum())
    matrix = sets.matrix
    df = np.bincount(matrix.indices, np.repeat(count, sets.sizes()), minlength=matrix.shape[1])
    return column.replaced(weighted_bags(sets, known=(n, df.astype(np.int64))))


def frequencies(documents: Words) -> Frequencies:
    """How many of the documents have words, and in how many each word is."""
    matrix = documents.matrix
    n = int((np.diff(matrix.indptr) > 0).sum())
    return n, np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.int64)


def heaviest(bags: csr_array, most: int) -> csr_array:
    """The `most` heaviest tokens of each row, of equal ones the first in the alphabet.

    Rows are in order of the alphabet.
    """
    sizes = np.diff(bags.indptr)
    large = np.flatnonzero(sizes > most)
    large = large[np.argsort(-sizes[large], kind="stable")]
    kept = np.ones(bags.nnz, dtype=np.bool_)
    while len(large):
        width = int(sizes[large[0]])
        rows, large = np.split(large, [max(1, _TOGETHER // width)])
        places = bags.indptr[rows, None] + np.arange(width)
        inside = places < bags.indptr[rows + 1, None]
        weights = np.where(inside, bags.data.take(places, mode="clip"), -np.inf)
        kept[places[inside]] = _heaviest(weights, most)[inside]
    ends = short(np.append(0, np.cumsum(kept))[bags.indptr])
    return csr_array((bags.data[kept], bags.indices[kept], ends), shape=bags.shape)


def _heaviest(weights: NDArray[np.float64], most: int) -> NDArray[np.bool_]:
    """Which are the `most` largest of each row, of equal ones the first."""
    least = -np.partition(-weights, most - 1)[:, most - 1, None]
    larger, equal = weights > least, weights == least
    room = most - larger.sum(axis=1, keepdims=True)
    found: NDArray[np.bool_] = larger | (equal & (equal.cumsum(axis=1) <= room))
    return found


def _references(records: Conformed | PackedRecords) -> list[list[Any]]:
    cells = present(records["references"])
    return [list(cell) if isinstance(cell, list) else [] for cell in cells]


def _citations(records: Conformed | PackedRecords, cited: Words) -> Coded:
    """References are matched by equal text, by DOI or by record id."""
    if not cited.matrix.nnz:
        return Coded.of([None] * len(records))
    names = zip(ids_of_records(records), present(records["doi"]), strict=True)
    pairs = zip(names, weighted_bags(cited).tolist(), strict=True)
    values = objects(citations(name, bag) for name, bag in pairs)
    return Coded(np.arange(len(values), dtype=np.int32), values)


def citations(names: Iterable[str | None], cited: Bag | None) -> Citations:
    """What a paper is called in lists of references, and what it cites."""
    return Citations(frozenset(str(name) for name in names if name), cited or {})
