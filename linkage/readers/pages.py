"""Publication lists copied from web pages as text: three families, told by their structure.

Profile list: `LGOct 20, 2018` (subject, date; maybe `Code`), title, `A, B, C et al. · affiliation`,
abstract. Record dump: title, `Family, Given, Family, Given, …`, abstract, one line each. Name
cluster: `ICLR Conference 2024 Conference Paper`, title, bulleted names, abstract.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from linkage.errors import Problem
from linkage.readers.dump_authors import flat_authors, is_flat_author_line
from linkage.readers.source import Reader, Source

_PROFILE = re.compile(
    r"(?P<subject>[A-Z][A-Z-]{0,9})"
    r"(?P<date>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}(?:, \d{4})?)"
    r"(?:Code)?"
)
_CLUSTER = re.compile(
    r"(?P<venue>\S.*?)(?: (?:Conference|Journal|Workshop|Symposium))? (?P<year>\d{4})"
    r" (?P<type>(?:Conference|Journal|Workshop|Symposium|Book) (?:Paper|Abstract|Article|Chapter))"
)
_NEARLY_PROFILE = re.compile(
    r"[A-Z-]{1,10}\w{0,3}\W{0,3}\w{0,5}\W{0,3}\d{1,2}\D{1,4}[\d\W]{3,6}(?:Code)?"
)
_NEARLY_CLUSTER = re.compile(
    r".*\b(?:Conference|Journal|Workshop|Symposium|Book)\b.*\b(?:Paper|Abstract|Article|Chapter)\b\W*"
)
_BULLET = re.compile(r"\s*[•‣◦*·-]\s+(.+)")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.IGNORECASE)
_TAG = re.compile(r"</[\w:]+>\s*<|\"\s*:\s*[\[{\"]")  # XML or JSON whose beginning is damaged
_ET_AL = re.compile(r",?(?<!\s)\s+et al\.?$")


class _Line(NamedTuple):
    number: int
    text: str


def _lines(text: str) -> list[_Line]:
    """The lines that are not blank, stripped, with their numbers in the file."""
    numbered = enumerate(re.split(r"\r\n|\r|\n", text.lstrip("\ufeff")), start=1)
    return [_Line(number, line.strip()) for number, line in numbered if line.strip()]


def _blocks(lines: list[_Line], header: re.Pattern[str]) -> Iterator[list[_Line]]:
    """A header line and what follows it, up to the next header line."""
    starts = [index for index, line in enumerate(lines) if header.fullmatch(line.text)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start:end]


def _nearly(
    lines: list[_Line], header: re.Pattern[str], like: re.Pattern[str], source: Source
) -> Iterator[Problem]:
    """What looks like the damaged head of a record: it is in the record before, or nowhere."""
    for number, text in lines:
        if len(text) < 100 and like.fullmatch(text) and not header.fullmatch(text):
            yield Problem(source.name, f"line {number}", repr(text), "the head of a record")


def _has(header: re.Pattern[str], source: Source) -> bool:
    return any(header.fullmatch(line.text) for line in _lines(source.head))


def _frame(rows: dict[int, dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows.values()), index=list(rows), dtype=object)


def _no_title(source: Source, header: _Line) -> Problem:
    return Problem(source.name, f"line {header.number}", f"{header.text!r} alone", "a title below")


def _read_profile(source: Source, problems: list[Problem]) -> pd.DataFrame:
    rows: dict[int, dict[str, Any]] = {}
    lines = _lines(source.text(problems))
    problems += _nearly(lines, _PROFILE, _NEARLY_PROFILE, source)
    for header, *rest in _blocks(lines, _PROFILE):
        if rest:
            rows[header.number] = _profile_record(header.text, [line.text for line in rest])
        else:
            problems.append(_no_title(source, header))
    return _frame(rows)


def _profile_record(header: str, rest: list[str]) -> dict[str, Any]:
    match = _PROFILE.fullmatch(header)
    record: dict[str, Any] = match.groupdict() if match else {}
    title, *rest = rest
    names, _, affiliation = rest[0].partition(" · ") if rest else ("", "", "")
    if affiliation or _looks_like_names(names):
        record |= {"authors": _listed_names(names), "affiliation": affiliation or None}
        record["authors_truncated"] = _ET_AL.search(names) is not None
        rest = rest[1:]
    return record | {"title": title, "abstract": "\n".join(rest)}


def _looks_like_names(line: str) -> bool:
    """Tell a line of names from the first line of an abstract, where the names are missing."""
    if not line or _ET_AL.search(line):
        return bool(line)
    return all(len(name.split()) <= 6 for name in line.split(", ")) and len(line) < 200


def _listed_names(line: str) -> list[str]:
    names: list[str] = []
    for name in _ET_AL.sub("", line).split(", "):
        if names and _SUFFIX.fullmatch(name):
            names[-1] += f", {name}"
        else:
            names.append(name)
    return names


def _read_cluster(source: Source, problems: list[Problem]) -> pd.DataFrame:
    rows: dict[int, dict[str, Any]] = {}
    lines = _lines(source.text(problems))
    problems += _nearly(lines, _CLUSTER, _NEARLY_CLUSTER, source)
    for header, *rest in _blocks(lines, _CLUSTER):
        texts = [line.text for line in rest]
        if texts and not _BULLET.fullmatch(texts[0]):
            rows[header.number] = _cluster_record(header.text, texts)
        else:
            problems.append(_no_title(source, header))
    return _frame(rows)


def _cluster_record(header: str, texts: list[str]) -> dict[str, Any]:
    match = _CLUSTER.fullmatch(header)
    record: dict[str, Any] = match.groupdict() if match else {}
    bullets = [_BULLET.fullmatch(text) for text in texts]
    first = next((index for index, bullet in enumerate(bullets) if bullet), 1)
    end = next((i for i in range(first, len(texts)) if not bullets[i]), len(texts))
    names = [bullet[1] for bullet in bullets[first:end] if bullet]
    record |= {"title": " ".join(texts[:first]), "authors": names or None}
    return record | {"abstract": "\n".join(texts[end:])}


def _is_dump(source: Source) -> bool:
    lines = [line.text for line in _lines(source.head)]
    titles = _title_indices(lines)
    if _TAG.search(source.head):
        return False
    # not every two lines are a dump: an owner's line or a longer list of names must be there
    certain = titles[:1] == [1] or any(lines[index + 1].count(", ") > 2 for index in titles)
    return certain and titles[0] <= 1 and len(titles) * 5 >= len(lines) - 1


def _title_indices(lines: list[str]) -> list[int]:
    """Where a title stands: the line before a line of flattened names.

    The first line may be the page's owner; a title may itself look like names ("Attention,
    Please"): of two such lines the first is the title.
    """
    flat = [is_flat_author_line(line) for line in lines] + [False, False]
    first = 1 if lines and flat[0] and not flat[1] else 0
    return [
        index
        for index in range(first, len(lines) - 1)
        if flat[index + 1]
        and not flat[index + 2]
        and not (flat[index] and index > first and flat[index - 1])
    ]


def _read_dump(source: Source, problems: list[Problem]) -> pd.DataFrame:
    lines = _lines(source.text(problems))
    starts = _title_indices([line.text for line in lines])
    rows: dict[int, dict[str, Any]] = {}
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        title, names, *abstract = lines[start:end]
        authors, dropped = flat_authors(names.text)
        if title.text.count(", ") > 2 and is_flat_author_line(title.text):
            where, found = f"line {title.number}", f"names as the title: {title.text[:40]!r}"
            problems.append(Problem(source.name, where, found, "a title", kept=True))
        rows[title.number] = {
            "title": title.text,
            "authors": authors,
            "abstract": "\n".join(line.text for line in abstract),
        }
        problems += _names_below(abstract, source)
        for found in dropped:
            where = f"line {names.number}"
            problems.append(Problem(source.name, where, repr(found), "a name", kept=True))
    return _frame(rows)


def _names_below(abstract: list[_Line], source: Source) -> Iterator[Problem]:
    """Tell an abstract that swallowed a record whose line of names is damaged."""
    for number, text in abstract:
        parts = [part.split() for part in text.split(",")]
        if len(parts) > 3 and all(len(words) < 4 for words in parts) and text[:1].isupper():
            found, expected = f"nearly a line of names: {text[:40]!r}", "an abstract"
            yield Problem(source.name, f"line {number}", found, expected, kept=True)


PROFILE = Reader("a profile's paper list", (), lambda s: _has(_PROFILE, s), _read_profile)
CLUSTER = Reader("a name-cluster page", (), lambda s: _has(_CLUSTER, s), _read_cluster)
DUMP = Reader("a record dump", (), _is_dump, _read_dump)
