"""How alike two words of a name are: spelling, transliteration, nicknames, slips."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from nicknames import NickNamer
from rapidfuzz.distance import OSA, Prefix


class NameRelation(IntEnum):
    """Whether two names can be one person's, from "no" to "the very same name"."""

    CONFLICT = 0
    """Another family or given name, middle initial, suffix or homonym number; group and person."""
    UNSURE = 1
    """What a slip of the pen explains, or too little to go by (no given name)."""
    COMPATIBLE = 2
    """Initials, nicknames, short forms, middle names or particles missing, spelling, order."""
    EQUAL = 3
    """The same after folding."""


CONFLICT, UNSURE = NameRelation.CONFLICT, NameRelation.UNSURE
COMPATIBLE, EQUAL = NameRelation.COMPATIBLE, NameRelation.EQUAL


# How one language's spelling becomes another's: Müller is Mueller and Muller, Mikhail is Michail.
# Pinyin keeps ch, sh, zh, j and y at the start of a word apart: Zhang is not Chang, Jing not Ying.
_SPELLINGS = (
    (re.compile("tsch|tch|cz|ch"), "C"),
    (re.compile("sch|sh|sz"), "S"),
    (re.compile("zh"), "Z"),
    (re.compile("tz|ts|z"), "s"),
    (re.compile("(?<!^)x"), "ks"),
    (re.compile("ph|pf"), "f"),
    (re.compile("ck|qu|c"), "k"),
    (re.compile("[ae][iy]"), "ai"),
    (re.compile("(?<!^)[jy]|ij|ee"), "i"),
    (re.compile("oo|ue"), "u"),
    (re.compile("oe"), "o"),
    (re.compile("aa|ae"), "a"),
    (re.compile("w"), "v"),
    (re.compile("(?<!^)h"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def without_umlauts(word: str) -> str:
    """Fold umlauts written out: `mueller` to `muller`, `soerensen` to `sorensen`."""
    return word.replace("ue", "u").replace("oe", "o").replace("ae", "a").replace("aa", "a")


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """Reduce a word so that its transliterations meet."""
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=1)
def _nicknamer() -> NickNamer:
    return NickNamer()


@lru_cache(maxsize=1 << 15)
def nicknames_of(word: str) -> frozenset[str]:
    """Return the short forms of a given name and the names it is short for."""
    known = _nicknamer()
    return frozenset(known.nicknames_of(word) | known.canonicals_of(word))


def is_typo(a: str, b: str) -> bool:
    """Tell whether a slip or two part two words of four letters or more."""
    shorter = min(len(a), len(b))
    if shorter < 4:
        return False
    allowed = 1 if shorter < 6 else 2
    return OSA.distance(a, b, score_cutoff=allowed) <= allowed


def _is_same_stem(a: str, b: str) -> bool:
    """Tell whether only the endings differ: `georgios`, `george`."""
    stem = Prefix.similarity(a, b)
    return stem > 4 and max(len(a), len(b)) - stem < 4


@lru_cache(maxsize=1 << 17)
def compare_words(a: str, b: str) -> NameRelation:
    """Compare one given name with another; both are words of a name key."""
    if a == b:
        return EQUAL
    if b in nicknames_of(a):
        return COMPATIBLE
    short, long = sorted((a, b), key=len)
    if long.startswith(short):
        # Mo is Mohammad, but Li is not Ling
        return UNSURE if len(short) == 2 and len(long) < 6 else COMPATIBLE
    if len(short) == 1:
        return CONFLICT
    x, y = skeleton(short), skeleton(long)
    if len(short) > 3 and y.startswith(x):
        return COMPATIBLE
    close = is_typo(a, b) or is_typo(x, y) or _is_same_stem(a, b)
    return UNSURE if close else CONFLICT
