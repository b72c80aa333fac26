"""Crowds of records: identical ones are one from the start, limits are told."""

import logging
from functools import partial

import pandas as pd
import pytest

from linkage.linking.constraints import no_constraints
from linkage.papers import caps, copies
from linkage.papers.linker import PaperLinker
from linkage.papers.prepare import prepare_papers
from linkage.records.order import digests
from linkage.records.schema import conform
from tests.helpers.records import library, paper, second_copy, table

BACKGROUND = library(12, seed=7)
TITLE = "Seasonal kelp erosion near invented shores"


def crowd(n, name="c", **fields):
    """n records that are equal but for their ids."""
    said = {"year": 2001, "venue": "Annals of Imaginary Geology", **fields}
    return [paper(f"{name}{k}", TITLE, **said) for k in range(n)]


def linked(*papers, constraints=None):
    return PaperLinker().link(table(*BACKGROUND, *papers), constraints)


def groups(links):
    return {frozenset(one.index) for _, one in links.clusters.groupby(links.clusters)}


@pytest.fixture
def few(monkeypatch):
    """Of more than three identical records one is linked in the stead of all."""
    monkeypatch.setattr(copies, "MOST_COPIES", 3)


def test_so_many_identical_records_are_one_paper():
    ids = frozenset(each["record_id"] for each in crowd(1_001))
    links = linked(*crowd(1_001))
    assert ids in groups(links)
    assert len(links.pairs) < 2_000  # one a record, not one a pair of records
    assert ids.isdisjoint(links.unreached)


@pytest.mark.parametrize("n", [copies.MOST_COPIES, copies.MOST_COPIES + 1])
def test_the_limit_is_no_cliff(n):
    near = second_copy(crowd(1)[0] | {"pages": "7-9"})
    ids = frozenset(each["record_id"] for each in crowd(n))
    links = linked(*crowd(n), near)
    assert ids | {near["record_id"]} in groups(links)
    told = "identical_records" in links.blocking["rule"].tolist()
    assert told == bool(links.caps) == (n > copies.MOST_COPIES)


@pytest.mark.usefixtures("few")
def test_pairs_and_report_say_what_was_done():
    links = linked(*crowd(6), *crowd(5, name="d", year=1999, pages="1-9"))
    found = links.pairs[links.pairs["rules"] == "identical_records"]
    assert len(found) == 5 + 4
    scored = PaperLinker().compare(table(*BACKGROUND, *crowd(6), *crowd(5, "d", year=1999,
                                   pages="1-9")), found[["left_id", "right_id"]])  # fmt: skip
    assert found["probability"].to_numpy() == pytest.approx(scored["probability"].to_numpy())
    row = links.blocking.set_index("rule").loc["identical_records"]
    assert row["pairs"] == row["only_this_rule"] == 9
    assert row["cut_by_cap"] == 15 + 10 - 9
    assert any("9 records are identical" in sentence for sentence in links.caps)


@pytest.mark.usefixtures("few")
def test_the_order_of_rows_changes_nothing():
    papers = table(*BACKGROUND, *crowd(6), *crowd(5, name="d", pages="1-9"))
    one = PaperLinker().link(papers)
    other = PaperLinker().link(papers.iloc[::-1])
    pd.testing.assert_series_equal(one.clusters, other.clusters[one.clusters.index])
    pd.testing.assert_frame_equal(one.pairs, other.pairs)
    pd.testing.assert_frame_equal(one.blocking, other.blocking)


@pytest.mark.usefixtures("few")
def test_a_constraint_keeps_identical_records_apart():
    apart = pd.DataFrame({"left_id": ["c1"], "right_id": ["c4"], "same": [0]})
    clusters = linked(*crowd(6), constraints=apart).clusters
    assert clusters["c1"] != clusters["c4"]
    assert clusters[["c0", "c2", "c3", "c5"]].nunique() == 1


@pytest.mark.usefixtures("few")
def test_identical_records_that_score_as_different_are_left_as_they_are():
    records = conform(table(*crowd(5)))
    columns = prepare_papers(records)
    linker = PaperLinker()

    def found(threshold):
        score = partial(linker.scorer().score_equal, columns)
        return copies.find_copies(digests(records), no_constraints(5), threshold, score)

    assert not len(found(1.1).rows)
    assert found(0.5).rows.tolist() == [1, 2, 3, 4]
    assert found(0.5).weight(5).tolist() == [5, 1, 1, 1, 1]
    assert found(0.5).others(5).tolist() == [0]


def test_a_component_too_large_to_be_completed_is_told(monkeypatch, caplog):
    monkeypatch.setattr(caps, "MAX_COMPLETED", 5)
    near = [paper(f"n{k}", TITLE, year=2001, pages=f"{k}") for k in range(9)]
    with caplog.at_level(logging.WARNING, "linkage"):
        links = linked(*near)
    size = links.clusters.value_counts().iloc[0]
    assert size > 5, "the case is none"
    assert any(f"{size:,} records hang together" in sentence for sentence in links.caps)
    assert any("hang together" in record.message for record in caplog.records)


def test_ordinary_records_decide_without_limits():
    assert linked().caps == ()
