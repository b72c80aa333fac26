"""RIS as Zotero, EndNote, Scopus and others write it, and Web of Science's tagged format.

rispy reads the lines of a record; the file is cut into records here, so that a record without
its end is neither lost nor joined to the next, and every record knows its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
from rispy import RisParser, WokParser
from rispy.config import TAG_KEY_MAPPING, WOK_TAG_KEY_MAPPING

from linkage.errors import Problem
from linkage.readers.source import Reader, Source
from linkage.records.cells import date, text

_TAGGED = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?$")
_RIS = re.compile(r"^TY  -", re.MULTILINE)
_WOS = re.compile(r"^PT [A-Z]\s*$", re.MULTILINE)
_LISTS = {"AU", "A1", "A2", "A3", "A4", "ED", "KW", "UR"}
_WOS_LISTS = ["AU", "AF", "BA", "BF", "CA", "GP", "BE", "CR", "RI", "OI"]
_Fields = dict[str, list[str]]

# canonical column: the tags that hold it, the preferred first
_RIS_TAGS = {
    "record_id": ("ID",),
    "type": ("TY",),
    "title": ("TI", "T1", "CT", "BT"),
    "year": ("PY", "Y1", "DA"),
    "venue": ("T2", "JF", "JO", "BT", "J2", "JA", "T3"),
    "volume": ("VL", "VO"),
    "number": ("IS", "CP"),
    "doi": ("DO",),
    "abstract": ("AB", "N2"),
    "url": ("UR",),
}
_WOS_TAGS = {
    "record_id": ("UT",),
    "type": ("DT", "PT"),
    "title": ("TI",),
    "year": ("PY", "EY"),
    "venue": ("SO", "JI", "J9"),
    "volume": ("VL",),
    "number": ("IS",),
    "doi": ("DI",),
    "abstract": ("AB",),
}


class _Identity(dict[str, str]):
    """Have rispy name each field by its tag, also tags that it doesn't know."""

    def __missing__(self, tag: str) -> str:
        return tag


def _read_ris(source: Source, problems: list[Problem]) -> pd.DataFrame:
    rows: dict[int, dict[str, Any]] = {}
    for line, lines in _chunks(source.text(problems), source, problems):
        parser = RisParser(
            mapping=_Identity(),
            list_tags=list({part[:2] for part in lines}),
            delimiter_tags_mapping={},
        )
        fields = parser.parse("\n".join([*lines, "ER  - "]))[0]
        rows[line] = _ris_record(fields | {"TY": [fields["TY"]]})
    return pd.DataFrame(list(rows.values()), index=list(rows), dtype=object)


def _chunks(
    content: str, source: Source, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """The tagged lines of each record, from TY to ER, with the number of the first."""
    lines: list[str] = []
    first = orphan = 0
    for number, line in enumerate([*content.lstrip("\ufeff").splitlines(), "TY  -"], start=1):
        match = _TAGGED.match(line.rstrip())
        tag = match[1] if match else ""
        if tag == "TY" and lines:
            where = f"line {first}"
            problems.append(Problem(source.name, where, "no ER line", "one at the end", kept=True))
        if tag in {"TY", "ER"}:
            if lines:
                yield first, lines
            lines, first = ([line] if tag == "TY" else []), number
        elif lines:
            _append(lines, line, tag)
        elif tag and orphan != first + 1:
            orphan = first + 1  # once for all the lines of it
            problems.append(Problem(source.name, f"line {number}", repr(line[:40]), "a TY line"))


def _append(lines: list[str], line: str, tag: str) -> None:
    """Add a line of a record; one without a tag goes on with the field before it."""
    if tag:
        lines.append(line)
    elif lines[-1][:2] in _LISTS and line.strip():
        lines.append(f"{lines[-1][:2]}  - {line.strip()}")
    else:
        lines[-1] = f"{lines[-1]} {line.strip()}"


def _ris_record(fields: _Fields) -> dict[str, Any]:
    record: dict[str, Any] = {name: _first(fields, tags) for name, tags in _RIS_TAGS.items()}
    if record["type"] in {"CONF", "CPAPER"}:  # T2 is the name of the conference there
        record["venue"] = _first(fields, ("C3",)) or record["venue"]
    record["authors"] = [*fields.get("AU", []), *fields.get("A1", [])] or None
    record["date"] = _most_exact(fields, ("DA", "Y1", "PY"))
    record["pages"] = _pages(_first(fields, ("SP",)), _first(fields, ("EP",)), fields.get("C7"))
    record["ids"] = _ids(fields)
    used = {tag for tags in _RIS_TAGS.values() for tag in tags}
    return record | _others(fields, TAG_KEY_MAPPING, used | {"AU", "A1", "SP", "EP", "SN"})


def _ids(fields: _Fields) -> dict[str, str]:
    ids = {"issn_isbn": " ".join(fields.get("SN", []))}
    database = " ".join(fields.get("DB", []) + fields.get("DP", [])).lower()
    number = _first(fields, ("AN",)) or ""
    if number.isdigit() and ("pubmed" in database or "medline" in database):
        ids["pmid"] = number
    if match := re.search(r"\bPMC\d+", " ".join(fields.get("C2", []))):
        ids["pmcid"] = match[0]
    return ids


def _read_wos(source: Source, problems: list[Problem]) -> pd.DataFrame:
    content = source.text(problems).lstrip("\ufeff").replace("\r\n", "\n")
    rows: dict[int, dict[str, Any]] = {}
    for match, end in _wos_spans(content):
        parser = WokParser(mapping=_Identity(), list_tags=_WOS_LISTS)
        fields = parser.parse(content[match.start() : end] + "\nER")[0]
        line = content.count("\n", 0, match.start()) + 1
        rows[line] = _wos_record({t: v if isinstance(v, list) else [v] for t, v in fields.items()})
    return pd.DataFrame(list(rows.values()), index=list(rows), dtype=object)


def _wos_spans(content: str) -> Iterator[tuple[re.Match[str], int]]:
    matches = list(_WOS.finditer(content))
    ends = [match.start() for match in matches[1:]] + [len(content)]
    yield from zip(matches, ends, strict=True)


def _wos_record(fields: _Fields) -> dict[str, Any]:
    record: dict[str, Any] = {name: _first(fields, tags) for name, tags in _WOS_TAGS.items()}
    authors = fields.get("AF") or fields.get("AU") or []
    record["authors"] = [*authors, *({"name": n, "group": True} for n in fields.get("CA", []))]
    record["authors"] = record["authors"] or None
    record["date"] = " ".join(filter(None, (_first(fields, ("PD",)), record["year"]))) or None
    record["pages"] = _pages(_first(fields, ("BP",)), _first(fields, ("EP",)), fields.get("AR"))
    serials = " ".join(_first(fields, (tag,)) or "" for tag in ("SN", "EI", "BN"))
    record["ids"] = {"issn_isbn": serials, "pmid": _first(fields, ("PM",))}
    record["references"] = fields.get("CR")
    used = {tag for tags in _WOS_TAGS.values() for tag in tags}
    used |= {"AU", "AF", "CA", "PD", "BP", "EP", "AR", "SN", "EI", "BN", "PM", "CR", "ER", ""}
    return record | _others(fields, WOK_TAG_KEY_MAPPING, used)


def _first(fields: _Fields, tags: tuple[str, ...]) -> str | None:
    return next((cell for tag in tags for cell in fields.get(tag, []) if text(cell)), None)


def _most_exact(fields: _Fields, tags: tuple[str, ...]) -> str | None:
    dates = [date(cell) or "" for tag in tags for cell in fields.get(tag, [])]
    # a full date before a year, a year before a day without one
    return max(dates, key=lambda d: (not d.startswith("-"), len(d)), default="") or None


def _pages(start: str | None, end: str | None, article: list[str] | None) -> str | None:
    """Join first and last page; some put both in SP, and an article number stands for pages."""
    if start and (end is None or re.search(r"\d\s*[-–]", start)):
        return re.sub(r"\s*[-–—]+\s*", "-", start)
    return f"{start}-{end}" if start and end else end or next(iter(article or []), None)


def _others(fields: _Fields, names: dict[str, str], used: set[str]) -> dict[str, Any]:
    """The fields without a canonical column, by rispy's names for the tags; several as a list."""
    rest = {names.get(tag, tag): cells for tag, cells in fields.items() if tag not in used}
    return {name: cells[0] if len(cells) == 1 else cells for name, cells in rest.items()}


RIS = Reader(
    "RIS", (".ris",), lambda source: bool(_RIS.search(source.head.lstrip("\ufeff"))), _read_ris
)
WOS = Reader(
    "Web of Science's tagged format",
    (".ciw", ".isi"),
    lambda source: bool(_WOS.search(source.head)),
    _read_wos,
)
