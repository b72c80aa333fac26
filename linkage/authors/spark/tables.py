"""What goes between the steps as Arrow tables: words, bags and parts of tables.

A set of words is a list in order of the alphabet; a bag of weighted words has their weights in a
second list. A missing bag is an empty one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.authors.evidence import Frequencies
from linkage.features.arrays import objects
from linkage.features.columns import Bags, Coded, Words

WORDS = pa.list_(pa.string())
WEIGHTS = pa.list_(pa.float64())


def listed(words: Words) -> pa.Array:
    """Sets of words as lists."""
    matrix = words.matrix.sorted_indices()
    flat = pa.array(words.words.tolist(), pa.string()).take(pa.array(matrix.indices))
    return pa.ListArray.from_arrays(pa.array(matrix.indptr, pa.int32()), flat)


def words_of(lists: pa.Array | pa.ChunkedArray) -> Words:
    """Undo `listed`."""
    flat, ends = _flat(lists)
    coded = flat.dictionary_encode()
    order = pc.sort_indices(coded.dictionary)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order.to_numpy()] = np.arange(len(order))
    codes = rank[coded.indices.to_numpy()]
    vocabulary = objects(map(sys.intern, coded.dictionary.take(order).to_pylist()))
    ones = np.ones(len(codes), dtype=np.int8)
    matrix = csr_array((ones, codes, ends), shape=(len(lists), len(vocabulary)))
    return Words(matrix, vocabulary, np.ones(len(vocabulary)))


def _flat(lists: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, NDArray[np.int64]]:
    """The values of all lists, one behind the other, and where each list ends."""
    lists = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return lists.flatten(), np.append(0, np.cumsum(sizes)).astype(np.int32)


def listed_bags(bags: Coded) -> tuple[pa.Array, pa.Array]:
    """Bags of `weighted_bags`, the words of each and their weights."""
    assert isinstance(bags.values, Bags)  # noqa: S101  what `weighted_bags` gives
    matrix, tokens = bags.values.matrix, bags.values.tokens
    sizes = np.append(np.diff(matrix.indptr), 0)[bags.codes]
    ends = pa.array(np.append(0, np.cumsum(sizes)), pa.int32())
    flat = pa.array(tokens.tolist(), pa.string()).take(pa.array(matrix.indices))
    return (
        pa.ListArray.from_arrays(ends, flat),
        pa.ListArray.from_arrays(ends, pa.array(matrix.data, pa.float64())),
    )


def bags_of(words: pa.Array | pa.ChunkedArray, weights: pa.Array | pa.ChunkedArray) -> Coded:
    """Undo `listed_bags`."""
    said = words_of(words)
    known = np.diff(said.matrix.indptr) > 0
    parts = (_flat(weights)[0].to_numpy(), said.matrix.indices, said.matrix.indptr)
    matrix = csr_array(parts, shape=said.matrix.shape)[np.flatnonzero(known)]
    codes = np.where(known, np.cumsum(known) - 1, -1)
    return Coded(codes.astype(np.int32), Bags(matrix, said.words))


class Vocabulary(NamedTuple):
    """In how many of `n` documents each word of a field is; a word that is not there is in one."""

    n: int
    words: pa.Array
    counts: NDArray[np.int64]

    def of(self, words: Words) -> Frequencies:
        """Those of some words."""
        vocabulary = pa.array(words.words.tolist(), pa.string())
        at = pc.index_in(vocabulary, value_set=self.words)
        return self.n, np.append(self.counts, 1)[pc.fill_null(at, len(self.counts)).to_numpy()]


def part(table: pa.Table, name: str) -> pa.Table:
    """The rows of a table whose column `name`, of structs, is there, as a table of its fields."""
    column = table[name].combine_chunks()
    column = column.filter(column.is_valid())
    return pa.table(dict(zip((f.name for f in column.type), column.flatten(), strict=True)))


def whole_table(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    """All batches as one table."""
    parts = [pa.Table.from_batches([batch]).cast(schema) for batch in batches]
    return pa.concat_tables(parts) if parts else schema.empty_table()


def in_batches(columns: dict[str, Any], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """A table of columns as batches."""
    yield from pa.table(columns, schema=schema).to_batches()
