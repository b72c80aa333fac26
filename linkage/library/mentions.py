"""Author mentions of a record that was corrected: which of the new list is which of the old."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

from linkage.authors.mentions import author_key
from linkage.features.names import UNSURE, compare_names

Authors = Sequence[Mapping[str, Any]]


def follow(old: Authors, new: Authors) -> dict[int, int]:
    """Old position -> new position of each author who is still there.

    Those of one name, in order; then those at one place whose names don't contradict each other.
    """
    before, after = ([author_key(author) for author in authors] for authors in (old, new))
    places: dict[str, deque[int]] = defaultdict(deque)
    for position, key in enumerate(after):
        places[key].append(position)
    found = {position: places[key].popleft() for position, key in enumerate(before) if places[key]}
    free = set(range(len(after))) - set(found.values())
    for position, key in enumerate(before):
        alone = position in free and position not in found
        if alone and compare_names(key, after[position]) >= UNSURE:
            found[position] = position
    return found
