import itertools
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import homogeneity_completeness_v_measure
from sklearn.metrics.cluster import pair_confusion_matrix

from linkage.errors import InputError
from linkage.evaluation.scoring import evaluate, evaluate_blocking, wrong_pairs
from tests.helpers.toolkit import toolkit

# Six records, worked by hand. Gold: {a b c} {d e} {f}; predicted: {a b} {c d e} {f}.
GOLD = pd.Series({"a": "X", "b": "X", "c": "X", "d": "Y", "e": "Y", "f": "Z"})
PREDICTED = pd.Series({"a": 1, "b": 1, "c": 2, "d": 2, "e": 2, "f": 3})

codes = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=25)
SWAPPED = {
    "pairwise_precision": "pairwise_recall",
    "b_cubed_precision": "b_cubed_recall",
    "cluster_precision": "cluster_recall",
    "homogeneity": "completeness",
    "splitting": "lumping",
}


def clusterings(drawn):
    ids = [f"r{k}" for k in range(len(drawn))]
    gold, predicted = zip(*drawn, strict=True)
    return pd.Series(predicted, index=ids), pd.Series(gold, index=ids)


def scores(predicted, gold, **options):
    return evaluate(predicted, gold, n_bootstrap=0, **options)


def same(a, b):
    return a == pytest.approx(b, nan_ok=True)


def links(clusters):
    pairs = [
        (left, right)
        for left, right in itertools.combinations(clusters.index, 2)
        if clusters[left] == clusters[right]
    ]
    return pd.MultiIndex.from_tuples(pairs, names=["left_id", "right_id"])


def slow_b_cubed(predicted, gold):
    """Record by record, straight from the definition."""
    precision = recall = 0.0
    for record in gold.index:
        cluster = {r for r in gold.index if predicted[r] == predicted[record]}
        entity = {r for r in gold.index if gold[r] == gold[record]}
        precision += len(cluster & entity) / len(cluster) / len(gold)
        recall += len(cluster & entity) / len(entity) / len(gold)
    return precision, recall


def test_small_case_worked_by_hand():
    result = scores(PREDICTED, GOLD)
    # gold pairs ab ac bc de, predicted ab cd ce de, in common ab de
    assert (result.n_true_pairs, result.n_predicted_pairs, result.n_gold_pairs) == (2, 4, 4)
    assert (result.pairwise_precision, result.pairwise_recall, result.pairwise_f1) == (
        0.5,
        0.5,
        0.5,
    )
    # a, b: 1 and 2/3; c: 1/3 and 1/3; d, e: 2/3 and 1; f: 1 and 1
    assert result.b_cubed_precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    assert result.b_cubed_recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)
    # only {f} is exact, of three clusters on either side
    assert result.cluster_f1 == pytest.approx(1 / 3)
    # c is outside the large piece of X, and not of the entity that fills its cluster
    assert (result.splitting, result.lumping) == pytest.approx((1 / 6, 1 / 6))
    # dropped: one of {a b} rightly, of {c d e} one of d, e rightly and c wrongly; X, Y need 2 + 1
    assert (result.record_precision, result.record_recall) == pytest.approx((2 / 3, 2 / 3))
    assert (result.n_records, result.n_entities, result.n_clusters) == (6, 3, 3)


@given(codes)
def test_b_cubed_equals_the_slow_definition(drawn):
    predicted, gold = clusterings(drawn)
    result = scores(predicted, gold)
    assert (result.b_cubed_precision, result.b_cubed_recall) == pytest.approx(
        slow_b_cubed(predicted, gold)
    )


@given(codes)
def test_against_scikit_learn(drawn):
    predicted, gold = clusterings(drawn)
    result = scores(predicted, gold)
    (_, false), (missed, true) = pair_confusion_matrix(gold, predicted) // 2
    counts = (result.n_true_pairs, result.n_predicted_pairs, result.n_gold_pairs)
    assert counts == (true, true + false, true + missed)
    ours = (result.homogeneity, result.completeness, result.v_measure)
    assert ours == pytest.approx(homogeneity_completeness_v_measure(gold, predicted), abs=1e-9)


def test_against_recordlinkage():
    recordlinkage = toolkit()
    rng = np.random.default_rng(3)
    gold = pd.Series(rng.integers(0, 20, 60), index=[f"r{k:02}" for k in range(60)])
    predicted = gold.mask(rng.random(60) < 0.2, 3)
    result = scores(predicted, gold)
    truth, found = links(gold), links(predicted)
    assert result.pairwise_precision == pytest.approx(recordlinkage.precision(truth, found))
    assert result.pairwise_recall == pytest.approx(recordlinkage.recall(truth, found))
    assert result.pairwise_f1 == pytest.approx(recordlinkage.fscore(truth, found))

    blocking = evaluate_blocking(found.to_frame(index=False), gold, 60)
    assert blocking.pairs_completeness == pytest.approx(recordlinkage.recall(truth, found))
    assert blocking.pairs_quality == pytest.approx(recordlinkage.precision(truth, found))
    expected = recordlinkage.reduction_ratio(found, pd.DataFrame(index=gold.index))
    assert blocking.reduction_ratio == pytest.approx(expected)
    assert blocking.pairs_per_record == len(found) / 60


@given(codes, st.randoms(use_true_random=False))
def test_neither_row_order_nor_cluster_names_matter(drawn, random):
    predicted, gold = clusterings(drawn)
    names = random.sample(range(100), 6)
    shuffled = random.sample(list(gold.index), len(gold))
    other_gold = gold.map(lambda code: f"e{names[code]}")[shuffled]
    other_predicted = predicted.map(lambda code: names[code])[random.sample(shuffled, len(gold))]
    result = evaluate(predicted, gold, n_bootstrap=20)
    # Equal to the last bit, bootstrap included.
    assert evaluate(other_predicted, other_gold, n_bootstrap=20).to_dict() == result.to_dict()


@given(codes, st.randoms(use_true_random=False))
def test_wrong_pairs_do_not_depend_on_row_order(drawn, random):
    predicted, gold = clusterings(drawn)
    shuffled = random.sample(list(gold.index), len(gold))
    errors = wrong_pairs(predicted, gold, 9)
    pd.testing.assert_frame_equal(wrong_pairs(predicted[shuffled], gold[shuffled], 9), errors)


@given(codes)
def test_swapping_the_sides_swaps_precision_and_recall(drawn):
    predicted, gold = clusterings(drawn)
    one, other = scores(predicted, gold), scores(gold, predicted)
    for left, right in SWAPPED.items():
        assert same(getattr(one, left), getattr(other, right))
        assert same(getattr(one, right), getattr(other, left))
    for symmetric in ("pairwise_f1", "b_cubed_f1", "cluster_f1", "v_measure"):
        assert same(getattr(one, symmetric), getattr(other, symmetric))


@given(codes)
def test_measures_lie_between_0_and_1_and_only_the_gold_clustering_is_perfect(drawn):
    predicted, gold = clusterings(drawn)
    result = evaluate(predicted, gold, n_bootstrap=20)
    table = result.table().set_index("measure")
    assert ((table.isna()) | ((table > -1e-12) & (table < 1 + 1e-12))).all(axis=None)
    perfect = pd.crosstab(predicted, gold).astype(bool)
    is_perfect = perfect.sum(axis=0).eq(1).all() and perfect.sum(axis=1).eq(1).all()
    good = table["value"].drop(["splitting", "lumping"])
    assert (good == 1).all() == is_perfect
    assert ((result.splitting, result.lumping) == (0, 0)) == is_perfect
    assert wrong_pairs(predicted, gold, 99).empty == is_perfect


@pytest.mark.parametrize(
    ("predicted", "gold", "expected"),
    [
        ([1, 2], [1, 2], (1.0, 1.0, 1.0)),  # nothing predicted, nothing to find
        ([1, 2], [1, 1], (math.nan, 0.0, 0.0)),  # nothing predicted
        ([1, 1], [1, 2], (0.0, math.nan, 0.0)),  # nothing to find
        ([1], [1], (1.0, 1.0, 1.0)),
    ],
)
def test_undefined_is_nan_and_f1_zero(predicted, gold, expected):
    result = scores(pd.Series(predicted), pd.Series(gold))
    for measure in ("pairwise", "record"):
        found = tuple(
            getattr(result, f"{measure}_{part}") for part in ("precision", "recall", "f1")
        )
        assert same(found, expected)


def test_ids_that_gold_leaves_open_are_left_out_and_counted():
    gold = GOLD.drop("a").mask(GOLD.drop("a") == "Z")
    result = scores(PREDICTED, gold)
    assert (result.n_records, result.n_left_out, result.n_unlabelled) == (4, 2, 1)
    without = scores(PREDICTED.drop(["a", "f"]), GOLD.drop(["a", "f"]))
    assert result.table().equals(without.table())


def test_positive_pairs_are_closed_into_clusters():
    pairs = pd.DataFrame({"left_id": ["a", "c", "d"], "right_id": ["b", "b", "e"]})
    closed = evaluate(PREDICTED, pairs)
    assert closed.table().equals(evaluate(PREDICTED.drop("f"), GOLD.drop("f")).table())
    assert closed.n_left_out == 1


@pytest.mark.parametrize(
    "labels", [[1, 1, 0, 0], [True, True, False, False], ["yes", "1", "NO", "0"]]
)
def test_labelled_pairs_with_negatives_are_scored_as_listed(labels):
    left, right = ["b", "c", "d", "e", "a"], ["a", "b", "c", "f", "f"]
    pairs = pd.DataFrame({"left_id": left, "right_id": right, "label": [*labels, None]})
    result = evaluate(PREDICTED, pairs, candidates=pairs.iloc[[0, 0, 2]])
    assert (result.n_true_pairs, result.n_predicted_pairs, result.n_gold_pairs) == (1, 2, 2)
    assert (result.pairwise_precision, result.pairwise_recall) == (0.5, 0.5)
    assert math.isnan(result.b_cubed_f1)
    assert result.n_unlabelled == 1
    assert (result.blocking.pairs_completeness, result.blocking.pairs_quality) == (0.5, 0.5)
    errors = wrong_pairs(PREDICTED, pairs, 5).to_numpy().tolist()
    assert errors == [["c", "d", "false merge"], ["b", "c", "missed"]]


def test_blocking_counts_unordered_pairs_once():
    candidates = pd.DataFrame(
        {"left_id": ["a", "b", "a", "c", "q"], "right_id": ["b", "a", "a", "d", "a"]}
    )
    result = evaluate_blocking(candidates, GOLD, 10)
    assert (result.n_candidates, result.n_gold_pairs) == (3, 4)
    assert result.pairs_completeness == 1 / 4
    assert result.reduction_ratio == pytest.approx(1 - 3 / 45)
    assert result.pairs_per_record == 0.3
    assert result.pairs_quality == 1 / 2  # gold says nothing of q
    nothing = evaluate_blocking(candidates.head(0), GOLD, 10)
    assert (nothing.pairs_completeness, nothing.reduction_ratio) == (0, 1)
    assert math.isnan(nothing.pairs_quality)


def test_wrong_pairs_show_each_error_once_the_largest_first():
    errors = wrong_pairs(PREDICTED, GOLD, 10).to_numpy().tolist()
    assert errors == [["d", "c", "false merge"], ["a", "c", "missed"]]
    ids = [f"r{k:04}" for k in range(3000)]
    gold = pd.Series([0] * 2000 + [1] * 900 + list(range(2, 102)), index=ids)
    lumped = wrong_pairs(pd.Series(0, index=ids), gold, 1000)
    assert len(lumped) == 101
    assert lumped.iloc[0].tolist() == ["r0000", "r2000", "false merge"]
    assert len(wrong_pairs(pd.Series(0, index=ids), gold, 7)) == 7


def test_bootstrap_is_set_by_its_seed_and_brackets_the_score():
    rng = np.random.default_rng(0)
    gold = pd.Series(rng.integers(0, 300, 800))
    predicted = gold.mask(rng.random(800) < 0.1, -1)
    first, again = (evaluate(predicted, gold, seed=4).table() for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(evaluate(predicted, gold, seed=5).table())
    assert (first["low"] <= first["value"]).all()
    assert (first["value"] <= first["high"]).all()
    assert (first["low"] < first["high"]).all()


def test_bootstrap_equals_drawing_entities_one_by_one():
    # Entities of distinct size, each either found whole or not at all: recall by drawing them.
    gold = pd.Series([0] * 2 + [1] * 3 + [2] * 4 + [3] * 5)
    predicted = pd.Series([0] * 2 + [10, 11, 12] + [2] * 4 + [20, 21, 22, 23, 24])
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, 4, (20000, 4))
    pairs, found = np.array([1, 3, 6, 10]), np.array([1, 0, 6, 0])
    expected = np.percentile(found[drawn].sum(1) / pairs[drawn].sum(1), (2.5, 97.5))
    result = evaluate(predicted, gold, n_bootstrap=20000)
    assert result.intervals["pairwise_recall"] == pytest.approx(expected, abs=0.02)


def test_to_dict_is_json_without_nan():
    candidates = pd.DataFrame({"left_id": [], "right_id": []})
    result = evaluate(pd.Series([1, 2]), pd.Series([1, 1]), candidates=candidates)
    written = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert written["pairwise_precision"] is None
    assert written["pairwise_f1"] == 0
    assert written["intervals"]["pairwise_f1"] == [None, None]  # one entity: nothing to resample
    assert written["blocking"]["pairs_completeness"] == 0


PAIR = {"left_id": ["a"], "right_id": ["b"]}


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        (pd.Series({"a": 1, "q": 2, "s": 2}), "without a predicted cluster: 2 of 3, .* 'q'"),
        (pd.Series([1, 2], index=["a", "a"]), "'a' more than once"),
        (pd.Series({"a": None}), "no labelled id"),
        (pd.DataFrame({"id": ["a"], "cluster": [1]}), "found the columns id, cluster"),
        (pd.DataFrame(PAIR).assign(same="maybe"), "'maybe' in row 1, expected 1 or 0"),
        (pd.DataFrame(PAIR).assign(same=None), "no labelled pair"),
        (pd.DataFrame({"left_id": ["a"], "right_id": ["a"]}), "'a' with itself"),
        (pd.DataFrame({"left_id": ["a"], "right_id": [None]}), "missing id"),
        (
            pd.DataFrame({"left_id": ["a", "b"], "right_id": ["b", "a"], "same": [1, 0]}),
            "both as the same and as different",
        ),
    ],
)
def test_bad_gold_is_one_clear_sentence(gold, message):
    with pytest.raises(InputError, match=message):
        evaluate(PREDICTED, gold)


def test_bad_prediction_and_candidates():
    with pytest.raises(InputError, match="first is 'b'"):
        evaluate(PREDICTED.astype(object).where(PREDICTED.index != "b"), GOLD)
    with pytest.raises(InputError, match="expected at most the 2 records"):
        evaluate_blocking(pd.DataFrame({"left_id": ["a", "b"], "right_id": ["c", "c"]}), GOLD, 2)
