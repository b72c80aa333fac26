import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.linking import clustering
from linkage.linking.clustering import ScoredPairs, average_linkage, components


def scored(pairs):
    """`ScoredPairs` of tuples (i, j, probability, vetoed)."""
    i, j, probability, vetoed = zip(*pairs, strict=True) if pairs else ((), (), (), ())
    return ScoredPairs(
        np.array(i, dtype=np.int64),
        np.array(j, dtype=np.int64),
        np.array(probability, dtype=float),
        np.array(vetoed, dtype=bool),
    )


def linked(n, pairs, threshold=0.5):
    return average_linkage(n, scored(pairs), threshold).tolist()


def slowly_linked(n, pairs, threshold):
    """Average linkage word for word: every average is taken anew over all cross pairs."""
    known = {(i, j): -np.inf if vetoed else p for i, j, p, vetoed in pairs}
    clusters = [[row] for row in range(n)]

    def average(a, b):
        return np.mean([known.get((min(x, y), max(x, y)), 0.0) for x in a for y in b])

    while len(clusters) > 1:
        averages = {(a, b): average(clusters[a], clusters[b])
                    for a, b in combinations(range(len(clusters)), 2)}  # fmt: skip
        a, b = max(averages, key=lambda pair: (averages[pair], -pair[0], -pair[1]))
        if not averages[a, b] >= threshold:
            break
        clusters[a] += clusters.pop(b)
    return [min(next(c for c in clusters if row in c)) for row in range(n)]


@st.composite
def graphs(draw, max_rows=8):
    """Rows and pairs whose probabilities never tie, so that every right method agrees."""
    n = draw(st.integers(0, max_rows))
    rng = random.Random(draw(st.integers(0, 2**32)))
    vetoes, density = draw(st.sampled_from([0, 0.1, 0.4])), draw(st.sampled_from([0.3, 0.7, 1]))
    return n, [
        (i, j, rng.random() ** 0.5, rng.random() < vetoes)
        for i, j in combinations(range(n), 2)
        if rng.random() < density
    ]


@given(graphs(), st.floats(0.05, 0.95))
def test_average_linkage_equals_the_slow_obvious_method(graph, threshold):
    n, pairs = graph
    assert linked(n, pairs, threshold) == slowly_linked(n, pairs, threshold)


@given(graphs(), st.floats(0.05, 0.95))
def test_no_chain_of_pairs_joins_what_a_veto_keeps_apart(graph, threshold):
    n, pairs = graph
    labels = linked(n, pairs, threshold)
    assert not [(i, j) for i, j, _, vetoed in pairs if vetoed and labels[i] == labels[j]]


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_changes_nothing(graph, rng):
    n, pairs = graph
    assert linked(n, rng.sample(pairs, len(pairs))) == linked(n, pairs)


@given(graphs(), st.data())
def test_renumbering_the_rows_renumbers_the_clusters(graph, data):
    n, pairs = graph
    new = data.draw(st.permutations(range(n)))
    renamed = [(*sorted((new[i], new[j])), p, vetoed) for i, j, p, vetoed in pairs]
    before, after = linked(n, pairs), linked(n, renamed)
    groups = {frozenset(new[r] for r in range(n) if before[r] == k) for k in before}
    assert groups == {frozenset(r for r in range(n) if after[r] == k) for k in after}


@given(graphs())
def test_a_cluster_is_called_by_its_lowest_row(graph):
    n, pairs = graph
    labels = linked(n, pairs)
    assert all(labels[label] == label <= row for row, label in enumerate(labels))


@given(graphs())
def test_equal_probabilities_give_the_same_in_any_order_of_pairs(graph):
    n, pairs = graph
    tied = [(i, j, round(p * 2) / 2, vetoed) for i, j, p, vetoed in pairs]
    assert linked(n, tied, 0.5) == linked(n, tied[::-1], 0.5)


def test_ties_go_to_the_lowest_rows():
    assert linked(3, [(0, 1, 0.8, False), (1, 2, 0.8, False)]) == [0, 0, 2]
    assert linked(4, [(0, 3, 0.8, False), (1, 3, 0.8, False), (2, 3, 0.8, False)]) == [0, 1, 2, 0]


def test_a_weak_cross_average_keeps_two_tight_clusters_apart():
    pairs = [(0, 1, 0.9, False), (2, 3, 0.9, False), (1, 2, 0.8, False)]
    assert linked(4, pairs) == [0, 0, 2, 2], "(0 + 0 + .8 + 0) / 4 is below .5"
    assert linked(4, pairs, threshold=0.2) == [0, 0, 0, 0]


def test_the_threshold_itself_is_enough():
    assert linked(2, [(0, 1, 0.5, False)], 0.5) == [0, 0]
    assert linked(2, [(0, 1, 0.4999, False)], 0.5) == [0, 1]


def test_one_veto_holds_for_both_clusters():
    certain = [(i, j, 0.99, False) for i, j in combinations(range(4), 2) if (i, j) != (0, 3)]
    assert linked(4, certain) == [0, 0, 0, 0]
    labels = linked(4, [*certain, (0, 3, 1.0, True)])
    assert labels[0] != labels[3]
    assert len(set(labels)) == 2


@pytest.mark.parametrize("n", [0, 1, 3])
def test_no_pairs_leave_every_row_alone(n):
    assert linked(n, []) == list(range(n))


def test_components():
    i, j = np.array([0, 1, 4]), np.array([1, 2, 5])
    label = components(6, i, j)
    assert label[0] == label[1] == label[2] != label[3] != label[4] == label[5]
    assert components(0, i[:0], j[:0]).tolist() == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=40))
def test_edges_in_lots_give_the_same_components_with_the_same_numbers(edges):
    i, j = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    at_once = components(21, i, j)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "_EDGES", 3)
        assert components(21, i, j).tolist() == at_once.tolist()
    assert np.unique(at_once, return_index=True)[1].tolist() == sorted(
        {at_once.tolist().index(label) for label in at_once.tolist()}
    )  # numbered by their lowest rows
