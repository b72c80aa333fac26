"""What the benchmark page draws: for each set one bar a system, with its interval and cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from linkage.benchmarks.tables import cost, with_interval

_Row = dict[str, Any]
_OURS = "biblinkage"


class Bar(NamedTuple):
    """One system's score, 0 to 1, and its 95 % interval; None where there is none.

    `text` is the score in words, or why there is none; `cost` seconds and memory, or "".
    """

    system: str
    value: float | None
    low: float | None
    high: float | None
    text: str
    cost: str
    ours: bool


class Panel(NamedTuple):
    """The bars of one set (or of the mean over all), `note` saying what is in it."""

    name: str
    note: str
    bars: list[Bar]


class Chart(NamedTuple):
    """Panels of one question, all of the same measure."""

    title: str
    panels: list[Panel]


class Question(NamedTuple):
    """What one chart shows: the runs that have these values, by this measure."""

    title: str
    where: Mapping[str, str]
    measure: str


def charts(results: _Row, questions: Iterable[Question]) -> list[Chart]:
    """One chart a question that any run answers: the mean over the sets first, then every set."""
    notes = {one["name"]: _contents(one) for one in results["sets"]}
    return [
        Chart(question.title, [*_mean(results, question, own), *_panels(own, question, notes)])
        for question in questions
        if (own := [run for run in results["runs"] if question.where.items() <= run.items()])
    ]


def _panels(runs: Sequence[_Row], question: Question, notes: dict[str, str]) -> list[Panel]:
    by_set: dict[str, list[Bar]] = {}
    for run in runs:
        by_set.setdefault(run["set"], []).append(_bar(run, question.measure))
    return [Panel(name, notes[name], bars) for name, bars in by_set.items()]


def _bar(run: _Row, measure: str) -> Bar:
    used = ""
    if run["cost"]:
        seconds, _, megabytes = cost(run)
        used = f"{seconds} s, {megabytes} MB"
    if not run["scores"]:
        return _without(run, str(run["failure"]), used)
    value, (low, high) = run["scores"][measure], run["intervals"][measure]
    return Bar(label(run), value, low, high, with_interval(run, measure), used, _is_ours(run))


def _mean(results: _Row, question: Question, runs: Sequence[_Row]) -> list[Panel]:
    """The systems' means; only for those that did all sets, as others had an easier choice."""
    n_sets = len({run["set"] for run in runs})
    own = [row for row in results["averages"] if _is_asked(row, question.where)]
    if n_sets < 2 or not own:
        return []
    bars = [_mean_bar(row, question.measure, n_sets) for row in own]
    return [Panel("Mean", f"{n_sets} sets", bars)]


def _is_asked(average: _Row, where: Mapping[str, str]) -> bool:
    """Whether a mean is of these runs; it knows only some of what a run knows."""
    known = {name: average[name] for name in where if name in average}
    return bool(known) and known.items() <= where.items()


def _mean_bar(row: _Row, measure: str, n_sets: int) -> Bar:
    value = row["scores"][measure]
    if row["n_sets"] < n_sets or value is None:
        return _without(row, f"has a score on {row['n_sets']} of {n_sets} sets", "")
    nothing = {"scores": {measure: value}, "intervals": {measure: (None, None)}}
    return Bar(label(row), value, None, None, with_interval(nothing, measure), "", _is_ours(row))


def _without(row: _Row, why: str, used: str) -> Bar:
    return Bar(label(row), None, None, None, why, used, _is_ours(row))


def label(row: _Row) -> str:
    """The system and, where one system was run by several protocols, which one."""
    told = row.get("protocol") in ("left out", "within its group")
    return f"{row['system']}, {row['protocol']}" if told else str(row["system"])


def _is_ours(row: _Row) -> bool:
    return str(row["system"]).startswith(_OURS)


def _contents(one: _Row) -> str:
    """`8,948 records` and, of a set of authors, `1,545 people`."""
    counts = [(one.get(name), name) for name in ("records", "people")]
    return ", ".join(f"{count:,} {name}" for count, name in counts if count)
