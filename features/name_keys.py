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


def split_name_key(key: str) -> NameKey:
    """Take a key apart; parts may be missing at its end. For whoever goes through many names once.

    There a memory of the last ones would never have the name, and take longer than this.
    """
    parts = key.split("|")
    if len(parts) != 5:
        parts = [*parts, *[""] * 5][:5]
    family, given, particle, suffix, homonym = parts
    words = tuple(family.split()), tuple(given.split()), tuple(particle.split()) if particle else ()
    return tuple.__new__(NameKey, (*words, suffix, homonym))  # half the time of `NameKey`


@lru_cache(maxsize=1 << 16)
def read_name_key(key: str) -> NameKey:
    """The same for whoever asks for the same names again and again."""
    return split_name_key(key)
