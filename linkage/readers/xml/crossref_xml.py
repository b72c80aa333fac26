"""Crossref's XML: answers to queries (unixsd), and the records that content negotiation gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from linkage.errors import Problem
from linkage.readers.json.json_works import row
from linkage.readers.people import Person, group, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml.xml_records import (
    at,
    elements,
    every,
    others,
    words,
    words_of_parts,
    xml_with,
)
from linkage.records.cells import trials

_LOOKS = re.compile(r"<(?:[\w.-]+:)?(crossref_result|doi_records)\b")
_QUERY = re.compile(r"<(?:[\w.-]+:)?query\b")
_ITEMS = ("journal_article", "conference_paper", "content_item", "dataset")
_USED = frozenset(  # components are figures and tables of the text, crossmark says all once more
    "titles contributors abstract publication_date posted_date approval_date database_date pages"
    " publisher_item doi_data citation_list component_list crossmark".split()
)
_DATES = ("publication_date", "posted_date", "approval_date", "database_date/publication_date")
_TYPES = {"report-paper": "report", "conference_paper": "conference paper", "content_item":
          "book chapter", "journal_article": "article", "posted_content": "preprint"}  # fmt: skip


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    tag = "query" if _QUERY.search(source.head) else "doi_record"
    for line, answer in elements(source, problems, tag, once=("person_name/surname",)):
        found = [_record(answer, work) for work in answer.iterfind(".//crossref/*")
                 if work.tag != "error"]  # fmt: skip
        if not found:
            said = at(answer, ".//msg") or at(answer, ".//error") or at(answer, "doi") or "nothing"
            where, expected = f"line {line}", "the record of a work"
            problems.append(Problem(source.name, where, f"an answer without one: {said}", expected))
        yield from (row(line, record) for record in found)


def _record(answer: Element, work: Element) -> dict[str, Any]:
    """`work` is a journal, a book, proceedings ... with at most one item in it."""
    item = next((found for tag in _ITEMS for found in work.iterfind(tag)), None)
    about = [part for part in work if part.tag.endswith(("_metadata", "_issue"))]
    whole = Element("metadata")
    whole.extend(part for parts in (about or [work]) for part in parts)
    own = whole if item is None else item
    date = _date(own) or _date(whole)
    kind = work.tag if item is None else item.tag
    doi = at(own, "doi_data/doi") or at(answer, "doi")
    return {
        "record_id": doi,
        "type": _TYPES.get(kind, kind.replace("_", " ")),
        "native_type": kind,
        "title": _title(own) or (_container(whole) if item is None else None),
        "authors": people(_people(own, "author")),
        "editors": people(_people(own, "editor") or _people(whole, "editor")),
        "year": date,
        "date": date,
        "venue": _venue(work, whole) if item is not None else at(work, "group_title"),
        "volume": at(whole, "journal_volume/volume") or at(whole, "volume"),
        "number": at(whole, "issue"),
        "pages": _pages(own),
        "doi": doi,
        "ids": serials(*every(whole, ".//issn"), *every(whole, ".//isbn"))
        | trials("; ".join(every(own, ".//clinical-trial-number"))),
        "abstract": at(own, "abstract"),
        "url": at(own, "doi_data/resource"),
        "publisher": at(whole, "publisher/publisher_name")
        or at(whole, "institution/institution_name")
        or at(answer, "crm-item[@name='publisher-name']"),
        "place": at(whole, "publisher/publisher_place"),
        "edition": at(whole, "edition_number"),
        "series": at(whole, "series_metadata/titles/title"),
        "language": own.get("language") or next((p.get("language") for p in about), None),
        "crossref:contributors": _others(own),
        "crossref:abstract": every(own, "abstract")[1:],
        "crossref:item_number": every(own, "publisher_item/item_number"),
        "references": list(filter(None, map(_reference, own.iterfind("citation_list/citation"))))
        or None,
    } | (others(item, "crossref", _USED) if item is not None else {})


def _title(item: Element) -> str | None:
    return ": ".join(filter(None, (at(item, "titles/title"), at(item, "titles/subtitle")))) or None


def _container(whole: Element) -> str | None:
    return at(whole, "full_title") or at(whole, "proceedings_title")


def _venue(work: Element, whole: Element) -> str | None:
    series = at(work, "book_series_metadata/series_metadata/titles/title")
    return _container(whole) or _title(whole) or series or at(whole, "abbrev_title")


def _date(part: Element) -> str | None:
    """The most exact date of the first year that is told."""
    found = []
    for date in (one for path in _DATES for one in part.iterfind(path)):
        year, *more = (at(date, name) for name in ("year", "month", "day"))
        known = more if all(more) else more[:1]
        found.append("-".join(filter(None, (year, *(n and n.zfill(2) for n in known)))))
    first = min((date[:4] for date in found if date), default="")
    return max((date for date in found if date[:4] == first), key=len, default="") or None


def _pages(item: Element) -> str | None:
    ends = "-".join(filter(None, (at(item, "pages/first_page"), at(item, "pages/last_page"))))
    number = "publisher_item/item_number[@item_number_type='article_number']"
    return ends or at(item, number) or at(item, number.replace("_number']", "-number']"))


def _people(part: Element, role: str) -> list[Person | None]:
    listed = part.find("contributors")
    found = [] if listed is None else [e for e in listed if e.get("contributor_role") == role]
    return [_person(one) for one in found]


def _others(part: Element) -> list[str] | None:
    """Translators, chairs and the like, with what they were."""
    others = [
        e
        for e in part.iterfind("contributors/*")
        if e.get("contributor_role") not in ("author", "editor")
    ]
    return [f"{words_of_parts(one)} ({one.get('contributor_role')})" for one in others] or None


def _person(one: Element) -> Person | None:
    if one.tag != "person_name":
        return group(words(one))
    return person(
        family=at(one, "surname"),
        given=at(one, "given_name"),
        suffix=at(one, "suffix"),
        orcid=at(one, "ORCID"),
        affiliation=every(one, "affiliation") or every(one, "affiliations/institution"),
    )


def _reference(citation: Element) -> str | None:
    if printed := at(citation, "unstructured_citation"):
        return printed
    tags = ("author", "cYear", "article_title", "volume_title", "journal_title", "volume")
    return (
        ", ".join(filter(None, (at(citation, tag) for tag in (*tags, "first_page", "doi")))) or None
    )


CROSSREF_XML = streamed("Crossref XML", (".xml",), xml_with(_LOOKS), _rows)
