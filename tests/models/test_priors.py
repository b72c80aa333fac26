"""How common true pairs are: found without labels, and what a model makes of it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage import AuthorLinker, load_model
from linkage.authors.explain import mention_features
from linkage.authors.pairs import AUTHOR_FEATURES
from linkage.authors.scorer import FULL_NAMES
from linkage.models import PairModel
from linkage.models.priors import UNKNOWN, group_prior_log_odds, masses, prior_log_odds, shifted
from tests.helpers.records import FAMILY, GIVEN, PLACES, SUBJECTS, library, table


def scores(share, n=20_000, seed=0):
    """Log-odds that a model trained half and half gives pairs of which a share are the same.

    Evidence is normal with unit variance around 1 or -1, so that its log-odds are twice itself.
    """
    rng = np.random.default_rng(seed)
    same = rng.random(n) < share
    return 2 * (rng.normal(size=n) + np.where(same, 1, -1))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_share_is_found(share):
    found = 1 / (1 + math.exp(-prior_log_odds(scores(share), np.ones(20_000))))
    assert found == pytest.approx(share, abs=0.02)


def test_nothing_and_little_say_nothing_and_little():
    assert prior_log_odds(np.empty(0), np.empty(0)) == 0
    few = prior_log_odds(np.full(5, 9.0), np.ones(5))
    many = prior_log_odds(np.full(5000, 9.0), np.ones(5000))
    assert 0 < few < math.log((UNKNOWN / 2 + 5) / (UNKNOWN / 2)) + 1e-6
    assert many > 4
    assert math.isfinite(prior_log_odds(np.full(5, math.inf), np.ones(5)))


@given(st.lists(st.floats(-8, 8), min_size=1, max_size=30), st.randoms())
def test_order_does_not_matter_and_weights_count(log_odds, random):
    usual = prior_log_odds(np.array(log_odds), np.ones(len(log_odds)))
    random.shuffle(log_odds)
    assert prior_log_odds(np.array(log_odds), np.ones(len(log_odds))) == pytest.approx(usual)
    twice = prior_log_odds(np.array(log_odds), np.full(len(log_odds), 2.0))
    assert twice == pytest.approx(
        prior_log_odds(np.array(log_odds * 2), np.ones(2 * len(log_odds)))
    )


def test_only_pairs_over_the_limit_are_shifted():
    model = load_model("authors")
    at = model.features.index(FULL_NAMES)
    X = np.zeros((4, len(model.features)), dtype=np.float32)
    X[:, at] = [0, 1, 2, np.nan]
    moved = shifted(model, FULL_NAMES, 0.5, -0.7)
    assert moved.log_odds(X) - model.log_odds(X) == pytest.approx([0, -0.7, -0.7, 0])
    again = PairModel.from_json(moved.to_json())
    assert (again.log_odds(X) == moved.log_odds(X)).all()


def test_what_a_linker_says_comes_from_the_model_it_gives():
    links = AuthorLinker().link(table(*library(60)))
    rows = np.stack([links.pairs.i, links.pairs.j], axis=1)
    at = {feature.name: k for k, feature in enumerate(AUTHOR_FEATURES)}
    X = mention_features(links.mentions, rows)[:, [at[name] for name in links.model.features]]
    said = [links.model_of(*row).probability(X[[k]])[0] for k, row in enumerate(rows.tolist())]
    assert len(said) > 30
    assert said == pytest.approx(links.probability)
    assert links.model.trees == load_model("authors").trees


def test_clear_pairs_of_full_names_help_vague_ones_and_not_those_of_initials():
    vague = [{"title": title, "authors": ["Ada Wirth"]} for title in ("Vague", "Dim")]
    short = [{"title": title, "authors": ["B. Lund"]} for title in ("Fog", "Haze")]
    team = ["Chiara Mbeki", "Dmitri Okonkwo", "Esther Quintero"]
    found = []
    for n in (0, 300):
        papers = [{"title": f"Tide {k % 5}", "authors": team} for k in range(n)]
        links = AuthorLinker().link(table(*vague, *short, *papers))
        names = links.mentions.table["name"].to_numpy()
        rows = np.array([np.flatnonzero(names == name) for name in ("Ada Wirth", "B. Lund")])
        X = mention_features(links.mentions, rows)
        plain = load_model("authors").log_odds(X)
        moved = [links.model_of(*row).log_odds(X[[k]])[0] for k, row in enumerate(rows.tolist())]
        found.append(moved - plain)
    assert found[0][1] == pytest.approx(0)
    assert found[1][1] == pytest.approx(0)
    assert found[1][0] > max(found[0][0], 0.3)


def test_copies_of_papers_say_nothing_of_namesakes():
    people = [f"{given} {family}" for given, family in zip(GIVEN, FAMILY, strict=False)]
    papers = [
        {"title": f"{subject} in {place}", "authors": [name]}
        for name, subject, place in zip(people, SUBJECTS, PLACES, strict=False)
    ]
    links = AuthorLinker().link(table(*papers, *papers))
    X = mention_features(links.mentions, np.stack([links.pairs.i, links.pairs.j], axis=1))
    assert len(X) == len(papers) > 5
    assert links.priors.shift == pytest.approx(0)


@given(st.lists(st.tuples(st.floats(-8, 8), st.integers(0, 3)), max_size=40), st.floats(-3, 3))
def test_groups_by_themselves_are_as_each_alone(pairs, expected):
    odds = np.array([one for one, _ in pairs], dtype=float)
    group = np.array([k for _, k in pairs], dtype=np.int64)
    together = group_prior_log_odds(odds, np.ones(len(odds)), group, 4, expected)
    for k in range(4):
        own = odds[group == k]
        alone = group_prior_log_odds(own, np.ones(len(own)), np.zeros(len(own), int), 1, expected)
        assert together[k] == pytest.approx(alone[0], abs=1e-2)
        if not len(own):
            assert alone[0] == pytest.approx(expected)


def test_a_crowded_name_is_not_moved_by_the_rare_ones_around_it():
    clear = np.full(20_000, 4.0)  # rare names: nearly every pair is the same
    crowd = scores(0.05, 2_000)
    odds, group = np.concatenate([clear, crowd]), np.repeat([0, 1], [20_000, 2_000])
    weight = np.ones(len(odds))
    expected = prior_log_odds(odds, weight)
    rare, common = group_prior_log_odds(odds, weight, group, 2, expected)
    assert expected > 1
    assert rare > 1
    assert common < -1


@given(st.lists(st.tuples(st.integers(-9, 9), st.floats(0, 2)), max_size=30), st.integers(1, 9))
def test_masses_are_the_same_to_the_bit_in_whatever_lots(rows, size):
    cells, weight = np.array(rows, dtype=float).reshape(-1, 2).T
    cells = cells.astype(np.int64)
    starts = range(0, len(cells), size)
    lots = [(cells[s : s + size], weight[s : s + size]) for s in starts]
    values, mass = masses(lots[::-1])
    whole = masses([(cells, weight)])
    assert values.tolist() == whole[0].tolist() == sorted(set(cells.tolist()))
    assert mass.tolist() == whole[1].tolist()
    assert mass.sum() == pytest.approx(weight.sum())
