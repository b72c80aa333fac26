"""Authors and identifiers as sources give them, in the shape of the schema."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from linkage.records.cells import issn_isbn
from linkage.text.orcids import orcids_in

Person = dict[str, Any]  # keys from schema.AUTHOR_FIELDS, and `ids`
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def person(
    *, given: str | None = None, family: str | None = None, name: str | None = None, **more: Any
) -> Person | None:
    """An author of what is known of one; None where there is no name.

    `affiliation` may be a list. A family name alone, or a name, is as printed.
    """
    found = {"family": family, "given": given, **more}
    if not given and family and not more.get("group"):
        name, found["family"] = name or family, None
    elif not family and given:
        name, found["given"] = name or given, None
    if family and (particle := more.get("particle")) and not name:
        family = f"{particle} {family}"
    whole = name or ", ".join(part for part in (family, given) if part)
    if not whole:
        return None
    affiliation = found.get("affiliation")
    if isinstance(affiliation, list):
        printed = "; ".join(filter(None, affiliation))
        if "; " in printed:
            printed = "; ".join(dict.fromkeys(printed.split("; ")))
        found["affiliation"] = printed
    return {"name": whole} | {key: value for key, value in found.items() if value}


def group(name: str | None, **more: Any) -> Person | None:
    """An organisation or a study group as an author."""
    return person(name=name, family=name, group=True, **more) if name else None


def people(found: Iterable[Person | None]) -> list[Person] | None:
    """The authors there are; None where there is none."""
    return [one for one in found if one] or None


def orcid(text: str | None) -> str | None:
    """The ORCID that stands among other identifiers, with its hyphens: `0000-0002-1825-0097`.

    A field that holds nothing but ORCIDs is handed on as it is: `conform` reads it, and tells of
    what it can't read.
    """
    found = orcids_in(text) if text else ()
    return "; ".join(found) or None


def email(text: str | None) -> str | None:
    """The e-mail address that stands in a text, an affiliation mostly."""
    match = _EMAIL.search(text) if text and "@" in text else None
    return match[0] if match else None


def serials(*texts: str | None) -> dict[str, str]:
    """ISSN and ISBN as `ids`, wherever they stand in these texts."""
    return dict(_serials(" ; ".join(filter(None, texts))))


def no_serials(texts: Iterable[str | None]) -> list[str]:
    """Those of texts that should be ISSN or ISBN in which none stands, to be carried."""
    return [printed for printed in texts if printed and not _serials(printed)]


@lru_cache(maxsize=4096)  # the same journals again and again
def _serials(printed: str) -> dict[str, str]:
    return issn_isbn(printed)
