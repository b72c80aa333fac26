"""Name keys: plain functions of a folded name under which all variants of one name meet.

A key is a family name and an initial, "kaiser l", or two names in full. Two mentions that share a
key are a candidate pair, unless their names conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from linkage.features.given_names import (
    PINYIN_UMLAUTS,
    forms_of,
    is_iotated_e,
    is_syllable,
    nicknames_of,
    skeleton,
    without_mac,
)
from linkage.features.name_keys import NameKey, split_name_key
from linkage.features.name_order import FAMILIES_OF_VIETNAM
from linkage.features.romanisation import (
    ABJAD,
    CHINESE,
    KOREAN,
    TRANSLITERATED,
    given_readings,
    japanese,
    readings,
    unpointed,
)

KeyRule = Callable[[NameKey], Iterable[str]]


def family_and_initials(name: NameKey) -> Iterator[str]:
    """The whole family name with each given name's initial: H. Francis Song, Chen Xuechen Li."""
    yield from _keys("".join(name.family), name.given)


def part_of_family(name: NameKey) -> Iterator[str]:
    """Each part of a double family name: Quiñonero Candela is Candela, too."""
    if len(name.family) > 1:
        for part in name.family:
            yield from _keys(part, name.given)


def last_given_name(name: NameKey) -> Iterator[str]:
    """The last given name as a family name: Jordi Atserias Batalla is Jordi Atserias, too.

    Not a syllable of Mandarin: Zhang Wei Li is never Li Wei.
    """
    *given, last = name.given or ("",)
    if given and len(last) > 2 and not is_syllable(last):
        yield from _keys(last, given[:1])


def with_particle(name: NameKey) -> Iterator[str]:
    """The family name run together with its particle: van den Driessche, Vandendriessche."""
    if name.particle:
        yield from _keys("".join(name.particle + name.family), name.given)


def swapped(name: NameKey) -> Iterator[str]:
    """The family name and a given name in full, in either order: Nguyen Karina, Karina Nguyen."""
    family = _spelling("".join(name.family))
    given = "".join(name.given)
    for token in {*name.given, given}:
        if len(token) > 1:
            yield " and ".join(sorted((family, _spelling(token))))
    if len(given) > 2 and (one := japanese("".join(name.family))) and (other := japanese(given)):
        yield " and ".join(sorted((one, other)))


def family_first(name: NameKey) -> Iterator[str]:
    """A Vietnamese family name that stands first, with the next initial: Nguyen Van Hung, V. H."""
    words = (*name.given, *name.particle, *name.family)
    if len(words) > 2 and words[0] in FAMILIES_OF_VIETNAM:
        yield from _keys(words[0], words[1:2])


def nickname_initials(name: NameKey) -> Iterator[str]:
    """The initial of what the first name in full is short for, or shortened to: Bob, Robert."""
    full = next((token for token in name.given if len(token) > 1), None)
    if full:
        yield from _keys("".join(name.family), nicknames_of(full))


def slip_in_family(name: NameKey) -> Iterator[str]:
    """The family name but for a letter, and a given name in full: Sokolov, Sokokov.

    Of a long family name with two initials or more, those.

    Two names of which one slip makes one another share what is left without it. Also what
    transliterations share: Arefiev, Arefyev. Mandarin syllables are not mistaken for one another.
    """
    family, given = "".join(name.family), name.given[0] if name.given else ""
    if len(family) > 6 and len(name.given) > 1:
        initials = "".join(token[0] for token in name.given)
        spelled = min(filter(_is_transliterated, readings(family)), default=family)
        yield from (f"{spelled[:k]}{spelled[k + 1 :]} and {initials}" for k in range(len(spelled)))
        yield f"{spelled} and {initials}"
    if min(len(family), len(given)) > 3 and not is_syllable(family):
        yield f"{skeleton(family)} beside {given}"
        if len(family) > 4:
            yield f"{family} beside {given}"
            yield from (f"{family[:k]}{family[k + 1 :]} beside {given}" for k in range(len(family)))


def other_romanisation(name: NameKey) -> Iterator[str]:
    """What the family name may be in another system of spelling: Ohno and Ono, Hsu and Xu.

    With an initial; of Chinese and Korean families, whose spellings are those of others, too, with
    the given name in full.
    """
    whole = "".join(name.particle + name.family)
    for reading in readings(whole):
        if reading[:2] in (CHINESE, KOREAN):
            given = "".join(name.given) if min(map(len, name.given), default=0) > 1 else ""
            for one in {given, *given_readings(name.given)} - {""}:
                yield f"{reading} = {one}"
        elif reading.startswith(ABJAD):
            full = next((token for token in name.given if len(token) > 1), "")
            yield from [f"{reading} {unpointed(full)}"] if full else []
        else:
            tokens = [*name.given, *(form for word in name.given[:1] for form in forms_of(word))]
            yield from (f"{reading} {_initial(token)}" for token in tokens)


def _is_transliterated(reading: str) -> bool:
    return reading.startswith(TRANSLITERATED)


def _initial(token: str) -> str:
    """The first letter; of Iurii and Jurij that of Yurii, of Yevgeny and Ye. that of Evgeny."""
    if token[0] not in "ijy" or len(token) == 1:
        return token[0]
    return "e" if is_iotated_e(token) else "y" if token[1] in "ua" else token[0]


def mononym(name: NameKey) -> Iterator[str]:
    """A mononym by itself, also where a form made it a family name with an initial or itself."""
    family = "".join(name.family)
    if family and (not name.given or name.given in ((family,), (family[0],))):
        yield _spelling("".join(name.family))


AUTHOR_RULES: tuple[KeyRule, ...] = (
    family_and_initials,
    part_of_family,
    last_given_name,
    with_particle,
    swapped,
    family_first,
    nickname_initials,
    slip_in_family,
    other_romanisation,
    mononym,
)


def name_keys(key: str) -> set[str]:
    """All keys of a folded name (`linkage.names.parse.name_key`)."""
    name = split_name_key(key)
    return {found for rule in AUTHOR_RULES for found in rule(name)}


def primary_key(key: str) -> str:
    """Family name and first initial, "" where there is neither."""
    family, given = f"{key}|".split("|", 2)[:2]
    spelled = _spelling(family.replace(" ", ""))
    return f"{spelled} {given[0]}" if given else spelled


def _keys(family: str, given: Iterable[str]) -> Iterator[str]:
    spelled = _spelling(family)
    if len(spelled) > 1:
        yield from (
            f"{spelled} {initial}" for token in given for initial in {token[0], _initial(token)}
        )


@lru_cache(maxsize=1 << 14)  # names stand in order: the family before is asked for again
def _spelling(family: str) -> str:
    """Without what transliteration adds: Mueller, Müller and Muller are "muller", Lv is "lu".

    And MacKenzie is McKenzie.
    """
    family = without_mac(PINYIN_UMLAUTS.get(family, family))
    for written, short in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s")):
        family = family.replace(written, short)
    return family
