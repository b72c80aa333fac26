"""What keeps two records apart whatever the classifier says, and whoever else links them.

A veto is a plain function of a batch's features (name -> column, NaN = missing) that tells which
pairs it forbids; its name is what reports call it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
FeatureColumns = Mapping[str, NDArray[np.float32]]
Veto = Callable[[FeatureColumns], Mask]


def recurring_title_elsewhere(f: FeatureColumns) -> Mask:
    """A title used again and again ("Editorial"), and where it stands speaks rather against."""
    conflicting = f["details_conflicting"]
    return np.asarray(
        _recurring(f) & (conflicting > 0) & (conflicting >= f["details_agreeing"]), dtype=np.bool_
    )


def recurring_title_of_others(f: FeatureColumns) -> Mask:
    """A title used again and again, and not one author in common."""
    return np.asarray(_recurring(f) & (f["author_tokens_contained"] == 0), dtype=np.bool_)


def _recurring(f: FeatureColumns) -> Mask:
    """Three issues and three first authors or years, or five issues: copies spread less."""
    spread = (f["title_owners"] >= 3) | (f["title_years"] >= 3)
    return np.asarray(
        ((f["title_places"] >= 3) & spread) | (f["title_places"] >= 5), dtype=np.bool_
    )


def different_part(f: FeatureColumns) -> Mask:
    """The titles name different parts: "Part I" and "Part II", "Case A" and "Case B"."""
    return np.asarray(f["title_parts_agree"] == 0, dtype=np.bool_)


def opposite_groups(f: FeatureColumns) -> Mask:
    """One title names women, the other men; in vivo and in vitro; children and adults."""
    return np.asarray(f["title_groups_agree"] == 0, dtype=np.bool_)


def correction_or_reply(f: FeatureColumns) -> Mask:
    """Only one title says, at either end, that it is an erratum, a reply, a comment ..."""
    return np.asarray(f["title_sequel_agrees"] == 0, dtype=np.bool_)


def published_elsewhere(f: FeatureColumns) -> Mask:
    """Volume, issue, first page and DOI: three differ and none agrees, or two in another year."""
    another_year = (f["details_conflicting"] >= 2) & (f["year_gap"] >= 1)
    apart = another_year | (f["details_conflicting"] >= 3)
    return np.asarray(apart & (f["details_agreeing"] == 0), dtype=np.bool_)


WORK_VETOES: tuple[Veto, ...] = (
    different_part,
    correction_or_reply,
    recurring_title_elsewhere,
    recurring_title_of_others,
    opposite_groups,
)
# Versions of one work stand in different places by nature.
PAPER_VETOES: tuple[Veto, ...] = (*WORK_VETOES, published_elsewhere)


def apply_vetoes(
    vetoes: Sequence[Veto], names: Sequence[str], X: NDArray[np.float32]
) -> NDArray[np.int8]:
    """For each row of X the position of the first veto that forbids it, -1 for none."""
    columns = {name: X[:, k] for k, name in enumerate(names)}
    first = np.full(len(X), -1, dtype=np.int8)
    for number in reversed(range(len(vetoes))):
        first[vetoes[number](columns)] = number
    return first


def veto_names(vetoes: Sequence[Veto], first: NDArray[np.int8]) -> NDArray[Any]:
    """Names for the positions that `apply_vetoes` gave; "" for none."""
    names = np.array([*(veto.__name__ for veto in vetoes), ""], dtype=object)
    return names[first]
