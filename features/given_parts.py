"""Given names as lists of words: divided alike (`jinli q`, `jin li q`), and how alike two are."""

from __future__ import annotations

from functools import lru_cache

from linkage.features.given_names import (
    NameRelation,
    compare_words,
    forms_of,
    is_syllable,
    nicknames_of,
    two_syllables,
)
from linkage.features.romanisation import (
    KOREAN,
    given_readings,
    is_without_vowels,
    korean,
    unpointed,
)

CONFLICT, ALIKE, UNSURE = NameRelation.CONFLICT, NameRelation.ALIKE, NameRelation.UNSURE
COMPATIBLE, EQUAL = NameRelation.COMPATIBLE, NameRelation.EQUAL


Given = tuple[str, ...]


def spelled_alike(a: Given, b: Given) -> tuple[Given, Given]:
    """Two lists of given names, divided into words alike where they can be.

    Words are joined where the other name writes them as one (`jin li q` for `jinli q`), and Chinese
    syllables cut where it has them apart, in full or as initials (`da yong` for `dayong`, `d y`).
    """
    if a == b or len(a) == len(b) == 1:
        return a, b
    # Each may hold what joins the other's words: which is asked first must not depend on the order.
    if a > b:
        second, first = spelled_alike(b, a)
        return first, second
    for divide in (_join_words, _cut_syllables):
        if whole := divide(a, b):
            return whole, b
        if whole := divide(b, a):
            return a, whole
    return a, b


def _join_words(one: Given, other: Given) -> Given | None:
    for i in range(len(one) - 1):
        joined = one[i] + one[i + 1]
        if len(one[i]) > 1 and joined in other:
            return (*one[:i], joined, *one[i + 2 :])
    return None


def _cut_syllables(one: Given, other: Given) -> Given | None:
    if len(one) != 1 or len(other) != 2:
        return None
    fits = [cut for cut in two_syllables(one[0]) if all(map(str.startswith, cut, other))]
    return fits[0] if fits else None


def has_another_syllable(one: Given, other: Given) -> bool:
    """Tell `dayong` from `d x`: both begin alike, but no second syllable begins with that."""
    if not _is_word_beside_two_initials(one, other):
        return False
    cuts = two_syllables(one[0])
    return bool(cuts) and not any(second.startswith(other[1]) for _, second in cuts)


def has_one_syllable_only(one: Given, other: Given) -> bool:
    """Tell `zheng` from `z y`, two initials: the name has no second syllable."""
    if not _is_word_beside_two_initials(one, other):
        return False
    return is_syllable(one[0]) and not two_syllables(one[0])


def _is_word_beside_two_initials(one: Given, other: Given) -> bool:
    """Tell whether one name is a word and the other two initials, the first of which is its own."""
    return (
        len(other) == 2
        and len(one) == 1
        and len(one[0]) > 1
        and max(map(len, other)) == 1
        and one[0][0] == other[0]
    )


def is_part_of_given(one: Given, other: Given) -> bool:
    """Tell one syllable of Mandarin, `song`, from two that begin or end with it, `song hai`."""
    if len(one) != 1 or len(one[0]) < 2 or not is_syllable(one[0]) or two_syllables(one[0]):
        return False
    if len(other) == 1:
        return not is_syllable(other[0]) and bool(two_syllables(other[0]))
    return len(other) == 2 and all(is_syllable(word) for word in other)


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
    shared = given_readings(a) & given_readings(b)
    systems = {reading[:2] for reading in shared} if shared else shared
    if systems - {KOREAN}:
        return COMPATIBLE
    if is_without_vowels(a[0]) != is_without_vowels(b[0]):
        bare, full = (a, b) if is_without_vowels(a[0]) else (b, a)
        if all(map(_is_unpointed, bare, full)):
            return COMPATIBLE if len(a) == len(b) > 1 and min(map(len, full)) > 1 else UNSURE
    if has_another_syllable(a, b) or has_another_syllable(b, a):
        return UNSURE
    if systems:
        return max(_compare_by_word(a, b), UNSURE)
    found = _compare_by_word(a, b)
    return min(found, ALIKE) if found == UNSURE and _are_other_syllables(a, b) else found


def _are_other_syllables(a: Given, b: Given) -> bool:
    """Tell `sang hoon` from `seung hoon`: syllables of Korean, not a slip."""
    return 2 in (len(a), len(b)) and bool(korean(a) and korean(b)) and not korean(a) & korean(b)


def _compare_by_word(a: Given, b: Given) -> NameRelation:
    """Compare given names word by word: short forms, slips, middle names left out."""
    a, b = spelled_alike(a, b)
    first = compare_words(a[0], b[0])
    if len(a) == len(b) == 1:
        return min(first, COMPATIBLE)
    if _is_cut_short(a, b) or _is_cut_short(b, a) or _are_pet_names(a, b):
        return CONFLICT
    relation = min(first, compare_middle(a[1:], b[1:]), COMPATIBLE) if first else CONFLICT
    if first > ALIKE or len(a) == len(b):
        return relation
    return max(relation, _without_first(*sorted((a, b), key=len)))


def _is_unpointed(bare: str, word: str) -> bool:
    """Tell the Arabic or Hebrew letters of a word or of its initial: `mhmd`, `ly`, Mohammed A."""
    if len(word) == 1:
        return word in "aeiou" or bare.startswith(word)
    return any(unpointed(form) == unpointed(bare) for form in (word, *forms_of(word)))


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
