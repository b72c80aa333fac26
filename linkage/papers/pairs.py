"""Comparing pairs of papers: the features, in the order in which models see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from linkage.errors import InputError
from linkage.features import (
    abstract,
    author_lists,
    citation,
    dates,
    identifiers,
    kinds,
    pages,
    title,
    venue,
)
from linkage.features.feature import Columns, Feature, KnownPairs, collect, known_pairs
from linkage.features.name_lists import NameRows
from linkage.kernels import compiled
from linkage.linking.clustering import Indices
from linkage.text.citations import citations, letters
from linkage.text.unshared_words import rarest_unshared

PAPER_FEATURES = collect(title, author_lists, dates, venue, pages, identifiers, abstract, citation)
FEATURE_NAMES = tuple(feature.name for feature in PAPER_FEATURES)
RULE_FEATURES = collect(kinds)  # of which vetoes and relations know, and no model

_FEATURE = {feature.name: feature for feature in (*PAPER_FEATURES, *RULE_FEATURES)}

_NEARLY_ALL = 0.8

Floats = NDArray[np.float32]

# in the order in which the compiled form gives them
_BY_NUMBERS = (
    author_lists.first_author_listed,
    author_lists.author_families_contained,
    author_lists.author_families_aligned,
    author_lists.author_initials_agree,
)


class Comparison(Mapping[str, Floats]):
    """Features by name of the pairs of rows (i, j), each compared when first asked for.

    Values are float32 of shape (n pairs,), NaN = missing.
    """

    def __init__(self, columns: Columns, i: Indices, j: Indices) -> None:
        self._columns = columns
        self._i, self._j = i, j
        self.n_pairs = len(i)
        self._pairs: dict[str, KnownPairs] = {}
        self._found: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        if name not in self._found:
            feature = _FEATURE[name]
            self._found[name] = feature.of_pairs(self._values(feature.reads))
            if feature.reads in title.WORDING:
                self._found[name][self._in_two_languages] = np.nan
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_FEATURE)

    def __len__(self) -> int:
        return len(_FEATURE)

    def only(self, rows: NDArray[np.int64]) -> Comparison:
        """The comparison of some of the pairs; what is known of them is kept."""
        fewer = Comparison(self._columns, self._i[rows], self._j[rows])
        fewer._found = {name: values[rows] for name, values in self._found.items()}
        if len(rows) >= _NEARLY_ALL * self.n_pairs:  # to look the values up again takes longer
            fewer._pairs = {name: pairs.some(rows) for name, pairs in self._pairs.items()}
        return fewer

    def matrix(self, names: Sequence[str] = FEATURE_NAMES) -> Floats:
        """Features side by side: float32 of shape (n pairs, n names)."""
        X = np.empty((len(self._i), len(names)), dtype=np.float32, order="F")
        for k, name in enumerate(names):
            X[:, k] = self[name]
        return X

    def _values(self, column: str) -> KnownPairs:
        if column not in self._pairs:
            values = self._columns[column]
            self._pairs[column] = known_pairs(values[self._i], values[self._j])
        return self._pairs[column]

    @cached_property
    def _in_two_languages(self) -> NDArray[np.int64]:
        """The pairs whose titles are in two languages: their wording says nothing."""
        known = self._values("language")
        differ = np.append(known.a != known.b, False).astype(bool)
        return np.flatnonzero(differ[known.place])


def compare_rows(columns: Columns, i: Indices, j: Indices) -> Floats:
    """Features of the pairs of rows (i, j): float32, (n pairs, n features), NaN = missing."""
    return Comparison(columns, i, j).matrix()


def pair_rows(
    known: pd.Index[str], pairs: pd.DataFrame, what: str = "the pairs"
) -> tuple[Indices, Indices]:
    """Places among the `known` ids of the columns left_id and right_id, each (n pairs,).

    Raises `InputError`, calling the table `what`, where a column or a record is not there.
    """
    left, right = (_rows_of(known, pairs, side, what) for side in ("left_id", "right_id"))
    return left, right


def _rows_of(known: pd.Index[str], pairs: pd.DataFrame, side: str, what: str) -> Indices:
    if side not in pairs.columns:
        found = ", ".join(map(str, pairs.columns)) or "none"
        raise InputError(f"{what} have no column {side!r}, found the columns: {found}")
    ids = pairs[side]
    rows = known.get_indexer(pd.Index(ids.astype(str)))
    if (rows < 0).any():
        unknown = ids[rows < 0].iloc[0]
        raise InputError(f"{what} name record {unknown!r}, which the records do not have")
    return np.asarray(rows, dtype=np.int64)


def _compare_by_numbers(place: int, feature: Feature) -> None:
    """Have a feature of lists of authors compared by numbers, where that is compiled."""

    @feature.kernel
    def compare(a: Any, b: Any) -> Floats:
        found = _compared(a, b)
        if found is None:
            return feature.one_by_one(a, b)
        column: Floats = np.where(found[:, place] == -2, np.nan, found[:, place])
        for row in np.flatnonzero(column == -1).tolist():  # long lists
            column[row] = feature(a[row], b[row])
        return column


def _compared(a: Any, b: Any) -> Floats | None:
    """What all of `_BY_NUMBERS` say, (n, 4); None where it is not compiled. Several ask in turn."""
    module = compiled("name_lists")
    if module is None or not isinstance(a, NameRows):
        return None
    if a.compared is None or a.compared[0] is not b:
        found = np.empty((len(a), len(_BY_NUMBERS)), dtype=np.float32)
        module.compare(a.lists.codes, a.lists.initials, a.spans(), b.spans(), found)
        a.compared = b, found
    return a.compared[1]


title.title_rarest_unshared_word.kernel(rarest_unshared)


@citation.citation_similarity.kernel
def _citation_similarity(a: Any, b: Any) -> Floats:
    return citation.compare_citations(citations(a), citations(b))


@citation.title_letters_found.kernel
def _title_letters_found(a: Any, b: Any) -> Floats:
    return citation.title_letters_found.one_by_one(letters(a), letters(b))


@author_lists.first_author_similarity.kernel
def _first_author_similarity(a: Any, b: Any) -> Floats:
    if not isinstance(a, NameRows):
        return author_lists.first_author_similarity.one_by_one(a, b)
    families = a.first_families(), b.first_families()
    scorer = JaroWinkler.similarity
    return np.asarray(process.cpdist(*families, scorer=scorer, dtype=np.float64), dtype=np.float32)


for _place, _one in enumerate(_BY_NUMBERS):
    _compare_by_numbers(_place, _one)
