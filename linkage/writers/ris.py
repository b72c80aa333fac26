"""Records as RIS, which every reference manager imports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, Any

import pandas as pd
from rispy import RisWriter
from rispy.config import TAG_KEY_MAPPING

from linkage.records.cells import text
from linkage.records.schema import RECORD_COLUMNS
from linkage.writers.bibtex import date_parts

_TYPES = {
    "article": "JOUR",
    "inproceedings": "CPAPER",
    "abstract": "ABST",
    "preprint": "UNPB",
    "book": "BOOK",
    "incollection": "CHAP",
    "proceedings": "CONF",
    "techreport": "RPRT",
    "thesis": "THES",
    "dataset": "DATA",
    "software": "COMP",
}
_TAGS = {"record_id": "ID", "title": "TI", "venue": "T2", "volume": "VL", "number": "IS"}
_TAGS |= {"doi": "DO", "abstract": "AB"}
_TAG_OF = {name: tag for tag, name in TAG_KEY_MAPPING.items()}
_RANGE = re.compile(r"([^\s–—-]+)\s*[–—-]+\s*([^\s–—-]+)")


class _Writer(RisWriter):  # type: ignore[misc]
    """Without the numbers that rispy sets between references."""

    def set_header(self, count: int) -> str:  # noqa: ARG002
        return ""


def write_ris(records: pd.DataFrame, stream: IO[bytes]) -> None:
    """Write conformed records as RIS.

    Columns that a reader of RIS carried through (rispy's names: publisher, keywords ...) go back to
    their tags. RIS has no place for `merged_from`, references and what is known of an author
    beside the name; a group is read back as one only where its name says so.
    """
    rows: list[dict[str, Any]] = records.to_dict("records")  # type: ignore[assignment]
    references = [_reference(row) for row in rows]
    writer = _Writer(list_tags=[], enforce_list_tags=False, delimiter_tags_mapping={})
    stream.write(writer.formats(references).encode("utf-8", "replace").replace(b"\0", b""))


def _reference(row: Mapping[str, Any]) -> dict[str, Any]:
    """Rispy's name of a field -> its lines, those known."""
    tags: dict[str, Any] = {"TY": _TYPES.get(row["type"], "GEN")}
    tags |= {tag: text(row[name]) for name, tag in _TAGS.items()}
    tags |= {"AU": _names(row)} | _dates(row) | _pages(text(row["pages"]) or "") | _links(row)
    fields = {TAG_KEY_MAPPING[tag]: value for tag, value in tags.items()}
    return {name: value for name, value in (fields | _others(row, tags)).items() if value}


def _names(row: Mapping[str, Any]) -> list[str]:
    names = [_name(author) for author in row["authors"] or []]
    return [*names, "et al."] if row["authors_truncated"] else names


def _name(author: Mapping[str, Any]) -> str:
    """`particle Family, Given, Suffix`; a name that is not taken apart as it is printed."""
    if author.get("group") or "given" not in author:
        return str(author["name"])
    last = " ".join(filter(None, (author.get("particle"), author.get("family"))))
    return ", ".join(filter(None, (last, author["given"], author.get("suffix"))))


def _dates(row: Mapping[str, Any]) -> dict[str, Any]:
    """PY, and DA as year/month/day/ where more than the year is known."""
    year, month, day = date_parts(row)
    return {"PY": year, "DA": f"{year}/{month}/{day}/" if month else ""}


def _pages(pages: str) -> dict[str, str]:
    span = _RANGE.fullmatch(pages)
    return {"SP": span[1], "EP": span[2]} if span else {"SP": pages}


def _links(row: Mapping[str, Any]) -> dict[str, Any]:
    ids = row["ids"] or {}
    urls = [text(row["url"]), ids.get("arxiv") and f"https://arxiv.org/abs/{ids['arxiv']}"]
    numbers = " ".join(ids[kind] for kind in ("issn", "isbn") if kind in ids)
    pubmed = {"AN": ids["pmid"], "DB": "PubMed"} if "pmid" in ids else {}
    return (
        pubmed
        | {"UR": list(dict.fromkeys(filter(None, urls))), "SN": numbers.split()}
        | {"C2": ids.get("pmcid")}
    )


def _others(row: Mapping[str, Any], used: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that RIS has a tag for, as a reader of RIS carried them through."""
    found: dict[str, Any] = {}
    for name, cell in row.items():
        tag = _TAG_OF.get(str(name))
        if tag and tag not in used and name not in RECORD_COLUMNS:
            lines = cell if isinstance(cell, list) else [cell]
            found[str(name)] = [line for line in map(text, lines) if line]
    return found
