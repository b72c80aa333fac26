"""Affiliations that an author string prints behind its names: `Ann Bell, University of Oslo`."""

from __future__ import annotations

import re

from linkage.names.groups import is_group

# Where people work; other organisations (groups, societies) sign as authors themselves.
_INSTITUTION = re.compile(
    r"\b(?:univ(?:ersi\w*)?|dep(?:artmen)?t|departamento|institut[eo]?|inst|hospital|hosp|college|"
    r"faculty|facult[eé]|laborator(?:y|ies)|school of)\b",
    re.I,
)
# of four letters or more: three may be initials
_ACRONYM = re.compile(
    r"\b(?:CERN|CNRS|CONICET|CSIRO|DESY|EPFL|INFN|INRIA|INSERM|KAIST|NASA|NIST|NOAA|RIKEN|SLAC|UCLA"
    r"|USGS)\b"
)
_MARKS = ("univ", "dep", "inst", "hosp", "college", "facult", "laborat", "school of")
_SIGNS_ITSELF = re.compile(
    r"\b(?:group|team|study|consortium|collaborat\w+|investigators|network|committee|"
    r"society|association|press)\b",
    re.I,
)
_PLACES = frozenset(
    "costa rica|czech republic|hong kong|los angeles|new delhi|new york|new zealand|"
    "north carolina|peoples r china|pr china|puerto rico|republic of korea|rio de janeiro|"
    "san diego|san francisco|sao paulo|são paulo|saudi arabia|south africa|south korea|sri lanka|"
    "the netherlands|united arab emirates|united kingdom|united states".split("|")
)
_PARTED = re.compile(r"([;\n])")


def bracket_affiliations(text: str) -> str:
    """Put affiliations behind commas in brackets, where every name of a part has one.

    `Ann Bell, University of Oslo, Norway` gives `Ann Bell (University of Oslo, Norway)`.
    """
    low = text.lower()
    if "," not in low or "(" in low:
        return text
    if not any(mark in low for mark in _MARKS) and not _ACRONYM.search(text):
        return text
    parts = _PARTED.split(text)
    many = len(parts) > 1
    parts[::2] = [_bracketed(part, one_person=many) or part for part in parts[::2]]
    return "".join(parts)


def _bracketed(part: str, *, one_person: bool) -> str | None:
    """Names and affiliations by turns, the latter in brackets; None if they don't take turns."""
    rest = [segment.strip() for segment in part.split(",") if segment.strip()]
    people = []
    while rest:
        first = next((i for i, segment in enumerate(rest) if _is_institution(segment)), 0)
        end = first + 1
        while end < len(rest) and _goes_on(rest[end]):
            end += 1
        name, place = rest[:first], rest[first:end]
        # behind `Bell, Ann, University of Oslo` two words may be the next name
        words = sum(segment.isalpha() for segment in place)
        if not _is_one_person(name) or (len(name) > 1 < words and not one_person):
            return None
        people.append(f" {', '.join(name)} ({', '.join(place)})")
        rest = rest[end:]
    return ",".join(people) if len(people) == 1 or not one_person else None


def _is_one_person(segments: list[str]) -> bool:
    """Tell `Ann Bell` and `Bell`, `Ann B.` from none and several, as far as words can."""
    if len(segments) == 1:
        return 1 < len(segments[0].split()) < 5 and not is_group(segments[0])
    return len(segments) == 2 and " " not in segments[0] and len(segments[1].split()) < 4


def _is_institution(segment: str) -> bool:
    named = _INSTITUTION.search(segment) or _ACRONYM.fullmatch(segment)
    return named is not None and not _SIGNS_ITSELF.search(segment)


def _goes_on(segment: str) -> bool:
    """Whether a segment goes on with an address: a word, a place, a number, its institution."""
    is_place = " " not in segment or segment.lower().rstrip(".") in _PLACES
    return is_place or any(map(str.isdigit, segment)) or _is_institution(segment)
