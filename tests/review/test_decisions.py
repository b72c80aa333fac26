"""What is decided on a report, or written into a review list, goes back in as it is."""

import pandas as pd
import pytest

from linkage.library.library import Library
from linkage.linking.calls import MOST_APART, calls_of
from linkage.papers.review import review_list
from linkage.report.overlaps import histogram, overlap
from tests.helpers.command_line import run
from tests.helpers.records import table
from tests.helpers.reviewing import needs_browser, read_labels, records, wide


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Reports and review lists of papers and people with much to ask."""
    folder = tmp_path_factory.mktemp("made")
    source = folder / "records.csv"
    records(6).assign(source=["one", "two", "three"] * 6 + ["one"]).to_csv(source, index=False)
    for command, model in (("papers", "papers_publication"), ("authors", "authors")):
        (folder / f"{command}.json").write_text(wide(model).to_json(), encoding="utf-8")
        outputs = ["-o", folder / "out.csv", "--review", folder / f"{command}.csv"]
        outputs += ["--report", folder / f"{command}.html"]
        run(command, source, *outputs, "--model", folder / f"{command}.json")
    return folder


@pytest.mark.parametrize("command", ["papers", "authors"])
def test_a_review_list_goes_back_in_with_and_without_answers(made, tmp_path, command):
    source, path = made / "records.csv", tmp_path / "review.csv"
    asked = pd.read_csv(made / f"{command}.csv", encoding="utf-8-sig", dtype=str)
    assert asked["same"].isna().all()
    assert asked["left_title"].notna().all()
    run(command, source, "-o", tmp_path / "out.csv", "--constraints", made / f"{command}.csv")
    asked.loc[0, "same"] = "1"
    asked.to_csv(path, index=False)
    run(command, source, "-o", tmp_path / "out.csv", "--constraints", path)
    with Library(tmp_path / "a.linkage") as kept:
        kept.update(pd.read_csv(source), "one")
    told = run("judge", tmp_path / "a.linkage", path)
    assert "1 judgement\n" in told.stderr, "a question without an answer is no verdict"


@needs_browser
@pytest.mark.parametrize("command", ["papers", "authors"])
def test_verdicts_on_a_report_are_saved_as_a_table_of_constraints(browser, made, tmp_path, command):
    saved, source = tmp_path / "decisions.csv", made / "records.csv"
    page, said = browser.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto((made / f"{command}.html").as_uri())
    groups = page.locator("#list-review .verdicts")
    pairs = [
        tuple(groups.nth(k).get_attribute(f"data-{side}") for side in ("left", "right"))
        for k in range(3)
    ]
    groups.nth(0).get_by_text("Same").click()
    page.locator("#list-review summary").nth(2).focus()
    card = page.locator("#list-review > details").nth(1)
    card.locator("summary").first.focus()
    page.keyboard.press("d")
    groups.nth(2).get_by_text("Can't say").click()
    with page.expect_download() as download:
        page.click(".decide [name=save]")
    download.value.save_as(saved)
    assert "3 decided, saved" in page.inner_text(".decide")
    page.close()
    assert said == []
    assert read_labels(saved) == dict(zip(pairs, [1, 0, None], strict=True))
    run(command, source, "-o", tmp_path / "out.csv", "--constraints", saved)
    if command == "papers":
        out = tmp_path / "model.json"
        run("train", "papers", source, "--labels", saved, "-o", out)
        assert out.exists()


def test_copies_of_a_question_are_one_question():
    from linkage.papers.linker import PaperLinker

    moss = {"title": "Hidden moss diversity in Galicia and thermal memory near Anatolia",
            "authors": "Ana Abendroth", "venue": "Annals of Imaginary Geology"}  # fmt: skip
    rows = [moss | {"record_id": f"a{k}", "year": 2001} for k in range(3)]
    rows += [
        moss | {"record_id": f"b{k}", "year": 2011, "authors": "Boris Mbeki"} for k in range(3)
    ]
    links = PaperLinker(wide("papers_publication")).link(table(*rows))
    across = review_list(links)[["left_id", "right_id"]].map(lambda one: one[0])
    assert len(links.pairs) == 15
    assert (across["left_id"] != across["right_id"]).sum() <= 1


def test_joins_are_a_spanning_forest_in_any_order():
    import numpy as np

    rng = np.random.default_rng(3)
    i, j = np.triu_indices(9, 1)
    cluster = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2])
    probability = np.round(rng.random(len(i)), 1)  # with ties
    ids = np.array([f"r{k}" for k in range(9)], dtype=object)
    calls = calls_of(ids, i, j, probability, cluster, 0.3)
    assert len(calls.joins) == 9 - 3
    assert len(calls.apart) == calls.n_apart < MOST_APART
    mixed = rng.permutation(len(i))
    again = calls_of(ids, i[mixed], j[mixed], probability[mixed], cluster, 0.3)
    pd.testing.assert_frame_equal(again.joins, calls.joins)
    pd.testing.assert_frame_equal(again.apart, calls.apart)


def test_charts_count_every_pair_and_every_paper_once():
    pairs = pd.DataFrame({"probability": [0.0, 0.02, 0.5, 1.0, 0.7], "veto": ["", "", "", "", "x"]})
    chart = histogram(pairs, (0.3, 0.9))
    assert [(bar.n, bar.band) for bar in chart.bars] == [(2, "apart"), (1, "close"), (1, "sure")]
    assert histogram(pairs.head(0), (0.3, 0.9)) is None
    clusters = pd.Series({"a": "p", "b": "p", "c": "q", "d": "p", "e": "s"})
    sources = pd.Series({"a": "X", "b": "Y", "c": "X", "d": "X", "e": None})
    found = overlap(clusters, sources)
    assert (found.sources, found.cells, found.alone) == (["X", "Y"], [[2, 1], [1, 1]], [1, 0])
    assert overlap(clusters, sources.where(sources == "X")) is None


def test_bars_are_cut_where_the_band_ends():
    probabilities = [0.0, 0.125, 0.13, 0.14, 0.87, 0.8700001, 1.0]
    chart = histogram(pd.DataFrame({"probability": probabilities}), (0.13, 0.87))
    bands = [bar.band for bar in chart.bars for _ in range(bar.n)]
    assert bands == ["apart"] * 2 + ["close"] * 3 + ["sure"] * 2
    assert all(0 < bar.width <= 0.04 + 1e-9 for bar in chart.bars)


def test_a_review_of_a_file_that_is_not_there_says_so(tmp_path):
    told = run("review", tmp_path / "no.linkage", code=1).stderr
    assert "no.linkage: no such file" in told
