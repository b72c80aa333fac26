"""BibTeX and BibLaTeX, with TeX turned into Unicode."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import bibtexparser
import pandas as pd

from linkage.errors import Problem
from linkage.readers.bibtex_entries import Entry, bibtex_entries
from linkage.readers.source import Reader, Source, leading_format
from linkage.text.tex import untexed, untexed_name

_INHERITED = (
    *("year", "date", "month", "booktitle", "journal", "journaltitle", "volume", "number"),
    *("series", "publisher", "editor", "isbn", "issn", "address", "school", "institution", "note"),
)
_BRACED = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")  # from the first brace to the last
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_VERBATIM = {"url", "doi", "eprint", "file", "pmid", "pmcid", "issn", "isbn"}
_IDENTIFIERS = ("pmid", "pmcid", "issn", "isbn")
_USED = {
    *("title", "subtitle", "author", "year", "date", "month", "journal", "journaltitle"),
    *("booktitle", "volume", "number", "issue", "pages", "eid", "doi", "url", "abstract"),
    *("crossref", "eprint", *_IDENTIFIERS, "day", "ids"),
}


def _read(source: Source, problems: list[Problem]) -> pd.DataFrame:
    found = bibtex_entries(source, problems)
    strings = _strings(found)
    entries = [entry for entry in found if entry.kind != "string"]
    fields = [_fields(entry, strings, source, problems) for entry in entries]
    _inherit(entries, fields, source, problems)
    rows = [_record(e.kind, e.key, own) for e, own in zip(entries, fields, strict=True)]
    return pd.DataFrame(rows, index=[entry.place for entry in entries], dtype=object)


def _strings(entries: list[Entry]) -> dict[str, str]:
    strings = {month: month for month in _MONTHS}
    for entry in entries:
        if entry.kind == "string":
            strings |= {name: _value(parts, strings) for name, parts in entry.fields}
    return strings


def _fields(
    entry: Entry, strings: dict[str, str], source: Source, problems: list[Problem]
) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, parts in entry.fields:
        if name in fields:
            found = f"the field {name} twice"
            where = f"line {entry.place}"
            problems.append(Problem(source.name, where, found, "it once", kept=True))
        fields.setdefault(name, _value(parts, strings))
    return fields


def _value(parts: list[str], strings: dict[str, str]) -> str:
    """Resolve `{...}`, `"..."`, numbers, names of @strings and their concatenation with #."""
    return "".join(
        part[1:-1] if part[:1] in '{"' else strings.get(part.lower(), part) for part in parts
    )


def _inherit(
    entries: list[Entry],
    fields: list[dict[str, str]],
    source: Source,
    problems: list[Problem],
) -> None:
    """Give an entry what it lacks of the one it names in `crossref` (title as `booktitle`)."""
    by_key = {entry.key.lower(): own for entry, own in zip(entries, fields, strict=True)}
    for entry, own in zip(entries, fields, strict=True):
        if "crossref" not in own:
            continue
        parent = by_key.get(own["crossref"].lower())
        if parent is None:
            found = f"a crossref to {own['crossref']!r}"
            problems.append(
                Problem(source.name, f"line {entry.place}", found, "an entry of that key", True)
            )
            continue
        for name in _INHERITED:
            if name in parent:
                own.setdefault(name, parent[name])
        if "title" in parent:
            own.setdefault("booktitle", parent["title"])


def _record(entry_type: str, key: str, raw: dict[str, str]) -> dict[str, Any]:
    field = {name: _plain(name, value) for name, value in raw.items() if name != "author"}
    ids = {name: field[name] for name in _IDENTIFIERS if name in field}
    if re.search("arxiv", field.get("archiveprefix", field.get("eprinttype", "")), re.IGNORECASE):
        ids["arxiv"] = field.get("eprint", "")
    title = ": ".join(filter(None, (field.get("title"), field.get("subtitle"))))
    abstract = field.get("entrysubtype") == "abstract" and field.pop("entrysubtype")
    record = {
        "record_id": key,
        "type": "abstract" if abstract else entry_type,
        "title": title or None,
        "authors": _authors(raw.get("author")),
        "year": field.get("year"),
        "date": field.get("date") or _date(field),
        "venue": _first(field, "journal", "journaltitle", "booktitle"),
        "volume": field.get("volume"),
        "number": _first(field, "number", "issue"),
        "pages": _first(field, "pages", "eid"),
        "doi": field.get("doi"),
        "ids": ids,
        "abstract": field.get("abstract"),
        "url": field.get("url"),
    } | {name: value for name, value in field.items() if name not in _USED}
    if other_keys := re.findall(r"[^\s,]+", field.get("ids", "")):
        record["merged_from"] = [key, *other_keys]  # biblatex's other names of an entry
    return record


def _first(field: dict[str, str], *names: str) -> str | None:
    return next((field[name] for name in names if field.get(name)), None)


def _date(field: dict[str, str]) -> str | None:
    year, month = field.get("year"), field.get("month", "")
    if year and month.strip().isascii() and month.strip().isdigit():
        return f"{year}-{int(month[:9]):02}"
    day = field.get("day", "") if month else ""
    return f"{day} {month} {year}".strip() if year else None


def _plain(name: str, value: str) -> str:
    if name in _VERBATIM:
        value = re.sub(r"^\\url\{(.*)\}$", r"\1", value.strip())
        return re.sub(r"\\([_%&#~$])", r"\1", value).replace("{", "").replace("}", "")
    if name == "pages":
        return re.sub(r" ?-{2,3} ?| ?[–—] ?", "-", " ".join(untexed(value).split()))
    return untexed(value)


def _authors(value: str | None) -> list[str | dict[str, Any]] | None:
    if not (value or "").strip():
        return None
    names = bibtexparser.middlewares.names.split_multiple_persons_names(value)
    return [person for name in names for person in _persons(name)]


def _persons(name: str) -> Sequence[str | dict[str, Any]]:
    """One name, a group if it is all in braces: `{Google Brain}`, not `{Ng, Ana and Li, Bo}`."""
    printed = untexed_name(name)
    listed = printed.split(" and ")
    if not _BRACED.fullmatch(name.strip()):
        return [printed]
    if all("," in part for part in listed):  # persons, for whom the braces are too many
        return listed
    return [{"name": printed, "family": printed, "group": True}]


BIBTEX = Reader(
    "BibTeX",
    (".bib", ".bibtex"),
    lambda source: leading_format(source.head) == "bibtex",
    _read,
)
