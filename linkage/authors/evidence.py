"""What stands on a record beside its authors, prepared: bags of words, subject, citations."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.subjects import document_vectors
from linkage.features.arrays import objects
from linkage.features.columns import Bags, Coded
from linkage.features.companies import Bag
from linkage.features.subjects import Citations
from linkage.records.cells import is_missing
from linkage.records.schema import Conformed
from linkage.text.folding import fold

# What `record_columns` gives.
RECORD_COLUMNS = (
    "printed_title",
    "title_bag",
    "abstract_bag",
    "keyword_bag",
    "venue_bag",
    "subject",
    "citations",
    "career_year",
)

_STEM = 6  # letters of a word that are kept: "clustering" meets "clusters"
_ABSTRACT_WORDS = 40


def record_columns(records: Conformed) -> dict[str, Any]:
    """The prepared columns of records that features of evidence read."""
    titles = [fold(t) if t else None for t in present(records["title"])]
    abstracts = [fold(t) if t else None for t in present(records["abstract"])]
    venues = [words(v) for v in present(records["venue"])]
    keywords = present(records["keywords"]) if "keywords" in records else [None] * len(records)
    return {
        "printed_title": objects([title or None for title in titles]),
        "title_bag": weighted_bags([_stems(t) for t in titles]),
        "abstract_bag": weighted_bags([_stems(t) for t in abstracts], _ABSTRACT_WORDS),
        "keyword_bag": weighted_bags([_keyword_stems(k) for k in keywords]),
        "venue_bag": weighted_bags(venues),
        "subject": document_vectors(
            [*_stems(title), *_stems(abstract), *_keyword_stems(keys), *(f"@{w}" for w in venue)]
            for title, abstract, keys, venue in zip(
                titles, abstracts, keywords, venues, strict=True
            )
        ),
        "citations": _citations(records),
        "career_year": pd.to_numeric(records["year"], errors="coerce").to_numpy(
            dtype=float, na_value=np.nan
        ),
    }


def present(column: Iterable[Any]) -> list[Any]:
    """The cells of a column, None where one is missing."""
    return [None if is_missing(value) else value for value in column]


def _stems(folded: str | None) -> list[str]:
    return [word[:_STEM] for word in (folded or "").split() if len(word) > 2]


def words(text: str | None) -> list[str]:
    """The folded words of two letters or more, cut to their stems."""
    return [word[:_STEM] for word in fold(text).split() if len(word) > 1] if text else []


def _keyword_stems(cell: object) -> list[str]:
    if isinstance(cell, str):
        return _stems(fold(cell))
    return _stems(fold(" ".join(map(str, cell)))) if isinstance(cell, Iterable) else []


def weighted_bags(documents: Iterable[Iterable[str]], most: int | None = None) -> Coded:
    """TF-IDF of each document's distinct tokens, scaled to length 1; missing where there are none.

    With `most`, only a document's rarest tokens are kept.
    """
    bags = _bags(documents, most)
    known = [bag for bag in bags if bag]
    place = np.cumsum([bag is not None for bag in bags]) - 1
    codes = np.where([bag is not None for bag in bags], place, -1)
    return Coded(codes.astype(np.int32), Bags.of(known))


def _bags(documents: Iterable[Iterable[str]], most: int | None = None) -> list[Bag | None]:
    sets = [sorted(set(tokens)) for tokens in documents]
    df = Counter(token for tokens in sets for token in tokens)
    n = sum(1 for tokens in sets if tokens)
    idf = {token: math.log((n + 1) / count) for token, count in df.items()}
    return [_bag(tokens, idf, most) for tokens in sets]


def _bag(tokens: list[str], idf: Mapping[str, float], most: int | None) -> Bag | None:
    if most:
        tokens = sorted(tokens, key=lambda token: (-idf[token], token))[:most]
    length = math.sqrt(math.fsum(idf[token] ** 2 for token in tokens))
    return {token: idf[token] / length for token in tokens} if length else None


def _citations(records: Conformed) -> NDArray[Any]:
    """References are matched by equal text, by DOI or by record id."""
    cells = present(records["references"])
    bags = _bags([list(cell) if isinstance(cell, list) else [] for cell in cells])
    names = [
        frozenset(str(name) for name in pair if name)
        for pair in zip(records["record_id"], present(records["doi"]), strict=True)
    ]
    known = any(bag is not None for bag in bags)
    pairs = zip(names, bags, strict=True)
    return objects([Citations(n, bag or {}) if known else None for n, bag in pairs])
