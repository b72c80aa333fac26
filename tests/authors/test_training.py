"""What the author model learns from: bags of names."""

from __future__ import annotations

import numpy as np
import pytest

from linkage.authors.training.fit import Sample, bag_of_names, fit_samples
from linkage.errors import InputError
from linkage.features.arrays import objects


def sample(names, same, share=1.0):
    """One pair for each letter of `names`, "1" in `same` for one person."""
    y = np.array([letter == "1" for letter in same])
    X = np.zeros((len(y), 1), dtype=np.float32)
    return Sample(X, y, np.arange(1.0, len(y) + 1), objects(names), share)


SAMPLES = [sample("aabbccdd" * 5, "10011010" * 5), sample("abcde" * 4, "11010" * 4, 0.5)]


def bag(seed, samples=tuple(SAMPLES)):
    y = np.concatenate([one.y for one in samples])
    names = np.concatenate([one.name for one in samples])
    number = np.unique(names, return_inverse=True)[1]
    return names, bag_of_names(samples, y, number, seed)


@pytest.mark.parametrize("seed", range(8))
def test_a_name_is_in_a_bag_with_all_its_pairs_in_all_samples_or_with_none(seed):
    names, drawn = bag(seed)
    inside = np.isin(np.arange(len(names)), drawn.rows)
    for name in "abcde":
        assert len(set(inside[names == name])) == 1


def test_bags_differ_and_are_the_same_each_time():
    rows = [tuple(bag(seed)[1].rows) for seed in range(8)]
    assert len(set(rows)) > 3
    assert rows == [tuple(bag(seed)[1].rows) for seed in range(8)]


@pytest.mark.parametrize("seed", range(8))
def test_samples_weigh_their_shares_and_both_kinds_alike_where_they_are_drawn(seed):
    names, drawn = bag(seed)
    weight = np.zeros(len(names))
    weight[drawn.rows] = drawn.weight
    assert weight.sum() == pytest.approx(len(names))
    parts = np.split(weight, [len(SAMPLES[0].y)])
    kinds = [
        (part[~one.y].sum(), part[one.y].sum()) for part, one in zip(parts, SAMPLES, strict=True)
    ]
    sides = [side / one.share for kind, one in zip(kinds, SAMPLES, strict=True) for side in kind]
    told = [side for side in sides if side]
    assert told == pytest.approx([told[0]] * len(told))


def test_of_a_draw_without_any_pair_of_one_kind_all_names_are_taken():
    """With two names, of which one has all same pairs, half of all draws have one name only."""
    lopsided = [sample("aaabbb", "111000")]
    assert all(len(bag(seed, lopsided)[1].rows) == 6 for seed in range(20))


def test_samples_of_one_kind_can_not_be_learned_from():
    with pytest.raises(InputError, match="found 2 equal and 0 different pairs"):
        fit_samples([sample("ab", "11")], 1)
