"""RIS as Zotero, EndNote, Scopus and others write it, and Web of Science's tagged format.

The file is cut into records so that one without its end or with a damaged first line is neither
lost nor joined to the next, and each knows its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from linkage.errors import Problem
from linkage.names.affiliations import is_like_address
from linkage.readers.source import Reader, Source, leading_format
from linkage.readers.tagged.foreign import own_lines
from linkage.records.cells import MONTHS, SAID_MISSING, date, doi, issn_isbn, linked_ids, text, year
from linkage.records.flat_authors import with_author_details
from linkage.records.format_fields import FIELDS, SAME, accession_ids, names
from linkage.text.dois import cut_dois

_TAGGED = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?$")
_LOOSELY_TAGGED = re.compile(r" {0,5}([A-Z][A-Z0-9]) {0,5}-(?: ?(.*))?$")
_WITHOUT_HYPHEN = re.compile(r" {0,3}([A-Z][A-Z0-9])(?: {2,}|\t)\s*(\S.*?)\s*$")
_RIS_START = re.compile(r" {0,3}(TY) {0,3}- ?([A-Z]{3,8})$")  # blanks too many or too few
_COUNTER = re.compile(r"\d+\.")  # rispy numbers the records
_WOS_START = re.compile(r" {0,2}PT[ \t]{0,3}([A-Z])\s*$")
_WOS_TAGGED = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|()$)")
_LISTS = {"AU", "A1", "A2", "A3", "A4", "ED", "KW", "UR", "LA"}
_PERSONS = {"AU", "A1", "A2", "A3", "A4", "ED"}
_PERSON = re.compile(r"[^\W\d_][^,\d]*(?:,[^,\d]+){1,2}")
_SHORT = {"TY", "ID", "PY", "Y1", "DA", "VL", "IS", "SP", "EP", "DO", "BP", "DI", "UT", "PT"}
_ONCE = {"ID", "TI", "PY", "VL", "SP", "EP", "UT", "PT"}
_WOS_ONCE = set("SO DI IS AB PD BP EP AR PM SN EI BN PU PI LA SE DT JI J9 DE ID".split())
_LONG = {"AB", "N1", "N2"}
_RIS_TAG_INSIDE = re.compile(r"[A-Z][A-Z0-9]  - ?\S")
_TAG_INSIDE = re.compile(r"[\s\d][A-Z][A-Z0-9](?:  -)? \S|  - ")
_TWO_NUMBERS = re.compile(rf"\d\s+-\s*\d|{_TAG_INSIDE.pattern}")  # 1951 - 70007
_DATES = {"PY", "Y1", "DA"}
_WOS_LISTS = {"AU", "AF", "BA", "BF", "CA", "GP", "BE", "CR", "RI", "OI"}
_Fields = dict[str, list[str]]

_WHOLE = {"BOOK", "EDBOOK", "THES", "RPRT"}  # what stands in nothing but a series
_RIS_LISTS = {"keywords", "notes", "files", "editors"}
_RIS_COLUMNS = [
    name for name in FIELDS if name not in {"pages", "url", "urls", "database", "accession"}
]
_RIS_USED = {"TY", "ID", "AU", "A1", "PY", "Y1", "DA", "SP", "EP", "SN", "AN", "DB", "UR"}
_READ_WHOLE = ("SP", "EP", "UR", "DB")  # read into a column, whatever the text
_RIS_TAGS = {tag for known in (*FIELDS.values(), *SAME) for tag in known.ris.split()} | _RIS_USED
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


class _Records:
    """The records of a file as they are cut out of it, and what is told on the way."""

    def __init__(
        self, source: Source, problems: list[Problem], first: str, lists: set[str]
    ) -> None:
        self.found: list[_Chunk] = []
        self.chunk: _Chunk | None = None  # the record that is not at its end yet
        self._source = source
        self._problems = problems
        self._first = first  # the tag that begins a record
        self._lists = lists
        self._tag = first
        self._early: _Chunk | None = None  # tagged lines before the first of their record
        self.over = False  # whether all lines were read
        self._outside = False  # whether lines outside of records were told since the last one

    def frame(self, record: Callable[[_Fields], dict[str, Any]]) -> pd.DataFrame:
        self.over = True
        self.end(closed=False)
        rows = [record(chunk.fields) for chunk in self.found]
        return pd.DataFrame(rows, index=[chunk.line for chunk in self.found], dtype=object)

    def begin(self, number: int, value: str) -> None:
        self.end(closed=False)
        line, fields = self._early or (number, {})
        self.chunk, self._tag = _Chunk(line, {self._first: [value]} | fields), self._first
        self._early = None

    def end(self, *, closed: bool) -> None:
        self._outside = False
        if self._early and (closed or self.over):
            tag, (cell, *_) = next(iter(self._early.fields.items()))
            found = repr(f"{tag}  - {cell}"[:40])
            self._tell(self._early.line, found, f"a {self._first} line", kept=False)
            self._early = None
        if self.chunk and not closed:
            self._tell(self.chunk.line, "no ER line", "one at the end")
        if self.chunk:
            self._note_run_together(self.chunk)
            self.found.append(self.chunk)
        self.chunk = None

    def add(self, number: int, line: str, field: tuple[str, str] | None, *, strange: bool) -> None:
        """Add a line: a field, what goes on with the one before it, or what is in no record."""
        if self.chunk is None and field and self._first == "TY":
            # some write TY among the other lines of its record
            self._early = self._early or _Chunk(number, {})
            self._early.fields.setdefault(field[0], []).append(field[1])
        elif self.chunk is None:
            if line.strip() and not self._outside:
                kept = field is None
                self._tell(number, repr(line.strip()[:40]), f"a {self._first} line before it", kept)
                self._outside = True
        elif field:
            self._tag = field[0]
            if (
                self._first == "TY"
                and field[0] in _PERSONS
                and is_like_address(field[1], named=True)
            ):
                found = f"{field[1][:40]!r} as {field[0]}"
                self._tell(number, found, "a person (it ends as an address does)")
            self.chunk.fields.setdefault(self._tag, []).append(field[1])
        elif near := self._without_hyphen(line):
            self._tell(number, repr(line.strip()[:40]), f"{near[1]}  - and a value")
            self._tag = near[1]
            self.chunk.fields.setdefault(self._tag, []).append(near[2])
        elif line.strip():
            if strange or self._is_no_person(line) or self._tag in _SHORT:
                self._tell(number, repr(line.strip()[:40]), "a tag before it")
            cells = self.chunk.fields[self._tag]
            if self._tag in self._lists and cells[-1]:
                cells.append(line.strip())
            else:
                cells[-1] = f"{cells[-1]} {line.strip()}".strip()

    def _is_no_person(self, line: str) -> bool:
        """Whether a line of RIS among persons, who may stand one a line, has no `Berg, Ada`.

        `Berlin, Germany` is doubtful.
        """
        listed = self._first == "TY" and self._tag in _PERSONS
        return listed and (not _PERSON.fullmatch(line.strip()) or is_like_address(line))

    def _without_hyphen(self, line: str) -> re.Match[str] | None:
        """A line of RIS that lacks but the hyphen after its tag; not in long texts."""
        match = _WITHOUT_HYPHEN.match(line) if self._first == "TY" else None
        return match if match and match[1] in _RIS_TAGS and self._tag not in _LONG else None

    def _note_run_together(self, chunk: _Chunk) -> None:
        """Tell a record that may be two, lines that may be two, and lists that don't fit."""
        full, short = len(chunk.fields.get("AF", [])), len(chunk.fields.get("AU", []))
        if self._first == "PT" and 0 < full < short:
            self._tell(chunk.line, f"{full} full names (AF) of {short} authors (AU)", "as many")
        dois = [one for cell in chunk.fields.get("DO", []) for one in cut_dois(cell)]
        if len(dois) > 1 and (different := len({*map(doi, dois)} - {None})) > 1:
            self._tell(chunk.line, f"{different} DOIs", "one")
        once = _ONCE if self._first == "TY" else _ONCE | _WOS_ONCE
        for tag, cells in chunk.fields.items():
            if tag in once and len(cells) > 1:
                self._tell(chunk.line, f"{tag} {len(cells)} times", "once")
            inside = _TAG_INSIDE if tag in _SHORT else _RIS_TAG_INSIDE
            inside = _TWO_NUMBERS if tag in _DATES else inside
            if tag not in _LONG and (joined := next(filter(inside.search, cells), None)):
                self._tell(chunk.line, f"{joined[:40]!r} as {tag}", "no other tag in it")

    def _tell(self, line: int, found: str, expected: str, kept: bool = True) -> None:
        where = f"line {line}"
        self._problems.append(Problem(self._source.name, where, found, expected, kept))


def _read_ris(source: Source, problems: list[Problem]) -> pd.DataFrame:
    """Records from TY to ER."""
    records, tagged = _Records(source, problems, "TY", _LISTS), _TAGGED
    lines = own_lines(_numbered_lines(source, problems), "RIS", source.name, problems)
    for number, line in lines:
        match = tagged.match(line.rstrip()) or _RIS_START.match(line.rstrip())
        tag, value = (match[1], match[2] or "") if match else ("", "")
        if tag == "TY":
            records.begin(number, value)
            # a damaged first line makes us read the others of its record as damaged, too
            tagged = _TAGGED if _TAGGED.match(line.rstrip()) else _LOOSELY_TAGGED
        elif tag == "ER":
            records.end(closed=True)
        elif records.chunk or not _COUNTER.fullmatch(line.strip()):
            strange = bool(_LOOSELY_TAGGED.match(line.rstrip()) or line.startswith("  - "))
            records.add(number, line, (tag, value) if match else None, strange=strange)
    return records.frame(_ris_record)


def _ris_record(fields: _Fields) -> dict[str, Any]:
    kind = _first(fields, ("TY",))
    left = {tag: [cell for cell in cells if cell.strip()] for tag, cells in fields.items()}
    left["DO"] = [number for cell in left.get("DO", []) for number in cut_dois(cell)]
    record: dict[str, Any] = {"title": None, "record_id": next(iter(left.get("ID", [])), None)}
    record |= {"type": kind, "native_type": kind}
    for column in _RIS_COLUMNS:
        tags = [tag for tag in names(column, "ris", kind) if left.get(tag)]
        if column == "venue" and kind in _WHOLE:
            tags = [tag for tag in tags if tag != "T3"]
        if column in _RIS_LISTS:
            record[column] = [cell for tag in tags for cell in left.pop(tag)] or None
        elif said := next((tag for tag in tags if text(left[tag][0])), None):
            record[column] = left[said].pop(0)
        elif column == "title" and tags:
            record[column] = left[tags[0]][0]  # told to be none, and carried
    if "language" in record:
        record["language"] = "; ".join([record["language"], *left.pop("LA", [])])
    authors = (cells for tag, cells in fields.items() if tag in ("AU", "A1"))  # as they come
    record["authors"] = [name for cells in authors for name in cells] or None
    record["year"] = _first(fields, ("PY", "Y1", "DA"))
    record["date"] = _most_exact(fields, ("DA", "Y1", "PY"), year(record["year"]))
    record["pages"] = _pages(_first(fields, ("SP",)), _first(fields, ("EP",)), fields.get("C7"))
    record |= _numbers(left) | _dates_as_printed(left, record)
    return _said(record | _carried(left))


def _carried(left: _Fields) -> dict[str, list[str]]:
    """The tags that no column was read from, and what a column can't hold: a last page `NA`."""
    missing = {t: [c for c in left.get(t, []) if c in SAID_MISSING] for t in _READ_WHOLE}
    for tag in ("SP", "EP"):  # a column holds one
        said = [cell for cell in left.get(tag, []) if cell not in SAID_MISSING]
        missing[tag] += [cell for cell in said[1:] if cell != said[0]]
    named = [cell for cell in left.get("DB", []) if cell not in SAID_MISSING]
    missing["DB"] += named[len(left.get("AN", [])) + 1 :]
    rest = {tag: cells for tag, cells in left.items() if tag not in _RIS_USED}
    return {f"ris:{tag}": cells for tag, cells in (missing | rest).items() if cells}


def _said(record: dict[str, Any]) -> dict[str, Any]:
    """The columns that say something, so that there is none of which no record has anything."""
    return {name: cell for name, cell in record.items() if cell or name == "title"}


def _dates_as_printed(left: _Fields, record: dict[str, Any]) -> dict[str, Any]:
    """What date and year can't hold: `2005///Winter`, `Sep-Oct`, `in press`, another year."""
    known = (record["date"] or "")[:4]

    def is_whole(cell: str) -> bool:
        read = date(cell) or ""
        return read[:4] in (known, "--" + read[2:4]) and not _says_more(cell, read)

    tags = ("DA", "PY", "Y1")
    return {f"ris:{tag}": [c for c in left.get(tag, []) if not is_whole(c)] for tag in tags}


def _says_more(printed: str, read: str) -> bool:
    """Whether there are words or numbers beside the year, month and day that were read."""
    words = re.findall(r"[^\W\d_]+", printed.replace("undefined", "").lower())
    numbers = [number for number in re.findall(r"\d+", printed) if number.strip("0")]
    parts = len(re.findall(r"\d+", read))
    return not MONTHS.keys() >= set(words) or len(numbers) + len(words) > parts


def _numbers(left: _Fields) -> dict[str, Any]:
    """Addresses, identifiers and record numbers."""
    databases, numbers, addresses = (
        [cell for cell in left.get(tag, []) if cell not in SAID_MISSING]
        for tag in ("DB", "AN", "UR")
    )
    accession = dict(zip([*databases, *[""] * len(numbers)], numbers, strict=False))
    ids = {"issn_isbn": " ; ".join(left.get("SN", []))}
    ids |= accession_ids(accession, " ".join([*databases, *left.get("DP", [])]))
    if match := re.search(r"\bPMC\d+", " ".join(left.get("C2", []))):
        ids["pmcid"] = match[0]
        left["C2"] = [cell for cell in left["C2"] if cell.strip() != match[0]]
    addresses = list(dict.fromkeys(addresses))
    return {
        "ids": linked_ids(*addresses[1:]) | ids,
        "url": addresses[0] if addresses else None,
        "urls": addresses[1:] or None,
        "accession": accession or None,
        "ris:AN": [number for number in left.get("AN", []) if number not in accession.values()],
        "database": databases[len(numbers) if len(databases) > len(numbers) else 0]
        if databases
        else None,
        "ris:SN": left["SN"] if left.get("SN") and not issn_isbn(ids["issn_isbn"]) else None,
    }


def _read_wos(source: Source, problems: list[Problem]) -> pd.DataFrame:
    """Records from PT to ER."""
    records = _Records(source, problems, "PT", _WOS_LISTS)
    for number, line in _numbered_lines(source, problems):
        match = _WOS_TAGGED.match(line)
        tag, value = (match[1], (match[2] or "").strip()) if match else ("", "")
        if start := _WOS_START.match(line):
            records.begin(number, start[1])
        elif tag in ("ER", "EF"):
            records.end(closed=True)
        elif records.chunk or tag not in ("FN", "VR"):
            strange = not line.startswith("   ")
            records.add(number, line, (tag, value) if match else None, strange=strange)
    return with_author_details(records.frame(_wos_record))


def _wos_record(fields: _Fields) -> dict[str, Any]:
    record: dict[str, Any] = {name: _first(fields, tags) for name, tags in _WOS_TAGS.items()}
    authors = fields.get("AU", []) if _lacks_full_names(fields) else fields.get("AF") or []
    record["authors"] = [*authors, *({"name": n, "group": True} for n in fields.get("CA", []))]
    record["authors"] = record["authors"] or None
    record["date"] = " ".join(filter(None, (_first(fields, ("PD",)), record["year"]))) or None
    record["pages"] = _pages(_first(fields, ("BP",)), _first(fields, ("EP",)), fields.get("AR"))
    serials = " ; ".join(_first(fields, (tag,)) or "" for tag in ("SN", "EI", "BN"))
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
    used -= {"AF"} if _lacks_full_names(fields) else set()
    return _said(record | {f"wos:{tag}": cells for tag, cells in fields.items() if tag not in used})


def _lacks_full_names(fields: _Fields) -> bool:
    return len(fields.get("AF", [])) < len(fields.get("AU", []))


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
    start = " ".join((start or "").split())
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
