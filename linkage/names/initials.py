"""Initials without stops that could be a family name in capitals: told by the names beside them."""

from __future__ import annotations

import re

from linkage.names.given import SHORT_FAMILY_NAMES
from linkage.names.groups import is_group

_PARTED = re.compile(r"([,;\n]|\sand\s)")
_LAST_THREE = re.compile(r" ([A-Z]{3})(?=\s*[,;\n]|\sand\s|\s*$)")
_FAMILY_INITIALS = re.compile(r"[^\W\d_][^.,;]*[^\W\d_A-Z] ([A-Z]{1,3})")
# No family name is spelled so: A, BC, AB
_SURE = re.compile("[A-Z]|(?!NG)[B-DF-HJ-NP-TV-XZ]{2,3}|[AEIOU][B-DFJ-LP-TV-XZ][A-Z]?")


def dot_initials(text: str) -> str:
    """An author string in which `Hill KIM` beside `Moss AB` is `Hill K.I.M.`."""
    if not any(last[1].lower() in SHORT_FAMILY_NAMES for last in _LAST_THREE.finditer(text)):
        return text
    parts = _PARTED.split(text)
    parts[::2] = dot_names(parts[::2])
    return "".join(parts)


def dot_names(names: list[str]) -> list[str]:
    """The names, with stops behind what are initials if all names of the list end in initials."""
    unsure = [_may_be_family(name) for name in names]
    if not any(unsure):
        return names
    others = [name.strip() for name, doubt in zip(names, unsure, strict=True) if not doubt]
    ends = [_FAMILY_INITIALS.fullmatch(name) for name in others if name and not is_group(name)]
    sure = sum(end is not None and _SURE.fullmatch(end[1]) is not None for end in ends)
    if not sure or not all(ends) or sure * 2 < len(ends):
        return names
    return [_dotted(name) if doubt else name for name, doubt in zip(names, unsure, strict=True)]


def _may_be_family(name: str) -> bool:
    """Tell `Hill KIM` cheaply."""
    name = name.rstrip()
    return (
        name[-3:].lower() in SHORT_FAMILY_NAMES
        and name[-3:].isupper()
        and _FAMILY_INITIALS.fullmatch(name.lstrip()) is not None
    )


def _dotted(name: str) -> str:
    name = name.rstrip()
    return name[:-3] + "".join(f"{letter}." for letter in name[-3:])
