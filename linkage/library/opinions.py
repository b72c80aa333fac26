"""What the model says: of judged pairs, and of those that somebody should judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from linkage.library.judgements import DIFFERENT, SAME, Judgement, Standing
from linkage.library.kinds import Kind
from linkage.library.store import Store
from linkage.linking.constraints import settled_by

_SURE = 0.9  # a probability above speaks strongly for "same", one as near to 0 against
_MOST = 1000  # questions of a kind; nobody answers more


def save_opinions(store: Store, known: Standing, pairs: pd.DataFrame, run: int) -> None:
    """Keep what the model says of judged pairs (left_id, right_id, probability: all compared).

    And what is wrong with judgements: contradictions, and strong disagreement of the model. A pair
    that was not compared has no opinion.
    """
    judged = known.in_force
    probability = _probabilities(judged, pairs)
    found = {
        one.judgement_id: probability[pair]
        for one in judged
        if (pair := frozenset((one.left_id, one.right_id))) in probability
    }
    disagree = {one.judgement_id: str(one) for one in judged if _disagrees(one, found)}
    rows = [(one, run, p, int(one in disagree)) for one, p in found.items()]
    last = dict(store.rows("SELECT judgement_id, disagrees FROM opinions ORDER BY run"))
    changed = [row for row in rows if last.get(row[0]) != row[3]]
    store.change("INSERT INTO opinions VALUES (?, ?, ?, ?)", changed)
    store.change(
        "UPDATE judgements SET probability = ? WHERE judgement_id = ? AND run = ?",
        ((p, one, run) for one, _, p, _ in rows),
    )
    against = [
        ("disagreement", one, f"{told}: the model says {found[one]:.2f}")
        for one, told in disagree.items()
    ]
    clash = [("contradiction", c.left_out.judgement_id, str(c)) for c in known.contradictions]
    store.change("INSERT INTO warnings VALUES (?, ?, ?)", [*clash, *against])


def _disagrees(judgement: Judgement, probability: dict[str, float]) -> bool:
    p = probability.get(judgement.judgement_id)
    if p is None:
        return False
    told = {SAME: p < 1 - _SURE, DIFFERENT: p > _SURE}
    return told.get(judgement.verdict, False)


def _probabilities(judged: Iterable[Judgement], pairs: pd.DataFrame) -> dict[frozenset[str], float]:
    asked = {frozenset((one.left_id, one.right_id)) for one in judged}
    ids = set().union(*asked)
    some = pairs[pairs["left_id"].isin(ids) & pairs["right_id"].isin(ids)]
    rows = zip(some["left_id"], some["right_id"], some["probability"], strict=True)
    found = {frozenset((a, b)): float(p) for a, b, p in rows}
    return {pair: found[pair] for pair in asked & found.keys()}


def save_questions(store: Store, kind: Kind, calls: pd.DataFrame, known: Standing) -> None:
    """Keep the close calls that no judgement answers, also by way of others, the closest first."""
    answered = answered_by(known)
    columns = ["left_id", "right_id", "probability", "decision", "reason"]
    open_ones = [
        (kind.name, *row)
        for row in calls[columns].itertuples(index=False, name=None)
        if not answered(row[0], row[1])
    ]
    store.change("INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?)", open_ones[:_MOST])


def answered_by(known: Standing) -> Callable[[str, str], bool]:
    """Tells of a pair whether judgements settle it; "can't say" settles it, too."""
    same = known.constraints[known.constraints["same"] == 1]
    return settled_by(
        ((row.left_id, row.right_id) for row in known.in_force),
        zip(same["left_id"], same["right_id"], strict=True),
    )
