"""Pairs drawn for a person to label: stratified, with known probabilities."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.errors import InputError
from linkage.linking.clustering import Indices, inner_pairs
from linkage.tables.truth import SIDES, check_clustering, ids_of

SAME, DIFFERENT = "same", "different"
DESIGN_COLUMNS = ("decision", "stratum", "stratum_size", "weight")

_BOUNDS = (0.01, 0.1, 0.5, 0.9, 0.99)  # of the probability, between strata
_LEAST = 10  # pairs a stratum, so that its rate is not a matter of one label
_UNSURE = 0.01  # the share of errors that even the surest stratum is expected to hold
_FIELDS = "name title authors year venue volume number pages doi type".split()


def sample_pairs(
    clusters: pd.Series[str], pairs: pd.DataFrame | None = None, n: int = 200, seed: int = 0
) -> pd.DataFrame:
    """Draw up to `n` pairs for labelling, stratified by decision and probability.

    `clusters`: Series record_id -> cluster_id. `pairs`: what was compared (left_id, right_id,
    probability and, if known, veto). The population is every pair that shares a cluster and every
    pair of `pairs`; without `pairs` only the former, and recall can't be estimated.

    Half of the pairs are drawn among those decided "same" (for precision), half among those
    decided "different" (for recall). Inside each half the strata are bands of the probability,
    the vetoed pairs, and pairs never scored. A stratum's share is the optimum allocation for its
    size and expected spread (Neyman 1934, doi:10.2307/2342192), in whole numbers by the method of
    equal proportions (Wright 2012, doi:10.1080/00031305.2012.733679), with at least 10 pairs where
    there are so many. Within a stratum every pair is as likely as any other.

    Returns left_id, right_id, decision, stratum, stratum_size (pairs in the population) and weight
    (how many pairs this one stands for, 1 / its probability of being drawn), in random order so
    that the order tells nothing. The same input and seed give the same sample in any row order.
    Raises `InputError` for pairs that can't be used, or fewer pairs asked for than strata.
    """
    return draw(pair_population(clusters, pairs), n, seed)


def draw(population: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """The stratified sample of `sample_pairs` from what `pair_population` returns."""
    strata = population.groupby("stratum", sort=True)
    sizes = strata.size()
    taken = _allocate(sizes, strata["probability"].mean(), n)
    rng = np.random.default_rng(seed)
    rows = [
        rng.choice(strata.indices[name], size=taken[name], replace=False) for name in sizes.index
    ]
    drawn = population.iloc[rng.permutation(np.concatenate(rows))].reset_index(drop=True)
    size = drawn["stratum"].map(sizes)
    drawn = drawn.assign(stratum_size=size, weight=size / drawn["stratum"].map(taken))
    return drawn[[*SIDES, *DESIGN_COLUMNS]]


def sheet_of_pairs(sample: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """A sample as a sheet to label: ids, an empty column `same`, both records' fields, the design.

    A field that no drawn record has is left out. `records` are conformed; of author mentions, what
    `as_mentions` gives. Raises `InputError` where they lack one of the sample.
    """
    rows = pd.Index(records["record_id"])
    for side in SIDES:
        unknown = sample[side][~sample[side].isin(rows)]
        if len(unknown):
            raise InputError(
                f"found the {side} {unknown.iloc[0]!r}, expected the id of a record in the input"
            )
    sheet = sample[list(SIDES)].assign(same=None)
    for field in [name for name in _FIELDS if name in records]:
        cells = np.array([_text(value) for value in records[field].tolist()], dtype=object)
        both = {side: cells[rows.get_indexer(pd.Index(sample[side]))] for side in SIDES}
        if any(any(shown) for shown in both.values()):
            names = {f"{side.removesuffix('_id')}_{field}": both[side] for side in SIDES}
            sheet = sheet.assign(**names)
    return sheet.assign(**{name: sample[name] for name in DESIGN_COLUMNS})


def _text(value: Any) -> str | None:
    """A value as a person reads it; of authors the names as printed."""
    if isinstance(value, list):
        return "; ".join(str(author["name"]) for author in value) or None
    return None if value is None or pd.isna(value) else str(value)


def pair_population(clusters: pd.Series[str], pairs: pd.DataFrame | None) -> pd.DataFrame:
    """Every pair of `sample_pairs` once: left_id, right_id, probability, decision, stratum.

    The smaller id (as text) is on the left, and the pairs are sorted. The probability is 0.5 where
    a pair was never scored.
    """
    check_clustering(clusters, "the prediction")
    names = np.array(sorted(clusters.index, key=str), dtype=object)
    label = pd.factorize(clusters.loc[names])[0]
    if (label < 0).any():
        raise InputError(f"found no cluster for {names[label < 0][0]!r}, expected one")
    scored = _coded_pairs(pd.Index(names), pairs)
    inner = pd.DataFrame({"code": inner_pairs(label)})
    table = inner.merge(scored, on="code", how="outer").sort_values("code", ignore_index=True)
    if table.empty:
        raise InputError("found no pair to draw from, expected a cluster of two records or more")
    left, right = np.divmod(table["code"].to_numpy(np.int64), len(names))
    decision = np.where(label[left] == label[right], SAME, DIFFERENT)
    band = np.searchsorted(_BOUNDS, table["probability"].fillna(0.5), side="right")
    edges = ["0", *(f"{bound:g}" for bound in _BOUNDS), "1"]
    kind = np.array([f"{a}-{b}" for a, b in pairwise(edges)])[band]
    kind = np.where(table["probability"].isna(), "not scored", kind)
    kind = np.where(table["vetoed"].eq(True), "vetoed", kind)
    return pd.DataFrame({
        "left_id": names[left],
        "right_id": names[right],
        "probability": table["probability"].fillna(0.5),
        "decision": decision,
        "stratum": [f"{said}, {how}" for said, how in zip(decision, kind, strict=True)],
    })  # fmt: skip


def _coded_pairs(names: pd.Index[Any], pairs: pd.DataFrame | None) -> pd.DataFrame:
    """The compared pairs as code (i * n + j, i < j), probability, vetoed; checked."""
    if pairs is None:
        return pd.DataFrame({"code": np.empty(0, np.int64), "probability": 0.0, "vetoed": False})
    both = ids_of(pairs, "the compared pairs")
    rows = np.stack([names.get_indexer(pd.Index(both[side])) for side in SIDES])
    if (rows < 0).any():
        side, place = np.argwhere(rows < 0)[0]
        raise InputError(
            f"the compared pairs name {both.iloc[place, side]!r}, expected an id that has a cluster"
        )
    i, j = np.sort(rows, axis=0).astype(np.int64)
    code = pd.Series(i * len(names) + j)
    wrong = (i == j) | code.duplicated().to_numpy()
    if wrong.any():
        found = tuple(both.iloc[int(np.argmax(wrong))])
        raise InputError(
            f"the compared pairs: found {found!r}, expected two different ids, each pair once"
        )
    veto: Any = False
    if "veto" in pairs:
        veto = (pairs["veto"].notna() & pairs["veto"].astype(str).ne("")).to_numpy()
    return pd.DataFrame({"code": code, "probability": _probability(pairs), "vetoed": veto})


def _probability(pairs: pd.DataFrame) -> NDArray[np.float64]:
    if "probability" not in pairs:
        raise InputError(
            f"the compared pairs: found the columns {', '.join(map(str, pairs.columns))}; "
            "expected left_id, right_id and probability"
        )
    values = pd.to_numeric(pairs["probability"], errors="coerce").to_numpy(np.float64)
    wrong = ~((values >= 0) & (values <= 1))
    if wrong.any():
        found = pairs["probability"].iloc[int(np.argmax(wrong))]
        raise InputError(f"the compared pairs: found the probability {found}, expected 0 to 1")
    return values


def _allocate(sizes: pd.Series[int], mean: pd.Series[float], n: int) -> pd.Series[int]:
    """How many pairs to draw of each stratum; `mean` is its mean probability."""
    if n < len(sizes):
        raise InputError(f"found {n} pairs to draw, expected at least one a stratum: {len(sizes)}")
    n = min(n, int(sizes.sum()))
    share = mean.clip(_UNSURE, 1 - _UNSURE)
    spread: pd.Series[float] = sizes * np.sqrt(share * (1 - share))
    same = sizes.index.str.startswith(SAME).astype(bool)
    fewest = max(same.sum(), n - sizes[~same].sum())
    most = min(sizes[same].sum(), n - (~same).sum())
    first = int(np.clip(n // 2, fewest, most))
    taken = pd.Series(0, index=sizes.index)
    for half, count in ((same, first), (~same, n - first)):
        taken[half] = _optimum(np.asarray(sizes[half]), np.asarray(spread[half]), count)
    return taken


def _optimum(sizes: Indices, spread: NDArray[np.float64], n: int) -> Indices:
    """Optimum allocation of n draws in whole numbers, no stratum over its size."""
    if not len(sizes):
        return sizes
    taken = np.minimum(sizes, min(_LEAST, n // len(sizes)))
    for _ in range(min(n, int(sizes.sum())) - int(taken.sum())):
        priority = spread / np.sqrt(taken * (taken + 1.0))
        taken[np.argmax(np.where(taken < sizes, priority, -1.0))] += 1
    return taken
