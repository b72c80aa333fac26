"""Prepared columns on their way from one process to another, and those of all set together.

Each text is carried once, whatever the columns it stands in, and no Python object is made of it
before those of all processes are known: pickled one by one, texts cost more than all else.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_array

from linkage.features.arrays import short
from linkage.features.columns import Coded, Words
from linkage.features.name_lists import NameLists


class Carried(NamedTuple):
    """Prepared columns, of which those `numbered` have places in `texts` for their texts.

    All of the `texts` are different.
    """

    texts: pa.StringArray
    columns: dict[str, Any]
    numbered: frozenset[str]


class _Whole(NamedTuple):
    """The different texts of several lots; `places` says where those of each lot stand in them."""

    texts: pa.LargeStringArray
    objects: NDArray[Any]
    places: list[NDArray[np.int32]]


def carried(columns: dict[str, Any]) -> Carried:
    """Prepared columns with their texts as numbers."""
    texts = {name: found for name in columns if (found := _texts_of(columns[name])) is not None}
    whole = pa.concat_arrays([pa.array([], pa.string()), *texts.values()]).dictionary_encode()
    numbers, start = dict[str, Any](), 0
    for name, listed in texts.items():
        places = whole.indices[start : start + len(listed)].to_numpy()
        numbers[name] = _with_texts(columns[name], places)
        start += len(listed)
    return Carried(whole.dictionary, columns | numbers, frozenset(numbers))


def concat_carried(parts: list[Carried]) -> dict[str, Any]:
    """The columns of several lots of records, one below the other; the parts are used up."""
    lots = [part.columns for part in parts]
    numbers = [part.numbered for part in parts]
    whole = _different(parts)
    columns: dict[str, Any] = {}
    for name in list(lots[0]):
        cells = [lot.pop(name) for lot in lots]
        numbered = [name in names for names in numbers]
        if all(numbered):
            columns[name] = _concat(cells, whole)
        elif isinstance(cells[0], Coded):
            columns[name] = Coded.concat(
                [*map(_plain, cells, numbered, repeat(whole.objects), whole.places)]
            )
        else:
            columns[name] = np.concatenate(cells)
    return columns


def _texts_of(column: Any) -> pa.StringArray | None:
    """The texts of a column, None where it has other values."""
    values = _listed(column)
    if values is None or not set(map(type, values)) <= {str}:
        return None
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair, which Arrow can't hold
        return None


def _listed(column: Any) -> NDArray[Any] | None:
    """What may be the texts of a column."""
    values = column.values if isinstance(column, Coded) else None
    if isinstance(values, Words):
        return values.words
    if isinstance(values, NameLists):
        return values.texts
    return values if isinstance(values, np.ndarray) else None


def _with_texts(column: Coded, texts: NDArray[Any]) -> Coded:
    """A column with other texts, or their numbers, in place of its own."""
    values = column.values
    if isinstance(values, Words):
        return Coded(column.codes, Words(values.matrix, texts, values.weights))
    if isinstance(values, NameLists):
        return Coded(column.codes, NameLists(values.codes, values.ends, texts))
    return Coded(column.codes, texts)


def _different(parts: list[Carried]) -> _Whole:
    """What the parts, which are used up, have for texts: nothing is held twice for long."""
    ends = np.cumsum([len(part.texts) for part in parts])
    lots = pa.chunked_array([part.texts.cast(pa.large_string()) for part in parts])
    parts.clear()
    coded = lots.dictionary_encode().chunks  # of one dictionary; a lot without texts has none
    del lots
    pa.default_memory_pool().release_unused()
    texts = coded[-1].dictionary if coded else pa.array([], pa.large_string())
    found = [np.empty(0, dtype=np.int32), *(lot.indices.to_numpy() for lot in coded)]
    places = np.split(np.concatenate(found), ends[:-1])
    return _Whole(texts, texts.to_numpy(zero_copy_only=False), places)


def _concat(cells: Sequence[Coded], whole: _Whole) -> Coded:
    """Columns whose texts are numbers one below the other, with their texts."""
    known = zip(whole.places, map(_listed, cells), strict=True)
    numbers = [places[texts] for places, texts in known]
    new, different = pd.factorize(np.concatenate(numbers))  # in turn as they come
    parts = np.split(new.astype(np.int32), np.cumsum([*map(len, numbers)])[:-1])
    values: list[Any] = [column.values for column in cells]
    codes = Coded.codes_of_all(cells)
    if isinstance(values[0], Words):
        return Coded(codes, _words(values, parts, different, whole))
    texts = whole.objects[different]
    if isinstance(values[0], NameLists):
        return Coded(codes, texts).replaced(
            Coded(*NameLists.stacked(values, parts, texts).distinct())
        )
    return Coded(codes, texts).replaced(Coded(np.concatenate(parts), texts))


def _words(
    parts: Sequence[Words],
    new: Sequence[NDArray[np.int32]],
    different: NDArray[np.int32],
    whole: _Whole,
) -> Words:
    """Sets of words one below the other; their codes follow the alphabet."""
    order = pc.sort_indices(whole.texts.take(pa.array(different))).to_numpy()
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order))
    codes = [rank[known][part.matrix.indices] for known, part in zip(new, parts, strict=True)]
    sizes = [part.sizes() for part in parts]
    ends = short(np.append(0, np.cumsum(np.concatenate(sizes))))
    ones = np.ones(ends[-1], dtype=np.int8)
    shape = (len(ends) - 1, len(order))
    matrix = csr_array((ones, np.concatenate(codes), ends), shape=shape)
    return Words(matrix, whole.objects[different[order]], np.ones(len(order)))


def _plain(column: Coded, numbered: bool, texts: NDArray[Any], places: NDArray[np.int32]) -> Coded:
    """A column with its texts, where those of other lots have no numbers."""
    numbers = _listed(column)
    if not numbered or numbers is None:
        return column
    return _with_texts(column, texts[places[numbers]])
