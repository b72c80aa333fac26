"""Records as RIS, which every reference manager imports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, Any

import pandas as pd

from linkage.names.parse import parse_name
from linkage.names.words import bare
from linkage.records.cells import text
from linkage.records.entry_types import entry_type, thesis_genre
from linkage.records.format_fields import accession_numbers, carried_fields, free_name, said
from linkage.writers.bibtex import date_parts, family_and_suffix, says_all
from linkage.writers.characters import legal

_TEXTS = (
    *("venue", "volume", "number", "doi", "abstract"),
    *("series", "edition", "publisher", "place", "language"),
)
_LISTS = {"keywords": "KW", "notes": "N1", "files": "L1"}
_RANGE = re.compile(r"([^\s–—-]+)\s*[–—-]+\s*([^\s–—-]+)")
_TAG = re.compile("[A-Z][A-Z0-9]")


def write_ris(records: pd.DataFrame, stream: IO[bytes]) -> None:
    """Write conformed records as RIS.

    Tags that a reader of RIS carried through (columns `ris:M3`) are written again. RIS has no place
    for `merged_from`, groups, references, fields of other formats, the user's own columns and what
    is known of an author beside the name; a group is read back as one only where its name says so.
    """
    rows: list[dict[str, Any]] = records.to_dict("records")  # type: ignore[assignment]
    stream.write(legal("".join(map(_reference, rows))).encode("utf-8", "replace"))


def _reference(row: Mapping[str, Any]) -> str:
    kind = entry_type(row, "ris")
    tags = _tags(row, kind)
    for tag, cells in carried_fields(row, "ris").items():
        if _TAG.fullmatch(tag):
            known = tags.get(tag, [])
            if tag in ("PY", "DA"):  # 2005///Winter says the year itself
                known = [said for said in known if not any(said in str(cell) for cell in cells)]
            tags[tag] = [*known, *cells]
    if not tags.get("M3") and (genre := thesis_genre(row)):
        tags["M3"] = [genre]
    lines = [(tag, text_) for tag, cells in tags.items() for text_ in map(said, cells) if text_]
    return "".join(f"{tag}  - {line}\n" for tag, line in [("TY", kind), *lines, ("ER", "")]) + "\n"


def _tags(row: Mapping[str, Any], kind: str) -> dict[str, list[Any]]:
    """The lines of each tag, in the order in which they are written."""
    tags: dict[str, list[Any]] = {"ID": [row["record_id"]], "TI": [row["title"]]}
    tags["AU"] = _names(row["authors"], bool(row["authors_truncated"]))
    tags["A2"] = _names(row.get("editors"))
    for column in _TEXTS:
        tags.setdefault(free_name(column, "ris", row, kind), []).append(row.get(column))
    tags |= _dates(row) | _pages(row)
    tags |= {tag: list(row.get(column) or []) for column, tag in _LISTS.items()}
    return tags | _numbers(row)


def _names(authors: list[dict[str, Any]] | None, truncated: bool = False) -> list[str]:
    names = [person_name(author) for author in authors or []]
    return [*names, "et al."] if truncated else names


def person_name(author: Mapping[str, Any]) -> str:
    """`particle Family, Given, Suffix`; as it is printed if it is so, or is not taken apart."""
    name = str(author["name"])
    parted = "given" in author and says_all(author)
    family, suffix = family_and_suffix(author)
    if author.get("group") or not parted or ("," in name and not author.get("suffix")):
        return name
    written = ", ".join(filter(None, (family, author["given"], suffix)))
    # as printed where what is written would be read otherwise
    found = parse_name(written).suffix
    return written if bare(found or "") == bare(author.get("suffix") or "") else name


def _dates(row: Mapping[str, Any]) -> dict[str, list[Any]]:
    """PY, and DA as year/month/day/ where more than the year is known."""
    year, month, day = date_parts(row)
    return {"PY": [year], "DA": [f"{year}/{month}/{day}/"] if month else []}


def _pages(row: Mapping[str, Any]) -> dict[str, list[Any]]:
    """SP and EP; the number of an article that has no pages is C7."""
    pages = text(row["pages"]) or ""
    if [pages] == carried_fields(row, "ris").get("C7"):
        return {}
    span = _RANGE.fullmatch(pages)
    return {"SP": [span[1]], "EP": [span[2]]} if span else {"SP": [pages]}


def _numbers(row: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Addresses, identifiers, and the record's numbers in databases, each beside its DB."""
    ids = row["ids"] or {}
    addresses = [text(row["url"]), *(row.get("urls") or [])]
    arxiv = ids.get("arxiv")
    if arxiv and not any(arxiv in address.lower() for address in filter(None, addresses)):
        addresses.append(f"https://arxiv.org/abs/{arxiv}")
    numbers = accession_numbers(row)
    databases = [name for name, _ in numbers if name]
    if (database := text(row.get("database"))) and database not in databases:
        databases.append(database)
    return {
        "UR": list(dict.fromkeys(addresses)),
        "SN": [number for kind in ("issn", "isbn") for number in ids.get(kind, "").split("; ")],
        "AN": [number for _, number in numbers],
        "DB": databases,
        "C2": [] if ids.get("pmcid", "-") in str(row.get("ris:C2")) else [ids.get("pmcid")],
    }
