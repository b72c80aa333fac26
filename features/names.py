"""How alike two personal names are.

Every function takes two name keys, `family|given|particle|suffix|homonym`: ASCII, lower case, words
with single spaces, parts possibly empty (`driessche|george|van den||`). All are symmetric.
Prepared column of the features: `name_key`, one value a distinct name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from linkage.features.feature import feature, together
from linkage.features.given_names import (
    PINYIN_UMLAUTS,
    NameRelation,
    compare_words,
    is_syllable,
    is_typo,
    nicknames_of,
    skeleton,
    two_syllables,
    without_umlauts,
)
from linkage.features.given_parts import (
    compare_given,
    compare_middle,
    has_another_syllable,
    has_one_syllable_only,
    is_part_of_given,
    spelled_alike,
)
from linkage.features.name_keys import NameKey, read_name_key, split_name_key
from linkage.features.name_order import (
    FAMILIES_OF_VIETNAM,
    has_family_first,
    has_initials_for_the_rest,
    is_misplaced,
    is_moved_on,
    is_rearranged,
    is_swapped,
    is_swapped_reading,
    is_wider,
)
from linkage.features.romanisation import (
    ABJAD,
    CHINESE,
    JAPANESE,
    KOREAN,
    TRANSLITERATED,
    given_readings,
    is_without_vowels,
    japanese,
    readings,
)

CONFLICT, ALIKE, UNSURE = NameRelation.CONFLICT, NameRelation.ALIKE, NameRelation.UNSURE
COMPATIBLE, EQUAL = NameRelation.COMPATIBLE, NameRelation.EQUAL


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
    reading = _shared_reading(whole_a, whole_b)
    if reading is None and is_syllable(whole_a) and is_syllable(whole_b):
        return CONFLICT  # Zhang is not Zheng
    if reading is not None:
        plain = reading in (JAPANESE, TRANSLITERATED) or _have_two_syllables_in_common(a, b)
        plain |= reading == ABJAD and compare_given(a.given, b.given) == COMPATIBLE
        return COMPATIBLE if plain else UNSURE
    close = shorter > 3 and skeleton(bare_a) == skeleton(bare_b)
    return UNSURE if close or (shorter > 4 and is_typo(bare_a, bare_b)) else CONFLICT


def _have_two_syllables_in_common(a: NameKey, b: NameKey) -> bool:
    """Tell whether the given names are the same two syllables: beside them Hsu is surely Xu."""
    same = a.given == b.given or not given_readings(a.given).isdisjoint(given_readings(b.given))
    in_full = min(map(len, (*a.given, *b.given)), default=0) > 1
    cut = max(len(a.given), len(b.given)) > 1 or bool(two_syllables("".join(a.given)))
    return same and in_full and cut


_SYSTEMS = (JAPANESE, TRANSLITERATED, CHINESE, KOREAN, ABJAD)  # the plainest first


def _shared_reading(a: str, b: str) -> str | None:
    """The system in which two spellings of a family name may be one name; None: in none."""
    shared = {reading[:2] for reading in readings(a) & readings(b)}
    if not (is_without_vowels(a) or is_without_vowels(b)):
        shared.discard(ABJAD)
    return min(shared, key=_SYSTEMS.index) if shared else None


_SHORT_PARTICLES = {
    "vd": {"vd", "vander", "vanden", "vande", "vonder", "vonden"},
    "vdr": {"vdr", "vander", "vonder"},
    "vh": {"vh", "vanhet"},
    "st": {"st", "saint", "sankt", "sint"},
}


def _particles(a: str, b: str) -> NameRelation:
    """Compare two particles: one may be missing; `von` and `van` are a slip, `du` and `den` not.

    `vd` is short for all of them that begin so.
    """
    if not a or not b or {a, b} <= _SHORT_PARTICLES.get(min(a, b, key=len), set()):
        return COMPATIBLE
    return UNSURE if a.startswith(b) or b.startswith(a) or OSA.distance(a, b) < 2 else CONFLICT


def _is_half(half: NameKey, double: NameKey) -> bool:
    """Tell whether one name is the first or the last part of a double family name."""
    size = len(half.family)
    if size >= len(double.family) or len("".join(half.family)) < 2:
        return False
    return half.family in (double.family[:size], double.family[-size:])


def _run_together(name: NameKey) -> set[str]:
    """Return a name as one word in both orders: `Open AI` is `OpenAI`."""
    family, given = "".join(name.particle + name.family), "".join(name.given)
    return {family + given, given + family}


def _is_doubled(mononym: NameKey, name: NameKey) -> bool:
    """Tell a mononym that a form filled up: `suhartoyo`, `suhartoyo|s`, `suhartoyo|suhartoyo`."""
    if mononym.given or len(mononym.family) != 1 or mononym.family != name.family:
        return False
    only = mononym.family[0]
    return len(only) > 3 and not is_syllable(only) and name.given in ((only,), (only[0],))


@lru_cache(maxsize=1 << 17)
def _nameless(a: NameKey, b: NameKey) -> NameRelation:
    """Compare where a name has no given part: a mononym, a group, a family name alone."""
    if a.given or b.given:
        if _run_together(a) & _run_together(b) or _is_doubled(a, b) or _is_doubled(b, a):
            return COMPATIBLE
        return UNSURE if a.family == b.family and len(a.family) == 1 else CONFLICT
    if sorted(a.family) == sorted(b.family) or _run_together(a) == _run_together(b):
        return COMPATIBLE
    short, long = sorted((a.family, b.family), key=len)
    if len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long):
        return COMPATIBLE
    return UNSURE if is_typo(" ".join(a.family), " ".join(b.family)) else CONFLICT


def _syllables(a: NameKey, b: NameKey) -> NameRelation:
    """What initials tell of a Chinese given name: `wang|dayong` is not `wang|d x`; EQUAL: nothing.

    `song` is not `song hai` either.
    Chinese names have no middle names: two initials are two syllables. An English name (Susan, Dan)
    may have one beside it; and `wang|lei` is hardly, but sometimes, `wang|l e`.
    """
    if a.family != b.family or len(a.family) != 1 or not is_syllable(a.family[0]):
        return EQUAL
    if is_part_of_given(a.given, b.given) or is_part_of_given(b.given, a.given):
        return CONFLICT
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
    return EQUAL if a == b else compare_keys(read_name_key(a), read_name_key(b))


def compare_keys(x: NameKey, y: NameKey) -> NameRelation:
    """The same of two different name keys that are taken apart."""
    if x[3:] != y[3:] and (
        _are_different(x.suffix, y.suffix) or _are_different(x.homonym, y.homonym)
    ):
        return CONFLICT
    if not x.given or not y.given:
        return _nameless(x, y)
    if x.family == y.family and is_plain(x) and is_plain(y):
        family = x.family[0]
        written = family if len(family) < 3 else STAND_INS[is_syllable(family)]
        found = _compare_beside(x.given, y.given, written)
        if found is not None:
            return found
    return _compare_parts(x, y)


# What stands for a family name of three letters or more, a syllable of Mandarin or not.
STAND_INS = {True: "zhuang", False: "qqqq"}


def is_plain(name: NameKey) -> bool:
    """Tell a family name of one word without a particle, which is no given name, too.

    Not one of Vietnam, where given names are printed in either order.
    """
    if len(name.family) != 1 or name.particle:
        return False
    return name.family[0] not in name.given and name.family[0] not in FAMILIES_OF_VIETNAM


@lru_cache(maxsize=1 << 18)
def _compare_beside(a: tuple[str, ...], b: tuple[str, ...], family: str) -> NameRelation | None:
    """Compare two names of one plain family name by their given names, for all families at once.

    None where it depends on what the family name is.
    """
    whole_a, whole_b = "".join(a), "".join(b)
    if family in (*a, *b) or (japanese(whole_a) and japanese(whole_a) == japanese(whole_b)):
        return None
    given = compare_given(a, b)
    x, y = (NameKey((family,), given, (), "", "") for given in (a, b))
    syllable = is_syllable(family)
    if syllable:
        given = min(given, _syllables(x, y))
    # of two words each, no word can stand elsewhere
    if given < COMPATIBLE and (len(a) > 1 or len(b) > 1):
        short = syllable and len(family) < 3  # it may be of Vietnam
        if short or _may_agree_as_a_whole(a, b):
            given = max(given, _compare_whole(x, y))
    return given


def _may_agree_as_a_whole(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell whether `_compare_whole` may find more in two given names beside one plain family name.

    The family name is in its place in both. So the given names are the same words in another order,
    or have a word in full in common beside which initials stand for the rest.
    """
    return any(len(word) > 2 and word in b for word in a) or sorted(a) == sorted(b)


def _compare_parts(x: NameKey, y: NameKey) -> NameRelation:
    """Compare two names that both have a given part, part by part and then as a whole."""
    family = _compare_family(x, y)
    given = min(compare_given(x.given, y.given), _syllables(x, y))
    relation = min(family, given) if family else CONFLICT
    initial = min(len(x.given[0]), len(y.given[0])) == 1
    if family < COMPATIBLE and initial and not (_agree_in_initials(x, y) or _in_two_scripts(x, y)):
        relation = CONFLICT  # two names that share an initial and nearly a family name
    return relation if relation >= COMPATIBLE else max(relation, _compare_whole(x, y))


def _agree_in_initials(a: NameKey, b: NameKey) -> bool:
    """Tell whether two initials or more are the same, beside a long family name with a slip."""
    initials = [word[0] for word in a.given]
    long = min(len("".join(a.family)), len("".join(b.family))) > 6
    return long and len(initials) > 1 and initials == [word[0] for word in b.given]


def _in_two_scripts(a: NameKey, b: NameKey) -> bool:
    """Tell a family name in Arabic or Hebrew letters beside one in Latin: `hsn`, `hassan`."""
    return is_without_vowels("".join(a.family)) != is_without_vowels("".join(b.family))


def _compare_whole(a: NameKey, b: NameKey) -> NameRelation:
    """Compare names whose parts do not agree as they stand: in another order, wider, narrower."""
    if is_rearranged(a, b) or is_wider(a, b) or is_wider(b, a):
        return COMPATIBLE
    if has_initials_for_the_rest(a, b) or has_initials_for_the_rest(b, a):
        return COMPATIBLE
    if is_swapped_reading(a, b) or has_family_first(a, b) or has_family_first(b, a):
        return UNSURE
    unsure = is_misplaced(a, b) or is_misplaced(b, a) or is_moved_on(a, b) or is_moved_on(b, a)
    return UNSURE if unsure else CONFLICT


def is_same_in_another_writing(a: str, b: str) -> bool:
    """Tell whether two name keys are all of one name, in another order, script or romanisation.

    Then what goes with one goes with the other: `smithson|j a` with `john|a smithson`. Not so where
    only one has a suffix or a homonym number: a namesake with another goes with the bare name.
    """
    x, y = read_name_key(a), read_name_key(b)
    if x[3:] != y[3:] or not x.given or not y.given or not _has_the_same_words(x, y):
        return False
    return compare_names(a, b) >= UNSURE  # last: it takes longest


def is_short_for(a: str, b: str) -> bool:
    """Tell whether one name key is another with initials only: `smith|j` of `smith|jo ann`.

    Whoever bears the longer one bears it, too: in the company of that it keeps nobody apart.
    """
    x, y = read_name_key(a), read_name_key(b)
    if a == b or x[0] != y[0] or x[2:] != y[2:] or not x.given:
        return False
    return x.given == tuple(word[0] for word in y.given[: len(x.given)])


def _has_the_same_words(x: NameKey, y: NameKey) -> bool:
    if x.family == y.family and x.particle == y.particle:
        return sorted(x.given) == sorted(y.given) and is_rearranged(x, y)
    if is_rearranged(x, y) or is_wider(x, y) or is_wider(y, x):
        return True
    family_a, family_b = "".join(x.particle + x.family), "".join(y.particle + y.family)
    if family_a == family_b or _shared_reading(family_a, family_b) is None:
        return False
    return x.given == y.given or bool(given_readings(x.given) & given_readings(y.given))


_AGREEMENTS = {CONFLICT: 0.0, UNSURE: 0.25, COMPATIBLE: 0.75, EQUAL: 1.0}
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
    return given_agreements(read_name_key(a).given, read_name_key(b).given)[0]


@feature(reads="name_key", sign=+1)
def middle_name_agreement(a: str, b: str) -> float:
    """Of further given names where both have them: 1 equal, .75 initials, 0 conflict.

    .75 also where some are missing, .25 a likely slip; NaN if either has none.
    """
    return given_agreements(read_name_key(a).given, read_name_key(b).given)[1]


@lru_cache(maxsize=1 << 15)
def given_agreements(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[float, float]:
    """What `given_name_agreement` and `middle_name_agreement` say of given names."""
    x, y = spelled_alike(a, b)
    several = len(x) > 1 and len(y) > 1
    middle = _AGREEMENTS[compare_middle(x[1:], y[1:])] if several else math.nan
    if not a or not b:
        return math.nan, middle
    first = EQUAL if "".join(a) == "".join(b) else compare_words(x[0], y[0])
    if first > ALIKE:
        return _AGREEMENTS[first], middle
    return {CONFLICT: 0.0, ALIKE: 0.1}.get(compare_given(x, y), 0.5), middle


@feature(reads="name_key", sign=+1)
def family_name_agreement(a: str, b: str) -> float:
    """Of the family names: 1 equal, .75 spelling, particle or half, .25 a slip, 0 conflict.

    Half: of a double name. NaN if either is empty.
    """
    x, y = read_name_key(a), read_name_key(b)
    if not x.family or not y.family:
        return math.nan
    return _AGREEMENTS[_compare_family(x, y)]


@feature(reads="name_key", sign=-1)
def swapped_order(a: str, b: str) -> float:
    """1 if given and family name stand in each other's place."""
    return float(is_swapped(read_name_key(a), read_name_key(b)))


@together(
    name_relation, given_name_agreement, middle_name_agreement, family_name_agreement, swapped_order
)
def _compare_all(a: Iterable[str], b: Iterable[str]) -> Iterator[tuple[float, ...]]:
    """All features of pairs of name keys: each key is taken apart once."""
    parts: dict[str, NameKey] = {}
    for one, other in zip(a, b, strict=True):
        x = parts.get(one) or parts.setdefault(one, split_name_key(one))
        y = parts.get(other) or parts.setdefault(other, split_name_key(other))
        relation = EQUAL if one == other else compare_keys(x, y)
        family, swapped = 1.0, 0.0
        if not x.family or x.family != y.family or x.particle != y.particle:
            family, swapped = family_name_agreement(one, other), swapped_order(one, other)
        yield _NUMBERS[relation], *given_agreements(x.given, y.given), family, swapped
