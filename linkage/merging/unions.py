"""What the golden record has of all its records: keywords, notes, files, addresses, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linkage.records.cells import is_missing
from linkage.records.library_columns import carried, is_carried

Row = Mapping[str, Any]  # one conformed record

LISTS = ("keywords", "notes", "files", "groups")
ONE_ONLY = ("arxiv", "pmid", "pmcid")  # a paper has one of each, so that two contradict each other
JOINED = ("source", "database")


def united_fields(rows: Sequence[Row], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The united columns of a golden record; `fields` are those that were chosen already."""
    found: dict[str, Any] = {name: united_texts(rows, name) for name in JOINED if name in fields}
    found |= {name: united_list(rows, name) for name in LISTS if name in fields}
    found |= {n: carried(united_list(rows, n)) for n in fields if is_carried(n)}
    found |= {"ids": _identifiers(rows), **_addresses(rows, fields.get("url"))}
    if "accession" in fields:
        found["accession"] = _joined_by_key([row.get("accession") for row in rows]) or None
    return found


def is_united(name: str) -> bool:
    """Whether a column of a golden record has the values of all records."""
    return name in (*LISTS, *JOINED, "urls", "accession") or is_carried(name)


def united_list(rows: Sequence[Row], name: str) -> list[str] | None:
    """All values of a column that holds lists (or single texts), each in its first spelling."""
    return _distinct(value for row in rows for value in _values(row.get(name))) or None


def united_texts(rows: Sequence[Row], name: str) -> str | None:
    """The parts of a text column that joins its parts by semicolons, each once."""
    texts = (row[name] for row in rows if not is_missing(row.get(name)))
    return "; ".join(dict.fromkeys(part for text in texts for part in text.split("; "))) or None


def _values(cell: Any) -> list[str]:
    if is_missing(cell):
        return []
    return list(cell) if isinstance(cell, list) else [str(cell)]


def _distinct(values: Iterable[str]) -> list[str]:
    """The values without those that differ from an earlier one by capitals only."""
    found: dict[str, str] = {}
    for value in values:
        found.setdefault(value.casefold(), value)
    return list(found.values())


def _addresses(rows: Sequence[Row], chosen: Any) -> dict[str, list[str] | None]:
    """The addresses beside the chosen one; no column where no record has more than that."""
    every = (a for row in rows for name in ("url", "urls") for a in _values(row.get(name)))
    others = _distinct([*_values(chosen), *every])[len(_values(chosen)) :]
    return {"urls": others or None} if others or any("urls" in row for row in rows) else {}


def _identifiers(rows: Sequence[Row]) -> dict[str, str]:
    """All identifiers of all records, but of those of which a paper has one the most common."""
    found = _joined_by_key([row["ids"] for row in rows])
    for kind in set(ONE_ONLY) & found.keys():
        given = [row["ids"][kind] for row in rows if kind in (row["ids"] or {})]
        found[kind] = max(dict.fromkeys(given), key=given.count)
    return found


def _joined_by_key(cells: Iterable[Mapping[str, str] | None]) -> dict[str, str]:
    found: dict[str, dict[str, None]] = {}
    for cell in cells:
        for key, value in (cell or {}).items():
            found.setdefault(key, {}).update(dict.fromkeys(value.split("; ")))
    return {key: "; ".join(values) for key, values in found.items()}
