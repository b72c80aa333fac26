"""Which pairs of papers or mentions to label by hand, and what a model learns from the labels.

The pairs asked about first are those that a model is unsure of and that differ from each other:
one label then tells of many pairs, and no two labels tell the same.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.explain import mention_features
from linkage.authors.links import AuthorLinks
from linkage.authors.pairs import AUTHOR_FEATURES
from linkage.errors import InputError
from linkage.linking.clustering import Indices
from linkage.models.adaptation import adapt, leaves
from linkage.models.pair_model import PairModel
from linkage.papers.batches import prepare_records
from linkage.papers.links import PaperLinks
from linkage.papers.pairs import Comparison
from linkage.records.schema import conform
from linkage.tables.truth import SIDES, labelled_pairs

MOST = 1000  # pairs that a choice is made among: the most uncertain ones
_AUTHOR_FEATURES = [feature.name for feature in AUTHOR_FEATURES]
_CERTAIN = 4.0  # so much further from the threshold in log-odds, a pair is e times less in demand


def choose_pairs(model: PairModel, X: NDArray[np.float32], n: int, seed: int = 0) -> Indices:
    """Choose up to `n` of the pairs X (n pairs, the model's features) to label, the best first.

    Greedily, the pair with the highest uncertainty x novelty: the former falls exponentially with
    the distance of the log-odds from the threshold, the latter is 1 - similarity to the nearest
    pair chosen before, the share of the model's trees in which both end in one leaf. A longer
    choice begins with the shorter one. `seed` breaks ties. Returns row numbers of X.
    """
    distance = np.abs(model.log_odds(X) - _log_odds(model.threshold))
    rank = np.random.default_rng(seed).permutation(len(X))
    order = np.lexsort((rank, distance))[:MOST]
    demand = np.exp(-distance[order] / _CERTAIN)
    fallen = leaves(model, X[order])
    nearest = np.zeros(len(order))
    chosen: list[int] = []
    for _ in range(min(n, len(order))):
        value = demand * (1 - nearest)
        value[chosen] = -1.0
        best = int(np.argmax(value))
        chosen.append(best)
        nearest = np.maximum(nearest, np.mean(fallen == fallen[best], axis=1))
    return np.asarray(order[chosen], dtype=np.int64)


def pairs_to_label(
    records: pd.DataFrame, links: PaperLinks, model: PairModel, n: int, seed: int = 0
) -> pd.DataFrame:
    """The pairs that `choose_pairs` picks of what was compared: left_id, right_id, probability.

    `links` is what a linker with this model found in `records`. Vetoed pairs are left out: what a
    model learns of them changes nothing. The same in any order of rows.

    Examples
    --------
    >>> model = linkage.load_model("papers_publication")
    >>> links = linkage.PaperLinker(model).link(records)
    >>> linkage.pairs_to_label(records, links, model, n=1).columns.tolist()
    ['left_id', 'right_id', 'probability']
    """
    pairs = most_uncertain(links, model.threshold)
    chosen = pairs.iloc[choose_pairs(model, pair_features(records, pairs, model), n, seed)]
    return chosen.reset_index(drop=True)


def most_uncertain(links: PaperLinks, threshold: float) -> pd.DataFrame:
    """The `MOST` compared pairs nearest to the threshold in log-odds, in order of their ids."""
    return _nearest_to(threshold, links.pairs[links.pairs["veto"] == ""])


def mentions_to_label(links: AuthorLinks, n: int, seed: int = 0) -> pd.DataFrame:
    """The same of author mentions: left_id, right_id (`record_id#position`), probability.

    Pairs on one record are left out, of which nothing is to be asked.
    """
    rows = np.stack([links.pairs.i, links.pairs.j], axis=1)
    free = links.mentions.record_of[rows[:, 0]] != links.mentions.record_of[rows[:, 1]]
    pairs = _nearest_to(links.threshold, links.pairs_table()[free])
    ids = pd.Index(links.mentions.table["mention_id"])
    X = mention_features(
        links.mentions, np.stack([ids.get_indexer(pd.Index(pairs[s])) for s in SIDES], axis=1)
    )
    used = [_AUTHOR_FEATURES.index(name) for name in links.model.features]
    chosen = choose_pairs(links.model, X[:, used], n, seed)
    return pairs.iloc[chosen].reset_index(drop=True)


def _nearest_to(threshold: float, free: pd.DataFrame) -> pd.DataFrame:
    sides = np.sort(free[list(SIDES)].to_numpy(dtype=object), axis=1)
    pairs = pd.DataFrame(sides, columns=list(SIDES))
    pairs["probability"] = free["probability"].to_numpy()
    pairs = pairs.sort_values(list(SIDES), ignore_index=True)
    distance = np.abs(_log_odds(pairs["probability"].to_numpy()) - _log_odds(threshold))
    nearest = np.argsort(distance, kind="stable")[:MOST]
    return pairs.iloc[np.sort(nearest)].reset_index(drop=True)


def pair_features(
    records: pd.DataFrame, pairs: pd.DataFrame, model: PairModel, what: str = "the pairs"
) -> NDArray[np.float32]:
    """Features of pairs (left_id, right_id) as the model reads them: (n pairs, its features).

    Raises `InputError`, calling the table `what`, where it names a record that is not there.
    """
    prepared = prepare_records(conform(records))
    return Comparison(prepared.columns, *prepared.rows(pairs, what)).matrix(model.features)


def adapt_papers(
    model: PairModel, records: pd.DataFrame, labels: pd.DataFrame, what: str = "the labels"
) -> PairModel:
    """Adapt a paper model to labelled pairs of records (left_id, right_id, same).

    See `linkage.models.adaptation`. Raises `InputError`, calling the table `what`, where it can't
    be used or labels nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> model = linkage.load_model("papers_publication")
    >>> pairs = [("a1", "b7", 1), ("a2", "a3", 0)]
    >>> labels = pd.DataFrame(pairs, columns=["left_id", "right_id", "same"])
    >>> linkage.adapt_papers(model, records, labels).job
    'papers'
    """
    pairs = labelled_pairs(labels, what)
    if pairs.empty:
        raise InputError(f"{what}: found no labelled pair, expected 1 or 0 in 'same'")
    X = pair_features(records, pairs, model, what)
    return adapt(model, X, pairs["same"].to_numpy(dtype=bool))


def _log_odds(probability: NDArray[np.float64] | float) -> NDArray[np.float64]:
    p = np.clip(probability, 1e-15, 1 - 1e-15)
    return np.asarray(np.log(p / (1 - p)))
