"""The author benchmark: every labelled set clustered by a model that has not seen it.

`benchmark_authors` is the protocol, `linkage.benchmarks.authors.tables` makes the tables.
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

import numpy as np
import pandas as pd

from linkage.authors.training.fit import LabelledPairs, fit_background, labelled_mention_pairs
from linkage.benchmarks.authors.scores import cluster_scores, floors, pair_scores
from linkage.benchmarks.authors.sets import AuthorSet, find_author_sets, strangers
from linkage.benchmarks.measuring.measure import Usage, measure
from linkage.errors import LinkageError
from linkage.models.pair_model import PairModel
from linkage.running.leftovers import temporary_folder

log = logging.getLogger(__name__)

TIME_LIMIT = 1800.0  # seconds a run
_OURS = "biblinkage"
_LIBRARIES = (_OURS, "numpy", "pandas", "scikit-learn", "rapidfuzz")


def benchmark_authors(
    folder: Path, together: Sequence[str] = (), limit: float = TIME_LIMIT
) -> dict[str, Any]:
    """Score author disambiguation on every labelled set in `folder`; the result fits JSON.

    - "left out": a set's mentions are clustered by a model trained on the sets that share nothing
      with it; how common names are was counted in those sets only. `together` names the sets that
      share papers or people (`find_author_sets`).
    - "within its group": the same, trained on the sets of its group as well; only for sets that
      have one.
    - "floor": clusterings that need no model.

    Scored on the labelled mentions: whole, where blocks hold two or more people, and of names that
    three or more people bear; a set of labelled pairs is scored on those. Every run is a process of
    its own, so that seconds and memory include start-up and reading. Raises `InputError` for a
    folder without sets, `LinkageError` when our own command fails.
    """
    sets = find_author_sets(folder, together)
    ours = _OwnRuns(sets, limit)
    runs = [run for one in sets for run in _log_runs(_floor_rows(one) + ours.rows(one))]
    versions = {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}
    return {
        "benchmark": "authors",
        "settings": {"time_limit_seconds": limit, "together": list(together)},
        "machine": {"processors": os.cpu_count(), "system": platform.system()},
        "versions": versions,
        "sets": [_describe(one) for one in sets],
        "runs": runs,
        "averages": _averages(runs),
    }


class _OwnRuns:
    """Our own runs; the labelled pairs of each set are prepared once for all models."""

    def __init__(self, sets: Sequence[AuthorSet], limit: float) -> None:
        self.sets = sets
        self.limit = limit
        self._pairs: dict[str, LabelledPairs] = {}
        self._models: dict[tuple[str, ...], PairModel] = {}

    def rows(self, one: AuthorSet) -> list[dict[str, Any]]:
        rows = self._rows(one, "left out", strangers(one, self.sets))
        if one.related:
            others = [other for other in self.sets if other is not one]
            rows += self._rows(one, "within its group", others)
        return rows

    def _rows(
        self, one: AuthorSet, protocol: str, teachers: Sequence[AuthorSet]
    ) -> list[dict[str, Any]]:
        base = _row(one, _OURS, protocol) | {"trained_on": [other.name for other in teachers]}
        if not teachers:
            return [base | {"failure": "no other set to train on"}]
        model = self._model(teachers)
        with temporary_folder() as folder:
            usage, found = self._cluster(one, model, folder)
        if found is None:
            return [base | {"failure": f"not done after {self.limit:g} s"}]
        base |= {"threshold": model.threshold, "cost": usage.to_dict()}
        return [base | scored for scored in _score_run(one, found)]

    def _model(self, sets: Sequence[AuthorSet]) -> PairModel:
        names = tuple(one.name for one in sets)
        if names not in self._models:
            log.info("training on %s", ", ".join(names))
            for one in sets:
                if one.name not in self._pairs:
                    self._pairs[one.name] = labelled_mention_pairs(one.labelled)
            self._models[names] = fit_background([self._pairs[name] for name in names])
        return self._models[names]

    def _cluster(
        self, one: AuthorSet, model: PairModel, folder: Path
    ) -> tuple[Usage, pd.Series[str] | None]:
        """Run it as a process; None where it took too long."""
        path, output = folder / "model.json", folder / "clusters.csv"
        path.write_text(model.to_json(), encoding="utf-8")
        command = [sys.executable, "-m", "linkage.benchmarks.authors.process"]
        usage = measure([*command, str(one.folder), str(path), str(output)], self.limit)
        if usage.timed_out:
            return usage, None
        if usage.exit_code:
            raise LinkageError(f"{one.name}: {usage.complaint}")
        found = pd.read_csv(output, dtype=str, keep_default_na=False)
        return usage, found.set_index("mention_id")["author_id"]


def _floor_rows(one: AuthorSet) -> list[dict[str, Any]]:
    if one.labelled.pairs is not None:
        return []
    return [
        _row(one, name, "floor") | scored
        for name, found in floors(one).items()
        for scored in _score_run(one, found)
    ]


def _score_run(one: AuthorSet, found: pd.Series[str]) -> list[dict[str, Any]]:
    """Scores over everything labelled and, where there are some, ambiguous blocks, common names."""
    if one.labelled.pairs is not None:
        return [{"scope": "pairs"} | pair_scores(found, one.labelled.pairs)]
    scopes = {"whole": one.people, "ambiguous blocks": one.ambiguous, "common names": one.common}
    return [
        {"scope": scope} | cluster_scores(found, people, one.block)
        for scope, people in scopes.items()
        if len(people)
    ]


def _row(one: AuthorSet, system: str, protocol: str) -> dict[str, Any]:
    """One run before it is scored."""
    return {
        "set": one.name,
        "system": system,
        "protocol": protocol,
        "scope": "pairs" if one.labelled.pairs is not None else "whole",
        "trained_on": [],
        "failure": None,  # or why there are no scores
        "threshold": None,
        "cost": None,
        "scores": None,
        "intervals": None,
    }


def _averages(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Means over the sets, per system, protocol and scope."""
    done = [run for run in runs if run["scores"]]
    groups = list(dict.fromkeys((r["system"], r["protocol"], r["scope"]) for r in done))
    rows = []
    for system, protocol, scope in groups:
        own = [
            r["scores"]
            for r in done
            if (r["system"], r["protocol"], r["scope"]) == (system, protocol, scope)
        ]
        means = {
            name: float(np.mean([scores[name] for scores in own]))
            for name in own[0]
            if all(scores[name] is not None for scores in own)
        }
        head = {"system": system, "protocol": protocol, "scope": scope}
        rows.append(head | {"n_sets": len(own), "scores": means})
    return rows


def _log_runs(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for run in runs:
        result = run["failure"] or ", ".join(
            f"{label} {run['scores'][name]:.4f}"
            for label, name in (("B-cubed F1", "b_cubed_f1"), ("pairwise F1", "pairwise_f1"))
            if run["scores"][name] is not None
        )
        log.info("%s, %s, %s, %s: %s", *(run[k] for k in _HEAD), result)
    return runs


_HEAD = ("set", "protocol", "system", "scope")


def _describe(one: AuthorSet) -> dict[str, Any]:
    pairs = one.labelled.pairs
    return {
        "name": one.name,
        "records": len(one.records),
        "mentions": len(one.table),
        "labelled": len(one.people) if pairs is None else len(pairs),
        "labels": "people" if pairs is None else "pairs",
        "people": int(one.people.nunique()),
        "blocks": int(one.block.nunique()),
        "ambiguous_mentions": len(one.ambiguous),
    }
