"""Where in its venue an item stands, out of the volume, issue and page fields as printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage.features.arrays import objects

_PAGE_RANGE = re.compile(r"([a-z]*[0-9]+[a-z]?)\s*-+\s*([a-z]*[0-9]+[a-z]?)")
# Without the noughts before them; no more digits than are read at once
_PLAIN_SPAN = "^0*(?P<first>[1-9][0-9]{0,9})(?:-0*(?P<last>[1-9][0-9]{0,9}))?$"
_PLAIN = re.compile(r"[0-9]+(?:-[0-9]+)?")  # needs no cleaning
_PAGE = re.compile(r"[a-z]*[0-9]+")
_PAGES_WORD = re.compile(r"\bpp(?=[0-9])")
_PAGE_IN_ARTICLE = re.compile(r"(?<=[0-9]):[0-9]+")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_DASH = re.compile("[\u2010-\u2015\u2212]")
LONGEST = 200  # characters that are looked at
_DIGITS = re.compile(r"[0-9]+")
_ROMAN = re.compile(
    r"(?=[ivx]|[lcdm][ivxlcdm])m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})"
)
_IN_SUPPLEMENT = re.compile("s[0-9]+")  # an issue S1, a page S12
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_PARENTHESIS = re.compile(r"[0-9]+[^()]*\(([^()]*[0-9][^()]*)\)")
_LEFT_OVER = re.compile(r"[^(]*[0-9]+\s*\)")


class Place(NamedTuple):
    """Volume, issue numbers, first and last page; without leading zeros, None where not known."""

    volume: str | None
    number: frozenset[str] | None
    page: str | None
    page_end: str | None
    starts: tuple[str, ...] = ()  # first pages of all ranges
    part: str | None = None  # "supplement" or "issue", where it is said


class Span(NamedTuple):
    """First and last page, without leading zeros, and the first pages of all ranges."""

    first: str | None
    last: str | None
    starts: tuple[str, ...]


def place(volume: str | None, number: str | None, pages: str | None) -> Place:
    """Read the three fields, any of which may hold the others' text."""
    volume, number, pages = fields_apart(volume, number, pages)
    span = read_pages(pages)
    kinds = (kind_by_volume(volume), kind_by_number(number), kind_by_pages(span))
    return Place(volume_number(volume), issues(number), *span, PARTS[max(kinds)])


def is_mixed(volume: str) -> bool:
    """Whether the field of the volume may hold more than that."""
    return "(" in volume or ")" in volume


def fields_apart(*printed: str | None) -> tuple[str, str, str]:
    """Volume, issue and pages (as printed) with what stands in another's field in its own.

    `12(3)` in the volume is volume 12, issue 3, and what stands as its issue is then an article
    number; `3)` is what is left of such a field: an issue only.
    """
    volume, number, pages = ((field or "")[:LONGEST] for field in printed)
    if "(" in volume and (inside := _PARENTHESIS.search(volume)):
        return volume, inside.group(1), pages or number
    if ")" in volume and _LEFT_OVER.fullmatch(volume):
        return "", number or volume, pages
    return volume, number, pages


def volume_number(volume: str) -> str | None:
    """The number of a volume."""
    found = _DIGITS.search(volume)
    return _bare(found.group()) if found else _roman(volume)


# What an item stands in, so far as it is said: a supplement prints abstracts of meetings, an issue
# has articles. An issue has a number and no other name, or an article of three pages or more.
PARTS = (None, "issue", "supplement")  # who says the later is right


def kind_by_volume(volume: str) -> int:
    """Which of `PARTS` the field of the volume says."""
    return 2 if "sup" in volume.lower() else 0


def kind_by_number(number: str) -> int:
    """Which of `PARTS` the field of the issue says."""
    low = number.lower()
    if "sup" in low or _IN_SUPPLEMENT.fullmatch(low):
        return 2
    return int(_PLAIN.fullmatch(low) is not None)


def kind_by_pages(span: Span) -> int:
    """Which of `PARTS` the pages say."""
    first, last = span.first or "", span.last or ""
    if _IN_SUPPLEMENT.fullmatch(first):
        return 2
    return int(first.isdigit() and last.isdigit() and int(last) - int(first) > 1)


def _roman(volume: str) -> str | None:
    """The number of a roman volume: `XIV` -> 14."""
    letters = volume.strip(" .").lower()
    if not letters or not _ROMAN.fullmatch(letters):
        return None
    values = [_ROMAN_DIGITS[letter] for letter in letters]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return str(sum(-value if value < after else value for value, after in pairs))


@lru_cache(maxsize=1 << 12)
def issues(number: str) -> frozenset[str] | None:
    """The numbers of an issue, one object: a set takes more room than all else of a place."""
    return frozenset(map(_bare, _DIGITS.findall(number))) or None


class Spans(NamedTuple):
    """What `read_pages` and `kind_by_pages` say of many: of `later`, all first pages but one."""

    first: pa.StringArray
    last: pa.StringArray
    later: list[tuple[str, ...] | None]
    kinds: NDArray[np.int64]


def read_all_pages(pages: Sequence[str]) -> Spans:
    """`read_pages` of each; a page and a range of pages, plain, are read in all texts at once."""
    given = pa.array(pages, pa.string())
    first, last = pc.extract_regex(given, _PLAIN_SPAN).flatten()
    last = pc.if_else(pc.equal(last, ""), None, last)
    strange, start, end = first.is_null(), first.cast(pa.int64()), last.cast(pa.int64())
    size = pc.power(pa.scalar(10), pc.binary_length(last))  # 41 has two figures
    whole = pc.add(pc.multiply(pc.divide(start, size), size), end)
    is_cut = pc.less(pc.binary_length(last), pc.binary_length(first))
    end = pc.if_else(is_cut, whole, end)  # 1234-41
    last, more = end.cast(pa.string()), pc.subtract(end, start)
    kinds = np.array(pc.fill_null(pc.greater(more, 1), False), dtype=np.int64)
    others = [read_pages(text) for text in given.filter(strange).to_pylist()]
    rows = np.flatnonzero(strange)
    kinds[rows] = [*map(kind_by_pages, others)]
    later = np.full(len(given), None, dtype=object)
    later[rows] = objects(one.starts[1:] or None for one in others)
    first, last = (
        pc.replace_with_mask(column, strange, pa.array([one[k] for one in others], pa.string()))
        for k, column in enumerate((first, last))
    )
    return Spans(first, last, later.tolist(), kinds)


@lru_cache(maxsize=1 << 16)
def read_pages(pages: str) -> Span:
    """First and last page, and the first pages of all ranges."""
    first, last = _page_range(pages)
    return Span(first, last, _first_pages(pages, first))


def _page_range(pages: str) -> tuple[str | None, str | None]:
    """First and last page; `1234-41` means 1234-1241, `S557-8` and `S557-558` mean S557-S558.

    `1,234-1,240` means 1234-1240, and `12:1-12:34` stands in article 12.
    """
    if not pages:
        return None, None
    text = pages if _PLAIN.fullmatch(pages) else _clean_pages(pages)
    span = _PAGE_RANGE.search(text)
    if not span:
        single = _PAGE.search(text)
        return (single.group().lstrip("0") or None if single else None), None
    first, last = (page.lstrip("0") for page in span.groups())
    letters = first.rstrip("0123456789")
    if last.isdigit() and len(last) < len(first) - len(letters):
        last = first[: len(first) - len(last)] + last
    elif last.isdigit() and letters.isalpha():
        last = letters + last
    return first or None, last or None


def _first_pages(pages: str, first: str | None) -> tuple[str, ...]:
    """The first page of every range: `233-8, 230-5, 246-51` -> 233, 230, 246."""
    if pages.count("-") < 2 and (not pages or _PLAIN.fullmatch(pages)):  # nearly always
        return (first,) if first else ()
    starts = [span[1].lstrip("0") for span in _PAGE_RANGE.finditer(_clean_pages(pages))]
    return tuple(dict.fromkeys(page for page in [first, *starts] if page))


def _clean_pages(pages: str) -> str:
    text = _PAGES_WORD.sub("", _DASH.sub("-", pages.lower()))
    text = _PAGE_IN_ARTICLE.sub("", text)
    if text.count(",") == 2 and "-" in text:
        text = _THOUSANDS.sub("", text)
    return text


def _bare(digits: str) -> str:
    return digits.lstrip("0") or "0"
