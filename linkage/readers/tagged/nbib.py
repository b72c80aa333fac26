"""PubMed's tagged format (nbib, MEDLINE text), and ERIC's dialect of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linkage.errors import Problem
from linkage.names.parse import parse_name
from linkage.readers.json.json_works import row
from linkage.readers.people import Person, email, group, no_serials, orcid, people, person, serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.tagged.tagged_lines import Tagged, tagged_records
from linkage.records.cells import doi, trials

_TAG = re.compile(r" {0,3}([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)$")
# without a number: a record that PubMed does not have
_LOOKS = re.compile(r"^(?:PMID- ?(?:\d|\n[A-Z]{2,4} {0,2}- )|OWN - ?\w)", re.MULTILINE)
_TELLING = ("TI", "BTI", "TT", "AU", "FAU", "CN", "FED", "PMID", "JT", "LID", "AID", "AB")
_ONCE = ("TI", "BTI", "JT", "VI", "IP", "DP", "PG", "AB", "CTI", "EN", "PB", "PL")
_FULL = {"FAU": "AU", "FED": "ED", "FIR": "IR"}
_USED = frozenset(
    "PMID PMC OWN TI BTI JT VI IP PG DP LID AID AU FAU ED FED AD AUID CN IS ISBN AB LA PT MH OT"
    " SI PB PL EN CTI GN OID".split()
)
_WHOLE = frozenset(  # kept whatever is said
    "PMID AU FAU ED FED CN PT MH OT SI LID AID GN IS ISBN".split()
)
_TYPES = (  # the first that a record has; all others say less
    *("Journal Article", "Book Chapter", "Book", "Preprint", "Dataset", "Technical Report"),
    *("Dissertations/Theses", "Journal Articles", "Reports", "Collected Works"),
)


def _is_nbib(source: Source) -> bool:
    return bool(_LOOKS.search(source.head.replace("\r", "\n"))) and "TY  -" not in source.head


def _starts(tag: str, fields: list[tuple[str, str]], blank: bool) -> bool:
    known = {name for name, _ in fields}
    return blank or (tag == "PMID" and "PMID" in known)


def _not_indented(_tag: str, line: str) -> bool:
    return not line[0].isspace()


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:
    for tagged in tagged_records(source, problems, _TAG, _starts, _not_indented, "nbib"):
        if tagged.first(*_TELLING):
            problems += _of_two(tagged, source)
            yield row(tagged.line, _record(tagged))
        else:
            found = f"the tags {', '.join(dict(tagged.fields))} alone"
            problems.append(Problem(source.name, f"line {tagged.line}", found, "a record"))


def _of_two(tagged: Tagged, source: Source) -> list[Problem]:
    """Tell a record that swallowed the next: the line at which that began is damaged."""
    expected = "once (the start of a record may be damaged)"
    where = f"line {tagged.line}"
    twice = [f"{tag} twice in one record" for tag in _ONCE if len(tagged.all(tag)) > 1]
    return [Problem(source.name, where, found, expected, kept=True) for found in twice]


def _record(tagged: Tagged) -> dict[str, Any]:
    first, every = tagged.first, tagged.all
    kinds, pmid = every("PT"), first("PMID")
    number = next(filter(_is_doi, every("LID", "AID")), None)
    book = first("BTI")
    return {
        "record_id": f"pmid:{pmid}" if pmid else first("OID"),
        "type": _type(kinds, bool(book)),
        "native_type": "; ".join(kinds),
        "title": first("TI", "BTI", "TT"),
        "authors": people(_people(tagged, "FAU", "AU")),
        "editors": people(_people(tagged, "FED", "ED")),
        "year": first("DP"),
        "date": first("DP"),
        "venue": first("JT", "TA") or (book if first("TI") else None),
        "volume": first("VI"),
        "number": first("IP"),
        "pages": first("PG"),
        "doi": number,
        "ids": serials(*every("IS", "ISBN"))
        | {"pmid": pmid or "", "pmcid": first("PMC") or ""}
        | trials("; ".join(every("SI"))),
        "accession": {"ERIC": first("OID")} if first("OID") else None,
        "abstract": first("AB"),
        "language": "; ".join(every("LA")),
        "keywords": list(dict.fromkeys(every("MH", "OT"))),
        "publisher": first("PB"),
        "place": first("PL"),
        "edition": first("EN"),
        "series": first("CTI"),
        "notes": every("GN"),
        "database": first("OWN"),
        "nbib:LID": every("LID"),
        "nbib:AID": [text for text in every("AID") if text != number],
        "nbib:DP": first("DP") if _says_more(first("DP") or "") else None,
        "nbib:IS": every("IS") if "(" in " ".join(every("IS")) else no_serials(every("IS")),
        "nbib:ISBN": no_serials(every("ISBN")),
        "nbib:PT": kinds,
        "nbib:MH": every("MH"),
        "nbib:SI": every("SI"),
    } | tagged.others("nbib", _USED, _WHOLE, "AD AUID LA")


def _is_doi(number: str) -> bool:
    """`10.5555/a [doi]`, or a DOI or its address of which no kind is said, as ERIC has it."""
    kind = re.search(r"\[\w+\]$", number)
    return kind[0] == "[doi]" if kind else doi(number) is not None


def _type(kinds: list[str], book: bool) -> str | None:
    if book:
        return "incollection" if "Book" not in kinds else "book"
    return next((kind for kind in _TYPES if kind in kinds), next(iter(kinds), None))


def _says_more(date: str) -> bool:
    """Whether a date is more than year, month and day: `2017 Mar-Apr`, `2018 Winter`."""
    return re.fullmatch(r"\d{4}( (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( \d\d?)?)?",
                        date) is None  # fmt: skip


def _people(tagged: Tagged, full: str, short: str) -> list[Person | None]:
    """The persons and groups in their order, each with the affiliations that follow its name."""
    found: list[dict[str, Any]] = []
    before = list[str]()
    of_others = False
    for tag, text in _without_short_forms(tagged, full, short):
        if text and tag in (full, short):
            found.append({"name": text})
            of_others = False
        elif tag == "CN" and short == "AU":
            found.append({"name": text, "group": True})
        elif tag in _FULL:
            of_others = True  # and so are the affiliations that follow
        elif of_others:
            continue
        elif tag == "AUID" and found:
            _identify(found[-1], text)
        elif tag == "AD":
            (found[-1].setdefault("affiliation", []) if found else before).append(text)
    if found and before:
        found[0]["affiliation"] = before + found[0].get("affiliation", [])
    return [_person(one) for one in found]


def _without_short_forms(tagged: Tagged, full: str, short: str) -> Iterator[tuple[str, str]]:
    """The fields but for short names that stand in full, too, behind or (rarer) before them."""
    families = list[str]()  # of full names whose short form is yet to come
    ahead = [name for tag, name in tagged.fields if tag == full]
    early = set[str]()  # full names whose short form came before them
    for tag, text in tagged.fields:
        if tag == full:
            ahead.remove(text)
            families += [_family(text)] if text and text not in early else []
            early -= {text}
        if tag != short or not (
            _is_short_form(text, families) or _comes_in_full(text, ahead, early)
        ):
            yield tag, text


def _is_short_form(name: str, families: list[str]) -> bool:
    """Tell the short form of a full name, whose family is then taken off the list."""
    fits = sorted(filter(name.casefold().startswith, families), key=len)
    if fits:
        families.remove(fits[-1])
    return bool(fits)


def _comes_in_full(name: str, ahead: list[str], early: set[str]) -> bool:
    """Tell the short form of a full name that follows: same family, same first initial."""
    for full in ahead:
        initial = full.partition(", ")[2][:1].casefold()
        if full not in early and name.casefold().startswith(f"{_family(full)} {initial}"):
            early.add(full)
            return True
    return False


def _family(full: str) -> str:
    return full.partition(", ")[0].casefold()


def _identify(author: dict[str, Any], text: str) -> None:
    kind, _, number = text.partition("- ")
    if found := orcid(text):
        author["orcid"] = found
    elif number.strip():
        author.setdefault("ids", {})[kind.strip().lower()] = number.strip()


def _person(one: dict[str, Any]) -> Person | None:
    one["email"] = email(" ".join(one.get("affiliation", [])))
    family, comma, given = one["name"].partition(", ")
    if one.pop("group", False):
        return group(**one)
    # else a suffix or a role: `Adams, John, Jr`, `Adams, John Jr`
    if comma and not re.search(r", |[(\[]", given) and not parse_name(one["name"]).suffix:
        return person(family=family, given=given, **one)
    return person(**one)


NBIB = streamed("PubMed's nbib format", (".nbib", ".medline"), _is_nbib, _rows)
