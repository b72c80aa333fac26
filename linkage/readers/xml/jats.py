"""Articles in JATS XML (PubMed Central, publishers): what stands before the text of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from linkage.errors import Problem
from linkage.readers.json.json_works import row
from linkage.readers.people import Person, email, group, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml.xml_records import (
    at,
    attribute,
    elements,
    every,
    others,
    words,
    words_of_parts,
    xml_with,
)

_LOOKS = re.compile(r"<article\b[\s\S]*<front\b|//NLM//DTD (?:JATS|Journal)")
_TYPES = {"research-article": "article", "abstract": "abstract"}
_USED = frozenset(
    "article-id title-group contrib-group aff pub-date volume issue fpage lpage elocation-id"
    " abstract kwd-group related-article".split()
)


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    for line, article in elements(source, problems, "article", once=("front", "name/surname")):
        front = article.find("front")
        yield row(line, _record(article, front if front is not None else article))


def _record(article: Element, front: Element) -> dict[str, Any]:
    meta = front.find("article-meta")
    meta = meta if meta is not None else Element("article-meta")
    ids = {e.get("pub-id-type"): words(e) for e in meta.iterfind("article-id")}
    kind, pmcid = article.get("article-type"), ids.get("pmc") or ids.get("pmcid")
    date = _date(meta)
    return {
        "record_id": ids.get("doi") or (f"pmid:{ids['pmid']}" if ids.get("pmid") else pmcid),
        "type": _TYPES.get(kind or "", kind or "article"),
        "native_type": kind,
        "title": _title(meta),
        "authors": people(_people(meta, "author")),
        "editors": people(_people(meta, "editor")),
        "year": date,
        "date": date,
        "venue": at(front, ".//journal-title") or at(front, ".//journal-id"),
        "volume": at(meta, "volume"),
        "number": at(meta, "issue"),
        "pages": "-".join(filter(None, (at(meta, "fpage"), at(meta, "lpage"))))
        or at(meta, "elocation-id"),
        "doi": ids.get("doi"),
        "ids": serials(*every(front, ".//issn"), *every(meta, "isbn"))
        | {k: v for k, v in (("pmid", ids.get("pmid")), ("pmcid", pmcid)) if v},
        "abstract": at(meta, "abstract"),
        "publisher": at(front, ".//publisher-name"),
        "place": at(front, ".//publisher-loc"),
        "language": attribute(article, "lang"),
        "keywords": every(meta, "kwd-group/kwd"),
        "jats:contributors": _others(meta),
        "jats:related-article": [_related(one) for one in meta.iterfind("related-article")],
        "jats:abstract": every(meta, "abstract")[1:],
        "references": list(
            filter(None, map(words_of_parts, article.iterfind("back/ref-list/ref")))
        ),
    } | others(meta, "jats", _USED)


def _related(one: Element) -> str:
    """`retracted-article 10.5555/moss.7`, and what is said of it."""
    parts = (one.get("related-article-type"), attribute(one, "href"), words(one))
    return " ".join(filter(None, parts))


def _title(meta: Element) -> str | None:
    parts = (at(meta, "title-group/article-title"), at(meta, "title-group/subtitle"))
    return ": ".join(filter(None, parts)) or None


def _date(meta: Element) -> str | None:
    dates = [
        "-".join(filter(None, (at(date, "year"), *(_two(at(date, p)) for p in ("month", "day")))))
        for date in meta.iterfind("pub-date")
    ]
    return max(dates, key=len, default="") or None


def _two(number: str | None) -> str | None:
    return number.zfill(2) if number and number.isdigit() else None


def _people(meta: Element, kind: str) -> list[Person | None]:
    places = {e.get("id"): _affiliation(e) for e in meta.iter("aff")}
    groups = meta.iterfind("contrib-group/contrib")
    return [_person(c, places) for c in groups if c.get("contrib-type", "author") == kind]


def _others(meta: Element) -> list[str] | None:
    """Reviewers and the like, with what they were."""
    named = [(e.get("contrib-type"), e) for e in meta.iterfind("contrib-group/contrib")]
    others = [(kind, e) for kind, e in named if kind not in (None, "author", "editor")]
    return [f"{words_of_parts(one)} ({kind})" for kind, one in others] or None


def _affiliation(element: Element) -> str | None:
    """An affiliation without the label that authors refer to."""
    label = at(element, "label") or at(element, "sup")
    text = words(element) or ""
    return text.removeprefix(label or "").strip() or None


def _person(contributor: Element, places: dict[str | None, str | None]) -> Person | None:
    marks = [e.get("rid") for e in contributor.iterfind("xref[@ref-type='aff']")]
    listed = [places.get(mark) for marked in marks for mark in (marked or "").split()]
    own = [_affiliation(e) for e in contributor.iterfind("aff")]
    more: dict[str, Any] = {
        "affiliation": [place for place in listed + own if place],
        "orcid": "; ".join(every(contributor, "contrib-id[@contrib-id-type='orcid']")),
        "email": email(at(contributor, ".//email")),
    }
    if collective := at(contributor, "collab"):
        return group(collective, **more)
    return person(
        family=at(contributor, ".//surname"),
        given=at(contributor, ".//given-names"),
        suffix=at(contributor, ".//suffix"),
        name=at(contributor, "string-name"),
        **more,
    )


JATS = streamed("JATS XML", (".xml", ".nxml"), xml_with(_LOOKS), _rows)
