"""arXiv: the answers of its API (Atom), and the JSON lines of its metadata snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from linkage.errors import Problem
from linkage.readers.json.json_works import Work, carried, names_in, row, work_rows
from linkage.readers.people import Person, people, person
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml.xml_records import at, elements, every, xml_with

_USED = frozenset(
    "id title authors authors_parsed journal-ref doi abstract categories update_date comments"
    " versions".split()
)
_ATOM = re.compile(r"<entry>[\s\S]*?arxiv\.org/abs/")


def _is_snapshot(source: Source) -> bool:
    return "authors_parsed" in names_in(source)


def _is_work(item: Work) -> bool:
    return isinstance(item.get("title"), str) and "id" in item


def _snapshot_rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    return work_rows(source, problems, _is_work, _from_snapshot)


def _from_snapshot(item: Work) -> dict[str, Any]:
    versions = item.get("versions") or []
    first = versions[0].get("created") if versions and isinstance(versions[0], dict) else None
    parsed = item.get("authors_parsed") or []
    date = _day(first) or item.get("update_date")
    return (
        _record(item["id"], date)
        | {
            "title": item["title"],
            "authors": people(map(_parsed, parsed)) or item.get("authors"),
            "abstract": item.get("abstract"),
            "doi": item.get("doi"),
            "notes": [item["comments"]] if item.get("comments") else None,
            "keywords": (item.get("categories") or "").split(),
            "arxiv:journal-ref": item.get("journal-ref"),
            "arxiv:update_date": item.get("update_date"),
        }
        | carried(item, "arxiv", _USED - ({"versions"} if versions[1:] else set()))
    )


def _parsed(parts: list[str]) -> Person | None:
    """Family name, given name, suffix and maybe affiliations, as the snapshot has them."""
    family, given, suffix, *affiliations = [*parts, "", "", ""][: max(3, len(parts))]
    return person(family=family, given=given, suffix=suffix, affiliation=affiliations)


def _day(printed: str | None) -> str | None:
    """`Mon, 2 Apr 2007 19:18:42 GMT` without the time of day."""
    match = re.search(r"\d{1,2} [A-Z][a-z]{2} \d{4}", printed or "")
    return match[0] if match else None


def _atom_rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    for line, entry in elements(source, problems, "entry", once=("title", "author/name")):
        yield row(line, _from_atom(entry))


def _from_atom(entry: Element) -> dict[str, Any]:
    links = [link.get("href") for link in entry.iterfind("link")]
    date = at(entry, "published")
    number = (at(entry, "id") or "").rpartition("/abs/")[2]
    return _record(number, date[:10] if date else None) | {
        "title": at(entry, "title"),
        "authors": people(
            person(name=at(author, "name"), affiliation=every(author, "affiliation"))
            for author in entry.iterfind("author")
        ),
        "abstract": at(entry, "summary"),
        "doi": at(entry, "doi"),
        "notes": every(entry, "comment"),
        "keywords": [str(c.get("term")) for c in entry.iterfind("category")],
        "urls": [link for link in links if link and "/abs/" not in link],
        "arxiv:journal-ref": at(entry, "journal_ref"),
        "arxiv:updated": at(entry, "updated"),
    }


def _record(number: str, date: str | None) -> dict[str, Any]:
    bare = re.sub(r"v\d+$", "", number)
    return {
        "record_id": f"arxiv:{number}" if number else None,
        "type": "preprint",
        "date": date,
        "year": date,
        "venue": "arXiv",
        "ids": {"arxiv": bare},
        "url": f"https://arxiv.org/abs/{number}" if number else None,
    }


ARXIV = streamed("arXiv's metadata snapshot", (".json", ".jsonl"), _is_snapshot, _snapshot_rows)
ARXIV_ATOM = streamed(
    "an answer of arXiv's API (Atom)", (".xml", ".atom"), xml_with(_ATOM), _atom_rows
)
