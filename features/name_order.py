"""Whether two name keys are the same words, divided or ordered otherwise."""

from __future__ import annotations

from linkage.features.given_names import NameRelation
from linkage.features.given_parts import compare_given
from linkage.features.name_keys import NameKey
from linkage.features.romanisation import japanese

FAMILIES_OF_VIETNAM = frozenset(  # nine of ten people there
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly trinh dinh".split()
)

UNSURE, COMPATIBLE = NameRelation.UNSURE, NameRelation.COMPATIBLE


def is_swapped(a: NameKey, b: NameKey) -> bool:
    """Tell whether given and family names have changed places, `nguyen|karina`, `karina|nguyen`."""
    family_a, family_b = "".join(a.particle + a.family), "".join(b.particle + b.family)
    given_a, given_b = "".join(a.given), "".join(b.given)
    swapped = family_a == given_b and family_b == given_a
    return swapped and family_a != family_b


def is_rearranged(a: NameKey, b: NameKey) -> bool:
    """Tell whether the same words are only divided otherwise: `le|quintrec m`, `quintrec|m|le`."""
    if is_swapped(a, b):
        return True
    words_a, words_b = ((*x.given, *x.particle, *x.family) for x in (a, b))
    again = any(words_a[i:] + words_a[:i] == words_b for i in range(len(words_a)))
    if not FAMILIES_OF_VIETNAM.isdisjoint((*a.family, *b.family)):
        again = again or words_a[::-1] == words_b  # Tran Thi Lan, Lan Thi Tran
    again = again or (a.family == b.family and sorted(words_a) == sorted(words_b))
    return again and sum(len(word) > 1 for word in words_a) > 1


def is_misplaced(a: NameKey, b: NameKey) -> bool:
    """Tell `zhang|w` against `wei|zhang`, and `marquez|gabriel` against `lopez|gabriel marquez`."""
    if a.family == b.given:
        return compare_given(a.given, b.family) > UNSURE
    size = len(a.family)
    rest = b.given[:-size]
    return (
        len(rest) >= len(a.given)
        and a.family == b.given[-size:]
        and compare_given(a.given, rest) > UNSURE
    )


def has_family_first(initials: NameKey, full: NameKey) -> bool:
    """Tell `nguyen|v h` against `hung|nguyen van`: initials of what follows the family name.

    Also against `nguyen|hung van`, where the family is of Vietnam.
    """
    words, size = (*full.given, *full.particle, *full.family), len(initials.family)
    if initials.family == full.family and FAMILIES_OF_VIETNAM.issuperset(full.family):
        words = (*full.family, *reversed(words[: len(words) - size]))
    rest = tuple(word[0] for word in words[size:])
    return words[:size] == initials.family and len(rest) > 1 and rest == initials.given


def is_wider(wide: NameKey, narrow: NameKey) -> bool:
    """Tell whether a double family name has its first part among the given names of the other.

    `lerma vasquez|maikel` and `vasquez|maikel y lerma`; both names in full.
    """
    parts = len(wide.family) - len(narrow.family)
    if parts < 1 or len(narrow.given) <= parts or wide.family[parts:] != narrow.family:
        return False
    moved, rest = narrow.given[-parts:], narrow.given[:-parts]
    return moved == wide.family[:parts] and compare_given(wide.given, rest) > UNSURE


def has_initials_for_the_rest(short: NameKey, long: NameKey) -> bool:
    """Tell whether initials stand for just the words that the other name has besides.

    South Indian names put what is a family name elsewhere first, as an initial: `teja|l s` and
    `lokkala|teja`, where the names in full are two or more (`ravi tejan`).
    """
    words_a, words_b = ((*x.given, *x.particle, *x.family) for x in (short, long))
    full = [word for word in words_a if len(word) > 2]
    initials = [word for word in words_a if len(word) == 1]
    rest = [word for word in words_b if word not in full]
    if len(full) < 2 or not initials or not rest or len(rest) + len(full) != len(words_b):
        return False
    return all(word[0] in initials for word in rest) and len(rest) <= len(initials)


def is_swapped_reading(a: NameKey, b: NameKey) -> bool:
    """Tell whether two are swapped but for a long vowel: `kenji|sato` and `satoh|kenji`."""
    family_a, family_b = "".join(a.family), "".join(b.family)
    given_a, given_b = "".join(a.given), "".join(b.given)
    if min(len(given_a), len(given_b)) < 3 or not (japanese(family_a) and japanese(family_b)):
        return False
    return japanese(family_a) == japanese(given_b) and japanese(family_b) == japanese(given_a)


def is_moved_on(a: NameKey, b: NameKey) -> bool:
    """Tell `faruk|md omor` from `riyan|omor faruk`: the first word left out, a new one last."""
    words_a, words_b = ((*x.given, *x.particle, *x.family) for x in (a, b))
    shared = words_a[1:]
    return (
        len(shared) > 1
        and len(words_a) == len(words_b)
        and shared == words_b[:-1]
        and min(map(len, shared)) > 2
        and len(a.family) == len(b.family) == 1
    )
