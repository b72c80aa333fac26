"""Author mentions of a record that was corrected: which of the new list is which of the old."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

from linkage.authors.mentions import author_key
from linkage.features.names import UNSURE, compare_names
from linkage.library.store import Store
from linkage.library.versions import authors_at
from linkage.records.mention_ids import mention_id, read_mention_id

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


def mention_now(store: Store, mention: str, then: int, run: int) -> str | None:
    """What a mention of a run is called after another; None where it is no more."""
    record_id, position = read_mention_id(mention) or ("", 0)
    old, new = (authors_at(store, record_id, one) for one in (then, run))
    place = position if old == new and new else follow(old, new).get(position)
    return None if place is None else mention_id(record_id, place)
