"""The JSON of reflib, which the tools of the systematic review accelerator exchange."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linkage.errors import Problem
from linkage.readers.json.json_works import Work, carried, names_in, work_rows
from linkage.readers.people import people, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml.endnote_xml import (
    endnote_date,
    endnote_person,
    is_pmcid,
    pmcid_in,
    pmid_of,
    range_of_dates,
)
from linkage.records.cells import trials

_SAME = ("title", "volume", "number", "pages", "doi", "abstract", "year", "edition", "language")
_USED = frozenset(
    {*_SAME, "recNumber", "type", "authors", "editors", "journal", "isbn", "accessionNum", "notes"}
    | {"keywords", "urls", "date", "publisher", "city", "databaseProvider", "databaseName"}
)
_ENDNOTE = {"address": "auth-address", **{f"custom{n}": f"custom{n}" for n in range(1, 9)}}
_LINES = re.compile(r"\s*[\r\n]+\s*")


def _is_reflib(source: Source) -> bool:
    return "recNumber" in names_in(source, ("[",))


def _is_work(item: Work) -> bool:
    return "title" in item or "authors" in item


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    return work_rows(source, problems, _is_work, _record)


def _record(item: Work) -> dict[str, Any]:
    links, keywords = item.get("urls") or [], item.get("keywords") or []
    provider = item.get("databaseProvider") or item.get("databaseName") or ""
    accession = item.get("accessionNum")
    numbers = " ".join(str(item.get(f"custom{n}") or "") for n in range(1, 8))
    return (
        {name: item.get(name) for name in _SAME}
        | {
            "record_id": item.get("recNumber"),
            "type": item.get("type"),
            "native_type": item.get("type"),
            "authors": people(endnote_person(name) for name in item.get("authors") or []),
            "editors": people(endnote_person(name) for name in item.get("editors") or []),
            "date": endnote_date(item.get("year"), item.get("date")),
            "endnote:date": range_of_dates(item.get("year"), item.get("date")),
            "venue": item.get("journal"),
            "ids": serials(item.get("isbn"))
            | pmid_of(accession, provider)
            | pmcid_in(numbers)
            | trials(accession),
            "keywords": [word for text in keywords for word in _LINES.split(text) if word],
            "notes": [item["notes"]] if item.get("notes") else None,
            "url": links[0] if links else None,
            "urls": links[1:],
            "publisher": item.get("publisher"),
            "place": item.get("city"),
            "database": item.get("databaseName"),
            "accession": {item.get("databaseName") or "": accession} if accession else None,
        }
        | carried(item, "reflib", _USED | _ENDNOTE.keys())
        | _endnote_fields(item)
    )


def _endnote_fields(item: Work) -> dict[str, str]:
    """What EndNote's XML has under another name; lines as there."""
    found = {_ENDNOTE[name]: text for name, text in item.items() if name in _ENDNOTE and text}
    joined = {name: "; ".join(_LINES.split(str(text).strip())) for name, text in found.items()}
    return {f"endnote:{name}": t for name, t in joined.items() if not is_pmcid(name, t)}


REFLIB_JSON = streamed("reflib's JSON", (".json",), _is_reflib, _rows, place="item")
