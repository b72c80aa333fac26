"""Records of lines that begin with a tag: cut apart, their fields in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from linkage.errors import Problem
from linkage.readers.source import Source
from linkage.readers.tagged.foreign import own_lines
from linkage.records.cells import SAID_MISSING


class Tagged(NamedTuple):
    """The fields of a record, tag and text, and the line at which it begins."""

    line: int
    fields: list[tuple[str, str]]

    def all(self, *tags: str) -> list[str]:
        """The texts of these tags, those of the first tag first; empty ones don't count."""
        return [text for tag in tags for name, text in self.fields if name == tag and text]

    def first(self, *tags: str) -> str | None:
        """The first text of the first of these tags that has one, rather one that is no `NA`."""
        texts = self.all(*tags)
        return next((text for text in texts if text not in SAID_MISSING), next(iter(texts), None))

    def others(
        self, form: str, used: frozenset[str], whole: frozenset[str], several: str
    ) -> dict[str, str | list[str]]:
        """The fields without a column, by their tags after the name of the format.

        And what a column can't hold: a journal called `NA`, a second volume. Those of `whole` hold
        any number of any texts, those of `several` of any that say something.
        """
        found: dict[str, list[str]] = {}
        for tag, text in self.fields:
            held = text not in SAID_MISSING and (text == self.first(tag) or tag in several.split())
            held = held or tag in whole
            if text and (tag not in used or not held):
                found.setdefault(f"{form}:{tag}", []).append(text)
        return {tag: texts[0] if len(texts) == 1 else texts for tag, texts in found.items()}


def tagged_records(
    source: Source,
    problems: list[Problem],
    tag_line: re.Pattern[str],
    starts: Callable[[str, list[tuple[str, str]], bool], bool],
    strange: Callable[[str, str], bool],
    form: str,
    lists: str = "",
) -> Iterator[Tagged]:
    """Cut a file into records.

    `tag_line` has the tag and its text as groups; a line that it does not match goes on with the
    field before. `starts` tells from the tag, the fields so far and whether a blank line stands
    before whether a new record begins. A further line of a tag in `lists` is a value of its own.
    Lines before the first tag are set aside. A line that goes on is told where it is `strange`
    after this tag, such as one that is not indented. Records of other formats than `form` are left
    out and told.
    """
    fields: list[tuple[str, str]] = []
    first, blank, stray = 1, True, False
    content = source.text(problems).lstrip("\ufeff")
    lines = enumerate(re.split(r"\r\n|\r|\n", content), start=1)
    for number, line in own_lines(lines, form, source.name, problems):
        match = tag_line.match(line)
        if match:
            if fields and starts(match[1], fields, blank):
                yield Tagged(first, fields)
                fields = []
            first = first if fields else number
            fields.append((match[1], " ".join((match[2] or "").split())))
            stray = False
        elif line.strip() and fields and not blank:
            tag, text = fields[-1]
            if strange(tag, line):
                found, where = repr(line.strip()[:40]), f"line {number}"
                problems.append(Problem(source.name, where, found, "a line with a tag", kept=True))
            more = " ".join(line.split())
            if tag in lists:
                fields.append((tag, more))
            else:
                fields[-1] = (tag, f"{text} {more}".strip())
        elif line.strip() and not stray:
            stray = True  # once for all the lines of it
            found = repr(line.strip()[:40])
            problems.append(Problem(source.name, f"line {number}", found, "a line with a tag"))
        blank = not line.strip()
    if fields:
        yield Tagged(first, fields)
