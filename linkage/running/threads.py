"""The same work on many things, done by several threads of this process.

For work of NumPy and SciPy, which let other threads go on meanwhile; what they read is not copied.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def each_in_threads(function: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[R]:
    """`function(item)` of each item, in order; with one thread in this one.

    Of the items no more are asked for than are in work. When the caller stops, or an item fails, no
    further one is begun.
    """
    if threads < 2:
        yield from map(function, items)
        return
    executor = ThreadPoolExecutor(threads)
    working: deque[Future[R]] = deque()
    try:
        for item in items:
            working.append(executor.submit(function, item))
            if len(working) > threads:
                yield working.popleft().result()
        while working:
            yield working.popleft().result()
    finally:
        executor.shutdown(cancel_futures=True)
