"""Records as BibTeX, in UTF-8: what BibTeX and biblatex read, and our own reader as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, Any

import bibtexparser
import pandas as pd
from bibtexparser.model import Entry, Field

from linkage.records.cells import from_json, is_missing, text
from linkage.records.schema import RECORD_COLUMNS

# Special characters. Braces would have to be balanced even after a backslash.
_SPECIAL = str.maketrans(
    {c: f"\\{c}" for c in "$&#_%"}
    | {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)
_LIGATURE = re.compile("(?<=')(?=')|(?<=[`!?])(?=`)")  # TeX would make one character of two
_LINK_ESCAPED = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
_WORD = re.compile(r"([^\W_]+)")
_TYPES = {"abstract": "inproceedings", "preprint": "unpublished", "thesis": "phdthesis"}
_IN_BOOKS = ("inproceedings", "incollection", "abstract")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OURS = {*RECORD_COLUMNS, "merged_from", "author", "crossref"}
_MONTH_DAY = re.compile(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?")
_FIELD_NAME = re.compile("[a-z][a-z0-9_-]*")
_KEY_BREAKING = re.compile(r"[\s,{}\"#%'()=~\\]+")


def write_bibtex(records: pd.DataFrame, stream: IO[bytes]) -> None:
    """Write conformed records as entries, each under its record_id where BibTeX can take it.

    The ids in `merged_from` become other names of the entry (biblatex's field `ids`). Other
    columns are written as fields if their name is one word. Not written: references, file of
    origin, and of authors what BibTeX has no place for (affiliation, ORCID, homonym number).
    """
    library = bibtexparser.Library()
    keys: set[str] = set()
    rows: list[dict[str, Any]] = records.to_dict("records")  # type: ignore[assignment]
    for row in rows:
        key = _free_key(citation_key(row["record_id"]), keys)
        keys.add(key)
        library.add(_entry(row, key))
    stream.write(
        bibtexparser.write_string(library, unparse_stack=[])
        .encode("utf-8", "replace")
        .replace(b"\0", b"")
    )


def _entry(row: Mapping[str, Any], key: str) -> Any:
    kind = row["type"] or "misc"
    values = {name: value for name, value in _fields(row, key).items() if value}
    others = {name: value for name, value in _others(row).items() if value and name not in values}
    fields = [Field(*field) for field in (values | others).items()]
    return Entry(_TYPES.get(kind, kind), key, fields)


def citation_key(record_id: str) -> str:
    """The record id without what would end a citation key: `Li, 2020 {a}` gives `Li_2020_a`."""
    return _KEY_BREAKING.sub("_", record_id).strip("_") or "record"


def _free_key(key: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}_{number}"
    return free


def _fields(row: Mapping[str, Any], key: str) -> dict[str, str]:
    """Field name -> value as it stands in the file, delimiters included; empty: not known."""
    ids = dict(row["ids"] or {})
    plain = {name: text(row[name]) or "" for name in ("volume", "number", "abstract")}
    venue = {"booktitle" if row["type"] in _IN_BOOKS else "journal": text(row["venue"]) or ""}
    links = {name: text(row[name]) or "" for name in ("doi", "url")}
    links |= {"eprint": ids.pop("arxiv", "")}
    links |= {name: ids[name] for name in ids if _FIELD_NAME.fullmatch(name)}
    return {
        "author": _braced(_names(row)),
        "title": _braced(_title(text(row["title"]) or "")),
        **{name: _braced(_escaped(value)) for name, value in (venue | plain).items()},
        "pages": _braced(_escaped(re.sub(r" ?[-–—]+ ?", "--", text(row["pages"]) or ""))),
        **_date(row),
        **{name: _braced(value.translate(_LINK_ESCAPED)) for name, value in links.items()},
        "archiveprefix": _braced("arXiv" if links["eprint"] else ""),
        "entrysubtype": _braced("abstract" if row["type"] == "abstract" else ""),
        "ids": _braced(", ".join(_other_keys(row, key))),
    }


def _braced(value: str) -> str:
    return f"{{{value}}}" if value else ""


def _escaped(value: str) -> str:
    return _LIGATURE.sub("{}", value.translate(_SPECIAL))


def _title(title: str) -> str:
    """The title escaped, with braces around words whose capitals mean something: DNA, iPhone."""
    if title.isupper():
        return _escaped(title)
    return "".join(map(_kept, _WORD.split(title)))


def _kept(part: str) -> str:
    """A word, in braces where a style must not set it in lower case; or what is between words."""
    if any(map(str.isupper, part[1:])):
        return _braced(part)
    return _escaped(part)


def _date(row: Mapping[str, Any]) -> dict[str, str]:
    year, month, day = date_parts(row)
    return {
        "year": _braced(year),
        "month": _MONTHS[int(month) - 1] if month else "",
        "day": _braced(day),
    }


def date_parts(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Year, month and day as digits, empty where not known; those of another year are not."""
    if is_missing(row["year"]):
        return "", "", ""
    year = f"{int(row['year']):04}"
    found = _MONTH_DAY.fullmatch(text(row["date"]) or "")
    if not found or found[1] not in (year, "-"):
        return year, "", ""
    return year, found[2], found[3] or ""


def _names(row: Mapping[str, Any]) -> str:
    names = [_name(author) for author in row["authors"] or []]
    return " and ".join([*names, "others"] if row["authors_truncated"] else names)


def _name(author: Mapping[str, Any]) -> str:
    """`particle Family, Suffix, Given`; a group, or a name that can't be taken apart, in braces."""
    family = author.get("family") or author["name"]
    whole = author.get("group") or ("given" not in author and " " in family)
    if whole or family == "others":
        return _braced(_escaped(author["name"]))
    last = " ".join(filter(None, (author.get("particle"), family)))
    return ", ".join(_part(p) for p in (last, author.get("suffix"), author.get("given")) if p)


def _part(words: str) -> str:
    escaped = _escaped(words)
    return _braced(escaped) if "," in words or " and " in f" {words} " else escaped


def _other_keys(row: Mapping[str, Any], key: str) -> list[str]:
    merged = from_json(row.get("merged_from"))
    keys = map(citation_key, map(str, merged)) if isinstance(merged, list) else []
    return [other for other in dict.fromkeys(keys) if other != key]


def _others(row: Mapping[str, Any]) -> dict[str, str]:
    """The columns that are none of ours, as a reader of BibTeX carried them through."""
    found: dict[str, str] = {}
    for name, cell in row.items():
        field = str(name).lower()
        if field not in _OURS and _FIELD_NAME.fullmatch(field):
            found.setdefault(field, _braced(_escaped(text(cell) or "")))
    return found
