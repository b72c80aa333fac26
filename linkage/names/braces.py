"""BibTeX's lists of names, in which braces hold a name together."""

from __future__ import annotations

import re

from linkage.names.words import squeeze

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


def cut_braced(text: str) -> tuple[list[str], bool] | None:
    """Cut BibTeX in which a name is wholly in braces; None if there is no such name."""
    names = split_at_and(text)
    if not any(re.fullmatch(r"\{[^{}]*\s[^{}]*\}", name) for name in names):
        return None
    more = names[-1:] == ["others"]
    return names[:-1] if more else names, more
