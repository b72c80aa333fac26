"""The labelling benchmark's result as Markdown; everything in it comes from the JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from linkage.benchmarks.labelling.protocol import (
    ADAPTED,
    ALL,
    ALONE,
    CHOSEN,
    OTHER_HALF,
    RANDOM,
    RANDOM_FREE,
    VALIDATION,
)
from linkage.benchmarks.papers.tables import number, table

_Shown = Callable[[float | None], str]
_Runs = Mapping[tuple[str, str, str, str], Mapping[str, Any]]
_PROTOCOLS = {
    ALL: "scored on all records, the labelled pairs among them",
    OTHER_HALF: "labels from one half of the papers, scored on the other",
    VALIDATION: "labels from the training pairs, scored on the validation pairs",
}
_MODELS = {ADAPTED: "that model, adapted to the labels", ALONE: "a model of the labels alone"}
_CHOICES = (CHOSEN, RANDOM, RANDOM_FREE)


def markdown(results: dict[str, Any]) -> str:
    """Markdown of a result of `linkage.benchmarks.labelling.protocol.benchmark_labelling`."""
    runs = {(r["set"], r["protocol"], r["model"], r["choice"]): r for r in results["runs"]}
    parts = [_protocol_words(results)]
    for one in results["sets"]:
        for protocol, words in _PROTOCOLS.items():
            if (one["name"], protocol, "start", "") in runs:
                title = f"**{one['name']}** ({one['records']:,} records), {words}:"
                parts += [title, _table(runs, one["name"], protocol)]
    return "\n\n".join(parts) + "\n"


def _protocol_words(results: dict[str, Any]) -> str:
    settings = results["settings"]
    listed = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    return (
        f"What {settings['labels']} labels are worth: pairwise F1, mean of {settings['seeds']} "
        "seeds, its 95 % t interval in brackets. The first model was trained on other sets only, "
        "which share no record with this one. *Chosen* are the pairs that `linkage label` asks "
        "about with that model; *random* as many of the candidate pairs, *random without veto* of "
        "those that no rule forbids. The labels were read from the gold standard. A model learns "
        "from them; they bind nothing when the records are linked. (of n): in the other seeds all "
        "labels were of one kind, which alone teaches nothing. A choice from all records depends "
        "on the seed in ties only: an interval without width says nothing of other records. How "
        "far labels move a model was settled on sets that include these, so the adapted figures "
        f"are a little kind. Versions: {listed}."
    )


def _table(runs: _Runs, name: str, protocol: str) -> str:
    start = runs[name, protocol, "start", ""]
    lines = [["no labels: trained on other sets", _score(start), "", "", ""]]
    for model, words in _MODELS.items():
        rows = [runs[name, protocol, model, choice] for choice in _CHOICES]
        lines.append([words, *(_score(row) for row in rows), _gain(rows[1])])
    return table(["model", *_CHOICES, f"{CHOSEN} less {RANDOM}"], lines)


def _score(run: Mapping[str, Any]) -> str:
    return _interval(run["mean"], number, len(run["scores"]))


def _gain(run: Mapping[str, Any]) -> str:
    return _interval(run["gain"], _with_sign, len(run["scores"]))


def _with_sign(value: float | None) -> str:
    return "–" if value is None else ("−" if value < 0 else "+") + number(abs(value))


def _interval(found: Mapping[str, Any], shown: _Shown, n_seeds: int) -> str:
    of = "" if found["n"] == n_seeds else f" (of {found['n']})"
    if found["value"] is None or found["low"] is None:
        return shown(found["value"]) + of
    return f"{shown(found['value'])} [{shown(found['low'])}, {shown(found['high'])}]{of}"
