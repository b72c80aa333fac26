"""Average linkage over a sparse graph: the same clusters as on a full matrix."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linkage.linking import clustering
from linkage.linking.clustering import ScoredPairs, average_linkage
from linkage.linking.neighbours import FewNeighbours, ManyNeighbours
from linkage.linking.sparse import SparseLinkage


def scored(n, probabilities, vetoed=()):
    """Pairs of n rows in order; a probability of None is a pair that was not scored."""
    found = [
        (i, j, p) for (i, j), p in zip(combinations(range(n), 2), probabilities, strict=True) if p
    ]
    i, j, p = (np.array([row[k] for row in found]) for k in range(3))
    veto = np.array([(a, b) in vetoed for a, b, _ in found], dtype=bool)
    return ScoredPairs(i.astype(np.int64), j.astype(np.int64), p.astype(float), veto)


def merged(n, pairs, threshold, apart=frozenset()):
    """Clusters, with rows of `apart` that may not meet whether they are scored or not."""
    members = {row: {row} for row in range(n)}

    def meet(a, b, _mean):
        return not any((min(x, y), max(x, y)) in apart for x in members[a] for y in members[b])

    def join(a, b):
        members[a] |= members.pop(b)

    return SparseLinkage(n, pairs).merge(threshold, meet, join).tolist()


# sums of these are exact in binary, so that ties are ties in either order of adding up
PROBABILITY = st.one_of(st.none(), st.sampled_from([k / 64 for k in range(1, 65)]))


@given(st.integers(2, 9).flatmap(lambda n: st.tuples(
    st.just(n),
    st.lists(PROBABILITY, min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2),
    st.sets(st.tuples(st.integers(0, n - 2), st.integers(1, n - 1)), max_size=4),
    st.sampled_from([0.25, 0.5, 0.75]),
)))  # fmt: skip
def test_no_pair_that_may_not_meet_does(case):
    n, probabilities, apart, threshold = case
    apart = frozenset((i, j) for i, j in apart if i < j)
    cluster = merged(n, scored(n, probabilities), threshold, apart)
    assert all(cluster[i] != cluster[j] for i, j in apart)
    assert all(cluster[root] == root <= row for row, root in enumerate(cluster))


@given(st.integers(2, 9).flatmap(lambda n: st.tuples(
    st.just(n),
    st.lists(st.floats(0.01, 1), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2,
             unique=True),
    st.sets(st.tuples(st.integers(0, n - 2), st.integers(1, n - 1)), max_size=3),
    st.sampled_from([0.25, 0.5, 0.75]),
)))  # fmt: skip
def test_the_same_clusters_as_on_a_full_matrix(case):
    n, probabilities, vetoed, threshold = case
    kept = [p if k % 3 else None for k, p in enumerate(probabilities)]  # some were not scored
    for values in (probabilities, kept):
        pairs = scored(n, values, vetoed)
        full = average_linkage(n, pairs, threshold).tolist()
        assert merged(n, pairs, threshold) == full


@given(st.integers(2, 16).flatmap(lambda n: st.tuples(
    st.just(n),
    st.lists(st.one_of(st.none(), st.floats(0.01, 1)), min_size=n * (n - 1) // 2,
             max_size=n * (n - 1) // 2),
    st.sets(st.tuples(st.integers(0, n - 2), st.integers(1, n - 1)), max_size=3),
    st.lists(st.integers(1, 5), min_size=n, max_size=n),
    st.booleans(),
)))  # fmt: skip
def test_few_and_many_neighbours_are_the_same_graph_to_the_last_bit(case):
    n, probabilities, vetoed, numbers, limited = case
    size = np.array(numbers, dtype=float)
    most = size[::-1] + 1 if limited else None
    graphs = [kind(n, scored(n, probabilities, vetoed), size, most)
              for kind in (FewNeighbours, ManyNeighbours)]  # fmt: skip
    for a in range(n - 1):
        few, many = ([graph.best(row) for row in range(n) if graph.is_cluster(row)]
                     for graph in graphs)  # fmt: skip
        assert few == many
        b = graphs[0].best(a)[1] if graphs[0].is_cluster(a) else a
        if a != b:
            for graph in graphs:
                graph.merge(min(a, b), max(a, b))
        assert (graphs[0].roots() == graphs[1].roots()).all()


def test_a_pair_that_was_not_scored_counts_as_nothing():
    pairs = scored(3, [0.9, 0.9, None])
    assert merged(3, pairs, 0.46) == [0, 0, 2]
    assert merged(3, pairs, 0.44) == [0, 0, 0]


def test_who_may_not_meet_may_still_meet_others():
    pairs = scored(4, [0.9, 0.8, 0.2, 0.7, 0.1, 0.6])
    assert merged(4, pairs, 0.5, frozenset({(0, 1)})) == [0, 1, 0, 3]


def test_no_pairs_no_clusters():
    assert merged(3, scored(3, [None, None, None]), 0.5) == [0, 1, 2]
    assert merged(0, scored(0, []), 0.5) == []


@given(st.integers(2, 7).flatmap(lambda n: st.tuples(
    st.lists(st.integers(1, 4), min_size=n, max_size=n),
    st.lists(st.floats(0.01, 0.99), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2,
             unique=True),
    st.sampled_from([0.25, 0.5, 0.75]),
)))  # fmt: skip
def test_a_row_that_counts_as_several_is_several_equal_rows(case):
    weight, probabilities, threshold = case
    n = len(weight)
    pairs = scored(n, probabilities)
    of = np.repeat(np.arange(n), weight)
    p = np.ones((n, n))
    p[pairs.i, pairs.j] = p[pairs.j, pairs.i] = pairs.probability
    expanded = [float(p[of[a], of[b]]) for a, b in combinations(range(len(of)), 2)]
    slowly = of[average_linkage(len(of), scored(len(of), expanded), threshold)]
    weights = np.array(weight, dtype=float)
    dense = average_linkage(n, pairs, threshold, weights)
    sparse = SparseLinkage(n, pairs, weight=weights).merge(
        threshold, meet=lambda _a, _b, _mean: True, join=lambda _a, _b: None
    )
    assert dense[of].tolist() == slowly.tolist()
    assert sparse.tolist() == dense.tolist()


def test_a_large_component_needs_no_full_matrix(monkeypatch):
    monkeypatch.setattr(clustering, "_similarity_matrix", None)  # fails where one is made
    n = clustering.MOST_DENSE + 1
    i = np.arange(n - 1)
    near = np.full(n - 1, 0.9)
    near[1::2] = 0.6
    chain = ScoredPairs(i, i + 1, near, np.zeros(n - 1, dtype=bool))
    pairs = np.arange(n) // 2 * 2
    assert average_linkage(n, chain, 0.5).tolist() == pairs.tolist()
