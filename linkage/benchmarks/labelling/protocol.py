"""The labelling benchmark: what a few labels are worth, chosen by `linkage label` or at random.

`benchmark_labelling` is the protocol, `linkage.benchmarks.labelling.tables` makes its tables.
"""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from linkage.benchmarks.papers.scores import given_pair_scores
from linkage.benchmarks.papers.sets import PaperSet, find_sets, training_sets
from linkage.errors import InputError
from linkage.evaluation.scoring import evaluate
from linkage.labelling.choice import adapt_papers, choose_pairs, pair_features
from linkage.models.pair_model import PairModel
from linkage.papers.linker import PaperLinker
from linkage.papers.training.fit import TrainingPairs, fit_papers, training_pairs
from linkage.papers.training.labelled import LabelledPapers
from linkage.records.schema import Conformed
from linkage.tables.truth import SIDES

log = logging.getLogger(__name__)

SETS = ("bibdedupe_stroke", "dblp_acm")
N_LABELS, N_SEEDS = 30, 10
ALL, OTHER_HALF, VALIDATION = "all records", "other half", "validation pairs"
CHOSEN, RANDOM, RANDOM_FREE = "chosen", "random", "random without veto"
ADAPTED, ALONE = "adapted", "labels alone"
_LIBRARIES = ("biblinkage", "numpy", "pandas", "scikit-learn", "scipy", "rapidfuzz")


class Task(NamedTuple):
    """Records and candidate pairs to label some of, and how a model is scored.

    `pairs`: left_id, right_id, veto, same (the answer), in order of ids.
    """

    protocol: str
    records: Conformed
    pairs: pd.DataFrame
    score: Callable[[PairModel], float]


def benchmark_labelling(
    folder: Path, names: Sequence[str] = (), work: Sequence[str] = (), n_seeds: int = N_SEEDS
) -> dict[str, Any]:
    """Score models that learned from `N_LABELS` labels, `n_seeds` times; ready for JSON.

    For each set a model is trained on other sets that share no record with it (as in
    `benchmark_papers`; `work` names sets at the level of works). Pairs are then labelled from the
    set's gold: those that `linkage label` asks about with that model ("chosen"), as many at random
    among the candidate pairs of blocking ("random"), or among those that no veto forbids. From
    the labels come two models: the first one "adapted", and one of the "labels alone".
    Scores are pairwise F1 of the decisions; labels are learned from, but bind nothing.

    - "all records": labels from all pairs of a clustered set, which is then linked as a whole: the
      labelled pairs count, too. The choice depends on the seed in ties only.
    - "other half": each seed halves the papers; labels come from one half, the other is scored.
    - "validation pairs": of a set with a split, labels from the training pairs.

    `names` are the sets (default: `SETS`). Raises `InputError` where one is not there.
    """
    sets = find_sets(folder, work)
    names = names or SETS
    known = {one.name: one for one in sets}
    if unknown := [name for name in names if name not in known]:
        listed = ", ".join(sorted(known))
        raise InputError(
            f"{folder}: found no labelled set {unknown[0]!r}, expected one of {listed}"
        )
    features: dict[str, TrainingPairs] = {}
    runs, described = [], []
    for name in names:
        others = training_sets(known[name], sets)
        runs += _runs(known[name], _model(others, known[name].level, features), n_seeds)
        trained_on = [other.name for other in others]
        n_records = len(known[name].labelled.records)
        described.append({"name": name, "records": n_records, "trained_on": trained_on})
    return {
        "benchmark": "labelling",
        "settings": {"labels": N_LABELS, "seeds": n_seeds},
        "machine": {"processors": os.cpu_count(), "system": platform.system()},
        "versions": {"python": platform.python_version()} | {n: version(n) for n in _LIBRARIES},
        "sets": described,
        "runs": runs,
    }


def _model(others: Sequence[PaperSet], level: str, features: dict[str, TrainingPairs]) -> PairModel:
    """The model of the other sets; `features` keeps what was compared for the next one."""
    if not others:
        raise InputError("found no other set of this level to train on, expected at least one")
    for one in others:
        if one.name not in features:
            features[one.name] = training_pairs(one.labelled)
    return fit_papers([features[one.name] for one in others], level)


def _runs(one: PaperSet, start: PairModel, n_seeds: int) -> list[dict[str, Any]]:
    """One row for each protocol, model and choice of labels, with a score for each seed."""
    fixed = _validation(one, start) if one.has_split else _whole(one, start)
    scores: dict[tuple[str, str, str], list[float | None]] = {}
    for seed in range(n_seeds):
        tasks = [fixed] if one.has_split else [fixed, _split_in_halves(one, start, seed)]
        for task in tasks:
            scores.setdefault((task.protocol, "start", ""), []).append(task.score(start))
            for choice, labels in choices(task, start, seed).items():
                for kind, model in _train_both(one, start, task, labels).items():
                    found = None if model is None else task.score(model)
                    scores.setdefault((task.protocol, kind, choice), []).append(found)
        log.info("%s: seed %d of %d", one.name, seed + 1, n_seeds)
    return [
        {"set": one.name, "protocol": protocol, "model": model, "choice": choice, "scores": found}
        | {"mean": _interval(found), "gain": _gain(scores, protocol, model, choice)}
        for (protocol, model, choice), found in sorted(scores.items())
    ]


def choices(task: Task, start: PairModel, seed: int) -> dict[str, pd.DataFrame]:
    """The pairs labelled by each way of choosing: left_id, right_id, same."""
    free = task.pairs[task.pairs["veto"] == ""]
    asked = choose_pairs(start, pair_features(task.records, free, start), N_LABELS, seed)
    rng = np.random.default_rng(seed)
    drawn = {CHOSEN: free.iloc[asked]}
    for name, among in ((RANDOM, task.pairs), (RANDOM_FREE, free)):
        drawn[name] = among.iloc[rng.choice(len(among), min(N_LABELS, len(among)), replace=False)]
    return {name: pairs[[*SIDES, "same"]] for name, pairs in drawn.items()}


def _train_both(
    one: PaperSet, start: PairModel, task: Task, labels: pd.DataFrame
) -> dict[str, PairModel | None]:
    """Both models of the labels; None where labels of one kind alone teach nothing."""
    labels = labels.sort_values(list(SIDES), ignore_index=True)
    alone = LabelledPapers(one.name, task.records, pairs=labels.assign(label=labels["same"] * 1))
    both = labels["same"].nunique() == 2
    return {
        ADAPTED: adapt_papers(start, task.records, labels),
        ALONE: fit_papers([training_pairs(alone)], one.level) if both else None,
    }


def _whole(one: PaperSet, start: PairModel) -> Task:
    records = one.labelled.records
    return Task(ALL, records, _candidates(one, records, start), _linked_f1(one, records))


def _split_in_halves(one: PaperSet, start: PairModel, seed: int) -> Task:
    """Label in one half of the papers, score on the other."""
    records = one.labelled.records
    paper = one.gold.loc[records["record_id"]].astype(str).to_numpy()
    names = np.unique(paper)
    labelled = np.random.default_rng(seed).permutation(names)[: len(names) // 2]
    inside = np.isin(paper, labelled)
    mine, others = records[inside], records[~inside]
    return Task(OTHER_HALF, mine, _candidates(one, mine, start), _linked_f1(one, others))


def _validation(one: PaperSet, start: PairModel) -> Task:
    records, given = one.labelled.records, one.labelled.pairs
    compared = PaperLinker(start, one.level).compare(records, given)  # type: ignore[arg-type]
    pairs = compared.assign(same=compared["label"].astype(int) == 1)

    def score(model: PairModel) -> float:
        found = PaperLinker(model, one.level).compare(records, one.gold)  # type: ignore[arg-type]
        scores = given_pair_scores(found, found["probability"], model.threshold)["scores"]
        return float(scores["pairwise_f1"])

    return Task(VALIDATION, records, pairs.sort_values(list(SIDES), ignore_index=True), score)


def _candidates(one: PaperSet, records: Conformed, start: PairModel) -> pd.DataFrame:
    """What blocking proposed, with the answers."""
    pairs = PaperLinker(start, one.level).link(records).pairs
    pairs = pairs[pairs["rules"] != ""]
    left, right = (one.gold.loc[pairs[side]].to_numpy() for side in SIDES)
    return pairs.assign(same=left == right).sort_values(list(SIDES), ignore_index=True)


def _linked_f1(one: PaperSet, records: Conformed) -> Callable[[PairModel], float]:
    gold = one.gold.loc[records["record_id"]]
    known: dict[str, float] = {}  # most seeds choose the same pairs

    def score(model: PairModel) -> float:
        text = model.to_json()
        if text not in known:
            clusters = PaperLinker(model, one.level).link(records).clusters
            known[text] = evaluate(clusters, gold, n_bootstrap=0).pairwise_f1
        return known[text]

    return score


def _gain(
    scores: dict[tuple[str, str, str], list[float | None]], protocol: str, model: str, choice: str
) -> dict[str, Any] | None:
    """By how much the chosen pairs did better than these, seed by seed."""
    if choice in ("", CHOSEN):
        return None
    both = zip(scores[protocol, model, CHOSEN], scores[protocol, model, choice], strict=True)
    return _interval([a - b if a is not None and b is not None else None for a, b in both])


def _interval(values: Sequence[float | None]) -> dict[str, Any]:
    """Mean and 95 % t interval, cut at 1, over the `n` seeds that gave a model; None: undefined."""
    known: NDArray[np.float64] = np.array([v for v in values if v is not None])
    n = len(known)
    mean = float(known.mean()) if n else None
    if n < 2:
        return {"value": mean, "low": None, "high": None, "n": n}
    reach = float(student.ppf(0.975, n - 1) * known.std(ddof=1) / np.sqrt(n))
    value = float(known.mean())
    return {"value": value, "low": value - reach, "high": min(value + reach, 1.0), "n": n}
