"""Bridges: the quick way against taking each edge out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linkage.linking.bridges import bridge_sides
from linkage.linking.clustering import components

NODES = 9
EDGES = st.sets(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)).filter(lambda e: e[0] < e[1]),
    max_size=14,
)


@given(EDGES, st.lists(st.integers(0, 2), min_size=NODES, max_size=NODES))
def test_a_bridge_is_an_edge_without_which_a_part_falls_off(edges, weights):
    i, j = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2).T
    weight = np.array(weights, dtype=np.int64)
    expected = []
    for edge in range(len(i)):
        others = np.arange(len(i)) != edge
        label = components(NODES, i[others], j[others])
        sides = [int(weight[label == label[end[edge]]].sum()) for end in (i, j)]
        expected.append(0 if label[i[edge]] == label[j[edge]] else min(sides))
    assert bridge_sides(NODES, i, j, weight).tolist() == expected
