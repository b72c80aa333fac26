"""Records as EndNote XML, which EndNote, Zotero, Mendeley and Rayyan import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import IO, Any
from xml.etree import ElementTree as ET

import pandas as pd

from linkage.names.parse import parse_name
from linkage.records.cells import text, tidy
from linkage.records.entry_types import endnote_number, entry_type, thesis_genre
from linkage.records.format_fields import FIELDS, accession_numbers, carried_fields
from linkage.writers.bibtex import date_parts
from linkage.writers.characters import legal
from linkage.writers.ris import person_name

# In EndNote's own order; a path is an element within others.
_ORDER = (
    *("contributors/authors/author", "contributors/secondary-authors/author"),
    *("contributors/tertiary-authors/author", "contributors/subsidiary-authors/author"),
    *("auth-address", "titles/title", "titles/secondary-title", "titles/tertiary-title"),
    *("titles/alt-title", "titles/short-title", "titles/translated-title"),
    *("periodical/full-title", "periodical/abbr-1"),
    *("pages", "volume", "number", "edition", "section", "reprint-edition", "num-vols"),
    *("keywords/keyword", "dates/year", "dates/pub-dates/date", "pub-location", "publisher"),
    *("orig-pub", "isbn", "accession-num", "call-num", "label", "electronic-resource-num"),
    *("abstract", "notes", "research-notes", "work-type", "reviewed-item"),
    *("urls/related-urls/url", "urls/pdf-urls/url", "urls/text-urls/url", "urls/image-urls/url"),
    *("remote-database-name", "remote-database-provider", "language", "access-date"),
    *(f"custom{number}" for number in range(1, 9)),
)
_REPEATED = re.compile("/(author|url|keyword)$")
_PATHS = {_REPEATED.sub("", path).rpartition("/")[2]: path for path in _ORDER} | {
    "alt-periodical": "alt-periodical/full-title",
    "alt-abbr-1": "alt-periodical/abbr-1",
}
_TEXTS = (
    *("title", "venue", "series", "pages", "volume", "number", "edition", "publisher"),
    *("abstract", "language", "place", "doi"),
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def write_endnote(records: pd.DataFrame, stream: IO[bytes]) -> None:
    """Write conformed records as EndNote's XML.

    The record's id is its label, its running number is EndNote's. Elements that a reader of EndNote
    XML carried through (columns `endnote:custom1`) are written again. Not written: groups, all
    numbers in databases but the first, references, fields of other formats, the user's own columns.
    """
    rows: list[dict[str, Any]] = records.to_dict("records")  # type: ignore[assignment]
    stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n')
    for number, row in enumerate(rows, start=1):
        written = ET.tostring(_record(row, number), encoding="utf-8")
        stream.write(written.replace(b"\r", b"&#xD;") + b"\n")  # a plain one is read as a blank
    stream.write(b"</records></xml>\n")


def _record(row: Mapping[str, Any], number: int) -> ET.Element:
    kind = entry_type(row, "endnote")
    record = ET.Element("record")
    ET.SubElement(record, "source-app", {"name": "biblinkage"}).text = "biblinkage"
    given = str(row["record_id"])
    ET.SubElement(record, "rec-number").text = given if given.isdigit() else str(number)
    ET.SubElement(record, "ref-type", {"name": kind}).text = str(endnote_number(kind))
    elements = _elements(row)
    for name, cells in carried_fields(row, "endnote").items():
        if _NAME.fullmatch(name):
            more = name in ("date", "year", "full-title")  # `Dec 24-31` says more
            ours = [] if more else elements.get(name, [])
            if name == "year":
                ours = [one for one in elements[name] if one and not any(one in c for c in cells)]
            elements[name] = list(dict.fromkeys([*ours, *cells]))
    known = dict.fromkeys(name for name in _PATHS if name in elements)
    for name in [*known, *sorted(elements.keys() - known.keys())]:
        _append(record, _PATHS.get(name, name), elements[name])
    return record


def _elements(row: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What stands in each element."""
    ids = row["ids"] or {}
    year, month, day = date_parts(row)
    serials = [number for kind in ("issn", "isbn") for number in (ids.get(kind) or "").split("; ")]
    people = [_person(author) for author in row["authors"] or []]
    numbers = accession_numbers(row)
    databases = [*(name for name, _ in numbers if name), row.get("database")]
    arxiv = [f"https://arxiv.org/abs/{ids['arxiv']}"] if "arxiv" in ids else []
    addresses = [row["url"], *(row.get("urls") or [])]
    elements: dict[str, list[Any]] = {FIELDS[c].endnote: [text(row.get(c))] for c in _TEXTS}
    return elements | {
        "authors": [*people, "et al."] if row["authors_truncated"] else people,
        "secondary-authors": [_person(editor) for editor in row.get("editors") or []],
        "full-title": [row["venue"]] if row["type"] == "article" else [],
        "keywords": row.get("keywords") or [],
        "year": [year],
        "date": ["-".join(filter(None, (year, month, day)))] if month else [],
        "isbn": [" ".join(filter(None, serials))],
        "accession-num": [numbers[0][1]] if numbers else [],
        "remote-database-name": databases[:1],
        "label": _label(row),
        "notes": ["; ".join(row.get("notes") or [])],
        "work-type": [thesis_genre(row) if row["type"] == "thesis" else None],
        "related-urls": [*addresses, *(a for a in arxiv if a not in addresses)],
        "pdf-urls": row.get("files") or [],
        "custom2": [ids.get("pmcid")],
    }


def _label(row: Mapping[str, Any]) -> list[str]:
    """The id, first of all labels; a number is EndNote's own already, and needs no other label."""
    given = str(row["record_id"])
    return [] if given.isdigit() and not row.get("endnote:label") else [given]


def _person(author: Mapping[str, Any]) -> str:
    """A name; a comma at its end marks a group that would be read as a person."""
    name = person_name(author)
    return f"{name}," if author.get("group") and not parse_name(name).group else name


def _append(record: ET.Element, path: str, cells: Iterable[Any]) -> None:
    """Add an element for each text; those of one path stand in the same parents."""
    *parents, name = path.split("/")
    printed = [cell if "\r" in cell else tidy(cell) for cell in map(str, filter(None, cells))]
    for value in filter(None, printed):
        place = record
        for parent in parents:
            found = place.find(parent)
            place = ET.SubElement(place, parent) if found is None else found
        ET.SubElement(place, name).text = legal(str(value))
