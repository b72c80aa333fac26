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
        "chain": chains(block[name_of].astype(np.int64), coauthor_names, n_authors),
        "namesakes": objects(namesakes(keys, name_of, places, author_keys)),
    }


def _sample(bag: Bag) -> frozenset[str]:
    """The first of a long list, which stands in order of hashes; none of a short one."""
    return frozenset(islice(bag, SAMPLED_COAUTHORS) if len(bag) > SAMPLED_COAUTHORS else ())


def _mention_columns(
    table: pd.DataFrame,
    coauthors: Mapping[str, list[Bag]],
    keys: Sequence[str],
    name_of: NDArray[np.int64],
) -> Columns:
    own = [frozenset(name_keys(key)) for key in keys]
    full = [frozenset([key]) for key in keys]
    record_of = table["record"].to_numpy()
    pairs = list(zip(record_of, name_of, strict=True))
    loose, exact = coauthors["coauthors"], coauthors["coauthor_names"]
    few_loose, few_exact = [_sample(bag) for bag in loose], [_sample(bag) for bag in exact]
    return {
        "coauthors": objects(
            [CoAuthors(loose[r], own[n], few_loose[r]) if loose[r] else None for r, n in pairs]
        ),
        "coauthor_names": objects([CoAuthors(exact[r], full[n], few_exact[r]) for r, n in pairs]),
        "affiliation_bag": weighted_bags([words(a) for a in present(table["affiliation"])]),
        "email": objects(present(table["email"])),
        "orcid": objects(present(table["orcid"])),
        "homonym": objects(present(table["homonym"])),
    }
