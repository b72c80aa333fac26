"""Why an evaluated result is wrong where it is wrong, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.errors import InputError
from linkage.evaluation.curves import pair_labels
from linkage.evaluation.scoring import Evaluation
from linkage.papers.links import PaperLinks
from linkage.papers.vetoes import veto_words
from linkage.papers.words import in_words, score_step, unpaired_words, veto_step
from linkage.records.schema import Conformed
from linkage.tables.truth import SIDES, ids_of, read_gold

Pair = frozenset[str]  # of two ids


@dataclass(frozen=True)
class Evidence:
    """What an evaluation may show beside ids; None: not at hand.

    `records` are those that were linked. `pairs` is every compared pair, as in `PaperLinks.pairs`:
    left_id, right_id, probability and perhaps veto and rules. `threshold` is the one that was used.

    Examples
    --------
    >>> links = linkage.PaperLinker().link(records)
    >>> evidence = linkage.Evidence(links.records, links.pairs, links.threshold)
    >>> len(evidence.records)
    4
    """

    records: Conformed | None = None
    pairs: pd.DataFrame | None = None
    threshold: float | None = None


class LostAt(NamedTuple):
    """At one step of linking: how many pairs were missed, and how many wrongly put together."""

    step: str
    meaning: str  # "": the step says it
    missed: int
    merged: int


class Score(NamedTuple):
    """What the model said of a pair, and the veto that held whatever it said ("": none)."""

    probability: float
    veto: str


def check_pairs(pairs: pd.DataFrame, ids: pd.Index[str], what: str) -> None:
    """Raise `InputError`, calling the table `what`, unless `pairs` may be `Evidence` of `ids`.

    That is: two of the ids and a probability each, and no pair twice.
    """
    both = ids_of(pairs, what)
    if "probability" not in pairs:
        columns = ", ".join(map(str, pairs.columns))
        raise InputError(f"{what}: found the columns {columns}, expected probability, too")
    number = pd.to_numeric(pairs["probability"], errors="coerce")
    strange = ~number.between(0, 1)
    if strange.any():
        found = pairs["probability"][strange].tolist()[0]
        raise InputError(f"{what}: found the probability {found!r}, expected one from 0 to 1")
    unknown = pd.concat([both[side][~both[side].isin(ids)] for side in SIDES])
    if len(unknown):
        found = f"found the id {unknown.iloc[0]!r}"
        raise InputError(f"{what}: {found}, expected ids of the result only")
    twice = pd.DataFrame(np.sort(both.to_numpy(dtype=str), axis=1)).duplicated()
    if twice.any():
        left, right = both[twice.to_numpy()].iloc[0]
        raise InputError(f"{what}: found the pair {left!r}, {right!r} twice, expected once")


def pair_scores(pairs: pd.DataFrame, wanted: set[Pair]) -> dict[Pair, Score]:
    """Scores of the wanted pairs, as far as they were compared."""
    vetoes = pairs["veto"].fillna("") if "veto" in pairs else [""] * len(pairs)
    keys = map(frozenset, zip(pairs["left_id"], pairs["right_id"], strict=True))
    scored = zip(keys, pairs["probability"], vetoes, strict=True)
    return {pair: Score(float(p), str(veto)) for pair, p, veto in scored if pair in wanted}


def error_words(
    wrong: pd.DataFrame, scores: Mapping[Pair, Score] | None, evidence: Evidence
) -> dict[Pair, str]:
    """For each pair in `wrong` (left_id, right_id, kind) what decided, and how the two compare.

    `scores` None: nothing is known of what was compared.
    """
    shown = _rows_of_wrong(wrong, evidence)
    words = {}
    for left, right, kind in zip(wrong["left_id"], wrong["right_id"], wrong["kind"], strict=True):
        pair = frozenset((left, right))
        told = [] if scores is None else [_step(scores.get(pair), kind, evidence.threshold)]
        if left in shown and right in shown:
            compared = in_words(shown[left], shown[right])
            told.append(f"{compared[0].upper()}{compared[1:]}.")
        words[pair] = " ".join(told)
    return words


def lost_at(
    clusters: pd.Series[str],
    truth: pd.Series[str] | pd.DataFrame,
    scores: Evaluation,
    pairs: pd.DataFrame,
    threshold: float,
) -> list[LostAt]:
    """Every pair that came out wrong, counted at the step that settled it.

    `scores` is `evaluate(clusters, truth)`; `pairs` and `threshold` as in `Evidence`.
    """
    same = pair_labels(pairs, read_gold(truth))
    left, right = (pairs[side].map(clusters) for side in SIDES)
    missed, merged = same.eq(True) & (left != right), same.eq(False) & (left == right)
    veto = pairs["veto"].fillna("") if "veto" in pairs else pd.Series("", index=pairs.index)
    over = pairs["probability"] >= threshold
    steps = {veto_words(v): veto == v for v in sorted(set(veto[missed | merged]) - {""})}
    steps[f"scored under the threshold {threshold:g}"] = (veto == "") & ~over
    steps[f"scored at or over the threshold {threshold:g}"] = (veto == "") & over
    unseen = (
        scores.n_gold_pairs - scores.n_true_pairs - int(missed.sum()),
        scores.n_predicted_pairs - scores.n_true_pairs - int(merged.sum()),
    )
    counted = [(int((missed & here).sum()), int((merged & here).sum())) for here in steps.values()]
    return [
        LostAt("never compared", "No blocking rule paired the two.", *unseen),
        *(
            LostAt(*_step_and_meaning(step), *counts)
            for step, counts in zip(steps, counted, strict=True)
        ),
    ]


def _step_and_meaning(step: str) -> tuple[str, str]:
    """A step and its meaning: `different part`, `The titles name ...`."""
    name, _, meaning = step.partition(". ")
    return (f"kept apart by the rule “{name}”", meaning) if meaning else (name, "")


def _rows_of_wrong(wrong: pd.DataFrame, evidence: Evidence) -> dict[Any, dict[Any, Any]]:
    if evidence.records is None:
        return {}
    records = evidence.records
    needed = records["record_id"].isin(pd.concat([wrong["left_id"], wrong["right_id"]]))
    return records[needed].set_index("record_id").to_dict("index")


def _step(score: Score | None, kind: str, threshold: float | None) -> str:
    """At which step the two were put together or parted."""
    merged = kind == "false merge"
    if score is None:
        return unpaired_words(merged)
    if score.veto:
        return veto_step(score.veto, merged)
    if threshold is None:
        return f"Probability {score.probability:.3f}."
    return f"{score_step(score.probability, threshold, merged)}."


def why_apart(links: PaperLinks, wrong: pd.DataFrame) -> dict[Pair, str]:
    """For each pair in `wrong` the step at which linking put it together or kept it apart.

    Where the links kept their records, also what the two agree and differ in.
    """
    evidence = Evidence(links.records, links.pairs, links.threshold)
    return error_words(wrong, pair_scores(links.pairs, pairs_of(wrong)), evidence)


def pairs_of(table: pd.DataFrame) -> set[Pair]:
    """The pairs of a table with left_id and right_id."""
    return set(map(frozenset, zip(*(table[side] for side in SIDES), strict=True)))
