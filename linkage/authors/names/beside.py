"""The keys of names and which may be one person's, found while all else is prepared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from threading import Event
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from linkage.authors.blocking import compatible_names
from linkage.authors.mentions import KeyedNames
from linkage.authors.pairs import NamePairs
from linkage.authors.prepare import distinct_names, keys_of_names
from linkage.running.processes import several_processes

T = TypeVar("T")

_MANY = 40_000  # distinct names worth a start of further processes


class Names(NamedTuple):
    """What is known of the distinct names of mentions once it is found: both wait for it."""

    keyed: Callable[[], KeyedNames]
    pairs: Callable[[], NamePairs]


@contextmanager
def names_of(table: pd.DataFrame, jobs: int) -> Iterator[Names]:
    """Find what is known of the names of mentions (`list_mentions`).

    With several `jobs` all but one go through very many names, beside what this process does, which
    takes part in that while it waits for what they find.
    """
    name_of, names = distinct_names(table["key"])
    groups = np.unique(name_of[table["group"].to_numpy(dtype=bool)])
    if jobs < 2 or len(names) < _MANY:
        keyed = cache(lambda: keys_of_names(names))
        yield Names(keyed, lambda: compatible_names(names, groups, keyed()))
        return
    waits = Event()

    def found(future: Future[T]) -> T:
        waits.set()
        try:
            return future.result()
        finally:
            waits.clear()

    # a thread that waits for the processes: they are ended first, then it ends
    with ThreadPoolExecutor(1) as thread, several_processes(jobs - 1, waits.is_set) as work:
        first = thread.submit(keys_of_names, names, work)
        second = thread.submit(lambda: compatible_names(names, groups, first.result(), work))
        yield Names(lambda: found(first), lambda: found(second))
