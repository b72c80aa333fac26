"""What the driver knows: all distinct names, how many mentions each has, and pairs of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage.authors.ambiguity import rivals
from linkage.authors.blocking import (
    Crowds,
    crowds_of_counts,
    groups_of_names,
    limits_of_names,
    names_of_persons,
    pairs_of_names,
)
from linkage.authors.name_counts import NameCounts, count_names
from linkage.authors.pairs import NamePairs
from linkage.authors.repeated_names import rarity_in_full
from linkage.authors.rules import primary_key
from linkage.authors.scorer import background
from linkage.linking.clustering import Indices
from linkage.models import PairModel

_PAIRS = 200_000  # of mentions, compared in one chunk
_MENTIONS = 50_000  # of blocks of names, looked at in one chunk


@dataclass(frozen=True)
class Names:
    """Distinct names in alphabetical order, a name's number its place.

    `count`: how many mentions each has, int64 (n names,); `person`: numbers of those that are
    somebody's. `counts` says how common names are, those where the model was trained included.
    `pairs` are those of `linkage.authors.blocking.candidate_names`, `writing` whether the two are
    one name in another writing, bool (n pairs,).
    """

    keys: list[str]
    count: Indices
    person: Indices
    counts: NameCounts
    pairs: NamePairs = field(default_factory=lambda: NamePairs(_nothing(), _nothing()))
    writing: NDArray[np.bool_] = field(default_factory=lambda: _nothing().astype(bool))

    @classmethod
    def of(cls, table: pa.Table, model: PairModel) -> Names:
        """Of all keys in order, with n and is_group."""
        keys = table["key"].to_pylist()
        groups = table["is_group"].to_numpy().astype(bool)
        counts = count_names(keys) + background(model)
        count = table["n"].to_numpy().astype(np.int64)
        return cls(keys, count, names_of_persons(keys, groups), counts)

    def persons(self) -> pa.Table:
        """Columns name and key of the names that are somebody's."""
        return pa.table({"name": self.person, "key": [self.keys[k] for k in self.person.tolist()]})

    def with_pairs(self, table: pa.Table) -> Names:
        """The same with pairs of names a < b; each person's name with itself is added."""
        a, b = (np.append(self.person, table[side].to_numpy()) for side in "ab")
        writing = np.append(np.zeros(len(self.person), dtype=bool), table["writing"].to_numpy())
        order = np.lexsort((b, a))
        pairs = NamePairs(a[order].astype(np.int64), b[order].astype(np.int64))
        return replace(self, pairs=pairs, writing=writing[order].astype(bool))

    def sizes(self) -> tuple[str, str]:
        """How many names and pairs of names there are, to be printed."""
        return f"{len(self.keys):,}", f"{len(self.pairs.a):,}"

    @cached_property
    def crowds(self) -> Crowds:
        """Which names are crowded."""
        return crowds_of_counts(self.count, self.pairs)

    def crowd(self) -> tuple[int, int | None]:
        """`crowds` but for the names."""
        return self.crowds.mentions, self.crowds.most

    @cached_property
    def blocks(self) -> Indices:
        """For each name the number of its family name and initial, in alphabetical order."""
        short = np.array([primary_key(key) for key in self.keys], dtype=object)
        return np.unique(short, return_inverse=True)[1].ravel().astype(np.int64)

    def n_blocks(self) -> int:
        """How many different family names with an initial there are."""
        return int(self.blocks.max(initial=-1)) + 1

    def table(self) -> pa.Table:
        """What goes with each name: a row a key."""
        people = (self.counts.person_name(key) for key in self.keys)
        return pa.table({
            "key": pa.array(self.keys, pa.string()),
            "name": np.arange(len(self.keys)),
            "block": self.blocks,
            "rivals": rivals(self.keys),
            "crowded": self.crowds.crowded,
            "most": limits_of_names(self.count, self.pairs, self.crowds),
            "in_full": pa.array([rarity_in_full(one) > 0 for one in people], pa.bool_()),
            "writings": pa.array(self._writings(), pa.list_(pa.string())),
        })  # fmt: skip

    def _writings(self) -> list[list[str] | None]:
        found: dict[int, list[str]] = {}
        a, b = (side[self.writing].tolist() for side in self.pairs)
        for x, y in zip(a, b, strict=True):
            found.setdefault(x, []).append(self.keys[y])
            found.setdefault(y, []).append(self.keys[x])
        return [found.get(name) for name in range(len(self.keys))]

    def chunks_of_blocks(self) -> pa.Table:
        """Columns name and chunk: the names of one block are in one chunk."""
        size = np.bincount(self.blocks, self.count).astype(np.int64)
        return pa.table({
            "name": np.arange(len(self.keys)), "chunk": _lots(size, _MENTIONS)[self.blocks]
        })  # fmt: skip

    def chunks_of_pairs(self) -> tuple[pa.Table, pa.Table]:
        """Names with the chunks in which they are compared, and the pairs of names of each chunk.

        Columns name and chunk; chunk, a and b. A group of crowded names is in one chunk. Pairs of
        names without a pair of mentions are in none.
        """
        a, b = self.pairs
        crowded = self.crowds.crowded[a] | self.crowds.crowded[b]
        size = pairs_of_names(self.count, a, b)
        simple = np.flatnonzero(~crowded & (size > 0))
        simple = simple[np.argsort(self.blocks[a[simple]], kind="stable")]
        work = size[simple] + self.count[a[simple]] + self.count[b[simple]]
        chunk = np.full(len(a), -1, dtype=np.int64)
        chunk[simple] = _lots(work, _PAIRS)
        chunk[crowded] = chunk.max(initial=-1) + 1 + self._lots_of_groups()[a[crowded]]
        kept = np.flatnonzero(chunk >= 0)
        pairs = pa.table({"chunk": chunk[kept], "a": a[kept], "b": b[kept]})
        names = np.concatenate([a[kept], b[kept]])
        n = max(len(self.keys), 1)
        chunks, names = np.divmod(np.unique(np.tile(chunk[kept], 2) * n + names), n)
        return pa.table({"chunk": chunks, "name": names}), pairs

    def _lots_of_groups(self) -> Indices:
        """For each name the lot of its group of crowded names; 0 for none."""
        inside, group = groups_of_names(self.pairs, self.crowds.crowded)
        sizes = np.bincount(group, self.count[inside]).astype(np.int64)
        work = sizes * np.array([self.crowds.most_of(n) for n in sizes.tolist()], dtype=np.int64)
        lot = np.zeros(len(self.keys), dtype=np.int64)
        lot[inside] = _lots(work, _PAIRS)[group]
        return lot


def _lots(size: Indices, most: int) -> Indices:
    """Numbers of lots, of things in their order, of about `most` in size."""
    found: Indices = (np.cumsum(size) - size) // most
    return found


def _nothing() -> Indices:
    return np.empty(0, dtype=np.int64)
