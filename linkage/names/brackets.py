"""What stands beside the names of an author string: brackets and the letters of footnotes."""

from __future__ import annotations

import re

from linkage.names.words import squeeze

# The letters that lead to footnotes: `Ann Bell a,*, Carl Dorn b`.
_FOOTNOTE = re.compile(
    r" (?<=[^\W\d_]{2} )[a-j](?:, ?(?:[a-j]|\d|[*†‡§¶#∗])){0,9}(?= ?[,;]| and\b| &|$)"
)
_LEGEND = re.compile(r" \(\((?=\w\) )")  # ((1) University of Oslo, (2) CERN)
_LEGEND_ENTRY = re.compile(r"\((\w)\) ([^()]+)")
_LEGEND_MARK = re.compile(r" \((\w(?:(?:, ?| and )\w){0,9})\)")
_IN_BRACKETS = re.compile(r" \([^()]*(?:[,;|/&\n]| and )[^()]*\)")
_FIRST_HIDDEN, _MOST_HIDDEN = 0xE000, 6400  # characters for private use
_HIDDEN = re.compile("[\ue000-\uf8ff]")


def without_footnotes(text: str) -> str:
    """Drop the letters that lead to footnotes: `Ann Bell a,b, Carl Dorn a`."""
    return text if text.islower() else _FOOTNOTE.sub(_footnote, text)


class Hidden:
    """A text whose separators in brackets are out of sight, until the names are cut."""

    def __init__(self, text: str) -> None:
        self._brackets: list[str] = []
        self.text = text
        if "(" in text:
            self.text = _IN_BRACKETS.sub(self._hide, _HIDDEN.sub("", with_affiliations(text)))

    def _hide(self, brackets: re.Match[str]) -> str:
        if len(self._brackets) == _MOST_HIDDEN:
            return brackets[0]
        self._brackets.append(brackets[0])
        return chr(_FIRST_HIDDEN + len(self._brackets) - 1)

    def restored(self, name: str) -> str:
        """The name with its brackets."""
        if not self._brackets:
            return name
        return _HIDDEN.sub(lambda mark: self._brackets[ord(mark[0]) - _FIRST_HIDDEN], name)


def without_hidden(text: str) -> str:
    """The text without the characters that stand for brackets."""
    return text if text.isascii() else _HIDDEN.sub("", text)


def _footnote(mark: re.Match[str]) -> str:
    """Drop the letters of footnotes after a full name; after a family name one is an initial."""
    before = mark.string[max(0, mark.start() - 80) : mark.start()]
    return "" if len(re.split("[,;]| and ", before)[-1].split()) > 1 else mark[0]


def with_affiliations(text: str) -> str:
    """Put the affiliations of a legend, as arXiv lists them, into the brackets that name them."""
    legend = _LEGEND.search(text)
    if not legend:
        return text
    listed = _LEGEND_ENTRY.findall(text[legend.start() :])
    place = {mark: squeeze(name).strip(" ,;") for mark, name in listed}

    def affiliations(marks: re.Match[str]) -> str:
        known = [place[mark] for mark in re.split(", ?| and ", marks[1]) if mark in place]
        return f" ({'; '.join(known)})" if known else ""

    return _LEGEND_MARK.sub(affiliations, text[: legend.start()])
