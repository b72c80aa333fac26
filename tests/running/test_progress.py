"""What a terminal shows of a long job: counts, rate, time left."""

import logging

import pytest

from linkage.running.progress import _StatusHandler, tell_progress


@pytest.fixture
def shown():
    """What is shown, and a clock that the test sets."""
    lines, now = [], [100.0]
    log = logging.getLogger("linkage.test_progress")
    log.setLevel(logging.INFO)
    handler = _StatusHandler(lines.append, lambda: now[0])
    log.addHandler(handler)
    yield log, lines, now
    log.removeHandler(handler)


def test_counts_rate_and_time_left(shown):
    log, lines, now = shown
    for seconds, done in ((0, 0), (1, 50), (10, 1_000), (70, 7_000)):
        now[0] = 100.0 + seconds
        tell_progress(log, "comparing", done, "pairs", 15_000)
    assert lines == [
        "comparing 0 of 15,000 pairs",
        "comparing 50 of 15,000 pairs",  # too early for a rate
        "comparing 1,000 of 15,000 pairs, 100 a second, 0:02:20 left",
        "comparing 7,000 of 15,000 pairs, 100 a second, 0:01:20 left",
    ]


def test_a_stage_without_a_total_has_a_rate_and_each_stage_its_own(shown):
    log, lines, now = shown
    for doing, seconds, done in (("reading", 0, 0), ("reading", 4, 80), ("comparing", 60, 0),
                                 ("comparing", 64, 8), ("comparing", 65, 2)):  # fmt: skip
        now[0] = 100.0 + seconds
        tell_progress(log, doing, done, "things")
    assert lines == [
        "reading 0 things",
        "reading 80 things, 20 a second",
        "comparing 0 things",
        "comparing 8 things, 2 a second",
        "comparing 2 things",  # a second round starts anew
    ]


def test_other_messages_stand_as_they_are(shown):
    log, lines, _ = shown
    log.info("clustering")
    assert lines == ["clustering"]
