"""Prepared columns of authors; `features/author_lists.py` says what they hold."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage.features.columns import Coded, Words
from linkage.features.name_lists import NameLists
from linkage.names.parse import MOST_LETTERS
from linkage.papers.counts import Columns
from linkage.records.packed import PackedRecords
from linkage.records.packed_authors import AuthorLists
from linkage.records.people import People
from linkage.text.folding import folded
from linkage.text.words import word_sets, words_in_turn


def author_columns(records: PackedRecords) -> Columns:
    """What the lists of authors say, one row a record."""
    lists = _name_lists(*_named(records.authors), records.authors.people)
    known = lists.sizes() > 0
    codes = np.full(len(lists), -1, dtype=np.int32)
    codes[known], lists = NameLists(
        lists.codes, lists.ends[np.append(True, known)], lists.texts
    ).distinct()
    authors = Coded(codes, lists)
    said = records["authors_truncated"]
    cut = np.array([*map(bool, said.values), False])[said.codes]
    whole = Coded(np.where(cut, np.int32(-1), codes), lists)
    return {
        "authors": authors,
        "author_tokens": authors.with_words(_parts(lists)),
        "last_author": whole.replaced(Coded.of(lists.last_families())),
        "author_count": np.append(lists.sizes(), math.nan)[whole.codes],
    }


def _named(lists: AuthorLists) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Which people each list names, and where it ends; groups only where no person is named."""
    group = lists.people.those(lambda one: bool(one.get("group")))
    if not group.any():
        return lists.codes, lists.ends
    row = np.repeat(np.arange(len(lists.known)), np.diff(lists.ends))
    persons = np.bincount(row, ~group[lists.codes], len(lists.known))
    kept = ~group[lists.codes] | (persons[row] == 0)
    return lists.codes[kept], np.concatenate([[0], np.cumsum(kept)])[lists.ends]


def _name_lists(codes: NDArray[np.int32], ends: NDArray[np.int64], people: People) -> NameLists:
    """Family and given names of the lists, folded, without names of which nothing is left."""
    _, given, family = people.plain
    families = people.texts(family, lambda one: one.get("family") or one["name"])
    names = people.texts(given, lambda one: one.get("given") or "")
    in_turn = pa.array(np.arange(2 * len(people)).reshape(2, -1).T.ravel())
    printed = pa.concat_arrays([families, names]).take(in_turn).dictionary_encode()
    texts = folded(pc.utf8_slice_codeunits(printed.dictionary, 0, MOST_LETTERS))
    parts = Coded(printed.indices.to_numpy(), printed.dictionary).replaced(Coded.of_arrow(texts))
    family, given = parts.codes[::2][codes], parts.codes[1::2][codes]
    assert isinstance(parts.values, np.ndarray)  # noqa: S101  of texts
    named = np.array([text != "" for text in parts.values], dtype=np.bool_)[family]
    both = np.stack([family[named], given[named]], axis=1).ravel()
    after = 2 * np.concatenate([[0], np.cumsum(named)])
    return NameLists(both, after[ends], parts.values)


def _parts(lists: NameLists) -> Words:
    """The parts of two letters or more of all names of each list."""
    parts = words_in_turn(lists.texts)
    long = pc.utf8_length(parts.vocabulary).to_numpy() > 1
    return word_sets(parts.only(long).joined(lists.codes, lists.ends))
