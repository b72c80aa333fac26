"""The paper linker as an estimator: given pairs, parameters, models, "ecm", fit."""

import random
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.utils import get_tags

from linkage.errors import InputError, LinkageError, ModelError
from linkage.papers.linker import PaperLinker, link_papers
from linkage.papers.rules import same_title
from tests.helpers.linking import MODEL, ORIGINAL, clusters_of, pair
from tests.helpers.records import invented, library, second_copy, table
from tests.helpers.toolkit import toolkit
from tests.helpers.trees import few_trees


def test_compare_scores_given_pairs_without_blocking():
    papers = table(*library(5), second_copy(invented(1)))
    pairs = pd.DataFrame(
        {
            "left_id": ["p001", "p001", "p003"],
            "right_id": ["p001-copy", "p002", "p004"],
            "kept": [1, 2, 3],
        },
        index=[7, 8, 9],
    )
    scored = PaperLinker(MODEL).compare(papers, pairs)
    assert list(scored.columns) == ["left_id", "right_id", "kept", "probability", "veto"]
    assert scored.index.tolist() == [7, 8, 9]
    assert scored["probability"].iloc[0] > 0.9 > 0.1 > scored["probability"].iloc[1:].max()
    turned = pairs.rename(columns={"left_id": "right_id", "right_id": "left_id"})
    np.testing.assert_allclose(
        PaperLinker(MODEL).compare(papers, turned)["probability"], scored["probability"]
    )
    assert PaperLinker(MODEL).compare(papers, pairs[:0])["probability"].tolist() == []


def test_compare_gives_0_where_a_veto_holds():
    one, erratum = pair(ORIGINAL, title="Erratum: " + ORIGINAL["title"])
    pairs = pd.DataFrame({"left_id": ["original"], "right_id": ["other"]})
    scored = PaperLinker(MODEL).compare(table(one, erratum), pairs)
    assert scored[["probability", "veto"]].to_numpy().tolist() == [[0, "correction_or_reply"]]


def test_compare_names_a_record_that_is_not_there():
    pairs = pd.DataFrame({"left_id": ["p000", "p001"], "right_id": ["p001", "p9"]})
    with pytest.raises(InputError, match="'p9'"):
        PaperLinker(MODEL).compare(table(*library(2)), pairs)


def test_compare_names_a_column_that_is_not_there():
    pairs = pd.DataFrame({"left": ["p000"], "right_id": ["p001"]})
    with pytest.raises(InputError, match="no column 'left_id', found the columns: left, right_id"):
        PaperLinker(MODEL).compare(table(*library(2)), pairs)


def test_a_linker_is_a_scikit_learn_estimator():
    linker = PaperLinker(MODEL, threshold=0.7, rules=[same_title])
    given = {name: linker.get_params()[name] for name in ("model", "threshold", "rules")}
    assert given == {"model": MODEL, "threshold": 0.7, "rules": [same_title]}
    again = clone(linker).set_params(threshold=0.6)
    assert (again.threshold, linker.threshold) == (0.6, 0.7)
    assert again.model.to_json() == MODEL.to_json()
    assert repr(clone(PaperLinker(threshold=0.6))) == "PaperLinker(threshold=0.6)"
    assert get_tags(linker) == get_tags(BaseEstimator())
    with pytest.raises(ValueError, match="found the parameter 'thresh', expected one of model,"):
        linker.set_params(thresh=0.6)


def test_threshold_and_rules_are_the_callers():
    copies = ORIGINAL, second_copy(ORIGINAL)
    strict, none = PaperLinker(MODEL, threshold=1), PaperLinker(MODEL, rules=[])
    assert len(clusters_of(*copies, linker=strict)) == 2
    assert len(clusters_of(*copies, linker=none)) == 2
    lenient = replace(MODEL, threshold=0.0001)
    assert PaperLinker(lenient).link(table(*copies)).threshold == 0.0001


def test_an_index_algorithm_is_a_rule():
    by_year = PaperLinker(MODEL, rules=[toolkit("recordlinkage.index").Block("year")])
    assert len(clusters_of(ORIGINAL, second_copy(ORIGINAL), linker=by_year)) == 1


def test_without_the_toolkit_ecm_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "recordlinkage", None)
    monkeypatch.delitem(sys.modules, "linkage.papers.recordlinkage_bridge", raising=False)
    with pytest.raises(LinkageError, match=r"pip install 'biblinkage\[recordlinkage\]'"):
        PaperLinker("ecm").predict(table(*library(2)))


def test_models_by_name_path_and_object_give_the_same(tmp_path):
    papers = table(*library(6), *map(second_copy, library(3)))
    path = tmp_path / "mine.json"
    path.write_text(MODEL.to_json(), encoding="utf-8")
    by_name = link_papers(papers)
    pd.testing.assert_series_equal(link_papers(papers, model=str(path)), by_name)
    pd.testing.assert_series_equal(link_papers(papers, model=MODEL), by_name)


def test_a_model_for_something_else_is_refused():
    with pytest.raises(ModelError, match="the model is for authors, expected one for papers"):
        PaperLinker(replace(MODEL, job="authors")).predict(table(*library(2)))
    unknown = replace(MODEL, features=("title_colour", *MODEL.features[1:]))
    with pytest.raises(ModelError, match="title_colour"):
        PaperLinker(unknown).predict(table(*library(2)))
    with pytest.raises(InputError, match="nowhere: no such model file"):
        PaperLinker("nowhere").predict(table(*library(2)))


def test_ecm_links_without_any_labels():
    toolkit()
    papers = library(40, seed=3)
    copies = [second_copy(each) for each in papers[:20]]
    links = PaperLinker("ecm").link(table(*papers, *copies))
    same = links.clusters[[c["record_id"] for c in copies]].to_numpy() == [
        links.clusters[each["record_id"]] for each in papers[:20]
    ]
    assert same.mean() >= 0.9
    assert links.clusters.nunique() >= 38
    shuffled = random.Random(1).sample(papers + copies, 60)
    pd.testing.assert_series_equal(
        PaperLinker("ecm").predict(table(*shuffled)).sort_index(), links.clusters.sort_index()
    )


def test_fit_learns_from_labelled_records_and_then_predicts():
    papers = library(150, seed=6)
    copies = [second_copy(each) for each in papers[:80]]
    truth = pd.Series(
        {p["record_id"]: p["record_id"] for p in papers}
        | {c["record_id"]: c["record_id"].removesuffix("-copy") for c in copies}
    )
    linker = PaperLinker("nowhere")
    with few_trees():
        assert linker.fit(table(*papers, *copies), truth) is linker
    assert "training_sets" in linker.model_.about
    unseen = library(30, seed=7)
    found = linker.predict(table(*unseen, *map(second_copy, unseen)))
    assert all(found[p["record_id"]] == found[p["record_id"] + "-copy"] for p in unseen)
    assert found.nunique() == 30
    assert not hasattr(clone(linker), "model_")
