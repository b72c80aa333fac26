"""Works from JSON of any shape: a line each, a list, the answer of an API, or a single one."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from linkage.errors import Problem
from linkage.readers.source import Source
from linkage.readers.streams import Row, lines

Work = dict[str, Any]
_LISTS = ("items", "results", "data", "works", "records", "references", "message")
_ONE_WORK = ("message", "data")  # of Crossref, of DataCite
_decode = msgspec.json.Decoder().decode
_decode_names = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_NEAR = 200
_OF_ANOTHER_KIND = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_NEXT = re.compile(r"[\]}]\s*,\s*(?=\{)|\n\s*(?=\{)")
_NAME = re.compile(r'(?<!\\)"([^"\\\n]{1,60})"\s{0,9}:')
_WITHIN = re.compile(r"[\[:,]\s*(?=\{)|\n\s*(?=\{)")


def names_in(source: Source, begins: tuple[str, ...] = ("[", "{")) -> frozenset[str]:
    """The names that values have in the first part of a JSON file; what values say is no name."""
    head = source.head.lstrip("\ufeff \t\r\n")
    return frozenset(_NAME.findall(head)) if head.startswith(begins) else frozenset()


def works(
    source: Source,
    problems: list[Problem],
    is_work: Callable[[Work], bool],
    read: frozenset[str] = frozenset(),
) -> Iterator[tuple[int, Work]]:
    """The works of a file, each with the number of its line or, of a list, its place there.

    Damaged and other lines and items are set aside, one by one.
    """
    first = _decoded(next((line for _, line in lines(source) if line.strip()), b""))
    if isinstance(first, dict) and (is_work(first) or not _listed(first)):
        yield from _from_lines(source, problems, is_work, read)
    else:
        yield from _from_text(source, problems, is_work)


def work_rows(
    source: Source,
    problems: list[Problem],
    is_work: Callable[[Work], bool],
    record: Callable[[Work], dict[str, Any]],
    read: frozenset[str] = frozenset(),
) -> Iterator[Row]:
    """The records that `record` makes of the works of a file.

    A value of another kind than the format has (a number for a list of authors) is set aside
    and the rest of its work kept, if that can be read without it. `read` names the values that
    `record` looks into: in lines the others stay JSON, which `carried` takes as it is.
    """
    for place, item in works(source, problems, is_work, read):
        try:
            yield row(place, record(item))
        except _OF_ANOTHER_KIND:
            item = {name: _value(value) for name, value in item.items()}
            yield from _without_a_value(place, item, source, problems, record)


def _without_a_value(
    place: int,
    item: Work,
    source: Source,
    problems: list[Problem],
    record: Callable[[Work], dict[str, Any]],
) -> Iterator[Row]:
    where = f"work {place}"
    for name, value in item.items():
        try:
            found = row(place, record({n: v for n, v in item.items() if n != name}))
        except _OF_ANOTHER_KIND:
            continue
        shown = f"{name}: {_shown(json.dumps(value))}"
        expected = "a value of the kind that the format has there"
        problems.append(Problem(source.name, where, shown, expected, kept=True))
        yield found
        return
    _set_aside(where, json.dumps(item), source, problems)


def _from_lines(
    source: Source,
    problems: list[Problem],
    is_work: Callable[[Work], bool],
    read: frozenset[str],
) -> Iterator[tuple[int, Work]]:
    for number, line in lines(source):
        in_part = read and b'": ' not in line[:_NEAR]  # with blanks JSON is not as we write it
        item = (_decoded_in_part(line, read) if in_part else None) or _decoded(line)
        if isinstance(item, dict) and is_work(item):
            if line.count(b'"title"') > 1:  # the end of one line and the start of the next
                _tell_twice(f"line {number}", _read_with_twins(line), source, problems)
            yield number, item
        elif line.strip():
            _set_aside(f"line {number}", line.decode("utf-8", "replace"), source, problems)


def _decoded_in_part(line: bytes, read: frozenset[str]) -> Work | None:
    """A work of which these values are decoded and all others JSON; None if it is no object."""
    try:
        item: Work = _decode_names(line)
        for name in item.keys() & read:
            item[name] = _decode(item[name])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return item


def _value(value: Any) -> Any:
    return _decode(value) if isinstance(value, msgspec.Raw) else value


def _decoded(line: bytes) -> Any:
    try:
        return _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:  # a BOM, other encodings than UTF-8, numbers that are none: NaN
        return json.loads(line.decode("utf-8", "replace").replace("\ufeff", ""))
    except (ValueError, RecursionError):
        return None


def _listed(item: Any) -> list[Any] | None:
    """The list of works in the answer of an API, if it is one."""
    if isinstance(item, list):
        return item
    for name in _LISTS if isinstance(item, dict) else ():
        if isinstance(item.get(name), list | dict):
            inner = item[name]
            deeper = _listed(inner) if isinstance(inner, dict) else inner
            if deeper is not None and any(isinstance(one, dict) for one in deeper):
                return deeper
            if name in _ONE_WORK and isinstance(inner, dict):
                return [inner]
    return None


def _from_text(
    source: Source, problems: list[Problem], is_work: Callable[[Work], bool]
) -> Iterator[tuple[int, Work]]:
    text = source.text(problems).lstrip("\ufeff \t\r\n")
    try:
        whole = json.loads(text, object_pairs_hook=read_object)
    except (ValueError, RecursionError) as error:
        yield from _salvaged(text, _damage(error, text), source, problems, is_work)
        return
    listed = _listed(whole) if not (isinstance(whole, dict) and is_work(whole)) else None
    for number, item in enumerate(listed if listed is not None else [whole], start=1):
        if isinstance(item, dict) and is_work(item):
            _tell_twice(f"item {number}", item, source, problems)
            yield number, item
        else:
            _set_aside(f"item {number}", json.dumps(item), source, problems)


def _damage(error: Exception, text: str) -> tuple[int, str]:
    """Where JSON is damaged, and what `json` says of it."""
    if isinstance(error, json.JSONDecodeError):
        return error.pos, error.msg
    return len(text), "lists too deep"


def _salvaged(
    text: str,
    damage: tuple[int, str],
    source: Source,
    problems: list[Problem],
    is_work: Callable[[Work], bool],
) -> Iterator[tuple[int, Work]]:
    """The whole works of a text that is damaged or was cut off, with their lines.

    Up to the first work any object may be one; what follows damage begins where a list goes on.
    """
    decoder, at, read, told = _WITH_TWINS, 0, False, len(problems)
    start: int | None = None  # of what can't be read
    first, reason = damage
    ends = [match.start() for match in re.finditer("\n", text)]
    while (at := text.find("{", at)) >= 0:
        try:
            item, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            start = at if read and start is None else start
            following = (_NEXT if read else _WITHIN).search(text, at + 1)
            at = following.end() if following else len(text)
            continue
        if isinstance(item, dict) and is_work(item):
            if not read and first < at:
                problems.append(_damaged_json(_lines(text, ends, first, at), reason, source))
            elif start is not None:
                _set_aside(_lines(text, ends, start, at), text[start:at], source, problems)
            read, start, line = True, None, bisect_left(ends, at) + 1
            _tell_twice(f"line {line}", item, source, problems)
            yield line, item
        at = end
    if start is not None:
        _set_aside(_lines(text, ends, start, len(text)), text[start:], source, problems)
    elif len(problems) == told:  # after the last whole work, or there is none
        place = "the file" if first == len(text) else _lines(text, ends, first, first)
        problems.append(_damaged_json(place, reason, source))


def _damaged_json(where: str, reason: str, source: Source) -> Problem:
    return Problem(source.name, where, f"damaged JSON ({reason})", "one complete work as JSON")


def _lines(text: str, ends: list[int], start: int, end: int) -> str:
    """The lines from one place to another, which white space and brackets at the end don't add to.

    `ends` are the places of the line ends.
    """
    filled = start + len(text[start:end].rstrip(" \t\r\n,[]"))
    first, last = bisect_left(ends, start) + 1, bisect_left(ends, filled) + 1
    return f"lines {first}-{last}" if last > first else f"line {first}"


class NameTwice(dict[str, Any]):
    """An object in which one name stands twice; the last value counts."""


def read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The `object_pairs_hook` of `json` that remembers names that stand twice."""
    item = dict(pairs)
    return item if len(item) == len(pairs) else NameTwice(pairs)


_WITH_TWINS = json.JSONDecoder(object_pairs_hook=read_object)


def _read_with_twins(line: bytes) -> Any:
    try:
        return _WITH_TWINS.decode(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _has_twice(value: Any) -> bool:
    """Whether an object in the value, or the value itself, has one name twice."""
    if isinstance(value, NameTwice):
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_has_twice, inner))


def _tell_twice(where: str, item: Any, source: Source, problems: list[Problem]) -> None:
    if _has_twice(item):
        problems.append(Problem(source.name, where, "one name twice", "each name once", kept=True))


def _set_aside(where: str, item: str, source: Source, problems: list[Problem]) -> None:
    expected = "one complete work as JSON"
    problems.append(Problem(source.name, where, repr(_shown(item)), expected))


def _shown(item: str) -> str:
    shown = " ".join(item.split())
    return shown if len(shown) <= 40 else f"{shown[:20]} … {shown[-15:]}"


def carried(work: Work, form: str, used: frozenset[str]) -> dict[str, str | list[str]]:
    """What has no column, under its own name after that of the format; objects as JSON."""
    found: dict[str, str | list[str]] = {}
    prefix = f"{form}:"
    for name, value in work.items():
        if name in used:
            continue
        if type(value) is msgspec.Raw:
            printed = str(value, "utf-8")
            if printed.startswith(("[{", '{"')) and "\\" not in printed:
                found[prefix + name] = printed  # as we would write it, too
                continue
            value = _decode(value)
        if value or value == 0:
            found[prefix + name] = _as_text(value)
    return found


def _as_text(value: Any) -> str | list[str]:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and {*map(type, value)} == {str}:
        return value
    return msgspec.json.encode(value).decode()


def first(value: Any) -> Any:
    """The first of a list; what is no list as it is."""
    return next(iter(value), None) if isinstance(value, list) else value


def texts(value: Any) -> list[str]:
    """A text, or a list of them; raises `TypeError` for other kinds."""
    if not isinstance(value, str | list | None):
        raise TypeError
    return [value] if isinstance(value, str) else value or []


def row(number: int, record: dict[str, Any]) -> Row:
    """A record without what it does not say, at its place; the title is always there."""
    found = {"title": None} | {name: cell for name, cell in record.items() if cell or cell == 0}
    if "ids" in found:
        found["ids"] = {kind: number for kind, number in found["ids"].items() if number}
        if not found["ids"]:
            del found["ids"]
    return Row(number, found)
