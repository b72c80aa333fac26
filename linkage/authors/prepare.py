"""Prepare mentions once for all comparisons: names, co-authors, subjects, years."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.ambiguity import chains, circles, namesakes, rivals
from linkage.authors.evidence import present, record_columns, weighted_bags, words
from linkage.authors.mentions import Columns, Mentions, author_key
from linkage.authors.name_counts import NameCounts, count_names
from linkage.authors.rules import name_keys, primary_key
from linkage.features.arrays import objects
from linkage.features.coauthors import Bag, CoAuthors
from linkage.features.columns import Coded
from linkage.records.schema import Conformed

# Of longer lists, the co-authors whose names hash lowest are kept: the same ones on each paper.
MAX_COAUTHORS = 300


SAMPLED_COAUTHORS = 60  # what is compared of two lists that are both longer than this


def prepare_mentions(table: pd.DataFrame, records: Conformed, background: NameCounts) -> Mentions:
    """Prepare all evidence of some mentions of some records.

    `table` is `list_mentions(records)` or some of its rows; co-authors are taken from `records`
    either way. `background` says how common names are elsewhere.
    """
    author_keys = [
        [author_key(author) for author in cell] if isinstance(cell, list) else []
        for cell in records["authors"]
    ]
    own_counts = count_names(key for keys in author_keys for key in keys)
    counts = own_counts + background
    keys, name_of = np.unique(np.array(table["key"], dtype=object), return_inverse=True)
    record_of = table["record"].to_numpy(dtype=np.int64)
    lists = [sorted(set(keys), key=_hash)[:MAX_COAUTHORS] for keys in author_keys]
    names = [str(key) for key in keys]
    by_mention = _mention_columns(table, _coauthor_columns(lists, counts), names, name_of)
    return Mentions(
        table.reset_index(drop=True),
        names,
        own_counts,
        name_of.ravel().astype(np.int64),
        record_of,
        _name_columns(names, counts) | circles(name_of, by_mention["coauthors"]),
        record_columns(records),
        by_mention | _company(table, names, name_of, author_keys, by_mention["coauthor_names"]),
    )


def _hash(key: str) -> tuple[int, str]:
    return zlib.crc32(key.encode()), key


def _name_columns(keys: Sequence[str], counts: NameCounts) -> Columns:
    return {
        "name_key": objects(keys),
        "person_name": objects([counts.person_name(key) for key in keys]),
        "name_rivals": rivals(keys),
    }


def _coauthor_columns(lists: list[list[str]], counts: NameCounts) -> dict[str, list[Bag]]:
    rarity = {key: counts.rarity(key) for key in {key for keys in lists for key in keys}}
    short = {key: primary_key(key) for key in rarity}
    loose = {key: counts.loose_rarity(key) for key in set(short.values())}
    return {
        "coauthors": [{short[key]: loose[short[key]] for key in keys} for keys in lists],
        "coauthor_names": [{key: rarity[key] for key in keys} for keys in lists],
    }


def _company(
    table: pd.DataFrame,
    keys: Sequence[str],
    name_of: NDArray[np.int64],
    author_keys: Sequence[Sequence[str]],
    coauthor_names: NDArray[Any],
) -> Columns:
    block = pd.factorize(np.array([primary_key(key) for key in keys], dtype=object))[0]
    n_authors = np.array([len(author_keys[record]) for record in table["record"]])
    places = zip(table["record"], table["position"], strict=True)
    return {
        **chains(block[name_of].astype(np.int64), coauthor_names, n_authors),
        "namesakes": Coded.of(namesakes(keys, name_of, places, author_keys)),
    }


def _sample(bag: Bag) -> frozenset[str]:
    """The first of a long list, which stands in order of hashes; none of a short one."""
    return frozenset(islice(bag, SAMPLED_COAUTHORS) if len(bag) > SAMPLED_COAUTHORS else ())


def _of_mentions(
    bags: Sequence[Bag],
    own: Sequence[frozenset[str]],
    record_of: NDArray[np.int64],
    name_of: NDArray[np.int64],
) -> Coded:
    """The `CoAuthors` of each mention, one object for each name and list of authors.

    So what a team has in common, which writes paper after paper, is compared once and not once a
    pair of papers.
    """
    first: dict[tuple[str, ...], int] = {}
    team = np.array([first.setdefault(tuple(bag), row) for row, bag in enumerate(bags)], np.int64)
    places = team[record_of] * len(own) + name_of
    codes, distinct = pd.factorize(places)
    samples: dict[int, frozenset[str]] = {}
    found = []
    for row, name in zip(*(part.tolist() for part in np.divmod(distinct, len(own))), strict=True):
        sample = samples.setdefault(row, _sample(bags[row]))
        found.append(CoAuthors(bags[row], own[name], sample))
    return Coded(codes.astype(np.int32), objects(found))


def _mention_columns(
    table: pd.DataFrame,
    coauthors: Mapping[str, list[Bag]],
    keys: Sequence[str],
    name_of: NDArray[np.int64],
) -> Columns:
    own = [frozenset(name_keys(key)) for key in keys]
    full = [frozenset([key]) for key in keys]
    record_of = table["record"].to_numpy()
    return {
        "coauthors": _of_mentions(coauthors["coauthors"], own, record_of, name_of),
        "coauthor_names": _of_mentions(coauthors["coauthor_names"], full, record_of, name_of),
        "affiliation_bag": weighted_bags([words(a) for a in present(table["affiliation"])]),
        "email": objects(present(table["email"])),
        "orcid": objects(present(table["orcid"])),
        "homonym": objects(present(table["homonym"])),
    }
