"""Given names divided into words alike: `jinli q` and `jin li q`, `dayong` and `da yong`."""

from __future__ import annotations

from linkage.features.given_names import is_syllable, two_syllables

Given = tuple[str, ...]


def spelled_alike(a: Given, b: Given) -> tuple[Given, Given]:
    """Two lists of given names, divided into words alike where they can be.

    Words are joined where the other name writes them as one (`jin li q` for `jinli q`), and Chinese
    syllables cut where it has them apart, in full or as initials (`da yong` for `dayong`, `d y`).
    """
    if a == b:
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
        len(one) == 1
        and len(one[0]) > 1
        and len(other) == 2
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
