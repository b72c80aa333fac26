"""What workers do with scored pairs: probabilities, clusters, people of initials, ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage.authors.clusters import Evidence, People, least_of_two, merge_mentions
from linkage.authors.initials import join_fits
from linkage.authors.links import numbered_ids, slug, usual_name
from linkage.authors.name_counts import NameCounts
from linkage.authors.pairs import MentionPairs
from linkage.authors.scorer import logistic
from linkage.authors.spark.local import Local, circles, local_mentions, numbers
from linkage.authors.spark.tables import whole_table
from linkage.engines.spark_records import Batches
from linkage.features.arrays import of_parts
from linkage.features.columns import Coded
from linkage.linking.clustering import Indices
from linkage.linking.constraints import Constraints

PAIRS = pa.schema([("i", pa.int64()), ("j", pa.int64()), ("probability", pa.float64())])
CLUSTERS = pa.schema([("mention", pa.int64()), ("cluster", pa.int64())])
MOVED = pa.schema([("cluster", pa.int64()), ("person", pa.int64())])
IDS = pa.schema([("person", pa.int64()), ("id", pa.string())])


def probability_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Pairs with log_odds and the shift of their names -> `PAIRS`."""
    for batch in batches:
        odds = batch["log_odds"].to_numpy() + batch["shift"].to_numpy()
        columns = {"i": batch["i"], "j": batch["j"], "probability": logistic(odds)}
        yield from pa.table(columns, schema=PAIRS).to_batches()


class Members(NamedTuple):
    """Some mentions, what keeps their people apart, and what of them must be one."""

    local: Local
    people: People
    known: Constraints

    @classmethod
    def of(cls, table: pa.Table, by: Clustering) -> Members:
        """Of mentions with the columns key, orcid, circle, circle_size, writings and root."""
        local = _with_writings(local_mentions(table, by.counts), by.counts)
        n = len(local.mentions)
        group = local.rows(numbers(local.table["root"]))
        joined = np.flatnonzero(group != np.arange(n))
        must = np.stack([group[joined], joined], axis=1)
        known = Constraints(must, np.empty((0, 2), dtype=np.int64), group)
        orcid = Coded.of(local.table["orcid"].to_pylist()).codes.astype(np.int64)
        evidence = Evidence(orcid, _writings(local), by.orcid_share)
        least = least_of_two(by.threshold)
        return cls(local, People(local.mentions, group, evidence, least), known)


def _with_writings(local: Local, counts: NameCounts) -> Local:
    """The same mentions; names in another writing that no mention here has are among the keys."""
    others = {key for cell in local.table["writings"].to_pylist() for key in cell or ()}
    old = local.mentions
    keys = sorted({*old.keys, *others})
    number = {key: code for code, key in enumerate(keys)}
    code = np.array([number[key] for key in old.keys], dtype=np.int64)
    by_name = {"person_name": [counts.person_name(key) for key in keys]}
    changed = {"keys": keys, "name_of": code[old.name_of], "by_name": by_name}
    mentions = type(old)(**(vars(old) | changed | {"by_mention": {"circle": circles(local.table)}}))
    return Local(local.table, mentions, local.name, local.record)


def _writings(local: Local) -> dict[int, frozenset[int]]:
    number = {key: code for code, key in enumerate(local.mentions.keys)}
    cells = zip(local.mentions.name_of.tolist(), local.table["writings"].to_pylist(), strict=True)
    return {name: frozenset(number[key] for key in cell) for name, cell in cells if cell}


@dataclass(frozen=True)
class Clustering:
    """How mentions are clustered on workers; `orcid_share` of all have an ORCID."""

    counts: NameCounts
    threshold: float
    orcid_share: float

    def of_chunk(self, table: pa.Table, pairs: pa.Table) -> pa.Table:
        """Mentions that chains of strong pairs join, and these's pairs -> `CLUSTERS`."""
        local, people, known = Members.of(table, self)
        i, j = (local.rows(numbers(pairs[side])) for side in "ij")
        limits = local.table["most"].to_numpy()
        compared = MentionPairs(i, j, np.zeros(len(i), dtype=np.int64))
        probability = pairs["probability"].to_numpy()
        label = merge_mentions(people, compared, probability, self.threshold, limits, known)
        columns = {"mention": local.table["mention"], "cluster": local.ids(label)}
        return pa.table(columns, schema=CLUSTERS)

    def initials_of_chunk(self, table: pa.Table, fits: pa.Table) -> pa.Table:
        """Members of people who may be joined, with their cluster, and the fits -> `MOVED`."""
        local, people, known = Members.of(table, self)
        label = local.rows(numbers(local.table["cluster"]))
        roots = np.unique(np.stack([label, known.group], axis=1), axis=0)
        for cluster, root in roots[roots[:, 0] != roots[:, 1]].tolist():
            people.join(cluster, root)
        fits = fits.sort_by([("person", "ascending"), ("other", "ascending")])
        sides = (local.rows(numbers(fits[side])).tolist() for side in ("person", "other"))
        total = of_parts(np.stack([numbers(fits[part]) for part in ("high", "low")]).astype(float))
        size = np.bincount(label, minlength=len(label)).astype(np.int64)
        found = zip(*sides, total.tolist(), strict=True)
        joined = join_fits(label, size, found, people.can_meet, people.join)
        changed = np.flatnonzero(joined != label)
        return _moved(local.ids(label[changed]), local.ids(joined[changed]))


def _moved(cluster: Indices, person: Indices) -> pa.Table:
    pairs: NDArray[np.int64] = np.unique(np.stack([cluster, person], axis=1), axis=0)
    return pa.table([pairs[:, 0], pairs[:, 1]], schema=MOVED)


def base_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Whole people (person, key, n mentions), a row a name -> what each is to be called."""
    table = whole_table(batches, _NAMED).sort_by("person")
    keys = table["key"].to_pylist()
    number = numbers(table["n"]).tolist()
    person = numbers(table["person"])
    starts = np.flatnonzero(np.diff(person, prepend=-1))
    ends = [*starts[1:].tolist(), len(person)]
    ids = [
        slug(keys[usual_name({row: number[row] for row in range(a, b)}, keys)])
        for a, b in zip(starts.tolist(), ends, strict=True)
    ]
    yield from pa.table([person[starts], ids], schema=IDS).to_batches()


_NAMED = pa.schema([("person", pa.int64()), ("key", pa.string()), ("n", pa.int64())])


def id_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """What people are to be called, those of like ids together -> their ids, numbered."""
    table = whole_table(batches, IDS).sort_by("person")
    people = numbers(table["person"]).tolist()
    ids = numbered_ids(dict(zip(people, table["id"].to_pylist(), strict=True)))
    yield from pa.table([list(ids), list(ids.values())], schema=IDS).to_batches()
