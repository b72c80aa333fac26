"""RIS as Zotero, EndNote, Scopus and others write it, and Web of Science's tagged format.

The file is cut into records so that one without its end or with a damaged first line is neither
lost nor joined to the next, and each knows its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from linkage.errors import Problem
from linkage.readers.source import Reader, Source, leading_format
from linkage.records.cells import date, issn_isbn, linked_ids, text, year
from linkage.records.format_fields import FIELDS, accession_ids, names

_TAGGED = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?$")
_LOOSELY_TAGGED = re.compile(r" {0,3}([A-Z][A-Z0-9]) {0,3}-(?: ?(.*))?$")
_RIS_START = re.compile(r" {0,3}(TY) {0,3}- ?([A-Z]{3,8})$")  # blanks too many or too few
_COUNTER = re.compile(r"\d+\.")  # rispy numbers the records
_WOS_START = re.compile(r" {0,2}PT[ \t]{0,3}([A-Z])\s*$")
_WOS_TAGGED = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|()$)")
_LISTS = {"AU", "A1", "A2", "A3", "A4", "ED", "KW", "UR", "LA"}
_WOS_LISTS = {"AU", "AF", "BA", "BF", "CA", "GP", "BE", "CR", "RI", "OI"}
_Fields = dict[str, list[str]]

_RIS_LISTS = {"keywords", "notes", "files", "editors"}
_RIS_USED = {"TY", "ID", "AU", "A1", "PY", "Y1", "DA", "SP", "EP", "SN", "AN", "DB", "UR"}
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

_WOS_LIBRARY = {
    "native_type": ("DT", "PT"),
    "publisher": ("PU",),
    "place": ("PI",),
    "language": ("LA",),
    "series": ("SE",),
}


class _Chunk(NamedTuple):
    """A record: its first line, and tag -> what stands there, in order."""

    line: int
    fields: _Fields


def _numbered_lines(source: Source, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    """The lines of the file; VT, NEL and U+2028 do not end one."""
    content = source.text(problems).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return enumerate(content.split("\n"), start=1)


def _frame(chunks: Iterable[_Chunk], record: Callable[[_Fields], dict[str, Any]]) -> pd.DataFrame:
    rows = {chunk.line: record(chunk.fields) for chunk in chunks}
    return pd.DataFrame(list(rows.values()), index=list(rows), dtype=object)


def _read_ris(source: Source, problems: list[Problem]) -> pd.DataFrame:
    return _frame(_ris_chunks(source, problems), _ris_record)


def _ris_chunks(source: Source, problems: list[Problem]) -> Iterator[_Chunk]:  # noqa: C901
    """The fields of each record, from TY to ER; lines outside are told, once for several.

    Tagged lines between an ER and a TY belong to the record of that: some write TY among others.
    """
    chunk: _Chunk | None = None
    early = _Chunk(0, {})
    tagged, told, tag = _TAGGED, False, ""
    for number, line in _numbered_lines(source, problems):
        match = tagged.match(line.rstrip()) or _RIS_START.match(line.rstrip())
        if match and match[1] in ("TY", "ER"):
            if chunk and match[1] == "TY":
                problems.append(_no_end(source, chunk))
            if chunk:
                yield chunk
            if early.fields and match[1] == "ER":
                problems.append(_outside(source, *_first_line(early), "a TY line", kept=False))
            chunk, told, tag = None, False, match[1]
            if match[1] == "TY":
                chunk = _Chunk(early.line or number, {"TY": [match[2] or ""]} | early.fields)
            early = _Chunk(0, {})
            if match[1] == "TY":
                # a damaged first line makes us read the others of its record as damaged, too
                tagged = _TAGGED if _TAGGED.match(line.rstrip()) else _LOOSELY_TAGGED
        elif chunk and match:
            tag = match[1]
            chunk.fields.setdefault(tag, []).append(match[2] or "")
        elif chunk:
            _append(chunk.fields.setdefault(tag, [""]), line.strip(), new=tag in _LISTS)
        elif match:
            early = _Chunk(early.line or number, early.fields)
            early.fields.setdefault(match[1], []).append(match[2] or "")
        elif line.strip() and not told and not _COUNTER.fullmatch(line.strip()):
            told = True
            problems.append(_outside(source, number, line, "a TY line before it", kept=True))
    if early.fields:
        problems.append(_outside(source, *_first_line(early), "a TY line", kept=False))
    if chunk:
        problems.append(_no_end(source, chunk))
        yield chunk


def _first_line(chunk: _Chunk) -> tuple[int, str]:
    tag, (cell, *_) = next(iter(chunk.fields.items()))
    return chunk.line, f"{tag}  - {cell}"


def _append(cells: list[str], line: str, *, new: bool) -> None:
    """Add a line without a tag to the field before it: a value of its own in a list."""
    if new and line:
        cells.append(line)
    elif line:
        cells[-1] = f"{cells[-1]} {line}".strip()


def _no_end(source: Source, chunk: _Chunk) -> Problem:
    return Problem(source.name, f"line {chunk.line}", "no ER line", "one at the end", kept=True)


def _outside(source: Source, number: int, line: str, expected: str, *, kept: bool) -> Problem:
    return Problem(source.name, f"line {number}", repr(line.strip()[:40]), expected, kept)


def _ris_record(fields: _Fields) -> dict[str, Any]:
    kind = _first(fields, ("TY",))
    left = {tag: [cell for cell in cells if text(cell)] for tag, cells in fields.items()}
    record: dict[str, Any] = {"title": None, "record_id": _first(fields, ("ID",))}
    record |= {"type": kind, "native_type": kind}
    for column in FIELDS.keys() - {"pages", "url", "urls", "database", "accession"}:
        tags = [tag for tag in names(column, "ris", kind) if left.get(tag)]
        if column in _RIS_LISTS:
            record[column] = [cell for tag in tags for cell in left.pop(tag)] or None
        elif tags:
            record[column] = left[tags[0]].pop(0)
    if "language" in record:
        record["language"] = "; ".join([record["language"], *left.pop("LA", [])])
    record["authors"] = [*fields.get("AU", []), *fields.get("A1", [])] or None
    record["year"] = _first(fields, ("PY", "Y1", "DA"))
    record["date"] = _most_exact(fields, ("DA", "Y1", "PY"), year(record["year"]))
    record["pages"] = _pages(_first(fields, ("SP",)), _first(fields, ("EP",)), fields.get("C7"))
    record |= _numbers(left) | _dates_as_printed(left, record)
    return _said(record | {f"ris:{t}": cells for t, cells in left.items() if t not in _RIS_USED})


def _said(record: dict[str, Any]) -> dict[str, Any]:
    """The columns that say something, so that there is none of which no record has anything."""
    return {name: cell for name, cell in record.items() if cell or name == "title"}


def _dates_as_printed(left: _Fields, record: dict[str, Any]) -> dict[str, Any]:
    """What date and year can't hold: `2005///Winter`, `Sep-Oct`, `in press`, another year."""
    known = (record["date"] or "")[:4]

    def is_whole(cell: str) -> bool:
        read = date(cell) or ""
        words = re.search(r"[^\W\d_]", cell.replace("undefined", ""))
        return read[:4] in (known, "--" + read[2:4]) and ("-" in read or not words)

    tags = ("DA", "PY", "Y1")
    return {f"ris:{tag}": [c for c in left.get(tag, []) if not is_whole(c)] for tag in tags}


def _numbers(left: _Fields) -> dict[str, Any]:
    """Addresses, identifiers and record numbers."""
    databases, numbers = left.get("DB", []), left.get("AN", [])
    accession = dict(zip([*databases, *[""] * len(numbers)], numbers, strict=False))
    ids = {"issn_isbn": " ".join(left.get("SN", []))}
    ids |= accession_ids(accession, " ".join([*databases, *left.get("DP", [])]))
    if match := re.search(r"\bPMC\d+", " ".join(left.get("C2", []))):
        ids["pmcid"] = match[0]
        left["C2"] = [cell for cell in left["C2"] if cell.strip() != match[0]]
    addresses = list(dict.fromkeys(left.get("UR", [])))
    return {
        "ids": linked_ids(*addresses[1:]) | ids,
        "url": addresses[0] if addresses else None,
        "urls": addresses[1:] or None,
        "accession": accession or None,
        "database": databases[-1 if len(databases) > len(numbers) else 0] if databases else None,
        "ris:SN": left["SN"] if left.get("SN") and not issn_isbn(ids["issn_isbn"]) else None,
    }


def _read_wos(source: Source, problems: list[Problem]) -> pd.DataFrame:
    return _frame(_wos_chunks(source, problems), _wos_record)


def _wos_chunks(source: Source, problems: list[Problem]) -> Iterator[_Chunk]:
    """The fields of each record, from PT to ER; what is outside, or has no PT, is told."""
    chunk: _Chunk | None = None
    told, tag = False, ""
    for number, line in _numbered_lines(source, problems):
        start, match = _WOS_START.match(line), _WOS_TAGGED.match(line)
        if start and chunk:
            problems.append(_no_end(source, chunk))
            yield chunk
        if start:
            chunk, tag, told = _Chunk(number, {"PT": [start[1]]}), "PT", False
        elif match and match[1] in ("ER", "EF"):
            if chunk:
                yield chunk
            chunk, told = None, False
        elif chunk and match:
            tag = match[1]
            chunk.fields.setdefault(tag, []).append(match[2].strip())
        elif chunk:
            _append(chunk.fields.setdefault(tag, [""]), line.strip(), new=tag in _WOS_LISTS)
        elif line.strip() and not told and not (match and match[1] in ("FN", "VR")):
            told = True
            kept = match is None
            problems.append(_outside(source, number, line, "a PT line before it", kept=kept))
    if chunk:
        problems.append(_no_end(source, chunk))
        yield chunk


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
    record |= {name: _first(fields, tags) for name, tags in _WOS_LIBRARY.items()}
    listed = "; ".join(_first(fields, (tag,)) or "" for tag in ("DE", "ID"))
    record["keywords"] = [word for word in listed.split("; ") if word] or None
    record["editors"] = [*fields.get("BE", []), *fields.get("ED", [])] or None
    record["accession"] = {"Web of Science": record["record_id"]} if record["record_id"] else None
    used = {tag for tags in (*_WOS_TAGS.values(), *_WOS_LIBRARY.values()) for tag in tags}
    used |= {"AU", "AF", "CA", "PD", "BP", "EP", "AR", "SN", "EI", "BN", "PM", "CR", "ER", ""}
    used |= {"DE", "ID", "BE", "ED"}
    return _said(record | {f"wos:{tag}": cells for tag, cells in fields.items() if tag not in used})


def _first(fields: _Fields, tags: tuple[str, ...]) -> str | None:
    return next((cell for tag in tags for cell in fields.get(tag, []) if text(cell)), None)


def _most_exact(fields: _Fields, tags: tuple[str, ...], of_year: int | None) -> str | None:
    """The most exact date; `Dec` is December of the record's year."""
    dates = [date(cell) or "" for tag in tags for cell in fields.get(tag, [])]
    if of_year:
        dates = [f"{of_year:04}{d[1:]}" if d.startswith("-") else d for d in dates]
    # a full date before a year, a year before a day without one
    return max(dates, key=lambda d: (not d.startswith("-"), len(d)), default="") or None


def _pages(start: str | None, end: str | None, article: list[str] | None) -> str | None:
    """Join first and last page; some put both in SP, and an article number stands for pages."""
    if start and (end is None or re.search(r"\d\s*[-–]", start)):
        return re.sub(r"\s*[-–—]+\s*", "-", start)
    return f"{start}-{end}" if start and end else end or next(iter(article or []), None)


RIS = Reader("RIS", (".ris",), lambda source: leading_format(source.head) == "ris", _read_ris)
WOS = Reader(
    "Web of Science's tagged format",
    (".ciw", ".isi"),
    lambda source: leading_format(source.head) == "wos",
    _read_wos,
)
