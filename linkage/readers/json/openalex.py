"""OpenAlex works: the JSON lines of its snapshot, and the pages of its API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkage.errors import Problem
from linkage.readers.json.json_works import Work, carried, names_in, work_rows
from linkage.readers.people import Person, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed

_OF_BIBLIO = frozenset(("volume", "issue", "first_page", "last_page"))
_USED = frozenset(
    "id doi title display_name publication_year publication_date ids language type authorships"
    " biblio keywords mesh abstract_inverted_index".split()
)
_READ = _USED | {"primary_location", "host_venue", "type_crossref"}


def _is_openalex(source: Source) -> bool:
    names = names_in(source)
    if "record_id" in names:  # written by us, with what OpenAlex said beside it
        return False
    return not names.isdisjoint({"authorships", "abstract_inverted_index"}) or (
        "publication_year" in names and "openalex.org/W" in source.head
    )


def _is_work(item: Work) -> bool:
    return "title" in item and ("authorships" in item or "publication_year" in item)


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    return work_rows(source, problems, _is_work, _record, _READ)


def _record(item: Work) -> dict[str, Any]:
    location = item.get("primary_location") or {}
    venue, biblio = location.get("source") or item.get("host_venue") or {}, item.get("biblio") or {}
    terms = [*(item.get("keywords") or []), *(item.get("mesh") or [])]
    return {
        "record_id": _last(item.get("id")),
        "type": item.get("type_crossref") or item.get("type"),
        "native_type": item.get("type"),
        "title": item.get("title") or item.get("display_name"),
        "authors": people(map(_person, item.get("authorships") or [])),
        "year": item.get("publication_year"),
        "date": item.get("publication_date"),
        "venue": venue.get("display_name"),
        "publisher": venue.get("host_organization_name") or venue.get("publisher"),
        "volume": biblio.get("volume"),
        "number": biblio.get("issue"),
        "pages": _pages(biblio),
        "doi": item.get("doi"),
        "ids": _ids(item, venue),
        "abstract": _abstract(item.get("abstract_inverted_index")),
        "url": location.get("landing_page_url"),
        "language": item.get("language"),
        "keywords": [word for word in map(_term, terms) if word],
    } | (carried(item, "openalex", _USED) | carried(biblio, "openalex:biblio", _OF_BIBLIO))


def _last(address: Any) -> str | None:
    return str(address).rstrip("/").rpartition("/")[2] or None if address else None


def _pages(biblio: Work) -> str | None:
    ends = (biblio.get("first_page"), biblio.get("last_page"))
    return "-".join(dict.fromkeys(str(page) for page in ends if page)) or None


def _ids(item: Work, venue: Work) -> dict[str, str]:
    given = item.get("ids") or {}
    found = {kind: _last(given.get(kind)) for kind in ("pmid", "pmcid", "mag")}
    serial = " ".join(venue.get("issn") or []) or venue.get("issn_l")
    known = {kind: number for kind, number in found.items() if number}
    return serials(serial) | {"openalex": _last(item.get("id")) or ""} | known


def _person(one: Work) -> Person | None:
    if "author" not in one and "raw_author_name" not in one:
        raise ValueError("an authorship without an author")
    author = one.get("author") or {}
    if author and "display_name" not in author and not one.get("raw_author_name"):
        raise ValueError("an author without a name")
    places = one.get("raw_affiliation_strings") or [
        place.get("display_name") for place in one.get("institutions") or []
    ]
    number = _last(author.get("id"))
    return person(
        name=one.get("raw_author_name") or author.get("display_name"),
        affiliation=places,
        orcid=author.get("orcid"),
        ids={"openalex": number} if number else None,
    )


def _term(term: Any) -> str | None:
    if not isinstance(term, dict):
        return str(term) if term else None
    name = term.get("display_name") or term.get("keyword") or term.get("descriptor_name")
    return f"{name}/{term['qualifier_name']}" if name and term.get("qualifier_name") else name


def _abstract(index: Any) -> str | None:
    """The words of an inverted index in their order."""
    if not isinstance(index, dict):
        return None
    words = [""] * sum(map(len, index.values()))
    try:
        for word, places in index.items():
            for place in places:
                words[place] = word
    except IndexError:  # places are left out
        words = [""]
    if "" in words:
        placed = {place: word for word, places in index.items() for place in places}
        words = [placed[place] for place in sorted(placed)]
    return " ".join(words) or None


OPENALEX = streamed("OpenAlex works", (".jsonl", ".json"), _is_openalex, _rows)
