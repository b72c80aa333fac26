"""Years that stand in another field: citations run their parts into each other."""

from __future__ import annotations

import re

_YEAR = r"((?:19|20)\d\d)"
# set off like a date: "(1989) On ...", "Lee, W. 2000 . On ...", "On moss, 1994"; not "SQL: 1999"
_SET_OFF = re.compile(rf"(?:^|[.,;(\[])\s*{_YEAR}[a-z]?\s*(?:[)\].,;:]|$)")
_ANY = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_BEFORE = re.compile(rf"[\W_]*{_YEAR}[a-z]?\s*[)\].,][\s.,:)\]]*")


def stated_year(title: str, venue: str) -> int | None:
    """The year that is set off in a title, else any that a venue names; None without one."""
    found = _SET_OFF.search(title)
    found = found or _ANY.search(venue)
    return int(found[1]) if found else None


def without_year(title: str) -> str:
    """The title without a year set before it: `(1989) On moss` -> `On moss`."""
    if not any(map(str.isdigit, title[:4])):  # nearly always
        return title
    before = _BEFORE.match(title)
    return title[before.end() :] if before else title
