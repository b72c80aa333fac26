"""How sure assignments are, and the closest calls among authors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage import read_records, read_table
from linkage.authors import links as links_module
from linkage.authors.linker import AuthorLinker
from linkage.authors.links import PEOPLE_COLUMNS, AuthorLinks, assignment_probability
from linkage.authors.review import REVIEW_COLUMNS, author_review
from linkage.models import load_model
from tests.helpers.command_line import LIBRARY, run

OWN = np.arange(99)  # each mention on a record of its own
TEAM = ["Tamsin Qvarnström", "Oddvar Blekastad"]


def paper(title: str, authors: list[str], year: int = 2001) -> dict[str, object]:
    return {"title": title, "authors": authors, "year": year, "venue": "Invented Fish Letters"}


RECORDS = pd.DataFrame(
    [
        paper("Herrings one", ["Jan Pszczelarz", *TEAM]),
        paper("Herrings two", ["J. Pszczelarz", *TEAM], 2002),
        paper("Plaster ceilings", ["Jan Pszczelarz", "Ewa Ostrowska"], 1950),
        paper("Halibut", ["The Halibut Consortium", "Wei Wang", "Wei Wang"]),
        paper("More halibut", ["The Halibut Consortium", "Wei Wang"]),
    ]
)


@pytest.fixture(scope="module")
def links():
    """With a review band that holds everything, whatever model is shipped."""
    return AuthorLinker(replace(load_model("authors"), review=(0.0, 1.0))).link(RECORDS)


def test_the_mean_over_the_others_of_a_cluster():
    i, j = np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3])
    sure = assignment_probability(
        i, j, np.array([0.9, 0.5, 0.7, 0.1]), np.array([0, 0, 0, 3]), OWN[:4], OWN[:4]
    )
    assert sure[:3] == pytest.approx([0.7, 0.8, 0.6])
    assert np.isnan(sure[3])


def test_a_pair_that_was_not_compared_counts_as_nothing():
    sure = assignment_probability(
        np.array([0, 1]),
        np.array([1, 2]),
        np.array([0.8, 0.8]),
        np.array([0, 0, 0]),
        OWN[:3],
        OWN[:3],
    )
    assert sure == pytest.approx([0.4, 0.8, 0.4])


def test_a_name_that_stands_twice_on_a_record_is_no_doubt():
    i, j, cluster = np.array([0, 1]), np.array([2, 2]), np.array([0, 0, 0, 3, 3])
    record = np.array([7, 7, 8, 9, 9])
    sure = assignment_probability(i, j, np.array([0.9, 0.7]), cluster, record, OWN[:5])
    assert sure[:3] == pytest.approx([0.9, 0.7, 0.8])
    assert np.isnan(sure[3:]).all(), "nobody on another record"


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(0, 99))
def test_probabilities_stay_within_bounds(labels, seed):
    cluster = np.array([labels.index(label) for label in labels])
    i, j = np.triu_indices(len(labels), 1)
    probability = np.random.default_rng(seed).random(len(i))
    own = OWN[: len(labels)]
    sure = assignment_probability(i, j, probability, cluster, own, own)
    alone = np.bincount(cluster, minlength=len(cluster))[cluster] == 1
    assert np.array_equal(np.isnan(sure), alone)
    assert ((sure[~alone] >= 0) & (sure[~alone] <= 1)).all()


def test_the_mean_is_the_same_to_the_bit_in_whatever_lots(monkeypatch):
    rng = np.random.default_rng(1)
    i, j = np.triu_indices(12, 1)
    given_so = i, j, rng.random(len(i)), np.arange(12) // 3 * 3, OWN[:12], OWN[:12] // 2
    whole = assignment_probability(*given_so)
    monkeypatch.setattr(links_module, "_LOT", 5)
    assert assignment_probability(*given_so).tolist() == whole.tolist()
    assert np.isfinite(whole).all()


def test_people_say_how_sure_they_are(links):
    people = links.people().set_index(["record_id", "position"])
    assert list(links.people().columns) == list(PEOPLE_COLUMNS)
    assert people.loc[("row:1", 1), "probability"] > 0.5  # Tamsin Qvarnström, named twice
    assert np.isnan(people.loc[("row:3", 1), "probability"])  # Ewa Ostrowska, named once
    assert np.isnan(people.loc[("row:4", 0), "probability"])  # an organisation


def test_review_holds_the_closest_calls_first(links):
    review = author_review(links)
    assert tuple(review.columns) == REVIEW_COLUMNS
    assert len(review)
    distance = (review["probability"] - links.threshold).abs()
    assert distance.is_monotonic_increasing
    assert not review.duplicated(["left_id", "right_id"]).any()
    person = links.people().assign(
        mention=lambda t: t["record_id"] + "#" + t["position"].astype(str)
    )
    person = person.set_index("mention")["author_id"]
    same = person[review["left_id"]].to_numpy() == person[review["right_id"]].to_numpy()
    assert (review["decision"] == np.where(same, "same", "different")).all()
    assert author_review(links, most=1).equals(review.head(1))


def test_review_keeps_to_the_band(links):
    everything = author_review(links)["probability"]
    high = float(everything.max())
    narrow = author_review(
        replace(links, model=replace(links.model, review=(links.threshold, high - 1e-9)))
    )
    assert len(narrow) < len(everything)
    assert narrow["probability"].between(links.threshold, high - 1e-9).all()


def test_review_leaves_out_what_no_score_decides(links, monkeypatch):
    review = author_review(links)
    monkeypatch.setattr(AuthorLinks, "barrier", lambda *_: "")
    everything = author_review(links)
    left_out = pd.concat([review, everything]).drop_duplicates(["left_id", "right_id"], keep=False)
    assert left_out["decision"].eq("different").all()
    assert set(left_out["left_name"]) == {"Wei Wang"}  # one of the two on row:4, and row:5


def test_a_barrier_is_said_in_words(links):
    ids = links.mentions.table["mention_id"].tolist()
    two = [ids.index("row:4#1"), ids.index("row:4#2")]
    assert links.barrier(*two) == "record row:4 lists both"
    other = [ids.index("row:1#0"), ids.index("row:3#1")]
    assert "contradict each other" in links.barrier(*other)


def test_no_authors_no_review():
    records = pd.DataFrame({"title": ["Herrings"], "authors": [[]]})
    links = AuthorLinker().link(records)
    assert author_review(links).empty
    assert links.people().empty


def test_command_writes_the_review(tmp_path):
    files = ["-o", tmp_path / "people.csv", "--review", tmp_path / "review.csv"]
    run("authors", LIBRARY, *files)
    review = read_table(tmp_path / "review.csv")
    assert tuple(review.columns) == REVIEW_COLUMNS
    known = set(AuthorLinker().link(read_records([LIBRARY])).mentions.table["mention_id"])
    assert set(review["left_id"]) | set(review["right_id"]) <= known


def test_command_refuses_to_write_twice_to_one_file(tmp_path):
    one = tmp_path / "one.csv"
    done = run("authors", LIBRARY, "-o", one, "--review", one, code=1)
    assert "named twice" in done.stderr
