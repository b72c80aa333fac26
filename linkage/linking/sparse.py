"""Average linkage over a sparse graph: memory and time follow the scored pairs, not m x m."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from linkage.kernels import compiled
from linkage.linking.clustering import Indices, ScoredPairs, components
from linkage.linking.neighbours import FewNeighbours, ManyNeighbours, sums_between
from linkage.running.progress import tell_progress

log = logging.getLogger(__name__)

Floats = NDArray[np.float64]
Meet = Callable[[int, int, float], bool]  # may two clusters of that average be one?
Join = Callable[[int, int], None]
Merger = Callable[[float, Meet, Join], Indices]

_TOLD = 20_000  # rows between two reports of progress
_TOGETHER = 100_000  # pairs of components that are done together where it is compiled
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

    def merge(self, threshold: float, meet: Meet, join: Join) -> Indices:
        """Merge down to `threshold`: for each row the lowest row number of its cluster."""
        owner = np.arange(self._n, dtype=np.int64)
        done = said = 0
        for members, pairs in self._parts(threshold):
            size, most = self._size[members], None if self._most is None else self._most[members]
            row = members.tolist()
            roots = _merger(pairs, size, most)(
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

    def _parts(self, threshold: float) -> Iterator[tuple[Indices, ScoredPairs]]:
        """Components of two rows or more: their rows, and their pairs by positions among them.

        One after the other; many together where the loops over them are compiled.
        """
        i, j, probability, vetoed = self._pairs
        strong = (probability >= threshold) | vetoed
        label = components(self._n, i[strong], j[strong])
        label = label.astype(np.int32)  # there may be very many pairs
        order = np.argsort(label, kind="stable")
        ends = np.cumsum(np.bincount(label)) if self._n else np.empty(0, dtype=np.int64)
        starts = np.append(0, ends)[:-1]
        of_pair = label[i]
        inner = np.flatnonzero(of_pair == label[j])
        of_pair = of_pair[inner]
        last = np.cumsum(np.bincount(of_pair, minlength=len(ends)))
        inner = inner[np.argsort(of_pair, kind="stable")]
        del of_pair
        first = np.append(0, last)[:-1]
        large = np.flatnonzero(ends - starts > 1)
        place = np.empty(self._n, dtype=np.int64)  # of a row among those of its part
        for lot in _lots(
            last[large] - first[large], 1 if compiled("neighbours") is None else _TOGETHER
        ):
            here = large[lot]
            members = order[starts[here[0]] : ends[here[-1]]]
            place[members] = np.arange(len(members))
            rows = inner[first[here[0]] : last[here[-1]]]
            sides = place[i[rows]], place[j[rows]]
            yield members, ScoredPairs(*sides, probability[rows], vetoed[rows])


def _lots(size: Indices, least: int) -> list[slice]:
    """Things of some sizes in lots of about `least` each, one after the other."""
    before = np.cumsum(size) - size
    firsts = np.flatnonzero(np.diff(before // least, prepend=-1)).tolist()
    return [slice(a, b) for a, b in pairwise([*firsts, len(size)])]


def _merger(pairs: ScoredPairs, size: Floats, most: Floats | None) -> Merger:
    """What merges the clusters of a graph, in the fastest form."""
    kernel = compiled("neighbours")
    if kernel is None:
        return partial(_merge, _kind(len(size), pairs)(len(size), pairs, size, most))
    sides = (np.ascontiguousarray(side, dtype=np.int64) for side in (pairs.i, pairs.j))
    merger: Merger = kernel.Neighbours(*sides, sums_between(pairs, size), size, most).merge_all
    return merger


def _kind(n: int, pairs: ScoredPairs) -> type[FewNeighbours | ManyNeighbours]:
    """The form of a graph of n rows that is the faster one."""
    if len(pairs.i) > _FEW * n:
        return ManyNeighbours
    most = np.bincount(np.concatenate([pairs.i, pairs.j])).max() if n > _FEW_OF_ONE else 0
    return FewNeighbours if most <= _FEW_OF_ONE else ManyNeighbours


def _merge(
    graph: FewNeighbours | ManyNeighbours, threshold: float, meet: Meet, join: Join
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
