"""Prepare mentions once for all comparisons: names, co-authors, subjects, years."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_array
from scipy.sparse import csr_array

from linkage.authors.ambiguity import chains, circles, namesakes, rivals
from linkage.authors.author_lists import AuthorLists, author_lists
from linkage.authors.evidence import bags_of_values, present, record_columns
from linkage.authors.mentions import Columns, KeyedNames, Mentions
from linkage.authors.name_counts import NameCounts, count_names
from linkage.authors.rules import name_keys, primary_key
from linkage.features.arrays import objects, short
from linkage.features.coauthors import Companies, Lists
from linkage.features.columns import Coded
from linkage.records.packed import PackedRecords
from linkage.records.schema import Conformed
from linkage.running.collector import paused
from linkage.running.memory import give_back
from linkage.running.processes import Each, in_turn

# Of longer lists, the co-authors whose names hash lowest are kept: the same ones on each paper.
MAX_COAUTHORS = 300


SAMPLED_COAUTHORS = 60  # what is compared of two lists that are both longer than this
_NAMES = 10_000  # distinct names whose keys are found together
_KEYS = 1_000_000  # of names, looked up together


def prepare_mentions(
    table: pd.DataFrame,
    records: Conformed | PackedRecords,
    background: NameCounts,
    keyed: Callable[[], KeyedNames] | None = None,
    used_up: bool = False,
) -> Mentions:
    """Prepare all evidence of some mentions of some records.

    `table` is `list_mentions(records)` or some of its rows; co-authors are taken from `records`
    either way. `background` says how common names are elsewhere. `keyed` gives the keys of the
    names, found meanwhile; None finds them. `used_up`: packed records are forgotten as soon as they
    are read.
    """
    lists = author_lists(records, table)
    own_counts = count_names(lists.keys)
    counts = own_counts + background
    name_of, names = distinct_names(table["key"])
    record_of = table["record"].to_numpy(dtype=np.int64)
    places = record_of, table["position"].to_numpy(dtype=np.int64)
    said = record_columns(records)
    if used_up and isinstance(records, PackedRecords):
        records.forget()
    give_back()  # of all their words
    known = keyed() if keyed else keys_of_names(names)
    company = companies_of(lists, counts, names, known, name_of, record_of)
    people = objects(map(counts.person_name, names))
    block = pd.factorize(objects(map(primary_key, names)))[0].astype(np.int64)[name_of]
    return Mentions(
        table if _is_numbered(table) else table.reset_index(drop=True),
        names,
        own_counts,
        name_of,
        record_of,
        _name_columns(names, people) | circles(name_of, company["coauthors"]),
        said,
        company
        | chains(block, company["coauthor_names"], lists.sizes()[record_of])
        | {"namesakes": namesakes(names, name_of, places, lists)}
        | _said(table),
        known,
    )


def _is_numbered(table: pd.DataFrame) -> bool:
    """Whether rows are called 0, 1, …: nothing has to be copied."""
    index = table.index
    return isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1


def distinct_names(keys: pd.Series[str]) -> tuple[NDArray[np.int64], list[str]]:
    """The number of each key, and the distinct ones in alphabetical order."""
    codes, found = pd.factorize(keys.to_numpy(dtype=object))
    order = np.argsort(found)
    rank = np.empty(len(found), dtype=np.int64)
    rank[order] = np.arange(len(found))
    return rank[codes], found[order].tolist()


def _name_columns(keys: Sequence[str], people: NDArray[Any]) -> Columns:
    return {
        "name_key": objects(keys),
        "person_name": people,
        "name_rivals": rivals(keys),
    }


def _said(table: pd.DataFrame) -> Columns:
    """What the records say of each author beside the name."""
    return {
        "affiliation_bag": bags_of_values(Coded.of(present(table["affiliation"]))),
        "email": Coded.of(present(table["email"])),
        "orcid": Coded.of(present(table["orcid"])),
        "homonym": Coded.of(present(table["homonym"])),
    }


def companies_of(
    lists: AuthorLists,
    counts: NameCounts,
    names: list[str],
    keyed: KeyedNames,
    name_of: NDArray[np.int64],
    record_of: NDArray[np.int64],
) -> Columns:
    """The columns `coauthors`, by family name and initial, and `coauthor_names`, by full name."""
    kept = rarest_authors(lists)
    loose, short = distinct_names(pd.Series([primary_key(key) for key in lists.keys], dtype=object))
    own = _keys_listed(keyed, len(names), short)
    itself = _places_among(names, lists.keys)
    full = _lists_of(kept, lists.keys, counts.rarity, itself)
    brief = _lists_of(kept._replace(key=loose[kept.key]), short, counts.loose_rarity, own)
    return {
        "coauthors": _of_mentions(*brief, record_of, name_of),
        "coauthor_names": _of_mentions(*full, record_of, name_of),
    }


def keys_of_names(names: list[str], work: Each = in_turn) -> KeyedNames:
    """The keys of each name. `work` goes through lots of them.

    Keys are kept as hashes: where two had one, two names more would be compared.
    """
    lots = (names[start : start + _NAMES] for start in range(0, len(names), _NAMES))
    sizes, hashes = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.uint64)]
    for size, hashed in work(_hashed_keys, lots):
        sizes.append(size)
        hashes.append(hashed)
    rows = np.repeat(np.arange(len(names)), np.concatenate(sizes))
    return KeyedNames(rows, np.concatenate(hashes))


@paused()
def _hashed_keys(names: list[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """How many keys each name has, and hashes of all, name by name in alphabetical order."""
    keys = [sorted(name_keys(name)) for name in names]
    hashes = hash_array(objects(chain.from_iterable(keys)), categorize=False)
    return np.fromiter(map(len, keys), dtype=np.int64, count=len(keys)), hashes


def _keys_listed(keyed: KeyedNames, n: int, short: list[str]) -> csr_array:
    """Which of the keys `short` each of n names has, names x keys."""
    listed = hash_array(objects(short), categorize=False)
    order = np.argsort(listed).astype(np.int32)
    hashes = np.append(listed[order], 0)
    column = np.full(len(keyed.key), -1, dtype=np.int32)
    for start in range(0, len(column), _KEYS):
        keys = keyed.key[start : start + _KEYS]
        place = np.searchsorted(hashes[:-1], keys)
        known = np.flatnonzero((hashes[place] == keys) & (place < len(short)))
        column[start + known] = order[place[known]]
    known = np.flatnonzero(column >= 0)
    ends = np.append(0, np.cumsum(np.bincount(keyed.name[known], minlength=n)))
    return _ones(column[known], ends, len(short))


def _places_among(names: list[str], keys: list[str]) -> csr_array:
    """Which of the distinct keys each name is, if it is one, names x keys."""
    place = pd.Index(keys, dtype=object).get_indexer(pd.Index(names, dtype=object))
    ends = np.append(0, np.cumsum(place >= 0))
    return _ones(place[place >= 0].astype(np.int64), ends, len(keys))


def rarest_authors(lists: AuthorLists) -> AuthorLists:
    """The distinct names of each list in the order of their hashes, `MAX_COAUTHORS` at most."""
    hashes = np.array([zlib.crc32(key.encode()) for key in lists.keys], dtype=np.int64)
    rank = np.empty(len(hashes), dtype=np.int64)
    rank[np.argsort(hashes, kind="stable")] = np.arange(len(hashes))  # keys are in order
    order = np.lexsort((rank[lists.key], lists.record))
    record, key = lists.record[order], lists.key[order]
    first = np.append(True, (record[1:] != record[:-1]) | (key[1:] != key[:-1]))[: len(key)]
    found = lists._replace(record=record[first], key=key[first])
    return found.some(found.places() < MAX_COAUTHORS)


def _lists_of(
    lists: AuthorLists, tokens: list[str], rarity: Callable[[str], float], own: csr_array
) -> tuple[NDArray[np.int64], Lists]:
    """For each record the row of its list, and all lists that differ."""
    code = lists.record * max(len(tokens), 1) + lists.key
    lists = lists.some(np.sort(np.unique(code, return_index=True)[1]))  # the first of each
    first: dict[bytes, int] = {}
    parts = (lists.key[a:b].tobytes() for a, b in pairwise(lists.ends.tolist()))
    team = np.array([first.setdefault(part, len(first)) for part in parts], dtype=np.int64)
    lists = lists.of_records(np.unique(team, return_index=True)[1])
    long = lists.sizes() > SAMPLED_COAUTHORS
    sample = lists.some(long[lists.record] & (lists.places() < SAMPLED_COAUTHORS))
    nats = np.array([rarity(token) for token in tokens], dtype=float)
    everybody, some = (_ones(part.key, part.ends, len(tokens)) for part in (lists, sample))
    return team, Lists(everybody, some, own, objects(tokens), nats)


def _ones(columns: NDArray[Any], ends: NDArray[np.int64], width: int) -> csr_array:
    ones = np.ones(len(columns), dtype=np.int8)
    shape = (len(ends) - 1, width)
    columns = columns.astype(np.int32, copy=False)
    return csr_array((ones, columns, short(ends)), shape=shape).sorted_indices()


def _of_mentions(
    team: NDArray[np.int64],
    lists: Lists,
    record_of: NDArray[np.int64],
    name_of: NDArray[np.int64],
) -> Coded:
    """The company of each mention, one value for each name and list of authors.

    So what a team has in common, which writes paper after paper, is compared once and not once a
    pair of papers.
    """
    n_names = max(lists.own.shape[0], 1)
    codes, distinct = pd.factorize(team[record_of] * n_names + name_of)
    sides = (side.astype(np.int32) for side in np.divmod(distinct, n_names))
    return Coded(codes.astype(np.int32), Companies(lists, *sides))
