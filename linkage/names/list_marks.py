"""What parts the names of an author string in other ways than commas and "and".

By Ana Ruiz y Luis Gil      1. Ann Bell 2. Carl Dorn      王伟 李娜 张敏
"""

from __future__ import annotations

import re

from linkage.names.words import is_cjk, is_common_given_name, is_initials

_BY = re.compile(
    r"(?:(?:written )?by|authors?(?:\(s\))?\s?:)\s+(?=[^\W\d_]{2}\w*,? [^\W\d_])", re.I
)
_NUMBER = re.compile(r"(?:\A|(?<![\s,;])[\s,;]+)\d{1,3}[.)]\s+(?=[^\W\d_])")
_GLUED_MARK = re.compile(r"(?<=[^\W\d_]{2})(\d(?:,\d){0,9})(?=[,;\s]|$)")
_MARKED_ENTRY = re.compile(r"[,;.\n]\s?(\d)\s(?=[^\W\d_]{2})")
_OTHER_AND = re.compile(r"\s(?:[yei]|и)\s")
_FAR = 100  # letters in which a name is looked for
_AT_SEPARATOR = re.compile(r"[,;\n]")
_AT_STRONG = re.compile(r"[;\n]")


def with_plain_separators(text: str) -> str:
    """The text with semicolons and "and" in the place of all else that parts names."""
    if by := _BY.match(text):
        text = text[by.end() :]
    if text.startswith("1") and len(_NUMBER.findall(text)) > 1:
        text = _NUMBER.sub("; ", text)[2:]
    if "1" in text and (legend := _MARKED_ENTRY.search(text)):
        text = _with_marks_in_brackets(text, legend.start())
    if _OTHER_AND.search(text):
        text = _with_and(text)
    return text if text.isascii() or "," in text else _with_parted_han(text)


def _with_marks_in_brackets(text: str, legend: int) -> str:
    """`Ann Bell (1), (1) CERN` for `Ann Bell1, 1 CERN`, if all marks stand in the legend."""
    named = {mark for marks in _GLUED_MARK.findall(text[:legend]) for mark in marks.split(",")}
    if named != set(_MARKED_ENTRY.findall(text[legend:])):
        return text
    names = _GLUED_MARK.sub(r" (\1)", text[:legend])
    return names + _MARKED_ENTRY.sub(r"; (\1) ", text[legend:])


def _with_and(text: str) -> str:
    """`and` for the `y` of `Ana Ruiz y Luis Gil`, not for that of `José Ortega y Gasset`."""
    parts, end = [], 0
    for found in _OTHER_AND.finditer(text):
        before = text[max(end, found.start() - _FAR) : found.start()]
        after = _AT_STRONG.split(text[found.end() : found.end() + _FAR])[0]
        if _are_two(_AT_SEPARATOR.split(before)[-1], after):
            parts += [text[end : found.start()], " and "]
            end = found.end()
    return "".join([*parts, text[end:]])


def _are_two(before: str, after: str) -> bool:
    """Whether a name ends before and another begins behind: `Luis Gil`, `L. Gil`, `Gil, L.`."""
    one, (first, *rest) = before.split(), (segment.split() for segment in after.split(","))
    if len(first) > 1:
        return len(one) > 1 and (is_common_given_name(first[0]) or any(map(_dotted, first)))
    inverted = bool(rest) and bool(rest[0]) and all(map(is_initials, rest[0]))
    return inverted and bool(one) and all(map(is_initials, one))


def _dotted(word: str) -> bool:
    return word.endswith(".") and is_initials(word)


def _with_parted_han(text: str) -> str:
    """Chinese names side by side with semicolons between them; two words may be one name."""
    words = text.split()
    lengths = {len(word) for word in words}
    if len(words) > 2 and lengths <= {2, 3} and all(is_cjk(c) for c in "".join(words)):
        return "; ".join(words) if len(words) % 2 or lengths == {2, 3} else text
    return text
