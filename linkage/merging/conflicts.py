"""Of what the records of a paper say: which record it is from, and what was not chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from linkage.errors import InputError
from linkage.merging.unions import ONE_ONLY, Row, is_united
from linkage.names.parse import fold_name
from linkage.records.cells import from_json, is_missing
from linkage.records.schema import conform

CONFLICT_COLUMNS = ("cluster", "record_id", "title", "source", "field", "value", "chosen value")
_PEOPLE = ("authors", "editors")
_DETAILS = ("affiliation", "email", "orcid")
_NO_VALUES = {
    "record_id",
    "source",
    "title_tex",
    "ids",
    "authors_truncated",
    "merged_from",
    "origins",
}


def merge_conflicts(
    records: pd.DataFrame, clusters: pd.Series[Any], merged: pd.DataFrame
) -> pd.DataFrame:
    """Every value of a record that is not in the record it was merged into.

    `records` and `clusters` are those that `merge_records` made `merged` of. Columns: `cluster`,
    `record_id`, `title` and `source` of the record with the value, `field`, `value` and `chosen
    value` (text; None where no value was kept, as a preprint's DOI in what was published). Another
    affiliation, e-mail, ORCID or number of an author is one of the field `authors affiliation`
    (`authors email` ...), with the author's name before it. What was
    united (keywords, notes, ISSNs ...), a date less exact than the chosen one, and what another
    format calls the chosen type are none. Raises `InputError` where a merged record is of none of
    the records.

    Examples
    --------
    >>> clean = linkage.merge_records(records, papers)
    >>> linkage.merge_conflicts(records, papers, clean)[["record_id", "field"]].iloc[0].tolist()
    ['b7', 'title']
    """
    table = conform(records)
    rows: dict[str, Row] = {row["record_id"]: row for row in _rows(table)}
    found: list[tuple[Any, ...]] = []
    for golden in _rows(merged[merged["merged_from"].map(len) > 1]):
        members = [rows[one] for one in golden["merged_from"] if one in rows]
        if not members:
            raise InputError(f"found none of the records of {golden['record_id']!r}")
        cluster = clusters.get(members[0]["record_id"])
        for row in sorted(members, key=lambda row: str(row["record_id"])):
            told = (cluster, row["record_id"], row["title"], row["source"])
            found += [(*told, *one) for one in _not_chosen(row, golden)]
            found += [(*told, *one) for one in _details_not_chosen(row, golden)]
    return pd.DataFrame(found, columns=list(CONFLICT_COLUMNS), dtype=object)


def origins(members: Sequence[Row], golden: Mapping[str, Any]) -> dict[str, str]:
    """Which record each value of a golden record is from: `{"title": "a", "keywords": "a; b"}`.

    `members` are in order of preference. Of what was united or put together, all that say
    something are named.
    """
    chosen = dict(_values(golden))
    given: dict[str, list[tuple[str, Row]]] = {}
    for row in members:
        for field, value in _values(row):
            given.setdefault(field, []).append((value, row))
    found: dict[str, str] = {}
    for field, value in sorted(chosen.items()):
        same = [row for other, row in given.get(field, []) if other == value][:1]
        rows = same if same and not is_united(field) else [row for _, row in given.get(field, [])]
        ids = [_first_origin(row, field) for row in rows]
        found |= {field: "; ".join(dict.fromkeys(ids))} if ids else {}
    return found


def _first_origin(row: Row, field: str) -> str:
    """The record that gave the value to a record that was merged before."""
    before = from_json(row.get("origins"))
    before = dict(before) if isinstance(before, dict | list) else {}
    return str(before.get(field, row["record_id"]))


def _not_chosen(row: Row, golden: Row) -> list[tuple[str, str, str | None]]:
    """Field, value, and the value that was chosen."""
    chosen = dict(_values(golden))
    others: list[str] = golden.get("urls") or []
    return [
        (field, value, chosen.get(field))
        for field, value in _values(row)
        if not is_united(field)
        and value != chosen.get(field)
        and not (field == "date" and (chosen.get(field) or "").startswith(value))
        and not (field == "url" and value in others)
        and not (field == "native_type" and row["type"] == golden["type"])
    ]


def _details_not_chosen(row: Row, golden: Row) -> list[tuple[str, str, str | None]]:
    """What a record says of a person whom the golden record has, and the golden record doesn't."""
    found: list[tuple[str, str, str | None]] = []
    for people in _PEOPLE:
        known: dict[tuple[str, str], dict[str, str]] = {}
        for family, key, value, _ in _details(golden.get(people)):
            known.setdefault((family, key), {}).setdefault(value.casefold(), value)
        for family, key, value, name in _details(row.get(people)):
            chosen = known.get((family, key), {})
            if value.casefold() not in chosen:
                kept = "; ".join(chosen.values()) or None
                found.append((f"{people} {key}", f"{name}: {value}", kept))
    return list(dict.fromkeys(found))


def _details(people: Any) -> list[tuple[str, str, str, str]]:
    """Folded family name, key, value and printed name: one for each affiliation, number ..."""
    return [
        (fold_name(person.get("family") or person["name"]), key, value, person["name"])
        for person in (people if isinstance(people, list) else [])
        for key, values in [
            *((key, person.get(key) or "") for key in _DETAILS),
            *(person.get("ids") or {}).items(),
        ]
        for value in str(values).split("; ")
        if value
    ]


def _values(row: Row) -> list[tuple[str, str]]:
    """The fields of a record and what they say, as texts; each kind of identifier is a field."""
    known = [(name, _shown(name, cell)) for name, cell in row.items() if name not in _NO_VALUES]
    ids = row["ids"] or {}
    known += [(kind, ids.get(kind)) for kind in ONE_ONLY]
    return [(name, value) for name, value in known if value]


def _shown(name: str, cell: Any) -> str | None:
    if is_missing(cell):
        return None
    if name in _PEOPLE:
        return "; ".join(str(person["name"]) for person in cell) or None
    if isinstance(cell, dict):
        return "; ".join(f"{key}: {value}" for key, value in cell.items()) or None
    if isinstance(cell, list):
        return "; ".join(map(str, cell)) or None
    return str(cell) or None


def _rows(table: pd.DataFrame) -> list[Row]:
    return table.to_dict("records")  # type: ignore[return-value]
