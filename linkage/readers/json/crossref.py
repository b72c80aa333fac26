"""Crossref's works: answers of its REST API, single works, and the lines and files of its dump."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linkage.errors import Problem
from linkage.readers.json.csl_json import csl_date, csl_people
from linkage.readers.json.json_works import Work, carried, first, names_in, texts, work_rows
from linkage.readers.people import serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.records.cells import trials

# A title is a list here, and a text in CSL-JSON.
_MARKS = frozenset(
    "message-type is-referenced-by-count content-domain reference-count authenticated-orcid".split()
)
_TITLES = re.compile(r'(?<!\\)"title"\s{0,9}:\s{0,9}\[')
_TEXTS = {"volume": "volume", "number": "issue", "publisher": "publisher", "language": "language"}
_TEXTS |= {"edition": "edition-number", "place": "publisher-location"}
_USED = frozenset(
    {*_TEXTS.values(), "DOI", "type", "title", "subtitle", "author", "editor", "issued", "page"}
    | {"container-title", "ISSN", "ISBN", "abstract", "URL", "reference", "subject"}
    | {"published", "published-print", "published-online", "article-number", "issn-type"}
)
_DATES = ("published-print", "published-online", "published", "issued")
_OF_REFERENCES = (
    *("author", "year", "article-title", "volume-title", "series-title", "journal-title"),
    *("edition", "volume", "issue", "first-page", "ISSN", "ISBN", "DOI"),
)
_MARKUP = re.compile(r"<[^>]*>")


def _is_crossref(source: Source) -> bool:
    names = names_in(source)
    listed = not names.isdisjoint(_MARKS) or _TITLES.search(source.head) is not None
    return "DOI" in names and listed


def _is_work(item: Work) -> bool:
    # a reference has a DOI, too
    return isinstance(item.get("DOI"), str) and ("type" in item or "title" in item)


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    return work_rows(source, problems, _is_work, _record)


def _record(item: Work) -> dict[str, Any]:
    containers = item.get("container-title")
    title, subtitle = first(item.get("title")), first(item.get("subtitle"))
    dates = {name: found for name in _DATES if (found := csl_date(item.get(name)))}
    year = dates.get("issued") or dates.get("published")
    date = _date(dates, year)
    return (
        {name: item.get(key) for name, key in _TEXTS.items()}
        | {
            "record_id": item["DOI"],
            "type": item.get("type"),
            "native_type": item.get("type"),
            "title": _titled(title, subtitle),
            "authors": csl_people(item.get("author")),
            "editors": csl_people(item.get("editor")),
            "year": year,
            "date": date,
            "venue": _venue(containers),
            "series": containers[0] if isinstance(containers, list) and containers[1:] else None,
            "pages": item.get("page") or item.get("article-number"),
            "doi": item["DOI"],
            "ids": _ids(item),
            "abstract": _plain(item.get("abstract")),
            "url": item.get("URL"),
            "keywords": item.get("subject"),
            "references": _references(item.get("reference")),
        }
        | {
            f"crossref:{name}": found
            for name, found in dates.items()
            if not date or not date.startswith(found)
        }
        | carried(item, "crossref", _USED - ({"article-number"} if item.get("page") else set()))
    )


def _titled(title: str | None, subtitle: str | None) -> str | None:
    title, subtitle = _plain(title), _plain(subtitle)
    if title and subtitle and subtitle.lower() not in title.lower():
        return f"{title}: {subtitle}"
    return title or subtitle


def _venue(containers: Any) -> str | None:
    """The last: that of a chapter is the book, before which its series may stand."""
    return containers[-1] if isinstance(containers, list) and containers else containers or None


def _date(dates: dict[str, str], year: str | None) -> str | None:
    """The most exact date of the year in which the work was issued."""
    of_year = (d for d in dates.values() if d[:4] == (year or "")[:4])
    return max(of_year, key=len, default=year)


def _ids(item: Work) -> dict[str, str]:
    numbered = serials(" ".join(texts(item.get("ISSN"))), " ; ".join(texts(item.get("ISBN"))))
    if not (numbers := item.get("clinical-trial-number")):
        return numbered
    registered = "; ".join(
        str(n.get("clinical-trial-number")) for n in numbers if isinstance(n, dict)
    )
    return numbered | trials(registered)


def _plain(text: Any) -> str | None:
    """A text without the tags of JATS or HTML."""
    if not isinstance(text, str):
        return None
    return (" ".join(_MARKUP.sub(" ", text).split()) if "<" in text else text) or None


def _references(found: Any) -> list[str] | None:
    if not isinstance(found, list):
        return None
    return [printed for printed in map(_reference, found) if printed] or None


def _reference(one: Work) -> str | None:
    """A reference as printed, or its parts; a DOI is always there if it is known."""
    if one.get("unstructured"):
        printed, doi = str(one["unstructured"]), one.get("DOI")
        said = not doi or str(doi) in printed or str(doi).lower() in printed.lower()
        return printed if said else f"{printed}, {doi}"
    found = [one[part] for part in _OF_REFERENCES if part in one]
    try:
        return ", ".join(found) or None
    except TypeError:  # a number among them
        return ", ".join(map(str, found)) or None


CROSSREF = streamed("Crossref works", (".json", ".jsonl"), _is_crossref, _rows)
