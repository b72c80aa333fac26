"""Blocking keys of whole columns: the plain rules tell which records share one, these do it fast.

A key is a hash of what the rule prints; two keys of a rule are equal where the printed ones are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations, pairwise
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pandas.util import hash_array

from linkage.features.arrays import objects
from linkage.features.columns import Coded
from linkage.features.feature import Columns
from linkage.features.name_lists import NameLists
from linkage.papers import rules

_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd


class Keys(NamedTuple):
    """A key for each record, uint64 of shape (n,), and whether it has one, same shape."""

    hash: NDArray[np.uint64]
    known: NDArray[np.bool_]

    def with_others(self, others: Keys) -> Keys:
        """Keys that are equal where both are."""
        return Keys(self.hash * _FACTOR + others.hash, self.known & others.known)


def column_form(rule: object) -> Callable[[Columns], Iterator[Keys]] | None:
    """What gives the keys of a rule for whole prepared columns, if there is such a function."""
    return _FORMS.get(rule) if isinstance(rule, FunctionType) else None


def _texts(column: Any) -> list[str]:
    return list(column.values)


def _letters(column: Any) -> list[str]:
    return [text.replace(" ", "") for text in _texts(column)]


def _keys(column: Any, texts: Sequence[str]) -> Keys:
    """A key for each record out of a text for each distinct value; an empty text is none."""
    hashes = hash_array(objects(texts), categorize=False)
    known = np.array([*map(bool, texts), False], dtype=np.bool_)
    return Keys(np.append(hashes, np.uint64(0))[column.codes], known[column.codes])


def _same_doi(columns: Columns) -> Iterator[Keys]:
    yield _keys(columns["doi"], _texts(columns["doi"]))


def _same_identifier(columns: Columns) -> Iterator[Keys]:
    ids: Any = columns["ids"]
    printed = [list(rules.same_identifier({"ids": one})) for one in ids.values]
    yield from _several(ids, printed, max(map(len, printed), default=0))


def _same_title(columns: Columns) -> Iterator[Keys]:
    yield _keys(columns["title"], _letters(columns["title"]))


def _same_title_start(columns: Columns) -> Iterator[Keys]:
    title, part = columns["title"], rules.TITLE_PART
    yield _keys(title, [t[:part] if len(t) >= part else "" for t in _letters(title)])


def _same_title_end(columns: Columns) -> Iterator[Keys]:
    title, part = columns["title"], rules.TITLE_PART
    yield _keys(title, [t[-part:] if len(t) >= part else "" for t in _letters(title)])


def _same_abstract_start(columns: Columns) -> Iterator[Keys]:
    abstract, part = columns["abstract"], rules.ABSTRACT_PART
    yield _keys(abstract, [t[:part] if len(t) >= part else "" for t in _letters(abstract)])


def _same_rare_words(columns: Columns) -> Iterator[Keys]:
    for one, other in combinations(_rare_words(columns["rare_words"]), 2):
        low, high = np.minimum(one.hash, other.hash), np.maximum(one.hash, other.hash)
        yield Keys(low, one.known).with_others(Keys(high, other.known))


def _same_author_and_title_word(columns: Columns) -> Iterator[Keys]:
    author = _first_authors(columns["authors"])
    for word in _rare_words(columns["rare_words"])[:2]:
        yield author.with_others(word)


def _same_volume_and_page(columns: Columns) -> Iterator[Keys]:
    volume, page = (_keys(columns[name], _texts(columns[name])) for name in ("volume", "page"))
    yield volume.with_others(page)


def _same_author_and_page(columns: Columns) -> Iterator[Keys]:
    page = columns["page"]
    yield _first_authors(columns["authors"]).with_others(_keys(page, _texts(page)))


def _same_authors_and_year(columns: Columns) -> Iterator[Keys]:
    authors, year = columns["authors"], np.asarray(columns["year"])
    families = [" ".join(sorted(some)) if len(some) > 1 else "" for some in _families(authors)]
    known = ~np.isnan(year)
    years = np.where(known, year, 0).astype(np.int64).astype(np.uint64)
    yield _keys(authors, families).with_others(Keys(years, known))


def _rare_words(column: Any) -> list[Keys]:
    """The first, second, third and fourth of each record's rare words."""
    return _several(column, list(column.values), 4)


def _several(column: Any, texts: Sequence[Sequence[str]], most: int) -> list[Keys]:
    """`_keys` of the first, second ... `most`-th of several texts for each distinct value."""
    coded = Coded.of(chain.from_iterable(texts))
    different = hash_array(np.asarray(coded.values), categorize=False)
    hashes = np.append(different[coded.codes], np.uint64(0))
    sizes = np.array([*map(len, texts), 0])
    starts = np.cumsum(sizes) - sizes
    places = [np.where(sizes > k, starts + k, -1)[column.codes] for k in range(most)]
    return [Keys(hashes[place], place >= 0) for place in places]


def _first_authors(authors: Any) -> Keys:
    return _keys(authors, authors.values.first_families().tolist())


def _families(authors: Any) -> Iterator[list[str]]:
    """The first three family names of each distinct list."""
    lists: NameLists = authors.values
    texts, codes = lists.texts.tolist(), lists.codes.tolist()
    for start, end in pairwise(lists.ends.tolist()):
        yield [texts[code] for code in codes[start : min(end, start + 6) : 2]]


_FORMS: dict[object, Callable[[Columns], Iterator[Keys]]] = {
    rules.same_doi: _same_doi,
    rules.same_identifier: _same_identifier,
    rules.same_title: _same_title,
    rules.same_title_start: _same_title_start,
    rules.same_title_end: _same_title_end,
    rules.same_rare_words: _same_rare_words,
    rules.same_volume_and_page: _same_volume_and_page,
    rules.same_author_and_page: _same_author_and_page,
    rules.same_author_and_title_word: _same_author_and_title_word,
    rules.same_authors_and_year: _same_authors_and_year,
    rules.same_abstract_start: _same_abstract_start,
}
