"""The review list: pairs that deserve a person's look, and what speaks for and against each."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from linkage.linking.calls import Calls, calls_of
from linkage.linking.clustering import components
from linkage.papers.links import PaperLinks
from linkage.papers.words import FIELDS, in_words, rule_reason

REVIEW_COLUMNS = (
    "left_id",
    "right_id",
    "same",
    "probability",
    "decision",
    "reason",
    "left_title",
    "right_title",
    "count",
)


def review_list(links: PaperLinks) -> pd.DataFrame:
    """Pairs whose probability lies within the model's review band, the closest calls first.

    One row a question: of two papers that were kept apart one pair, and within a paper one pair of
    two sets of records that are surely copies; `count` says how many pairs ask the same. Columns:
    left_id, right_id, same (empty: for the answer, 1 or 0, with which the table is one of
    constraints), probability, decision ("same" or "different", as clustered), reason (in words,
    a rule that keeps the two papers apart first), left_title, right_title, count. Raises
    `InputError` where the links kept no records.

    Examples
    --------
    >>> links = linkage.PaperLinker().link(records)
    >>> linkage.review_papers(links).columns.tolist()[:5]
    ['left_id', 'right_id', 'same', 'probability', 'decision']
    """
    records = links.kept_records()
    pairs = links.pairs[links.pairs["probability"].between(*links.band)]
    asked = records["record_id"].isin({*pairs["left_id"], *pairs["right_id"]})
    fields = records[asked].set_index("record_id")[list(FIELDS)]
    shown: dict[Any, dict[Any, Any]] = fields.to_dict("index")
    copies, rules = _sure_copies(links), _rules_between(links, pairs)
    rows: dict[Hashable, list[Any]] = {}
    for a, b, probability in _closest_first(pairs, links.threshold):
        apart = links.clusters[a] != links.clusters[b]
        question = frozenset((links.clusters if apart else copies)[[a, b]])
        if question in rows:
            rows[question][-1] += 1
            continue
        decision = "different" if apart else "same"
        titles = (shown[a]["title"] or "", shown[b]["title"] or "")
        rule = [rule_reason(rules[question])] if apart and question in rules else []
        reason = "; ".join([*rule, in_words(shown[a], shown[b])])
        rows[question] = [a, b, None, probability, decision, reason, *titles, 1]
    return pd.DataFrame(list(rows.values()), columns=list(REVIEW_COLUMNS))


def paper_joins(links: PaperLinks) -> Calls:
    """Every join that made the papers, and a sample of what was kept apart."""
    ids, (i, j) = _rows(links)
    cluster = pd.factorize(links.clusters[ids].to_numpy())[0]
    probability = links.pairs["probability"].to_numpy(dtype=np.float64)
    calls = calls_of(ids, i, j, probability, cluster.astype(np.int64), links.band[0])
    near = links.pairs[links.pairs["left_id"].isin(calls.apart["left_id"])]
    veto = dict(zip(zip(near["left_id"], near["right_id"], strict=True), near["veto"], strict=True))
    drawn = zip(calls.apart["left_id"], calls.apart["right_id"], strict=True)
    return replace(calls, apart=calls.apart.assign(rule=[veto[pair] for pair in drawn]))


def _rules_between(links: PaperLinks, pairs: pd.DataFrame) -> dict[Hashable, str]:
    """Two papers of `pairs` that a veto keeps apart -> its name, that of their likeliest pair."""
    sides = ["left_id", "right_id"]
    asked = pd.unique(pd.concat([pairs[side].map(links.clusters) for side in sides]))
    vetoed = links.pairs[links.pairs["veto"] != ""]
    left, right = (vetoed[side].map(links.clusters) for side in sides)
    vetoed = vetoed.assign(a=left, b=right)[left.isin(asked) & right.isin(asked) & (left != right)]
    vetoed = vetoed.sort_values(["probability", *sides], ascending=[False, True, True])
    rows = zip(vetoed["a"], vetoed["b"], vetoed["veto"], strict=True)
    found: dict[Hashable, str] = {}
    for a, b, veto in rows:
        found.setdefault(frozenset((a, b)), veto)
    return found


def _closest_first(pairs: pd.DataFrame, threshold: float) -> list[tuple[str, str, float]]:
    columns = (pairs[name].tolist() for name in ("left_id", "right_id", "probability"))
    rows = list(zip(*columns, strict=True))
    return sorted(rows, key=lambda row: (abs(row[2] - threshold), row[0], row[1]))


def _sure_copies(links: PaperLinks) -> pd.Series[int]:
    """Record -> number of the set of records to which pairs over the band join it."""
    ids, (i, j) = _rows(links)
    cluster = links.clusters[ids].to_numpy()
    probability = links.pairs["probability"].to_numpy()
    sure = (probability > links.band[1]) & (cluster[i] == cluster[j])
    return pd.Series(components(len(ids), i[sure], j[sure]), index=ids)


def _rows(links: PaperLinks) -> tuple[Any, list[Any]]:
    """The ids in plain order, and the rows among them of both sides of all pairs."""
    ids = pd.Index(sorted(links.clusters.index), dtype=object)
    sides = [ids.get_indexer(pd.Index(links.pairs[side])) for side in ("left_id", "right_id")]
    return ids.to_numpy(), [side.astype(np.int64) for side in sides]
