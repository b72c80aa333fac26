"""What stands beside the names of an author string: brackets and the letters of footnotes."""

from __future__ import annotations

import re
from itertools import islice

from linkage.names.words import squeeze

# The letters that lead to footnotes: `Ann Bell a,*, Carl Dorn b`.
_FOOTNOTE = re.compile(
    r" (?<=[^\W\d_]{2} )[a-j](?:(?:, ?| )(?:[a-j]|\d|[*†‡§¶#∗])){0,9}(?= ?[,;]| and\b| &|$)"
)
# the same raised, or behind an initial's full stop: `Bell, A.^a,b`, `Bell A.1,*`
_RAISED = re.compile(
    r"(?:\^\{?(?:[a-z]|\d{1,2})|(?<=[^\W\d_]\.)\d{1,2})(?:,(?:[a-z]|\d{1,2}|[*†‡§¶#∗])){0,9}\}?"
    r"(?= ?[,;]| and\b| &| ?$)"
)
_LEGEND = re.compile(r" \(\((?=\w\) )")  # ((1) University of Oslo, (2) CERN)
_LEGEND_ENTRY = re.compile(r"\((\w)\) ([^()]+)")
# a legend behind the names without brackets around it: Ann Bell (1); (1) CERN (2) ETH
_BARE_LEGEND = re.compile(r"(?<![\s;,.])[\s;,.]+(?=\([1a]\)\s*[^\W\d_][^()]{2})")
_LEGEND_MARK = re.compile(r" \((\w(?:(?:, ?| and )\w){0,9})\)")
# ( ... ( ... ) ... ), and the same in square brackets
_BRACKETS = re.compile(r" ?(?:\((?:[^()]|\([^()]*\))*\)|\[(?:[^\[\]]|\[[^\[\]]*\])*\])")
_SEPARATED = re.compile(r"[,;|/&\n]| and ")
_SEPARATOR_BEFORE = re.compile(r"(?:(?<=\s)and|[,;|/&\n:])\s*\Z|\A\s*\Z")
_SEPARATOR_AFTER = re.compile(r"\s*(?:[,;|/&\n:]|and\s|\Z)")
_INNER = re.compile(r"(?<=.)[()\[\]](?=.)", re.DOTALL)
_FIRST_HIDDEN, _MOST_HIDDEN = 0xE000, 6400  # characters for private use
_MOST_LEGENDS, _MOST_OPEN = 20, 20
ASIDE = re.compile(r"\([^()]*\)")
_FAR = 200  # letters in which the next name is looked for
_HIDDEN = re.compile("[\ue000-\uf8ff]")


def without_footnotes(text: str) -> str:
    """Drop the letters and numbers that lead to footnotes: `Ann Bell a,b, Carl Dorn a`."""
    text = _RAISED.sub("", text)
    return text if text.islower() else _FOOTNOTE.sub(_footnote, text)


class Hidden:
    """A text whose separators in brackets are out of sight, until the names are cut.

    What is hidden belongs to the name before it, in `(CERN, Geneva) Ada Berg` and where the whole
    text begins with brackets to the one behind it.
    """

    def __init__(self, text: str) -> None:
        self._brackets: list[str] = []
        self.text = text
        if "(" in text or "[" in text:
            whole = with_affiliations(closed(_HIDDEN.sub("", text)))
            self.text = self._without_brackets(_side_by_side(whole))

    def _without_brackets(self, text: str) -> str:
        found = [match for match in _BRACKETS.finditer(text) if _SEPARATED.search(match[0])]
        if not found or not re.search(r"\w", _BRACKETS.sub("", text)):
            return text  # `[Berg, A.], [Dorn, C.]`: names, not what stands beside them
        parts, end = [], 0
        for brackets in found[:_MOST_HIDDEN]:
            before, end = text[end : brackets.start()], brackets.end()
            mark = self._hide(brackets[0])
            first, last = _SEPARATOR_BEFORE.search(before), _SEPARATOR_AFTER.match(text, end)
            if first and last and text[0] in "([":
                mark, end = f"{mark} ", last.end()
            elif first and last:
                before = before[: first.start()]
            elif not first and not last and _ends_name(before, text[end : end + _FAR]):
                mark += ","
            parts += [before, mark]
        return "".join([*parts, text[end:]])

    def _hide(self, brackets: str) -> str:
        """Keep brackets, without brackets in them, and give the character that stands for them."""
        self._brackets.append(f" {brackets.strip()[0]}{_INNER.sub('', brackets.strip())[1:]}")
        return chr(_FIRST_HIDDEN + len(self._brackets) - 1)

    def restored(self, name: str) -> str:
        """The name with its brackets."""
        if not self._brackets:
            return name
        return _HIDDEN.sub(lambda mark: self._brackets[ord(mark[0]) - _FIRST_HIDDEN], name)


def _ends_name(before: str, after: str) -> bool:
    """Whether a name is whole before brackets and another begins behind them."""
    words = _BRACKETS.split(re.split("[,;]", after, maxsplit=1)[0], maxsplit=1)[0].split()
    return len(re.split("[,;]", before)[-1].split()) > 1 and len(words) > 1


def without_hidden(text: str) -> str:
    """The text without the characters that stand for brackets."""
    return text if text.isascii() else _HIDDEN.sub("", text)


def _footnote(mark: re.Match[str]) -> str:
    """Drop the letters of footnotes after a full name; after a family name one is an initial."""
    before = mark.string[max(0, mark.start() - 80) : mark.start()]
    return "" if len(re.split("[,;]| and ", before)[-1].split()) > 1 else mark[0]


def _bare_legend(text: str) -> re.Match[str] | None:
    """Where a legend begins of which all marks, and no others, stand behind names before it."""
    for start in islice(_BARE_LEGEND.finditer(text), _MOST_LEGENDS):
        entries = {mark for mark, _ in _LEGEND_ENTRY.findall(text[start.start() :])}
        named = _LEGEND_MARK.findall(text[: start.start()])
        if {mark for marks in named for mark in re.findall(r"\w", marks)} == entries:
            return start
    return None


def closed(text: str) -> str:
    """The text with a bracket that was never closed closed where the next name begins."""
    if text.count("(") == text.count(")") and text.count("[") == text.count("]"):
        return text
    for opening, closing in (("(", ")"), ("[", "]")):
        missing = text.count(opening) - text.count(closing)
        for _ in range(min(missing, _MOST_OPEN)):
            text = _closed_once(text, opening, closing)
    return text


def _closed_once(text: str, opening: str, closing: str) -> str:
    """The first bracket without its partner closed: at `;`, before the next name, at the end."""
    depth, start = 0, 0
    for at, sign in enumerate(text):
        if sign == opening:
            if depth:
                break  # the one before this is open
            depth, start = 1, at
        elif sign == closing:
            depth = 0
    following = text.find(opening, start + 1)
    inside = text[start : following if following >= 0 else len(text)]
    end = inside.find(";")
    if end < 0 <= following:
        end = max(inside.rfind(","), inside.rfind(" and "))
    end = len(inside) if end < 0 else end
    return text[: start + end].rstrip() + closing + text[start + end :]


def _side_by_side(text: str) -> str:
    """`Ann Bell (Oslo) Carl Dorn (Rome)` with a comma between the names."""
    pieces = ASIDE.split(text)
    several = len(pieces) > 2 and not pieces[-1].strip() and not _SEPARATED.search("".join(pieces))
    if several and all(1 < len(piece.split()) < 5 for piece in pieces[:-1]):
        return ASIDE.sub(lambda aside: f"{aside[0]},", text).rstrip(" ,")
    return text


def with_affiliations(text: str) -> str:
    """Put the affiliations of a legend, as arXiv lists them, into the brackets that name them."""
    legend = _LEGEND.search(text) or _bare_legend(text)
    if not legend:
        return text
    listed = _LEGEND_ENTRY.findall(text[legend.start() :])
    place = {mark: squeeze(name).strip(" ,;") for mark, name in listed}

    def affiliations(marks: re.Match[str]) -> str:
        known = [place[mark] for mark in re.split(", ?| and ", marks[1]) if mark in place]
        return f" ({'; '.join(known)})" if known else ""

    return _LEGEND_MARK.sub(affiliations, text[: legend.start()])
