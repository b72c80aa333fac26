"""Blocking rules: plain functions from a record to the keys it stands under."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

PreparedRecord = Mapping[str, Any]


Rule = Callable[[PreparedRecord], Iterable[str]]


TITLE_PART, ABSTRACT_PART = 32, 60  # letters


def same_doi(record: PreparedRecord) -> Iterable[str]:
    """The DOI."""
    return _if_known(record["doi"])


def same_identifier(record: PreparedRecord) -> Iterable[str]:
    """Any other identifier of the item itself (arXiv, PubMed ...)."""
    ids = record["ids"] or ()
    return [f"{kind}:{value}" for kind, value in ids if kind not in ("issn", "isbn")]


def same_title(record: PreparedRecord) -> Iterable[str]:
    """The whole title, without spaces."""
    return _if_known(_letters_of(record["title"]))


def same_title_start(record: PreparedRecord) -> Iterable[str]:
    """The first 32 letters of the title: truncated titles, added subtitles."""
    joined = _letters_of(record["title"])
    return [joined[:TITLE_PART]] if len(joined) >= TITLE_PART else ()


def same_title_end(record: PreparedRecord) -> Iterable[str]:
    """The last 32 letters of the title: a damaged or translated start."""
    joined = _letters_of(record["title"])
    return [joined[-TITLE_PART:]] if len(joined) >= TITLE_PART else ()


def same_rare_words(record: PreparedRecord) -> Iterable[str]:
    """Any two of the title's four rarest words of four letters or more."""
    return [f"{a} {b}" for a, b in combinations(sorted(record["rare_words"] or ()), 2)]


def same_volume_and_page(record: PreparedRecord) -> Iterable[str]:
    """Volume and first page."""
    return _joint(record["volume"], record["page"])


def same_author_and_page(record: PreparedRecord) -> Iterable[str]:
    """First author's family name and first page."""
    return _joint(_first_author(record), record["page"])


def same_author_and_title_word(record: PreparedRecord) -> Iterable[str]:
    """First author's family name with each of the title's two rarest words."""
    author, words = _first_author(record), record["rare_words"] or ()
    return [f"{author} {word}" for word in words[:2]] if author else ()


def same_authors_and_year(record: PreparedRecord) -> Iterable[str]:
    """The first three family names and the year."""
    authors = record["authors"] or ()
    families = " ".join(sorted(family for family, _ in authors[:3]))
    return _joint(families, _year(record)) if len(authors) > 1 else ()


def same_abstract_start(record: PreparedRecord) -> Iterable[str]:
    """The first 60 letters of the abstract."""
    joined = _letters_of(record["abstract"])
    return [joined[:ABSTRACT_PART]] if len(joined) >= ABSTRACT_PART else ()


PAPER_RULES: tuple[Rule, ...] = (
    same_doi,
    same_identifier,
    same_title,
    same_title_start,
    same_title_end,
    same_rare_words,
    same_volume_and_page,
    same_author_and_page,
    same_author_and_title_word,
    same_authors_and_year,
    same_abstract_start,
)


# What only one of these proposes is compared only where the titles look alike.
LOOSE_RULES: tuple[Rule, ...] = (
    same_rare_words,
    same_volume_and_page,
    same_author_and_page,
    same_author_and_title_word,
    same_authors_and_year,
)


def _if_known(value: str | None) -> Iterable[str]:
    return [value] if value else ()


def _letters_of(text: str | None) -> str:
    return (text or "").replace(" ", "")


def _joint(a: str | None, b: str | None) -> Iterable[str]:
    return [f"{a} {b}"] if a and b else ()


def _first_author(record: PreparedRecord) -> str | None:
    return record["authors"][0][0] if record["authors"] else None


def _year(record: PreparedRecord) -> str | None:
    return None if np.isnan(record["year"]) else str(int(record["year"]))
