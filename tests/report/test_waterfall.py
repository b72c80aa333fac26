"""Waterfalls: they add up to the score, and are drawn within their picture."""

import numpy as np
import pandas as pd
import pytest

from linkage.authors.explain import explain_authors
from linkage.authors.linker import AuthorLinker
from linkage.authors.links import AuthorLinks
from linkage.models import load_model
from linkage.papers.batches import prepare_records
from linkage.papers.explain import explain_papers
from linkage.papers.linker import PaperLinker
from linkage.records.schema import conform
from linkage.report.waterfall import (
    MOST_BARS,
    Bar,
    Waterfall,
    mention_waterfalls,
    model_behind,
    paper_waterfalls,
    steps,
)
from tests.helpers.records import library, second_copy


@pytest.fixture(scope="module")
def records():
    originals = library(20)
    return conform(pd.DataFrame([*originals, *map(second_copy, originals)]))


@pytest.fixture(scope="module")
def links(records):
    return PaperLinker().link(records)


@pytest.fixture(scope="module")
def papers(records):
    return prepare_records(records)


@pytest.fixture(scope="module")
def falls(papers, links):
    return paper_waterfalls(papers, load_model("papers_publication"), links.pairs.head(40), 0.6)


def total(fall):
    return fall.base + sum(bar.adds for bar in fall.bars) + fall.rest


def test_bars_add_up_to_the_score_that_linking_gave(links, falls):
    for left, right, probability, veto, _ in links.pairs.head(40).to_numpy():
        fall = falls[frozenset((left, right))]
        assert total(fall) == pytest.approx(fall.log_odds, abs=1e-6)
        assert veto or fall.probability == pytest.approx(probability, abs=1e-9)
        assert fall.probability == pytest.approx(1 / (1 + np.exp(-fall.log_odds)))


def test_the_weightiest_come_first_and_few_have_a_bar(falls):
    n = len(load_model("papers_publication").features)
    for fall in falls.values():
        sizes = [abs(bar.adds) for bar in fall.bars]
        assert sizes == sorted(sizes, reverse=True)
        assert len(fall.bars) <= MOST_BARS
        assert len(fall.bars) + fall.n_rest == n
        assert all(bar.meaning for bar in fall.bars)


def test_a_waterfall_says_what_explain_says(records, papers, links):
    left, right = links.pairs[["left_id", "right_id"]].iloc[0]
    model = load_model("papers_publication")
    fall = paper_waterfalls(papers, model, links.pairs.head(1), 0.6)[frozenset((left, right))]
    told = explain_papers(links, left, right)
    assert (fall.base, fall.log_odds) == (told.base, told.log_odds)
    first = told.features.iloc[0]
    assert (fall.bars[0].name.replace(" ", "_"), fall.bars[0].adds) == (
        first["feature"],
        first["contribution"],
    )


def test_pairs_of_other_records_have_none(papers):
    pairs = pd.DataFrame({"left_id": ["p000", "p001"], "right_id": ["nowhere", "p002"]})
    model = load_model("papers_publication")
    assert set(paper_waterfalls(papers, model, pairs, 0.6)) == {frozenset(("p001", "p002"))}
    assert paper_waterfalls(papers, model, pairs.head(1), 0.6) == {}


def test_mentions_add_up_in_either_order(records):
    links: AuthorLinks = AuthorLinker().link(records)
    ids = links.mentions.table["mention_id"].to_numpy()
    i, j = (side[:12] for side in (links.pairs.i, links.pairs.j))
    pairs = pd.DataFrame({"left_id": ids[j], "right_id": ids[i]})
    found = mention_waterfalls(links, pairs)
    for row, (left, right) in enumerate(zip(ids[i], ids[j], strict=True)):
        fall = found[frozenset((left, right))]
        assert total(fall) == pytest.approx(fall.log_odds, abs=1e-6)
        assert fall.probability == pytest.approx(links.probability[row], abs=1e-9)
    told = explain_authors(links, ids[i][0], ids[j][0])
    assert told.log_odds == pytest.approx(found[frozenset((ids[i][0], ids[j][0]))].log_odds)
    assert mention_waterfalls(links, pairs.assign(left_id="nobody#0")) == {}


def test_the_model_behind_pairs_is_found_by_what_it_says(records, papers, links):
    assert model_behind(papers, links.pairs).level == "publication"
    work = PaperLinker(level="work").link(records)
    assert model_behind(papers, work.pairs).level == "work"
    assert model_behind(papers, links.pairs.assign(probability=0.5)) is None
    assert model_behind(prepare_records(records.head(3)), links.pairs) is None
    assert model_behind(papers, links.pairs.head(0)) is None


def test_features_of_a_pair_do_not_depend_on_its_order(papers):
    pair = pd.DataFrame({"left_id": ["p000"], "right_id": ["p000-copy"]})
    back = pair.rename(columns={"left_id": "right_id", "right_id": "left_id"})
    np.testing.assert_array_equal(papers.features(pair), papers.features(back))


@pytest.mark.parametrize("threshold", [0, 0.5, 0.6, 1])
@pytest.mark.parametrize("base", [-2.0, 0.0, 1.0])
def test_bars_are_drawn_end_to_end_within_the_picture(base, threshold):
    bars = [Bar("a", "A.", 1.0, 3.0), Bar("b", "B.", float("nan"), -1.5)]
    fall = Waterfall(base, bars, -0.25, 7, base + 1.25, 0.0, threshold)
    drawn, limit = steps(fall)
    assert [step.name for step in drawn] == ["any pair, to start with", "a", "b", "7 others", "sum"]
    assert [step.value for step in drawn] == ["", "1", "not known", "", ""]
    assert [step.adds for step in drawn] == pytest.approx([base, 3, -1.5, -0.25, base + 1.25])
    assert all(step.left >= -1e-9 and step.left + step.width <= 1 + 1e-9 for step in drawn)
    assert 0 <= limit <= 1
    scale = drawn[1].width / 3
    assert drawn[2].left + drawn[2].width == pytest.approx(drawn[1].left + drawn[1].width)
    assert drawn[4].width == pytest.approx(abs(base + 1.25) * scale)
