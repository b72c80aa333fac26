"""Drawing pairs to label, and what the labels say of all pairs."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import read_table
from linkage.errors import InputError
from linkage.evaluation.estimates import estimate
from linkage.evaluation.sampling import (
    DESIGN_COLUMNS,
    draw,
    pair_population,
    sample_pairs,
    sheet_of_pairs,
)
from linkage.records.schema import conform
from tests.helpers.command_line import GOLD_CLUSTERS, LIBRARY, run, start

MEASURES = ("precision", "recall", "f1")


class World:
    """Pairs of records (each of two pairs apart from all others) of which the truth is known.

    A share `duplicates` of them is the same. Log-odds are normal in either class, as of a
    calibrated model, times `confidence` (over 1: it thinks too much of itself); joined from 0.5.
    """

    def __init__(self, duplicates, n=20_000, confidence=1.0, separation=4.0, seed=0):
        rng = np.random.default_rng(seed)
        self.same = np.arange(n) < round(duplicates * n)
        middle = np.where(self.same, 1, -1) * separation**2 / 2
        odds = rng.normal(middle, separation) + np.log(duplicates / (1 - duplicates))
        probability = 1 / (1 + np.exp(-confidence * odds))
        self.joined = probability >= 0.5
        left, right = (np.array([f"{k:06}{side}" for k in range(n)]) for side in "ab")
        self.pairs = pd.DataFrame({"left_id": left, "right_id": right, "probability": probability})
        ids = np.concatenate([left, right])
        names = np.concatenate([left, np.where(self.joined, left, right)])
        self.clusters = pd.Series(names, index=ids, dtype=object)
        self.population = pair_population(self.clusters, self.pairs)

    def truth(self):
        true, predicted, real = (x.sum() for x in (self.same & self.joined, self.joined, self.same))
        return dict(
            zip(
                MEASURES,
                (true / predicted, true / real, 2 * true / (predicted + real)),
                strict=True,
            )
        )

    def labelled(self, n, seed):
        drawn = draw(self.population, n, seed)
        return drawn.assign(same=self.same[drawn["left_id"].str[:-1].astype(int)])


def coverage(worlds, n, draws):
    """How often the interval of each measure holds the truth, and how wide it is on average."""
    rows = []
    for world in worlds:
        truth = world.truth()
        for seed in range(draws):
            found = estimate(world.labelled(n, seed)).intervals
            holds = [found[m][0] - 1e-9 <= truth[m] <= found[m][1] + 1e-9 for m in MEASURES]
            rows.append([*holds, *(found[m][1] - found[m][0] for m in MEASURES)])
    return np.array(rows, dtype=float).mean(axis=0)


@pytest.mark.parametrize(("duplicates", "n"), [(0.01, 60_000), (0.2, 20_000)])
def test_intervals_cover_at_their_nominal_rate(duplicates, n):
    """95 % of 300 samples, give or take what chance allows (3.3 standard errors)."""
    worlds = [World(duplicates, n, seed=seed) for seed in range(5)]
    held = coverage(worlds, 200, 60)[:3]
    assert (np.abs(held - 0.95) < 0.042).all(), held


def test_estimates_are_right_on_average():
    world = World(0.2, confidence=2, seed=1)
    found = [estimate(world.labelled(200, seed)) for seed in range(100)]
    for measure, true in world.truth().items():
        assert np.mean([getattr(one, measure) for one in found]) == pytest.approx(true, abs=0.02)


def test_a_sample_of_everything_is_exact():
    world = World(0.3, n=60, separation=2)
    found = estimate(world.labelled(1000, 0))
    for measure, true in world.truth().items():
        assert getattr(found, measure) == pytest.approx(true)
        assert found.intervals[measure] == pytest.approx((true, true))
    assert (found.n_labelled, found.n_pairs, found.n_predicted) == (60, 60, world.joined.sum())


def test_a_sample_without_an_error_does_not_claim_that_there_is_none():
    world = World(0.2)
    found = estimate(world.labelled(100, 0).assign(same=lambda t: t["decision"] == "same"))
    assert found.precision == found.recall == found.f1 == 1
    for low, high in found.intervals.values():
        assert 0.5 < low < 0.97
        assert high == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(12, 400), st.integers(0, 5), st.floats(0.05, 0.5), st.randoms())
def test_any_sample_is_whole_and_any_labels_give_an_interval(n, seed, duplicates, labels):
    world = World(duplicates, n=300, separation=2, seed=seed)
    drawn = sample_pairs(world.clusters, world.pairs, n, seed)
    assert len(drawn) == min(n, 300)
    assert not drawn.duplicated(["left_id", "right_id"]).any()
    sums = drawn.groupby("stratum").agg(size=("stratum_size", "first"), sum=("weight", "sum"))
    assert sums["sum"].to_numpy() == pytest.approx(sums["size"].to_numpy())
    assert sums["size"].sum() == 300
    found = estimate(drawn.assign(same=[labels.random() < 0.3 for _ in range(len(drawn))]))
    for measure, (low, high) in found.intervals.items():
        value = getattr(found, measure)
        assert np.isnan(value) or 0 <= low <= value + 1e-12 <= high + 2e-12 <= 1 + 3e-12


def test_the_order_of_rows_and_sides_changes_nothing():
    world = World(0.2, n=500)
    clusters, pairs = (
        table.sample(frac=1, random_state=4) for table in (world.clusters, world.pairs)
    )
    pairs = pairs.rename(columns={"left_id": "right_id", "right_id": "left_id"})
    drawn = sample_pairs(world.clusters, world.pairs, 90, 3)
    assert sample_pairs(clusters, pairs, 90, 3).equals(drawn)
    assert not sample_pairs(clusters, pairs, 90, 4).equals(drawn)
    labelled = drawn.assign(same=np.arange(90) % 3 > 0)
    assert estimate(labelled.sample(frac=1, random_state=1)) == estimate(labelled)


CLUSTERS = pd.Series(list("aaabc"), index=list("vwxyz"))
SCORED = pd.DataFrame({
    "left_id": list("vxyy"),
    "right_id": list("wyzv"),
    "probability": [0.97, 0.0, 0.3, 0.5],
    "veto": [None, "different_parts", None, ""],
})  # fmt: skip


def test_strata_are_decisions_and_bands_with_vetoed_and_unscored_pairs_apart():
    drawn = sample_pairs(CLUSTERS, SCORED).sort_values(["left_id", "right_id"])
    assert drawn[["left_id", "right_id", "stratum"]].to_numpy().tolist() == [
        ["v", "w", "same, 0.9-0.99"],
        ["v", "x", "same, not scored"],
        ["v", "y", "different, 0.5-0.9"],
        ["w", "x", "same, not scored"],
        ["x", "y", "different, vetoed"],
        ["y", "z", "different, 0.1-0.5"],
    ]


@pytest.mark.parametrize("veto", ["", None, np.nan])
def test_an_empty_veto_is_none(veto):
    drawn = sample_pairs(CLUSTERS, SCORED.assign(veto=veto))
    assert not drawn["stratum"].str.contains("vetoed").any()


def test_without_compared_pairs_only_precision_is_told():
    drawn = sample_pairs(CLUSTERS)
    found = estimate(drawn.assign(same=["yes", "no", "yes"]))
    assert found.precision == pytest.approx(2 / 3)
    assert np.isnan([found.recall, found.f1]).all()
    assert found.to_dict()["recall"] is None
    assert found.to_dict()["intervals"]["recall"] == [None, None]


def test_unlabelled_pairs_count_as_missing_at_random():
    drawn = pd.DataFrame({
        "same": [1, 0, None, None],
        "decision": "same",
        "stratum": "same, 0.9-0.99",
        "stratum_size": 40,
        "weight": 10.0,
    })  # fmt: skip
    found = estimate(drawn)
    assert found.precision == 0.5
    assert (found.n_labelled, found.n_unlabelled) == (2, 2)


def test_the_sheet_shows_both_records_side_by_side():
    records = conform(
        pd.DataFrame(
            {
                "record_id": list("vwxyz"),
                "title": ["Otters", None, "Peat", "Moss", "Fog"],
                "authors": ["Ana Abendroth; Boris Brzezicki", None, None, None, None],
            }
        )
    )
    sheet = sheet_of_pairs(sample_pairs(CLUSTERS, SCORED), records).set_index(
        ["left_id", "right_id"]
    )
    assert list(sheet.columns) == [
        *("same", "left_title", "right_title", "left_authors", "right_authors"),
        *DESIGN_COLUMNS,
    ]
    row = sheet.loc[("v", "w")]
    assert row["left_title"] == "Otters"
    assert pd.isna(row["right_title"])  # None; with pandas 3, NaN
    assert row["left_authors"] == "Ana Abendroth; Boris Brzezicki"
    assert sheet["same"].isna().all()


@pytest.mark.parametrize(
    ("clusters", "pairs", "told"),
    [
        (CLUSTERS, SCORED.replace("w", "q"), "'q', expected an id that has a cluster"),
        (CLUSTERS, SCORED.replace("w", "v"), "('v', 'v'), expected two different ids"),
        (CLUSTERS, pd.concat([SCORED, SCORED]), "each pair once"),
        (CLUSTERS, SCORED.replace(0.97, 9.7), "probability 9.7, expected 0 to 1"),
        (CLUSTERS, SCORED.replace(0.97, np.nan), "probability nan, expected 0 to 1"),
        (CLUSTERS, SCORED[["left_id", "right_id"]], "expected left_id, right_id and probability"),
        (CLUSTERS[["v", "y"]], None, "no pair to draw from"),
        (pd.concat([CLUSTERS, CLUSTERS]), None, "'v' more than once"),
        (CLUSTERS.replace("c", None), None, "no cluster for 'z'"),
    ],
)
def test_what_can_not_be_drawn_from_is_refused(clusters, pairs, told):
    with pytest.raises(InputError) as error:
        sample_pairs(clusters, pairs)
    assert told in str(error.value)


def test_too_few_pairs_are_refused():
    with pytest.raises(InputError, match="3 pairs to draw, expected at least one a stratum: 5"):
        sample_pairs(CLUSTERS, SCORED, 3)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.drop(columns="weight"), "lacks the column weight"),
        (lambda t: t.drop(columns="same"), "lacks the column same"),
        (lambda t: t.assign(same="perhaps"), "'perhaps'"),
        (lambda t: t.assign(decision="merge"), "found 'merge', expected same or different"),
        (lambda t: t[t["left_id"] != "w"], "delete no row"),
        (lambda t: t.assign(stratum_size="many"), "delete no row"),
        (lambda t: t.assign(same=None), "has no label"),
    ],
)
def test_a_damaged_sample_is_refused(change, told):
    sample = sample_pairs(CLUSTERS, SCORED).assign(same=1)
    assert estimate(sample).precision == 1
    with pytest.raises(InputError) as error:
        estimate(change(sample))
    assert told in str(error.value)


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """A folder with clusters.csv and pairs.parquet of the test library."""
    folder = tmp_path_factory.mktemp("sampling")
    run("papers", LIBRARY, "-o", folder / "clusters.csv", "--pairs", folder / "pairs.parquet")
    return folder


def test_the_commands_draw_and_estimate(linked):
    sheet = linked / "to_label.csv"
    with_pairs = ["--pairs", linked / "pairs.parquet", "-n", 50, "-o", sheet]
    done = start("sample", linked / "clusters.csv", LIBRARY, *with_pairs)
    drawn = read_table(sheet)
    assert done.stderr == f"{len(drawn)} pairs to label: {sheet}\n"
    assert list(drawn.columns)[:5] == "left_id right_id same left_title right_title".split()
    together = drawn["left_id"].str[0] == drawn["right_id"].str[0]
    drawn.assign(same=(together & drawn["left_id"].str[0].isin(["a", "b"])).astype(int)).to_csv(
        linked / "labelled.csv", index=False
    )
    printed = start("evaluate", "--sample", linked / "labelled.csv").stdout
    assert "recall" in printed
    assert "blocking lost" in " ".join(printed.split())
    scores = json.loads(run("evaluate", "--sample", linked / "labelled.csv", "--json").stdout)
    assert scores["precision"] == scores["recall"] == 1
    assert scores["n_pairs"] == len(read_table(linked / "pairs.parquet"))


def test_the_command_says_what_lacks_without_pairs(linked):
    sheet = linked / "precision.csv"
    done = run("sample", linked / "clusters.csv", LIBRARY, "-o", sheet)
    assert done.stderr == f"2 pairs to label: {sheet}; without --pairs it can tell precision only\n"
    told = run("evaluate", "--sample", sheet, code=1).stderr
    assert f"{sheet}: " in told
    assert "no label" in told


def test_the_commands_name_the_file_that_is_wrong(linked):
    words = [GOLD_CLUSTERS, LIBRARY, "--pairs", GOLD_CLUSTERS]
    assert "gold_clusters.csv" in run("sample", *words, "-o", linked / "x.csv", code=1).stderr
    other = linked / "other.csv"
    other.write_text("record_id,title\nq,Fog\n", encoding="utf-8")
    told = run("sample", linked / "clusters.csv", other, "-o", linked / "x.csv", code=1).stderr
    assert "expected the id of a record in the input" in told
    assert not (linked / "x.csv").exists()


@pytest.mark.parametrize(
    "words",
    [[], [GOLD_CLUSTERS], [GOLD_CLUSTERS, GOLD_CLUSTERS, "--sample", LIBRARY]],
)
def test_evaluate_needs_two_files_or_a_sample(words):
    assert "Usage" in run("evaluate", *words, code=2).stderr
