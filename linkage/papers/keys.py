"""Blocking keys of whole columns: the plain rules tell which records share one, these do it fast.

A key is a hash of what the rule prints; two keys of a rule are equal where the printed ones are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pandas.util import hash_array

from linkage.features.arrays import WordLists, objects
from linkage.features.columns import Coded
from linkage.features.feature import Columns
from linkage.features.name_lists import NameLists
from linkage.papers import rules
from linkage.text.hashing import LetterHashes

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


def _letters(column: Any, part: int) -> LetterHashes:
    return LetterHashes.of(column.values, part)


def _of_values(column: Any, hashes: NDArray[np.uint64], known: NDArray[np.bool_]) -> Keys:
    """A key for each record out of one for each distinct value."""
    return Keys(
        np.append(hashes, np.uint64(0))[column.codes], np.append(known, False)[column.codes]
    )


def hashed(texts: Sequence[str] | NDArray[Any]) -> NDArray[np.uint64]:
    """A hash of each text, uint64 of shape (n,)."""
    given = objects(texts)
    try:
        return np.asarray(hash_array(given, categorize=False), dtype=np.uint64)
    except UnicodeEncodeError:  # half a surrogate pair
        letters = objects([text.encode("utf-8", "surrogatepass") for text in given.tolist()])
        return np.asarray(hash_array(letters, categorize=False), dtype=np.uint64)


def _keys(column: Any, texts: Sequence[str]) -> Keys:
    """The same out of a text for each distinct value; an empty text is none."""
    hashes = hashed(texts)
    return _of_values(column, hashes, np.array(list(map(bool, texts)), dtype=np.bool_))


def _same_doi(columns: Columns) -> Iterator[Keys]:
    yield _keys(columns["doi"], _texts(columns["doi"]))


def _same_identifier(columns: Columns) -> Iterator[Keys]:
    ids: Any = columns["ids"]
    printed = [list(rules.same_identifier({"ids": one})) for one in ids.values]
    yield from _several(ids, printed)


def _same_title(columns: Columns) -> Iterator[Keys]:
    title, letters = columns["title"], _letters(columns["title"], rules.TITLE_PART)
    yield _of_values(title, letters.whole, letters.sizes > 0)


def _same_title_start(columns: Columns) -> Iterator[Keys]:
    title, letters = columns["title"], _letters(columns["title"], rules.TITLE_PART)
    yield _of_values(title, letters.start, letters.sizes >= rules.TITLE_PART)


def _same_title_end(columns: Columns) -> Iterator[Keys]:
    title, letters = columns["title"], _letters(columns["title"], rules.TITLE_PART)
    yield _of_values(title, letters.end, letters.sizes >= rules.TITLE_PART)


def _same_abstract_start(columns: Columns) -> Iterator[Keys]:
    abstract, letters = columns["abstract"], _letters(columns["abstract"], rules.ABSTRACT_PART)
    yield _of_values(abstract, letters.start, letters.sizes >= rules.ABSTRACT_PART)


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
    known = ~np.isnan(year)
    years = np.where(known, year, 0).astype(np.int64).astype(np.uint64)
    yield _families(authors).with_others(Keys(years, known))


def _rare_words(column: Any) -> list[Keys]:
    """The first, second, third and fourth of each record's rare words."""
    lists: WordLists = column.values
    hashes = np.append(hashed(lists.words), np.uint64(0))
    codes = np.concatenate([lists.codes, np.full_like(lists.codes, -1, shape=(1, 4))])[column.codes]
    return [Keys(hashes[some], some >= 0) for some in codes.T]


def _several(column: Any, texts: Sequence[Sequence[str]]) -> Iterator[Keys]:
    """`_keys` of the first, second ... of several texts for each distinct value."""
    coded = Coded.of(chain.from_iterable(texts))
    different = hashed(np.asarray(coded.values))
    hashes = np.append(different[coded.codes], np.uint64(0))
    sizes = np.array([*map(len, texts), 0])
    starts = np.cumsum(sizes) - sizes
    for k in range(int(sizes.max())):
        place = np.where(sizes > k, starts + k, -1)[column.codes]
        yield Keys(hashes[place], place >= 0)


def _first_authors(authors: Any) -> Keys:
    return _keys(authors, authors.values.first_families().tolist())


def _families(authors: Any) -> Keys:
    """The first three family names of lists of more than one, in order of the alphabet."""
    lists: NameLists = authors.values
    ends, places = lists.ends[1:, None], lists.ends[:-1, None] + np.array([0, 2, 4])
    codes = np.where(places < ends, lists.codes[np.minimum(places, ends - 1)], len(lists.texts))
    used, rank = np.unique(codes, return_inverse=True)
    texts = pa.array(lists.texts[used[used < len(lists.texts)]], pa.string())
    order = pc.sort_indices(texts).to_numpy()
    hashes, factors = _word_hashes(texts.take(order))
    ordered = np.append(order, len(order)).argsort()[rank].reshape(codes.shape)
    ordered.sort(axis=1)  # those that are not there come last
    joined = np.zeros(len(lists), dtype=np.uint64)
    for some in ordered.T:
        joined = joined * factors[some] + hashes[some]
    return _of_values(authors, joined, lists.sizes() > 1)


def _word_hashes(texts: pa.StringArray) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """What each text adds to a hash of the words of several: joined = joined * factor + hash.

    The same words in turn have one hash, whichever texts they stand in. Both are of shape (n + 1,),
    the last adding nothing.
    """
    words = pc.split_pattern(texts, " ")
    coded = words.flatten().dictionary_encode()
    different = coded.dictionary.to_numpy(zero_copy_only=False).astype(object)
    known = hashed(different)[coded.indices.to_numpy()]
    starts, sizes = words.offsets.to_numpy()[:-1], np.diff(words.offsets.to_numpy())
    hashes = np.zeros(len(texts) + 1, dtype=np.uint64)
    factors = np.ones(len(texts) + 1, dtype=np.uint64)
    for k in range(sizes.max(initial=0)):
        some = np.flatnonzero(sizes > k)
        hashes[some] = hashes[some] * _FACTOR + known[starts[some] + k]
        factors[some] *= _FACTOR
    return hashes, factors


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
