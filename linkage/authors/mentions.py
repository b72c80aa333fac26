"""Author mentions: one row per author of each record, and all evidence that stands beside the name.

Evidence is prepared once per distinct name, per record or per mention, whichever is least; the
features in `linkage.features` (`person_names`, `coauthors`, `careers`) tell what each column is.
"""

from __future__ import annotations

import zlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.ambiguity import chains, circles, namesakes, rivals
from linkage.authors.evidence import present, record_columns, weighted_bags, words
from linkage.authors.name_counts import NameCounts, count_names
from linkage.authors.rules import name_keys, primary_key
from linkage.errors import Problem
from linkage.features.arrays import objects
from linkage.features.coauthors import Bag, CoAuthors
from linkage.names.parse import Name, name_key

Columns = dict[str, Any]  # name -> array or `Coded`

# Of longer lists, the co-authors whose names hash lowest are kept: the same ones on each paper.
MAX_COAUTHORS = 300
SAMPLED_COAUTHORS = 60  # what is compared of two lists that are both longer than this
_NAME_FIELDS = ("given", "family", "particle", "suffix", "homonym", "group")


@dataclass(frozen=True)
class Mentions:
    """Mentions in canonical order, with prepared columns at three levels.

    `table` has one row a mention (see `list_mentions`); `name_of` and `record_of` give each
    mention's row in the columns `by_name` and `by_record`; `keys` are the distinct name keys,
    `by_mention` has one value a mention. `counts` says how common names are in these data.
    """

    table: pd.DataFrame
    keys: list[str]
    counts: NameCounts
    name_of: NDArray[np.int64]
    record_of: NDArray[np.int64]
    by_name: Columns
    by_record: Columns
    by_mention: Columns

    def __len__(self) -> int:
        return len(self.table)


def list_mentions(
    records: pd.DataFrame, places: Container[tuple[str, int]] | None = None
) -> pd.DataFrame:
    """One row per author of each conformed record, in input order; of `places` (id, position) only.

    Columns: mention_id (`record_id#position`), record (row number), record_id, position (from 0),
    name (as printed), key (folded, see `linkage.names.parse.name_key`), group (bool), and
    affiliation, email, orcid, homonym (None = not said).
    """
    rows = [
        (f"{record_id}#{position}", row, record_id, position, *_person(author))
        for row, (record_id, authors) in enumerate(
            zip(records["record_id"], records["authors"], strict=True)
        )
        for position, author in enumerate(authors if isinstance(authors, list) else ())
        if places is None or (record_id, position) in places
    ]
    names = "mention_id record record_id position name key group affiliation email orcid homonym"
    return pd.DataFrame(rows, columns=names.split()).astype({"record": int, "position": int})


def _person(author: Mapping[str, Any]) -> tuple[Any, ...]:
    key = author_key(author)
    email = author.get("email")
    return (
        author.get("name", ""),
        key,
        bool(author.get("group")),
        author.get("affiliation"),
        email.lower() if email else None,
        author.get("orcid"),
        key.rsplit("|", 1)[1] or None,
    )


def author_key(author: Mapping[str, Any]) -> str:
    """Folded key of an author dict of a conformed record."""
    return _key_of(author.get("name", ""), *map(author.get, _NAME_FIELDS))


@lru_cache(maxsize=1 << 17)
def _key_of(name: str, *fields: Any) -> str:
    parts = {field: said for field, said in zip(_NAME_FIELDS, fields, strict=True) if said}
    parts.setdefault("family", name)  # an organisation or a mononym may come as a name alone
    return name_key(Name(name, **parts))


def repeated_names(mentions: pd.DataFrame) -> list[Problem]:
    """Report persons whose very name stands twice in one author list (`list_mentions`).

    They may be two people or one slip of the source; they are kept apart, as all positions are.
    """
    persons = mentions[~mentions["group"].astype(bool)]
    again = persons[persons.duplicated(["record_id", "key"])]
    return [
        Problem(
            record, f"author {position + 1}", f"{name!r} a second time", "each author once", True
        )
        for record, position, name in zip(
            again["record_id"], again["position"], again["name"], strict=True
        )
    ]


def sort_records(records: pd.DataFrame) -> pd.DataFrame:
    """Records in an order that depends on their content only (for equal ones, on their ids)."""
    authors = [
        "; ".join(author.get("name", "") for author in cell) if isinstance(cell, list) else ""
        for cell in records["authors"]
    ]
    columns = ("title", "year", "venue", "doi", "abstract", "record_id")
    texts = [records[c].astype(object).where(records[c].notna(), "").map(str) for c in columns]
    order = sorted(range(len(records)), key=list(zip(authors, *texts, strict=True)).__getitem__)
    return records.iloc[order].reset_index(drop=True)


def prepare_mentions(
    table: pd.DataFrame, records: pd.DataFrame, background: NameCounts
) -> Mentions:
    """Prepare all evidence of some mentions of some conformed records.

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
