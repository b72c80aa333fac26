"""dblp's XML, whose names of persons may end in a number that tells namesakes apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from linkage.errors import Problem
from linkage.readers.json.json_works import row
from linkage.readers.people import Person, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml.xml_records import at, elements, every, others, words, xml_with

_RECORDS = "article|inproceedings|proceedings|book|incollection|phdthesis|mastersthesis|www|data"
_LOOKS = re.compile(r"<dblp\b|dblp\.dtd|<dblpperson\b")
_USED = frozenset(
    "author editor title booktitle journal volume number pages year month ee publisher series isbn"
    " note school".split()
)
_DOI = re.compile(r"https?://(?:dx\.)?doi\.(?:acm\.)?org/(?=10\.)", re.IGNORECASE)


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    for line, element in elements(source, problems, _RECORDS, once=("title",)):
        key = element.get("key") or ""
        if not key.startswith("homepages/"):  # pages of persons, which are no publications
            yield row(line, _record(element, key))


def _record(element: Element, key: str) -> dict[str, Any]:
    links = every(element, "ee")
    dois = [link for link in links if _DOI.match(link)]
    addresses = [link for link in links if link not in dois[:1]]
    year = at(element, "year")
    kind = element.get("publtype")
    return {
        "record_id": key or None,
        "type": "preprint" if kind == "informal" else element.tag,
        "native_type": f"{element.tag} {kind}" if kind else element.tag,
        "title": at(element, "title"),
        "authors": people(map(_person, element.iterfind("author"))),
        "editors": people(map(_person, element.iterfind("editor"))),
        "year": year,
        "date": f"{at(element, 'month') or ''} {year or ''}".strip() or None,
        "venue": at(element, "journal") or at(element, "booktitle"),
        "volume": at(element, "volume"),
        "number": at(element, "number"),
        "pages": at(element, "pages"),
        "doi": dois[0] if dois else None,
        "ids": serials(" ; ".join(every(element, "isbn"))) | ({"dblp": key} if key else {}),
        "publisher": at(element, "publisher") or at(element, "school"),
        "series": at(element, "series"),
        "notes": every(element, "note"),
        "url": addresses[0] if addresses else None,
        "urls": addresses[1:],
    } | others(element, "dblp", _USED)


def _person(author: Element) -> Person | None:
    """A name; its number (`Wei Wang 0005`) is kept in it, and read by the schema."""
    return person(name=words(author), orcid=author.get("orcid"))


DBLP = streamed("dblp XML", (".xml",), xml_with(_LOOKS), _rows)
