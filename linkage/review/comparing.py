"""Two values side by side: the words, and within alike words the letters, that differ."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from linkage.text.folding import fold

SAME, ALIKE, DIFFERS, ONE_SIDE = "same", "alike", "differs", "one side"
_WORDS = re.compile(r"\w+|\W+")
_ALIKE = 0.6  # share of letters from which two words are forms of one
_LONGEST = 1500  # words; longer texts are compared no further


class Part(NamedTuple):
    """A piece of a value; `marked`: the other side has something else here."""

    text: str
    marked: bool


class Compared(NamedTuple):
    """One field of two things: `state` says how they relate; a side that is missing is None."""

    field: str
    state: str
    left: list[Part] | None
    right: list[Part] | None


def compare(field: str, left: str | None, right: str | None, exact: bool = False) -> Compared:
    """Compare two texts; unless `exact`, capitals, accents and punctuation differ in nothing."""
    if not left or not right:
        sides = ([Part(one, False)] if one else None for one in (left, right))
        return Compared(field, ONE_SIDE, *sides)
    if left == right:
        return Compared(field, SAME, [Part(left, False)], [Part(right, False)])
    key = str.casefold if exact else fold
    if key(left) == key(right) != "":
        return Compared(field, ALIKE, [Part(left, False)], [Part(right, False)])
    return Compared(field, DIFFERS, *marked(left, right, exact))


def marked(left: str, right: str, exact: bool = False) -> tuple[list[Part], list[Part]]:
    """Both texts in parts, those marked that the other lacks."""
    if exact:
        return _middle(left, right)
    a, b = _WORDS.findall(left), _WORDS.findall(right)
    if max(len(a), len(b)) > _LONGEST:
        return [Part(left, False)], [Part(right, False)]
    matcher = SequenceMatcher(None, [_key(t) for t in a], [_key(t) for t in b], autojunk=False)
    found: tuple[list[Part], list[Part]] = ([], [])
    for what, i, i_end, j, j_end in matcher.get_opcodes():
        if what == "equal":
            parts = [Part("".join(a[i:i_end]), False)], [Part("".join(b[j:j_end]), False)]
        else:
            parts = _replaced(a[i:i_end], b[j:j_end])
        for side, more in zip(found, parts, strict=True):
            side.extend(more)
    return _joined(found[0]), _joined(found[1])


def _middle(left: str, right: str) -> tuple[list[Part], list[Part]]:
    """Two numbers or ids: marked is what stands between the first difference and the last."""
    a, b = ([letter.casefold() for letter in one] for one in (left, right))
    before = _equal_at_start(a, b)
    after = _equal_at_start(a[before:][::-1], b[before:][::-1])
    cut = [(one[:before], one[before : len(one) - after], one[len(one) - after :])
           for one in (left, right)]  # fmt: skip
    sides = [[Part(text, k == 1) for k, text in enumerate(parts) if text] for parts in cut]
    return sides[0], sides[1]


def _equal_at_start(a: list[str], b: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(a, b, strict=False)))


def _replaced(a: list[str], b: list[str]) -> tuple[list[Part], list[Part]]:
    """Words that differ: of pairs that are forms of one only the letters are marked."""
    words = [[w for w in side if _key(w)] for side in (a, b)]
    if len(words[0]) != len(words[1]):
        return [Part(w, bool(_key(w))) for w in a], [Part(w, bool(_key(w))) for w in b]
    letters = [_letters(*both) for both in zip(*words, strict=True)]
    sides = []
    for side, own in enumerate((a, b)):
        spelled = iter([pair[side] for pair in letters])
        sides.append([p for w in own for p in (next(spelled) if _key(w) else [Part(w, False)])])
    return sides[0], sides[1]


@lru_cache(maxsize=1 << 14)
def _key(token: str) -> str:
    return fold(token)


def _letters(left: str, right: str) -> tuple[list[Part], list[Part]]:
    """Two words in parts; marked as a whole where they have little in common."""
    a, b = ([_key(c) or c for c in one] for one in (left, right))
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    begins = a[: len(b)] == b or b[: len(a)] == a  # J and John
    if matcher.ratio() < _ALIKE and not begins:
        return [Part(left, True)], [Part(right, True)]
    found: tuple[list[Part], list[Part]] = ([], [])
    for what, i, i_end, j, j_end in matcher.get_opcodes():
        for side, text in zip(found, (left[i:i_end], right[j:j_end]), strict=True):
            side.append(Part(text, what != "equal"))
    return _joined(found[0]), _joined(found[1])


def _joined(parts: list[Part]) -> list[Part]:
    """Neighbours that are both marked, or both not, as one; blanks go with marked neighbours."""
    found: list[Part] = []
    parts = [part for part in parts if part.text]
    for place, part in enumerate(parts):
        if part.text.isspace() and 0 < place < len(parts) - 1:
            part = Part(part.text, parts[place - 1].marked and parts[place + 1].marked)
        if found and found[-1].marked == part.marked:
            found[-1] = Part(found[-1].text + part.text, part.marked)
        else:
            found.append(part)
    return found
