"""Records as CSL-JSON, the form of the Citation Style Language: Zotero, pandoc, citeproc."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

import pandas as pd

from linkage.records.cells import from_json, text
from linkage.records.entry_types import entry_type, thesis_genre
from linkage.records.format_fields import FIELDS, carried_fields
from linkage.writers.bibtex import date_parts, says_all

_TEXTS = (
    *("title", "venue", "volume", "number", "pages", "doi", "url", "abstract", "series"),
    *("edition", "publisher", "place", "language", "database"),
)
_IDS = {"issn": "ISSN", "isbn": "ISBN", "pmid": "PMID", "pmcid": "PMCID"}
_CUSTOM = (
    "keywords",
    "notes",
    "urls",
    "files",
    "groups",
    "accession",
    "native_type",
    "merged_from",
    "relations",
)
_NAME = {"family": "family", "given": "given", "suffix": "suffix"}


def write_csl(records: pd.DataFrame, stream: IO[bytes]) -> None:
    """Write conformed records as a JSON array of CSL items, one record's keys on lines of its own.

    Fields that a reader of CSL-JSON carried through (columns `csl:genre`) are written again. What
    CSL has no variable for (addresses, files, groups, record numbers, identifiers) stands in
    `custom`, as its schema has it. Not written: references, fields of other formats, the user's
    own columns.
    """
    rows: list[dict[str, Any]] = records.to_dict("records")  # type: ignore[assignment]
    stream.write(
        json.dumps(list(map(_item, rows)), ensure_ascii=False, indent=1).encode("utf-8", "replace")
        + b"\n"
    )


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    ids = row["ids"] or {}
    known = {FIELDS[column].csl: text(row.get(column)) for column in _TEXTS}
    item: dict[str, Any] = {"id": row["record_id"], "type": entry_type(row, "csl"), **known}
    item["author"] = _people(row["authors"], bool(row["authors_truncated"]))
    item["editor"] = _people(row.get("editors"))
    item["issued"] = _issued(row)
    item |= {name: ids.get(kind) for kind, name in _IDS.items()}
    item["keyword"] = ", ".join(row.get("keywords") or [])
    item["note"] = "\n".join(row.get("notes") or [])
    item["genre"] = thesis_genre(row) if row["type"] == "thesis" else None
    carried = carried_fields(row, "csl").items()
    found = {name: from_json(cells[0] if len(cells) == 1 else cells) for name, cells in carried}
    if isinstance(found.get("accessed"), str):
        found["accessed"] = {"raw": found["accessed"]}
    if isinstance(translators := found.get("translator"), str):
        found["translator"] = [{"literal": translators}]
    if "issued" in found:
        item["issued"] = _printed_date(found["issued"], item["issued"])
    item["custom"] = _custom(row)
    item |= {
        name: value
        for name, value in found.items()
        if not item.get(name) or (isinstance(value, dict) and value.get("name") == item[name])
    }
    return {name: value for name, value in item.items() if value}


def _custom(row: Mapping[str, Any]) -> dict[str, Any]:
    """What CSL has no variable for, or holds as one text where it is a list."""
    several = {name: from_json(row.get(name)) for name in _CUSTOM}
    custom = {name: value for name, value in several.items() if _is_more(name, value, row)}
    others = {kind: v for kind, v in (row["ids"] or {}).items() if kind not in _IDS}
    return custom | ({"ids": others} if others else {})


def _is_more(name: str, value: Any, row: Mapping[str, Any]) -> bool:
    if name == "native_type":
        return bool(value) and value != entry_type(row, "csl")
    if name == "keywords":
        return any("," in keyword for keyword in value or [])
    if name == "notes":
        return len(value or []) > 1
    return bool(value) and value != [row["record_id"]]


def _people(authors: list[dict[str, Any]] | None, truncated: bool = False) -> list[dict[str, Any]]:
    people = [_person(author) for author in authors or []]
    return [*people, {"literal": "others"}] if truncated else people


def _person(author: Mapping[str, Any]) -> dict[str, Any]:
    whole = "given" not in author and not says_all(author)
    if author.get("group") or "family" not in author or whole:
        return {"literal": author["name"]}
    person = {name: author[part] for part, name in _NAME.items() if author.get(part)}
    if author.get("particle"):
        person["non-dropping-particle"] = author["particle"]
    if author.get("affiliation"):
        person["affiliation"] = [{"name": p} for p in author["affiliation"].split("; ")]
    return person | ({"ORCID": author["orcid"]} if author.get("orcid") else {})


def _issued(row: Mapping[str, Any]) -> dict[str, Any] | None:
    parts = [int(part) for part in date_parts(row) if part]
    return {"date-parts": [parts]} if parts else None


def _printed_date(printed: Any, issued: dict[str, Any] | None) -> Any:
    """A date as it was carried through (a range, a season), if it still is the record's."""
    if not issued:
        return printed
    parts, *_ = issued["date-parts"]
    start = printed.get("date-parts") if isinstance(printed, dict) else None
    if start and isinstance(start[0], list):
        numbers = [int(part) for part in start[0] if str(part or "").isdigit()]
        return printed if numbers == parts else issued
    return printed if str(parts[0]) in str(printed) else issued
