"""Affiliations that an author string prints behind its names: `Ann Bell, University of Oslo`."""

from __future__ import annotations

import re

from linkage.names.groups import is_group
from linkage.names.words import fold_name

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
# As addresses end; first names, too, are those of the second list
_COUNTRIES = frozenset(
    "afghanistan|albania|algeria|argentina|armenia|australia|austria|azerbaijan|bahrain|"
    "bangladesh|belarus|belgium|benin|bolivia|bosnia and herzegovina|botswana|brasil|brazil|"
    "bulgaria|burkina faso|cambodia|cameroon|canada|chile|china|colombia|costa rica|"
    "cote d ivoire|croatia|cyprus|czech republic|czechia|denmark|deutschland|ecuador|egypt|"
    "el salvador|england|estonia|ethiopia|fiji|finland|france|gabon|germany|ghana|greece|"
    "guatemala|honduras|hong kong|hungary|iceland|indonesia|iran|iraq|italia|italy|jamaica|"
    "japan|kazakhstan|korea|kuwait|kyrgyzstan|laos|latvia|lebanon|libya|lithuania|luxembourg|"
    "macau|malawi|malaysia|malta|mauritius|mexico|moldova|mongolia|montenegro|morocco|"
    "mozambique|myanmar|namibia|nepal|netherlands|new zealand|nicaragua|nigeria|"
    "north macedonia|northern ireland|norway|pakistan|palestine|panama|papua new guinea|"
    "paraguay|peoples r china|peoples republic of china|peru|philippines|poland|portugal|"
    "pr china|puerto rico|qatar|republic of korea|romania|russia|russian federation|rwanda|"
    "saudi arabia|scotland|senegal|serbia|singapore|slovakia|slovenia|south africa|south korea|"
    "spain|sri lanka|sweden|switzerland|syria|taiwan|tanzania|thailand|the netherlands|"
    "trinidad and tobago|tunisia|turkey|turkiye|u k|u s a|uae|uganda|uk|ukraine|"
    "united arab emirates|united kingdom|united states|united states of america|uruguay|usa|"
    "uzbekistan|venezuela|vietnam|wales|yemen|zambia|zimbabwe".split("|")
)
_COUNTRIES_AND_FIRST_NAMES = frozenset(
    "chad cuba georgia india ireland israel jordan kenya mali niger oman sudan togo".split()
)
_PARTED = re.compile(r"([;\n])")


def is_like_address(text: str, *, named: bool = False) -> bool:
    """Whether a text ends in a comma and a country: `Berlin, Germany`.

    `named`: not in one that people are called by, as in `Jordan, Chad`.
    """
    _, comma, country = text.rpartition(",")
    if not comma:
        return False
    country = fold_name(country)
    return country in _COUNTRIES or (not named and country in _COUNTRIES_AND_FIRST_NAMES)


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
