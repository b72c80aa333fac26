"""Records of one format within a file of another, which are left out and told with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from linkage.errors import Problem

_STARTS = {  # how a record begins that can't be text of another format
    "BibTeX": re.compile(r"\s*@\s*[A-Za-z]+\s*\{\s*[^\s{},=]+\s*,\s*(?:$|[A-Za-z_-]+\s*=)"),
    "RIS": re.compile(r"TY  - ?[A-Z]{3,8}\s*$"),
    "nbib": re.compile(r"PMID- ?\d+\s*$"),
    "refer": re.compile(r"%0 [A-Z][A-Za-z ]+$"),
}
_BY_SIGN = {"@": "BibTeX", "T": "RIS", "P": "nbib", "%": "refer"}
_ENDS = {"RIS": re.compile(r"ER  -"), "nbib": re.compile(r"\s*$"), "refer": re.compile(r"\s*$")}
_BRACE = re.compile(r"(?<!\\)[{}]")


def own_lines(
    lines: Iterable[tuple[int, str]], own: str, file: str, problems: list[Problem]
) -> Iterator[tuple[int, str]]:
    """The lines of a file of the format `own` without the records of others, which are told.

    Such a record ends where its braces are closed, at its last line or a blank one, or where
    another begins. One of nbib begins behind a blank line or an end: else it is a number alone.
    """
    form, start, first, last, depth = "", "", 0, 0, 0
    after_end = True
    for number, line in lines:
        begun = form_of_start(line)
        if begun == "nbib" and own in ("RIS", "refer") and not (form or after_end):
            begun = None
        after_end = not line.strip() or line.startswith("ER  -")
        if form and begun:
            problems.append(_left_out(form, start, first, last, own, file))
            form = ""
        if begun == own or not (form or begun):
            yield number, line
            continue
        if begun:
            form, start, first, depth = begun, line, number, 0
        last, depth = number if line.strip() else last, depth + _depth(line)
        if depth <= 0 if form == "BibTeX" else _ENDS[form].match(line):
            problems.append(_left_out(form, start, first, last, own, file))
            form = ""
    if form:
        problems.append(_left_out(form, start, first, last, own, file))


def form_of_start(line: str) -> str | None:
    """The format of which a record begins with this line."""
    form = _BY_SIGN.get(line.lstrip()[:1])
    return form if form and _STARTS[form].match(line) else None


def _depth(line: str) -> int:
    return sum(1 if brace == "{" else -1 for brace in _BRACE.findall(line))


def _left_out(form: str, start: str, first: int, last: int, own: str, file: str) -> Problem:
    where = f"lines {first}-{last}" if last > first else f"line {first}"
    found = f"a record of {form} ({start.strip()[:40]!r})"
    return Problem(file, where, found, f"{own} alone")
