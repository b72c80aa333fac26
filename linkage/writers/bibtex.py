"""Records as BibTeX, in UTF-8: what BibTeX and biblatex read, and our own reader as it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import IO, Any

import bibtexparser
import pandas as pd
from bibtexparser.model import Entry, Field

from linkage.names.words import is_generation
from linkage.records.cells import arxiv, from_json, is_missing, text
from linkage.records.entry_types import entry_type
from linkage.records.format_fields import carried_fields, free_name, said
from linkage.records.library_columns import NORMALISED, is_carried
from linkage.records.schema import RECORD_COLUMNS
from linkage.text.tex import untexed
from linkage.writers.characters import legal

# Special characters. Braces would have to be balanced even after a backslash.
_SPECIAL = str.maketrans(
    {c: f"\\{c}" for c in "$&#_%"}
    | {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)
_LIGATURE = re.compile("(?<=')(?=')|(?<=[`!?])(?=`)")  # TeX would make one character of two
_LINK_ESCAPED = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
_WORD = re.compile(r"([^\W_]+)")
_LISTS = ("keywords", "groups", "files", "urls", "notes")
_TEXTS = ("volume", "number", "abstract", "series", "edition", "publisher", "place", "language")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OURS = {*RECORD_COLUMNS, *NORMALISED, "merged_from", "origins", "author", "crossref", "title_tex"}
_NAME_PARTS = ("family", "given", "particle", "suffix", "homonym")
_MONTH_DAY = re.compile(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?")
_FIELD_NAME = re.compile("[a-z][a-z0-9_-]*")
_CARRIED_NAME = re.compile(r"[^\s=,{}\"#%()@]+")  # __markedentry, dc:type
_KEY_BREAKING = re.compile(r"[\s,{}\"#%'()=~\\]+")


def write_bibtex(records: pd.DataFrame, stream: IO[bytes]) -> None:
    """Write conformed records as entries, each under its record_id where BibTeX can take it.

    The ids in `merged_from` become other names of the entry (biblatex's field `ids`). What BibTeX
    has no field for (further addresses, record numbers of databases) stands in fields of our own,
    which BibTeX passes over, and so do other columns if their name is one word. Not written:
    references, file of origin, fields of other formats, and what is known of an author beside the
    name.
    """
    library = bibtexparser.Library()
    keys: set[str] = set()
    rows: list[dict[str, Any]] = records.to_dict("records")  # type: ignore[assignment]
    for row in rows:
        key = _free_key(citation_key(row["record_id"]), keys)
        keys.add(key)
        library.add(_entry(row, key))
    written = bibtexparser.write_string(library, unparse_stack=[])
    stream.write(legal(written).encode("utf-8", "replace"))


def _entry(row: Mapping[str, Any], key: str) -> Any:
    kind = entry_type(row, "bibtex")
    values = {name: value for name, value in _fields(row, key, kind).items() if value}
    carried = carried_fields(row, "bibtex")
    for name, cells in (carried | _others(row)).items():
        joined = "; ".join(filter(None, map(said, cells)))
        fits = (_CARRIED_NAME if name in carried else _FIELD_NAME).fullmatch(name)
        if name not in values and fits and joined:
            values[name] = _braced(_escaped(joined))
    return Entry(kind, key, [Field(*field) for field in values.items()])


def citation_key(record_id: str) -> str:
    """The record id without what would end a citation key: `Li, 2020 {a}` gives `Li_2020_a`."""
    return _KEY_BREAKING.sub("_", record_id).strip("_") or "record"


def _free_key(key: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}_{number}"
    return free


def _fields(row: Mapping[str, Any], key: str, kind: str) -> dict[str, str]:
    """Field name -> value as it stands in the file, delimiters included; empty: not known."""
    carried = carried_fields(row, "bibtex")

    def name(column: str) -> str:
        return free_name(column, "bibtex", row, kind)

    pages = _escaped(re.sub(r" ?[-–—]+ ?", "--", text(row["pages"]) or ""))
    return {
        "author": _braced(_people(row["authors"], bool(row["authors_truncated"]))),
        "editor": _braced(_people(row.get("editors"))),
        "title": _braced(_title_tex(row) or _title(text(row["title"]) or "")),
        name("venue"): _braced(_escaped(text(row["venue"]) or "")),
        **{name(column): _braced(_escaped(text(row.get(column)) or "")) for column in _TEXTS},
        "pages": _braced(pages if carried.get("eid") != [text(row["pages"])] else ""),
        **_date(row),
        **_links(row),
        **{name(column): _braced(_joined(column, row.get(column) or [])) for column in _LISTS},
        "entrysubtype": _braced("abstract" if row["type"] == "abstract" else ""),
        "database": _braced(_escaped(text(row.get("database")) or "")),
        "accession": _braced(_escaped(_accession(row.get("accession") or {}))),
        "ids": _braced(", ".join(_other_keys(row, key))),
    }


def _links(row: Mapping[str, Any]) -> dict[str, str]:
    """Identifiers and the address, which are printed as they stand."""
    ids = dict(row["ids"] or {})
    links = {name: text(row[name]) or "" for name in ("doi", "url")}
    links |= {"eprint": _eprint(row, ids.pop("arxiv", ""))}
    links |= {"archiveprefix": "arXiv" if links["eprint"] else ""}
    links |= {name: ids[name] for name in sorted(ids) if _FIELD_NAME.fullmatch(name)}
    return {name: _braced(value.translate(_LINK_ESCAPED)) for name, value in links.items()}


def _eprint(row: Mapping[str, Any], number: str) -> str:
    """The number that arXiv gave, as a BibTeX file printed it (with a version, say)."""
    printed = _as_printed(row, "eprint")
    return printed if number and arxiv(printed) == number else number


def _as_printed(row: Mapping[str, Any], field: str) -> str:
    """What a BibTeX file had in a field; empty where there is nothing or merging united several."""
    cell = row.get(f"bibtex:{field}")
    return text(cell) or "" if isinstance(cell, str) else ""


def _joined(column: str, parts: list[str]) -> str:
    """Several values in one field: one that holds what parts them stands in braces."""
    if column == "files":
        return ";".join(map(_file, parts))
    if column == "urls":
        return " ".join(part.translate(_LINK_ESCAPED).replace(" ", "%20") for part in parts)
    if column == "notes":
        return "; ".join(map(_escaped, parts))
    parting = "[,;]" if len(parts) == 1 else r";|,\s|,$"
    return ", ".join(_braced(_escaped(p)) if re.search(parting, p) else _escaped(p) for p in parts)


def _file(printed: str) -> str:
    """An attachment as printed, but for what would end the field or be read as an escape."""
    safe = printed.replace("{", "%7B").replace("}", "%7D")
    return re.sub(r"(?<!\\);", r"\;", re.sub(r"\\(?=[_%&#~$]|$)", "%5C", safe))


def _accession(numbers: Mapping[str, str]) -> str:
    return "; ".join(f"{base}: {number}" if base else number for base, number in numbers.items())


def _braced(value: str) -> str:
    return f"{{{value}}}" if value else ""


def _escaped(value: str) -> str:
    return _LIGATURE.sub("{}", value.translate(_SPECIAL))


def _title(title: str) -> str:
    """The title escaped, with braces around words whose capitals mean something: DNA, iPhone."""
    if title.isupper():
        return _escaped(title)
    return "".join(map(_kept, _WORD.split(title)))


def _title_tex(row: Mapping[str, Any]) -> str | None:
    """The title as a BibTeX file had it, if it still says the title and its braces are closed."""
    tex = text(row.get("title_tex"))
    if not tex or not _is_closed(tex) or text(untexed(tex)) != text(row["title"]):
        return None
    return tex


def _is_closed(tex: str) -> bool:
    depth = 0
    for brace in re.findall("[{}]", tex):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0 and not tex.endswith("\\")


def _kept(part: str) -> str:
    """A word, in braces where a style must not set it in lower case; or what is between words."""
    if any(map(str.isupper, part[1:])):
        return _braced(part)
    return _escaped(part)


def _date(row: Mapping[str, Any]) -> dict[str, str]:
    year, month, day = date_parts(row)
    printed = _as_printed(row, "year")
    return {
        "year": _braced(_escaped(printed) if year and year in printed else year),
        "month": _MONTHS[int(month) - 1] if month else "",
        "day": _braced(day.lstrip("0")),
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


def _people(authors: list[dict[str, Any]] | None, truncated: bool = False) -> str:
    names = [_name(author) for author in authors or []]
    return " and ".join([*names, "others"] if truncated else names)


def _name(author: Mapping[str, Any]) -> str:
    """`particle Family, Suffix, Given`; a group, or a name that can't be taken apart, in braces."""
    family = author.get("family") or author["name"]
    whole = author.get("group") or ("given" not in author and " " in family)
    if whole or family == "others":
        return _braced(_escaped(author["name"]))
    if not says_all(author):
        return ", ".join(_part(part) for part in author["name"].split(", ", 1))
    return ", ".join(_part(p) for p in (*family_and_suffix(author), author.get("given")) if p)


def says_all(author: Mapping[str, Any]) -> bool:
    """Whether the parts of a name hold all its letters; a degree (`Moss, LLB`) is in none."""
    parts = "".join(str(author.get(part) or "") for part in _NAME_PARTS)
    printed = Counter(filter(str.isalpha, author["name"].casefold()))
    return not printed - Counter(filter(str.isalpha, parts.casefold()))


def family_and_suffix(author: Mapping[str, Any]) -> tuple[str, str | None]:
    """Particle and family name, with Filho, Neto and the like as part of it; any other suffix."""
    suffix = author.get("suffix")
    family = [author.get("particle"), author.get("family")]
    if suffix and is_generation(suffix):
        family, suffix = [*family, suffix], None
    return " ".join(filter(None, family)), suffix


def _part(words: str) -> str:
    escaped = _escaped(words)
    return _braced(escaped) if "," in words or " and " in f" {words} " else escaped


def _other_keys(row: Mapping[str, Any], key: str) -> list[str]:
    merged = from_json(row.get("merged_from"))
    keys = map(citation_key, map(str, merged)) if isinstance(merged, list) else []
    return [other for other in dict.fromkeys(keys) if other != key]


def _others(row: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The user's own columns, by their names in lower case."""
    own = {str(name).lower(): cell for name, cell in row.items() if not is_carried(name)}
    return {
        name: cell if isinstance(cell, list) else [cell]
        for name, cell in own.items()
        if name not in _OURS
    }
