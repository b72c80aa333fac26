"""Why two records, or two author mentions, were put together or kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.clusters import cubed
from linkage.authors.links import AuthorLinks
from linkage.authors.mentions import Mentions
from linkage.authors.pairs import AUTHOR_FEATURES, MentionPairs, NamePairs, compare_pairs
from linkage.authors.review import RELATIONS, AuthorWords
from linkage.errors import InputError
from linkage.features.feature import Feature
from linkage.features.given_names import NameRelation
from linkage.features.names import compare_names
from linkage.models.contributions import contributions
from linkage.models.pair_model import PairModel
from linkage.papers.linker import PaperLinks
from linkage.papers.order import canonical_order
from linkage.papers.pairs import PAPER_FEATURES, compare_rows, pair_rows
from linkage.papers.prepare import prepare_papers
from linkage.papers.review import in_words
from linkage.papers.vetoes import veto_words
from linkage.records.schema import conform
from linkage.text.folding import fold


@dataclass(frozen=True)
class Explanation:
    """Why two sides are one or two.

    `step` says at which step that was settled, `words` what the two agree and differ in,
    `log_odds` and `probability` what the model says of the pair by itself. `features` has a row a
    feature the model reads: feature, value (NaN = can't be compared), contribution (to the
    log-odds) and meaning, the weightiest first; `base` is the model's log-odds for a pair of which
    nothing is known, and `base` plus all contributions is `log_odds`.
    """

    left_id: str
    right_id: str
    same: bool
    step: str
    words: str
    probability: float
    log_odds: float
    base: float
    features: pd.DataFrame


def explain_papers(
    records: pd.DataFrame, links: PaperLinks, model: PairModel, left_id: str, right_id: str
) -> Explanation:
    """Explain two records of `records`, of which `links` is what `PaperLinker.link` found.

    Raises `InputError` when one of the two is not there or both are the same.
    """
    _check_two(left_id, right_id, links.clusters.index, "record")
    records = conform(records)
    pair = pd.DataFrame({"left_id": [left_id], "right_id": [right_id]})
    X = PreparedPapers(records).features(pair)
    shown: dict[Any, dict[Any, Any]] = records.set_index("record_id").to_dict("index")
    left, right = shown[left_id], shown[right_id]
    words = "; ".join([*_about_titles(left["title"], right["title"]), in_words(left, right)])
    same = bool(links.clusters[left_id] == links.clusters[right_id])
    step = _paper_step(links, left_id, right_id, same)
    return _explanation((left_id, right_id), same, step, words, model, _Row(PAPER_FEATURES, X))


def explain_authors(
    records: pd.DataFrame, links: AuthorLinks, left_id: str, right_id: str
) -> Explanation:
    """Explain two mentions, `record_id#position`; `links` is what `AuthorLinker.link` found.

    Raises `InputError` when one of the two is not there or both are the same.
    """
    mentions = links.mentions
    ids = pd.Index(mentions.table["mention_id"])
    _check_two(left_id, right_id, ids, "mention (RECORD#POSITION, from 0)")
    left, right = (int(ids.get_loc(one)) for one in (left_id, right_id))
    i, j = sorted((left, right))
    X = mention_features(mentions, np.array([[i, j]]))
    same = bool(links.cluster[i] == links.cluster[j])
    words, step = AuthorWords(records, mentions).of(left, right), _author_step(links, i, j, same)
    row = _Row(AUTHOR_FEATURES, X)
    return _explanation((left_id, right_id), same, step, words, links.model, row)


class PreparedPapers:
    """Conformed records, all that were linked, ready to compare pairs of them.

    All, because what the data say of themselves is a feature, too.
    """

    def __init__(self, records: pd.DataFrame) -> None:
        self.ordered = records.iloc[canonical_order(records)]
        self.columns = prepare_papers(self.ordered)

    def has(self, ids: pd.Series[str]) -> pd.Series[bool]:
        """Which of the ids are those of a record."""
        return ids.isin(self.ordered["record_id"])

    def features(self, pairs: pd.DataFrame) -> NDArray[np.float32]:
        """Features of pairs (left_id, right_id), (n pairs, `PAPER_FEATURES`), NaN = missing.

        Raises `InputError` for a pair of which a record is not there.
        """
        return compare_rows(self.columns, *pair_rows(self.ordered, pairs))


def mention_features(mentions: Mentions, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Features of pairs of mentions, `rows` of shape (n pairs, 2): (n pairs, `AUTHOR_FEATURES`)."""
    i, j = np.sort(rows, axis=1).T
    names = np.sort(mentions.name_of[rows], axis=1).T
    batches = compare_pairs(mentions, NamePairs(*names), MentionPairs(i, j, np.arange(len(i))))
    return np.vstack([np.empty((0, len(AUTHOR_FEATURES)), np.float32), *batches])


@dataclass(frozen=True)
class _Row:
    """One pair's feature values, X of shape (1, n features)."""

    features: tuple[Feature, ...]
    X: NDArray[np.float32]


def _explanation(
    ids: tuple[str, str], same: bool, step: str, words: str, model: PairModel, row: _Row
) -> Explanation:
    known = {feature.name: k for k, feature in enumerate(row.features)}
    used = [known[name] for name in model.features]
    X = row.X[:, used]
    base, values = contributions(model, X)
    table = pd.DataFrame({
        "feature": model.features,
        "value": X[0].astype(float),
        "contribution": values[0],
        "meaning": [row.features[k].doc.splitlines()[0] for k in used],
    })  # fmt: skip
    order = np.lexsort([np.arange(len(table)), -np.abs(values[0])])
    odds, probability = float(model.log_odds(X)[0]), float(model.probability(X)[0])
    features = table.iloc[order].reset_index(drop=True)
    return Explanation(*ids, same, step, words, probability, odds, base, features)


def _check_two(left_id: str, right_id: str, known: pd.Index[Any], what: str) -> None:
    for one in (left_id, right_id):
        if one not in known:
            raise InputError(f"found {one!r}, expected the id of a {what} in the input")
    if left_id == right_id:
        raise InputError(f"found {left_id!r} twice, expected the ids of two")


def _paper_step(links: PaperLinks, left_id: str, right_id: str, same: bool) -> str:
    pairs, two = links.pairs, (left_id, right_id)
    found = pairs[pairs["left_id"].isin(two) & pairs["right_id"].isin(two)]
    if found.empty:
        start = "No blocking rule paired the two, so they were not compared"
        return f"{start}; they are one through others." if same else f"{start}."
    probability, veto, rules = found[["probability", "veto", "rules"]].iloc[0]
    if veto:
        return f"Kept apart by a rule, whatever the score: {veto_words(veto)}"
    told = ", ".join(rules.split()).replace("_", " ")
    paired = f"Paired by {told}. " if told else "Paired through others. "
    score = _score_words(probability, links.threshold)
    if same or probability < links.threshold:
        through = same and probability < links.threshold
        return f"{paired}{score}{'; they are one through others' if through else ''}."
    return f"{paired}{score}, but their groups were kept apart: {_groups_words(links, *two)}"


def _groups_words(links: PaperLinks, left_id: str, right_id: str) -> str:
    """Why two groups did not merge although two of their members are alike."""
    groups = {links.clusters[left_id], links.clusters[right_id]}
    sides = [links.pairs[side].map(links.clusters) for side in ("left_id", "right_id")]
    cross = links.pairs[sides[0].isin(groups) & sides[1].isin(groups) & (sides[0] != sides[1])]
    vetoed = cross[cross["veto"] != ""]
    if len(vetoed):
        a, b, veto = vetoed[["left_id", "right_id", "veto"]].iloc[0]
        return f"a rule holds between {a} and {b}: {veto_words(veto)}"
    sizes = [int((links.clusters == group).sum()) for group in groups]
    mean = float(cross["probability"].sum()) / (sizes[0] * sizes[1])
    return f"over all their pairs the mean probability is {mean:.3f}, {_side(mean, links)}."


def _author_step(links: AuthorLinks, i: int, j: int, same: bool) -> str:
    table, mentions = links.mentions.table, links.mentions
    if mentions.record_of[i] == mentions.record_of[j]:
        return "Two positions on one record are two people."
    if table["group"].iloc[i] or table["group"].iloc[j]:
        return "Organisations are one when their names are, and never a person."
    relation = compare_names(*(mentions.keys[mentions.name_of[row]] for row in (i, j)))
    if relation < NameRelation.UNSURE:
        return f"Not compared, and kept apart: {RELATIONS[relation]}."
    found = np.flatnonzero((links.pairs.i == i) & (links.pairs.j == j))
    if not len(found):
        start = "The names share no key, so the two were not compared"
        return f"{start}; they are one through others." if same else f"{start}."
    probability = float(links.probability[found[0]])
    score = _score_words(probability, links.threshold)
    if same == (probability >= links.threshold):
        return f"{score}."
    if not same and (barrier := links.barrier(i, j)):
        return f"{score}, but the two people were kept apart: {barrier}."
    mean = _mean_between(links, i, j, same)
    if same:
        return f"{score}; they are one through others (cubic mean {mean:.3f} to all of the person)."
    return f"{score}, but the two people as a whole were kept apart (cubic mean {mean:.3f})."


def _mean_between(links: AuthorLinks, i: int, j: int, same: bool) -> float:
    """Cubic mean probability of mention i to its person or, if there are two, between both."""
    a, b = links.cluster[links.pairs.i], links.cluster[links.pairs.j]
    mine, theirs = links.cluster[i], links.cluster[j]
    if same:
        chosen = ((links.pairs.i == i) | (links.pairs.j == i)) & (a == b)
        count = int((links.cluster == mine).sum()) - 1
    else:
        chosen = ((a == mine) & (b == theirs)) | ((a == theirs) & (b == mine))
        count = int((links.cluster == mine).sum()) * int((links.cluster == theirs).sum())
    return float(np.cbrt(cubed(links.probability[chosen]).sum() / count))


def _score_words(probability: float, threshold: float) -> str:
    side = "at or over" if probability >= threshold else "under"
    return f"Probability {probability:.3f}, {side} the threshold {threshold:g}"


def _side(mean: float, links: PaperLinks) -> str:
    return "under the threshold" if mean < links.threshold else "but others fitted better"


def _about_titles(left: Any, right: Any) -> list[str]:
    """`titles differ by one word (foo / bar)`, nothing where they do not or by much."""
    if not isinstance(left, str) or not isinstance(right, str):
        return []
    a, b = fold(left).split(), fold(right).split()
    here, there = [w for w in a if w not in b], [w for w in b if w not in a]
    count = max(len(here), len(there))
    if not 0 < count < 4:
        return []
    words = "one word" if count == 1 else f"{count} words"
    return [f"titles differ by {words} ({' '.join(here) or '–'} / {' '.join(there) or '–'})"]
