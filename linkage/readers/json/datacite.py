"""DataCite's JSON: answers of its REST API, single records and the lines of its data files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkage.errors import Problem
from linkage.readers.json.json_works import Work, carried, first, names_in, work_rows
from linkage.readers.people import Person, group, orcid, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed

_USED = frozenset(
    "doi id identifiers creators titles publisher publicationYear subjects contributors dates"
    " language types descriptions url container version".split()
)
_OF_CONTAINERS = frozenset(
    "type identifier identifierType title volume issue firstPage lastPage".split()
)
_NUMBERS = {"doi", "arxiv", "pmid", "pmcid"}


def _is_datacite(source: Source) -> bool:
    return names_in(source) >= {"creators", "titles"}


def _is_work(item: Work) -> bool:
    attributes = item.get("attributes", item)
    return isinstance(attributes, dict) and isinstance(attributes.get("titles"), list)


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    return work_rows(source, problems, _is_work, _record)


def _record(work: Work) -> dict[str, Any]:
    item = work.get("attributes", work)
    container, publisher = item.get("container") or {}, item.get("publisher")
    titles = [t for t in item["titles"] if isinstance(t, dict)]
    doi = item.get("doi") or item.get("id")
    kind = item.get("types") or {}
    dates = {d.get("dateType"): d.get("date") for d in item.get("dates") or []}
    contributors = item.get("contributors") or []
    year = item.get("publicationYear")
    return {
        "record_id": doi,
        "type": kind.get("bibtex") or kind.get("resourceTypeGeneral"),
        "native_type": kind.get("resourceType") or kind.get("resourceTypeGeneral"),
        "title": _title(titles),
        "authors": people(map(_person, item.get("creators") or [])),
        "editors": people(_person(c) for c in contributors if c.get("contributorType") == "Editor"),
        "year": year,
        "date": next((d for d in dates.values() if d and str(d).startswith(str(year))), year),
        "venue": container.get("title") or _container(item),
        "volume": container.get("volume"),
        "number": container.get("issue"),
        "pages": _pages(container),
        "doi": doi,
        "ids": serials(container.get("identifier")) | _ids(item),
        "abstract": next((d.get("description") for d in _abstracts(item)), None),
        "url": item.get("url"),
        "publisher": publisher.get("name") if isinstance(publisher, dict) else publisher,
        "language": item.get("language"),
        "edition": item.get("version"),
        "keywords": [s.get("subject") for s in item.get("subjects") or [] if s.get("subject")],
        "datacite:contributors": [
            " ".join((c["name"], f"({c.get('contributorType') or 'other'})"))
            for c in contributors
            if c.get("name") and c.get("contributorType") != "Editor"
        ],
    } | (
        carried(item | _left(item), "datacite", _USED - _left(item).keys())
        | carried(container, "datacite:container", _OF_CONTAINERS)
    )


def _left(item: Work) -> dict[str, list[Work]]:
    """Of lists whose first entry of a kind is read the others: translated titles, other dates."""
    year = str(item.get("publicationYear"))
    dates = [d for d in item.get("dates") or [] if str(d.get("date")) != year]
    kinds = ("Abstract", "SeriesInformation")
    found = {
        "titles": [t for t in item["titles"][1:] if t.get("titleType") != "Subtitle"],
        "dates": dates if len(dates) > 1 else [],
        "descriptions": [
            d for d in item.get("descriptions") or [] if d.get("descriptionType") not in kinds
        ],
        "identifiers": [
            i
            for i in item.get("identifiers") or []
            if str(i.get("identifierType")).lower() not in _NUMBERS
        ],
    }
    return {name: entries for name, entries in found.items() if entries}


def _title(titles: list[Work]) -> str | None:
    main = first([t.get("title") for t in titles if not t.get("titleType")])
    sub = first([t.get("title") for t in titles if t.get("titleType") == "Subtitle"])
    return (
        ": ".join(filter(None, (main or (titles[0].get("title") if titles else None), sub))) or None
    )


def _container(item: Work) -> str | None:
    series = [
        d for d in item.get("descriptions") or [] if d.get("descriptionType") == "SeriesInformation"
    ]
    return next((d.get("description") for d in series), None)


def _abstracts(item: Work) -> list[Work]:
    found = [d for d in item.get("descriptions") or [] if d.get("description")]
    return [d for d in found if d.get("descriptionType") == "Abstract"]


def _pages(container: Work) -> str | None:
    ends = (container.get("firstPage"), container.get("lastPage"))
    return "-".join(str(page) for page in ends if page) or None


def _ids(item: Work) -> dict[str, str]:
    others = item.get("identifiers") or []
    named = {str(o.get("identifierType")).lower(): o.get("identifier") for o in others}
    kinds = {"arxiv": "arxiv", "pmid": "pmid", "pmcid": "pmcid"}
    return {kind: str(named[name]) for name, kind in kinds.items() if named.get(name)}


def _person(one: Work) -> Person | None:
    if not one.keys() & {"name", "familyName", "givenName"}:
        raise ValueError("a creator without a name")
    affiliations = [
        a.get("name") if isinstance(a, dict) else a for a in one.get("affiliation") or []
    ]
    identifiers = " ".join(str(i.get("nameIdentifier")) for i in one.get("nameIdentifiers") or [])
    more: dict[str, Any] = {"affiliation": affiliations, "orcid": orcid(identifiers)}
    if one.get("nameType") == "Organizational":
        return group(one.get("name"), **more)
    return person(
        given=one.get("givenName"), family=one.get("familyName"), name=one.get("name"), **more
    )


DATACITE = streamed("DataCite works", (".json", ".jsonl"), _is_datacite, _rows)
