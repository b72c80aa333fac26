"""JSON Lines (one object a line) and a JSON array of objects."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from linkage.errors import InputError, Problem
from linkage.readers.json.json_works import NameTwice, read_object
from linkage.readers.source import Reader, Source
from linkage.records.cells import is_deep

_TOO_DEEP = "lists nested deeper than 100"
_SUFFIXES = (".jsonl", ".ndjson", ".json")


def _is_json(source: Source) -> bool:
    head = source.head.lstrip("\ufeff \t\r\n")
    # a damaged first line does not make another format of it
    return head.startswith(("[", "{")) or (source.suffix in _SUFFIXES and "\n{" in head)


def _read(source: Source, problems: list[Problem]) -> pd.DataFrame:
    text = source.text(problems)
    if text.lstrip("\ufeff \t\r\n").startswith("["):
        return _frame(_from_array(text, source, problems)).rename_axis(index="item")
    rows = _from_lines(text, source, problems)
    if not rows:
        why = f" ({problems[-1]})" if problems else ""
        found = f"no JSON object on a line of its own{why}"
        raise InputError(
            f"{source.path}: found {found}, expected JSON Lines or an array of objects"
        )
    return _frame(rows)


def _frame(rows: dict[int, dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows.values()), index=list(rows), dtype=object)


def _from_array(text: str, source: Source, problems: list[Problem]) -> dict[int, dict[str, Any]]:
    if is_deep(text):
        raise InputError(f"{source.path}: found {_TOO_DEEP}, expected objects")
    try:
        items = json.loads(text.lstrip("\ufeff"), object_pairs_hook=read_object)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source.path}: not a complete JSON array ({error})") from error
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            _set_aside(f"item {number}", item, source, problems)
        _note_twice(f"item {number}", item, source, problems)
    return {n: item for n, item in enumerate(items, start=1) if isinstance(item, dict)}


def _from_lines(text: str, source: Source, problems: list[Problem]) -> dict[int, dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    # not splitlines(): JSON strings may hold line separators such as U+2028
    lines = text.lstrip("\ufeff").split("\n" if "\n" in text else "\r")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            deep = is_deep(line)
            item = _TOO_DEEP if deep else json.loads(line, object_pairs_hook=read_object)
        except (ValueError, RecursionError):
            item = line
        if isinstance(item, dict):
            rows[number] = item
            _note_twice(f"line {number}", item, source, problems)
        else:
            _set_aside(f"line {number}", item, source, problems)
    return rows


def _note_twice(where: str, item: object, source: Source, problems: list[Problem]) -> None:
    if isinstance(item, NameTwice):
        problems.append(Problem(source.name, where, "one name twice", "each name once", kept=True))


def _set_aside(where: str, item: object, source: Source, problems: list[Problem]) -> None:
    shown = str(item).strip()
    found = shown if len(shown) <= 40 else f"{shown[:20]} … {shown[-15:]}"
    problems.append(Problem(source.name, where, repr(found), "one complete JSON object"))


JSON = Reader(
    "JSON Lines or a JSON array of objects",
    _SUFFIXES,
    _is_json,
    _read,
    tabular=True,
)
