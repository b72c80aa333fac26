"""The paper benchmark: every labelled set linked by a model that has not seen it.

`benchmark_papers` is the protocol, `linkage.benchmarks.papers.tables` makes the tables of its
result.
"""

from __future__ import annotations

import logging
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from linkage.benchmarks.measuring.measure import Usage, measure
from linkage.benchmarks.papers.scores import end_to_end_scores, given_pair_scores, row
from linkage.benchmarks.papers.sets import PaperSet, find_sets, training_sets
from linkage.benchmarks.peers.tools import Installation, peer_rows
from linkage.errors import LinkageError
from linkage.models.pair_model import PairModel
from linkage.papers.training.fit import TrainingPairs, fit_papers, training_pairs
from linkage.running.leftovers import temporary_folder
from linkage.tables.files import read_table

log = logging.getLogger(__name__)

TIME_LIMIT = 900.0  # seconds a run
_OURS = "biblinkage"
_LIBRARIES = (_OURS, "numpy", "pandas", "scikit-learn", "duckdb", "rapidfuzz")
_AVERAGED = ("pairwise_precision", "pairwise_recall", "pairwise_f1", "record_precision")


def benchmark_papers(
    folder: Path,
    work: Sequence[str] = (),
    peers: Sequence[Installation] = (),
    limit: float = TIME_LIMIT,
) -> dict[str, Any]:
    """Score linking on every labelled set in `folder`; the result is ready for JSON.

    - "end to end": a set is linked, blocking included, by a model trained on other sets that share
      no record with it: those of its level, or all for a set at the level of works (`work` names
      them). Scored on its clusters or validation pairs.
    - "given pairs": a set with a split is trained on its training pairs only, and scored on its
      validation pairs without blocking.

    `peers` are other tools; they link the same records end to end.
    Every run is a process of its own, so that seconds and memory include start-up and reading;
    one that takes longer than `limit` seconds is ended and reported as failed. Apart from times
    and memory the result is the same each time. Raises `InputError` for a folder without sets,
    `LinkageError` when our own command fails.
    """
    sets = find_sets(folder, work)
    ours = _OwnRuns(sets, limit)
    runs: list[dict[str, Any]] = []
    for one in sets:
        runs += _log_runs(ours.rows(one))
        for installed in peers:
            runs += _log_runs(peer_rows(installed, one, sets, limit))
    versions = {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}
    return {
        "benchmark": "papers",
        "settings": {"time_limit_seconds": limit},
        "machine": {"processors": os.cpu_count(), "system": platform.system()},
        "versions": versions,
        "peers": {installed.peer.name: installed.version for installed in peers},
        "sets": [_describe(one) for one in sets],
        "runs": runs,
        "averages": averages(runs),
    }


def averages(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Means over the sets of a level, per system, of what was linked end to end.

    `n_sets` says of how many; a measure that is undefined on a set is averaged without it, and is
    None where it is undefined on all.
    """
    done = [run for run in runs if run["protocol"] == "end to end" and not run["failure"]]
    if not done:
        return []
    table = pd.DataFrame([{**run, **run["scores"]} for run in done])
    rows = []
    for (level, system), group in table.groupby(["level", "system"], sort=False):
        values = group[list(_AVERAGED)].astype(float).mean()
        means = {name: None if pd.isna(mean) else float(mean) for name, mean in values.items()}
        rows.append({"level": level, "system": system, "n_sets": len(group), "scores": means})
    return rows


class _OwnRuns:
    """Our own runs; the features of each set are computed once for all models."""

    def __init__(self, sets: Sequence[PaperSet], limit: float) -> None:
        self.sets = sets
        self.limit = limit
        self._pairs: dict[str, TrainingPairs] = {}

    def rows(self, one: PaperSet) -> list[dict[str, Any]]:
        others = training_sets(one, self.sets)
        names = [other.name for other in others]
        first = row(one, _OURS, "end to end", names)
        if others:
            first |= self._end_to_end(one, self._model(others, one.level))
        else:
            first |= {"failure": "no other set of this level to train on"}
        if not one.has_split:
            return [first]
        second = row(one, _OURS, "given pairs", [one.name])
        return [first, second | self._given_pairs(one, self._model([one], one.level))]

    def _model(self, sets: Sequence[PaperSet], level: str) -> PairModel:
        for one in sets:
            if one.name not in self._pairs:
                self._pairs[one.name] = training_pairs(one.labelled)
        return fit_papers([self._pairs[one.name] for one in sets], level)

    def _end_to_end(self, one: PaperSet, model: PairModel) -> dict[str, Any]:
        with temporary_folder() as folder:
            clusters, pairs = folder / "clusters.csv", folder / "pairs.parquet"
            usage = self._run(
                ["papers", str(one.records), "-o", str(clusters), "--pairs", str(pairs)], model
            )
            if usage.timed_out:
                return _timed_out(usage, self.limit)
            found = read_table(clusters).set_index("record_id")["cluster_id"]
            compared = read_table(pairs)
        candidates = compared[compared["rules"] != ""]
        scores = end_to_end_scores(found, one.gold, candidates)
        return {"threshold": model.threshold, "cost": usage.to_dict()} | scores

    def _given_pairs(self, one: PaperSet, model: PairModel) -> dict[str, Any]:
        with temporary_folder() as folder:
            scored = folder / "scored.csv"
            given = one.records.parent / "splits" / "valid.csv"
            usage = self._run(["compare", str(one.records), str(given), "-o", str(scored)], model)
            if usage.timed_out:
                return _timed_out(usage, self.limit)
            pairs = read_table(scored)
        scores = given_pair_scores(pairs, pairs["probability"], model.threshold)
        return {"threshold": model.threshold, "cost": usage.to_dict()} | scores

    def _run(self, arguments: list[str], model: PairModel) -> Usage:
        """Run our command line as a user would, with this model."""
        with temporary_folder() as folder:
            path = folder / "model.json"
            path.write_text(model.to_json(), encoding="utf-8")
            options = ["--model", str(path), "--level", model.level]
            command = [sys.executable, "-m", "linkage", *arguments, *options]
            usage = measure(command, self.limit)
        if usage.exit_code and not usage.timed_out:
            raise LinkageError(f"linkage {arguments[0]} {arguments[1]}: {usage.complaint}")
        return usage


def _log_runs(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Log each result at once: a benchmark may take an hour."""
    for run in runs:
        scores = run["scores"]
        result = f"pairwise F1 {scores['pairwise_f1']:.4f}" if scores else run["failure"]
        log.info("%s, %s, %s: %s", run["set"], run["protocol"], run["system"], result)
    return runs


def _describe(one: PaperSet) -> dict[str, Any]:
    records = one.labelled.records
    labels = "validation pairs" if one.has_split else "clusters"
    return {
        "name": one.name,
        "level": one.level,
        "records": len(records),
        "labels": labels,
    }


def _timed_out(usage: Usage, limit: float) -> dict[str, Any]:
    return {"failure": f"not done after {limit:g} s", "cost": usage.to_dict()}
