"""The key of a folded name, `family|given|particle|suffix|homonym`, taken apart."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class NameKey(NamedTuple):
    """The words of each part of a key; a part that is not there is empty."""

    family: tuple[str, ...]
    given: tuple[str, ...]
    particle: tuple[str, ...]
    suffix: str
    homonym: str


@lru_cache(maxsize=1 << 16)
def read_name_key(key: str) -> NameKey:
    """Take a key apart; parts may be missing at its end."""
    family, given, particle, suffix, homonym = (key.split("|") + [""] * 5)[:5]
    words = tuple(family.split()), tuple(given.split()), tuple(particle.split())
    return NameKey(*words, suffix, homonym)
