"""Records of library catalogues: MARCXML and MODS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from linkage.errors import Problem
from linkage.readers.json.json_works import row
from linkage.readers.people import Person, group, orcid, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml.xml_records import at, elements, every, words, words_of_parts, xml_with

_MARC = re.compile(r"marc21/slim|<(?:\w+:)?datafield\b", re.IGNORECASE)
_MODS = re.compile(r"<(?:\w+:)?mods(?:Collection)?\b")
_OF_NAMES = ("family", "given", "termsOfAddress", "date")
_END = re.compile(r"[\s/:;,=]+$")
_MARC_USED = set("001 020 022 024 041 100 110 111 245 250 260 264 490 520 650 653 700 710".split())
_MARC_USED |= {"773", "856", "500", "300"}
_MODS_USED = frozenset(
    "titleInfo name genre originInfo language abstract note subject identifier location part"
    " relatedItem recordInfo".split()
)
_MODS_TYPES: dict[str, set[str | None]] = {  # elements that are read where they are of these types
    "titleInfo": {None},
    "identifier": {"doi", "isbn", "issn"},
    "relatedItem": {"host", "series"},
}


def _marc_rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    for line, element in elements(source, problems, "record", once=("datafield[@tag='245']",)):
        if element.find("datafield") is not None:
            yield row(line, _from_marc(element))
        elif element.find("metadata") is None:
            found = "a record without a datafield"
            problems.append(Problem(source.name, f"line {line}", found, "a MARC record"))


def _from_marc(element: Element) -> dict[str, Any]:
    def all_of(tag: str, codes: str) -> list[str]:
        fields = element.iterfind(f"datafield[@tag='{tag}']")
        found = (_subfields(field, codes) for field in fields)
        return [text for text in found if text]

    imprint = {code: [*all_of("264", code), *all_of("260", code)] for code in "abc"}
    host = element.find("datafield[@tag='773']")
    links, leader = all_of("856", "u"), at(element, "leader") or ""
    numbers, subjects = all_of("024", "a"), [*all_of("650", "axyzv"), *all_of("653", "a")]
    return {
        "record_id": at(element, "controlfield[@tag='001']"),
        "type": "incollection" if host is not None else "book" if leader[6:7] in "at" else "misc",
        "title": next(iter(all_of("245", "abnp")), None),
        "authors": people(_marc_people(element, editors=False)),
        "editors": people(_marc_people(element, editors=True)),
        "year": next(iter(imprint["c"]), None),
        "date": next(iter(imprint["c"]), None),
        "venue": _subfields(host, "t") if host is not None else None,
        "ids": serials(" ; ".join(all_of("020", "a")), *all_of("022", "a")),
        "doi": next((n for n in numbers if n.startswith("10.")), None),
        "abstract": next(iter(all_of("520", "a")), None),
        "url": links[0] if links else None,
        "urls": links[1:],
        "publisher": next(iter(imprint["b"]), None),
        "place": next(iter(imprint["a"]), None),
        "edition": next(iter(all_of("250", "a")), None),
        "series": next(iter(all_of("490", "av")), None),
        "language": "; ".join(all_of("041", "a")),
        "keywords": subjects,
        "notes": all_of("500", "a"),
        "marc:024": [n for n in numbers if not n.startswith("10.")],
        "marc:245c": all_of("245", "c"),
        "marc:300": all_of("300", "abc"),
        "marc:490": all_of("490", "av")[1:],
        "marc:520": all_of("520", "a")[1:],
        "marc:773": all_of("773", "abdghw"),
    } | _marc_others(element)


def _subfields(field: Element, codes: str) -> str:
    parts = [words(sub) or "" for sub in field.iterfind("subfield") if sub.get("code", "") in codes]
    return _END.sub("", " ".join(filter(None, parts)))


def _marc_people(element: Element, *, editors: bool) -> Iterator[Person | None]:
    for tag in ("100", "700", "110", "710", "111"):
        for field in element.iterfind(f"datafield[@tag='{tag}']"):
            role = f"{_subfields(field, 'e')} {_subfields(field, '4')}".lower()
            if ("ed" in role.split() or "editor" in role or "hrsg" in role) != editors:
                continue
            name = _END.sub("", _subfields(field, "abq" if tag in ("100", "700") else "ab"))
            name = name or _END.sub("", words(field) or "")
            known = re.findall(r"\(([\w-]+)\)(\S+)", _subfields(field, "0"))
            ids = {kind.lower(): number for kind, number in known if kind.lower() != "orcid"}
            found = orcid(" ".join((_subfields(field, "0"), _subfields(field, "1"))))
            make = person if tag in ("100", "700") else group
            yield make(name=name, orcid=found, ids=ids)


def _marc_others(element: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field in [*element.iterfind("controlfield"), *element.iterfind("datafield")]:
        tag, text = field.get("tag") or "", words(field)
        if tag not in _MARC_USED and text:
            found.setdefault(f"marc:{tag}", []).append(text)
    return found


def _mods_rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    for line, element in elements(
        source, problems, "mods", once=("recordInfo", "name/namePart[@type='family']")
    ):
        yield row(line, _from_mods(element))


def _from_mods(element: Element) -> dict[str, Any]:
    host = element.find("relatedItem[@type='host']")
    ids = {kind: every(element, f"identifier[@type='{kind}']") for kind in ("doi", "isbn", "issn")}
    date = at(element, "originInfo/dateIssued") or at(element, "relatedItem/originInfo/dateIssued")
    pages = host.find("part/extent[@unit='pages']") if host is not None else None
    kind, links = at(element, "genre"), every(element, "location/url")

    def in_host(path: str) -> str | None:
        return at(host, path) if host is not None else None

    return {
        "record_id": element.get("ID") or at(element, "recordInfo/recordIdentifier"),
        "type": kind or ("incollection" if host is not None else "book"),
        "native_type": kind,
        "title": _mods_title(element),
        "authors": people(_mods_people(element, editors=False)),
        "editors": people(
            one
            for whole in (element, host)
            if whole is not None
            for one in _mods_people(whole, editors=True)
        ),
        "year": date,
        "date": date,
        "venue": _mods_title(host) if host is not None else None,
        "volume": in_host("part/detail[@type='volume']/number"),
        "number": in_host("part/detail[@type='issue']/number")
        or in_host("part/detail[@type='number']/number"),
        "mods:detail": _other_details(host),
        "pages": "-".join(filter(None, (at(pages, "start"), at(pages, "end"))))
        if pages is not None
        else None,
        "doi": next(iter(ids["doi"]), None),
        "ids": serials(*ids["isbn"], *ids["issn"], *_serials_of(host)),
        "abstract": at(element, "abstract"),
        "publisher": at(element, "originInfo/publisher"),
        "place": at(element, "originInfo/place/placeTerm"),
        "edition": at(element, "originInfo/edition"),
        "language": at(element, "language/languageTerm"),
        "series": at(element, "relatedItem[@type='series']/titleInfo/title"),
        "keywords": [
            word
            for subject in element.iterfind("subject")
            for word in map(words_of_parts, subject)
            if word
        ],
        "notes": every(element, "note"),
        "url": links[0] if links else None,
        "urls": links[1:],
    } | _mods_others(element)


def _mods_others(element: Element) -> dict[str, list[str]]:
    """What no column is read from, by its element: titles and related items of other types, too."""
    found: dict[str, list[str]] = {}
    for part in element:
        known = _MODS_TYPES.get(part.tag)
        left = known and part.get("type") not in known
        if (left or part.tag not in _MODS_USED) and (text := words_of_parts(part)):
            found.setdefault(f"mods:{part.tag}", []).append(text)
    for path in ("genre", "abstract", "language/languageTerm", "originInfo/publisher"):
        if more := every(element, path)[1:]:
            found.setdefault(f"mods:{path.rpartition('/')[2]}", []).extend(more)
    return found


def _serials_of(host: Element | None) -> list[str]:
    """The ISSN and ISBN of the journal or the book in which it stands."""
    return [] if host is None else [n for n in every(host, "identifier") if serials(n)]


def _other_details(host: Element | None) -> list[str] | None:
    details = [] if host is None else host.findall("part/detail")
    others = [d for d in details if d.get("type") not in ("volume", "issue", "number")]
    return [text for text in map(words, others) if text] or None


def _mods_title(element: Element) -> str | None:
    titles = [t for t in element.iterfind("titleInfo") if not t.get("type")]
    parts = [at(titles[0], p) for p in ("nonSort", "title")] if titles else []
    main = " ".join(filter(None, parts))
    sub = at(titles[0], "subTitle") if titles else None
    return ": ".join(filter(None, (main, sub))) or None


def _mods_people(element: Element, *, editors: bool) -> Iterator[Person | None]:
    for name in element.iterfind("name"):
        roles = " ".join(every(name, "role/roleTerm")).lower()
        if ("edt" in roles or "editor" in roles) != editors:
            continue
        parts = {part.get("type"): words(part) for part in name.iterfind("namePart")}
        if name.get("type") in ("corporate", "conference"):
            yield group(" ".join(filter(None, parts.values())))
        else:
            given = every(name, "namePart[@type='given']")
            # of a type that MODS does not have: beside a family name it is a given one
            untyped = [n for kind, n in parts.items() if n and kind not in _OF_NAMES]
            family = parts.get("family")
            yield person(
                family=family,
                given=" ".join(given + (untyped if family else [])) or None,
                suffix=parts.get("termsOfAddress"),
                name=None if family else " ".join(untyped) or None,
                affiliation=every(name, "affiliation"),
            )


MARCXML = streamed("MARC XML", (".xml",), xml_with(_MARC), _marc_rows)
MODS = streamed("MODS XML", (".xml",), xml_with(_MODS), _mods_rows)
