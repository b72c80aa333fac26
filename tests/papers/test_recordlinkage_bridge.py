import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from linkage.errors import InputError
from tests.helpers.toolkit import toolkit

recordlinkage, index = toolkit(), toolkit("recordlinkage.index")
Block, Full, Random = index.Block, index.Full, index.Random
SortedNeighbourhood = index.SortedNeighbourhood

from linkage.papers.recordlinkage_bridge import ecm_probabilities, index_pairs  # noqa: E402

RECORDS = pd.DataFrame(
    {
        "record_id": ["p1", "p2", "p3", "p4", "p5"],
        "title": ["moss", "moss", None, "mosses", "fern"],
        "authors": [[{"name": "A B"}], [], None, [{"name": "C D"}], [{"name": "A B"}]],
        "year": pd.array([2001, 2001, None, 2002, 2002], dtype="Int64"),
    },
    index=["any", "index", "will", "do", "here"],
)


def pairs_of(algorithm, records=RECORDS):
    left, right = index_pairs(algorithm, records)
    assert left.dtype == right.dtype == np.int64
    return list(zip(left.tolist(), right.tolist(), strict=True))


def test_block_pairs_equal_values_and_never_missing_ones():
    assert pairs_of(Block("title")) == [(0, 1)]
    assert pairs_of(Block("year")) == [(0, 1), (3, 4)]
    assert pairs_of(Block(["title", "year"])) == [(0, 1)]


def test_full_random_and_a_union_of_rules():
    every = [(i, j) for i in range(5) for j in range(i + 1, 5)]
    assert pairs_of(Full()) == every
    some = pairs_of(Random(4, replace=False, random_state=1))
    assert len(set(some)) == 4
    assert set(some) < set(every)
    assert pairs_of(Random(40, replace=True, random_state=1)) == sorted(
        set(pairs_of(Random(40, replace=True, random_state=1)))
    )
    union = recordlinkage.Index([Block("title"), Block("year")])
    assert pairs_of(union) == [(0, 1), (3, 4)]


def test_sorted_neighbourhood_keeps_nothing_from_one_frame_to_the_next():
    rule = SortedNeighbourhood("title", window=3)
    assert pairs_of(rule) == [(0, 1), (0, 3), (0, 4), (1, 3), (1, 4)]
    other = pd.DataFrame({"title": ["ape", "bee", "cat"]})
    assert pairs_of(rule, other) == [(0, 1), (1, 2)]
    assert pairs_of(SortedNeighbourhood("year", window=3)) == [
        (0, 1), (0, 3), (0, 4), (1, 3), (1, 4), (3, 4),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [0, 1])
def test_frames_without_a_pair(size):
    for rule in (Block("title"), Full(), SortedNeighbourhood("title")):
        assert pairs_of(rule, RECORDS.head(size)) == []


def test_a_rule_that_does_not_fit_the_records():
    with pytest.raises(InputError, match=r"no column .*doi.*expected one of record_id, title"):
        index_pairs(Block("doi"), RECORDS)
    with pytest.raises(InputError, match="expected columns of single values, found lists"):
        index_pairs(Block("authors"), RECORDS)


def simulated(n=4000, share=0.2, seed=0):
    """Features that agree in .9 of the matches and .1 of the others; the sixth is a conflict."""
    rng = np.random.default_rng(seed)
    match = rng.random(n) < share
    agree = rng.random((n, 6)) < np.where(match, 0.9, 0.1)[:, None]
    features = np.where(agree, rng.uniform(0.86, 1, (n, 6)), rng.uniform(0, 0.8, (n, 6)))
    features[:, 5] = np.where(agree[:, 5], 0, 3)
    features[rng.random((n, 6)) < 0.05] = np.nan
    return features.astype(np.float32), match


NAMES, SIGNS = list("abcdef"), [1, 1, 1, 1, 1, -1]


@pytest.mark.parametrize("share", [0.05, 0.3, 0.85])
def test_ecm_finds_the_matches_without_labels(share):
    features, match = simulated(share=share)
    probability = ecm_probabilities(features, NAMES, SIGNS)
    assert probability.dtype == np.float64
    assert ((probability > 0.5) == match).mean() > 0.97
    assert probability.mean() == pytest.approx(match.mean(), abs=0.03)


def test_ecm_equals_the_toolkit_where_the_toolkit_works():
    features, _ = simulated()
    features = np.nan_to_num(features)
    vectors = pd.DataFrame((features >= 0.85).astype(int), columns=NAMES)
    vectors["f"] = (features[:, 5] <= 0).astype(int)
    theirs = recordlinkage.ECMClassifier()
    theirs.fit(vectors)
    ours = ecm_probabilities(features, NAMES, SIGNS)
    np.testing.assert_allclose(ours, theirs.prob(vectors), atol=1e-6)


def test_ecm_ignores_row_order_and_unsigned_features():
    features, _ = simulated()
    expected = ecm_probabilities(features, NAMES, SIGNS)
    order = np.random.default_rng(1).permutation(len(features))
    np.testing.assert_array_equal(ecm_probabilities(features[order], NAMES, SIGNS), expected[order])
    noise = np.random.default_rng(2).random((len(features), 1), dtype=np.float32)
    more = ecm_probabilities(np.hstack([features, noise]), [*NAMES, "noise"], [*SIGNS, 0])
    np.testing.assert_array_equal(more, expected)


def test_ecm_matches_are_the_class_that_agrees_more():
    # Nearly every pair agrees: left to itself, the larger class would count as the non-matches.
    rng = np.random.default_rng(5)
    match = rng.random(3000) < 0.97
    features = (rng.random((3000, 8)) < np.where(match, 0.97, 0.3)[:, None]).astype(np.float32)
    probability = ecm_probabilities(features, list("abcdefgh"), [1] * 8)
    agreement = features.mean(axis=1)
    assert probability[agreement == 1].min() > 0.9
    assert probability[agreement < 0.3].max() < 0.1


@pytest.mark.parametrize("seed", range(240, 250))  # in two of these the classes come out swapped
def test_ecm_never_rates_no_agreement_above_full_agreement(seed):
    rng = np.random.default_rng(seed)
    n, k = rng.integers(2, 60), rng.integers(1, 8)
    features = (rng.random((n, k)) < rng.random(k)).astype(np.float32)
    features[:2] = [[1] * k, [0] * k]
    probability = ecm_probabilities(features, [f"f{i}" for i in range(k)], [1] * k)
    assert probability[0] >= probability[1]


def test_ecm_without_anything_to_learn_from():
    assert ecm_probabilities(np.empty((0, 2), np.float32), ["a", "b"], [1, -1]).shape == (0,)
    alike = np.array([[1, 0, 1, 1]] * 3, np.float32)
    assert (ecm_probabilities(alike, list("abcd"), [1, -1, 1, 1]) > 0.99).all()
    assert (ecm_probabilities(1 - alike, list("abcd"), [1, -1, 1, 1]) < 0.01).all()
    unknown = np.full((2, 3), np.nan, np.float32)
    assert (ecm_probabilities(unknown, list("abc"), [1, 1, -1]) < 0.01).all()
    assert ecm_probabilities(unknown, list("abc"), [0, 0, 0]) == pytest.approx([0.1, 0.1])


def test_ecm_survives_features_that_separate_perfectly():
    # Forty columns that always agree together: unbounded, the toolkit ends in 0 * log 0 = NaN.
    match = np.arange(400) % 4 == 0
    features = np.repeat(match[:, None], 40, axis=1).astype(np.float32)
    probability = ecm_probabilities(features, [f"f{k}" for k in range(40)], [1] * 40)
    np.testing.assert_allclose(probability, match, atol=1e-6)


@settings(deadline=None)
@given(npst.arrays(np.float32, st.tuples(st.integers(0, 12), st.just(4)),
                   elements=st.sampled_from([0.0, 0.5, 1.0, 3.0, math.nan])))  # fmt: skip
def test_ecm_always_gives_probabilities(features):
    probability = ecm_probabilities(features, list("abcd"), [1, 1, -1, 0])
    assert probability.shape == (len(features),)
    assert ((probability >= 0) & (probability <= 1)).all()


def test_ecm_refuses_shapes_that_do_not_fit():
    with pytest.raises(InputError, match="expected one column, name and sign per feature"):
        ecm_probabilities(np.zeros((3, 2), np.float32), ["a"], [1])
