"""What workers do first: from records to mentions, the words of texts and lists of co-authors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from linkage.authors.ambiguity import namesakes
from linkage.authors.author_lists import AuthorLists, author_lists
from linkage.authors.evidence import Frequencies, documents, frequencies, read_texts, words
from linkage.authors.mentions import list_mentions
from linkage.authors.prepare import distinct_names, rarest_authors
from linkage.authors.spark.tables import WORDS, in_batches, listed, words_of
from linkage.authors.subjects import document_counts
from linkage.engines.spark_records import Batches, Naming, read_batch
from linkage.features.columns import Words
from linkage.records.cells import is_missing
from linkage.records.order import order_columns
from linkage.records.schema import Conformed
from linkage.running.collector import paused

# What linking authors reads of a record, and what `conform` reads ids and the year from.
READ = ("title", "authors", "authors_truncated", "year", "date", "venue", "doi", "ids", "abstract",
        "url", "references", "keywords")  # fmt: skip

_TEXTS = ("title", "abstract", "venue", "doi")
_NESTED = ("authors", "references", "keywords")
RECORD = pa.schema([
    ("record_id", pa.string()),
    *((name, pa.string()) for name in (*_TEXTS, *_NESTED)),
    ("year", pa.int64()),
])  # fmt: skip
# content: what records are sorted by. problem: the first value that could not be used.
READ_RECORD = pa.schema([*RECORD, ("content", pa.string()), ("problem", pa.string())])

# `mention` is `record` times `POSITIONS` plus `position`: in canonical order. `authors`: how many
# the record has. `others`: keys of namesakes on the record. `twice`: its name stands there again.
POSITIONS = 1 << 20
MENTION = pa.schema([
    ("mention", pa.int64()),
    ("record", pa.int64()),
    ("position", pa.int64()),
    ("authors", pa.int64()),
    *((n, pa.string()) for n in ("record_id", "printed", "key")),
    ("is_group", pa.bool_()),
    *((n, pa.string()) for n in ("affiliation", "email", "orcid", "homonym", "ids")),
    ("others", WORDS),
    ("twice", pa.bool_()),
])  # fmt: skip
# `names`: what the paper is called in lists of references. `authors`: keys of co-authors, those
# kept of a long list (`linkage.authors.prepare.MAX_COAUTHORS`), in the order of their hashes.
FIELDS = ("title", "abstract", "keywords", "venue", "cited")
TEXT = pa.schema([
    ("record", pa.int64()),
    ("printed_title", pa.string()),
    *((name, WORDS) for name in (*FIELDS, "names", "authors")),
    ("year", pa.float64()),
])  # fmt: skip
PARTS = pa.schema([("mention", pa.struct(list(MENTION))), ("text", pa.struct(list(TEXT)))])
# In how many documents a word of a field is; without a word: how many documents have any.
COUNTS = pa.schema([("field", pa.string()), ("word", pa.string()), ("n", pa.int64())])


def read_batches(batches: Batches, naming: Naming | None = None) -> Iterator[pa.RecordBatch]:
    """Any records -> `READ_RECORD`. An id that is missing stays missing."""
    for batch in batches:
        records, _, problems = read_batch(batch, naming)
        columns = order_columns(records.assign(record_id=records["record_id"].fillna("")))
        content = ["\0".join(texts) for texts in columns]
        yield from in_batches(
            _cells(records) | {"content": content, "problem": problems}, READ_RECORD
        )


def record_table(records: Conformed) -> pa.Table:
    """Conformed records as an Arrow table that `read_batches` takes."""
    return pa.table(_cells(records), schema=RECORD)


def _cells(records: Conformed) -> dict[str, list[Any]]:
    there = records.reindex(columns=[*RECORD.names])
    cells = {name: [_cell(cell) for cell in there[name].tolist()] for name in RECORD.names}
    return cells | {name: list(map(_json, there[name])) for name in _NESTED}


def _cell(cell: Any) -> Any:
    return None if is_missing(cell) else cell


def _json(cell: Any) -> str | None:
    return None if is_missing(cell) else json.dumps(cell, ensure_ascii=False)


def mention_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Numbered records -> `PARTS`: their mentions, and what stands beside them."""
    for batch in batches:
        with paused():
            records = _records(batch)
            row = batch["row"].to_numpy(zero_copy_only=False)
            table = list_mentions(records)
            lists = author_lists(records, table)
            mentions = _mentions(table, lists, row)
            texts = _texts(records, lists, row)
        for name, found in (("mention", mentions), ("text", texts)):
            structs = pa.StructArray.from_arrays(
                [column.combine_chunks() for column in found.columns], fields=list(found.schema)
            )
            columns = {one: pa.nulls(len(found), PARTS.field(one).type) for one in PARTS.names}
            yield from in_batches(columns | {name: structs}, PARTS)


def _records(batch: pa.RecordBatch) -> Conformed:
    cells = {name: batch[name].to_pylist() for name in RECORD.names}
    cells |= {name: [cell and json.loads(cell) for cell in cells[name]] for name in _NESTED}
    typed = {"year": float}
    return Conformed(
        pd.DataFrame({n: pd.Series(c, dtype=typed.get(n, object)) for n, c in cells.items()})
    )


def _mentions(table: pd.DataFrame, lists: AuthorLists, row: NDArray[np.int64]) -> pa.Table:
    name_of, names = distinct_names(table["key"])
    places = table["record"].to_numpy(), table["position"].to_numpy()
    alike = namesakes(names, name_of, places, lists)
    record = row[places[0]]
    said = {n: table[n].tolist() for n in ("affiliation", "email", "orcid", "homonym")}
    columns = {
        "mention": record * POSITIONS + places[1],
        "record": record,
        "position": places[1],
        "authors": lists.sizes()[places[0]],
        "record_id": table["record_id"].tolist(),
        "printed": table["name"].tolist(),
        "key": table["key"].tolist(),
        "is_group": table["group"].to_numpy(dtype=bool),
        **said,
        "ids": [_json(cell) for cell in table["ids"].tolist()],
        "others": [sorted(one.others) or None for one in alike.tolist()],
        "twice": table.duplicated(["record", "key"], keep=False).to_numpy(),
    }
    return pa.table(columns, schema=MENTION)


def _texts(records: Conformed, lists: AuthorLists, row: NDArray[np.int64]) -> pa.Table:
    said = read_texts(records)
    kept = rarest_authors(lists)
    keys = pa.array(kept.keys, pa.string()).take(pa.array(kept.key))
    names = zip(records["record_id"], records["doi"], strict=True)
    sets = zip(FIELDS, [*said.texts, said.venue, said.cited], strict=True)
    columns = {
        "record": row,
        "printed_title": said.printed,
        **{field: listed(one) for field, one in sets},
        "names": [[name for name in pair if name] for pair in names],
        "authors": pa.ListArray.from_arrays(pa.array(kept.ends, pa.int32()), keys),
        "year": said.year,
    }
    return pa.table(columns, schema=TEXT)


def texts_of(table: pa.Table) -> dict[str, Words]:
    """The words of `TEXT`, field by field; those of titles, abstracts and keywords share codes."""
    parts = [table[name].combine_chunks() for name in FIELDS[:3]]
    shared, n = words_of(pa.concat_arrays(parts)), len(table)
    found = {name: shared[np.arange(k * n, (k + 1) * n)] for k, name in enumerate(FIELDS[:3])}
    return found | {name: words_of(table[name]) for name in FIELDS[3:]}


def subjects_of(said: dict[str, Words]) -> Words:
    """All that is said of each record, see `linkage.authors.subjects`."""
    return documents([said[name] for name in FIELDS[:3]], said["venue"])


def count_text_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """`TEXT` -> `COUNTS` of the fields, and of all that is said of records (`subject`)."""
    for batch in batches:
        said = texts_of(pa.Table.from_batches([batch]))
        for name, one in said.items():
            yield from _counted(name, one, frequencies(one))
        subjects = subjects_of(said)
        yield from _counted("subject", subjects, (len(batch), document_counts(subjects)))


def count_affiliation_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """`MENTION` -> `COUNTS` of affiliations."""
    for batch in batches:
        one = affiliations(batch["affiliation"])
        yield from _counted("affiliation", one, frequencies(one))


def affiliations(column: pa.Array) -> Words:
    """The words of affiliations."""
    return Words.of(map(words, column.to_pylist()))


def _counted(field: str, said: Words, found: Frequencies) -> Iterator[pa.RecordBatch]:
    n, counts = found
    there = np.flatnonzero(counts)
    columns = {
        "field": [field] * (len(there) + 1),
        "word": [None, *said.words[there].tolist()],
        "n": [n, *counts[there].tolist()],
    }
    yield from in_batches(columns, COUNTS)
