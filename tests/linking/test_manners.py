"""Manners of pandas and scikit-learn: many kinds of tables in, `fit_predict`, `score`, search."""

import pandas as pd
import pyarrow as pa
import pytest
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline

import linkage
from linkage.errors import InputError
from linkage.records.schema import conform
from tests.helpers.records import library, second_copy, table

ORIGINALS = library(30, seed=4)
ROWS = [*ORIGINALS, *map(second_copy, ORIGINALS)]
RECORDS = table(*ROWS)
TRUTH = pd.Series(
    [one["record_id"].removesuffix("-copy") for one in ROWS], index=RECORDS["record_id"]
)


@pytest.mark.parametrize(
    "given",
    [
        ROWS,
        tuple(ROWS),
        pa.Table.from_pylist(ROWS),
        RECORDS.set_index("record_id"),
    ],
    ids=["list of dicts", "tuple", "Arrow", "index named record_id"],
)
def test_records_of_any_kind_of_table_give_the_same(given):
    expected = linkage.link_papers(RECORDS)
    pd.testing.assert_series_equal(linkage.link_papers(given), expected)
    assert linkage.link_authors(given).equals(linkage.link_authors(RECORDS))


def test_an_index_without_that_name_is_no_id():
    assert conform(pd.DataFrame({"title": ["Moss"]}, index=["a"]))["record_id"].tolist() == [
        "row:1"
    ]


@pytest.mark.parametrize("given", ["a text", 3, None, ["a", "b"], {"title": ["Moss"]}])
def test_anything_else_is_one_clear_sentence(given):
    with pytest.raises(InputError, match="expected a pandas DataFrame of records, a list of dicts"):
        linkage.link_papers(given)


@pytest.mark.parametrize(
    "given",
    [
        TRUTH.to_dict(),
        TRUTH.rename_axis("record_id").rename("cluster_id").reset_index(),
    ],
    ids=["dict", "frame"],
)
def test_evaluate_takes_dicts_and_frames(given):
    found = linkage.link_papers(RECORDS)
    expected = linkage.evaluate(found, TRUTH)
    assert linkage.evaluate(found.to_dict(), given) == expected
    assert linkage.evaluate(found.reset_index(), given) == expected
    assert linkage.compare_runs(found.to_dict(), given).n_joined == 0


def test_evaluate_says_what_it_was_given():
    with pytest.raises(InputError, match="the prediction: found a list, expected a Series or dict"):
        linkage.evaluate(["a"], TRUTH)
    with pytest.raises(InputError, match="gold: found the columns id, paper, expected record_id"):
        linkage.evaluate(TRUTH, pd.DataFrame({"id": ["a"], "paper": ["x"]}))


def test_score_is_pairwise_f1_and_leaves_out_what_is_not_known():
    linker = linkage.PaperLinker()
    expected = linkage.evaluate(linker.predict(RECORDS), TRUTH).pairwise_f1
    assert linker.score(RECORDS, TRUTH) == pytest.approx(expected)
    assert linker.score(RECORDS, TRUTH.tolist()) == pytest.approx(expected)
    assert linker.score(RECORDS, TRUTH.where(TRUTH.index < "p2")) > 0
    wrong = pd.Series(range(len(TRUTH)), index=TRUTH.index)
    assert linker.score(RECORDS, wrong) == 0
    with pytest.raises(InputError, match="found 1 clusters for 60 records"):
        linker.score(RECORDS, ["x"])
    with pytest.raises(InputError, match="found a known cluster of 'strange'"):
        linker.score(RECORDS, pd.Series({"strange": "x"}))


def test_fit_predict_learns_where_clusters_are_given():
    plain, taught = linkage.PaperLinker(), linkage.PaperLinker()
    pd.testing.assert_series_equal(plain.fit_predict(RECORDS), linkage.link_papers(RECORDS))
    assert not hasattr(plain, "model_")
    assert taught.fit_predict(RECORDS, TRUTH).index.tolist() == TRUTH.index.tolist()
    assert taught.model_.job == "papers"


def test_a_grid_search_in_a_pipeline_finds_a_threshold():
    steps = make_pipeline(linkage.PaperLinker())
    grid = {"paperlinker__threshold": [0.5, 1.0]}
    search = GridSearchCV(steps, grid, cv=GroupKFold(2), refit=False)
    search.fit(RECORDS, TRUTH, groups=TRUTH)
    assert search.best_params_ == {"paperlinker__threshold": 0.5}
    assert search.best_score_ > 0.9


def test_authors_are_scored_over_the_labelled_mentions():
    people = linkage.link_authors(RECORDS)
    linker = linkage.AuthorLinker()
    assert linker.score(RECORDS, people) == 1
    assert linker.score(RECORDS, people.assign(author_id="everybody")) < 0.5
    assert linker.fit_predict(RECORDS).equals(people)
    with pytest.raises(InputError, match="mention labels: found the columns record_id"):
        linker.score(RECORDS, people[["record_id"]])
