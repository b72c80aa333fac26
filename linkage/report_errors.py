"""Why an evaluated result is wrong where it is wrong, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from linkage.review import in_words
from linkage.schema import conform
from linkage.vetoes import veto_words

Pair = frozenset[str]  # of two ids


@dataclass(frozen=True)
class Evidence:
    """What an evaluation may show beside ids; None: not at hand.

    `records` are those that were linked. `pairs` is every compared pair, as in `PaperLinks.pairs`:
    left_id, right_id, probability and perhaps veto. `threshold` is the one that was used.
    """

    records: pd.DataFrame | None = None
    pairs: pd.DataFrame | None = None
    threshold: float | None = None


class Score(NamedTuple):
    """What the model said of a pair, and the veto that held whatever it said ("": none)."""

    probability: float
    veto: str


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
    shown = _shown(wrong, evidence)
    words = {}
    for left, right, kind in zip(wrong["left_id"], wrong["right_id"], wrong["kind"], strict=True):
        pair = frozenset((left, right))
        told = [] if scores is None else [_step(scores.get(pair), kind, evidence.threshold)]
        if left in shown and right in shown:
            compared = in_words(shown[left], shown[right])
            told.append(f"{compared[0].upper()}{compared[1:]}.")
        words[pair] = " ".join(told)
    return words


def _shown(wrong: pd.DataFrame, evidence: Evidence) -> dict[Any, dict[Any, Any]]:
    if evidence.records is None:
        return {}
    records = conform(evidence.records)
    needed = records["record_id"].isin(pd.concat([wrong["left_id"], wrong["right_id"]]))
    return records[needed].set_index("record_id").to_dict("index")


def _step(score: Score | None, kind: str, threshold: float | None) -> str:
    """At which step the two were put together or parted."""
    merged = kind == "false merge"
    if score is None:
        start = "No blocking rule paired the two, so they were never compared"
        return f"{start}; they are one through others." if merged else f"{start}."
    if score.veto:
        through = " They are one through others." if merged else ""
        return f"Kept apart by the rule {veto_words(score.veto)}{through}"
    if threshold is None:
        return f"Probability {score.probability:.3f}."
    over = score.probability >= threshold
    side = "at or over" if over else "under"
    ends = {True: "; they are one through others", False: ", but their groups were kept apart"}
    end = "" if over == merged else ends[merged]
    return f"Probability {score.probability:.3f}, {side} the threshold {threshold:g}{end}."
