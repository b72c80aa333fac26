"""EndNote's tagged format and the older refer (`.enw`): a line `%A Name` for each field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linkage.errors import Problem
from linkage.readers.json.json_works import row
from linkage.readers.people import no_serials, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.tagged.tagged_lines import Tagged, tagged_records
from linkage.readers.xml.endnote_xml import (
    endnote_date,
    endnote_people,
    pmid_of,
    range_of_dates,
    said_in_words,
)
from linkage.records.cells import trials

# a letter is a tag without the blank behind it, too
_TAG = re.compile(r"\s{0,3}%(?=[0A-Z]|\S(?:\s|$))([0-9A-Z@!$&()*+^<>~\[\]=?#|\\])\s?(.*)$")
_NO_TAG = re.compile(r"\s*%")
_SHORT = "0DVNPR78@"  # values that take one line
_ONCE = "0TBJDVNPRXIC7SGF"  # of which we keep one value
_RUN_ON = re.compile(r"%[0A-Z] ?\w")
_LOOKS = re.compile(r"\A(?:[^%@{}\n]*\n){0,20}\s*%[0A-Z] ?\S[\s\S]*^%[TAJB] ", re.MULTILINE)
_USED = frozenset("0ATJBVNPDRX8UEICGK@7SZ~MF>")
_WHOLE = frozenset("AEKZ@>")  # kept whatever is said
_ENDNOTE = {  # what EndNote's XML calls these
    "+": "auth-address",
    "W": "remote-database-provider",
    "!": "short-title",
    "9": "work-type",
    "[": "access-date",
    "&": "section",
    "L": "call-num",
    "6": "num-vols",
    "Y": "tertiary-authors",
    "?": "subsidiary-authors",
    "Q": "translated-title",
    "(": "orig-pub",
    ")": "reprint-edition",
    "*": "reviewed-item",
    "<": "research-notes",
    "^": "caption",
    **{str(number): f"custom{number}" for number in range(1, 6)},
    "#": "custom6",
    "$": "custom7",
}


def _is_refer(source: Source) -> bool:
    head = source.head.lstrip("\ufeff \t\r\n").replace("\r", "\n")
    return head.startswith("%") and bool(_LOOKS.search(head))


def _starts(tag: str, fields: list[tuple[str, str]], blank: bool) -> bool:
    return tag == "0" or (blank and any(name in "TA" for name, _ in fields))


def _damaged(tag: str, line: str) -> bool:
    """Whether a line goes on with the field before because its own tag is damaged."""
    return tag in _SHORT or _NO_TAG.match(line) is not None


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    typed = False
    for tagged in tagged_records(source, problems, _TAG, _starts, _damaged, "refer", "K"):
        if typed and not tagged.first("0"):
            where, found = f"line {tagged.line}", "a record without %0 after a blank line"
            problems.append(Problem(source.name, where, found, "%0 and a type first", kept=True))
        for twice in (tag for tag in _ONCE if len(tagged.all(tag)) > 1):
            found, expected = f"%{twice} twice in one record", "once (%0 begins a record)"
            problems.append(Problem(source.name, f"line {tagged.line}", found, expected, kept=True))
        if run := next(
            (v for tag, v in tagged.fields if tag not in "XZ" and _RUN_ON.search(v)), ""
        ):
            found, expected = f"two tags in a line: {run[:40]!r}", "one"
            problems.append(Problem(source.name, f"line {tagged.line}", found, expected, kept=True))
        typed = typed or tagged.first("0") is not None
        yield row(tagged.line, _record(tagged))


def _record(tagged: Tagged) -> dict[str, Any]:
    first, every = tagged.first, tagged.all
    accession, provider = first("M"), " ".join(every("~", "W"))
    links = every("U")
    return {
        "record_id": first("F"),
        "type": first("0") or ("article" if first("J") else None),
        "native_type": first("0"),
        "title": first("T", "B"),
        "authors": endnote_people(every("A")),
        "editors": endnote_people(every("E")),
        "year": first("D"),
        "date": endnote_date(first("D"), first("8")),
        "endnote:year": said_in_words(first("D")),
        "endnote:date": range_of_dates(first("D"), first("8")),
        "venue": first("J", "B") if first("T") else first("J"),
        "volume": first("V"),
        "number": first("N"),
        "pages": first("P"),
        "doi": first("R"),
        "ids": serials(*every("@")) | pmid_of(accession, provider) | trials(accession),
        "abstract": first("X"),
        "url": links[0] if links else None,
        "urls": links[1:],
        "files": every(">"),
        "publisher": first("I"),
        "place": first("C"),
        "edition": first("7"),
        "series": first("S"),
        "language": first("G"),
        "keywords": [word for text in every("K") for word in re.split(r"\s*;\s*", text) if word],
        "notes": every("Z"),
        "database": first("~"),
        "accession": {first("~") or "": accession} if accession else None,
        "refer:@": no_serials(every("@")),
    } | _others(tagged)


def _others(tagged: Tagged) -> dict[str, str | list[str]]:
    found = tagged.others("refer", _USED, _WHOLE, "U")
    endnote = {f"refer:{tag}": f"endnote:{name}" for tag, name in _ENDNOTE.items()}
    return {endnote.get(name, name): cells for name, cells in found.items()}


REFER = streamed("EndNote's tagged format (refer)", (".enw", ".enl", ".refer"), _is_refer, _rows)
