"""The `authors` cell of a record: from any shape that sources use to a list of author dicts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.names.author_strings import holds_several, nobody_in, says_nobody
from linkage.names.initials import dot_names
from linkage.names.parse import Name, parse_name, split_authors
from linkage.names.plain import plain_name
from linkage.names.words import DEGREES
from linkage.records.cells import SAID_MISSING, flag, from_json, text, tidy
from linkage.text.orcids import orcids_in

Author = dict[str, Any]  # keys from schema.AUTHOR_FIELDS, "name" always there

_CALLED = {  # in lower case, letters and digits only
    "name": "fullname displayname literal collectivename",
    "given": "first firstname givenname givennames forename forenames",
    "middle": "middlename middlenames",
    "family": "last lastname surname familyname",
    "affiliation": "affiliations affiliationinfo institution",
    "email": "mail emailaddress",
    "orcid": "orcidid orcidurl",
    **dict.fromkeys(("initials", "particle", "suffix", "homonym", "group", "ids"), ""),
}
_FIELD = {name: field for field, names in _CALLED.items() for name in [field, *names.split()]}
_NO_LETTERS = re.compile(r"[\W_]+")
_PLACES = ("name", "affiliation", "institution")
_PACKED = (pa.string(), pa.large_string(), pa.bool_())
_ET_AL = re.compile(r"(?:and |& ?)?(?:et\.? al\.?|(?:\d{1,6} )?others|…|\.\.\.)", re.IGNORECASE)
_FAMILIES = {"NA", "NULL", "Null", "None"}  # that people have, though they may say nothing
_OF_A_NAME = {"name", "given", "family", "literal", "group"}


class AuthorCell(NamedTuple):
    """A read `authors` cell; `authors` is None where nothing is said, `nulls` counts null ones.

    `nobody` is what stands in the place of names and names nobody: `Anonymous`, `NA`.
    """

    authors: list[Author] | None
    truncated: bool = False
    nulls: int = 0
    nobody: tuple[str, ...] = ()


def author_cell(value: object) -> AuthorCell:
    """Read one string, a list of names or a list of objects (also as JSON text in a CSV cell)."""
    value = from_json(value)
    if isinstance(value, Mapping):
        value = [value]
    if isinstance(value, list | tuple | np.ndarray):
        return _from_list(list(value))
    printed = text(value)
    return AuthorCell(None) if printed is None else _from_text(printed)


def _from_text(printed: str) -> AuthorCell:
    names, truncated = split_authors(printed)
    found = [_as_author(name) for name in names]
    return AuthorCell(found, truncated, nobody=tuple(nobody_in(printed)))


def _from_list(items: list[object]) -> AuthorCell:
    truncated = bool(items) and _is_et_al(items[-1])
    return gathered([*map(author, _with_stops(items[:-1] if truncated else items))], truncated)


def _with_stops(items: list[object]) -> Sequence[object]:
    """Names as a list holds them, with stops behind initials that only the others tell."""
    printed = [item for item in items if isinstance(item, str)]
    return dot_names(printed) if len(printed) == len(items) else items


def gathered(read: list[Any], truncated: bool = False) -> AuthorCell:
    """The cell of authors of whom some are None, empty, nobody or several, though hardly ever."""
    some = read if all(read) else [person for person in read if person]
    nulls = len(read) - len(some)
    if all(map(is_one, some)):
        return AuthorCell([*some] if some or not nulls else None, truncated, nulls)
    found: list[Author] = []
    nobody: list[str] = []
    for person in some:
        name = person["name"]
        cell = AuthorCell([person]) if is_one(person) else _from_text(name)
        if name in SAID_MISSING:
            cell = AuthorCell([], nobody=(name,))
        found += [person | one for one in cell.authors or []]
        nobody += cell.nobody
        truncated |= cell.truncated
    return AuthorCell(found, truncated, nulls, tuple(nobody))


def is_one(person: Author) -> bool:
    """Whether it is one person or group; else there is but a name, of nobody or of several."""
    return "family" in person or "group" in person


def _is_not_one(name: str) -> bool:
    return name in SAID_MISSING or says_nobody(name) or holds_several(name)


def is_packed(dtype: object) -> bool:
    """Whether a column of this type is packed: Arrow lists of objects of texts."""
    kind = dtype.pyarrow_dtype if isinstance(dtype, pd.ArrowDtype) else pa.null()
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return False
    fields = list(kind.value_type) if pa.types.is_struct(kind.value_type) else []
    return bool(fields) and all(field.type in _PACKED for field in fields)


def _is_et_al(item: object) -> bool:
    if isinstance(item, Mapping) and item.keys() <= _OF_A_NAME:
        family = None if item.get("given") else item.get("family")
        item = item.get("name") or item.get("literal") or family
    return isinstance(item, str) and _ET_AL.fullmatch(item.strip()) is not None


def author(item: object) -> Author | None:
    """Read one author, a name as printed or an object; None if there is no name in it.

    One without `family` and `group` is not one: `Anonymous`, `Bell J; Carr K`.
    """
    if isinstance(item, Mapping):
        return _from_object(item)
    # the same few names stand in a table over and over
    return dict(_parsed(item if isinstance(item, str) else text(item) or "")) or None


@lru_cache(maxsize=1 << 15)
def _parsed(printed: str) -> tuple[tuple[str, Any], ...]:
    cleaned = tidy(printed)
    if not cleaned or _is_not_one(cleaned):
        return (("name", cleaned),) if cleaned else ()
    # an address in the place of a name: nothing can be parsed, but somebody stands there
    return tuple((_named(cleaned) or {"name": cleaned, "family": cleaned}).items())


def _from_object(item: Mapping[Any, Any]) -> Author | None:
    fields = tuple(item.items())
    try:
        return dict(_cached_object(fields)) or None
    except TypeError:  # a list in it
        return dict(read_object(fields)) or None


def read_object(fields: tuple[tuple[Any, Any], ...]) -> Author:
    """Read the fields of an object, as `author` does; empty where there is no name in it."""
    person: Author = {}
    for key, value in fields:
        called = _NO_LETTERS.sub("", str(key).lower())
        field = _FIELD.get(called)
        if field and (cleaned := _field_value(field, value)):
            person.setdefault(field, cleaned)
            if called == "collectivename":
                person["group"] = True
    return _completed(_with_all_given_names(person))


def _with_all_given_names(person: Author) -> Author:
    """The person with a middle name, or initials alone, among the given names."""
    middle, initials = person.pop("middle", None), person.pop("initials", None)
    if given := " ".join(filter(None, (person.get("given"), middle))) or initials:
        person["given"] = given
    return person


_cached_object = lru_cache(maxsize=1 << 15)(read_object)


def _field_value(field: str, value: object) -> str | bool | dict[str, str] | None:
    if field == "group":
        return flag(value)
    if field == "ids":
        pairs = value.items() if isinstance(value, Mapping) else ()
        read = {str(kind): text(number) for kind, number in pairs}
        return {kind: number for kind, number in read.items() if number} or None
    if field == "affiliation" and isinstance(value, list | Mapping):
        listed = value if isinstance(value, list) else [value]
        return "; ".join(filter(None, map(_place, listed))) or None
    if field == "orcid":
        return _orcid(value)
    if field == "suffix":
        return _suffix(text(value))
    if field in ("name", "family") and isinstance(value, str):
        return tidy(value) or None  # `_completed` knows whether Null is a name
    if field in ("given", "initials") and value == "NA":
        return "NA"  # N. A.
    if field == "middle" and isinstance(value, list):
        return " ".join(filter(None, map(text, value))) or None
    return text(value)


def _orcid(value: object) -> str | None:
    """The one ORCID of a text or list; of several, or where none can be read, all as printed."""
    listed = value if isinstance(value, list) else [value]
    printed = "; ".join(filter(None, map(text, listed)))
    found = orcids_in(printed) if printed else ()
    return found[0] if len(found) == 1 else printed or None


def _place(listed: object) -> str | None:
    """One affiliation of several, a text or an object."""
    if isinstance(listed, Mapping):
        named = {str(key).lower(): value for key, value in listed.items()}
        listed = next((named[key] for key in _PLACES if named.get(key)), None)
    return text(listed)


def _suffix(printed: str | None) -> str | None:
    """`Jr.` of `Jr., PhD`; None for a degree."""
    words = (printed or "").split(",")[0].strip()
    return None if words.replace(".", "").lower() in DEGREES else words or None


def _completed(person: Author) -> Author:
    """Add what follows from the rest: the parts of a name, or the name made of its parts."""
    person = _without_missing(person)
    parts = [person[field] for field in ("family", "given") if field in person]
    if "name" not in person and not parts:
        return {}
    person.setdefault("name", ", ".join(parts))
    if person.get("family") in (None, person["name"]) and _are_not_one(person):
        return {field: person[field] for field in ("name", "affiliation") if field in person}
    if person.get("group"):
        return person
    if "family" not in person:
        person.pop("given", None)
        return _named(person["name"]) | person
    if " " in parts[0] and "given" in person and "particle" not in person:
        # "van den Driessche" given as the family name: the particle stands apart in our names
        person |= {k: v for k, v in _as_author(parse_name(", ".join(parts))).items() if k != "name"}
    return person


def _are_not_one(person: Author) -> bool:
    """Whether a name alone is of nobody or of several; a group's is of persons or its own."""
    name = person["name"]
    if name in SAID_MISSING or says_nobody(name):
        return True
    if not person.keys() <= {"name", "given", "group", "affiliation"} or not holds_several(name):
        return False  # what BibTeX has in braces is one, and has a family name
    return not person.get("group") or not any(one.group for one in split_authors(name).names)


def _without_missing(person: Author) -> Author:
    """The person without a name or family name that says that it is missing: `null`, `NA`.

    `Null, Ann` and `NA, Ann` may be people; of `NA` alone nobody can say that it is a name.
    """
    name, family = person.get("name", ""), person.get("family", "")
    if family and family in SAID_MISSING and (family not in _FAMILIES or "given" not in person):
        rest = {field: part for field, part in person.items() if field != "family"}
        person = {"name": family} | rest if rest.keys().isdisjoint(("name", "given")) else rest
    if name and name in SAID_MISSING and not person.keys().isdisjoint(("family", "given")):
        return {field: part for field, part in person.items() if field != "name"}
    if "given" not in person and name.startswith(f"{family}, ") and name not in SAID_MISSING:
        given = name.removeprefix(f"{family}, ")  # Abel, None
        return person | {"given": given} if family and given in SAID_MISSING else person
    return person


def _named(printed: str) -> Author:
    if plain := plain_name(printed):
        return {"name": printed, "given": plain[0], "family": plain[1]}
    return _as_author(parse_name(printed))


def _as_author(name: Name) -> Author:
    return {field: value for field, value in zip(name._fields, name, strict=True) if value}
