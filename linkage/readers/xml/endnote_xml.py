"""EndNote XML, as EndNote, Zotero, Mendeley and others write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

from linkage.errors import Problem
from linkage.names.author_strings import cut_authors, holds_several
from linkage.readers.json.json_works import row
from linkage.readers.people import Person, group, no_serials, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml.xml_records import elements
from linkage.records.cells import SAID_MISSING, trials
from linkage.records.cells import date as read_date
from linkage.records.entry_types import endnote_name

_LOOKS = re.compile(r"<(?:[\w.-]+:)?(?:records>|source-app\b|ref-type\b|foreign-keys\b)")
_PATHS = {
    "record_id": "rec-number",
    "title": "titles/title",
    "volume": "volume",
    "pages": "pages",
    "doi": "electronic-resource-num",
    "abstract": "abstract",
    "year": "dates/year",
    "edition": "edition",
    "series": "titles/tertiary-title",
    "publisher": "publisher",
    "place": "pub-location",
    "database": "remote-database-name",
}
_USED = {
    *("database", "source-app", "rec-number", "foreign-keys", "ref-type", "authors"),
    *("secondary-authors", "titles", "title", "secondary-title", "tertiary-title", "periodical"),
    *("full-title", "pages", "volume", "number", "issue", "edition", "keywords", "dates", "year"),
    *("pub-dates", "isbn", "accession-num", "abstract", "notes", "urls", "related-urls"),
    *("pdf-urls", "electronic-resource-num", "remote-database-name", "language", "publisher"),
    *("pub-location", "contributors", "web-urls", "auth-address", "issn"),
}
_WHOLE = {  # kept whatever is said
    *("ref-type", "rec-number", "authors", "secondary-authors", "keywords", "notes", "pdf-urls"),
    *("isbn", "issn", "pub-dates"),
}
_WITHIN = {"contributors", "titles", "dates", "urls", "periodical"}  # their parts are fields, too
_ONCE = (*(path for path in _PATHS.values() if path != "rec-number"), "titles/secondary-title")
_ONCE = (*_ONCE, "number", "accession-num")
_BREAKS = re.compile(r"\s*[\r\n]+\s*")


def _is_endnote(source: Source) -> bool:
    return (
        source.head.lstrip("\ufeff \t\r\n").startswith("<")
        and bool(
            re.search(r"<record>|<record\s|<records", source.head) and _LOOKS.search(source.head)
        )
        and "marc21/slim" not in source.head.lower()
    )


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    for line, element in elements(source, problems, "record", once=("titles",)):
        yield row(line, _record(element))


def _record(element: Element) -> dict[str, Any]:
    record: dict[str, Any] = {name: _flat(element, path) for name, path in _PATHS.items()}
    kind = _type(element)
    addresses = _texts(element, "urls/related-urls/url") + _texts(element, "urls/web-urls/url")
    addresses = list(dict.fromkeys(link for text in addresses for link in _BREAKS.split(text)))
    numbered = [*_texts(element, "isbn"), *_texts(element, "issn")]
    accession, provider = _flat(element, "accession-num"), _provider(element)
    numbers = " ".join(_text(e) for e in element.iter() if str(e.tag).startswith("custom"))
    return (
        record
        | {
            "record_id": _key(element) or record["record_id"],
            "type": kind,
            "authors": people(_people(element, "authors")),
            "editors": people(_people(element, "secondary-authors")),
            "native_type": kind,
            "venue": _flat(element, "titles/secondary-title")
            or _flat(element, "periodical/full-title"),
            "number": _flat(element, "number") or _flat(element, "issue"),
            "date": endnote_date(record["year"], _flat(element, "dates/pub-dates/date")),
            "ids": serials(*numbered)
            | pmid_of(accession, provider)
            | pmcid_in(numbers)
            | trials(accession),
            "keywords": _keywords(element),
            "notes": _texts(element, "notes"),
            "files": _texts(element, "urls/pdf-urls/url"),
            "url": addresses[0] if addresses else None,
            "urls": addresses[1:],
            "language": "; ".join(p for t in _texts(element, "language") for p in _BREAKS.split(t)),
            "endnote:year": said_in_words(record["year"]),
            "endnote:date": range_of_dates(record["year"], _flat(element, "dates/pub-dates/date")),
            "endnote:isbn": no_serials(numbered),
            "accession": {record["database"] or "": accession} if accession else None,
        }
        | _others(element)
        | _again(element)
    )


def _again(element: Element) -> dict[str, list[str]]:
    """What stands further in elements of which a column holds the first; issue beside number."""
    found = {path.rpartition("/")[2]: _texts(element, path) for path in _ONCE}
    further = {name: [t for t in texts[1:] if t != texts[0]] for name, texts in found.items()}
    if found["number"]:
        further["issue"] = [t for t in _texts(element, "issue") if t not in found["number"]]
    return {f"endnote:{name}": texts for name, texts in further.items() if texts}


def _type(element: Element) -> str | None:
    """What EndNote calls the type of reference, of which there may be the number alone."""
    kind = element.find("ref-type")
    number = _flat(element, "ref-type")
    return (kind.get("name") if kind is not None else None) or endnote_name(number) or number


def _key(element: Element) -> str | None:
    """The id under which `write_records` wrote the record: its first label."""
    source = element.find("source-app")
    ours = source is not None and source.get("name") == "biblinkage"
    return _flat(element, "label") if ours else None


def _provider(element: Element) -> str:
    return (
        _flat(element, "remote-database-provider") or _flat(element, "remote-database-name") or ""
    )


def pmid_of(number: str | None, provider: str) -> dict[str, str]:
    """The accession number as a PubMed id, if the provider says that it is one."""
    from_pubmed = re.search(r"pubmed|medline|\bnlm\b", provider, re.IGNORECASE)
    return {"pmid": number} if number and from_pubmed and re.fullmatch(r"\d{1,8}", number) else {}


def pmcid_in(text: str) -> dict[str, str]:
    """The id of PubMed Central in a text."""
    match = re.search(r"\bPMC\d+", text)
    return {"pmcid": match[0]} if match else {}


def is_pmcid(field: str, text: str) -> bool:
    """Whether a field of EndNote holds the id of PubMed Central and nothing else."""
    return field == "custom2" and re.fullmatch(r"PMC\d+", text) is not None


def endnote_date(year: str | None, day: str | None) -> str | None:
    """Year and day, which EndNote may print without the year: `Mar 27`."""
    if not day or not year or re.search(r"\d{4}", day):
        return day or year
    return f"{day} {year}"


def range_of_dates(year: str | None, day: str | None) -> str | None:
    """A day that no date can hold, to be carried as printed: `Sep-Oct`, `Dec 24-31`, `Winter`."""
    if not day or day == year:
        return None
    found = read_date(endnote_date(year, day)) or ""
    days = re.search(r"[A-Za-z]\W*\d\d?\s*[-–]\s*\d", day)
    return day if "-" not in found or days else None


def said_in_words(year: str | None) -> str | None:
    """A year that says more than a number can, to be carried as printed: `in press`, `2001/02`."""
    plain = year is None or year in SAID_MISSING or re.fullmatch(r"\d{4}", year)
    return None if plain else year


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _texts(element: Element, path: str) -> list[str]:
    return [text for text in map(_text, element.iterfind(path)) if text]


def _flat(element: Element, path: str) -> str | None:
    text = next(iter(_texts(element, path)), None)
    return " ".join(text.split()) if text else None


def _keywords(element: Element) -> list[str]:
    """One element a keyword or, where somebody pasted them, one line a keyword."""
    found = [part for text in _texts(element, "keywords/keyword") for part in _BREAKS.split(text)]
    return list(dict.fromkeys(" ".join(word.split()) for word in found if word.strip()))


def _people(element: Element, kind: str) -> list[Person | None]:
    found = element.iterfind(f"contributors/{kind}/author")
    names = [(_text(author) or author.get("last-name", ""), author) for author in found]
    return [
        endnote_person(one, author)
        for name, author in names
        for line in _BREAKS.split(name)
        for one in _each_name(line)
    ]


def endnote_people(names: Iterable[str]) -> list[Person] | None:
    """The authors of fields of one name each, or of several where somebody pasted them."""
    return people(endnote_person(one) for name in names for one in _each_name(name))


def _each_name(printed: str) -> list[str]:
    if not holds_several(printed):
        return [printed]
    names, more = cut_authors(printed)
    return [*names, "et al."] if more else names


def endnote_person(name: str, author: Element | None = None) -> Person | None:
    """An author as EndNote writes it; a comma at the end marks an organisation."""
    name = " ".join(name.split())
    if name.endswith(",") and name.rstrip(", "):
        return group(name.rstrip(", "))
    role = author.get("role") if author is not None else None
    return person(
        name=name, affiliation=author.get("corp-name") if author is not None and role else None
    )


def _others(element: Element) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for tag, part in _parts(element):
        text = "; ".join(_BREAKS.split(_text(part)))
        carried = tag not in _USED or tag == "auth-address" or _says_missing(tag, text)
        if text and carried and not is_pmcid(tag, text):
            found.setdefault(f"endnote:{tag}", []).append(text)
    if key := _key(element):
        found["endnote:label"] = [one for one in found["endnote:label"] if one != key]
    title = _flat(element, "titles/secondary-title")
    full = [" ".join(name.split()) for name in _texts(element, "periodical/full-title")]
    if title and (others := [name for name in full if name != title]):
        found["endnote:full-title"] = others
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in found.items() if texts}


def _says_missing(tag: str, text: str) -> bool:
    """Whether a column can't hold what the element says, such as a volume `NA`."""
    return text in SAID_MISSING and tag not in _WHOLE


def _parts(element: Element) -> Iterator[tuple[str, Element]]:
    """The elements of a record and of those that only hold others, and what to carry them as."""
    for outer in element:
        for part in outer if outer.tag in _WITHIN else [outer]:
            if part.tag != "alt-periodical" or not len(part):
                yield str(part.tag), part
        if outer.tag == "alt-periodical":
            called = {"full-title": "alt-periodical"}
            yield from ((called.get(str(e.tag), f"alt-{e.tag}"), e) for e in outer)


ENDNOTE_XML = streamed("EndNote XML", (".xml",), _is_endnote, _rows)
