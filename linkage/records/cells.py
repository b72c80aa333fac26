"""One cell at a time: what a source printed, brought into the form of `linkage/records/schema.py`.

Every function takes whatever stands in a cell (text, number, date, list, None, NaN, pd.NA) and
gives None where nothing usable is said. Each is idempotent: its own results pass unchanged.
"""

from __future__ import annotations

import ast
import datetime
import json
import math
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.features.columns import Coded
from linkage.records.isbn import isbn13
from linkage.text.entities import unescaped
from linkage.text.registry import TRIAL_KINDS, trial_number
from linkage.text.searching import may_hold

T = TypeVar("T")

_MOST_DEEP = 100
_NO_BRACKETS = bytes(code for code in range(256) if chr(code) not in "[]{}")
_MOST_PRINTED = 1 << 20
_QUOTED_OR_BRACKET = re.compile(
    r"""\"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)|[\[\]{}]""", re.DOTALL
)
_PYTHON_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$))(?P<next>\s+(?=['"]))?"""
    r"""|(?P<word>[A-Za-z_]+)""",
    re.DOTALL,
)

SAID_MISSING = frozenset({"", "N/A", "n/a", "NA", "NULL", "Null", "null", "NaN", "nan", "<NA>"})
SAID_MISSING |= {"None", "none", "NaT", "undefined"}
_MISSING_TEXTS = pa.array(sorted(SAID_MISSING))
_NO = frozenset({"", *"false no n f 0 0.0 null none".split()})
UNDATED = re.compile(
    r"[\W_]*(in press|forthcoming|to appear|n\.? ?d\.?|no date|undated|submitted|accepted"
    r"|in preparation|unpublished|preprint|ahead of print|epub ahead of print)[\W_]*",
    re.IGNORECASE,
)
_MONTH_NAMES = (
    *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july"),
    *("aug august", "sep sept september", "oct october", "nov november", "dec december"),
)
MONTHS = {n: i for i, names in enumerate(_MONTH_NAMES, start=1) for n in names.split()}
FIRST_YEAR = 1000  # nothing older is dated to the year in a bibliography

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?!\d)(?:[-/.](\d{1,2})(?!\d))?)?(?!\d)")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_NO_YEAR = re.compile(r"--(\d{2})(?:-(\d{2}))?")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DOI = re.compile(r"10\.\d{3,9}(?:\.\d{1,9}){0,9}/[^\s\"]+")
_PLAIN_DOI = re.compile(r"10\.\d{3,9}/[a-z0-9._/-]*[a-z0-9]", re.ASCII)  # needs no cleaning
_TEX_IN_DOI = re.compile(r"(?<!\\)\\+(?:(textless|textgreater|textunderscore) ?|([_%&#$<>~]))|[{}]")
_TEX_SYMBOLS = {"textless": "<", "textgreater": ">", "textunderscore": "_"}
_ARXIV = re.compile(
    r"(?:arxiv[.:]\s*|arxiv\.org/(?:abs|pdf|html)/)?(\d{4}\.\d{4,5}|[a-z-]{1,30}(?:\.[a-z]{2})?/\d{7})",
    re.I,
)
_LINKED_ID = {
    "arxiv": re.compile(r"arxiv[.:]|arxiv\.org/(?:abs|pdf|html)/", re.IGNORECASE),
    "pmid": re.compile(r"pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/", re.IGNORECASE),
    "pmcid": re.compile(r"ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/", re.IGNORECASE),
}
_LINKS = ("arx", "ncb")  # one of them stands in every mark
_MOST_QUOTED = 5  # times that a DOI may be percent-encoded
_ISSN = re.compile(r"(?<![\dXx-])\d{4}-?\d{3}[\dXx](?![\dXx-])")
_ISSN_ALONE = re.compile(r"(?<![\dXx-])\d{4}-\d{3}[\dXx](?![\dXx-])")
_ISBN = re.compile(r"(?<!\d)(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx](?!\d)")


def is_missing(value: object) -> bool:
    """Whether a cell is None, NaN, NaT or pd.NA (an empty list is not missing)."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, float | np.floating) and math.isnan(value)


def text(value: object) -> str | None:
    """Read a cell as printed: entities unescaped, NFC, white space collapsed, lists joined."""
    if type(value) is str and value.isascii() and "&" not in value:  # nearly always
        cleaned = " ".join(value.split())
        return None if cleaned in SAID_MISSING else cleaned
    if is_missing(value):
        return None
    if isinstance(value, list | tuple | set | np.ndarray):
        return "; ".join(part for part in map(text, _items(value)) if part) or None
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)  # a whole column became float because one cell was empty
    cleaned = tidy(value if isinstance(value, str) else _printed(value))
    return None if cleaned in SAID_MISSING else cleaned


def _printed(value: object) -> str:
    try:
        return str(value)
    except RecursionError:
        return f"a {type(value).__name__} nested too deeply"


def _items(nested: Iterable[Any]) -> Iterator[Any]:
    """What lists at any depth hold, in order."""
    waiting = [iter(nested)]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, list | tuple | set | np.ndarray):
                waiting.append(iter(item))
                break
            yield item
        else:
            waiting.pop()


def each_distinct(cells: Iterable[Any], read: Callable[[Any], T]) -> list[T]:
    """`read` of every cell, called once for all that are the same text."""
    known: dict[str | None, T] = {}
    results = []
    for cell in cells:
        if cell is not None and type(cell) is not str:  # 1, 1.0 and True are equal but not the same
            results.append(read(cell))
            continue
        if cell not in known:
            known[cell] = read(cell)
        results.append(known[cell])
    return results


def packed_texts(column: pa.ChunkedArray) -> Coded:
    """`text` of every cell of a column of Arrow's texts; most are as they should be already."""
    coded = column.combine_chunks().dictionary_encode()
    texts = coded.dictionary
    asked = may_hold("&|  |^ | $", texts) | np.asarray(pc.is_in(texts, _MISSING_TEXTS))
    read = pa.array(map(text, texts.filter(asked).to_pylist()), pa.string())
    return Coded.of_arrow(pc.replace_with_mask(texts, asked, read).take(coded.indices))


def identifier(value: object) -> str | None:
    """Read an id as it stands, without blanks around it: `NA` and `a&amp;b` are ids too."""
    if type(value) is str:
        return (value if value.isascii() else writable(value)).strip() or None
    if is_missing(value):
        return None
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return writable(str(value)).strip() or None


def writable(printed: str) -> str:
    """The text with half a surrogate pair, which no file can hold, spelled out."""
    return printed.encode("utf-8", "backslashreplace").decode()


def tidy(printed: str) -> str:
    """Undo HTML entities, compose accents (NFC), make all white space one blank."""
    if not printed.isascii():
        printed = printed.encode("utf-8", "replace").decode()  # half a surrogate pair
    if "&" in printed:
        printed = unescaped(printed)
    return " ".join(unicodedata.normalize("NFC", printed).split())


def year(value: object) -> int | None:
    """Find the first believable year (1000 to two years ahead) in a date text: `c2004` -> 2004."""
    printed = text(value)
    if printed is None:
        return None
    if re.fullmatch(r"[-+]?\d+(\.\d*)?", printed):
        return _believable(int(float(printed))) if len(printed) < 16 else None
    return next(filter(None, (_believable(int(y)) for y in _YEAR.findall(printed))), None)


def _believable(number: int) -> int | None:
    return number if FIRST_YEAR <= number <= datetime.date.today().year + 2 else None


def date(value: object) -> str | None:
    """ISO 8601, as exact as the text: `Oct 20, 2018` -> `2018-10-20`, `Feb 5` -> `--02-05`."""
    printed = text(value)
    if printed is None:
        return None
    if match := _NO_YEAR.fullmatch(printed):
        return _iso(None, match[1], match[2])
    if match := _DAY_MONTH_YEAR.match(printed):
        return _iso(year(match[3]), *_month_and_day(int(match[1]), int(match[2])))
    if (match := _ISO.match(printed)) and (match[2] or not _named_months(printed)):
        return _iso(year(match[1]), match[2], match[3])
    months = _named_months(printed)
    if len(months) != 1:
        return _iso(year(printed), None, None)
    day = re.search(r"(?<![\d.])(?<!\d[-–])\d{1,2}(?![\d.]|\s*[-–]\s*\d)", printed)
    return _iso(year(printed), months.pop(), day and day[0])


def _named_months(printed: str) -> set[int]:
    words = re.findall(r"[a-z]+", printed.lower())
    return {MONTHS[word] for word in words if word in MONTHS}


def _month_and_day(first: int, second: int) -> tuple[int | None, int | None]:
    """Day and month in either order; where both could be the month, neither is known."""
    if first > 12:
        return second, first
    return (first, second) if second > 12 else (None, None)


def _iso(year_: int | None, month: int | str | None, day: int | str | None) -> str | None:
    month, day = int(month or 0), int(day or 0)
    head = f"{year_:04}" if year_ else "-"
    if not 1 <= month <= 12:
        return head if year_ else None
    try:
        datetime.date(year_ or 2000, month, day)
    except ValueError:
        return f"{head}-{month:02}"
    return f"{head}-{month:02}-{day:02}"


def doi(value: object) -> str | None:
    """Find the bare DOI in lower case, whatever is around it: `https://doi.org/10.1000/XYZ.`."""
    if type(value) is str and _PLAIN_DOI.fullmatch(value):  # nearly always
        return value
    printed = text(value)
    if printed is None:
        return None
    for _ in range(_MOST_QUOTED):
        if "%" in printed:
            printed = unquote(printed)
    if "\\" in printed:
        printed = _TEX_IN_DOI.sub(lambda m: _TEX_SYMBOLS.get(m[1]) or m[2] or "", printed)
    match = _DOI.search(printed.lower())
    return _without_trailing_marks(match[0]) if match else None


def is_plain_doi(printed: str) -> bool:
    """Whether a text is one DOI as it should be, and spells out no other identifier."""
    is_one = _PLAIN_DOI.fullmatch(printed) is not None and printed.count("10.") < 2
    return is_one and not any(map(printed.__contains__, _LINKS))


def _without_trailing_marks(identifier: str) -> str | None:
    end = len(identifier)
    unopened = identifier.count(")") - identifier.count("(")
    while identifier[end - 1] in ".,;:'\"]}>" or (identifier[end - 1] == ")" and unopened > 0):
        unopened -= identifier[end - 1] == ")"
        end -= 1
    return identifier[:end] if _DOI.fullmatch(identifier, 0, end) else None


def arxiv(value: object) -> str | None:
    """Find the bare arXiv id, no version, in `arXiv:1706.03762v5`, an address or a DOI."""
    match = _ARXIV.search(text(value) or "")
    return match[1].lower() if match else None


def issn_isbn(value: object) -> dict[str, str]:
    """Find the ISSNs and ISBNs (as ISBN-13) in a text: `{"issn": "1939-1676; 0891-6640"}`."""
    printed = _ISSN_ALONE.sub(r";\g<0>;", text(value) or "")  # an ISBN has other groups of digits
    isbns = [isbn13(found) for found in _ISBN.findall(printed)]
    rest = _ISBN.sub(" ", printed) if isbns else printed
    issns = [f"{m[:4]}-{m[-4:]}".upper() for m in _ISSN.findall(rest)]
    found = {"issn": issns, "isbn": isbns}
    return {kind: "; ".join(dict.fromkeys(values)) for kind, values in found.items() if values}


def from_json(value: object) -> object:
    """Undo what writing a list or dict into a CSV cell does; any other value is returned as is."""
    if not isinstance(value, str) or not value.startswith(("[", "{")):
        return value
    if is_deep(value):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return from_python(value)  # "[Anonymous]" as it is


def is_deep(printed: str) -> bool:
    """Whether lists or objects as text are nested deeper than any that means something."""
    if printed.count("[") + printed.count("{") <= _MOST_DEEP or not _may_be_deep(printed):
        return False
    depth = 0
    for mark in _QUOTED_OR_BRACKET.finditer(printed):
        depth += (mark[0] in "[{") - (mark[0] in "]}")
        if depth > _MOST_DEEP:
            return True
    return False


def _may_be_deep(printed: str) -> bool:
    """Count brackets as if none stood in a text, which takes a tenth of the time."""
    brackets = printed.encode("utf-8", "replace").translate(None, _NO_BRACKETS)
    opening = np.isin(np.frombuffer(brackets, dtype=np.uint8), [ord("["), ord("{")])
    return int(np.cumsum(np.where(opening, 1, -1)).max(initial=0)) > _MOST_DEEP


def from_python(printed: str) -> object:
    """Read lists and dicts as Python or pandas prints them; any other text is returned as is."""
    if len(printed) > _MOST_PRINTED or ("'" not in printed and '"' not in printed):
        return printed
    # NumPy puts blanks between texts, which would be one text to Python; nan is no name there
    listed = _PYTHON_TOKEN.sub(_comma_after, printed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = ast.literal_eval(listed)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return printed
    return read if isinstance(read, list | dict) else printed


def _comma_after(token: re.Match[str]) -> str:
    if token["word"]:
        return {"nan": "None", "null": "None"}.get(token["word"], token["word"])
    return token["text"] + ("," if token["next"] is not None else "")


def flag(value: object) -> bool:
    """Read a truth value; missing and the words for no are False."""
    if type(value) is bool:
        return value
    if isinstance(value, str):
        return value.strip().lower() not in _NO
    return not is_missing(value) and bool(value)


def ids(value: object) -> dict[str, str]:
    """Normalise identifiers by kind (`arxiv`, `pmid`, `pmcid`, `issn`, `isbn`, …)."""
    if value is None or (type(value) in (list, dict) and not value):  # nearly always
        return {}
    value = from_json(value)
    pairs = value.items() if isinstance(value, Mapping) else _pairs(value)
    found: dict[str, str] = {}
    for kind, raw in pairs:
        found.update(_identifier(str(kind).lower(), raw))
    return found


def trials(value: object) -> dict[str, str]:
    """The numbers of clinical trials in a list of numbers, by registry.

    They are parted by `;` or `,`, and their registry may stand before: `ISRCTN/ISRCTN12345678`.
    """
    found: dict[str, list[str]] = {}
    for part in re.split(r"[;,]", text(value) or ""):
        kind, number = trial_number(part) or trial_number(part.rpartition("/")[2]) or ("", "")
        if kind:
            found.setdefault(kind, []).append(number)
    return {kind: "; ".join(dict.fromkeys(listed)) for kind, listed in found.items()}


def _pairs(value: object) -> Iterable[tuple[object, object]]:
    # Arrow maps arrive as lists of pairs
    if isinstance(value, list | tuple | np.ndarray):
        return [tuple(pair) for pair in value if isinstance(pair, list | tuple) and len(pair) == 2]
    return []


def _identifier(kind: str, raw: object) -> dict[str, str]:
    if kind in {"issn", "isbn", "issn_isbn"}:
        return issn_isbn(raw)
    printed = text(raw)
    if kind == "arxiv":
        printed = arxiv(raw)
    elif kind == "doi":
        printed = doi(raw)
    elif kind in TRIAL_KINDS:
        return trials(raw) or ({kind: printed} if printed else {})
    elif kind in {"pmid", "pmcid"} and printed:
        digits = re.search(r"\d+", printed)
        printed = digits and ("PMC" if kind == "pmcid" else "") + digits[0]
    return {kind: printed} if printed else {}


def linked_ids(*links: str | None) -> dict[str, str]:
    """Find the identifiers that a DOI or an address spells out (arXiv, PubMed, PubMed Central)."""
    found: dict[str, str] = {}
    for link in filter(None, links):
        low = link.lower()
        if not any(map(low.__contains__, _LINKS)):
            continue
        for kind, mark in _LINKED_ID.items():
            if match := mark.search(link):
                found = _identifier(kind, link[match.end() :]) | found
    return found
