"""Why two records were put together or kept apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.linking.explanation import (
    Explanation,
    PairFeatures,
    check_two,
    explanation_of,
    score_in_words,
)
from linkage.models.pair_model import PairModel
from linkage.papers.links import PaperLinks
from linkage.papers.pairs import PAPER_FEATURES, compare_rows, pair_rows
from linkage.papers.prepare import prepare_papers
from linkage.papers.vetoes import veto_words
from linkage.papers.words import in_words
from linkage.records.order import canonical_order
from linkage.records.schema import conform
from linkage.text.folding import fold


def explain_papers(
    records: pd.DataFrame, links: PaperLinks, model: PairModel, left_id: str, right_id: str
) -> Explanation:
    """Explain two records of `records`, of which `links` is what `PaperLinker.link` found.

    Raises `InputError` when one of the two is not there or both are the same.
    """
    check_two(left_id, right_id, links.clusters.index, "record")
    records = conform(records)
    pair = pd.DataFrame({"left_id": [left_id], "right_id": [right_id]})
    X = PreparedPapers(records).features(pair)
    shown: dict[Any, dict[Any, Any]] = records.set_index("record_id").to_dict("index")
    left, right = shown[left_id], shown[right_id]
    words = "; ".join([*_about_titles(left["title"], right["title"]), in_words(left, right)])
    same = bool(links.clusters[left_id] == links.clusters[right_id])
    step = _paper_step(links, left_id, right_id, same)
    return explanation_of(
        (left_id, right_id), same, step, words, model, PairFeatures(PAPER_FEATURES, X)
    )


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
    score = score_in_words(probability, links.threshold)
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
