"""Identifiers: strong evidence, never proof.

Prepared columns: `doi`; `ids`, other identifiers as pairs of a kind and a value.
"""

from __future__ import annotations

import math

from linkage.features.feature import feature

Ids = frozenset[tuple[str, str]]


@feature(reads="doi", sign=+1)
def doi_agrees(a: str, b: str) -> float:
    """1 where the DOIs are equal, .5 where one is the other cut short, else 0."""
    if a == b:
        return 1.0
    short, long = sorted((a, b), key=len)
    return 0.5 * float(len(short) > 8 and long.startswith(short))


@feature(reads="ids", sign=+1)
def ids_agree(a: Ids, b: Ids) -> float:
    """Share of the identifiers (arXiv, PMID ...) known on both sides that are equal, else NaN."""
    both = {kind for kind, _ in a} & {kind for kind, _ in b}
    return len(a & b) / len(both) if both else math.nan
