"""TEI: the header of an article as GROBID makes it, lists of `biblStruct`, and HAL's exports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from linkage.errors import Problem
from linkage.readers.json.json_works import row
from linkage.readers.people import Person, email, group, orcid, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml import xml_records as xml
from linkage.readers.xml.xml_records import at, every, words, words_of_parts

_LOOKS = re.compile(r"<(?:[\w.-]+:)?(?:TEI|teiCorpus|biblStruct)\b")
_USED = frozenset(
    "analytic monogr series idno note ref ptr teiHeader text titleStmt publicationStmt sourceDesc"
    " profileDesc".split()
)
_HAL = {"ART": "article", "COMM": "inproceedings", "OUV": "book", "COUV": "incollection"}
_HAL |= {"THESE": "thesis", "REPORT": "techreport", "UNDEFINED": "preprint"}
_IDS = {"arxiv": "arxiv", "pmid": "pmid", "pmcid": "pmcid", "halid": "hal"}
_SCOPES = {"volume", "issue", "page", "pp"}
_RAW = "note[@type='raw_reference']"


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    """One record of an article with a header, else one of each entry of a list."""
    described = source.head.partition("sourceDesc")[2].partition("sourceDesc>")[0]
    tag = "TEI" if "biblStruct" in described else "biblStruct"
    tag = "biblFull" if "<biblFull" in source.head else tag
    for line, whole in xml.elements(source, problems, tag):
        struct = whole if tag == "biblStruct" else _part(whole, ".//sourceDesc/biblStruct")
        yield row(line, _record(whole, struct))


def _record(whole: Element, struct: Element) -> dict[str, Any]:
    host, own = _part(struct, "monogr"), _part(struct, "analytic")
    own = own if len(own) else host
    imprint, ids = _part(host, "imprint"), _numbers(whole, struct)
    date = _date(imprint) or _date(_part(whole, ".//publicationStmt"))
    links = [e.get("target") or words(e) for e in struct.iter() if e.tag in ("ref", "ptr")]
    kind = struct.get("type") or _part(whole, ".//classCode[@scheme='halTypology']").get("n")
    return (
        {
            "record_id": ids.get("doi") or xml.attribute(struct, "id"),
            "type": _HAL.get(kind or "", kind) or _kind(own, host),
            "native_type": kind,
            "title": _title(own) or _title(_part(whole, ".//titleStmt")),
            "authors": people(map(_person, own.findall("author") or host.findall("author"))),
            "editors": people(map(_person, struct.findall("*/editor"))),
            "year": date,
            "date": date,
            "venue": None if own is host else at(host, "title[@level='j']") or at(host, "title"),
            "volume": _scope(imprint, "volume"),
            "number": _scope(imprint, "issue"),
            "pages": _scope(imprint, "page") or _scope(imprint, "pp"),
            "doi": ids.pop("doi", None),
            "ids": serials(*every(host, "idno")) | ids,
            "abstract": at(whole, ".//profileDesc/abstract"),
            "publisher": at(imprint, "publisher") or at(whole, ".//publicationStmt/publisher"),
            "place": at(imprint, "pubPlace"),
            "series": at(struct, "series/title"),
            "language": xml.attribute(_part(whole, ".//langUsage/language"), "ident"),
            "keywords": every(whole, ".//profileDesc/textClass/keywords//term"),
            "notes": [note for note in every(struct, "note") if note != at(struct, _RAW)],
            "urls": links,
            "tei:raw_reference": at(struct, _RAW),
            "tei:biblScope": _typed(imprint.findall("biblScope"), "unit", _SCOPES),
            "tei:idno": _typed(_idnos(whole, struct), "type", {"doi", "issn", "isbn", *_IDS}),
            "tei:classCode": every(whole, ".//profileDesc/textClass/classCode"),
            "tei:meeting": [words_of_parts(e) for e in host.iterfind("meeting")],
            "references": [_reference(e) for e in whole.iterfind(".//text//listBibl/biblStruct")],
        }
        | xml.others(struct, "tei", _USED)
        | xml.others(whole, "tei", _USED)
    )


def _part(element: Element, path: str) -> Element:
    found = element.find(path)
    return Element("none") if found is None else found


def _title(part: Element) -> str | None:
    main = at(part, "title[@type='main']") or at(part, "title")
    return ": ".join(filter(None, (main, at(part, "title[@type='sub']")))) or None


def _kind(own: Element, host: Element) -> str:
    in_journal = host.find("title[@level='j']") is not None
    return "book" if own is host else "article" if in_journal else "incollection"


def _scope(imprint: Element, unit: str) -> str | None:
    """A volume, an issue, pages: as text or from one to another."""
    scope = _part(imprint, f"biblScope[@unit='{unit}']")
    ends = dict.fromkeys(filter(None, (scope.get("from"), scope.get("to"))))
    return "-".join(ends) or words(scope)


def _typed(found: list[Element], kind: str, used: set[str]) -> list[str]:
    """Those of other kinds than these, each after its kind: `chapter 3`."""
    others = [e for e in found if (e.get(kind) or "").lower() not in used]
    return [" ".join(filter(None, (e.get(kind), words(e)))) for e in others]


def _date(part: Element) -> str | None:
    """The date of publication before any other."""
    dates = sorted(part.iterfind("date"), key=lambda date: "ub" not in (date.get("type") or ""))
    return next((found for date in dates if (found := date.get("when") or words(date))), None)


def _idnos(whole: Element, struct: Element) -> list[Element]:
    """Its numbers, not those of the journal or book in which it is; its own come last."""
    part = "monogr" if struct.find("analytic") is None else "analytic"
    own = [*struct.findall(f"{part}/idno"), *struct.findall("idno")]
    return [*whole.iterfind(".//publicationStmt/idno"), *own]


def _numbers(whole: Element, struct: Element) -> dict[str, str]:
    found = {(e.get("type") or "").lower(): words(e) or "" for e in _idnos(whole, struct)}
    known = {name: found.get(kind, "") for kind, name in _IDS.items()}
    return known | ({"doi": found["doi"]} if found.get("doi") else {})


def _person(author: Element) -> Person | None:
    name = _part(author, "persName")
    raw = every(author, "affiliation/note[@type='raw_affiliation']")
    more: dict[str, Any] = {
        "affiliation": raw or [words_of_parts(e) for e in author.iterfind("affiliation")],
        "email": email(at(author, "email")),
        "orcid": orcid(" ".join(every(author, ".//idno"))),
    }
    if name.tag == "none":
        return group(at(author, "orgName"), **more) or person(name=words(author), **more)
    family, given = " ".join(every(name, "surname")), " ".join(every(name, "forename"))
    return person(family=family, given=given, suffix=at(name, "genName"), **more)


def _reference(struct: Element) -> str:
    said = words_of_parts(struct)
    date = _date(_part(struct, "monogr/imprint")) or ""
    return at(struct, _RAW) or (f"{said}, {date}" if date not in said else said)


TEI = streamed("TEI XML", (".xml", ".tei"), xml.xml_with(_LOOKS), _rows)
