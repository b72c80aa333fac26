"""Why two records were put together or kept apart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from linkage.errors import InputError
from linkage.linking.explanation import (
    Explanation,
    PairFeatures,
    check_two,
    explanation_of,
)
from linkage.papers.links import PaperLinks
from linkage.papers.pairs import PAPER_FEATURES
from linkage.papers.vetoes import veto_words
from linkage.papers.words import in_words, score_step, unpaired_words, veto_step
from linkage.text.folding import fold


def explain_papers(links: PaperLinks, left_id: str, right_id: str) -> Explanation:
    """Explain two records that were linked; `links` is what `PaperLinker.link` found.

    Raises `InputError` when one of the two is not there, both are the same, or no trained model
    scored them.

    Examples
    --------
    >>> links = linkage.PaperLinker().link(records)
    >>> why = linkage.explain_papers(links, "a1", "b7")
    >>> why.same
    True
    >>> why.features.columns.tolist()
    ['feature', 'value', 'contribution', 'meaning']
    """
    check_two(left_id, right_id, links.clusters.index, "record")
    records = links.kept_records()
    if links.model is None or links.prepared is None:
        raise InputError("found the model 'ecm', expected a trained one, whose scores add up")
    pair = pd.DataFrame({"left_id": [left_id], "right_id": [right_id]})
    X = links.prepared.features(pair)
    two = records[records["record_id"].isin([left_id, right_id])]
    shown: dict[Any, dict[Any, Any]] = two.set_index("record_id").to_dict("index")
    left, right = shown[left_id], shown[right_id]
    words = "; ".join([*_about_titles(left["title"], right["title"]), in_words(left, right)])
    same = bool(links.clusters[left_id] == links.clusters[right_id])
    step = _paper_step(links, left_id, right_id, same)
    return explanation_of(
        (left_id, right_id), same, step, words, links.model, PairFeatures(PAPER_FEATURES, X)
    )


def _paper_step(links: PaperLinks, left_id: str, right_id: str, same: bool) -> str:
    pairs, two = links.pairs, (left_id, right_id)
    found = pairs[pairs["left_id"].isin(two) & pairs["right_id"].isin(two)]
    if found.empty:
        return unpaired_words(same)
    probability, veto, rules = found[["probability", "veto", "rules"]].iloc[0]
    if veto:
        return veto_step(veto, same)
    told = ", ".join(rules.split()).replace("_", " ")
    paired = f"Paired by {told}. " if told else "Paired through others. "
    step = score_step(probability, links.threshold, same)
    if same or probability < links.threshold:
        return f"{paired}{step}."
    return f"{paired}{step}: {_groups_words(links, *two)}"


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
