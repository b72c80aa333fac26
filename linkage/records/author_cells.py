"""The `authors` cell of a record: from any shape that sources use to a list of author dicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.names.author_strings import holds_several, says_nobody
from linkage.names.initials import dot_names
from linkage.names.parse import Name, parse_name, split_authors
from linkage.names.plain import plain_name
from linkage.names.words import DEGREES
from linkage.records.cells import flag, from_json, text, tidy

Author = dict[str, Any]  # keys from schema.AUTHOR_FIELDS, "name" always there

_FIELD = {
    **dict.fromkeys(("name", "full_name", "fullname", "display_name", "literal"), "name"),
    **dict.fromkeys(("given", "first", "first_name", "firstname", "given_name"), "given"),
    **dict.fromkeys(("family", "last", "last_name", "lastname", "surname"), "family"),
    **{key: key for key in ("particle", "suffix", "homonym", "group", "email", "orcid", "ids")},
    **dict.fromkeys(("affiliation", "affiliations", "institution"), "affiliation"),
    "family_name": "family",
    **dict.fromkeys(("mail", "e-mail", "email_address"), "email"),
}
_PACKED = (pa.string(), pa.large_string(), pa.bool_())
_ET_AL = re.compile(r"(?:and |& ?)?(?:et\.? al\.?|(?:\d{1,6} )?others|…|\.\.\.)", re.IGNORECASE)
_OF_A_NAME = {"name", "given", "family", "literal", "group"}
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.IGNORECASE)


class AuthorCell(NamedTuple):
    """A read `authors` cell; `authors` is None where nothing is said, `nulls` counts null ones."""

    authors: list[Author] | None
    truncated: bool = False
    nulls: int = 0


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
    return AuthorCell([_as_author(name) for name in names], truncated)


def _from_list(items: list[object]) -> AuthorCell:
    truncated = bool(items) and _is_et_al(items[-1])
    read: list[Author | None] = []
    for item in _with_stops(items[:-1] if truncated else items):
        if isinstance(item, str) and holds_several(item):
            cell = _from_text(text(item) or "")
            read.extend(cell.authors or [])
            truncated |= cell.truncated
        else:
            read.append(author(item))
    return _gathered(read, truncated)


def _with_stops(items: list[object]) -> Sequence[object]:
    """Names as a list holds them, with stops behind initials that only the others tell."""
    printed = [item for item in items if isinstance(item, str)]
    return dot_names(printed) if len(printed) == len(items) else items


def _gathered(read: list[Any], truncated: bool = False) -> AuthorCell:
    """The cell of authors of whom some are None or empty, though hardly ever."""
    some = read if all(read) else [person for person in read if person]
    nulls = len(read) - len(some)
    found = [person for person in some if not says_nobody(person["name"])]
    return AuthorCell(found if some or not nulls else None, truncated, nulls)


def is_packed(dtype: object) -> bool:
    """Whether `packed_cells` reads a column of this type: Arrow lists of objects of texts."""
    kind = dtype.pyarrow_dtype if isinstance(dtype, pd.ArrowDtype) else pa.null()
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return False
    fields = list(kind.value_type) if pa.types.is_struct(kind.value_type) else []
    return bool(fields) and all(field.type in _PACKED for field in fields)


def packed_cells(slices: Iterable[pa.ChunkedArray]) -> Iterator[AuthorCell]:
    """`author_cell` of each cell of a packed column (see `is_packed`), without unpacking it."""
    for chunk in (chunk for one in slices for chunk in one.chunks):
        authors = map(dict.copy, _read_objects(chunk.flatten()))
        for length in chunk.value_lengths().to_pylist():
            listed = list(islice(authors, length or 0))
            yield AuthorCell(None) if length is None else _gathered(listed)


def _read_objects(people: pa.StructArray) -> Iterator[Author]:
    """`_read_object` of each, which is called once for all that are the same."""
    names = [field.name for field in people.type]
    if names == ["name"]:
        coded = people.flatten()[0].dictionary_encode()
        different = [*map(_read_name, coded.dictionary.to_pylist()), _read_name(None)]
        return map(different.__getitem__, coded.indices.fill_null(-1).to_pylist())
    fields = (values.to_numpy(zero_copy_only=False).tolist() for values in people.flatten())
    return map(_reader_of(tuple(names)), *fields)


@lru_cache(maxsize=4)
def _reader_of(fields: tuple[str, ...]) -> Callable[..., Author]:
    """`_read_object` of objects with these fields, taking their values."""
    read = lambda *values: _read_object(tuple(zip(fields, values, strict=True)))  # noqa: E731
    return lru_cache(maxsize=1 << 15)(read)


def _read_name(name: str | None) -> Author:
    """Read an object of nothing but a name, which in the plainest shapes is as printed already."""
    if name and (plain := plain_name(name)):
        return {"name": name, "given": plain[0], "family": plain[1]}
    return _read_object((("name", name),))


def _is_et_al(item: object) -> bool:
    if isinstance(item, Mapping) and item.keys() <= _OF_A_NAME:
        family = None if item.get("given") else item.get("family")
        item = item.get("name") or item.get("literal") or family
    return isinstance(item, str) and _ET_AL.fullmatch(item.strip()) is not None


def author(item: object) -> Author | None:
    """Read one author, a name as printed or an object; None if there is no name in it."""
    if isinstance(item, Mapping):
        return _from_object(item)
    # the same few names stand in a table over and over
    return dict(_parsed(item if isinstance(item, str) else text(item) or "")) or None


@lru_cache(maxsize=1 << 15)
def _parsed(printed: str) -> tuple[tuple[str, Any], ...]:
    cleaned = text(printed)
    if cleaned is None:
        return ()
    # an address in the place of a name: nothing can be parsed, but somebody stands there
    return tuple((_named(cleaned) or {"name": cleaned, "family": cleaned}).items())


def _from_object(item: Mapping[Any, Any]) -> Author | None:
    fields = tuple(item.items())
    try:
        return dict(_cached_object(fields)) or None
    except TypeError:  # a list in it
        return dict(_read_object(fields)) or None


def _read_object(fields: tuple[tuple[Any, Any], ...]) -> Author:
    person: Author = {}
    for key, value in fields:
        field = _FIELD.get(str(key).lower())
        if field and (cleaned := _field_value(field, value)):
            person.setdefault(field, cleaned)
    return _completed(person)


_cached_object = lru_cache(maxsize=1 << 15)(_read_object)


def _field_value(field: str, value: object) -> str | bool | dict[str, str] | None:
    if field == "group":
        return flag(value)
    if field == "ids":
        pairs = value.items() if isinstance(value, Mapping) else ()
        read = {str(kind): text(number) for kind, number in pairs}
        return {kind: number for kind, number in read.items() if number} or None
    if field == "affiliation" and isinstance(value, list | Mapping):
        listed = value if isinstance(value, list) else [value]
        places = (place.get("name") if isinstance(place, Mapping) else place for place in listed)
        return "; ".join(filter(None, map(text, places))) or None
    if field == "orcid":
        match = _ORCID.search(text(value) or "")
        return match[0].upper() if match else None
    if field == "suffix":
        return _suffix(text(value))
    if field == "given" and isinstance(value, str) and value == value.upper():
        return tidy(value) or None  # N. A. printed as "NA" is not missing
    return text(value)


def _suffix(printed: str | None) -> str | None:
    """`Jr.` of `Jr., PhD`; None for a degree."""
    words = (printed or "").split(",")[0].strip()
    return None if words.replace(".", "").lower() in DEGREES else words or None


def _completed(person: Author) -> Author:
    """Add what follows from the rest: the parts of a name, or the name made of its parts."""
    parts = [person[field] for field in ("family", "given") if field in person]
    if "name" not in person and (not parts or text(", ".join(parts)) is None):
        return {}  # of "NA" alone nobody can say that it is a name
    person.setdefault("name", ", ".join(parts))
    if person.get("group"):
        return person
    if "family" not in person:
        person.pop("given", None)
        return _named(person["name"]) | person
    if " " in parts[0] and "given" in person and "particle" not in person:
        # "van den Driessche" given as the family name: the particle stands apart in our names
        person |= {k: v for k, v in _as_author(parse_name(", ".join(parts))).items() if k != "name"}
    return person


def _named(printed: str) -> Author:
    if plain := plain_name(printed):
        return {"name": printed, "given": plain[0], "family": plain[1]}
    return _as_author(parse_name(printed))


def _as_author(name: Name) -> Author:
    return {field: value for field, value in zip(name._fields, name, strict=True) if value}
