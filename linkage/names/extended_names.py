"""BibLaTeX's extended name format: `family=Abel, given=Ann, prefix=von and family=Brock`.

Described in the manual of biber, section "Extended name format".
"""

from __future__ import annotations

import re

_KEY = re.compile(r"(?:^|,)\s{0,9}([a-z-]{5,20})\s{0,9}=\s{0,9}(?=\S)", re.IGNORECASE)
_AND = re.compile(r"\sand\s", re.IGNORECASE)


def holds_extended_name(text: str) -> bool:
    """Whether a name is told by keys in an author string."""
    return "=" in text and ("family=" in text.replace(" ", "") or "given=" in text.replace(" ", ""))


def plain_names(text: str) -> str:
    """The author string with names that are told by keys as `von Abel, Jr, Ann`."""
    return " and ".join(_plain(name.strip()) for name in _AND.split(text))


def _plain(name: str) -> str:
    before, *pieces = _KEY.split(name)
    if before or not pieces:
        return name
    values = (value.strip(' "{}') for value in pieces[1::2])
    told = dict(zip(map(str.lower, pieces[::2]), values, strict=True))
    family = " ".join(filter(None, (told.get("prefix"), told.get("family"))))
    return ", ".join(filter(None, (family, told.get("suffix"), told.get("given"))))
