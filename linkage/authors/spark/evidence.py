"""What workers make of words: weighted bags, and vectors of what papers are about, lot by lot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.authors.evidence import Texts, bags_of_texts, weighted_bags
from linkage.authors.spark.read import FIELDS, MENTION, TEXT, affiliations, subjects_of, texts_of
from linkage.authors.spark.tables import WEIGHTS, Vocabulary, listed_bags
from linkage.authors.subjects import rounded, signs, sum_of_lots, tfidf, unit
from linkage.engines.spark_records import Batches

Vocabularies = Mapping[str, Vocabulary]
Floats = NDArray[np.float64]

WEIGHED_TEXT = pa.schema([*TEXT, *((f"{name}_weights", WEIGHTS) for name in FIELDS)])
WEIGHED_MENTION = pa.schema([
    *MENTION,
    ("affiliation_bag", pa.list_(pa.string())),
    ("affiliation_bag_weights", WEIGHTS),
])  # fmt: skip
SUM = pa.schema([("lot", pa.int64()), ("vector", WEIGHTS), ("known", pa.int64())])
TOKEN = pa.schema([("token", pa.string()), ("lot", pa.int64()), ("vector", WEIGHTS)])
# a row without a record has the sum of the lot's vectors, of `known` documents
VECTOR = pa.schema([("record", pa.int64()), *SUM])
SUBJECT = pa.schema([("record", pa.int64()), ("subject", pa.list_(pa.float32()))])


def weigh_text_batches(batches: Batches, known: Vocabularies) -> Iterator[pa.RecordBatch]:
    """`TEXT` -> `WEIGHED_TEXT`: the words of bags, and their weights."""
    for batch in batches:
        table = pa.Table.from_batches([batch])
        said = texts_of(table)
        shared = [said[name] for name in FIELDS[:3]]
        texts = Texts([], shared, said["venue"], said["cited"], np.empty(0))
        counts = [known[name].of(said[name]) for name in FIELDS[:4]]
        bags = bags_of_texts(texts, counts)
        found = [bags[n] for n in ("title_bag", "abstract_bag", "keyword_bag", "venue_bag")]
        found.append(weighted_bags(said["cited"], known=known["cited"].of(said["cited"])))
        columns = {name: table[name] for name in table.column_names}
        for name, bag in zip(FIELDS, found, strict=True):
            columns[name], columns[f"{name}_weights"] = listed_bags(bag)
        yield from pa.table(columns, schema=WEIGHED_TEXT).to_batches()


def weigh_mention_batches(batches: Batches, known: Vocabularies) -> Iterator[pa.RecordBatch]:
    """`MENTION` -> `WEIGHED_MENTION`."""
    for batch in batches:
        said = affiliations(batch["affiliation"])
        bag = weighted_bags(said, known=known["affiliation"].of(said))
        columns = [*batch.columns, *listed_bags(bag)]
        yield from pa.table(columns, schema=WEIGHED_MENTION).to_batches()


def sum_of_lot(table: pa.Table, known: Vocabularies) -> pa.Table:
    """The first vectors of a lot of `TEXT` (with its column lot), summed: `SUM`."""
    X, tokens = _rows(table.sort_by("record"), known)
    total = (X @ signs(tokens)).sum(axis=0)
    return _table(SUM, lot=table["lot"][:1], vector=_lists(total[None]), known=[len(table)])


def tokens_of_lot(table: pa.Table, known: Vocabularies, mean: Floats) -> pa.Table:
    """What the documents of a lot say of each token: `TOKEN`."""
    X, tokens = _rows(table.sort_by("record"), known)
    vectors = X @ signs(tokens)
    vectors -= mean
    found = X.T @ unit(vectors)
    lot = [table["lot"][0].as_py()] * len(tokens)
    return _table(TOKEN, token=tokens, lot=lot, vector=_lists(found))


def sums_of_tokens(table: pa.Table) -> pa.Table:
    """Some tokens of all lots -> the same, each with the sum, added lot by lot."""
    coded = table["token"].combine_chunks().dictionary_encode()
    token, lot = coded.indices.to_numpy(), table["lot"].to_numpy()
    vectors = _matrix(table["vector"])
    total = np.zeros((len(coded.dictionary), vectors.shape[1]))
    for one in np.unique(lot).tolist():
        rows = np.flatnonzero(lot == one)
        total[token[rows]] += vectors[rows]
    return _table(TOKEN, token=table["token"], lot=lot, vector=_lists(total[token]))


def vectors_of_lot(table: pa.Table, sums: pa.Table, known: Vocabularies) -> pa.Table:
    """The second vectors of a lot, by the summed vectors of its tokens: `VECTOR`."""
    table = table.sort_by("record")
    X, tokens = _rows(table, known)
    at = pc.index_in(pa.array(tokens, pa.string()), value_set=sums["token"].combine_chunks())
    vectors = X @ _matrix(sums["vector"])[at.to_numpy()] if tokens else np.zeros((len(table), 1))
    there = np.flatnonzero(np.diff(X.indptr) > 0)
    record = pa.array([*table["record"].take(there).to_pylist(), None], pa.int64())
    total = vectors[there].sum(axis=0)
    rows = _lists(np.concatenate([vectors[there], total[None]]))
    lot = [table["lot"][0].as_py()] * len(record)
    count = [*np.ones(len(there), dtype=np.int64).tolist(), len(there)]
    return _table(VECTOR, record=record, lot=lot, vector=rows, known=count)


def subject_batches(batches: Batches, mean: Floats) -> Iterator[pa.RecordBatch]:
    """`VECTOR` of documents -> `SUBJECT`."""
    for batch in batches:
        if len(batch):
            vectors = rounded(_matrix(batch["vector"]) - mean)
            yield from _table(SUBJECT, record=batch["record"], subject=_lists(vectors)).to_batches()


def mean_of_lots(table: pa.Table) -> Floats:
    """The mean of all vectors by the sums of lots."""
    table = table.sort_by("lot")
    total = sum_of_lots(iter(_matrix(table["vector"]))) if len(table) else np.zeros(1)
    return total / max(int(table["known"].to_numpy().sum()), 1)


def _rows(table: pa.Table, known: Vocabularies) -> tuple[csr_array, list[str]]:
    """TF-IDF of what is said of records, and the tokens that are its columns."""
    subjects = subjects_of(texts_of(table))
    n, counts = known["subject"].of(subjects)
    return tfidf(subjects, counts, n)


def _matrix(column: pa.Array | pa.ChunkedArray) -> Any:
    """Lists of one length as a matrix."""
    lists = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return lists.flatten().to_numpy().reshape(len(lists), -1)


def _lists(matrix: NDArray[Any]) -> pa.Array:
    n, width = matrix.shape
    ends = pa.array(np.arange(n + 1) * width, pa.int32())
    return pa.ListArray.from_arrays(ends, pa.array(matrix.ravel()))


def _table(schema: pa.Schema, **columns: Any) -> pa.Table:
    return pa.table(columns, schema=schema)
