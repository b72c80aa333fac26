"""Co-authors as sparse rows say the same as one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from linkage.features import coauthors
from linkage.features.arrays import objects
from linkage.features.coauthors import Companies, Lists

N_TOKENS = 7
SETS = st.frozensets(st.integers(0, N_TOKENS - 1))


def matrix(sets):
    columns = [code for codes in sets for code in sorted(codes)]
    ends = np.cumsum([0, *map(len, sets)], dtype=np.int32)
    ones = np.ones(len(columns), dtype=np.int8)
    shape = (len(sets), N_TOKENS)
    return csr_array((ones, np.array(columns, dtype=np.int32), ends), shape=shape)


@st.composite
def companies(draw):
    lists = draw(st.lists(SETS, min_size=1, max_size=5))
    # a long list has a sample of its own names
    samples = [draw(st.frozensets(st.sampled_from(sorted(one)))) if one else one for one in lists]
    own = draw(st.lists(st.frozensets(st.integers(0, N_TOKENS - 1), max_size=3), min_size=1,
                        max_size=3))  # fmt: skip
    nats = np.array(draw(st.lists(st.floats(0, 20), min_size=N_TOKENS, max_size=N_TOKENS)))
    tokens = objects("abcdefg")
    found = Lists(matrix(lists), matrix(samples), matrix(own), tokens, nats)
    rows = st.tuples(st.integers(0, len(lists) - 1), st.integers(0, len(own) - 1))
    team, name = np.array(draw(st.lists(rows, min_size=2, max_size=8)), dtype=np.int64).T
    return Companies(found, team, name)


@given(companies())
@settings(max_examples=200)
def test_features_of_whole_batches_are_those_of_each_pair(found):
    half = len(found) // 2
    a, b = found[np.arange(half)], found[np.arange(half, 2 * half)]
    for feature in (
        coauthors.shared_coauthor_information,
        coauthors.shared_coauthor_share,
        coauthors.shared_coauthor_name_information,
    ):
        plain = [feature(found[row], found[half + row]) for row in range(half)]
        np.testing.assert_allclose(feature._kernel(a, b), plain, rtol=1e-12)


@given(companies())
def test_rows_are_the_values_one_by_one(found):
    others = found.others()
    for row, one in enumerate(found):
        listed = one.sample or one.rarity.keys()
        columns = others.indices[others.indptr[row] : others.indptr[row + 1]]
        assert set(found.lists.tokens[columns]) == set(listed) - one.own
        assert found.counts[0, row] == len(one.rarity.keys() - one.own)
        assert found.counts[1, row] == len(one.sample - one.own)
        assert found.sizes()[row] == len(one.rarity)
