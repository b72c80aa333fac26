"""Semantic Scholar: the JSON lines of its dumps, and the answers of its API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkage.errors import Problem
from linkage.readers.json.json_works import Work, carried, first, names_in, work_rows
from linkage.readers.people import Person, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed

_OF_JOURNALS = frozenset(("name", "volume", "pages"))
_USED = frozenset(
    "paperId corpusid corpusId externalids externalIds title authors venue publicationvenueid year"
    " publicationdate publicationDate journal publicationtypes publicationTypes abstract url"
    " fieldsOfStudy".split()
)
_IDS = {
    "pubmed": "pmid",
    "pubmedcentral": "pmcid",
    "arxiv": "arxiv",
    "mag": "mag",
    "dblp": "dblp",
    "acl": "acl",
}


def _is_s2(source: Source) -> bool:
    return not names_in(source).isdisjoint({"externalids", "externalIds", "paperId", "corpusid"})


def _is_work(item: Work) -> bool:
    return "title" in item and any(name in item for name in ("paperId", "corpusid", "corpusId"))


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    return work_rows(source, problems, _is_work, _record)


def _record(item: Work) -> dict[str, Any]:
    given = item.get("externalIds") or item.get("externalids") or {}
    external = {str(kind).lower(): number for kind, number in given.items() if number}
    number = item.get("paperId") or item.get("corpusid") or item.get("corpusId")
    journal, venue = item.get("journal") or {}, item.get("publicationVenue") or {}
    kinds = item.get("publicationTypes") or item.get("publicationtypes")
    corpus = item.get("corpusid") or item.get("corpusId") or external.get("corpusid")
    known = {kind: str(external[name]) for name, kind in _IDS.items() if name in external}
    return {
        "record_id": f"s2:{number}" if number else None,
        "type": first(kinds),
        "native_type": "; ".join(kinds) if isinstance(kinds, list) else kinds,
        "title": item.get("title"),
        "authors": people(map(_person, item.get("authors") or [])),
        "year": item.get("year"),
        "date": item.get("publicationDate") or item.get("publicationdate") or item.get("year"),
        "venue": item.get("venue") or journal.get("name") or venue.get("name"),
        "volume": journal.get("volume"),
        "pages": journal.get("pages"),
        "doi": external.get("doi"),
        "ids": serials(venue.get("issn")) | known | {"s2": str(corpus or number or "")},
        "abstract": item.get("abstract"),
        "url": item.get("url"),
        "keywords": item.get("fieldsOfStudy"),
    } | (carried(item, "s2", _USED) | carried(journal, "s2:journal", _OF_JOURNALS))


def _person(one: Work) -> Person | None:
    number = one.get("authorId") or next(iter(one.get("ids") or []), None)
    return person(
        name=one["name"],
        affiliation=one.get("affiliations"),
        orcid=(one.get("externalIds") or {}).get("ORCID"),
        ids={"s2": str(number)} if number else None,
    )


SEMANTIC_SCHOLAR = streamed("Semantic Scholar papers", (".jsonl", ".json"), _is_s2, _rows)
