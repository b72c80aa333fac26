"""What changed between two clusterings of the same ids, and which of them is nearer to gold."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.errors import InputError
from linkage.evaluation.bootstrap import (
    FloatArray,
    IntArray,
    Measures,
    all_measures,
    column_sums,
    entity_statistics,
    pair_statistics,
    pairwise_measures,
)
from linkage.tables.clusterings import Clustering, clustering_of
from linkage.tables.truth import SIDES, check_clustering, read_gold

CHANGES = ("merged", "split", "moved")

_TESTED = ("pairwise_f1", "b_cubed_f1")


@dataclass(frozen=True)
class PairedTest:
    """A measure of both runs, and a paired bootstrap test of its difference (second less first).

    `low`, `high`: 95 % interval of the difference; `p_value`: two-sided, that there is none. NaN
    where the measure or the test is undefined.
    """

    measure: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True)
class RunComparison:
    """What a second clustering made of a first one, over the ids that both have.

    `changes` has a row for each smallest set of ids that is a union of clusters in both runs and
    is not clustered alike: change, first and second (lists of clusters, each a list of ids), most
    ids first. Change is "merged" (several clusters became one), "split" (one became several) or
    "moved" (ids changed company: several became several others). `n_joined`, `n_parted`: pairs of
    ids that share a cluster only in the second or only in the first run. `n_only_first`,
    `n_only_second`: ids that only one run has; they take no part. `tests`: empty without gold.
    """

    n_ids: int
    n_only_first: int
    n_only_second: int
    n_unchanged_clusters: int
    n_joined: int
    n_parted: int
    changes: pd.DataFrame
    tests: list[PairedTest] = field(default_factory=list)

    def counts(self) -> pd.DataFrame:
        """One row a kind of change: change, places, first and second (clusters), ids."""
        table = self.changes
        sizes = pd.DataFrame({
            "change": table["change"],
            "places": 1,
            "first": table["first"].map(len),
            "second": table["second"].map(len),
            "ids": [sum(map(len, clusters)) for clusters in table["first"]],
        })  # fmt: skip
        counted = sizes.groupby("change").sum().reindex(CHANGES, fill_value=0).astype(int)
        return counted.reset_index()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: NaN becomes None."""
        plain = {name: n for name, n in vars(self).items() if name.startswith("n_")}
        tests = [{k: _json(v) for k, v in asdict(test).items()} for test in self.tests]
        return {
            **plain,
            "counts": self.counts().to_dict("records"),
            "changes": self.changes.to_dict("records"),
            "tests": tests,
        }


def compare_runs(
    first: Clustering,
    second: Clustering,
    gold: Clustering | None = None,
    n_bootstrap: int = 2000,
    seed: int = 0,
) -> RunComparison:
    """Compare two clusterings (Series id -> cluster); with gold, also test which is better.

    `gold` as `linkage.evaluation.scoring.evaluate` takes it; each of its ids must be in both runs.
    The names of the clusters don't matter, nor does the order of rows.

    The test is a paired bootstrap (Efron & Tibshirani 1993, ch. 13 and 15; in language processing
    Koehn 2004, ACL W04-3250): gold entities are drawn with replacement, and both runs are scored
    on the same draw, so that what is hard for both cancels out. The p-value is twice the share of
    draws on the other side of no difference, ties counted there, at least 1 / (draws + 1).

    Raises `InputError` where a clustering names an id twice, the two share no id, or gold can't
    be used.

    Examples
    --------
    >>> apart = {"a1": 1, "b7": 2, "a2": 3, "a3": 4}
    >>> linkage.compare_runs(apart, papers).changes["change"].tolist()
    ['merged']
    """
    first, second = clustering_of(first, "the first run"), clustering_of(second, "the second run")
    for clusters, name in ((first, "the first run"), (second, "the second run")):
        check_clustering(clusters, name)
        if clusters.isna().any():
            raise InputError(f"{name}: found no cluster for {clusters.index[clusters.isna()][0]!r}")
    ids = first.index[first.index.isin(second.index)]
    ids = pd.Index(sorted(ids, key=str), dtype=object)
    if ids.empty:
        raise InputError("the two runs have no id in common, expected results on the same records")
    a, b = _codes(first, ids), _codes(second, ids)
    changes, unchanged = _changes(ids, a, b)
    both = _pairs(np.unique(np.column_stack([a, b]), axis=0, return_counts=True)[1])
    return RunComparison(
        n_ids=len(ids),
        n_only_first=len(first) - len(ids),
        n_only_second=len(second) - len(ids),
        n_unchanged_clusters=unchanged,
        n_joined=_pairs(np.bincount(b)) - both,
        n_parted=_pairs(np.bincount(a)) - both,
        changes=changes,
        tests=[] if gold is None else _tests(first, second, gold, n_bootstrap, seed),
    )


def _codes(clusters: pd.Series[Any], ids: pd.Index[Any]) -> IntArray:
    return pd.factorize(clusters.reindex(ids))[0].astype(np.int64)


def _pairs(sizes: NDArray[Any]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _changes(ids: pd.Index[Any], a: IntArray, b: IntArray) -> tuple[pd.DataFrame, int]:
    """The table of changes, and how many clusters are the same in both runs."""
    n = int(a.max()) + 1
    size = n + int(b.max()) + 1  # one node a cluster of either run, one edge an id
    graph = coo_array((np.ones(len(ids)), (a, n + b)), shape=(size, size))
    place = connected_components(graph, directed=False)[1][a]
    table = pd.DataFrame({"id": ids, "place": place, "a": a, "b": b})
    by = table.groupby("place")
    kinds = by.agg(a=("a", "nunique"), b=("b", "nunique"), n=("id", "size"), at=("id", "first"))
    changed = kinds[(kinds["a"] > 1) | (kinds["b"] > 1)]
    # ids are sorted, so the first one of each place breaks ties of size for good
    changed = changed.assign(at=changed["at"].map(str)).sort_values(
        ["n", "at"], ascending=[False, True]
    )
    change = np.select([changed["b"] == 1, changed["a"] == 1], ["merged", "split"], "moved")
    groups = {k: table.iloc[rows] for k, rows in by.indices.items() if k in changed.index}
    sides = {
        name: [groups[k].groupby(side, sort=False)["id"].agg(list).tolist() for k in changed.index]
        for name, side in (("first", "a"), ("second", "b"))
    }
    return pd.DataFrame({"change": change, **sides}), len(kinds) - len(changed)


def _tests(
    first: pd.Series[Any],
    second: pd.Series[Any],
    gold: Clustering,
    n_bootstrap: int,
    seed: int,
) -> list[PairedTest]:
    statistics, measures = _paired_statistics(first, second, gold)
    a, b = (_scores(column_sums(statistics), side, measures) for side in "ab")
    rows, counts = np.unique(statistics.to_numpy(np.float64), axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(len(statistics), counts / counts.sum(), n_bootstrap)
    sums = np.einsum("bu,uk->kb", draws.astype(np.float64), rows)  # not BLAS: see `intervals`
    drawn = dict(zip(statistics.columns, sums, strict=True))
    drawn_a, drawn_b = (_scores(drawn, side, measures) for side in "ab")
    return [
        _test(name, float(a[name][0]), float(b[name][0]), drawn_b[name] - drawn_a[name])
        for name in _TESTED
        if name in a
    ]


def _scores(sums: dict[str, FloatArray], side: str, measures: Measures) -> dict[str, FloatArray]:
    own = {name[2:]: values for name, values in sums.items() if name.startswith(f"{side}_")}
    return measures(own)


def _test(name: str, first: float, second: float, draws: FloatArray) -> PairedTest:
    draws = draws[~np.isnan(draws)]
    difference = second - first
    if math.isnan(difference) or not len(draws):
        return PairedTest(name, first, second, difference, math.nan, math.nan, math.nan)
    low, high = np.percentile(draws, (2.5, 97.5))
    beyond = min((draws <= 0).sum(), (draws >= 0).sum())
    p_value = min(2 * (int(beyond) + 1) / (len(draws) + 1), 1.0)
    return PairedTest(name, first, second, difference, float(low), float(high), p_value)


def _paired_statistics(
    first: pd.Series[Any], second: pd.Series[Any], gold: Clustering
) -> tuple[pd.DataFrame, Measures]:
    """One row a gold entity: the statistics of the first run (a_…) and of the second (b_…)."""
    known = read_gold(gold)
    ids = known.clusters.index
    entities = pd.factorize(known.clusters)[0].astype(np.int64)
    tables = []
    for clusters, name in ((first, "the first run"), (second, "the second run")):
        absent = ids[~ids.isin(clusters.index)]
        if len(absent):
            raise InputError(f"gold names {absent[0]!r}, which {name} does not have")
        codes = _codes(clusters, ids)
        if known.pairs is None:
            tables.append(entity_statistics(entities, codes))
            continue
        left, right = (ids.get_indexer(pd.Index(known.pairs[side])) for side in SIDES)
        same, joined = known.pairs["same"].to_numpy(bool), codes[left] == codes[right]
        tables.append(pair_statistics(entities[left], entities[right], same, joined))
    both = pd.concat(
        [table.add_prefix(f"{s}_") for s, table in zip("ab", tables, strict=True)], axis=1
    )
    return both, all_measures if known.pairs is None else pairwise_measures


def _json(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
