"""Adapting a trained model to a few labelled pairs."""

import numpy as np
import pytest

from linkage.errors import InputError
from linkage.features.feature import feature
from linkage.models.adaptation import adapt, leaves, similarity
from linkage.models.pair_model import PairModel
from linkage.models.training import fit_pair_model


@feature(reads="a", sign=+1)
def a_alike(a, b):
    return float(a == b)


@feature(reads="b", sign=0)
def b_alike(a, b):
    return float(a == b)


def pairs(n, seed, cut=0.5):
    """Pairs that are the same where the first feature is over about `cut`; some lack the other."""
    rng = np.random.default_rng(seed)
    X = rng.random((n, 2)).astype(np.float32)
    X[rng.random(n) < 0.1, 1] = np.nan
    return X, X[:, 0] + rng.normal(0, 0.1, n) > cut


@pytest.fixture(scope="module")
def model():
    return fit_pair_model("papers", [a_alike, b_alike], *pairs(600, 0), n_bags=2)


def right(model, X, y):
    return float(np.mean((model.probability(X) >= 0.5) == y))


def test_leaves_are_those_that_the_trees_are_walked_to(model):
    X, _ = pairs(50, 1)
    found = leaves(model, X)
    walked = [[tree.walk(row) for tree in model.trees] for row in X]
    values = [
        [tree.value[leaf] for tree, leaf in zip(model.trees, row, strict=True)] for row in found
    ]
    assert values == walked
    assert (model.trees[0].feature[found[:, 0]] < 0).all()


def test_similarity_is_the_share_of_common_leaves():
    left, other = np.array([[1, 2, 3, 4]], dtype=np.int16), np.array([[1, 2, 0, 0], [1, 2, 3, 4]])
    assert similarity(left, other.astype(np.int16)).tolist() == [[0.5, 1.0]]


def test_labels_teach_a_model_where_these_data_are_different(model):
    X, y = pairs(430, 2, cut=0.7)  # here more must agree than where the model was trained
    adapted = adapt(model, X[:30], y[:30])
    assert right(adapted, X[30:], y[30:]) > right(model, X[30:], y[30:]) + 0.03


def test_labels_that_agree_with_the_model_change_no_decision(model):
    X, _ = pairs(400, 3)
    said = model.probability(X) >= 0.5
    sure = np.abs(model.log_odds(X)) > 1
    adapted = adapt(model, X[:30][sure[:30]], said[:30][sure[:30]])
    assert right(adapted, X[sure], said[sure]) == 1.0


def test_one_label_moves_the_log_odds_most_at_its_own_place(model):
    X = np.array([[0.52, 0.5], [0.02, 0.5]], dtype=np.float32)
    adapted = adapt(model, X[:1], np.array([False]))
    near, far = (adapted.log_odds(X) - model.log_odds(X)).tolist()
    assert near < 0
    assert abs(far) < abs(near) / 3


def test_the_log_odds_are_the_most_probable_ones(model):
    # at the maximum, the change of the log-odds is the kernel times the residuals
    X, y = pairs(20, 4, cut=0.6)
    adapted, fallen = adapt(model, X, y), leaves(model, X)
    residual = y - adapted.probability(X)
    expected = 4.0 * similarity(fallen, fallen) @ residual
    assert np.allclose(adapted.log_odds(X) - model.log_odds(X), expected, atol=1e-4)


def test_an_adapted_model_is_stored_and_read_as_any_other(model):
    X, y = pairs(30, 5, cut=0.7)
    adapted = adapt(model, X, y)
    read = PairModel.from_json(adapted.to_json())
    assert read.probability(X).tolist() == adapted.probability(X).tolist()
    assert read.about["adapted_to"] == {"pairs": 30, "same": int(y.sum())}
    assert adapt(model, X, y).to_json() == adapted.to_json()


def test_no_label_is_told(model):
    with pytest.raises(InputError, match="found no labelled pair"):
        adapt(model, np.empty((0, 2), dtype=np.float32), np.empty(0, dtype=bool))
