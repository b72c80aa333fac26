"""Which pairs were compared at all: what each blocking rule proposed, and what was never seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.evaluation.bootstrap import FloatArray, Sums, column_sums, intervals
from linkage.evaluation.curves import pair_labels, true_pairs
from linkage.evaluation.ranges import in_ranges
from linkage.tables.truth import SIDES, Gold, read_gold

_N_BOOTSTRAP = 1000
_Z2 = 1.959964**2  # of a 95 % interval
_RANGES = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, None))  # pairs of one record


class Blocking(NamedTuple):
    """What blocking did.

    `facts` are (label, value) lines. `rules` has a row a rule: rule, pairs, only_this_rule (pairs
    that no other found), so_far (pairs of this rule and those before it) and, where known,
    cut_by_cap (pairs left out because a block was too large) and unlike_titles (pairs left out
    because only this rule found them and their titles are unlike); with a gold standard also
    completeness (share of the true pairs, 0 to 1), low and high (its interval) and
    completeness_so_far. `per_record` says how many records have so many pairs.
    """

    facts: Sequence[tuple[str, str]]
    rules: pd.DataFrame
    per_record: Sequence[tuple[str, int]]


def blocking_section(
    pairs: pd.DataFrame,
    ids: pd.Index[Any],
    report: pd.DataFrame | None = None,
    truth: pd.Series[str] | pd.DataFrame | None = None,
) -> Blocking | None:
    """What blocking did to the records `ids`; `pairs` as `PaperLinks.pairs`.

    `report` is `PaperLinks.blocking`, which alone knows of the pairs left out. None where
    no pair says which rules found it.
    """
    if "rules" not in pairs:
        return None
    found = pairs["rules"].fillna("").astype(str)
    candidates, found = pairs[found != ""], found[found != ""]
    names = _rule_names(found) if report is None else report["rule"].tolist()
    if not names:
        return None
    by_rule = _membership(found, names)
    so_far = np.logical_or.accumulate(by_rule, axis=1)
    rules = pd.DataFrame({"rule": names, "pairs": by_rule.sum(axis=0)})
    rules["only_this_rule"] = by_rule[by_rule.sum(axis=1) == 1].sum(axis=0)
    rules["so_far"] = so_far.sum(axis=0)
    if report is not None:
        left_out = ["cut_by_cap", "unlike_titles"]
        rules[left_out] = report[left_out].to_numpy()
    facts = _facts(len(ids), len(candidates), len(pairs) - len(candidates))
    if truth is not None and (known := read_gold(truth)) and true_pairs(known):
        shares = _completeness(candidates, known, by_rule, so_far)
        facts.append(_found(shares.iloc[-1], known))
        rules = rules.join(shares.iloc[:-1])
    return Blocking(facts, rules, _per_record(candidates, ids))


def _facts(n: int, n_candidates: int, n_besides: int) -> list[tuple[str, str]]:
    possible = n * (n - 1) // 2
    facts = [("Pairs of records there are", f"{possible:,}")]
    if possible:
        share = f"{n_candidates:,}: {100 * n_candidates / possible:.3g} % of them"
        facts.append(("Pairs that the rules propose", f"{share}, {n_candidates / n:.1f} a record"))
    if n_besides:
        facts.append(("Compared besides, since others link the two", f"{n_besides:,}"))
    return facts


def _found(share: pd.Series[Any], known: Gold) -> tuple[str, str]:
    """How many of the true pairs any rule proposes.

    Where none is missed the bootstrap has no spread, and Wilson's interval over the true groups
    (k of k found: from k / (k + z²)) says how much may still go unseen.
    """
    n_true, n_groups = true_pairs(known), int((known.clusters.value_counts() > 1).sum())
    found = f"{round(share['completeness'] * n_true):,} of {n_true:,}"
    spread = f"95 % from {share['low']:.3f} to {share['high']:.3f}, bootstrap"
    if share["completeness"] == 1:
        least = n_groups / (n_groups + _Z2)
        spread = f"95 % from {least:.3f} to 1, Wilson's interval over {n_groups:,} true groups"
    elif np.isnan(share["low"]):
        spread = "too few for an interval"
    return "True pairs among the proposed ones", f"{found} ({spread})"


def _rule_names(found: pd.Series[str]) -> list[str]:
    """The rules that any pair names, those with most pairs first."""
    counts = found.str.split().explode().value_counts()
    return sorted(counts.index, key=lambda name: (-counts[name], name))


def _membership(pairs: pd.Series[str], names: Sequence[str]) -> NDArray[np.bool_]:
    """Which rule found which pair: bool (n pairs, n rules)."""
    codes, texts = pd.factorize(pairs)
    known = np.array([[name in text.split() for name in names] for text in texts], dtype=bool)
    found_by: NDArray[np.bool_] = known.reshape(len(texts), len(names))[codes]
    return found_by


def _completeness(
    candidates: pd.DataFrame,
    known: Gold,
    by_rule: NDArray[np.bool_],
    so_far: NDArray[np.bool_],
) -> pd.DataFrame:
    """Share of the true pairs that each rule proposes, with its interval; the last row is all.

    Gold entities are drawn with replacement, not pairs: those of one entity stand or fall together.
    """
    true = pair_labels(candidates, known).eq(True).to_numpy(dtype=bool)
    entity, names = pd.factorize(known.clusters)
    of_pair = entity[known.clusters.index.get_indexer(pd.Index(candidates["left_id"][true]))]
    found = np.column_stack([by_rule, so_far, np.ones(len(candidates), bool)])[true]
    counts = [np.bincount(of_pair, column, len(names)) for column in found.T]
    statistics = pd.DataFrame(dict(enumerate(counts))).rename(columns=str)
    statistics["gold"] = _gold_pairs(known, entity, len(names))

    value = [float(share[0]) for share in _shares(column_sums(statistics)).values()]
    spread = list(intervals(statistics, _shares, _N_BOOTSTRAP, seed=0).values())
    n = by_rule.shape[1]
    rows = [(value[k], *spread[k], value[n + k]) for k in range(n)]
    rows.append((value[-1], *spread[-1], value[-1]))
    return pd.DataFrame(rows, columns=["completeness", "low", "high", "completeness_so_far"])


def _shares(sums: Sums) -> dict[str, FloatArray]:
    """Each sum over that of the gold pairs, NaN where there are none."""
    whole = sums["gold"]
    return {
        name: np.divide(found, whole, out=np.full_like(whole, np.nan), where=whole > 0)
        for name, found in sums.items()
        if name != "gold"
    }


def _gold_pairs(known: Gold, entity: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Number of true pairs of each gold entity."""
    if known.pairs is None:
        size: NDArray[np.float64] = np.bincount(entity, minlength=n).astype(float)
        return size * (size - 1) / 2
    left = known.pairs["left_id"][known.pairs["same"]]
    rows = known.clusters.index.get_indexer(pd.Index(left))
    count: NDArray[np.float64] = np.bincount(entity[rows], minlength=n).astype(float)
    return count


def _per_record(candidates: pd.DataFrame, ids: pd.Index[Any]) -> list[tuple[str, int]]:
    """How many records are in so many proposed pairs."""
    count = pd.concat([candidates[side] for side in SIDES]).value_counts()
    count = count.reindex(ids, fill_value=0)
    return [(label, int(inside.sum())) for label, inside in in_ranges(count, _RANGES).items()]
