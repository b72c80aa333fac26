"""Some of all mentions, as `Mentions` of their own: numbered from 0, in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from linkage.authors.author_lists import AuthorLists
from linkage.authors.evidence import citations
from linkage.authors.mentions import Columns, KeyedNames, Mentions
from linkage.authors.name_counts import NameCounts
from linkage.authors.prepare import companies_of, keys_of_names
from linkage.authors.spark.tables import bags_of
from linkage.features.arrays import objects
from linkage.features.columns import Coded
from linkage.features.namesakes import Namesakes
from linkage.features.subjects import Titles
from linkage.linking.clustering import Indices

_BAGS = {"title": "title_bag", "abstract": "abstract_bag", "keywords": "keyword_bag",
         "venue": "venue_bag"}  # fmt: skip


@dataclass(frozen=True)
class Local:
    """Some mentions: `table` has one row each, in order; `mentions` are the same prepared.

    `name` and `record` are the numbers, in all data, of the names and records of `mentions`.
    """

    table: pa.Table
    mentions: Mentions
    name: Indices
    record: Indices

    def ids(self, rows: Indices) -> Indices:
        """The numbers of some rows in all data."""
        found: Indices = numbers(self.table["mention"])[rows]
        return found

    def rows(self, ids: Indices) -> Indices:
        """Undo `ids`."""
        return np.searchsorted(numbers(self.table["mention"]), ids).astype(np.int64)

    def of_names(self, column: str) -> NDArray[Any]:
        """The values of a column that mentions of one name have in common, a name each."""
        first = np.unique(self.mentions.name_of, return_index=True)[1]
        values: NDArray[Any] = self.table[column].to_numpy()[first]
        return values

    def replace(self, **columns: Columns) -> Local:
        """The same with further prepared columns: `by_name`, `by_record`, `by_mention`."""
        old = self.mentions
        added = {level: getattr(old, level) | more for level, more in columns.items()}
        return Local(self.table, Mentions(**(vars(old) | added)), self.name, self.record)


def numbers(column: pa.ChunkedArray) -> Any:
    """A column without missing values as an array."""
    return column.to_numpy()


def local_mentions(table: pa.Table, counts: NameCounts) -> Local:
    """Mentions with the columns mention, record, key and, perhaps, name; no evidence yet."""
    table = table.sort_by("mention")
    coded = table["key"].combine_chunks().dictionary_encode()
    found = np.array(coded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(found)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    name_of = rank[coded.indices.to_numpy()]
    record, record_of = np.unique(numbers(table["record"]), return_inverse=True)
    keys = found[order].tolist()
    first = np.unique(name_of, return_index=True)[1]
    name = numbers(table["name"])[first] if "name" in table.column_names else np.arange(len(keys))
    by_name = {
        "name_key": objects(keys),
        "person_name": objects([counts.person_name(key) for key in keys]),
    }
    nothing = KeyedNames(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64))
    mentions = Mentions(
        pd.DataFrame(index=range(len(table))), keys, counts, name_of, record_of.astype(np.int64),
        by_name, {}, {}, nothing,
    )  # fmt: skip
    return Local(table, mentions, name.astype(np.int64), record.astype(np.int64))


def with_companies(local: Local, records: pa.Table, counts: NameCounts) -> Local:
    """The same with the co-authors of each mention; `records` has the kept lists of all records."""
    lists = records.sort_by("record")["authors"].combine_chunks()
    coded = lists.flatten().dictionary_encode()
    found = np.array(coded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(found)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    sizes = np.diff(lists.offsets.to_numpy())
    record = np.repeat(np.arange(len(lists)), sizes)
    authors = AuthorLists(len(lists), record, rank[coded.indices.to_numpy()], found[order].tolist())
    mentions = local.mentions
    known = keys_of_names(mentions.keys)
    names = mentions.keys, known, mentions.name_of
    company = companies_of(authors, counts, *names, mentions.record_of)
    return local.replace(by_mention=company)


def with_evidence(local: Local, records: pa.Table) -> Local:
    """The same with all else that features read; `records` are those of `weigh_text_batches`."""
    table, mentions = local.table, local.mentions
    by_name = {
        "name_rivals": local.of_names("rivals"),
        "name_circles": local.of_names("name_circles"),
        "name_circle_share": local.of_names("name_circle_share"),
    }
    by_mention = {
        "chain": _vectors(table["chain"], np.int64),
        "circle": circles(table),
        "namesakes": _namesakes(table, mentions),
        "affiliation_bag": bags_of(table["affiliation_bag"], table["affiliation_bag_weights"]),
        **{name: Coded.of(table[name].to_pylist()) for name in ("email", "orcid", "homonym")},
    }
    return local.replace(
        by_name=by_name, by_record=_by_record(records.sort_by("record")), by_mention=by_mention
    )


def circles(table: pa.Table) -> Coded:
    """The circle of each mention, and how many are in it: the prepared column `circle`."""
    known = table["circle"].is_valid().to_numpy()
    values = [table[name].drop_null().to_numpy() for name in ("circle", "circle_size")]
    return Coded(_codes(known), np.stack(values, axis=1))


def _by_record(records: pa.Table) -> Columns:
    bags = {
        column: bags_of(records[name], records[f"{name}_weights"]) for name, column in _BAGS.items()
    }
    cited = bags_of(records["cited"], records["cited_weights"]).tolist()
    names = records["names"].to_pylist()
    return bags | {
        "printed_title": Titles.column(records["printed_title"].to_pylist()),
        "career_year": records["year"].to_numpy(),
        "subject": _vectors(records["subject"], np.float32),
        "citations": objects([citations(*one) for one in zip(names, cited, strict=True)]),
    }


def _codes(known: NDArray[np.bool_]) -> NDArray[np.int32]:
    return np.where(known, np.cumsum(known) - 1, -1).astype(np.int32)


def _vectors(column: pa.ChunkedArray, kind: type[Any]) -> Coded:
    """Lists of numbers, all of one length, as rows of a matrix."""
    known = column.is_valid().to_numpy()
    flat = column.combine_chunks().flatten().to_numpy().astype(kind, copy=False)
    n = int(known.sum())
    return Coded(_codes(known), flat.reshape(n, -1) if n else np.empty((0, 1), dtype=kind))


def _namesakes(table: pa.Table, mentions: Mentions) -> Coded:
    names = (mentions.keys[name] for name in mentions.name_of.tolist())
    others = (frozenset(cell or ()) for cell in table["others"].to_pylist())
    return Coded.of(map(Namesakes, names, others))
