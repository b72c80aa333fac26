"""Author mentions: one row per author of each record, and all evidence that stands beside the name.

Evidence is prepared once per distinct name, per record or per mention, whichever is least; the
features in `linkage.features` (`person_names`, `coauthors`, `careers`) tell what each column is.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.name_counts import NameCounts
from linkage.errors import InputError
from linkage.features.name_keys import read_name_key
from linkage.linking.constraints import Constraints, read_constraints
from linkage.names.parse import Name, name_key
from linkage.records.mention_ids import mention_id
from linkage.records.schema import Conformed

Columns = dict[str, Any]  # name -> array or `Coded`
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


def list_mentions(
    records: Conformed, places: Container[tuple[str, int]] | None = None
) -> pd.DataFrame:
    """One row per author of each record, in input order; of `places` (id, position) only.

    Columns: mention_id (`record_id#position`), record (row number), record_id, position (from 0),
    name (as printed), key (folded, see `linkage.names.parse.name_key`), group (bool), and
    affiliation, email, orcid, homonym (None = not said), ids (dict source -> the source's number of
    the author, None = none).
    """
    rows = [
        (mention_id(record_id, position), row, record_id, position, *_person(author))
        for row, (record_id, authors) in enumerate(
            zip(records["record_id"], records["authors"], strict=True)
        )
        for position, author in enumerate(authors if isinstance(authors, list) else ())
        if places is None or (record_id, position) in places
    ]
    names = "mention_id record record_id position name key group"
    names = f"{names} affiliation email orcid homonym ids"
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
        read_name_key(key).homonym or None,
        author.get("ids") or None,
    )


def author_key(author: Mapping[str, Any]) -> str:
    """Folded key of an author dict of a conformed record."""
    return _key_of(author.get("name", ""), *map(author.get, _NAME_FIELDS))


@lru_cache(maxsize=1 << 17)
def _key_of(name: str, *fields: Any) -> str:
    parts = {field: said for field, said in zip(_NAME_FIELDS, fields, strict=True) if said}
    parts.setdefault("family", name)  # an organisation or a mononym may come as a name alone
    return name_key(Name(name, **parts))


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
