"""The speed benchmark's result as Markdown; everything in it comes from the JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linkage.benchmarks.papers.tables import number, table

_Row = dict[str, Any]


def markdown(results: _Row) -> str:
    """Markdown of a result of `linkage.benchmarks.speed.protocol.benchmark_speed`.

    Cost and scores of every run on made-up records, cost on real ones, then the stages of ours.
    """
    made_up = [run for run in results["runs"] if run["made_up"]]
    real = [run for run in results["runs"] if not run["made_up"]]
    parts = [_protocol_words(results), "**Made-up records**", _runs(made_up), _growth(results)]
    if real:
        parts += ["**Real records**, time only", _costs(real)]
    told = "**Stages** of ours: seconds, CPU seconds in brackets; clustering includes writing"
    parts += [told, _stages(results["runs"])]
    return "\n\n".join(parts) + "\n"


def author_markdown(results: _Row) -> str:
    """Markdown of a result of `linkage.benchmarks.speed.authors.benchmark_author_speed`."""
    machine, limit = results["machine"], results["settings"]["time_limit_seconds"]
    listed = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    told = (
        "`linkage authors records.parquet -o people.parquet` with the shipped model, on made-up "
        "libraries of one discipline each with known people. Seconds are wall and CPU time of the "
        "whole process; memory is the most that all its processes held at once. Scores are exact, "
        "and tell whether speed was bought with quality, not how good linking is on real "
        f"libraries. {machine['processors']} processors ({machine['model']}), "
        f"{machine['memory_gb']:g} GB, {machine['system']}; a run was given up after {limit:g} s. "
        f"Versions: {listed}."
    )
    head = ["discipline", "records", "mentions", "people", "seconds", "CPU", "MB"]
    lines = [
        [
            _system({"threshold": None, **run}),
            *(f"{run[name]:,}" for name in ("records", "mentions", "people")),
            *_cost(run),
            *_author_scores(run),
        ]
        for run in results["runs"]
    ]
    powers = [f"{name} {power:.2f}" for name, power in results["growth"].items() if power]
    grown = "CPU time grows with this power of the number of mentions: " + ", ".join(powers) + "."
    tables = table([*head, "B-cubed F1", "pairwise F1"], lines), _stages(results["runs"])
    return "\n\n".join([told, tables[0], *([grown] if powers else []), tables[1]]) + "\n"


def _author_scores(run: _Row) -> list[str]:
    if not run["scores"]:
        return ["–", "–"]
    return [number(run["scores"][name]) for name in ("b_cubed_f1", "pairwise_f1")]


def _protocol_words(results: _Row) -> str:
    known = results["versions"] | {k: v for k, v in results["peers"].items() if v}
    listed = ", ".join(f"{name} {version}" for name, version in known.items())
    machine, limit = results["machine"], results["settings"]["time_limit_seconds"]
    return (
        "`linkage papers records.parquet -o clusters.parquet` with the shipped model, on made-up "
        "records with known duplicates; no two sizes share a record. Seconds are wall and CPU time "
        "of the whole process, start-up, reading and writing included; memory is the most that all "
        "its processes held at once. Scores are exact. On made-up records they tell whether speed "
        "was bought with quality, not how good linking is on real ones. "
        f"{machine['processors']} processors ({machine['model']}), {machine['memory_gb']:g} GB, "
        f"{machine['system']}; a run was given up after {limit:g} s. Versions: {listed}."
    )


def _runs(runs: Sequence[_Row]) -> str:
    head = ["records", "system", "seconds", "CPU", "MB", "pairs a record", "blocking recall"]
    head += ["precision", "recall", "F1"]
    lines = [
        [f"{run['records']:,}", _system(run), *_cost(run), *_blocking(run), *_scores(run)]
        for run in runs
    ]
    return table(head, lines)


def _costs(runs: Sequence[_Row]) -> str:
    head = ["set", "records", "system", "seconds", "CPU", "MB"]
    lines = [[run["set"], f"{run['records']:,}", _system(run), *_cost(run)] for run in runs]
    return table(head, lines)


def _system(run: _Row) -> str:
    best = ", best threshold picked on the answer" if run["threshold"] is not None else ""
    return f"{run['system']}{best}" + (f" ({run['failure']})" if run["failure"] else "")


def _cost(run: _Row) -> list[str]:
    used = run["cost"]
    if not used:
        return ["–", "–", "–"]
    seconds = [f"{used[name]:.1f}" for name in ("seconds", "cpu_seconds")]
    return [*seconds, f"{used['all_processes_mb']:,}"]


def _blocking(run: _Row) -> list[str]:
    blocking = run["blocking"]
    if not blocking:
        return ["–", "–"]
    return [f"{blocking['pairs_per_record']:.1f}", number(blocking["pairs_completeness"])]


def _scores(run: _Row) -> list[str]:
    if not run["scores"]:
        return ["–", "–", "–"]
    return [number(run["scores"][f"pairwise_{name}"]) for name in ("precision", "recall", "f1")]


def _growth(results: _Row) -> str:
    powers = [f"{name} {power:.2f}" for name, power in results["growth"].items() if power]
    start, used = results["start_up"], results["start_up"]["cost"]
    told = f"CPU time grows with this power of the number of records: {', '.join(powers)}. "
    return (
        (told if powers else "")
        + f"{start['records']:,} records, mostly start-up, take {used['seconds']:.1f} s "
        f"({used['cpu_seconds']:.1f} CPU seconds; the fastest of {start['runs']} runs)."
    )


def _stages(runs: Sequence[_Row]) -> str:
    timed = [run for run in runs if run["stages"]]
    names = list(dict.fromkeys(stage["stage"] for run in timed for stage in run["stages"]))
    lines = []
    for run in timed:
        spent = {s["stage"]: f"{s['seconds']:.1f} ({s['cpu_seconds']:.1f})" for s in run["stages"]}
        lines.append([run["set"], *(spent.get(name, "–") for name in names)])
    return table(["set", *names], lines)
