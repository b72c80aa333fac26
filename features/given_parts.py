"""How alike the given names of two people of one family name are, as lists of words."""

from __future__ import annotations

from functools import lru_cache

from linkage.features.divided_names import has_another_syllable, spelled_alike
from linkage.features.given_names import NameRelation, compare_words, nicknames_of
from linkage.features.romanisation import consonants, given_readings, is_without_vowels

CONFLICT, ALIKE, UNSURE = NameRelation.CONFLICT, NameRelation.ALIKE, NameRelation.UNSURE
COMPATIBLE, EQUAL = NameRelation.COMPATIBLE, NameRelation.EQUAL


def _abbreviates(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Tell initials written as one word, `bc`, from the names `ben carl`."""
    return (
        len(short) == 1
        and 1 < len(short[0]) < 4
        and len(full) > 1
        and "".join(word[0] for word in full).startswith(short[0])
    )


@lru_cache(maxsize=1 << 17)
def compare_given(a: tuple[str, ...], b: tuple[str, ...]) -> NameRelation:
    """Compare the given names of two people who bear the same family name."""
    if a == b:
        return EQUAL if a else UNSURE
    if not a or not b:
        return UNSURE
    if "".join(a) == "".join(b) or _abbreviates(a, b) or _abbreviates(b, a):
        return COMPATIBLE
    if given_readings(a) & given_readings(b):
        return COMPATIBLE
    if is_without_vowels(a[0]) != is_without_vowels(b[0]) and _are_same_consonants(a, b):
        return UNSURE
    if has_another_syllable(a, b) or has_another_syllable(b, a):
        return UNSURE
    a, b = spelled_alike(a, b)
    first = compare_words(a[0], b[0])
    if _is_cut_short(a, b) or _is_cut_short(b, a) or _are_pet_names(a, b):
        return CONFLICT
    relation = min(first, compare_middle(a[1:], b[1:]), COMPATIBLE) if first else CONFLICT
    if first > ALIKE or len(a) == len(b):
        return relation
    return max(relation, _without_first(*sorted((a, b), key=len)))


def _are_same_consonants(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell `hmd` from the Arabic letters of Ahmed; the first names of both are in full."""
    bones = consonants(a[0])
    return len(bones) > 1 and bones == consonants(b[0])


def _is_cut_short(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell `jin yi` against `jinli`: the first word of a compound, not a short form."""
    return (
        1 < len(short[0]) < len(long[0])
        and long[0].startswith(short[0])
        and len(short) > 1
        and len(short[1]) > 1
        and len(short) > len(long)
        and long[0] not in nicknames_of(short[0])
    )


def _are_pet_names(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell `benny danny` against `benjamin daniel`: nobody goes by two pet names."""
    return len(a) == len(b) > 1 and all(map(_is_pet_name, a, b))


def _is_pet_name(a: str, b: str) -> bool:
    return b in nicknames_of(a) and not (a.startswith(b) or b.startswith(a))


def _without_first(short: tuple[str, ...], long: tuple[str, ...]) -> NameRelation:
    """Compare where one name leaves a first name out: `Francis` for `H. Francis`."""
    for i in range(1, len(long)):
        found = compare_words(short[0], long[i])
        full = len(short[0]) > 2 or max(map(len, long[:i])) == 1
        if found > UNSURE and full and len(long[i]) > 2:
            return min(found, compare_middle(short[1:], long[i + 1 :]), COMPATIBLE)
    return CONFLICT


def compare_middle(a: tuple[str, ...], b: tuple[str, ...]) -> NameRelation:
    """Compare what follows the first names: names may be missing on one side, not on both."""
    if a == b:
        return EQUAL
    short, long = sorted((a, b), key=len)
    worst, start = COMPATIBLE, 0
    for word in short:
        for i in range(start, len(long)):
            if (found := compare_words(word, long[i])) > ALIKE:
                worst, start = min(worst, found), i + 1
                break
        else:
            return CONFLICT
    return worst
