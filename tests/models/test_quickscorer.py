"""The compiled scoring of trees, its source as it stands and NumPy's form: the same to the bit."""

import importlib.util
import random
from importlib.machinery import SourceFileLoader
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linkage.models
from linkage.models import load_model, trees
from linkage.models.trees import TreeScorer
from tests.helpers.trees import GRID, N_FEATURES, random_tree

SOURCE = Path(linkage.models.__file__).with_name("quickscorer.py")
VALUES = [*GRID, float("nan"), float("inf"), -9.0, 0.3, 7.0]


@pytest.fixture(scope="module")
def uncompiled():
    """The source as it stands."""
    pytest.importorskip("cython")
    loader = SourceFileLoader("quickscorer_as_it_stands", str(SOURCE))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def scored_by(monkeypatch):
    def score(kernel, scorer, X):
        monkeypatch.setattr(trees, "compiled_kernel", lambda: kernel)
        return scorer.score(X)

    return score


def rows(seed, n, width=N_FEATURES):
    rng = np.random.default_rng(seed)
    return rng.choice(VALUES, (n, width)).astype(np.float32)


@pytest.mark.parametrize("sizes", [[], [1], [8] * 7, [16, 3], [2, 8] * 75, [5, 16, 1] * 100])
def test_the_source_as_it_stands_gives_what_numpy_gives(uncompiled, scored_by, sizes):
    rng = random.Random(len(sizes))
    scorer = TreeScorer([random_tree(rng, size) for size in sizes], N_FEATURES)
    X = rows(1, 20)
    found = scored_by(uncompiled, scorer, X)
    assert found.tolist() == scorer.score_in_columns(X).tolist()


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.lists(st.integers(1, 16), max_size=40), st.integers(0, 30))
def test_compiled_it_gives_what_numpy_gives(seed, sizes, n):
    kernel = trees.compiled_kernel()
    if kernel is None:
        pytest.skip("linkage was installed without a compiler")
    rng = random.Random(seed)
    scorer = TreeScorer([random_tree(rng, size) for size in sizes], N_FEATURES)
    X = rows(seed, n)
    expected = scorer.score_in_columns(X).tolist()
    assert scorer.score(X).tolist() == expected
    assert scorer.score(np.asfortranarray(X)).tolist() == expected


@pytest.mark.parametrize("name", ["authors", "papers_publication", "papers_work"])
def test_shipped_models_score_the_same_compiled(name):
    if trees.compiled_kernel() is None:
        pytest.skip("linkage was installed without a compiler")
    model = load_model(name)
    scorer = TreeScorer(model.trees, len(model.features))
    thresholds = np.concatenate([tree.threshold for tree in model.trees])  # and beside them
    X = np.random.default_rng(3).choice(thresholds, (3000, len(model.features)))
    X = X.astype(np.float32)
    X[::7] = np.nextafter(X[::7], np.float32(9))
    X[np.random.default_rng(4).random(X.shape) < 0.2] = np.nan
    X.flags.writeable = False
    assert scorer.score(X).tolist() == scorer.score_in_columns(X).tolist()


def test_without_the_compiled_form_numpy_scores(scored_by):
    scorer = TreeScorer([random_tree(random.Random(2), 9)], N_FEATURES)
    X = rows(5, 50)
    assert scored_by(None, scorer, X).tolist() == scorer.score_in_columns(X).tolist()


def test_rows_of_doubles_are_scored_as_they_are(scored_by):
    tree = [[0, -1, -1], [0.1, 0, 0], [0, 0, 0], [1, 0, 0], [2, 0, 0], [0, 1.0, 2.0]]
    scorer = TreeScorer([trees.Tree.from_lists(tree)], 1)
    X = np.array([[0.1], [np.float32(0.1)]])  # the nearest float32 is above .1
    assert scorer.score(X).tolist() == [1.0, 2.0]
