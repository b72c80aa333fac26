"""ORCID iDs in all their writings, and the check digit that tells a slip in one.

Source: ISO 7064 MOD 11-2, as ORCID describes it ("Structure of the ORCID Identifier",
support.orcid.org). All of them begin with 000; an ISNI has the same shape and is no ORCID.
"""

from __future__ import annotations

import re
from functools import lru_cache

_DASH = r"[\s\-\u2010-\u2015\u2212]?"
_DIGITS = rf"000\d{_DASH}\d{{4}}{_DASH}\d{{4}}{_DASH}\d{{3}}[\dX]"
_ORCID = re.compile(rf"(?P<isni>isni\D{{0,30}})?(?<!\d)(?P<digits>{_DIGITS})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1 << 15)  # one stands at all papers of a person
def orcids_in(printed: str) -> tuple[str, ...]:
    """The different ORCIDs in a text, as `0000-0002-1825-0097`, right or not, in its order.

    With or without hyphens, with blanks or dashes instead, in an address, with a lower-case x.
    """
    found = (match for match in _ORCID.finditer(printed) if not match["isni"])
    written = (re.sub(r"[^\dX]", "", match["digits"].upper()) for match in found)
    return tuple(dict.fromkeys("-".join(re.findall("....", one)) for one in written))


@lru_cache(maxsize=1 << 15)
def is_orcid(orcid: str) -> bool:
    """Whether the check digit of an ORCID, as `orcids_in` gives it, is right; not of 0000-...-0000.

    >>> is_orcid("0000-0002-1825-0097"), is_orcid("0000-0002-1825-0079")
    (True, False)
    """
    digits = orcid.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = 2 * (total + int(digit))
    return "0123456789X"[(12 - total % 11) % 11] == digits[-1]
