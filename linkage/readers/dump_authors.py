"""The author line of a record dump: `Family, Given, Family, Given, …`, with its damage.

A name without a second part is printed as `OpenAI, null`; punctuation that followed it became a
"name" of its own (`:, null`); a person whose two names came apart stands as `Wei, null, Li, null`.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from linkage.names.parse import parse_name

_NULL = "null"
_NO_WORD = re.compile(r"[\W_]*")
_SENTENCE = re.compile(r"[a-zà-ÿ]{3}[.?!]$|[?!;]")
_WORDS = 6  # the longest of a family or given name


class _Pair(NamedTuple):
    family: str
    given: str


def is_flat_author_line(line: str) -> bool:
    """Whether a line is a flattened list of names: pairs of short, capitalised parts."""
    parts = line.split(", ")
    if len(parts) < 2 or (len(parts) % 2 and len(parts) < 6):
        return False
    return all(len(part.split()) <= _WORDS and not _SENTENCE.search(part) for part in parts)


def flat_authors(line: str) -> tuple[list[str | dict[str, Any]], list[str]]:
    """Read the line; returns the authors and what was dropped because no name is in it."""
    authors: list[str | dict[str, Any]] = []
    dropped: list[str] = []
    pairs = _pairs(line)
    while pairs:
        pair, following = pairs[0], pairs[1] if len(pairs) > 1 else None
        pairs = pairs[1:]
        if not _name_in(pair):
            dropped.append(", ".join(pair))
        elif pair.given != _NULL:
            authors.append(", ".join(pair) if pair.family != _NULL else pair.given)
        elif _came_apart(pair, following):
            pairs = pairs[1:]
            authors.append(_joined(pair.family, following.family if following else ""))
        else:
            authors.append(_single(pair.family, following))
    return authors, dropped


def _pairs(line: str) -> list[_Pair]:
    parts = [part.strip() for part in line.split(",")]
    parts += [_NULL] * (len(parts) % 2)
    return [_Pair(*parts[i : i + 2]) for i in range(0, len(parts), 2)]


def _name_in(pair: _Pair) -> bool:
    return any(part != _NULL and not _NO_WORD.fullmatch(part) for part in pair)


def _came_apart(pair: _Pair, following: _Pair | None) -> bool:
    """Two single words in a row, neither with a second part nor an organisation: one person."""
    if following is None or following.given != _NULL or not _name_in(following):
        return False
    return all(len(p.family.split()) == 1 and not _is_group(p.family) for p in (pair, following))


def _is_group(name: str) -> bool:
    return bool(parse_name(name).group)


def _joined(given: str, family: str) -> dict[str, Any]:
    return {"name": f"{given} {family}", "given": given, "family": family}


def _single(name: str, following: _Pair | None) -> str | dict[str, Any]:
    # "OpenAI:" heads the list of its members: a colon follows an organisation, not a person
    if following is not None and following.family == ":":
        return {"name": name, "group": True}
    return name
