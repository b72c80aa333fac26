import json
import random
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from linkage.errors import InputError, ModelError
from linkage.features.feature import feature
from linkage.models import PairModel, load_model, pair_model, shipped_models, training
from linkage.models.training import fit_pair_model
from linkage.models.trees import MAX_LEAVES, TreeScorer
from linkage.papers.pairs import PAPER_FEATURES
from tests.helpers.trees import GRID, N_FEATURES, random_tree


@feature(reads="x", sign=+1)
def likeness(a, b):
    """A likeness."""


@feature(reads="x", sign=-1)
def difference(a, b):
    """A difference."""


@feature(reads="x", sign=0)
def either_way(a, b):
    """Neither."""


FEATURES = (likeness, difference, either_way)


trees = st.builds(
    lambda seed, sizes: [
        random_tree(random.Random(seed + k), size) for k, size in enumerate(sizes)
    ],
    st.integers(0, 2**32),
    st.lists(st.integers(1, MAX_LEAVES), max_size=5),
)
rows = st.lists(
    st.lists(st.sampled_from([*GRID, float("nan"), 7.0, -9.0]), min_size=N_FEATURES,
             max_size=N_FEATURES),
    max_size=6,
)  # fmt: skip


def matrix(rows):
    return np.array(rows, dtype=np.float32).reshape(-1, N_FEATURES)


@given(trees, rows)
def test_scoring_equals_walking_down_every_tree(trees, rows):
    X = matrix(rows)
    found = TreeScorer(trees, N_FEATURES).score(X)
    expected = [sum(tree.walk(row) for tree in trees) for row in X]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
    assert found.shape == (len(X),)


@settings(max_examples=30)
@given(trees.filter(bool), rows)
def test_trees_survive_json_exactly(trees, rows):
    model = PairModel("papers", tuple("abcd"), tuple(trees), 0.25, about={"note": "α"})
    text = model.to_json()
    again = PairModel.from_json(text)
    assert again.to_json() == text
    X = matrix(rows)
    np.testing.assert_array_equal(again.log_odds(X), model.log_odds(X))
    assert again.about == {"note": "α"}


def test_a_model_is_called_by_all_that_its_file_holds():
    tree = random_tree(random.Random(1), 3)
    model = PairModel("papers", tuple("abcd"), (tree,), 0.25, about={"trees": 1, "note": "}\n"})
    again = PairModel.from_json(model.to_json())
    assert (again.about, again.fingerprint) == (model.about, model.fingerprint)
    for change in ({"about": {}}, {"threshold": 0.7}, {"trees": (tree, tree)}):
        assert replace(model, **change).fingerprint != model.fingerprint


def test_scoring_is_the_same_in_blocks_of_any_size():
    rng = random.Random(5)
    scorer = TreeScorer([random_tree(rng, 9) for _ in range(7)], N_FEATURES)
    X = np.random.default_rng(1).choice([*GRID, np.nan], (700, N_FEATURES)).astype(np.float32)
    one_by_one = [float(scorer.score(row[None])[0]) for row in X]
    assert scorer.score(X).tolist() == one_by_one


def labelled(n=400, seed=0):
    """Pairs in which the first feature speaks for, the second against, with gaps and noise."""
    rng = np.random.default_rng(seed)
    X = rng.random((n, 3)).astype(np.float32)
    y = X[:, 0] - X[:, 1] + rng.normal(0, 0.15, n) > 0
    X[rng.random((n, 3)) < 0.2] = np.nan
    return X, y


@pytest.fixture(scope="module")
def small_model():
    return fit_pair_model("papers", FEATURES, *labelled(), n_bags=2)


def test_one_bag_equals_scikit_learn():
    X, y = labelled()
    model = fit_pair_model("papers", FEATURES, X, y, n_bags=1)
    booster = HistGradientBoostingClassifier(
        **training.SETTINGS, monotonic_cst=[f.sign for f in FEATURES], random_state=0
    )
    with threadpool_limits(limits=1):
        booster.fit(X, y)
    unseen = labelled(seed=3)[0]
    np.testing.assert_allclose(
        model.log_odds(unseen), booster.decision_function(unseen), rtol=0, atol=1e-9
    )
    np.testing.assert_allclose(
        model.probability(unseen), booster.predict_proba(unseen)[:, 1], rtol=0, atol=1e-9
    )


def test_training_twice_gives_the_same_file(small_model):
    again = fit_pair_model("papers", FEATURES, *labelled(), n_bags=2)
    assert again.to_json() == small_model.to_json()


def test_training_learns(small_model):
    X, y = labelled(seed=9)
    assert ((small_model.probability(X) > 0.5) == y).mean() > 0.75


def test_weight_moves_the_model():
    X, y = labelled()
    light = fit_pair_model("papers", FEATURES, X, y, np.where(y, 0.01, 1.0), n_bags=1)
    even = fit_pair_model("papers", FEATURES, X, y, np.ones(len(y)), n_bags=1)
    assert light.probability(X).mean() < even.probability(X).mean() - 0.1


def test_a_feature_that_is_always_missing_in_training_says_nothing():
    X, y = labelled()
    X[:, 2] = np.nan
    model = fit_pair_model("papers", FEATURES, X, y, n_bags=1)
    filled = X.copy()
    filled[:, 2] = 5
    np.testing.assert_array_equal(model.probability(filled), model.probability(X))


unit = st.floats(0, 1, width=32)
maybe = unit | st.just(float("nan"))


@given(st.tuples(maybe, maybe, maybe), unit, unit)
def test_monotone_signs_hold(small_model, row, one, two):
    low, high = sorted((one, two))
    for k, sign in ((0, 1), (1, -1)):
        X = np.array([row, row], dtype=np.float32)
        X[:, k] = low, high
        p = small_model.probability(X)
        assert sign * (p[1] - p[0]) >= -1e-12


def test_monotone_signs_hold_in_the_shipped_paper_model():
    sign = {f.name: f.sign for f in PAPER_FEATURES}
    model = load_model("papers_publication")
    rng = np.random.default_rng(1)
    X = rng.random((300, len(model.features))).astype(np.float32)
    X[rng.random(X.shape) < 0.3] = np.nan
    for k, name in enumerate(model.features):
        low, high = X.copy(), X.copy()
        low[:, k], high[:, k] = rng.random(300) - 0.2, 1 + 5 * rng.random(300)
        change = model.log_odds(high) - model.log_odds(low)
        assert (sign[name] * change >= -1e-9).all(), name


def good_file():
    tree = [[0, -1, -1], [0.5, 0, 0], [1, 0, 0], [1, 0, 0], [2, 0, 0], [0, -1, 1]]
    return {
        "format": "biblinkage-pair-model/1", "job": "papers", "about": {}, "threshold": 0.5,
        "review": [0.3, 0.9], "n_bags": 1, "baseline": 0.0, "features": ["a", "b"], "trees": [tree],
    }  # fmt: skip


def too_many_leaves():
    nodes = 2 * MAX_LEAVES + 1
    inner = MAX_LEAVES  # a comb: node 2k has the leaf 2k + 1 and the next inner node 2k + 2
    rows = [[0, 0.5, 1, n + 1, n + 2, 0] if n % 2 == 0 and n < 2 * inner else [-1, 0, 0, 0, 0, 1]
            for n in range(nodes)]  # fmt: skip
    return [list(column) for column in zip(*rows, strict=True)]


def changed(**values):
    return json.dumps(good_file() | values)


def changed_tree(attribute, values):
    tree = [list(column) for column in good_file()["trees"][0]]
    tree[attribute] = values
    return changed(trees=[tree])


def without(key):
    return json.dumps({k: v for k, v in good_file().items() if k != key})


def test_a_good_file_is_read():
    model = PairModel.from_json(json.dumps(good_file()))
    assert model.log_odds(np.array([[0, 0], [1, 0], [np.nan, 0]], np.float32)).tolist() == [
        -1,
        1,
        -1,
    ]


DAMAGED = {
    "empty": ("", "not a model file"),
    "no JSON": ("%PDF-1.4", "not a model file"),
    "cut short": (json.dumps(good_file())[:-20], "not a model file"),
    "a list": ("[]", "not a model file"),
    "a number": ("7", "not a model file"),
    "nested without end": ("[" * 100_000, "not a model file"),
    "another format": (changed(format="other/9"), "found model format 'other/9'"),
    "no format": (without("format"), "found model format None"),
    **{f"no {key}": (without(key), f"it has no '{key}'") for key in good_file() if key != "format"},
    "trees are text": (changed(trees="abc"), "not a model file"),
    "no bags": (changed(n_bags=0), "n_bags is not a whole number from 1"),
    "more bags than atoms": (changed(n_bags=10**400), "n_bags is not a whole number from 1"),
    "half a bag": (changed(n_bags=2.5), "n_bags is not a whole number from 1"),
    "a bag that is true": (changed(n_bags=True), "n_bags is not a whole number from 1"),
    "features are a text": (changed(features="ab"), "not a list of names"),
    "features are numbers": (changed(features=[1, 2]), "not a list of names"),
    "features are lists": (changed(features=[["a"], ["b"]]), "not a list of names"),
    "a feature twice": (changed(features=["a", "a"]), "there twice"),
    "no tree": (changed(trees=[]), "no tree"),
    "a baseline beyond floats": (changed(baseline=10**400), "not a model file"),
    "a baseline beyond sense": (changed(baseline=1e308), "add up to more than 700"),
    "values beyond sense": (changed_tree(5, [0, 1e308, 1]), "add up to more than 700"),
    "review is no number": (changed(review=[float("nan"), 1]), "not in 0 to 1"),
    "review backwards": (changed(review=[0.9, 0.1]), "not in 0 to 1"),
    "a level that is a list": (changed(level=["work"]), "job or level"),
    "a job that is a number": (changed(job=7), "job or level"),
    "half a feature": (changed_tree(0, [0.5, -1, -1]), "whole numbers"),
    "objects without end": ('{"a":' * 100_000, "not a model file"),
    "lists without end in what is about": (
        json.dumps(good_file())[:-1] + ', "about": ' + "[" * 10_000 + "]" * 10_000 + "}",
        "not a model file",
    ),
    "a number without end": ('{"format": ' + "9" * 10_000 + "}", "not a model file"),
    "endless bags": (changed(n_bags=float("inf")), "not a model file"),
    "threshold above 1": (changed(threshold=2), "not in 0 to 1"),
    "no threshold": (changed(threshold=float("nan")), "not in 0 to 1"),
    "baseline null": (changed(baseline=None), "not a model file"),
    "review too short": (changed(review=[0.3]), "not a model file"),
    "a tree without nodes": (changed(trees=[[[]] * 6]), "not a model file"),
    "a tree with a list too few": (changed(trees=[[[-1]] * 5]), "not a model file"),
    "lists of different length": (changed_tree(1, [0.5]), "differ in length"),
    "a cycle": (changed_tree(3, [0, 0, 0]), "behind their parent"),
    "a child beyond the end": (changed_tree(4, [9, 0, 0]), "one parent"),
    "a child of two parents": (changed_tree(4, [1, 0, 0]), "one parent"),
    "a feature beyond the list": (changed_tree(0, [2, -1, -1]), "reads feature 2"),
    "a threshold that is no number": (changed_tree(1, [float("nan"), 0, 0]), "not a number"),
    "an infinite value": (changed_tree(5, [0, float("inf"), 1]), "not a number"),
    "a number too large": (changed_tree(3, [2**80, 0, 0]), "not a model file"),
    "text in a tree": (changed_tree(1, ["x", 0, 0]), "not a model file"),
    "more than 16 leaves": (changed(trees=[too_many_leaves()]), "17 leaves, at most 16"),
}


@pytest.mark.parametrize(("text", "says"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_refused_in_one_sentence(text, says):
    with pytest.raises(ModelError, match=r"^mine.json: ") as refusal:
        PairModel.from_json(text, "mine.json")
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_more_trees_than_memory_are_refused():
    split = [[[0, -1, -1], [k / 7, 0, 0], [0] * 3, [1, 0, 0], [2, 0, 0], [0, 1e-3, 0]]
             for k in range(15_000)]  # fmt: skip
    with pytest.raises(ModelError, match="15,000 trees with 15,002 thresholds are too many"):
        PairModel.from_json(changed(trees=split), "mine.json")


def test_a_file_too_large_to_be_a_model_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(good_file()))
    monkeypatch.setattr(pair_model, "MOST_BYTES", 100)
    with pytest.raises(ModelError, match=r"mine.json: not a model .* expected at most 100\)"):
        load_model(path)


def test_trees_with_sixteen_leaves_are_fine():
    tree = random_tree(random.Random(1), MAX_LEAVES)
    assert TreeScorer([tree], N_FEATURES).score(np.zeros((1, N_FEATURES), np.float32)).shape == (1,)


def test_a_model_asks_for_its_job_and_its_features(small_model):
    names = [f.name for f in FEATURES]
    small_model.require("papers", names)
    with pytest.raises(ModelError, match="the model is for papers, expected one for authors"):
        small_model.require("authors", names)
    with pytest.raises(ModelError, match=r"does not have: either_way; train it anew"):
        small_model.require("papers", names[:2])


def test_load_model_reads_shipped_ones_by_name_and_others_by_path(tmp_path, small_model):
    assert "papers_publication" in shipped_models()
    assert load_model("papers_publication").job == "papers"
    path = tmp_path / "mine.json"
    path.write_text(replace(small_model, threshold=0.25).to_json(), encoding="utf-8")
    assert load_model(path).threshold == load_model(str(path)).threshold == 0.25


def test_load_model_says_what_is_wrong(tmp_path):
    with pytest.raises(InputError, match=r"nowhere: no such model file; shipped models: .*papers_"):
        load_model("nowhere")
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ModelError, match=r"binary.json: not a model file .*not UTF-8"):
        load_model(binary)
    damaged = tmp_path / "damaged.json"
    damaged.write_text(without("trees"), encoding="utf-8")
    with pytest.raises(ModelError, match=r"damaged.json: .*it has no 'trees'"):
        load_model(damaged)


@pytest.mark.parametrize("name", shipped_models())
def test_a_shipped_model_is_whole(name):
    model = load_model(name)
    assert PairModel.from_json(model.to_json()).to_json() == model.to_json()
    assert 0 < model.review[0] <= model.threshold <= model.review[1] < 1
    assert len(set(model.features)) == len(model.features)


@pytest.mark.parametrize("folder", ["features", "models"])
def test_the_bare_folder_names_refuse_to_be_imported(folder, pytestconfig):
    found = subprocess.run(
        [sys.executable, "-c", f"import {folder}"],
        cwd=pytestconfig.rootpath, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"import this package as linkage.{folder}, not as {folder}" in found.stderr
