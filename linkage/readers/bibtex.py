"""BibTeX and BibLaTeX, cut into entries by bibtexparser, with TeX turned into Unicode."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import bibtexparser
import pandas as pd
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock

from linkage.errors import Problem
from linkage.names.braces import split_at_and
from linkage.names.groups import is_person_in_braces
from linkage.readers.source import Reader, Source
from linkage.text.tex import quiet, untexed

_ENTRY = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
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
    with quiet("bibtexparser.splitter", "bibtexparser.library"):
        # no middleware: it knows neither concatenation ("Proc. " # STOC) nor line numbers
        library = bibtexparser.parse_string(source.text(problems).lstrip("\ufeff"), parse_stack=[])
    strings = _strings(library)
    entries = {entry.start_line + 1: entry for entry in _entries(library, source, problems)}
    fields = {line: _fields(entry, strings) for line, entry in entries.items()}
    _inherit(entries, fields, source, problems)
    rows = [_record(entry.entry_type, entry.key, fields[line]) for line, entry in entries.items()]
    return pd.DataFrame(rows, index=list(entries), dtype=object)


def _entries(library: Any, source: Source, problems: list[Problem]) -> list[Any]:
    """The entries in file order, those with a repeated key or field included."""
    found = list(library.entries)
    for block in library.failed_blocks:
        where = f"line {block.start_line + 1}"
        if isinstance(block, DuplicateBlockKeyBlock) and hasattr(block.ignore_error_block, "key"):
            found.append(block.ignore_error_block)  # the repeated key is reported with the ids
        elif isinstance(block, DuplicateFieldKeyBlock):
            found.append(block.ignore_error_block)
            repeated = ", ".join(sorted(block.duplicate_keys))
            problems.append(
                Problem(source.name, where, f"the field {repeated} twice", "it once", kept=True)
            )
        else:
            start = block.raw.strip().splitlines()[0][:60]
            problems.append(Problem(source.name, where, repr(start), "a complete BibTeX entry"))
    return sorted((e for e in found if hasattr(e, "entry_type")), key=lambda e: e.start_line)


def _strings(library: Any) -> dict[str, str]:
    strings = {month: month for month in _MONTHS}
    for block in library.strings:
        strings[block.key.lower()] = _value(block.value, strings)
    return strings


def _fields(entry: Any, strings: dict[str, str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for field in entry.fields:
        fields.setdefault(field.key.lower(), _value(field.value, strings))
    return fields


def _value(raw: str, strings: dict[str, str]) -> str:
    """Resolve `{...}`, `"..."`, numbers, names of @strings and their concatenation with #."""
    return "".join(
        part[1:-1] if part[:1] in '{"' else strings.get(part.lower(), part) for part in _parts(raw)
    )


def _parts(raw: str) -> list[str]:
    parts, depth, quoted, start = [], 0, False, 0
    for index, char in enumerate(raw):
        if char == '"' and not depth:
            quoted = not quoted
        elif char in "{}" and raw[index - 1 : index] != "\\":
            depth += 1 if char == "{" else -1
        elif char == "#" and not depth and not quoted:
            parts.append(raw[start:index].strip())
            start = index + 1
    return [*parts, raw[start:].strip()]


def _inherit(
    entries: dict[int, Any],
    fields: dict[int, dict[str, str]],
    source: Source,
    problems: list[Problem],
) -> None:
    """Give an entry what it lacks of the one it names in `crossref` (title as `booktitle`)."""
    by_key = {entry.key.lower(): fields[line] for line, entry in entries.items()}
    for line, own in fields.items():
        if "crossref" not in own:
            continue
        parent = by_key.get(own["crossref"].lower())
        if parent is None:
            found = f"a crossref to {own['crossref']!r}"
            problems.append(
                Problem(source.name, f"line {line}", found, "an entry of that key", kept=True)
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
        "title_tex": _title_tex(raw),
        "authors": _authors(raw.get("author") or ""),
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


def _title_tex(raw: dict[str, str]) -> str | None:
    """The title as it came, where its TeX says more (formulas, protected capitals) than text."""
    title = " ".join(raw.get("title", "").split())
    return title if title != untexed(title) and not raw.get("subtitle") else None


def _first(field: dict[str, str], *names: str) -> str | None:
    return next((field[name] for name in names if field.get(name)), None)


def _date(field: dict[str, str]) -> str | None:
    year, month = field.get("year"), field.get("month", "")
    if year and month.strip().isdigit():
        return f"{year}-{int(month):02}"
    day = field.get("day", "") if month else ""
    return f"{day} {month} {year}".strip() if year else None


def _plain(name: str, value: str) -> str:
    if name in _VERBATIM:
        value = re.sub(r"^\\url\{(.*)\}$", r"\1", value.strip())
        return re.sub(r"(?<!\\)\\+([_%&#~$])", r"\1", value).replace("{", "").replace("}", "")
    if name == "pages":
        return re.sub(r"\s*-{2,3}\s*|\s*[–—]\s*", "-", untexed(value))
    return untexed(value)


def _authors(value: str) -> list[str | dict[str, Any]] | None:
    if not value.strip():
        return None
    # cut before TeX is read: what braces hold is one name, and accents may begin a name
    return [person for name in split_at_and(value) for person in _persons(name)]


def _persons(name: str) -> Sequence[str | dict[str, Any]]:
    """One name, a group if it is all in braces: `{Google Brain}`, not `{Ng, Ana and Li, Bo}`."""
    printed = " ".join(untexed(name).split())
    listed = printed.split(" and ")
    if not _BRACED.fullmatch(name) or is_person_in_braces(printed):
        return [printed]
    if all("," in part for part in listed):  # persons, for whom the braces are too many
        return listed
    return [{"name": printed, "family": printed, "group": True}]


BIBTEX = Reader(
    "BibTeX", (".bib", ".bibtex"), lambda source: bool(_ENTRY.search(source.head)), _read
)
