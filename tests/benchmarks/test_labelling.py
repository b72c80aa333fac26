"""The labelling benchmark: on small invented sets."""

import json

import numpy as np
import pandas as pd
import pytest

from linkage.benchmarks.labelling import protocol as labelling
from linkage.benchmarks.labelling.protocol import (
    ALL,
    ALONE,
    CHOSEN,
    OTHER_HALF,
    RANDOM,
    RANDOM_FREE,
    VALIDATION,
    Task,
    benchmark_labelling,
    choices,
)
from linkage.benchmarks.labelling.tables import markdown
from linkage.benchmarks.papers.sets import find_sets, training_sets
from linkage.benchmarks.papers.tables import number
from linkage.models import load_model
from linkage.papers.linker import PaperLinker
from tests.helpers.command_line import run
from tests.helpers.records import library, second_copy, table
from tests.helpers.trees import few_trees

N = 24


def write_set(folder, seed):
    """`N` papers with a poorer copy each, and the gold standard."""
    folder.mkdir()
    papers = library(N, seed)
    copies = [second_copy(one) for one in papers]
    records = table(*papers, *copies)
    for k, one in enumerate(copies):
        lost = ["venue", "year", "volume", "pages"][k % 4]
        records.loc[records["record_id"] == one["record_id"], lost] = None
    records = records.assign(record_id=f"s{seed}-" + records["record_id"])
    records.to_csv(folder / "records.csv", index=False)
    return records


def clustered(folder, seed):
    records = write_set(folder, seed)
    cluster = records["record_id"].str.removesuffix("-copy")
    gold = pd.DataFrame({"record_id": records["record_id"], "cluster_id": cluster})
    gold.to_csv(folder / "gold.csv", index=False)


def split(folder, seed):
    ids = write_set(folder, seed)["record_id"].tolist()[:N]
    rows = [(one, f"{one}-copy", 1) for one in ids]
    rows += [(one, f"{ids[k - 1]}-copy", 0) for k, one in enumerate(ids)]
    pairs = pd.DataFrame(rows, columns=["left_id", "right_id", "label"])
    (folder / "splits").mkdir()
    for k, name in enumerate(("train", "valid")):
        pairs[k::2].to_csv(folder / "splits" / f"{name}.csv", index=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets")
    clustered(folder / "one", 1)
    clustered(folder / "two", 2)
    split(folder / "pairs", 3)
    return folder


@pytest.fixture(scope="module")
def result(data):
    with pytest.MonkeyPatch.context() as patch, few_trees():
        patch.setattr(labelling, "N_LABELS", 8)
        return benchmark_labelling(data, ["one", "pairs"], n_seeds=2)


def rows(result, **wanted):
    return [r for r in result["runs"] if all(r[key] == value for key, value in wanted.items())]


def test_every_protocol_model_and_choice_has_a_score_for_each_seed(result):
    found = {(r["set"], r["protocol"]) for r in result["runs"]}
    assert found == {("one", ALL), ("one", OTHER_HALF), ("pairs", VALIDATION)}
    for name, protocol in found:
        of_set = rows(result, set=name, protocol=protocol)
        assert len(of_set) == 1 + 2 * 3
        assert all(len(r["scores"]) == 2 for r in of_set)
    known = [s for r in result["runs"] for s in r["scores"] if s is not None]
    assert all(0 <= score <= 1 for score in known)


def test_the_model_has_not_seen_the_set(result, data):
    told = {one["name"]: one["trained_on"] for one in result["sets"]}
    assert told == {"one": ["pairs", "two"], "pairs": ["one", "two"]}
    sets = find_sets(data)
    assert [s.name for s in training_sets(sets[0], sets)] == told["one"]


def test_means_and_gains_are_those_of_the_scores(result):
    for row in result["runs"]:
        known = [score for score in row["scores"] if score is not None]
        assert row["mean"]["n"] == len(known)
        assert not known or row["mean"]["value"] == pytest.approx(np.mean(known))
        assert (row["gain"] is None) == (row["choice"] in ("", CHOSEN))
    (chosen,) = rows(result, protocol=OTHER_HALF, model="adapted", choice=CHOSEN)
    (random,) = rows(result, protocol=OTHER_HALF, model="adapted", choice=RANDOM)
    gain = np.mean(chosen["scores"]) - np.mean(random["scores"])
    assert random["gain"]["value"] == pytest.approx(gain)


def test_the_interval_is_students():
    assert labelling._interval([0.9, 1.0])["high"] == 1.0
    found = labelling._interval([0.1, 0.2, None, 0.3])
    assert (found["value"], found["n"]) == (pytest.approx(0.2), 3)
    reach = 4.302653 * 0.1 / np.sqrt(3)  # t of 2 degrees of freedom
    assert (found["low"], found["high"]) == (pytest.approx(0.2 - reach), pytest.approx(0.2 + reach))
    assert labelling._interval([None, 0.5]) == {"value": 0.5, "low": None, "high": None, "n": 1}
    assert labelling._interval([None]) == {"value": None, "low": None, "high": None, "n": 0}


def test_labels_are_drawn_among_what_each_way_allows(data, monkeypatch):
    monkeypatch.setattr(labelling, "N_LABELS", 8)
    one = find_sets(data)[0]
    model = load_model("papers_publication")
    records = one.labelled.records
    pairs = PaperLinker(model).link(records).pairs.assign(same=True)
    pairs.loc[pairs.index[::3], "veto"] = "telling_word"
    drawn = choices(Task(ALL, records, pairs, lambda _: 0.0), model, seed=0)
    other = choices(Task(ALL, records, pairs, lambda _: 0.0), model, seed=1)
    assert [len(labels) for labels in drawn.values()] == [8, 8, 8]
    vetoed = set(pairs.index[::3])
    assert vetoed.isdisjoint(drawn[CHOSEN].index)
    assert vetoed.isdisjoint(drawn[RANDOM_FREE].index)
    assert set(drawn[RANDOM].index) != set(other[RANDOM].index)


def test_labels_of_one_kind_alone_give_no_model(data, monkeypatch):
    monkeypatch.setattr(labelling, "N_LABELS", 1)
    with few_trees():
        result = benchmark_labelling(data, ["pairs"], n_seeds=1)
    assert {tuple(r["scores"]) for r in rows(result, model=ALONE)} == {(None,)}
    assert (
        "| a model of the labels alone | – (of 0) | – (of 0) | – (of 0) | – (of 0) |"
        in markdown(result)
    )


def test_the_tables_say_what_the_json_says(result):
    text = markdown(json.loads(json.dumps(result)))
    (start,) = rows(result, set="pairs", model="start")
    assert f"| {number(start['mean']['value'])} [" in text
    assert text.count("\n**") == 3
    assert "What 8 labels are worth: pairwise F1, mean of 2 seeds" in text


def test_a_set_that_is_not_there_is_told(data):
    said = run("benchmark", "labelling", "--data", data, code=1).stderr
    assert "found no labelled set 'bibdedupe_stroke', expected one of one, pairs, two" in said
