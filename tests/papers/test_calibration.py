"""How often left-out models err, and what is chosen by it: review bands and thresholds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from linkage.errors import ModelError
from linkage.models import load_model
from linkage.models.pair_model import PairModel
from linkage.papers.linker import PaperLinker
from linkage.papers.training.calibration import GRID, calibration, review_band, shares_wrong
from linkage.papers.training.fit import train_papers
from linkage.papers.training.labelled import LabelledPapers, labelled_from_clusters
from linkage.tables.files import read_table
from tests.helpers.command_line import LIBRARY, run
from tests.helpers.records import library, second_copy, table
from tests.helpers.trees import few_trees

SHIPPED = load_model("papers_publication")


def falling(*steps):
    """Shares on the grid: each of `steps` is (from this probability on, share)."""
    shares = np.zeros(len(GRID))
    for at, share in steps:
        shares[np.array(GRID) >= at] = share
    return shares


CLEAN = (falling((0, 0.01), (0.3, 0.0)), falling((0.7, 0.01)))
NOISY = (falling((0, 0.05), (0.8, 0.004)), falling((0.2, 0.02)))
BROKEN = (falling((0, 0.4)), falling((0, 0.3)))  # its labels contradict each other


def test_the_band_holds_on_every_set_but_those_where_none_does():
    assert review_band([CLEAN], 0.5) == (0.5, 0.5), "nothing to ask"
    low, high = review_band([CLEAN, NOISY, BROKEN], 0.5)
    assert (low, high) == (0.15, 0.8)
    assert review_band([BROKEN], 0.5) == (0.0, 1.0)


def test_the_calibration_is_of_the_worst_set_but_one():
    rows = calibration([CLEAN, NOISY, BROKEN])
    assert [at for at, _, _ in rows] == list(GRID)
    assert [false for _, false, _ in rows] == pytest.approx(NOISY[0])
    assert [missed for _, _, missed in rows] == pytest.approx(NOISY[1])
    assert [false for _, false, _ in calibration([CLEAN, NOISY])] == pytest.approx(NOISY[0])


def test_a_share_of_false_merges_picks_the_lowest_threshold_that_holds_it():
    rows = calibration([CLEAN, NOISY, BROKEN])
    model = replace(SHIPPED, calibration=rows, threshold=0.6)
    assert model.threshold_for(0.01) == 0.8
    assert model.threshold_for(0.05) == 0.6, "never below the model's own"
    assert PairModel.from_json(model.to_json()).calibration == rows
    with pytest.raises(ModelError, match=r"expected 0\.004 or more"):
        model.threshold_for(0.001)
    with pytest.raises(ModelError, match="no calibration"):
        replace(SHIPPED, calibration=()).threshold_for(0.5)
    absurd = replace(SHIPPED, calibration=((0.5, 2.0, 0.0),)).to_json()
    with pytest.raises(ModelError, match="calibration is not in 0 to 1"):
        PairModel.from_json(absurd)


@pytest.fixture
def few():
    with few_trees():
        yield


def labelled(name, seed):
    papers = library(40, seed=seed)
    records = table(*papers, *map(second_copy, papers[:20]))
    truth = pd.Series({r: r.removesuffix("-copy") for r in records["record_id"]})
    return labelled_from_clusters(name, records, truth)


def test_sets_are_left_out_of_training_together_with_those_that_share_records(few):
    assert train_papers([labelled("one", 21)]).calibration == ()
    assert train_papers([labelled("one", 21), labelled("the same", 21)]).calibration == ()
    one = labelled("one", 24)
    pairs = pd.DataFrame({"left_id": ["p000", "p001"], "right_id": ["p000-copy", "p003"],
                          "label": [1, 0]})  # fmt: skip
    given = LabelledPapers("given", one.records, pairs=pairs)
    assert train_papers([given, labelled("other", 22)]).calibration
    model = train_papers([labelled("one", 21), labelled("other", 22)])
    assert len(model.calibration) == len(GRID)
    assert model.review[0] <= model.threshold <= model.review[1]


def test_shares_are_of_the_compared_pairs_on_either_side():
    one = labelled("one", 23)
    found = PaperLinker(SHIPPED).link_conformed(one.records).pairs
    strangers = pd.Series(one.records["record_id"].tolist(), index=one.records["record_id"])
    false, missed = shares_wrong(SHIPPED, one.records, strangers)
    assert (false[: GRID.index(0.6)] == 1).all(), "no pair is the same"
    assert (missed == 0).all()
    together = pd.Series("x", index=one.records["record_id"])
    false, missed = shares_wrong(SHIPPED, one.records, together)
    assert (false == 0).all()
    assert missed[0] == float((found["probability"] < GRID[0]).any())


def test_the_command_picks_the_threshold(tmp_path):
    out = tmp_path / "clusters.csv"
    run("papers", LIBRARY, "-o", out, "--max-false-merges", "0.002")
    assert len(read_table(out)) == 10
    asked = ["papers", LIBRARY, "-o", out, "--max-false-merges", "0.01"]
    assert "expected one of them" in run(*asked, "--threshold", "0.5", code=1).stderr
    assert "'ecm' has no calibration" in run(*asked, "--model", "ecm", code=1).stderr
