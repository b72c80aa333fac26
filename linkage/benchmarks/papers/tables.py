"""The benchmark's result as Markdown; everything in it comes from the JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_Row = dict[str, Any]
_LEVELS = {
    "publication": "Publication level: the same published item",
    "work": "Work level: any version of one work",
}
DETAILS = "### Details"  # what stands above is the summary that a README can quote


def markdown(results: dict[str, Any]) -> str:
    """Markdown of a result of `linkage.benchmarks.papers.protocol.benchmark_papers`.

    A summary (pairwise F1 of every system on every set), then all scores under `DETAILS`.
    """
    given = [run for run in results["runs"] if run["protocol"] == "given pairs"]
    summary, details = [_versions(results)], [DETAILS]
    for level, title in _LEVELS.items():
        own = [run for run in results["runs"] if run["level"] == level and run not in given]
        if own:
            averages = [row for row in results["averages"] if row["level"] == level]
            summary += [f"**{title}**, pairwise F1:", _overview(own, averages)]
            details += [f"**{title}**", _details(own)]
    if given:
        title = "**Given pairs**, trained on the set's own training pairs"
        details += [title, _given_pairs_table(given)]
        summary += [f"{title}, F1 on its validation pairs:", _overview(given, [])]
    return "\n\n".join([*summary, *details]) + "\n"


def _versions(results: dict[str, Any]) -> str:
    known = results["versions"] | {k: v for k, v in results["peers"].items() if v}
    listed = ", ".join(f"{name} {version}" for name, version in known.items())
    machine, limit = results["machine"], results["settings"]["time_limit_seconds"]
    return (
        "A set is linked end to end, blocking included, by a model that has seen neither it nor "
        "any record of it. 95 % bootstrap intervals stand in brackets. Seconds are wall and CPU "
        "time of the whole command, start-up and reading included; memory is that of its largest "
        f"process. {machine['processors']} processors, {machine['system']}; a run was given up "
        f"after {limit:g} s. Versions: {listed}."
    )


def _overview(runs: Sequence[_Row], averages: Sequence[_Row]) -> str:
    """Pairwise F1: one line a system, one column a set; then means, and seconds in all."""
    sets = list(dict.fromkeys(run["set"] for run in runs))
    means = {row["system"]: row for row in averages}
    lines = []
    for system in dict.fromkeys(run["system"] for run in runs):
        own = {run["set"]: run for run in runs if run["system"] == system}
        f1 = [_f1(own.get(name)) for name in sets]
        ends = _means(means.get(system), len(sets)) if averages else []
        lines.append([system, *f1, *ends, _cpu_seconds(list(own.values()))])
    ends = ["mean", "mean record precision"] if averages else []
    return table(["system", *sets, *ends, "CPU seconds"], lines)


def _f1(run: _Row | None) -> str:
    return number(run["scores"]["pairwise_f1"]) if run and run["scores"] else "–"


def _means(average: _Row | None, n_sets: int) -> list[str]:
    if average is None:
        return ["–", "–"]
    of = "" if average["n_sets"] == n_sets else f" (of {average['n_sets']})"
    scores = average["scores"]
    return [number(scores[name]) + of for name in ("pairwise_f1", "record_precision")]


def _cpu_seconds(runs: Sequence[_Row]) -> str:
    spent = [run["cost"]["cpu_seconds"] for run in runs if run["cost"]]
    unfinished = any(run["failure"] for run in runs)
    return "–" if not spent else f"{'over ' if unfinished else ''}{sum(spent):.0f}"


def _details(runs: Sequence[_Row]) -> str:
    head = ["set", "system", "precision", "recall", "F1", "record precision"]
    head += ["blocking recall", "pairs a record", "seconds", "CPU", "MB"]
    lines = [
        [run["set"], run["system"], *_scores(run), *_blocking(run), *cost(run)] for run in runs
    ]
    return table(head, lines)


def _given_pairs_table(runs: Sequence[_Row]) -> str:
    head = ["set", "system", "precision", "recall", "F1", "seconds", "CPU", "MB"]
    lines = [[run["set"], run["system"], *_scores(run)[:3], *cost(run)] for run in runs]
    return table(head, lines)


def _scores(run: _Row) -> list[str]:
    if run["failure"]:
        return [run["failure"], "–", "–", "–"]
    scores = run["scores"]
    return [
        number(scores["pairwise_precision"]),
        number(scores["pairwise_recall"]),
        with_interval(run, "pairwise_f1"),
        with_interval(run, "record_precision"),
    ]


def _blocking(run: _Row) -> list[str]:
    blocking = run["blocking"]
    if not blocking:
        return ["–", "–"]
    return [number(blocking["pairs_completeness"]), f"{blocking['pairs_per_record']:.1f}"]


def cost(run: _Row) -> list[str]:
    """Seconds, CPU seconds and megabytes of a run, each as text."""
    used = run["cost"]
    if not used:
        return ["–", "–", "–"]
    return [f"{used['seconds']:.1f}", f"{used['cpu_seconds']:.1f}", f"{used['peak_mb']:.0f}"]


def with_interval(run: _Row, measure: str) -> str:
    """A score with its 95 % interval, as far as they are known."""
    value, (low, high) = run["scores"][measure], run["intervals"][measure]
    if value is None or low is None:
        return number(value)
    return f"{number(value)} [{number(low)}, {number(high)}]"


def number(value: float | None) -> str:
    """Four digits and no leading zero: .9975, 1.0000."""
    if value is None:
        return "–"
    return f"{value:.4f}".removeprefix("0")


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    rule = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(_cell(c) for c in line)} |" for line in [head, rule, *lines])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
