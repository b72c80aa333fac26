"""BibTeX's lists of names, in which braces hold a name together."""

from __future__ import annotations

import re

from linkage.names.groups import is_group
from linkage.names.words import is_common_given_name, squeeze

_BRACED_FAMILY = re.compile(r"([^{},]+) (\{[^{}\\,]* [^{}\\,]*\})")
_AND_OUTSIDE = re.compile(r"\\.|[{}]|\sand\s", re.I)


def split_at_and(text: str) -> list[str]:
    """Cut BibTeX at each "and" outside braces, into names as they stand there."""
    text = squeeze(text)
    depth, start, pieces = 0, 0, []
    for match in _AND_OUTSIDE.finditer(text):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif depth == 0 and match[0][0] != "\\":
            pieces.append(text[start : match.start()])
            start = match.end()
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if piece.strip()]


def family_in_front(name: str) -> str:
    """`{Bell Dorn}, Ann` for `Ann {Bell Dorn}`: what braces hold together is the family name."""
    found = _BRACED_FAMILY.fullmatch(name)
    return f"{found[2]}, {found[1]}" if found else name


def _is_braced_person(name: str) -> bool:
    """Whether braces hold what can only be a person: `{Maria Bell}`, as each in its list has."""
    words = name[1:-1].split()
    known = 1 < len(words) < 4 and is_common_given_name(words[0]) and not is_group(name[1:-1])
    return known and name[0] == "{" and name.count("{") == 1 and name.endswith("}")


def cut_braced(text: str) -> tuple[list[str], bool] | None:
    """Cut BibTeX in which a name is wholly in braces; None if there is no such name."""
    names = [family_in_front(name) for name in split_at_and(text)]
    if len(names) > 1 and all(map(_is_braced_person, names)):
        return [name[1:-1] for name in names], False
    if not any(re.match(r"\{[^{}\\]*\s[^{}\\]*\}(?:,|$)", name) for name in names):
        return None
    more = names[-1:] == ["others"]
    return names[:-1] if more else names, more
