"""The author benchmark: on small invented sets."""

import json
import random
from unittest import mock

import pandas as pd
import pytest
from typer.testing import CliRunner

from linkage.authors.training import scarce_copies
from linkage.benchmarks.authors.protocol import benchmark_authors
from linkage.benchmarks.authors.scores import cluster_scores, floors, pair_scores
from linkage.benchmarks.authors.sets import find_author_sets, strangers
from linkage.benchmarks.authors.tables import markdown
from linkage.benchmarks.commands import benchmark
from linkage.errors import InputError
from tests.helpers.trees import few_trees

FAMILIES = "Aalto Brandt Castro Duarte Eriksen Farkas Grieg Hoxha Ito Jansen".split()


def write_set(folder, seed, *, pairs=False, n=40):
    """Papers of four people, two of each name, each with a team of their own."""
    rng = random.Random(seed)
    papers, mentions = [], []
    for number in range(n):
        person = rng.randrange(4)
        name = ["Wei Wang", "Piet Molenaar"][person // 2]
        team = [f"Ada {family}" for family in rng.sample(FAMILIES[person::4], 2)]
        title = f"Sorting herrings {number} of shore {person}"
        papers.append({"paper_id": f"p{number}", "title": title, "authors": [name, *team]})
        papers[-1] |= {"year": 2000 + number % 9, "venue": "Annals of Herrings"}
        row = {"mention_id": f"m{number}", "paper_id": f"p{number}", "position": 0, "name": name}
        mentions.append(row | {"author_id": None if pairs else f"person {person}"})
    folder.mkdir(parents=True)
    pd.DataFrame(papers).to_parquet(folder / "papers.parquet")
    pd.DataFrame(mentions).to_parquet(folder / "mentions.parquet")
    if pairs:
        people = [paper["title"][-1] for paper in papers]
        rows = [(f"m{k}", f"m{k + 1}", people[k] == people[k + 1]) for k in range(n - 1)]
        columns = ["mention_id1", "mention_id2", "same"]
        pd.DataFrame(rows, columns=columns).to_parquet(folder / "pairs.parquet")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authors")
    for seed, name in enumerate(("first", "second", "third")):
        write_set(folder / name, seed)
    write_set(folder / "paired", 7, pairs=True)
    (folder / "notes").mkdir()
    return folder


@pytest.fixture(scope="module")
def output(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("output") / "result.json"
    options = ["authors", "--data", str(data), "--together", "first, second", "-o", str(path)]
    with few_trees(), mock.patch.object(scarce_copies, "MOST_COPIES", 2):
        done = CliRunner().invoke(benchmark, options)
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture(scope="module")
def results(output):
    return json.loads(output.read_text())


def runs_of(results, name, protocol):
    return {
        run["scope"]: run
        for run in results["runs"]
        if (run["set"], run["protocol"]) == (name, protocol)
    }


def test_sets_that_belong_together_do_not_train_each_other(data):
    sets = find_author_sets(data, ["first,second"])
    teachers = {one.name: [other.name for other in strangers(one, sets)] for one in sets}
    assert teachers == {
        "first": ["paired", "third"],
        "paired": ["first", "second", "third"],
        "second": ["paired", "third"],
        "third": ["first", "paired", "second"],
    }


def test_left_out_and_within_its_group(results):
    assert runs_of(results, "first", "left out")["whole"]["trained_on"] == ["paired", "third"]
    within = runs_of(results, "first", "within its group")["whole"]
    assert within["trained_on"] == ["paired", "second", "third"]
    assert runs_of(results, "third", "within its group") == {}


def test_scores_stand_with_intervals_and_costs(results):
    for scope in ("whole", "ambiguous blocks"):
        run = runs_of(results, "third", "left out")[scope]
        low, high = run["intervals"]["b_cubed_f1"]
        assert low <= run["scores"]["b_cubed_f1"] <= high
        assert run["cost"]["seconds"] > 0
        assert run["threshold"] is not None
    pairs = runs_of(results, "paired", "left out")
    assert list(pairs) == ["pairs"]
    assert 0 < pairs["pairs"]["scores"]["pairwise_f1"] <= 1
    assert pairs["pairs"]["scores"]["b_cubed_f1"] is None


def test_the_command_writes_json_and_the_tables_of_it(data, output, results):
    assert output.with_suffix(".md").read_text() == markdown(results)
    assert str(data) not in output.read_text()


def test_a_set_without_strangers_is_reported_not_scored(tmp_path):
    write_set(tmp_path / "only", 5, n=12)
    (*_, run) = benchmark_authors(tmp_path)["runs"]
    assert run["failure"] == "no other set to train on"
    assert run["scores"] is None


def test_floors_are_what_they_say(tmp_path):
    write_set(tmp_path / "one", 3)
    (one,) = find_author_sets(tmp_path)
    scores = {
        name: cluster_scores(found, one.people, one.block)["scores"]
        for name, found in floors(one).items()
    }
    assert scores["one person a block"]["b_cubed_recall"] == 1
    assert scores["one person a block"] == scores["same printed name"]
    assert scores["one person a block"]["b_cubed_precision"] < 0.7
    # each person's team shares nobody with another's
    assert scores["shared co-author"]["b_cubed_precision"] == 1


def test_ambiguous_blocks_hold_two_people_or_more(tmp_path):
    write_set(tmp_path / "one", 3)
    (one,) = find_author_sets(tmp_path)
    assert len(one.ambiguous) == len(one.people)
    lonely = one.people.where(one.block != "wang w", "nobody else")
    assert set(type(one)(**{**vars(one), "people": lonely}).ambiguous) == {"person 2", "person 3"}


def test_common_names_are_borne_by_three_people_or_more(tmp_path):
    write_set(tmp_path / "one", 3)
    (one,) = find_author_sets(tmp_path)
    assert one.common.empty  # two people of each name
    three = one.people.where(one.people != "person 1", ["person 1", "another"] * 20)
    assert set(type(one)(**{**vars(one), "people": three}).common) == {
        "person 0",
        "person 1",
        "another",
    }


def test_macro_figures_are_means_over_blocks():
    ids = list("abcdef")
    people = pd.Series(["1", "1", "2", "3", "3", "3"], index=ids)
    found = pd.Series(["x", "x", "x", "y", "y", "z"], index=ids)
    block = pd.Series(["p", "p", "p", "q", "q", "q"], index=ids)
    scores = cluster_scores(found, people, block)["scores"]
    # p: precision 1/3, recall 1; q: precision 1, recall 1/3
    assert scores["macro_f1"] == pytest.approx(0.5)
    assert scores["macro_f1_of_means"] == pytest.approx(2 / 3)


def test_pairs_are_joined_when_both_are_in_one_cluster():
    pairs = pd.DataFrame(
        [("a", "b", True), ("a", "c", False), ("d", "e", True)], columns=["left", "right", "same"]
    )
    found = pd.Series(["x", "x", "x", "y"], index=list("abcd"))
    scores = pair_scores(found, pairs)["scores"]
    assert scores["pairwise_precision"] == 0.5
    assert scores["pairwise_recall"] == 0.5


def test_unknown_names_and_empty_folders_are_errors(data, tmp_path):
    with pytest.raises(InputError, match="no labelled set 'frist', expected one of first"):
        find_author_sets(data, ["frist,second"])
    with pytest.raises(InputError, match="no folder with mentions"):
        find_author_sets(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        find_author_sets(tmp_path / "absent")
