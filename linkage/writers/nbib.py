"""Records in PubMed's tagged format (nbib, MEDLINE), as programs for reviewing import it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import IO, Any

import pandas as pd

from linkage.records.cells import text, tidy
from linkage.records.format_fields import DATABASES, FIELDS, carried_fields
from linkage.text.registry import TRIAL_KINDS
from linkage.writers.bibtex import date_parts, family_and_suffix
from linkage.writers.characters import legal
from linkage.writers.ris import person_name

_WIDTH = 88
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TYPES = {"article": "Journal Article", "preprint": "Preprint", "dataset": "Dataset"}
_FIRST = ("PMID", "OWN", "STAT", "IS", "ISBN", "VI", "IP", "DP", "TI", "PG", "LID", "AB")
_AS_PRINTED = ("PT",)  # the tag says more than our column does
_SAID_WITHIN = ("IS", "SI", "DP")  # `1234-5678 (Print)`, `2018 Winter` say our value, too
_TEXTS = (
    *("volume", "number", "title", "pages", "abstract", "language", "edition", "publisher"),
    *("place", "venue", "database", "series"),
)
_TAG = re.compile("[A-Z]{2,4}")


def write_nbib(records: pd.DataFrame, stream: IO[bytes]) -> None:
    """Write conformed records in PubMed's tagged format.

    Tags that a reader of nbib carried through (columns `nbib:RN`) are written again. There is no
    place for ids of records, addresses, files, groups, numbers in other databases, types that are
    not PubMed's, fields of other formats and the user's own columns.
    """
    rows: list[dict[str, Any]] = records.to_dict("records")  # type: ignore[assignment]
    stream.write(legal("\n".join(map(_record, rows))).encode())


def _record(row: Mapping[str, Any]) -> str:
    tags = _tags(row)
    for tag, cells in carried_fields(row, "nbib").items():
        if tag in _AS_PRINTED or tag not in tags:
            tags[tag] = cells
        elif tag in _SAID_WITHIN:
            tags[tag] = cells + [ours for ours in tags[tag] if ours not in " ".join(cells)]
        elif _TAG.fullmatch(tag):
            tags[tag] += [cell for cell in cells if cell not in tags[tag]]
    head = [(tag, cell) for tag in _FIRST for cell in tags.pop(tag, [])]
    tail = [(tag, cell) for tag, cells in tags.items() for cell in cells]
    return "".join(_line(tag, cell) for tag, cell in [*head, *_people(row), *tail])


def _tags(row: Mapping[str, Any]) -> dict[str, list[str]]:
    """The lines of each tag but those of the authors."""
    ids = row["ids"] or {}
    known = {FIELDS[column].nbib.split()[0]: text(row.get(column)) for column in _TEXTS}
    tags: dict[str, list[str]] = {"PMID": [ids.get("pmid", "")]}
    tags |= {tag: [cell] for tag, cell in known.items() if cell}
    tags["LA"] = _several(text(row.get("language")))
    tags["IS"] = _several(ids.get("issn"))
    tags["ISBN"] = _several(ids.get("isbn"))
    tags["DP"] = [_date(row)]
    tags["AID"] = [f"{row['doi']} [doi]"] if text(row["doi"]) else []
    tags["SI"] = _registered(ids)
    tags["PMC"] = _several(ids.get("pmcid"))
    tags["PT"] = [_TYPES[row["type"]]] if row["type"] in _TYPES else []
    tags["FED"] = [person_name(editor) for editor in row.get("editors") or []]
    mesh = carried_fields(row, "nbib").get("MH", [])
    tags["MH"] = [term for term in row.get("keywords") or [] if term in mesh]
    tags["OT"] = [term for term in row.get("keywords") or [] if term not in mesh]
    tags["OID"] = _several((row.get("accession") or {}).get("ERIC"))
    tags["GN"] = list(row.get("notes") or [])
    return tags


def _registered(ids: Mapping[str, str]) -> list[str]:
    """Numbers of trials after the name of their registry, as PubMed prints them."""
    kinds = sorted(TRIAL_KINDS & ids.keys())
    found = [(DATABASES.get(kind, kind.upper()), n) for kind in kinds for n in _several(ids[kind])]
    return [f"{registry}/{number}" for registry, number in found]


def _several(joined: str | None) -> list[str]:
    return joined.split("; ") if joined else []


def _date(row: Mapping[str, Any]) -> str:
    year, month, day = date_parts(row)
    return " ".join(filter(None, (year, _MONTHS[int(month) - 1] if month else "", day.lstrip("0"))))


def _people(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The authors, each with the ORCID and the affiliations that are known; groups as such."""
    lines: list[tuple[str, str]] = []
    for author in row["authors"] or []:
        if author.get("group"):
            lines.append(("CN", author["name"]))
            continue
        lines.append(("FAU", _full_name(author)))
        if author.get("given") and author.get("family"):
            initials = "".join(part[0] for part in re.findall(r"\w+", author["given"])[:2])
            family, suffix = family_and_suffix(author)
            lines.append(("AU", " ".join(filter(None, (family, initials, suffix)))))
        if author.get("orcid"):
            lines.append(("AUID", f"ORCID: {author['orcid']}"))
        lines += [("AD", place) for place in _several(author.get("affiliation"))]
    return [*lines, ("FAU", "et al.")] if row["authors_truncated"] else lines


def _full_name(author: Mapping[str, Any]) -> str:
    """`King, Martin Luther Jr`, as PubMed has it."""
    family, suffix = family_and_suffix(author)
    name = person_name(author)
    return name if not suffix or name == author["name"] else f"{family}, {author['given']} {suffix}"


def _line(tag: str, cell: str) -> str:
    """`TAG - value`, wrapped as PubMed does; a PMID that is not known is there, but empty."""
    printed = tidy(cell)
    if not printed and tag != "PMID":
        return ""
    lines = textwrap.wrap(printed, _WIDTH - 6, break_long_words=False, break_on_hyphens=False)
    return f"{tag:4}- " + "\n      ".join(lines) + "\n"
