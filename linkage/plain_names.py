"""The plainest shapes of names, which nine of ten printed names have, read by one expression each.

`linkage.names` takes every shape apart; this gives the same for these few, ten times faster.
"""

from __future__ import annotations

import re

from linkage.name_words import (
    DEGREES,
    GROUP_WORDS,
    PARTICLES,
    SUFFIXES,
    TITLES,
    WEAK_GROUP_WORDS,
    fold,
)

_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_WORD = f"[{_UPPER}][{_LOWER}]+"
_INITIALS = rf"[{_UPPER}]\.(?:-?[{_UPPER}]\.)*"
_GIVEN = f"(?:{_WORD}(?:-{_WORD})?|{_INITIALS})(?: (?:{_WORD}|{_INITIALS}))*"
_BARE = "[A-Z]{1,2}(?: [A-Z])*"  # initials
_FAMILY = f"[{_UPPER}](?=[{_LOWER}]*[aeiouy])[{_LOWER}]+"

_FIRST_LAST = re.compile(f"({_GIVEN}|{_BARE}) ({_FAMILY})")
_LAST_FIRST = re.compile(f"({_FAMILY}), ({_GIVEN}|[A-Z]{{1,2}})")
_LAST_INITIALS = re.compile(rf"({_FAMILY}) ({_BARE}|[A-Z]\.(?: [A-Z]\.)*)")
# Words that may mean more than a name, wherever they stand.
_TELLING = GROUP_WORDS | WEAK_GROUP_WORDS | PARTICLES | DEGREES | TITLES | SUFFIXES.keys()


def plain_name(text: str) -> tuple[str, str] | None:
    """Given and family name of `Ana B. Li`, `Li, Ana B.` and `Smith JB`; None for other shapes."""
    if "," in text:
        found = _LAST_FIRST.fullmatch(text)
        family, given = found.groups() if found else ("", "")
    elif found := _FIRST_LAST.fullmatch(text):
        given, family = found.groups()
    else:
        found = _LAST_INITIALS.fullmatch(text)
        family, given = found.groups() if found else ("", "")
    return (given, family) if found and _TELLING.isdisjoint(_words(text)) else None


def _words(text: str) -> list[str]:
    text = text.replace(",", "")
    return (text.lower() if text.isascii() else fold(text)).split()
