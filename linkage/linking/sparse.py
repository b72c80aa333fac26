"""Average linkage over a sparse graph: memory and time follow the scored pairs, not m x m."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from linkage.linking.clustering import Indices, ScoredPairs, components
from linkage.linking.neighbours import FewNeighbours, ManyNeighbours
from linkage.running.progress import tell_progress

log = logging.getLogger(__name__)

Floats = NDArray[np.float64]
Meet = Callable[[int, int, float], bool]  # may two clusters of that average be one?

_TOLD = 20_000  # rows between two reports of progress
_FEW = 20  # neighbours of a row, on average, that Python goes through faster than NumPy
_FEW_OF_ONE = 250  # the same of the row with most: it is merged again and again


class SparseLinkage:
    """Greedy average linkage of n rows, as `linkage.linking.clustering.average_linkage` defines it.

    Each cluster keeps its neighbours and the sums of the probabilities to them. A heap has each
    cluster's best average when it was last looked at, checked when its turn comes; what a merge
    raises, the merged cluster's own entry has. Rows that no chain of pairs of the threshold or more
    joins can't meet: one such component is done after the other.
    `most` (n,) says with how many others a row was scored at most, infinite if with all that count:
    two clusters are not blamed for the pairs that were left out. `weight` (n,) says as how many
    rows each counts.
    `meet(a, b, mean)` is asked before two clusters (by their lowest rows) are merged; it says no
    for good, by what is known of these two. `join(a, b)` is told of each merge of b into a.
    Source: the generic clustering algorithm of Müllner (2011), arXiv:1109.2378, on sparse rows.
    """

    def __init__(
        self,
        n: int,
        pairs: ScoredPairs,
        most: Floats | None = None,
        weight: Floats | None = None,
    ) -> None:
        self._n = n
        self._pairs = pairs
        self._most = most
        self._size = np.ones(n) if weight is None else weight.astype(float)

    def merge(self, threshold: float, meet: Meet, join: Callable[[int, int], None]) -> Indices:
        """Merge down to `threshold`: for each row the lowest row number of its cluster."""
        owner = np.arange(self._n, dtype=np.int64)
        done = said = 0
        for members, pairs in self._components(threshold):
            size, most = self._size[members], None if self._most is None else self._most[members]
            graph = _kind(len(members), pairs)(len(members), pairs, size, most)
            row = members.tolist()
            roots = _merge(
                graph,
                threshold,
                lambda a, b, mean, row=row: meet(row[a], row[b], mean),  # type: ignore[misc]
                lambda a, b, row=row: join(row[a], row[b]),  # type: ignore[misc]
            )
            owner[members] = members[roots]
            done += len(members)
            if done - said >= _TOLD:
                tell_progress(log, "clustering", done, "rows that have near ones")
                said = done
        return owner

    def _components(self, threshold: float) -> Iterator[tuple[Indices, ScoredPairs]]:
        """The rows of each component of two or more, and their pairs by positions among them."""
        i, j, probability, vetoed = self._pairs
        strong = (probability >= threshold) | vetoed
        label = components(self._n, i[strong], j[strong])
        order = np.argsort(label, kind="stable")
        ends = np.cumsum(np.bincount(label)) if self._n else np.empty(0, dtype=np.int64)
        starts = np.append(0, ends)[:-1]
        place = np.empty(self._n, dtype=np.int64)  # of a row among those of its component
        place[order] = np.arange(self._n) - starts[label[order]]
        inner = np.flatnonzero(label[i] == label[j])
        inner = inner[np.argsort(label[i[inner]], kind="stable")]
        last = np.cumsum(np.bincount(label[i[inner]], minlength=len(ends)))
        first = np.append(0, last)[:-1]
        for k in np.flatnonzero(ends - starts > 1).tolist():
            rows = inner[first[k] : last[k]]
            sides = place[i[rows]], place[j[rows]]
            pairs = ScoredPairs(*sides, probability[rows], vetoed[rows])
            yield order[starts[k] : ends[k]], pairs


def _kind(n: int, pairs: ScoredPairs) -> type[FewNeighbours | ManyNeighbours]:
    """The form of a graph of n rows that is the faster one."""
    if len(pairs.i) > _FEW * n:
        return ManyNeighbours
    most = np.bincount(np.concatenate([pairs.i, pairs.j])).max() if n > _FEW_OF_ONE else 0
    return FewNeighbours if most <= _FEW_OF_ONE else ManyNeighbours


def _merge(
    graph: FewNeighbours | ManyNeighbours,
    threshold: float,
    meet: Meet,
    join: Callable[[int, int], None],
) -> Indices:
    """Merge the clusters of a graph down to `threshold`: for each row the lowest of its cluster."""
    heap = [(-best, a) for a in graph.rows() if (best := graph.best(a)[0]) >= threshold]
    heapq.heapify(heap)
    last, near = -1, (0.0, -1)  # the cluster merged last and its nearest: nothing changed since
    while heap:
        bound, a = heapq.heappop(heap)
        if not graph.is_cluster(a):
            continue
        best, b = near if a == last else graph.best(a)
        if best < threshold:
            continue
        if heap and (-best, a) > heap[0]:
            heapq.heappush(heap, (-best, a))
        elif not meet(min(a, b), max(a, b), best):
            graph.forbid(a, b)
            heapq.heappush(heap, (bound, a))
            last = -1
        else:
            a, b = min(a, b), max(a, b)
            join(a, b)
            graph.merge(a, b)
            last, near = a, graph.best(a)
            if near[0] >= threshold:
                heapq.heappush(heap, (-near[0], a))
    return graph.roots()
