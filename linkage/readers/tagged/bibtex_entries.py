"""BibTeX cut into entries and fields, each with its place; what is damaged is told and passed over.

An entry ends where its braces do. Where they don't, or something stands between fields, the entry
is set aside and reading goes on at the next one, so that nothing swallows another entry.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from linkage.errors import Problem
from linkage.readers.source import Source
from linkage.readers.tagged.foreign import own_lines

_START = re.compile(r"(?<![\w\\.])@[ \t]*([A-Za-z]+)\s*([{(])")
_AT_LINE_START = re.compile(r"(?:^|(?<=[})]))[ \t]*(@)[ \t]*[A-Za-z]+\s*[{(]", re.MULTILINE)
_KEY = re.compile(r"\s*([^,{}=\"\n]*?)\s*(?=[,})])")
_BETWEEN = re.compile(r"(?:[\s,]|%[^\n]*)*")
_FIELD = re.compile(r"([^\s=,{}\"#%()@]+)\s*=\s*")
_BLANK = re.compile(r"\s*")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTE = re.compile(r'\\.|[{}"]', re.DOTALL)
_BARE = re.compile(r"[^\s,{}#\"=()]+")
_OF_AN_ENTRY = re.compile(r"=|^[ \t]*@")
_LIKE_AN_ENTRY = re.compile(r"[={]|^[ \t]*@")
_CLOSING = {"{": "}", "(": ")"}
_MOST_INSIDE = 20  # beginnings of entries that may stand inside of one, in a text it quotes


class Entry(NamedTuple):
    """An entry: type in lower case, key, fields with the parts of their values, where it begins.

    A part has its braces or quotation marks; parts were joined by `#`. `place` is a line, and a
    column (`3, column 17`) where the entry does not begin its line.
    """

    kind: str
    key: str
    fields: list[tuple[str, list[str]]]
    place: int | str


class _DamageError(Exception):
    """What is wrong in an entry, and where."""

    def __init__(self, at: int, found: str, expected: str) -> None:
        super().__init__(found)
        self.at = at
        self.found = found
        self.expected = expected


def bibtex_entries(source: Source, problems: list[Problem]) -> list[Entry]:
    """All entries of a file in order, `@string` among them, `@comment` and `@preamble` not."""
    text = source.text(problems).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _Scanner(text, source.name, problems).entries()


class _Scanner:
    """Goes once through the text."""

    def __init__(self, text: str, name: str, problems: list[Problem]) -> None:
        self._text = text
        self._name = name
        self._problems = problems
        self._lines = [-1, *(match.start() for match in re.finditer("\n", text))]
        self._heads = [match.start(1) for match in _AT_LINE_START.finditer(text)]
        self._limit = len(text)

    def entries(self) -> list[Entry]:
        found: list[Entry] = []
        end = inside = 0
        while start := _START.search(self._text, end):
            self._tell_between(end, start.start())
            nearest = bisect_right(self._heads, start.start())
            heads = self._heads[nearest : nearest + _MOST_INSIDE]
            self._limit = heads[-1] if len(heads) == _MOST_INSIDE else len(self._text)
            try:
                entry, end = self._entry(start)
            except _DamageError as damage:
                found_, expected = damage.found, damage.expected
                self._tell(damage.at, f"{found_} in the entry {self._shown(start)}", expected)
                end = heads[0] if heads else len(self._text)
                continue
            inside = bisect_left(self._heads, end) - nearest
            if inside and entry.kind not in ("comment", "preamble"):
                what = f"{inside} beginnings of entries inside the entry {self._shown(start)}"
                self._tell(self._heads[nearest], what, "none", kept=True)
            if entry.kind not in ("comment", "preamble"):
                found.append(entry)
        self._tell_between(end, len(self._text))
        return found

    def _entry(self, start: re.Match[str]) -> tuple[Entry, int]:
        """The entry that begins here, and where it ends."""
        kind, closing = start[1].lower(), _CLOSING[start[2]]
        if kind in ("comment", "preamble"):
            return Entry(kind, "", [], 0), self._skipped(kind, start)
        key, at = "", start.end()
        if kind != "string" and (match := _KEY.match(self._text, at, self._limit)):
            key, at = match[1], match.end()
        fields: list[tuple[str, list[str]]] = []
        while (before := at) <= (at := self._after(_BETWEEN, at)) < self._limit:
            if self._text[at] == closing:
                return Entry(kind, key, fields, self._place(start.start())), at + 1
            name = _FIELD.match(self._text, at, self._limit)
            if name is None:
                found = repr(self._text[at : at + 20].partition("\n")[0])
                needed = f"a field, or {closing}" if key or fields else "a key and a comma"
                raise _DamageError(at, found, needed)
            if fields and "," not in self._text[before:at]:
                self._tell(at, f"no comma before the field {name[1]}", "one", kept=True)
            parts, at = self._value(name.end())
            fields.append((name[1].lower(), parts))
        raise _DamageError(start.start(), f"no closing {closing}", "one")

    def _value(self, at: int) -> tuple[list[str], int]:
        """The parts of a value, and where it ends."""
        parts: list[str] = []
        while True:
            end = self._end_of_part(at)
            parts.append(self._text[at:end])
            at = self._after(_BLANK, end)
            if self._text[at : at + 1] != "#":
                return parts, end
            at = self._after(_BLANK, at + 1)

    def _end_of_part(self, at: int) -> int:
        first = self._text[at : at + 1]
        if first == "{":
            return self._closed(at, _BRACE, "}")
        if first == '"':
            return self._closed(at, _QUOTE, '"')
        bare = _BARE.match(self._text, at, self._limit)
        if bare is None:
            raise _DamageError(at, repr(self._text[at : at + 20]), "the value of a field")
        return bare.end()

    def _closed(self, at: int, marks: re.Pattern[str], closing: str) -> int:
        """Where what opens here is closed; a mark after a backslash does not count."""
        depth = 1 if closing == "}" else 0
        for mark in marks.finditer(self._text, at + 1, self._limit):
            if mark[0] == closing and depth == (1 if closing == "}" else 0):
                return mark.end()
            if mark[0] in "{}":
                depth += 1 if mark[0] == "{" else -1
        raise _DamageError(at, f"no closing {closing}", "one")

    def _skipped(self, kind: str, start: re.Match[str]) -> int:
        try:
            return self._closed(start.end() - 1, _BRACE, "}") if start[2] == "{" else start.end()
        except _DamageError:
            if kind == "preamble":
                raise
            line_end = self._text.find("\n", start.end())
            return line_end if line_end >= 0 else len(self._text)

    def _after(self, blanks: re.Pattern[str], at: int) -> int:
        match = blanks.match(self._text, at, self._limit)
        return match.end() if match else at

    def _tell_between(self, start: int, end: int) -> None:
        """Tell what stands between entries and is neither blank nor a comment.

        The first line that may be of an entry is told rather than the text before it. Records of
        other formats are told each.
        """
        filled = re.finditer(r"[^\n]*\S[^\n]*", self._text[start:end])
        numbered = {bisect_left(self._lines, start + line.start()): line for line in filled}
        texts = ((number, line[0]) for number, line in numbered.items())
        own = [
            numbered[number] for number, _ in own_lines(texts, "BibTeX", self._name, self._problems)
        ]
        lines = [line for line in own if not line[0].lstrip().startswith("%")]
        if lines:
            likely = [line for line in lines if _LIKE_AN_ENTRY.search(line[0])]
            told = (likely or lines)[0]
            kept = not any(_OF_AN_ENTRY.search(line[0]) for line in lines)
            found = repr(told[0].strip()[:40])
            self._tell(start + told.start(), found, "an entry, @type{key, ...}", kept=kept)

    def _tell(self, at: int, found: str, expected: str, *, kept: bool = False) -> None:
        line = bisect_left(self._lines, at)
        where = f"line {line}, column {at - self._lines[line - 1]}"
        self._problems.append(Problem(self._name, where, found, expected, kept))

    def _place(self, at: int) -> int | str:
        line = bisect_left(self._lines, at)
        before = self._text[self._lines[line - 1] + 1 : at]
        return f"{line}, column {len(before) + 1}" if before.strip() else line

    def _shown(self, start: re.Match[str]) -> str:
        line = self._text[start.start() : start.start() + 60].splitlines()[0]
        return f"{line!r} of line {bisect_left(self._lines, start.start())}"
