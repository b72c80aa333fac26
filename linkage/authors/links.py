"""What author linking found: people, how sure each assignment is, and every compared pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby, product
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.identifiers.joins import usual
from linkage.authors.mentions import Mentions
from linkage.authors.pairs import MentionPairs, NamePairs
from linkage.authors.scorer import FULL_NAMES, NamePriors
from linkage.errors import Problem
from linkage.features.arrays import exact_parts, of_parts
from linkage.features.name_keys import split_name_key
from linkage.features.names import UNSURE, compare_names
from linkage.linking.clustering import Indices
from linkage.models.pair_model import PairModel
from linkage.models.priors import shifted
from linkage.records.schema import Conformed

PEOPLE_COLUMNS = ("record_id", "position", "name", "author_id", "probability")
# How sure two mentions are one person of whom an equal identifier says so: of a hundred ORCIDs one
# or two stand at a co-author. Stated, not measured.
IDENTIFIED = 0.99


class Identified(NamedTuple):
    """What identifiers did to n mentions.

    `scored`: for each mention the lowest row of its person by scores and by `group`, the lowest row
    that it is one with by identifiers (or a repeated name); `joined`: the person when those of
    names in conflict are joined, too; all int64 (n,). `orcid`: as in
    `linkage.authors.identifiers.values.Identities`. `problems`: what a person should know of it.
    """

    scored: Indices
    joined: Indices
    group: Indices
    orcid: NDArray[np.object_]
    problems: tuple[Problem, ...]


_LOT = 500_000  # pairs looked at together


@dataclass(frozen=True)
class AuthorLinks:
    """What `AuthorLinker.link` found, all by rows of `mentions` (canonical order).

    `names` and `pairs` were compared and `probability` (n pairs,) is what the model says of each
    pair; `author_ids` has each mention's person and `cluster` the lowest row of that person.
    `threshold` separates "same" from "different". `model` and what `priors` add for the names at
    hand gave the probabilities. `records` are those that were linked, conformed, in input order.
    `identified` is what identifiers did. `caps`: sentences, one for each limit of the work that
    decided something. `asked`, bool (n,): the mentions asked for; None: all.

    Examples
    --------
    >>> links = linkage.AuthorLinker().link(records)
    >>> links.people()[["name", "author_id"]].iloc[0].tolist()
    ['A. Abendroth', 'ana-abendroth']
    >>> links.pairs_table().columns.tolist()
    ['left_id', 'right_id', 'probability']
    """

    mentions: Mentions
    names: NamePairs
    pairs: MentionPairs
    probability: NDArray[np.float64]
    cluster: Indices
    author_ids: list[str]
    threshold: float
    model: PairModel
    priors: NamePriors
    identified: Identified = field(repr=False)
    records: Conformed = field(repr=False)
    caps: tuple[str, ...] = ()
    asked: NDArray[np.bool_] | None = None

    def model_of(self, i: int, j: int) -> PairModel:
        """The model as it judges mentions i and j, with what the data say of names such as theirs.

        It depends on the two names only.
        """
        if FULL_NAMES not in self.model.features:
            return self.model
        a, b = self.mentions.name_of[[i, j]]
        shift = self.priors.of(np.array([a]), np.array([b]))
        return shifted(self.model, FULL_NAMES, 0.5, float(shift[0]))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a person should know of identifiers, see `linkage.authors.identifiers.values`."""
        return self.identified.problems

    def telling(self, problems: Iterable[Problem]) -> AuthorLinks:
        """The same with some more of what a person should know, told first."""
        told = (*problems, *self.problems)
        return replace(self, identified=self.identified._replace(problems=told))

    @cached_property
    def decided(self) -> NDArray[np.float64]:
        """The probability of each pair, `IDENTIFIED` where identifiers say that it is one."""
        group = self.identified.group
        same = group[self.pairs.i] == group[self.pairs.j]
        return np.where(same, IDENTIFIED, self.probability)

    def pairs_table(self) -> pd.DataFrame:
        """Every compared pair: left_id and right_id (`record_id#position`), probability."""
        ids = self.mentions.table["mention_id"].to_numpy()
        sides = {"left_id": ids[self.pairs.i], "right_id": ids[self.pairs.j]}
        return pd.DataFrame({**sides, "probability": self.probability})

    @property
    def band(self) -> tuple[float, float]:
        """Probabilities between these two deserve a person's look."""
        return self.model.review

    def people(self) -> pd.DataFrame:
        """One row a mention, columns `PEOPLE_COLUMNS`; `probability` as `assignment_probability`.

        Who is one by an identifier only, of names in conflict, has `IDENTIFIED`. Where some people
        are asked for, only their mentions. Organisations are joined by their names alone: their
        probability is missing (NaN).
        """
        pairs, record = (self.pairs.i, self.pairs.j, self.probability), self.mentions.record_of
        scored, joined, group, *_ = self.identified
        sure = assignment_probability(*pairs, scored, record, group)
        sure[np.isnan(sure) & (n_others(joined, record) > 0)] = IDENTIFIED
        sure[self.mentions.table["group"].to_numpy(dtype=bool)] = np.nan
        table = self.mentions.table.assign(author_id=self.author_ids, probability=sure)
        if self.asked is not None:
            table = table[np.isin(self.cluster, self.cluster[self.asked])].reset_index(drop=True)
        return table[list(PEOPLE_COLUMNS)]

    def people_as_given(self) -> pd.DataFrame:
        """The same in the order of the records, then by position."""
        return in_input_order(self.people(), self.records)

    def barrier(self, a: int, b: int) -> str:
        """What keeps the people of mentions a and b apart whatever the scores, in words, or ""."""
        mine, theirs = (self._members[int(self.cluster[row])] for row in (a, b))
        mentions = self.mentions
        shared = np.intersect1d(mentions.record_of[mine], mentions.record_of[theirs])
        if len(shared):
            records = mentions.table["record_id"].to_numpy()
            first = records[np.flatnonzero(mentions.record_of == shared[0])[0]]
            return f"record {first} lists both"
        names = (np.unique(mentions.name_of[rows]) for rows in (mine, theirs))
        for x, y in product(*names):
            if compare_names(mentions.keys[x], mentions.keys[y]) < UNSURE:
                example = [
                    self._printed_name(name, rows) for name, rows in ((x, mine), (y, theirs))
                ]
                return f"the names {example[0]} and {example[1]} contradict each other"
        return ""

    def other_orcids(self, a: int, b: int) -> str:
        """What ORCIDs the people of mentions a and b have, where these keep them apart, or ""."""
        found = []
        for row in (a, b):
            rows = self._members[int(self.cluster[row])]
            found.append(usual(Counter(filter(None, self.identified.orcid[rows]))))
        if not all(found) or not found[0].isdisjoint(found[1]):
            return ""
        mine, theirs = (" and ".join(sorted(orcids)) for orcids in found)
        return f"the ORCIDs {mine} of one are not those of the other ({theirs})"

    @cached_property
    def _members(self) -> dict[int, Indices]:
        order = np.argsort(self.cluster, kind="stable")
        starts = np.flatnonzero(np.diff(self.cluster[order], prepend=-1))
        groups = np.split(order, starts[1:]) if len(starts) else []
        return {int(rows[0]): rows for rows in groups}

    def _printed_name(self, name: int, rows: Indices) -> str:
        """How a name is printed among the mentions `rows`."""
        row = rows[np.flatnonzero(self.mentions.name_of[rows] == name)[0]]
        return repr(self.mentions.table["name"].iloc[row])


def assignment_probability(
    i: Indices, j: Indices, probability: NDArray[np.float64], cluster: Indices, record: Indices,
    group: Indices,
) -> NDArray[np.float64]:  # fmt: skip
    """How sure each row is to belong to its cluster: float64 of shape (n rows,).

    The mean probability of its pairs with the others of the cluster on other records; a pair that
    was not compared counts as 0, as in clustering, one of rows that are one by an identifier (of
    one `group`) as `IDENTIFIED`, whatever was compared. NaN for a row without any, of which there
    is nothing to doubt.
    """
    parts = np.zeros((2, len(cluster)))
    for start in range(0, len(i), _LOT):
        lot = slice(start, start + _LOT)
        left, right = i[lot], j[lot]
        compared = (cluster[left] == cluster[right]) & (group[left] != group[right])
        inside = start + np.flatnonzero(compared)
        for side in (i[inside], j[inside]):
            for summed, part in zip(parts, exact_parts(probability[inside]), strict=True):
                np.add.at(summed, side, part)
    total = of_parts(parts) + IDENTIFIED * n_others(group, record)
    count = n_others(cluster, record)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def n_others(cluster: Indices, record: Indices) -> Indices:
    """For each row how many of its cluster stand on other records."""
    return _how_many(cluster) - _how_many(cluster * (record.max(initial=0) + 1) + record)


def _how_many(codes: Indices) -> Indices:
    """For each row how many rows have its code."""
    _, position, count = np.unique(codes, return_inverse=True, return_counts=True)
    return np.asarray(count[position.ravel()], dtype=np.int64)


def in_input_order(people: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Rows of `people` in the order of the records, then by position."""
    rank = pd.Series(range(len(records)), index=records["record_id"])
    by_input = np.lexsort([people["position"], people["record_id"].map(rank)])
    return people.iloc[by_input].reset_index(drop=True)


def join_groups(mentions: Mentions, cluster: Indices) -> Indices:
    """Mentions of groups are one when their folded names are equal, wherever they stand."""
    cluster = cluster.copy()
    first: dict[int, int] = {}
    for row in np.flatnonzero(mentions.table["group"].to_numpy(dtype=bool)):
        cluster[row] = first.setdefault(int(mentions.name_of[row]), int(row))
    return cluster


def author_ids(mentions: Mentions, cluster: Indices) -> list[str]:
    """Readable ids: the name of each cluster, numbered where several people share it."""
    keys, bases = mentions.keys, dict[int, str]()
    code, count = np.unique(cluster * len(keys) + mentions.name_of, return_counts=True)
    columns = (column.tolist() for column in (*np.divmod(code, max(len(keys), 1)), count))
    # clusters in the order of their first mention, of each the names
    for owner, listed in groupby(zip(*columns, strict=True), itemgetter(0)):
        names = {name: n for _, name, n in listed}
        bases[owner] = slug(keys[usual_name(names, keys) if len(names) > 1 else min(names)])
    ids = numbered_ids(bases)
    return [ids[owner] for owner in cluster.tolist()]


def numbered_ids(bases: Mapping[int, str]) -> dict[int, str]:
    """The ids of clusters in turn: the second of one base is `base-2`, if no base is called so."""
    used, seen = set(bases.values()), Counter[str]()
    ids = {}
    for owner, base in bases.items():
        seen[base] += 1
        while seen[base] > 1 and f"{base}-{seen[base]}" in used:
            seen[base] += 1
        ids[owner] = base if seen[base] == 1 else f"{base}-{seen[base]}"
    return ids


def slug(key: str) -> str:
    """A name key as an id: `george-van-den-driessche`; "unnamed" without letters."""
    name = split_name_key(key)
    words = (*name.given, *name.particle, *name.family, name.suffix, name.homonym)
    return "-".join(" ".join(words).split()) or "unnamed"


def usual_name(names: Sequence[int] | Mapping[int, int], keys: Sequence[str]) -> int:
    """Of a person's distinct names (rows of `keys`, one a mention) the one to call the person by.

    `names` may be counted.

    With a given name in full if any has one, the most frequent of those, and of these the longest:
    a slip of the pen is seldom repeated.
    """
    count = Counter(names)

    def order(name: int) -> tuple[bool, int, int, str]:
        given = split_name_key(keys[name]).given
        in_full = bool(given) and max(map(len, given)) > 1
        letters = sum(len(word) for word in slug(keys[name]).split("-") if len(word) > 1)
        return (not in_full, -count[name], -letters, keys[name])

    return min(count, key=order)
