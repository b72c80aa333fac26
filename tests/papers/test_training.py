import json

import numpy as np
import pandas as pd
import pytest

from linkage.errors import InputError
from linkage.papers.linker import PaperLinker
from linkage.papers.pairs import PAPER_FEATURES
from linkage.papers.prepare import prepare_papers
from linkage.papers.training.degraded import degrade
from linkage.papers.training.fit import TrainingPairs, fit_papers, train_papers, training_pairs
from linkage.papers.training.labelled import LabelledPapers, labelled_from_clusters, load_labelled
from linkage.records.schema import conform
from tests.helpers.records import library, second_copy, table

PAPERS = library(60, seed=11)
COPIES = [second_copy(each) for each in PAPERS[:30]]
RECORDS = table(*PAPERS, *COPIES)
TRUTH = pd.Series({r: r.removesuffix("-copy") for r in RECORDS["record_id"]}, name="cluster_id")
PAIRS = pd.DataFrame({
    "left_id": ["p000", "p001", "p002"],
    "right_id": ["p000-copy", "p003", "p002-copy"],
    "label": [1, 0, 1],
})  # fmt: skip


@pytest.fixture(scope="module")
def labelled():
    return labelled_from_clusters("moss", RECORDS, TRUTH)


@pytest.fixture(scope="module")
def model(labelled):
    return train_papers([labelled])


def test_labels_say_which_candidates_are_equal(labelled):
    pairs = training_pairs(labelled)
    assert pairs.X.shape == (len(pairs.y), len(PAPER_FEATURES))
    assert pairs.y.sum() >= 3 * 30 * 0.6, "the plain set and two degraded ones"
    assert (~pairs.y).any()
    assert pairs.weight.sum() == pytest.approx(1)


def test_training_is_the_same_whatever_the_order_of_rows_and_labels(labelled, model):
    rows, labels = (each.sample(frac=1, random_state=3) for each in (RECORDS, TRUTH))
    turned = labelled_from_clusters("moss", rows, labels)
    assert train_papers([turned]).to_json() == model.to_json()


def test_the_model_remembers_what_it_was_trained_on(labelled, model):
    assert model.job == "papers"
    assert model.about["training_sets"] == ["moss"]
    assert model.about["training_pairs"] == {"moss": len(training_pairs(labelled).y)}
    json.loads(model.to_json())


def test_the_trained_model_tells_copies_from_other_papers(model):
    unseen = library(30, seed=12)
    found = PaperLinker(model).predict(table(*unseen, *map(second_copy, unseen)))
    assert found.nunique() == 30


def test_degraded_copies_lack_or_change_fields_and_leave_the_original_alone(labelled):
    before = labelled.records.copy(deep=True)
    copy = degrade(labelled.records, seed=1)
    pd.testing.assert_frame_equal(labelled.records, before)
    assert copy["record_id"].tolist() == before["record_id"].tolist()
    for name in ("doi", "pages", "volume", "year", "venue"):
        assert copy[name].isna().sum() > before[name].isna().sum(), name
    cut = copy["authors_truncated"].to_numpy()
    assert cut.any()
    assert all(len(authors) == 3 for authors in copy["authors"][cut])
    prepare_papers(copy)  # what is missing is None, as everywhere
    pd.testing.assert_frame_equal(copy, degrade(labelled.records, seed=1))
    assert not copy.equals(degrade(labelled.records, seed=2))


def test_degraded_titles_are_mostly_whole_some_cut_and_some_misprinted(labelled):
    before = labelled.records["title"]
    after = degrade(labelled.records, seed=1)["title"]
    kept = after.notna()
    assert kept.mean() > 0.8
    pairs = list(zip(before[kept], after[kept], strict=True))
    cut = [b for a, b in pairs if a != b and a.startswith(b)]
    misprinted = [(a, b) for a, b in pairs if not a.startswith(b)]
    assert sum(a == b for a, b in pairs) > len(pairs) / 2
    assert {len(title.split()) <= 5 for title in cut} == {True}
    assert {abs(len(a) - len(b)) <= 6 for a, b in misprinted if len(b) > 40} == {True}


def test_degraded_years_are_off_and_names_and_venues_abbreviated(labelled):
    before, after = labelled.records, degrade(labelled.records, seed=1)
    years = (after["year"] - before["year"]).dropna()
    assert 1 <= years.abs().max() <= 3
    assert (years == 0).mean() > 0.9
    venues = zip(before["venue"], after["venue"], strict=True)
    words = {word for a, b in venues if b and a != b for word in b.split()}
    assert "Jour" in words or any(word.isupper() for word in words)
    families = [[a["family"] for a in authors or ()] for authors in before["authors"]]
    turned = [[a["family"] for a in authors or ()] for authors in after["authors"]]
    assert any(sorted(a) == sorted(b) and a != b for a, b in zip(families, turned, strict=True))
    given = [a["given"] for authors in after["authors"].dropna() for a in authors if a["given"]]
    assert any(len(name) == 2 and name[1] == "." for name in given)


def folder(path, **files):
    (path / "splits").mkdir(parents=True)
    for name, content in files.items():
        content.to_csv(path / name.replace("__", "/").replace("_csv", ".csv"), index=False)
    return path


def test_folders_of_records_with_clusters_or_with_pairs(tmp_path):
    gold = TRUTH.rename_axis("record_id").reset_index()
    one = load_labelled(folder(tmp_path / "one", records_csv=RECORDS, gold_csv=gold))
    assert one.name == "one"
    assert one.clusters.to_dict() == TRUTH.to_dict()
    two = load_labelled(folder(tmp_path / "two", records_csv=RECORDS, splits__train_csv=PAIRS))
    assert training_pairs(two).y.tolist() == [True, False, True] * 3
    assert training_pairs(one).X.shape[1] == len(PAPER_FEATURES)


def test_a_folder_without_records_or_labels_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=r"nowhere: found no records\.parquet, \.csv or \.jsonl"):
        load_labelled(tmp_path / "nowhere")
    bare = folder(tmp_path / "bare", records_csv=RECORDS)
    with pytest.raises(InputError, match=r"bare: found neither gold\.csv nor splits/train\.csv"):
        load_labelled(bare)


@pytest.mark.parametrize(
    ("truth", "says"),
    [
        (TRUTH.drop("p007"), "moss: record 'p007' has no true cluster, expected one"),
        (TRUTH.mask(TRUTH.index == "p007"), "moss: record 'p007' has no true cluster"),
        (pd.concat([TRUTH, TRUTH[["p007"]]]), "moss: record 'p007' has two true clusters"),
    ],
)
def test_each_record_needs_one_true_cluster(truth, says):
    with pytest.raises(InputError, match=says):
        training_pairs(labelled_from_clusters("moss", RECORDS, truth))


def test_labelled_pairs_name_records_that_are_there():
    pairs = PAIRS.replace("p003", "p999")
    with pytest.raises(InputError, match="moss: the pairs name record 'p999'"):
        training_pairs(LabelledPapers("moss", conform(RECORDS), pairs=pairs))


@pytest.mark.parametrize("records", [table(*PAPERS[:1]), table(*PAPERS[:2], *COPIES[:2])])
def test_nothing_to_learn_is_an_input_error(records):
    with pytest.raises(InputError, match=r"found \d+ equal and 0 different pairs .* both"):
        PaperLinker().fit(records, TRUTH[records["record_id"]])


def test_few_equal_pairs_are_enough_to_train():
    X = np.random.default_rng(1).random((60, len(PAPER_FEATURES))).astype(np.float32)
    y = np.arange(60) == 7
    model = fit_papers([TrainingPairs(X, y, np.full(60, 1 / 60))])
    assert model.baseline > -6, "every bag has seen an equal pair"
    assert model.probability(X).argmax() == 7


def test_every_set_weighs_the_same_whatever_its_size():
    rng = np.random.default_rng(2)
    X = np.full((550, len(PAPER_FEATURES)), np.nan, dtype=np.float32)
    X[:, 0] = rng.random(550)
    y = X[:, 0] > 0.5
    y[500:] = X[500:, 0] > 0.9  # a small set of a stricter notion
    large = TrainingPairs(X[:500], y[:500], np.full(500, 1 / 500))
    small = TrainingPairs(X[500:], y[500:], np.full(50, 1 / 50))
    between = np.full((1, len(PAPER_FEATURES)), np.nan, dtype=np.float32)
    between[0, 0] = 0.7
    alone = fit_papers([large]).probability(between)[0]
    both = fit_papers([large, small]).probability(between)[0]
    assert alone > 0.9
    assert 0.2 < both < 0.8
