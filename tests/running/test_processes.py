"""Work done by several processes: as by one, and over when the caller is."""

import os
import signal
import subprocess
import sys
import time

import pytest

from linkage.errors import InputError, LinkageError
from linkage.running.processes import MOST, available, each, several_processes


def told(number):
    return number * number, os.getpid()


def failed(number):
    if number == 3:
        raise InputError(f"found {number}, expected less")
    return number


def killed(number):
    if number == 1:
        os._exit(1)
    return number


def is_running(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def ends_soon(process):
    until = time.monotonic() + 10
    while is_running(process) and time.monotonic() < until:
        time.sleep(0.1)
    return not is_running(process)


@pytest.mark.parametrize("processes", [1, 3])
def test_results_are_in_order(processes):
    found = list(each(told, iter(range(20)), processes))
    assert [number for number, _ in found] == [k * k for k in range(20)]
    assert ({process for _, process in found} == {os.getpid()}) == (processes == 1)


def slow(number):
    time.sleep(0.02)
    return told(number)


@pytest.mark.parametrize("helps", [False, True])
def test_a_process_that_waits_takes_part(helps):
    with several_processes(1, lambda: helps) as work:
        found = list(work(slow, iter(range(20))))
        assert [number for number, _ in found] == [k * k for k in range(20)]
        assert (os.getpid() in {process for _, process in found}) == helps
        assert len({process for _, process in found}) == 1 + helps
        with pytest.raises(InputError, match="found 3"):
            list(work(failed, range(10)))


@pytest.mark.parametrize("items", [[], [2]])
def test_a_single_item_needs_no_other_process(items):
    assert list(each(told, items, 2)) == [(k * k, os.getpid()) for k in items]


def test_items_are_asked_for_as_they_are_worked_on():
    asked = []
    results = each(told, (asked.append(k) or k for k in range(100)), 2)
    next(results)
    assert len(asked) <= 4
    results.close()


@pytest.mark.parametrize("processes", [1, 2])
def test_what_an_item_fails_with_is_raised(processes):
    with pytest.raises(InputError, match="found 3, expected less"):
        list(each(failed, range(10), processes))


def test_a_process_that_dies_is_one_sentence():
    with pytest.raises(LinkageError, match="one of several processes ended before"):
        list(each(killed, range(10), 2))


def test_no_process_stays_when_the_caller_stops():
    results = each(told, range(100), 2)
    _, process = next(results)
    assert is_running(process)
    results.close()
    assert ends_soon(process)


PARENT = """
from tests.helpers.killing import pid_after_a_while
from linkage.running.processes import each

for pid in each(pid_after_a_while, range(9), 2):
    print(pid, flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGQUIT])
def test_processes_die_with_their_parent_whatever_kills_it(tmp_path, number):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        text=True,
    )
    with parent:
        workers = {int(parent.stdout.readline()) for _ in range(2)}
        assert all(map(is_running, workers))
        parent.send_signal(number)
        assert parent.wait(10) == -number
    assert all(map(ends_soon, workers))


def test_processes_end_when_reading_is_done():
    workers = {process for _, process in each(told, range(9), 2)}
    assert os.getpid() not in workers
    assert all(map(ends_soon, workers))


def test_a_process_that_started_too_late_ends_at_once():
    code = (
        "import time; from linkage.running.processes import end_with; end_with(-1); time.sleep(60)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=30).returncode == 1


def test_some_processes_are_available():
    assert 1 <= available() <= MOST
