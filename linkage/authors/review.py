"""The closest calls among authors: who might be one person after all, and who might be two."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.circles import NO_CIRCLE, circles_of_people
from linkage.authors.clusters import cubed
from linkage.authors.links import AuthorLinks
from linkage.authors.words import AuthorWords
from linkage.linking.calls import Calls, calls_of
from linkage.linking.clustering import Indices

REVIEW_COLUMNS = (
    *("left_id", "right_id", "same", "probability", "decision", "reason"),
    *("left_name", "right_name", "left_author", "right_author", "left_title", "right_title"),
)
_MOST = 1000  # rows; nobody reads more


class _Calls(NamedTuple):
    """Close calls: the pair of mentions that stands for each, and the cubic mean probability."""

    i: Indices
    j: Indices
    probability: NDArray[np.float64]


def author_review(links: AuthorLinks, most: int = _MOST) -> pd.DataFrame:
    """People in circles of co-authors without a link, then the closest calls; at most `most`.

    Of circles the largest come first, of the others those nearest to the threshold.

    Of two people ("different") that nothing but their score keeps apart, when the cubic mean
    of their mentions' probabilities is within the model's review band; and of one mention and
    the rest of its person ("same") in the same way. Each is shown by its most telling pair of
    mentions: the likeliest of the two people's, the unlikeliest of the one person's. Columns:
    left_id and right_id (`record_id#position`), same (empty: for the answer, 1 or 0, with which
    the table is one of constraints), probability (the mean), decision, reason (in words),
    left_name, right_name, left_author, right_author, left_title, right_title.

    Examples
    --------
    >>> links = linkage.AuthorLinker().link(records)
    >>> linkage.review_authors(links).columns.tolist()[:5]
    ['left_id', 'right_id', 'same', 'probability', 'decision']
    """
    calls = _nearest([_pairs_kept_apart(links), _together(links)], links, most)
    circles = _circles_apart(links)
    calls = _Calls(*(np.concatenate(part)[:most] for part in zip(circles, calls, strict=True)))
    words = AuthorWords(links.records, links.mentions)
    table = links.mentions.table
    ids, names, people = table["mention_id"].tolist(), table["name"].tolist(), links.author_ids
    of_record = dict(zip(links.records["record_id"], links.records["title"], strict=True))
    titles = table["record_id"].map(of_record).tolist()
    rows = [
        (
            *(ids[i], ids[j], None, probability),
            "same" if links.cluster[i] == links.cluster[j] else "different",
            (CIRCLES if at < len(circles.i) else "") + words.of(i, j),
            *(names[i], names[j], people[i], people[j], titles[i], titles[j]),
        )
        for at, (i, j, probability) in enumerate(
            zip(*(column.tolist() for column in calls), strict=True)
        )
    ]
    return pd.DataFrame(rows, columns=list(REVIEW_COLUMNS))


def author_joins(links: AuthorLinks) -> Calls:
    """Every join that made the people, and a sample of the mentions that were kept apart."""
    ids = links.mentions.table["mention_id"].to_numpy(dtype=object)
    pairs = links.pairs
    return calls_of(ids, pairs.i, pairs.j, links.probability, links.cluster, links.band[0])


CIRCLES = "two circles of co-authors without a link; "


def _circles_apart(links: AuthorLinks) -> _Calls:
    """Of each person in circles the two largest, by their likeliest pair; the largest first."""
    cluster, table = links.cluster, links.mentions.table
    circle = circles_of_people(cluster, links.mentions.record_of)
    circle[table["group"].to_numpy(dtype=bool)] = NO_CIRCLE
    rows = np.flatnonzero(circle != NO_CIRCLE)
    sizes = pd.Series(circle[rows]).groupby(cluster[rows]).value_counts()
    both = sizes.groupby(level=0).head(2)
    both = both[both.groupby(level=0).transform("size") > 1]
    wanted = {
        frozenset(one.index.get_level_values(1)): one.sum() for _, one in both.groupby(level=0)
    }
    i, j = links.pairs.i, links.pairs.j
    across = np.flatnonzero((cluster[i] == cluster[j]) & (circle[i] != circle[j]))
    found: dict[frozenset[int], int] = {}
    for pair in across[np.argsort(-links.probability[across], kind="stable")].tolist():
        sides = frozenset((int(circle[i[pair]]), int(circle[j[pair]])))
        if sides in wanted:
            found.setdefault(sides, pair)
    order = sorted(found, key=lambda sides: (-wanted[sides], found[sides]))
    shown = np.array([found[sides] for sides in order], dtype=np.int64)
    return _Calls(i[shown], j[shown], links.probability[shown])


def _nearest(found: list[_Calls], links: AuthorLinks, most: int) -> _Calls:
    i, j, probability = (np.concatenate(column) for column in zip(*found, strict=True))
    low, high = min(links.band[0], links.threshold), max(links.band[1], links.threshold)
    kept = np.flatnonzero((probability >= low) & (probability <= high))
    order = kept[np.lexsort([j[kept], i[kept], np.abs(probability[kept] - links.threshold)])]
    # a pair of mentions may stand for both its sides
    code = i[order].astype(np.int64) * len(links.cluster) + j[order]
    first = np.sort(np.unique(code, return_index=True)[1])
    open_calls = (row for row in order[first] if _is_open(links, i[row], j[row]))
    shown = np.fromiter(islice(open_calls, most), dtype=np.int64)
    return _Calls(i[shown], j[shown], probability[shown])


def _is_open(links: AuthorLinks, i: int, j: int) -> bool:
    return bool(links.cluster[i] == links.cluster[j]) or not links.barrier(i, j)


def _pairs_kept_apart(links: AuthorLinks) -> _Calls:
    """Pairs of people: the cubic mean over all pairs of their mentions, those not compared as 0."""
    i, j, cluster, n = links.pairs.i, links.pairs.j, links.cluster, len(links.cluster)
    cross = np.flatnonzero(cluster[i] != cluster[j])
    a, b = cluster[i[cross]], cluster[j[cross]]
    code = np.minimum(a, b) * n + np.maximum(a, b)
    return _per_group(links, cross, code, np.bincount(cluster, minlength=n), likeliest=True)


def _together(links: AuthorLinks) -> _Calls:
    """Mentions and the rest of their person; each pair of mentions speaks for both its sides."""
    i, j, cluster = links.pairs.i, links.pairs.j, links.cluster
    inside = np.flatnonzero(cluster[i] == cluster[j])
    pairs, code = np.concatenate([inside, inside]), np.concatenate([i[inside], j[inside]])
    size = np.bincount(cluster, minlength=len(cluster))[cluster] - 1
    return _per_group(links, pairs, code, size, likeliest=False)


def _per_group(
    links: AuthorLinks, pairs: Indices, code: Indices, size: Indices, likeliest: bool
) -> _Calls:
    """Cubic mean probability of each group of pairs (equal codes), and the pair that stands for it.

    A code a * n + b stands for size[a] * size[b] pairs, a code below n for size[code].
    """
    n = len(links.cluster)
    probability = links.probability[pairs]
    order = np.lexsort([pairs, -probability if likeliest else probability, code])
    groups, first = np.unique(code[order], return_index=True)
    total = np.add.reduceat(cubed(probability[order]), first) if len(first) else np.empty(0)
    a, b = np.divmod(groups, n)
    count = size[a] * size[b] if likeliest else size[groups]
    shown = pairs[order][first]
    return _Calls(links.pairs.i[shown], links.pairs.j[shown], np.cbrt(total / count))
