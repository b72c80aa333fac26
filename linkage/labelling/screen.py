"""Two records side by side in the terminal, and the answer that a person gives by one key."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping

import typer
from rich.table import Table
from rich.text import Text

from linkage.text.folding import fold

Card = Mapping[str, str]
_ID = "record_id"
_SAME, _DIFFERS, _UNKNOWN = "=", "≠", ""


def pair_table(left: Card, right: Card, title: str) -> Table:
    """Fields of two records (field -> text): `=` marks equal ones, `≠` those that differ.

    Their ids (field record_id) stand on top.

    Fields are equal when they are so without regard to case, accents and punctuation; of others
    the words that the other side lacks are in bold.
    """
    table = Table("", "", title=title, title_justify="left", expand=True)
    for card in (left, right):
        table.add_column(Text(card.get(_ID, "")), ratio=1)
    for field in dict.fromkeys([*left, *right]):
        if field == _ID:
            continue
        a, b = left.get(field, ""), right.get(field, "")
        mark = _mark(a, b)
        style = "yellow" if mark == _DIFFERS else "dim" if mark == _SAME else ""
        shown = (
            [_mark_differences(a, b), _mark_differences(b, a)]
            if mark == _DIFFERS
            else [Text(a), Text(b)]
        )
        table.add_row(mark, field.replace("_", " "), *shown, style=style)
    return table


def read_key(known: Collection[str]) -> str:
    """The next answer: a key, or the first letter of a line where stdin is not a terminal.

    Anything but the `known` keys is passed over. "" at the end of input.
    """
    while key := _next_key():
        if (letter := key.strip()[:1].lower()) in known and letter:
            return letter
    return ""


def _next_key() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    try:
        return typer.getchar()
    except EOFError:  # Ctrl-D
        return ""


def _mark(a: str, b: str) -> str:
    if not a or not b:
        return _UNKNOWN
    return _SAME if a == b or fold(a) == fold(b) != "" else _DIFFERS


def _mark_differences(value: str, other: str) -> Text:
    """The words of a value; those that the other lacks are in bold."""
    elsewhere = set(fold(other).split())
    text = Text()
    for number, word in enumerate(value.split()):
        parts = fold(word).split()
        shared = bool(parts) and elsewhere.issuperset(parts)
        text.append(f"{' ' if number else ''}")
        text.append(word, style="" if shared else "bold")
    return text
