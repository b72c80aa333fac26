"""Where a group would fall apart, if two of its members were not the same after all."""

from __future__ import annotations

from collections import defaultdict, deque

import pandas as pd


class Joins:
    """The joins (`Calls.joins`) that hold groups together, to tell where one would fall apart."""

    def __init__(self, joins: pd.DataFrame) -> None:
        self._near: dict[str, list[tuple[str, float]]] = defaultdict(list)
        columns = (joins[name] for name in ("left_id", "right_id", "probability"))
        for a, b, probability in zip(*columns, strict=True):
            self._near[a].append((b, probability))
            self._near[b].append((a, probability))

    def weakest(self, left: str, right: str) -> frozenset[str] | None:
        """The weakest of the joins on the way from one to the other; None without a way."""
        came: dict[str, tuple[str, float]] = {left: (left, 2.0)}
        queue = deque([left])
        while queue and right not in came:
            one = queue.popleft()
            for other, probability in self._near.get(one, ()):
                if other not in came:
                    came[other] = (one, probability)
                    queue.append(other)
        if right not in came:
            return None
        way, here = [], right
        while here != left:
            before, probability = came[here]
            way.append((probability, frozenset((before, here))))
            here = before
        return min(way, key=lambda step: (step[0], sorted(step[1])))[1]

    def reached(self, start: str, without: frozenset[str]) -> set[str]:
        """All that is joined to one without one of the joins."""
        found, queue = {start}, deque([start])
        while queue:
            one = queue.popleft()
            for other, _ in self._near.get(one, ()):
                if other not in found and frozenset((one, other)) != without:
                    found.add(other)
                    queue.append(other)
        return found
