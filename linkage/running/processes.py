"""The same work on many things, done by several processes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing.resource_tracker import ensure_running
from typing import Protocol, TypeVar

from linkage.errors import InputError, LinkageError
from linkage.running.leftovers import temporary_folder

T = TypeVar("T")
R = TypeVar("R")

MOST = 8  # processes; more would wait for this one, which takes in what they give
_WATCHED = 1.0  # seconds between looks at the parent
_PR_SET_PDEATHSIG = 1  # Linux: the signal that a process gets when its parent dies


def available() -> int:
    """How many processes are worth while on this machine."""
    from loky import cpu_count  # slow to import

    return min(int(cpu_count()), MOST)


def processes_of(n_jobs: int | None) -> int:
    """How many processes `n_jobs` asks for: None is one, -1 as many as are `available`.

    Raises `InputError` for any other number below 1.
    """
    jobs = 1 if n_jobs is None else n_jobs
    if jobs < 1 and jobs != -1:
        raise InputError(f"found n_jobs {jobs!r}, expected 1 or more, or -1 for all processors")
    return available() if jobs == -1 else jobs


def each(function: Callable[[T], R], items: Iterable[T], processes: int) -> Iterator[R]:
    """`function(item)` of each item, in order; a single item is done in this process.

    Of the items no more are asked for than are in work. When the caller stops, or an item fails,
    the processes end at once, and also when this process dies, whatever kills it.
    """
    several = iter(items)
    first = deque(islice(several, 2))
    alone = processes < 2 or len(first) < 2
    several = chain((first.popleft() for _ in range(len(first))), several)  # nothing is kept
    if alone:
        yield from map(function, several)
        return
    with several_processes(processes) as each_of:
        yield from each_of(function, several)


class Each(Protocol):
    """`function(item)` of each item, in order."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Of the items no more are asked for than are in work."""


def in_turn(function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """An `Each` of this process."""
    return map(function, items)


def _never() -> bool:
    return False


@contextmanager
def several_processes(processes: int, helps: Callable[[], bool] = _never) -> Iterator[Each]:
    """As many processes, for several kinds of work one after the other; then they end at once.

    They also end when this process dies, whatever kills it. `helps` is asked whether this process
    is free to do an item itself while they have enough to do.
    """
    from loky import ProcessPoolExecutor  # slow to import

    # the folder tells the next run whose semaphores it finds, should this one be killed
    with temporary_folder():
        executor = ProcessPoolExecutor(processes, initializer=end_with, initargs=(os.getpid(),))
        try:
            yield _Several(executor, processes, helps)
        finally:
            with warnings.catch_warnings():  # without pgrep it can't look for processes of theirs
                warnings.filterwarnings("ignore", "Failed to kill subprocesses")
                executor.shutdown(kill_workers=True)


class _Several:
    def __init__(self, executor: Executor, processes: int, helps: Callable[[], bool]) -> None:
        self._executor, self._processes, self._helps = executor, processes, helps

    def __call__(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        working: deque[Future[R]] = deque()
        try:
            for item in items:
                working.append(self._begun(function, item, working))
                del item
                while working and (working[0].done() or self._waits(working)):
                    yield working.popleft().result()
            while working:
                yield working.popleft().result()
        except BrokenProcessPool as error:
            found = "one of several processes ended before its work was done"
            advice = "memory may be too little, try fewer of them"
            raise LinkageError(f"{found}; {advice}") from error

    def _begun(
        self, function: Callable[[T], R], item: T, working: Iterable[Future[R]]
    ) -> Future[R]:
        """An item given to a process, or done here."""
        if self._are_busy(working) and self._helps():
            done: Future[R] = Future()
            done.set_result(function(item))
            return done
        with _no_interrupt_inherited():
            return self._executor.submit(function, item)

    def _waits(self, working: Iterable[Future[R]]) -> bool:
        return self._are_busy(working) and not self._helps()

    def _are_busy(self, working: Iterable[Future[R]]) -> bool:
        """Whether each process has an item, and one is there to go on with."""
        return sum(not future.done() for future in working) > self._processes


def end_with(parent: int) -> None:
    """From now on this process ends when its parent, the process of that id, does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: int) -> None:
    """The parent may have died before, and not every system tells."""
    while os.getppid() == parent:
        time.sleep(_WATCHED)
    os._exit(1)


@contextmanager
def _no_interrupt_inherited() -> Iterator[None]:
    """Processes started here are spared the terminal's Ctrl-C: this process ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    ensure_running()  # here: when it starts, Python 3.11 lets interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
