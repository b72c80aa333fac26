"""Prepared columns of authors; `features/author_lists.py` says what they hold."""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage.features.arrays import Tokens
from linkage.features.columns import Coded, Words
from linkage.features.name_lists import NameLists
from linkage.names.parse import MOST_LETTERS
from linkage.papers.counts import Columns
from linkage.records.schema import Conformed
from linkage.text.folding import fold

Author = dict[str, Any]


def author_columns(records: Conformed) -> Columns:
    """What the lists of authors say, one row a record."""
    lists = _folded(*_printed(records["authors"]))
    known = lists.sizes() > 0
    codes = np.full(len(lists), -1, dtype=np.int32)
    codes[known], lists = NameLists(
        lists.codes, lists.ends[np.append(True, known)], lists.texts
    ).distinct()
    authors = Coded(codes, lists)
    cut = records["authors_truncated"].to_numpy(dtype=bool)
    whole = Coded(np.where(cut, np.int32(-1), codes), lists)
    return {
        "authors": authors,
        "author_tokens": authors.with_words(_parts(lists)),
        "last_author": whole.replaced(Coded.of(lists.last_families())),
        "author_count": np.append(lists.sizes(), math.nan)[whole.codes],
    }


def _printed(
    cells: Iterable[list[Author] | None],
) -> tuple[NDArray[np.int32], NDArray[np.int64], list[str | None]]:
    """Family and given names in turn, groups only where no person is named.

    As numbers, where each record's end, and what they are the numbers of.
    """
    number: defaultdict[str | None, int] = defaultdict(count().__next__)
    codes, ends = list[int](), [0]
    for authors in cells:
        if authors:
            listed = [a for a in authors if not a.get("group")] or authors
            codes += [
                number[part]
                for a in listed
                for part in (a.get("family") or a["name"], a.get("given"))
            ]
        ends.append(len(codes))
    return np.array(codes, dtype=np.int32), np.array(ends), list(number)


def _folded(
    codes: NDArray[np.int32], ends: NDArray[np.int64], printed: list[str | None]
) -> NameLists:
    """The same folded, without names of which nothing is left."""
    texts = Coded.of(sys.intern(fold((part or "")[:MOST_LETTERS])) for part in printed)
    assert isinstance(texts.values, np.ndarray)  # noqa: S101  of texts
    codes = texts.codes[codes]
    named = np.repeat(texts.values[codes[::2]] != "", 2)
    after = np.concatenate([[0], np.cumsum(named)])
    return NameLists(codes[named], after[ends], texts.values)


def _parts(lists: NameLists) -> Words:
    """The parts of two letters or more of all names of each list."""
    long = [" ".join([p for p in text.split() if len(p) > 1]) for text in lists.texts.tolist()]
    return Words.of_tokens(Tokens.of(long).joined(lists.codes, lists.ends))
