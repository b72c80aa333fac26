"""The compiled scoring of trees, its source as it stands and NumPy's form: the same to the bit."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.models import load_model, trees
from linkage.models.trees import Tree, TreeScorer
from tests.helpers.kernels import FORMS, kernel
from tests.helpers.trees import GRID, N_FEATURES, random_tree

VALUES = [*GRID, float("nan"), float("inf"), -9.0, 0.3, 7.0]


def scored(form, scorer, X, name="quickscorer"):
    module = None if form is None else kernel(name, form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "compiled", lambda _: module)
        return scorer.score(X).tolist()


def rows(seed, n, width=N_FEATURES):
    rng = np.random.default_rng(seed)
    return rng.choice(VALUES, (n, width)).astype(np.float32)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sizes", [[], [1], [8] * 7, [16, 3], [2, 8] * 75, [5, 16, 1] * 100])
def test_it_gives_what_numpy_gives(form, sizes):
    rng = random.Random(len(sizes))
    scorer = TreeScorer([random_tree(rng, size) for size in sizes], N_FEATURES)
    X = rows(1, 20)
    assert scored(form, scorer, X) == scored(None, scorer, X)


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.lists(st.integers(1, 16), max_size=40), st.integers(0, 30))
def test_compiled_it_gives_what_numpy_gives(seed, sizes, n):
    rng = random.Random(seed)
    scorer = TreeScorer([random_tree(rng, size) for size in sizes], N_FEATURES)
    X = rows(seed, n)
    expected = scored(None, scorer, X)
    assert scored("compiled", scorer, X) == expected
    assert scored("compiled", scorer, np.asfortranarray(X)) == expected


@pytest.mark.parametrize("form", FORMS)
def test_what_rows_have_in_common_with_the_row_before_changes_nothing(form):
    scorer = TreeScorer([random_tree(random.Random(k), 8) for k in range(40)], N_FEATURES)
    X = np.repeat(rows(5, 12), 3, axis=0)
    changed = np.random.default_rng(6).random(X.shape) < 0.1
    X[changed] = rows(7, len(X))[changed]
    assert scored(form, scorer, X) == scored(None, scorer, X)


@pytest.mark.parametrize("name", ["authors", "papers_publication", "papers_work"])
def test_shipped_models_score_the_same_compiled(name):
    model = load_model(name)
    scorer = TreeScorer(model.trees, len(model.features))
    thresholds = np.concatenate([tree.threshold for tree in model.trees])  # and beside them
    X = np.random.default_rng(3).choice(thresholds, (3000, len(model.features)))
    X = X.astype(np.float32)
    X[::7] = np.nextafter(X[::7], np.float32(9))
    X[np.random.default_rng(4).random(X.shape) < 0.2] = np.nan
    X.flags.writeable = False
    assert scored("compiled", scorer, X) == scored(None, scorer, X)


@pytest.mark.parametrize("form", [*FORMS, None])
def test_rows_of_doubles_are_scored_as_they_are(form):
    tree = [[0, -1, -1], [0.1, 0, 0], [0, 0, 0], [1, 0, 0], [2, 0, 0], [0, 1.0, 2.0]]
    X = np.array([[0.1], [np.float32(0.1)]])  # the nearest float32 is above .1
    assert scored(form, TreeScorer([Tree.from_lists(tree)], 1), X) == [1.0, 2.0]
