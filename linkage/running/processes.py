"""The same work on many things, done by several processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import TypeVar

from linkage.errors import LinkageError

T = TypeVar("T")
R = TypeVar("R")

MOST = 8  # processes; more would wait for this one, which takes in what they give


def available() -> int:
    """How many processes are worth while on this machine."""
    from loky import cpu_count  # slow to import

    return min(int(cpu_count()), MOST)


def each(function: Callable[[T], R], items: Iterable[T], processes: int) -> Iterator[R]:
    """`function(item)` of each item, in order; a single item is done in this process.

    Of the items no more are asked for than are in work. When the caller stops, or an item fails,
    the processes end at once.
    """
    several = iter(items)
    first = deque(islice(several, 2))
    alone = processes < 2 or len(first) < 2
    several = chain((first.popleft() for _ in range(len(first))), several)  # nothing is kept
    if alone:
        yield from map(function, several)
        return
    from loky import ProcessPoolExecutor  # slow to import

    executor = ProcessPoolExecutor(processes)
    working: deque[Future[R]] = deque()
    try:
        for item in several:
            working.append(executor.submit(function, item))
            del item
            if len(working) > processes:
                yield working.popleft().result()
        while working:
            yield working.popleft().result()
    except BrokenProcessPool as error:
        found = "one of several processes ended before its work was done; memory may be too little"
        raise LinkageError(f"{found}, try fewer of them") from error
    finally:
        executor.shutdown(kill_workers=True)
