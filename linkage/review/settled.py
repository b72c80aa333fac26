"""Which pairs need no more asking: verdicts settle others by way of what is the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from linkage.library.judgements import SAME, Judgement


class Settled:
    """What verdicts say, added one at a time; "can't say" settles a pair, too."""

    def __init__(self, verdicts: Iterable[Judgement] = ()) -> None:
        self._above: dict[str, str] = {}
        self._told: dict[str, set[str]] = defaultdict(set)  # roots between which there is a verdict
        for one in verdicts:
            self.add(one.left_id, one.right_id, one.verdict)

    def add(self, left: str, right: str, verdict: str) -> None:
        """One more verdict."""
        a, b = self._root(left), self._root(right)
        if a == b:
            return
        if verdict == SAME:
            self._join(a, b)
        else:
            self._told[a].add(b)
            self._told[b].add(a)

    def has(self, left: str, right: str) -> bool:
        """Whether verdicts settle this pair."""
        a, b = self._root(left), self._root(right)
        return a == b or b in self._told.get(a, ())

    def _join(self, a: str, b: str) -> None:
        small, large = sorted((a, b), key=lambda root: len(self._told.get(root, ())))
        self._above[small] = large
        for other in self._told.pop(small, set()):
            self._told[other].discard(small)
            if other != large:
                self._told[other].add(large)
                self._told[large].add(other)

    def _root(self, one: str) -> str:
        path = []
        while (above := self._above.get(one, one)) != one:
            path.append(one)
            one = above
        self._above.update(dict.fromkeys(path, one))
        return one
