"""Scores of who-is-who results, ready for JSON; and the floors that any method must beat."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from linkage.authors.mentions import author_key
from linkage.benchmarks.authors.sets import AuthorSet
from linkage.evaluation.scoring import Evaluation, evaluate
from linkage.linking.clustering import components

MEASURES = (
    "b_cubed_precision",
    "b_cubed_recall",
    "b_cubed_f1",
    "pairwise_precision",
    "pairwise_recall",
    "pairwise_f1",
)
MACRO = ("macro_f1", "macro_f1_of_means")
_BOOTSTRAPS, _SEED = 1000, 0


def cluster_scores(
    found: pd.Series[str], people: pd.Series[str], block: pd.Series[str]
) -> dict[str, Any]:
    """Scores and 95 % intervals of `found` (mention id -> cluster) for the mentions of `people`.

    Beside B-cubed and pairwise measures there are two per-name figures, both over the blocks
    with two or more labelled mentions: `macro_f1` is the mean of the blocks' pairwise F1,
    `macro_f1_of_means` the F1 of the blocks' mean pairwise precision and mean pairwise recall.
    """
    whole = evaluate(found, people, n_bootstrap=_BOOTSTRAPS, seed=_SEED)
    plain = _plain(whole)
    return plain | {"scores": plain["scores"] | _macro(found, people, block)}


def pair_scores(found: pd.Series[str], pairs: pd.DataFrame) -> dict[str, Any]:
    """Scores of labelled pairs (left, right, same): those in one cluster of `found` are joined.

    A mention that is not in `found` is alone.
    """
    gold = pairs.rename(columns={"left": "left_id", "right": "right_id"})
    ids = pd.Index(pd.unique(pd.concat([gold["left_id"], gold["right_id"]])))
    alone = pd.Series(ids, index=ids)
    clusters = found.reindex(ids).astype(object).where(lambda c: c.notna(), "alone " + alone)
    return _plain(evaluate(clusters, gold, n_bootstrap=_BOOTSTRAPS, seed=_SEED))


def floors(one: AuthorSet) -> dict[str, pd.Series[str]]:
    """Three clusterings (mention id -> cluster) of the labelled mentions that need no model.

    "one person a block"; "same printed name" in a block, folded; "shared co-author": the mentions
    of a block that a chain of equal co-author names joins.
    """
    key = one.table.set_index("mention_id")["key"].reindex(one.people.index)
    return {
        "one person a block": one.block.astype(str),
        "same printed name": one.block.astype(str) + "|" + key,
        "shared co-author": _by_coauthors(one, key),
    }


def _by_coauthors(one: AuthorSet, key: pd.Series[str]) -> pd.Series[str]:
    authors = dict(zip(one.records["record_id"], one.records["authors"], strict=True))
    record = one.table.set_index("mention_id")["record_id"].reindex(one.people.index)
    keys = {r: sorted({author_key(a) for a in authors[r] or ()}) for r in record.unique()}
    rows, tokens = [], []
    for row, (own, block, paper) in enumerate(zip(key, one.block, record, strict=True)):
        others = [(block, other) for other in keys[paper] if other != own]
        rows += [row] * len(others)
        tokens += others
    n = len(key)
    codes = pd.factorize(pd.Series(tokens, dtype=object))[0].astype(np.int64)
    total = n + (int(codes.max()) + 1 if len(codes) else 0)
    found = components(total, np.array(rows, dtype=np.int64), n + codes)[:n]
    return pd.Series(found.astype(str), index=key.index)


def _macro(
    found: pd.Series[str], people: pd.Series[str], block: pd.Series[str]
) -> Mapping[str, float | None]:
    groups = people.groupby(block.reindex(people.index), sort=True)
    each = [evaluate(found, group, n_bootstrap=0) for _, group in groups if len(group) > 1]
    if not each:
        return dict.fromkeys(MACRO)
    f1 = math.fsum(one.pairwise_f1 for one in each) / len(each)
    means = [
        np.nanmean([getattr(one, name) for one in each])
        for name in ("pairwise_precision", "pairwise_recall")
    ]
    of_means = 2 * means[0] * means[1] / sum(means) if sum(means) else 0.0
    return {"macro_f1": f1, "macro_f1_of_means": float(of_means)}


def _plain(found: Evaluation) -> dict[str, Any]:
    known = found.to_dict()
    return {
        "scores": {name: known[name] for name in MEASURES},
        "intervals": {name: known["intervals"].get(name, [None, None]) for name in MEASURES},
    }
