"""What a run changed: from where each record (or mention) went from one cluster to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

NEW, RETURNED, GROWN, SHRUNK = "new", "returned", "grown", "shrunk"
MERGED, SPLIT, MOVED, WITHDRAWN = "merged", "split", "moved", "withdrawn"


class Change(NamedTuple):
    """One change of one id: "merged" into `other_id`, "split" from it, "moved" from it.

    `members`: how many records or mentions it is about.
    """

    id: str
    change: str
    other_id: str | None
    members: int


def find_changes(
    before: Mapping[str, str], after: Mapping[str, str], was_there: Callable[[str], bool]
) -> list[Change]:
    """The changes between two clusterings (member -> id), by id.

    Only members of clusters that changed need to be there, but all of those. `was_there` tells of
    an id that has no member before whether it ever had one.
    """
    flows = Counter((before.get(one), after.get(one)) for one in dict.fromkeys([*before, *after]))
    old, new = set(before.values()), set(after.values())
    found = []
    for (source, target), members in flows.items():
        if source == target:
            continue
        if source is None and target is not None:
            if target in old:
                found.append(Change(target, GROWN, None, members))
        elif target is None and source is not None:
            change = SHRUNK if source in new else WITHDRAWN
            found.append(Change(source, change, None, members))
        elif source is not None and target is not None:
            found.append(_between(source, target, members, source in new, target in old))
    sizes = Counter(after.values())
    split = {one.id for one in found if one.change == SPLIT}
    found += [
        Change(one, RETURNED if was_there(one) else NEW, None, sizes[one])
        for one in new - old - split
    ]
    return sorted(found, key=lambda one: (len(one.id), one.id, one.change, one.other_id or ""))


def _between(source: str, target: str, members: int, stays: bool, was: bool) -> Change:
    if not stays:
        return Change(source, MERGED, target, members)
    return Change(target, MOVED if was else SPLIT, source, members)
