"""The author benchmark's result as Markdown; everything in it comes from the JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linkage.benchmarks.papers.tables import DETAILS, cost, number, table, with_interval

_Row = dict[str, Any]


def markdown(results: dict[str, Any]) -> str:
    """Markdown of a result of `linkage.benchmarks.authors.protocol.benchmark_authors`.

    A summary (B-cubed F1 / pairwise F1), then all scores under `DETAILS`.
    """
    runs = results["runs"]
    clustered = [run for run in runs if run["scope"] != "pairs"]
    parts = [_versions(results)]
    for scope, (title, more) in _SCOPES.items():
        own = [run for run in clustered if run["scope"] == scope]
        if own:
            averages = [row for row in results["averages"] if row["scope"] == scope]
            parts += [f"**{title}**{more}, B-cubed F1 / pairwise F1:", _overview(own, averages)]
    pairs = [run for run in runs if run["scope"] == "pairs"]
    if pairs:
        parts += ["**Labelled pairs**, are both in one cluster?", _pairs(pairs)]
    parts += [DETAILS, _MACRO_NOTE, _details(clustered)] if clustered else [DETAILS]
    return "\n\n".join(parts) + "\n"


_SCOPES = {
    "whole": ("All labelled mentions", ""),
    "ambiguous blocks": ("Ambiguous blocks only", " (those of two or more people)"),
    "common names": ("Common names only", " (those that three or more labelled people bear)"),
}

_MACRO_NOTE = (
    "Two figures per name: *macro F1* is the mean of the blocks' pairwise F1, *of means* the F1 of "
    "their mean precision and mean recall; blocks of one labelled mention do not count."
)


def _versions(results: dict[str, Any]) -> str:
    listed = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    machine, together = results["machine"], results["settings"]["together"]
    groups = " and ".join(group.replace(",", ", ") for group in together)
    shared = f" Sets that share papers or people are left out together: {groups}." if groups else ""
    return (
        "A set is clustered by a model that has not seen it, all mentions in its blocks; scores "
        f"are over the labelled ones.{shared} 95 % bootstrap intervals stand in brackets. Seconds "
        "are wall and CPU time of a process, start-up and reading included. "
        f"{machine['processors']} processors, {machine['system']}. Versions: {listed}."
    )


def _overview(runs: Sequence[_Row], averages: Sequence[_Row]) -> str:
    sets = list(dict.fromkeys(run["set"] for run in runs))
    lines = []
    for system, protocol in dict.fromkeys((run["system"], run["protocol"]) for run in runs):
        own = {r["set"]: r for r in runs if (r["system"], r["protocol"]) == (system, protocol)}
        label = _label({"system": system, "protocol": protocol})
        mean = next(
            (a for a in averages if (a["system"], a["protocol"]) == (system, protocol)), None
        )
        whole = mean is not None and mean["n_sets"] == len(sets)
        lines.append(
            [label, *(_both(own.get(name)) for name in sets), _both(mean if whole else None)]
        )
    return table(["system", *sets, "mean"], lines)


def _label(run: _Row) -> str:
    floor = run["protocol"] == "floor"
    return str(run["system"]) if floor else f"{run['system']}, {run['protocol']}"


def _both(run: _Row | None) -> str:
    if run is None:
        return "–"
    if not run["scores"]:
        return str(run["failure"])
    scores = run["scores"]
    return f"{number(scores['b_cubed_f1'])} / {number(scores['pairwise_f1'])}"


def _pairs(runs: Sequence[_Row]) -> str:
    head = ["set", "system", "precision", "recall", "F1", "seconds", "CPU", "MB"]
    lines = []
    for run in runs:
        scores = ["pairwise_precision", "pairwise_recall"]
        found = run["scores"]
        figures = (
            [*(number(found[name]) for name in scores), with_interval(run, "pairwise_f1")]
            if found
            else [run["failure"], "–", "–"]
        )
        lines.append([run["set"], _label(run), *figures, *cost(run)])
    return table(head, lines)


def _details(runs: Sequence[_Row]) -> str:
    head = ["set", "scope", "system", "B-cubed P", "B-cubed R", "B-cubed F1"]
    head += ["pairwise P", "pairwise R", "pairwise F1", "macro F1", "of means"]
    head += ["seconds", "CPU", "MB"]
    lines = []
    for run in runs:
        label = (
            run["system"] if run["protocol"] == "floor" else f"{run['system']}, {run['protocol']}"
        )
        lines.append([run["set"], run["scope"], label, *_scores(run), *cost(run)])
    return table(head, lines)


def _scores(run: _Row) -> list[str]:
    if run["failure"]:
        return [run["failure"], *["–"] * 7]
    found = run["scores"]
    figures = []
    for kind in ("b_cubed", "pairwise"):
        figures += [number(found[f"{kind}_precision"]), number(found[f"{kind}_recall"])]
        figures.append(with_interval(run, f"{kind}_f1"))
    return [*figures, number(found["macro_f1"]), number(found["macro_f1_of_means"])]
