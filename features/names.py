"""How alike two personal names are.

Every function takes two name keys, `family|given|particle|suffix|homonym`: ASCII, lower case, words
with single spaces, parts possibly empty (`driessche|george|van den||`). All are symmetric.
Prepared column of the features: `name_key`, one value a distinct name.
"""

from __future__ import annotations

import math
from functools import lru_cache

from rapidfuzz.distance import OSA

from linkage.features.divided_names import (
    has_another_syllable,
    has_one_syllable_only,
    spelled_alike,
)
from linkage.features.feature import feature
from linkage.features.given_names import (
    PINYIN_UMLAUTS,
    NameRelation,
    compare_words,
    is_syllable,
    is_typo,
    nicknames_of,
    skeleton,
    without_umlauts,
)
from linkage.features.name_keys import NameKey, read_name_key

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
def _compare_given(a: tuple[str, ...], b: tuple[str, ...]) -> NameRelation:
    """Compare the given names of two people who bear the same family name."""
    if a == b:
        return EQUAL if a else UNSURE
    if not a or not b:
        return UNSURE
    if "".join(a) == "".join(b) or _abbreviates(a, b) or _abbreviates(b, a):
        return COMPATIBLE
    if has_another_syllable(a, b) or has_another_syllable(b, a):
        return UNSURE
    a, b = spelled_alike(a, b)
    first = compare_words(a[0], b[0])
    if _is_cut_short(a, b) or _is_cut_short(b, a) or _are_pet_names(a, b):
        return CONFLICT
    relation = min(first, _compare_middle(a[1:], b[1:]), COMPATIBLE) if first else CONFLICT
    if first > ALIKE or len(a) == len(b):
        return relation
    return max(relation, _without_first(*sorted((a, b), key=len)))


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
            return min(found, _compare_middle(short[1:], long[i + 1 :]), COMPATIBLE)
    return CONFLICT


def _compare_middle(a: tuple[str, ...], b: tuple[str, ...]) -> NameRelation:
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


@lru_cache(maxsize=1 << 17)
def _compare_family(a: NameKey, b: NameKey) -> NameRelation:
    """Compare family names with their particles."""
    if a.family == b.family:
        if a.particle == b.particle:
            return EQUAL
        return _particles("".join(a.particle), "".join(b.particle))
    whole_a, whole_b = "".join(a.particle + a.family), "".join(b.particle + b.family)
    bare_a, bare_b = "".join(a.family), "".join(b.family)
    if whole_a == whole_b or bare_a == bare_b or _is_half(a, b) or _is_half(b, a):
        return COMPATIBLE
    shorter = min(len(bare_a), len(bare_b))
    may_differ = shorter > 3 or bare_a in PINYIN_UMLAUTS or bare_b in PINYIN_UMLAUTS
    if may_differ and without_umlauts(bare_a) == without_umlauts(bare_b):
        return COMPATIBLE
    close = shorter > 3 and skeleton(bare_a) == skeleton(bare_b)
    return UNSURE if close or (shorter > 4 and is_typo(bare_a, bare_b)) else CONFLICT


def _particles(a: str, b: str) -> NameRelation:
    """Compare two particles: one may be missing; `von` and `van` are a slip, `du` and `den` not."""
    if not a or not b:
        return COMPATIBLE
    return UNSURE if a.startswith(b) or b.startswith(a) or OSA.distance(a, b) < 2 else CONFLICT


def _is_half(half: NameKey, double: NameKey) -> bool:
    """Tell whether one name is the first or the last part of a double family name."""
    size = len(half.family)
    if size >= len(double.family) or len("".join(half.family)) < 2:
        return False
    return half.family in (double.family[:size], double.family[-size:])


def _is_swapped(a: NameKey, b: NameKey) -> bool:
    """Tell whether given and family names have changed places, `nguyen|karina`, `karina|nguyen`."""
    family_a, family_b = "".join(a.particle + a.family), "".join(b.particle + b.family)
    swapped = family_a == "".join(b.given) and family_b == "".join(a.given)
    return swapped and family_a != family_b


def _is_rearranged(a: NameKey, b: NameKey) -> bool:
    """Tell whether the same words are only divided otherwise: `le|quintrec m`, `quintrec|m|le`."""
    if _is_swapped(a, b):
        return True
    words_a, words_b = ((*x.given, *x.particle, *x.family) for x in (a, b))
    again = any(words_a[i:] + words_a[:i] == words_b for i in range(len(words_a)))
    again = again or (a.family == b.family and sorted(words_a) == sorted(words_b))
    return again and sum(len(word) > 1 for word in words_a) > 1


def _is_misplaced(a: NameKey, b: NameKey) -> bool:
    """Tell `zhang|w` against `wei|zhang`, and `marquez|gabriel` against `lopez|gabriel marquez`."""
    if a.family == b.given:
        return _compare_given(a.given, b.family) > UNSURE
    size = len(a.family)
    rest = b.given[:-size]
    return (
        len(rest) >= len(a.given)
        and a.family == b.given[-size:]
        and _compare_given(a.given, rest) > UNSURE
    )


def _run_together(name: NameKey) -> set[str]:
    """Return a name as one word in both orders: `Open AI` is `OpenAI`."""
    family, given = "".join(name.particle + name.family), "".join(name.given)
    return {family + given, given + family}


@lru_cache(maxsize=1 << 17)
def _nameless(a: NameKey, b: NameKey) -> NameRelation:
    """Compare where a name has no given part: a mononym, a group, a family name alone."""
    if a.given or b.given:
        if _run_together(a) & _run_together(b):
            return COMPATIBLE
        return UNSURE if a.family == b.family and len(a.family) == 1 else CONFLICT
    if sorted(a.family) == sorted(b.family) or _run_together(a) == _run_together(b):
        return COMPATIBLE
    short, long = sorted((a.family, b.family), key=len)
    if len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long):
        return COMPATIBLE
    return UNSURE if is_typo(" ".join(a.family), " ".join(b.family)) else CONFLICT


@lru_cache(maxsize=1 << 17)
def _syllables(a: NameKey, b: NameKey) -> NameRelation:
    """What initials tell of a Chinese given name: `wang|dayong` is not `wang|d x`; EQUAL: nothing.

    Chinese names have no middle names: two initials are two syllables. An English name (Susan, Dan)
    may have one beside it; and `wang|lei` is hardly, but sometimes, `wang|l e`.
    """
    if a.family != b.family or len(a.family) != 1 or not is_syllable(a.family[0]):
        return EQUAL
    word = max(a.given, b.given, key=lambda given: len(given[0]))
    if nicknames_of(word[0]):
        return EQUAL
    if has_another_syllable(a.given, b.given) or has_another_syllable(b.given, a.given):
        return CONFLICT
    short = has_one_syllable_only(a.given, b.given) or has_one_syllable_only(b.given, a.given)
    return UNSURE if short else EQUAL


def _are_different(a: str, b: str) -> bool:
    """Tell whether two suffixes or homonym numbers exclude each other; Jr is as good as II."""
    return bool(a and b) and a.replace("jr", "ii") != b.replace("jr", "ii")


def compare_names(a: str, b: str) -> NameRelation:
    """Tell whether two names can be one person's; equal keys are EQUAL, mononyms too."""
    if a == b:
        return EQUAL
    x, y = read_name_key(a), read_name_key(b)
    if _are_different(x.suffix, y.suffix) or _are_different(x.homonym, y.homonym):
        return CONFLICT
    if not x.given or not y.given:
        return _nameless(x, y)
    family = _compare_family(x, y)
    given = min(_compare_given(x.given, y.given), _syllables(x, y))
    relation = min(family, given) if family else CONFLICT
    if family < COMPATIBLE and min(len(x.given[0]), len(y.given[0])) == 1:
        relation = CONFLICT  # two names that share an initial and nearly a family name
    if relation < COMPATIBLE and _is_rearranged(x, y):
        return COMPATIBLE
    if relation < UNSURE and (_is_misplaced(x, y) or _is_misplaced(y, x)):
        return UNSURE
    return min(relation, COMPATIBLE)


_NUMBERS = {CONFLICT: 0.0, ALIKE: 0.5, UNSURE: 1.0, COMPATIBLE: 2.0, EQUAL: 3.0}


@feature(reads="name_key", sign=+1)
def name_relation(a: str, b: str) -> float:
    """3 the very same name, 2 compatible, 1 unsure (a slip), .5 alike, 0 conflict."""
    return _NUMBERS[compare_names(a, b)]


@feature(reads="name_key", sign=+1)
def given_name_agreement(a: str, b: str) -> float:
    """Of the first given names: 1 equal, .75 compatible, .5 left out, .25 a slip, .1 alike.

    Compatible: a nickname, short form, initial or other spelling. Left out: one name has not the
    other's first. Alike: perhaps forms of one name. 0 in conflict; NaN if either has no given name.
    """
    x, y = read_name_key(a).given, read_name_key(b).given
    if not x or not y:
        return math.nan
    if "".join(x) == "".join(y):
        return 1.0
    x, y = spelled_alike(x, y)
    first = compare_words(x[0], y[0])
    if first > ALIKE:
        return {UNSURE: 0.25, COMPATIBLE: 0.75, EQUAL: 1.0}[first]
    return {CONFLICT: 0.0, ALIKE: 0.1}.get(_compare_given(x, y), 0.5)


@feature(reads="name_key", sign=+1)
def middle_name_agreement(a: str, b: str) -> float:
    """Of further given names where both have them: 1 equal, .75 initials, 0 conflict.

    .75 also where some are missing, .25 a likely slip; NaN if either has none.
    """
    x, y = spelled_alike(read_name_key(a).given, read_name_key(b).given)
    if len(x) < 2 or len(y) < 2:
        return math.nan
    return {CONFLICT: 0.0, UNSURE: 0.25, COMPATIBLE: 0.75, EQUAL: 1.0}[
        _compare_middle(x[1:], y[1:])
    ]


@feature(reads="name_key", sign=+1)
def family_name_agreement(a: str, b: str) -> float:
    """Of the family names: 1 equal, .75 spelling, particle or half, .25 a slip, 0 conflict.

    Half: of a double name. NaN if either is empty.
    """
    x, y = read_name_key(a), read_name_key(b)
    if not x.family or not y.family:
        return math.nan
    return {CONFLICT: 0.0, UNSURE: 0.25, COMPATIBLE: 0.75, EQUAL: 1.0}[_compare_family(x, y)]


@feature(reads="name_key", sign=-1)
def swapped_order(a: str, b: str) -> float:
    """1 if given and family name stand in each other's place."""
    return float(_is_swapped(read_name_key(a), read_name_key(b)))
