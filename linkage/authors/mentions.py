"""Author mentions: one row per author of each record, and all evidence that stands beside the name.

Evidence is prepared once per distinct name, per record or per mention, whichever is least; the
features in `linkage.features` (`person_names`, `coauthors`, `careers`) tell what each column is.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.name_counts import NameCounts
from linkage.errors import InputError
from linkage.features.arrays import objects
from linkage.features.name_keys import split_name_key
from linkage.linking.constraints import Constraints, read_constraints
from linkage.names.parse import Name, name_key
from linkage.records.mention_ids import mention_id
from linkage.records.packed import PackedRecords
from linkage.records.packed_authors import AuthorLists
from linkage.records.schema import Conformed

Columns = dict[str, Any]  # name -> array or `Coded`
_SAID = ("affiliation", "email", "homonym", "ids")
_NAME_FIELDS = ("given", "family", "particle", "suffix", "homonym", "group")


class KeyedNames(NamedTuple):
    """Distinct names (rows) and hashes of the keys of each (`linkage.authors.rules`), (n keys,)."""

    name: NDArray[np.int64]
    key: NDArray[np.uint64]


@dataclass(frozen=True)
class Mentions:
    """Mentions in canonical order, with prepared columns at three levels.

    `table` has one row a mention (see `list_mentions`); `name_of` and `record_of` give each
    mention's row in the columns `by_name` and `by_record`; `keys` are the distinct name keys,
    `by_mention` has one value a mention. `counts` says how common names are in these data.
    `name_keys` are the keys of each distinct name.
    """

    table: pd.DataFrame
    keys: list[str]
    counts: NameCounts
    name_of: NDArray[np.int64]
    record_of: NDArray[np.int64]
    by_name: Columns
    by_record: Columns
    by_mention: Columns
    name_keys: KeyedNames

    def __len__(self) -> int:
        return len(self.table)

    def forget_evidence(self) -> None:
        """Let go of what only comparing pairs, and words for it, need."""
        self.by_record.clear()
        for name in self.by_mention.keys() - {"circle"}:
            del self.by_mention[name]

    def without_said(self) -> Mentions:
        """The same without what only preparing, identifiers and words for it read.

        That is the keys of names and, whoever has it, some columns of the table.
        """
        for name in _SAID:
            del self.table[name]
        nothing = KeyedNames(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64))
        return replace(self, name_keys=nothing)


def list_mentions(
    records: Conformed | PackedRecords, places: Container[tuple[str, int]] | None = None
) -> pd.DataFrame:
    """One row per author of each record, in input order; of `places` (id, position) only.

    Columns: mention_id (`record_id#position`), record (row number), record_id, position (from 0),
    name (as printed), key (folded, see `linkage.names.parse.name_key`), group (bool), and
    affiliation, email, orcid, homonym (None = not said), ids (dict source -> the source's number of
    the author, None = none).
    """
    lists = packed_lists_of(records)
    sizes = lists.sizes()
    record = np.repeat(np.arange(len(sizes)), sizes)
    position = np.arange(len(record)) - np.repeat(lists.ends[:-1], sizes)
    record_id = ids_of_records(records)[record]
    where = record_id.tolist(), position.tolist()
    table = {
        "mention_id": objects(map(mention_id, *where)),
        "record": record,
        "record_id": record_id,
        "position": position,
        **{name: said[lists.codes] for name, said in _people([*lists.people]).items()},
    }
    mentions = pd.DataFrame(table, copy=False)  # by itself, each column can be let go of
    if places is None:
        return mentions
    kept = np.array([place in places for place in zip(*where, strict=True)], dtype=bool)
    return mentions[kept].reset_index(drop=True)


def packed_lists_of(records: Conformed | PackedRecords) -> AuthorLists:
    """All lists of authors; where there is none, it is empty."""
    if isinstance(records, PackedRecords):
        return records.authors
    return AuthorLists.of(cell if isinstance(cell, list) else None for cell in records["authors"])


def ids_of_records(records: Conformed | PackedRecords) -> NDArray[np.object_]:
    """The id of each record."""
    packed = isinstance(records, PackedRecords)
    return objects(records.record_ids if packed else records["record_id"])


def _people(authors: Sequence[Mapping[str, Any]]) -> Columns:
    """What the records say of each author, a column a kind."""
    keys = author_keys(authors)
    emails = (author.get("email") for author in authors)
    homonyms = {key: split_name_key(key).homonym or None for key in dict.fromkeys(keys)}
    said = {
        "affiliation": [author.get("affiliation") for author in authors],
        "email": [email.lower() if email else None for email in emails],
        "orcid": [author.get("orcid") for author in authors],
        "homonym": list(map(homonyms.__getitem__, keys)),
        "ids": [author.get("ids") or None for author in authors],
    }
    return {
        "name": objects(author.get("name", "") for author in authors),
        "key": objects(keys),
        "group": np.array([bool(author.get("group")) for author in authors], dtype=bool),
    } | {name: objects(values) for name, values in said.items()}


def author_keys(authors: Iterable[Mapping[str, Any]]) -> list[str]:
    """Folded key of each author dict of conformed records; equal ones are folded once."""
    known: dict[tuple[Any, ...], str] = {}
    keys = []
    for author in authors:
        fields = (author.get("name", ""), *map(author.get, _NAME_FIELDS))
        key = known.get(fields)
        if key is None:
            key = known[fields] = _folded(*fields)
        keys.append(key)
    return keys


def author_key(author: Mapping[str, Any]) -> str:
    """Folded key of an author dict of a conformed record."""
    return _key_of(author.get("name", ""), *map(author.get, _NAME_FIELDS))


def _folded(name: str, *fields: Any) -> str:
    parts = {field: said for field, said in zip(_NAME_FIELDS, fields, strict=True) if said}
    parts.setdefault("family", name)  # an organisation or a mononym may come as a name alone
    return name_key.__wrapped__(Name(name, **parts))  # what is asked for once need not stay


_key_of = lru_cache(maxsize=1 << 15)(_folded)


def mention_constraints(
    mentions: pd.DataFrame, table: pd.DataFrame | None, what: str = "the constraints"
) -> Constraints:
    """`read_constraints` on author mentions (columns mention_id, group), called `record#position`.

    Raises `InputError` also for an organisation: those are one where their names are.
    """
    known = read_constraints(pd.Index(mentions["mention_id"]), table, what)
    named = mentions.iloc[np.unique(np.concatenate([known.must, known.cannot]))]
    groups = named["mention_id"][named["group"].astype(bool)]
    if len(groups):
        raise InputError(f"{what}: {groups.iloc[0]!r} is an organisation, expected a person")
    return known
