"""Some people only: whose mentions are asked for, and which others may be theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.rules import name_keys
from linkage.errors import InputError
from linkage.features.name_keys import read_name_key
from linkage.text.folding import fold
from linkage.text.orcids import orcids_in


def asked_mentions(table: pd.DataFrame, only: Sequence[str]) -> NDArray[np.bool_]:
    """Which mentions (rows of `list_mentions`) are those of the people asked for, bool (n,).

    Each of `only` is an ORCID or a name, `Wang, J*` or `J* Wang`; `*` stands for any letters, `?`
    for one, and accents and case make no difference. Raises `InputError` for one that nobody has.
    """
    found = np.zeros(len(table), dtype=bool)
    keys = table["key"].to_numpy(dtype=object)
    for one in only:
        if orcids := orcids_in(one):
            own = table["orcid"].isin(orcids).to_numpy(dtype=bool)
        else:
            own = np.isin(keys, [key for key in pd.unique(keys) if _is_called(key, one)])
        if not own.any():
            raise InputError(f"found nobody called {one!r}, expected an author's name or ORCID")
        found |= own
    return found


def near_mentions(table: pd.DataFrame, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mentions asked for and all whose names share a key with one of theirs, bool (n,)."""
    keys_of = {key: name_keys(key) for key in table["key"].unique()}
    wanted = {found for key in table["key"][asked].unique() for found in keys_of[key]}
    near = [key for key, found in keys_of.items() if not found.isdisjoint(wanted)]
    return asked | table["key"].isin(near).to_numpy(dtype=bool)


def _is_called(key: str, pattern: str) -> bool:
    name = read_name_key(key)
    family, given = " ".join(name.particle + name.family), " ".join(name.given)
    first, last = map(_folded, pattern.partition(",")[::2])
    if "," in pattern:
        return fnmatchcase(family, first) and fnmatchcase(given, last)
    return fnmatchcase(f"{given} {family}".strip(), first)


def _folded(pattern: str) -> str:
    """The pattern as keys are written, its `*` and `?` left."""
    parts = re.split(r"([*?]+)", pattern.replace("[", " ").strip())
    folded = [part if set(part) & set("*?") else _fold_inside(part) for part in parts]
    return "".join(folded).strip()


def _fold_inside(part: str) -> str:
    """Folded, spaces at its ends kept as one: `Wei ` of `Wei *`."""
    inside = fold(part)
    before, after = (" " if part[at : at + 1].isspace() else "" for at in (0, len(part) - 1))
    return f"{before}{inside}{after}" if inside else before
