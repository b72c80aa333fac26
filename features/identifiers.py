"""Identifiers: strong evidence, never proof.

Prepared columns: `registered`, the DOI and whether a preprint server gave it; `ids`, other
identifiers as pairs of a kind and a value, of which a kind may have several (ISBNs); `work_ids`,
those of them that all versions of a work share.
"""

from __future__ import annotations

import math

from linkage.features.feature import feature

Ids = frozenset[tuple[str, str]]
Doi = tuple[str, bool]

# Kinds of which one item has one value: a different one speaks against. Others may be a database's
# own copies. `an:` begins accession numbers.
_ONE_ONLY = frozenset(["arxiv", "pmid", "pmcid", "isbn", "trial"])


@feature(reads="registered", sign=+1, equal=1.0)
def doi_agrees(a: Doi, b: Doi) -> float:
    """1 where the DOIs are equal, .5 where one is the other cut short, else 0.

    NaN for a preprint's and one of what became of it: they differ by design.
    """
    if a[0] == b[0]:
        return 1.0
    if a[1] != b[1]:
        return math.nan
    short, long = sorted((a[0], b[0]), key=len)
    return 0.5 * float(len(short) > 8 and long.startswith(short))


@feature(reads="ids", sign=+1)
def ids_agree(a: Ids, b: Ids) -> float:
    """Share of the kinds of identifier (arXiv, PMID, trial ...) known on both sides that agree.

    NaN where there is none of which an item has one value.
    """
    return share_of_kinds(a, b)


def share_of_kinds(a: Ids, b: Ids) -> float:
    """Of the kinds known on both sides the share that agrees; NaN where none counts."""
    equal = {kind for kind, _ in a & b}
    both = {kind for kind, _ in a} & {kind for kind, _ in b}
    told = {kind for kind in both if kind in _ONE_ONLY or kind in equal or kind.startswith("an:")}
    return len(equal) / len(told) if told else math.nan
