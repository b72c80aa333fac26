"""The closest calls among authors: who might be one person after all, and who might be two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, islice
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linkage.authors.circles import NO_CIRCLE, circles_of_people
from linkage.authors.clusters import cubed, least_of_two
from linkage.authors.links import AuthorLinks
from linkage.authors.pairs import MentionPairs, NamePairs
from linkage.authors.scorer import log_odds_of_pairs, logistic
from linkage.authors.words import AuthorWords
from linkage.linking.calls import Calls, calls_of
from linkage.linking.clustering import Indices

REVIEW_COLUMNS = (
    *("left_id", "right_id", "same", "probability", "decision", "reason"),
    *("left_name", "right_name", "left_author", "right_author", "left_title", "right_title"),
)
_MOST = 1000  # rows; nobody reads more
_MOST_TOGETHER = 20  # papers of one co-author with people of one name


class _Calls(NamedTuple):
    """Close calls: the pair of mentions that stands for each, and the cubic mean probability.

    `why`: what is said of all of them, "" for nothing.
    """

    i: Indices
    j: Indices
    probability: NDArray[np.float64]
    why: str = ""

    def rows(self) -> Iterator[tuple[int, int, float]]:
        """A tuple a call."""
        columns = (column.tolist() for column in self[:3])
        return zip(*columns, strict=True)

    def some(self, rows: Indices) -> _Calls:
        """Some of the calls."""
        return _Calls(self.i[rows], self.j[rows], self.probability[rows], self.why)

    def reason(self, links: AuthorLinks, i: int, j: int) -> str:
        """What to say of a call before what the two mentions have in common."""
        orcids = links.other_orcids(i, j) if self.why == ORCIDS else ""
        return f"{orcids}{self.why}"


def author_review(links: AuthorLinks, most: int = _MOST) -> pd.DataFrame:
    """People in circles of co-authors, people whom identifiers keep apart, the closest calls.

    At most `most`. Of circles without a link the largest come first; then people of different
    ORCIDs or homonym numbers who would be one without; of the others those nearest to the
    threshold, of which pairs that identifiers or answers settled are none.

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
    apart = _pairs_kept_apart(links)
    found = [_circles_apart(links), _orcids_apart(links, apart), _numbers_apart(links)]
    found.append(_nearest([apart, _together(links)], links, found[1:], most))
    words = AuthorWords(links.records, links.mentions)
    table = links.mentions.table
    ids, names, people = table["mention_id"].tolist(), table["name"].tolist(), links.author_ids
    of_record = dict(zip(links.records["record_id"], links.records["title"], strict=True))
    titles = table["record_id"].map(of_record).tolist()
    rows = [
        (
            *(ids[i], ids[j], None, probability),
            "same" if links.cluster[i] == links.cluster[j] else "different",
            calls.reason(links, i, j) + words.of(i, j),
            *(names[i], names[j], people[i], people[j], titles[i], titles[j]),
        )
        for calls in found
        for i, j, probability in calls.rows()
    ]
    return pd.DataFrame(rows[:most], columns=list(REVIEW_COLUMNS))


def author_joins(links: AuthorLinks) -> Calls:
    """Every join that made the people, and a sample of the mentions that were kept apart."""
    ids = links.mentions.table["mention_id"].to_numpy(dtype=object)
    pairs = links.pairs
    return calls_of(ids, pairs.i, pairs.j, links.probability, links.cluster, links.band[0])


CIRCLES = "two circles of co-authors without a link; "
ORCIDS = ", and all else agrees: people do hold two; "
NUMBERS = "the homonym numbers differ, and all else agrees; "


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
    return _Calls(i[shown], j[shown], links.probability[shown], CIRCLES)


def _orcids_apart(links: AuthorLinks, calls: _Calls) -> _Calls:
    """Of pairs of people kept apart those whom nothing but different ORCIDs keeps so."""
    has_orcid = np.zeros(len(links.cluster), dtype=bool)  # by the row that names a person
    has_orcid[links.cluster[links.identified.orcid.astype(bool)]] = True
    both = has_orcid[links.cluster[calls.i]] & has_orcid[links.cluster[calls.j]]
    likely = np.flatnonzero(both & (calls.probability >= least_of_two(links.threshold)))
    order = likely[np.lexsort((calls.j[likely], calls.i[likely], -calls.probability[likely]))]
    pairs = zip(order.tolist(), calls.i[order].tolist(), calls.j[order].tolist(), strict=True)
    apart = [row for row, i, j in pairs if links.other_orcids(i, j) and not links.barrier(i, j)]
    return calls.some(np.array(apart, dtype=np.int64))._replace(why=ORCIDS)


def _numbers_apart(links: AuthorLinks) -> _Calls:
    """Of people of one name, whom dblp's numbers tell apart, those whom the model would join."""
    mentions, cluster = links.mentions, links.cluster
    pairs = np.array(sorted(_in_company(links)), dtype=np.int64).reshape(-1, 2)
    i, j = pairs.T
    names, place = np.unique(mentions.name_of[i], return_inverse=True)
    # as if both had one number: what names say is that of a name and itself
    scored = MentionPairs(i, j, place.reshape(-1))
    odds, full, _ = log_odds_of_pairs(links.model, mentions, NamePairs(names, names), scored)
    name = mentions.name_of[i]
    probability = logistic(odds + np.where(full, links.priors.of(name, name), 0.0))
    order = np.lexsort((j, i, -probability))
    order = order[probability[order] >= least_of_two(links.threshold)]
    first: dict[tuple[int, int], int] = {}
    for row in order.tolist():
        a, b = int(cluster[i[row]]), int(cluster[j[row]])
        first.setdefault((min(a, b), max(a, b)), row)
    return _Calls(i, j, probability, NUMBERS).some(np.array([*first.values()], dtype=np.int64))


def _in_company(links: AuthorLinks) -> Iterator[tuple[int, int]]:
    """Pairs of mentions of one name with different numbers that share a co-author's full name."""
    mentions = links.mentions
    company = mentions.by_mention["coauthor_names"]
    together: dict[tuple[str, str], list[int]] = defaultdict(list)
    numbered = mentions.table["homonym"].notna() & ~mentions.table["group"].astype(bool)
    for row in np.flatnonzero(numbered).tolist():
        name = mentions.keys[mentions.name_of[row]].rpartition("|")[0]
        for other in company[row].rarity.keys() - company[row].own if company[row] else ():
            together[name, other].append(row)
    for rows in together.values():
        for i, j in combinations(rows[:_MOST_TOGETHER], 2):
            if mentions.name_of[i] != mentions.name_of[j]:
                yield i, j


def _nearest(found: list[_Calls], links: AuthorLinks, told: list[_Calls], most: int) -> _Calls:
    """The calls nearest to the threshold, without those that are told already."""
    known = {frozenset(row[:2]) for calls in told for row in calls.rows()}
    i, j, probability = (np.concatenate([calls[k] for calls in found]) for k in range(3))
    low, high = min(links.band[0], links.threshold), max(links.band[1], links.threshold)
    kept = np.flatnonzero((probability >= low) & (probability <= high))
    order = kept[np.lexsort([j[kept], i[kept], np.abs(probability[kept] - links.threshold)])]
    # a pair of mentions may stand for both its sides
    code = i[order].astype(np.int64) * len(links.cluster) + j[order]
    first = order[np.sort(np.unique(code, return_index=True)[1])]
    fresh = (row for row in first if frozenset((int(i[row]), int(j[row]))) not in known)
    open_calls = (row for row in fresh if _is_open(links, i[row], j[row]))
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
    """Mentions and the rest of their person; each pair of mentions speaks for both its sides.

    As found by scores: what identifiers and answers joined is settled.
    """
    i, j, cluster = links.pairs.i, links.pairs.j, links.identified.scored
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
    probability = links.decided[pairs]
    order = np.lexsort([pairs, -probability if likeliest else probability, code])
    groups, first = np.unique(code[order], return_index=True)
    total = np.add.reduceat(cubed(probability[order]), first) if len(first) else np.empty(0)
    a, b = np.divmod(groups, n)
    count = size[a] * size[b] if likeliest else size[groups]
    shown = pairs[order][first]
    return _Calls(links.pairs.i[shown], links.pairs.j[shown], np.cbrt(total / count))
