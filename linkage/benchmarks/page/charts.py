"""What the benchmark page draws: for each set one bar a system, a score or what it cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from linkage.benchmarks.papers.tables import cost, number, with_interval

_Row = dict[str, Any]
_OURS = "biblinkage"
_COST_NOTE = "Low is good. The highest of all is a full bar."


class Bar(NamedTuple):
    """One system's score, 0 to 1, and its 95 % interval; None where there is none.

    `text` is the score in words, or why there is none; `cost` seconds and memory, or "". Of a cost,
    `value` is the share of the chart's highest.
    """

    system: str
    text: str
    ours: bool
    value: float | None = None
    low: float | None = None
    high: float | None = None
    cost: str = ""


class Panel(NamedTuple):
    """The bars of one set (or of the mean over all), `note` saying what is in it."""

    name: str
    note: str
    bars: list[Bar]


class Chart(NamedTuple):
    """Panels of one question, all of the same measure; a note where bars aren't scores."""

    title: str
    panels: list[Panel]
    note: str


class Question(NamedTuple):
    """What one chart shows: the runs that have these values, by this measure.

    Without a `unit` that is a score, with one (s, MB) a cost.
    """

    title: str
    where: Mapping[str, Any]
    measure: str
    unit: str = ""


def charts(results: _Row, questions: Iterable[Question]) -> list[Chart]:
    """One chart a question that any run answers: the mean over the sets first, then every set."""
    notes = {one["name"]: _contents(one) for one in results.get("sets", ())}
    return [
        Chart(
            question.title,
            [*_mean(results, question, own), *_panels(own, question, notes)],
            _COST_NOTE if question.unit else "",
        )
        for question in questions
        if (own := [run for run in results["runs"] if question.where.items() <= run.items()])
    ]


def _panels(runs: Sequence[_Row], question: Question, notes: dict[str, str]) -> list[Panel]:
    by_set: dict[str, list[_Row]] = {}
    for run in runs:
        by_set.setdefault(run["set"], []).append(run)
    most = _most(runs, question.measure) if question.unit else 0.0
    return [
        Panel(
            *_caption(name, notes),
            [
                _cost_bar(r, question, most) if most else _score_bar(r, question.measure)
                for r in own
            ],
        )
        for name, own in by_set.items()
    ]


def _caption(name: str, notes: dict[str, str]) -> tuple[str, str]:
    """Name and contents; a set of made-up records is called by how many they are."""
    note = notes.get(name, "")
    return (note, "") if name.isdecimal() and note else (name, note)


def _score_bar(run: _Row, measure: str) -> Bar:
    used = ""
    if run["cost"]:
        seconds, _, megabytes = cost(run)
        used = f"{seconds} s, {megabytes} MB"
    if not run["scores"]:
        return Bar(label(run), str(run["failure"]), _is_ours(run), cost=used)
    value, (low, high) = run["scores"][measure], run["intervals"][measure]
    return Bar(label(run), with_interval(run, measure), _is_ours(run), value, low, high, used)


def _most(runs: Sequence[_Row], measure: str) -> float:
    """The highest cost of a finished run, which is a full bar."""
    return max((run["cost"][measure] for run in runs if not run["failure"]), default=1.0)


def _cost_bar(run: _Row, question: Question, most: float) -> Bar:
    """A run that was given up has none: what it would have cost is not known."""
    if run["failure"]:
        return Bar(label(run), str(run["failure"]), _is_ours(run))
    value = run["cost"][question.measure]
    return Bar(label(run), _amount(value, question.unit), _is_ours(run), value / most)


def _amount(value: float, unit: str) -> str:
    return f"{value:,.{0 if value >= 100 else 1}f} {unit}"


def _mean(results: _Row, question: Question, runs: Sequence[_Row]) -> list[Panel]:
    """The systems' means; only for those that did all sets, as others had an easier choice."""
    n_sets = len({run["set"] for run in runs})
    own = [row for row in results.get("averages", ()) if _is_asked(row, question.where)]
    if n_sets < 2 or not own:
        return []
    bars = [_mean_bar(row, question.measure, n_sets) for row in own]
    return [Panel("Mean", f"{n_sets} sets", bars)]


def _is_asked(average: _Row, where: Mapping[str, Any]) -> bool:
    """Whether a mean is of these runs; it knows only some of what a run knows."""
    known = {name: average[name] for name in where if name in average}
    return bool(known) and known.items() <= where.items()


def _mean_bar(row: _Row, measure: str, n_sets: int) -> Bar:
    value = row["scores"][measure]
    if row["n_sets"] < n_sets or value is None:
        text = f"has a score on {row['n_sets']} of {n_sets} sets"
        return Bar(label(row), text, _is_ours(row))
    return Bar(label(row), number(value), _is_ours(row), value)


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
