"""From probabilities of pairs to people: what they need to be joined, beside names."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from linkage.authors.blocking import candidate_names, mention_pairs
from linkage.authors.clusters import Evidence, cluster_mentions, least_of_two, share_with_orcid
from linkage.authors.mentions import list_mentions
from linkage.authors.name_counts import NameCounts
from linkage.authors.prepare import prepare_mentions
from linkage.linking.constraints import no_constraints, with_must_links
from linkage.records.order import sort_records
from linkage.records.schema import conform


def clustered(names, probability, threshold=0.4, orcids=None, must=(), cannot=()):
    """Clusters of one paper a name; `probability` gives that of two of them, by their numbers."""
    rows = [
        {"record_id": f"{k:03}", "title": f"{k:03}", "authors": [name]}
        for k, name in enumerate(names)
    ]
    records = sort_records(conform(pd.DataFrame(rows)))
    mentions = prepare_mentions(list_mentions(records), records, NameCounts.from_json({}))
    number = mentions.table["record_id"].astype(int).to_numpy()
    row = np.argsort(number)
    pairs = mention_pairs(mentions, candidate_names(mentions))
    sides = zip(number[pairs.i].tolist(), number[pairs.j].tolist(), strict=True)
    said = np.array([probability(*sorted(pair)) for pair in sides])
    orcid = np.full(len(names), -1) if orcids is None else np.array(orcids)[number]
    known = no_constraints(len(names))
    if len(must):
        known = with_must_links(known, np.sort(row[np.array(must)], axis=1))
    if len(cannot):
        known = replace(known, cannot=np.sort(row[np.array(cannot)], axis=1))
    evidence = Evidence(orcid, {}, share_with_orcid(orcid))
    found = cluster_mentions(mentions, pairs, said, threshold, None, known, evidence)
    return found[row].tolist()


@pytest.mark.parametrize(
    ("probability", "people", "why"),
    [
        (0.45, 2, "one pair that is rather two people"),
        (0.55, 1, "rather one than two"),
    ],
)
def test_two_single_mentions_are_joined_where_that_is_likelier_than_not(probability, people, why):
    found = clustered(["Ana Rosling"] * 2, lambda i, j: probability)
    assert len(set(found)) == people, why


def test_a_mention_joins_two_others_from_the_threshold_on():
    found = clustered(["Ana Rosling"] * 3, lambda i, j: 0.9 if j == 1 else 0.45)
    assert len(set(found)) == 1


def test_what_two_single_mentions_need_rises_with_the_threshold():
    assert least_of_two(0.4) == pytest.approx(0.5)
    found = [least_of_two(threshold / 10) for threshold in range(11)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, 1)


def test_one_orcid_among_many_papers_without_is_a_slip():
    """Half of all mentions have one; of ten papers one has, and it is another's."""
    own, group = range(10), range(10, 20)
    orcids = [7] + [-1] * 9 + [3] * 10

    def probability(i, j):
        return 0.95 if (i in own) == (j in own) else 0.6

    names = ["Teck Huat Goh"] * 20
    assert len(set(clustered(names, probability, orcids=orcids))) == 1
    firm = [7] * 10 + [3] * 10
    found = clustered(names, probability, orcids=firm)
    assert [len({found[k] for k in part}) for part in (own, group)] == [1, 1]
    assert found[0] != found[10]


def test_what_an_identifier_joins_has_all_its_names():
    """J. Smithson, who is John, does not go with James."""
    names = ["John Smithson", "J. Smithson", "James Smithson", "James Smithson"]
    found = clustered(names, lambda i, j: 0.9, must=[(0, 1)])
    assert found[0] == found[1] != found[2] == found[3]


@pytest.mark.parametrize("third", ["John Smithson", "Mary Smithson"])
def test_names_in_conflict_that_must_be_one_go_with_the_names_of_either(third):
    names = ["John Smithson", "Mary Smithson", third]
    assert len(set(clustered(names, lambda i, j: 0.9, must=[(0, 1)]))) == 1


def test_who_is_two_by_an_answer_joins_nobody_anew():
    """A and B are one, C is rather A's than B's: without B, C would have joined A."""

    def probability(i, j):
        return {(0, 1): 0.9, (0, 2): 0.6}.get((i, j), 0.0)

    names = ["Ana Rosling"] * 3
    assert clustered(names, probability, threshold=0.5) == [0, 0, 2]
    assert clustered(names, probability, threshold=0.5, cannot=[(0, 1)]) == [0, 1, 2]
    assert clustered(names, probability, threshold=0.5, cannot=[(1, 2)]) == [0, 0, 2]


def test_an_answer_divides_the_person_it_is_about_and_nobody_else():
    """Two of six are apart; the other four go with whom they are likelier to be."""
    circle = [0, 0, 0, 1, 1, 1, 2, 2]

    def probability(i, j):
        if 2 in (circle[i], circle[j]):
            return 0.9 if circle[i] == circle[j] else 0.3
        return 0.95 if circle[i] == circle[j] else 0.6

    names = ["Ana Rosling"] * 8
    assert clustered(names, probability) == [0] * 6 + [6] * 2
    assert clustered(names, probability, cannot=[(0, 3)]) == [0] * 3 + [3] * 3 + [6] * 2
