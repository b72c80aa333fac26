"""What workers do with names and with chunks of mentions: keys, circles, pairs, identifiers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from linkage.authors.ambiguity import chains, circles
from linkage.authors.blocking import Crowds, may_be_one, mention_pairs
from linkage.authors.identifiers.joins import Places, must_links
from linkage.authors.identifiers.values import Change, IdentifierReader, Link, values_by_kind
from linkage.authors.mentions import Mentions
from linkage.authors.name_counts import NameCounts
from linkage.authors.pairs import NamePairs
from linkage.authors.prepare import keys_of_names
from linkage.authors.repeated_names import repeats
from linkage.authors.scorer import FULL_NAMES, log_odds_of_pairs
from linkage.authors.spark.local import (
    Local,
    local_mentions,
    numbers,
    with_companies,
    with_evidence,
)
from linkage.authors.spark.tables import part
from linkage.engines.spark_records import Batches
from linkage.features.arrays import objects
from linkage.features.names import is_same_in_another_writing
from linkage.linking.clustering import Indices
from linkage.linking.constraints import must_groups
from linkage.models import PairModel
from linkage.records.mention_ids import mention_id

KEYS = pa.schema([("name", pa.int64()), ("hash", pa.int64())])
NAME_PAIRS = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("writing", pa.bool_())])
# the prepared columns of `linkage.authors.ambiguity` of each mention
AMBIGUITY = pa.schema([
    ("mention", pa.int64()),
    ("chain", pa.list_(pa.int64())),
    ("circle", pa.int64()),
    ("circle_size", pa.int64()),
    ("name_circles", pa.float64()),
    ("name_circle_share", pa.float64()),
])  # fmt: skip
# block: the lower one of the two names. shifted: a prior of the name moves it. tells: it tells it.
SCORES = pa.schema([
    ("i", pa.int64()),
    ("j", pa.int64()),
    ("block", pa.int64()),
    ("log_odds", pa.float64()),
    ("shifted", pa.bool_()),
    ("tells", pa.bool_()),
])  # fmt: skip
VALUES = pa.schema([("kind", pa.string()), ("value", pa.string()), ("mention", pa.int64())])
# Pairs that one value says are one person (no kind: that a repeated name says it of), of names in
# conflict if `far`, and then what to tell of it; or a mention whose ORCID may be another's; or a
# problem.
IDENTITIES = pa.schema([
    *((name, pa.int64()) for name in "ij"),
    *((name, pa.string()) for name in ("kind", "value", "place", "found")),
    ("far", pa.bool_()),
    ("slip", pa.int64()),
    ("problem", pa.string()),
])  # fmt: skip
# A mention and the lowest one that it must be one with; or a problem.
ROOTS = pa.schema([("row", pa.int64()), ("label", pa.int64()), ("problem", pa.string())])


def name_key_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Distinct names (name, key) -> the hashes of their keys."""
    for batch in batches:
        found = keys_of_names(batch["key"].to_pylist())
        names = batch["name"].to_numpy()[found.name]
        columns = {"name": names, "hash": found.key.view(np.int64)}
        yield from pa.table(columns, schema=KEYS).to_batches()


def name_pair_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Pairs of names (a, b, their keys x, y) -> those that may be one person's."""
    for batch in batches:
        kept = np.flatnonzero(may_be_one([batch[side].to_pylist() for side in "xy"]))
        batch = batch.take(pa.array(kept))
        keys = zip(batch["x"].to_pylist(), batch["y"].to_pylist(), strict=True)
        writing = [is_same_in_another_writing(x, y) for x, y in keys]
        columns = {"a": batch["a"], "b": batch["b"], "writing": pa.array(writing, pa.bool_())}
        yield from pa.table(columns, schema=NAME_PAIRS).to_batches()


def ambiguity_of_chunk(table: pa.Table, counts: NameCounts) -> pa.Table:
    """All mentions of some blocks of names, and their records -> `AMBIGUITY`."""
    local = local_mentions(part(table, "mention"), counts)
    local = with_companies(local, part(table, "record"), counts)
    mentions, company = local.mentions, local.mentions.by_mention
    of_name = circles(mentions.name_of, company["coauthors"])
    block, n_authors = numbers(local.table["block"]), numbers(local.table["authors"])
    found = chains(pd.factorize(block)[0], company["coauthor_names"], n_authors)
    known = np.flatnonzero(found["chain"].codes >= 0)
    groups = found["chain"].values
    assert isinstance(groups, np.ndarray)  # noqa: S101  what `chains` gives
    labels = np.stack([_lowest(local.ids(known), column) for column in groups.T], axis=1)
    circle, size = np.asarray(found["circle"].values).reshape(-1, 2).T
    return _by_mention(local, known, labels, _lowest(local.ids(known), circle), size, of_name)


def _by_mention(
    local: Local,
    known: Indices,
    labels: Indices,
    circle: Indices,
    size: Indices,
    of_name: dict[str, NDArray[np.float64]],
) -> pa.Table:
    """`AMBIGUITY` by what is known of some rows."""
    n = len(local.mentions)
    place = np.full(n, -1, dtype=np.int64)
    place[known] = np.arange(len(known))
    at = pa.array(place, mask=place < 0)
    ends = pa.array(np.arange(len(known) + 1) * labels.shape[1], pa.int32())
    name_of = local.mentions.name_of
    columns: dict[str, Any] = {
        "mention": local.table["mention"],
        "chain": pa.ListArray.from_arrays(ends, pa.array(labels.ravel(), pa.int64())).take(at),
        "circle": pa.array(circle, pa.int64()).take(at),
        "circle_size": pa.array(size, pa.int64()).take(at),
    }
    columns |= {name: values[name_of] for name, values in of_name.items()}
    return pa.table(columns, schema=AMBIGUITY)


def _lowest(ids: Indices, label: Indices) -> Indices:
    """For each row (of the ids, in order) the lowest id of its label: so it means no other row."""
    first, place = np.unique(label, return_index=True, return_inverse=True)[1:]
    lowest: Indices = ids[first][place.ravel()]
    return lowest


@dataclass(frozen=True)
class Comparison:
    """How chunks of mentions are compared: `crowd` is `Crowds` but for the names."""

    model: PairModel
    counts: NameCounts
    crowd: tuple[int, int | None]

    def of_chunk(self, table: pa.Table) -> pa.Table:
        """Pairs of names, all their mentions and these's records -> `SCORES`."""
        records, pairs = part(table, "record"), part(table, "pair")
        local = local_mentions(part(table, "mention"), self.counts)
        local = with_evidence(with_companies(local, records, self.counts), records)
        sides = (np.searchsorted(local.name, numbers(pairs[side])) for side in "ab")
        a, b = (side.astype(np.int64) for side in sides)
        order = np.lexsort((b, a))
        return self._scores(local, NamePairs(a[order], b[order]))

    def _scores(self, local: Local, names: NamePairs) -> pa.Table:
        mentions = local.mentions
        crowds = Crowds(local.of_names("crowded").astype(bool), *self.crowd)
        pairs = mention_pairs(mentions, names, crowds)
        odds, shifted, tells = log_odds_of_pairs(self.model, mentions, names, pairs)
        block = numbers(local.table["block"])
        columns = {
            "i": local.ids(pairs.i),
            "j": local.ids(pairs.j),
            "block": np.minimum(block[pairs.i], block[pairs.j]),
            "log_odds": odds,
            "shifted": shifted & (FULL_NAMES in self.model.features),
            "tells": tells,
        }
        return pa.table(columns, schema=SCORES)


def repeats_of_chunk(table: pa.Table, counts: NameCounts) -> pa.Table:
    """Mentions whose names stand twice on their records -> `IDENTITIES` that are near."""
    local = local_mentions(table, counts)
    authors = pd.Series(numbers(local.table["authors"])).groupby(local.mentions.record_of).first()
    pairs = repeats(local.mentions, authors, local.table["orcid"].to_pylist())
    i, j = local.ids(pairs[:, 0]), local.ids(pairs[:, 1])
    return filled({"i": i, "j": j, "far": [False] * len(i)}, IDENTITIES)


def value_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Mentions -> `VALUES`: their identifiers."""
    for batch in batches:
        local = local_mentions(pa.Table.from_batches([batch]), NameCounts.from_json({}))
        for kind, values in values_by_kind(_with_table(local)).items():
            rows = [row for row, value in enumerate(values) if value]
            columns = {
                "kind": [kind] * len(rows),
                "value": [values[row] for row in rows],
                "mention": local.ids(np.array(rows, dtype=np.int64)),
            }
            yield from pa.table(columns, schema=VALUES).to_batches()


def _with_table(local: Local) -> Mentions:
    """The mentions with what records say of them in their `table`."""
    said = local.table
    columns = {name: said[name].to_pylist() for name in ("affiliation", "email", "orcid")}
    columns["ids"] = [cell and json.loads(cell) for cell in said["ids"].to_pylist()]
    columns["name"] = said["printed"].to_pylist()
    places = zip(said["record_id"].to_pylist(), said["position"].to_pylist(), strict=True)
    columns["mention_id"] = [mention_id(*place) for place in places]
    table = pd.DataFrame({name: objects(cells) for name, cells in columns.items()})
    table["group"] = said["is_group"].to_numpy()
    return Mentions(**(vars(local.mentions) | {"table": table}))


def identities_of_chunk(table: pa.Table, counts: NameCounts) -> pa.Table:
    """Some values of identifiers, the mentions that have them and their records -> `IDENTITIES`."""
    local = local_mentions(part(table, "mention"), counts)
    local = with_companies(local, part(table, "record"), counts)
    values = part(table, "value").sort_by([("kind", "ascending"), ("mention", "ascending")])
    mentions = _with_table(local)
    reader = IdentifierReader(mentions, values_by_kind(mentions))
    kinds = np.array(values["kind"].to_pylist(), dtype=object)
    rows, said = local.rows(numbers(values["mention"])), values["value"].to_pylist()
    for kind in dict.fromkeys(kinds):
        cells: list[str | None] = [None] * len(local.mentions)
        for at in np.flatnonzero(kinds == kind).tolist():
            cells[rows[at]] = said[at]
        reader.read(kind, cells)
    slips = local.ids(np.array(sorted(reader.slips), dtype=np.int64))
    problems = list(map(str, reader.problems))
    found = (_linked(local, reader.near, far=False), _linked(local, reader.far, far=True))
    return pa.concat_tables(
        filled(one, IDENTITIES) for one in (*found, {"slip": slips}, {"problem": problems})
    )


def _linked(local: Local, links: Sequence[Link | Change], *, far: bool) -> dict[str, Any]:
    """The columns of `IDENTITIES` of links: a row for the first mention of each and each other."""
    ends = [(link, row) for link in links for row in link.rows[1:]]
    told = ("kind", "value", *(("place", "found") if far else ()))
    return {
        "i": local.ids(np.array([link.rows[0] for link, _ in ends], dtype=np.int64)),
        "j": local.ids(np.array([row for _, row in ends], dtype=np.int64)),
        **{name: [getattr(link, name) for link, _ in ends] for name in told},
        "far": [far] * len(ends),
    }


def _rows_of_links(links: pa.Table, mention: Indices) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Undo `_linked`: kind, value, place and found, the first row -> all rows of each link.

    `mention` are the numbers of all mentions that are asked for, ascending.
    """
    i, j = (np.searchsorted(mention, numbers(links[side])).tolist() for side in "ij")
    told = (links[name].to_pylist() for name in ("kind", "value", "place", "found"))
    rows: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for *what, first, row in zip(*told, i, j, strict=True):
        rows[*what, first].append(row)
    return {(*what, first): (first, *sorted(js)) for (*what, first), js in rows.items()}


def roots_of_chunk(table: pa.Table, links: pa.Table) -> pa.Table:
    """All mentions of some chains of links, and the links, as in `IDENTITIES` -> `ROOTS`."""
    table = table.sort_by("mention")
    mention = numbers(table["mention"])
    said = _rows_of_links(links, mention)
    near = [Link(kind, value, rows) for (kind, value, *_), rows in said.items() if kind]
    repeated = [(i, j) for (kind, *_), (i, *js) in said.items() if not kind for j in js]
    pairs = np.array(repeated, dtype=np.int64).reshape(-1, 2)
    group = must_groups(len(mention), pairs)
    must, problems = must_links(places_of_table(table), near, group)
    root = mention[must_groups(len(mention), np.concatenate([pairs, must]))]
    found = ({"row": mention, "label": root}, {"problem": list(map(str, problems))})
    return pa.concat_tables(filled(one, ROOTS) for one in found)


def changes_of_table(table: pa.Table, mention: Indices) -> list[Change]:
    """The changes of names of `IDENTITIES`; `mention` as in `_rows_of_links`."""
    said = _rows_of_links(table, mention)
    return [
        Change(kind, value, rows, place, found)
        for (kind, value, place, found, _), rows in said.items()
    ]


def places_of_table(table: pa.Table) -> Places:
    """Mentions with the columns record, record_id, position, key, printed and orcid, in order."""
    ids = zip(table["record_id"].to_pylist(), table["position"].to_pylist(), strict=True)
    columns = (objects(table[name].to_pylist()) for name in ("key", "printed", "orcid"))
    return Places(numbers(table["record"]), objects(mention_id(*one) for one in ids), *columns)


def filled(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    """A table of some columns of a schema, the others empty."""
    n = len(next(iter(columns.values())))
    return pa.table({f.name: pa.nulls(n, f.type) for f in schema} | columns, schema=schema)
