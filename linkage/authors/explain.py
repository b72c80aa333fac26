"""Why two author mentions were put together or kept apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.clusters import cubed, least_of_two
from linkage.authors.identifiers.values import values_by_kind
from linkage.authors.links import AuthorLinks
from linkage.authors.mentions import Mentions
from linkage.authors.pairs import AUTHOR_FEATURES, MentionPairs, NamePairs, compare_pairs
from linkage.authors.words import RELATIONS, AuthorWords
from linkage.features.given_names import NameRelation
from linkage.features.names import compare_names
from linkage.linking.explanation import (
    Explanation,
    PairFeatures,
    check_two,
    explanation_of,
    score_in_words,
)


def explain_authors(links: AuthorLinks, left_id: str, right_id: str) -> Explanation:
    """Explain two mentions, `record_id#position`; `links` is what `AuthorLinker.link` found.

    Raises `InputError` when one of the two is not there or both are the same.

    Examples
    --------
    >>> links = linkage.AuthorLinker().link(records)
    >>> linkage.explain_authors(links, "a1#0", "b7#0").same
    True
    """
    mentions = links.mentions
    ids = pd.Index(mentions.table["mention_id"])
    check_two(left_id, right_id, ids, "mention (RECORD#POSITION, from 0)")
    left, right = (int(ids.get_loc(one)) for one in (left_id, right_id))
    i, j = sorted((left, right))
    X = mention_features(mentions, np.array([[i, j]]))
    same = bool(links.cluster[i] == links.cluster[j])
    words = AuthorWords(links.records, mentions).of(left, right)
    step = _author_step(links, i, j, same)
    row = PairFeatures(AUTHOR_FEATURES, X)
    return explanation_of((left_id, right_id), same, step, words, links.model_of(i, j), row)


def mention_features(mentions: Mentions, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Features of pairs of mentions, `rows` of shape (n pairs, 2): (n pairs, `AUTHOR_FEATURES`)."""
    i, j = np.sort(rows, axis=1).T
    names = np.sort(mentions.name_of[rows], axis=1).T
    batches = compare_pairs(mentions, NamePairs(*names), MentionPairs(i, j, np.arange(len(i))))
    return np.vstack([np.empty((0, len(AUTHOR_FEATURES)), np.float32), *batches])


def _author_step(links: AuthorLinks, i: int, j: int, same: bool) -> str:
    table, mentions = links.mentions.table, links.mentions
    if mentions.record_of[i] == mentions.record_of[j]:
        return "Two positions on one record are two people."
    if table["group"].iloc[i] or table["group"].iloc[j]:
        return "Organisations are one when their names are, and never a person."
    if said := _without_scores(links, i, j, same):
        return said
    found = np.flatnonzero((links.pairs.i == i) & (links.pairs.j == j))
    if not len(found):
        start = "The names share no key, so the two were not compared"
        return f"{start}; they are one through others." if same else f"{start}."
    probability = float(links.probability[found[0]])
    score = score_in_words(probability, links.threshold)
    if same == (probability >= links.threshold):
        return f"{score}."
    if not same and (reason := links.barrier(i, j) or links.other_orcids(i, j)):
        return f"{score}, but the two people were kept apart: {reason}."
    least = least_of_two(links.threshold)
    if not same and probability < least and all(_is_single(links, row) for row in (i, j)):
        return f"{score}, but two mentions with nobody else are one from {least:.3f} on only."
    mean = _mean_between(links, i, j, same)
    if same:
        return f"{score}; they are one through others (cubic mean {mean:.3f} to all of the person)."
    return f"{score}, but the two people as a whole were kept apart (cubic mean {mean:.3f})."


def _without_scores(links: AuthorLinks, i: int, j: int, same: bool) -> str:
    """What identifiers and names alone decided, or ""."""
    mentions = links.mentions
    relation = compare_names(*(mentions.keys[mentions.name_of[row]] for row in (i, j)))
    if same and (reason := _equal_identifier(links, i, j)):
        return f"{reason}, and that makes two mentions one person; {RELATIONS[relation]}."
    if relation >= NameRelation.UNSURE:
        return ""
    if same:
        return f"One by an identifier or an answer, not by the names: {RELATIONS[relation]}."
    return f"Not compared, and kept apart: {RELATIONS[relation]}."


def _equal_identifier(links: AuthorLinks, i: int, j: int) -> str:
    """What identifier joined two mentions of one person, in words, or ""."""
    scored, _, group, *_ = links.identified
    if group[i] != group[j] and scored[i] == scored[j]:
        return ""
    for kind, values in values_by_kind(links.mentions).items():
        if values[i] and values[i] == values[j]:
            return f"Both have the {kind} {values[i]}"
    return "Identifiers join both by way of others" if group[i] == group[j] else ""


def _is_single(links: AuthorLinks, row: int) -> bool:
    return int((links.cluster == links.cluster[row]).sum()) == 1


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
