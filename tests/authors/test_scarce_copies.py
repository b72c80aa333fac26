"""Copies of a labelled set in which each name stands twice."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from linkage.authors.mentions import author_key
from linkage.authors.training.labelled import LabelledAuthors
from linkage.authors.training.scarce_copies import MOST_COPIES, scarce_copies
from linkage.records.schema import conform

PEOPLE = {"Wei Wang": ["w1", "w2"], "Lucjan Pszczelarz": ["p"], "Oddvar Blekastad": ["b"]}


@pytest.fixture
def labelled() -> LabelledAuthors:
    """Five papers a person; of the three names, two people share one."""
    rows, labels = [], []
    for name, people in PEOPLE.items():
        for person in people:
            for n in range(5):
                record = f"{person}-{n}"
                author = {"name": name, "affiliation": f"Town {person}"}
                rows.append({"record_id": record, "title": record, "authors": [author, "Ada Ode"]})
                labels.append((record, 0, person, name.split()[-1]))
    table = pd.DataFrame(labels, columns=["record_id", "position", "author_id", "block"])
    return LabelledAuthors("herrings", conform(pd.DataFrame(rows)), table)


def test_each_copy_has_two_labelled_mentions_of_a_block_or_of_two_under_one_name(labelled):
    copies = list(scarce_copies(labelled))
    assert len(copies) == MOST_COPIES, "three pairs each are far from enough"
    for copy in copies:
        assert set(copy.records["record_id"]) == set(copy.labels["record_id"])
        assert copy.labels["record_id"].is_unique
        authors = copy.records.set_index("record_id")["authors"]
        keys = [author_key(authors[record][0]) for record in copy.labels["record_id"]]
        assert all(count % 2 == 0 for count in Counter(keys).values())


def test_same_and_different_people_are_drawn_and_strangers_take_the_name_only(labelled):
    kinds = Counter()
    for copy in scarce_copies(labelled):
        authors = copy.records.set_index("record_id")["authors"]
        rows = copy.labels.to_dict("records")
        for first, second in zip(rows[::2], rows[1::2], strict=True):
            left, right = (authors[row["record_id"]][0] for row in (first, second))
            assert left["name"] == right["name"]
            assert right["affiliation"] == f"Town {second['author_id']}"
            same = first["author_id"] == second["author_id"]
            kinds[same, first["block"] == second["block"]] += 1
    assert set(kinds) == {(True, True), (False, True), (False, False)}
    assert 0.35 < kinds[True, True] / kinds.total() < 0.65


def test_copies_are_the_same_each_time_and_leave_the_set_alone(labelled):
    before = labelled.records.copy(deep=True)
    names = [[author["name"] for author in cell] for cell in before["authors"]]
    one, two = (list(scarce_copies(labelled)) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        pd.testing.assert_frame_equal(a.records, b.records)
        pd.testing.assert_frame_equal(a.labels, b.labels)
    after = [[author["name"] for author in cell] for cell in labelled.records["authors"]]
    assert after == names


def test_a_set_of_one_person_each_with_one_paper_has_next_to_nothing_to_draw(labelled):
    alone = labelled.labels.iloc[[0]]
    assert not list(scarce_copies(LabelledAuthors("one", labelled.records, alone)))


def test_labels_need_no_block_and_may_name_a_place_that_is_not_there(labelled):
    strange = pd.DataFrame([{"record_id": "w1-0", "position": 7, "author_id": "x"}])
    labels = pd.concat([labelled.labels.drop(columns="block"), strange], ignore_index=True)
    bare = LabelledAuthors("bare", labelled.records, labels)
    for copy, same in zip(scarce_copies(bare), scarce_copies(labelled), strict=True):
        assert copy.labels["position"].eq(0).all()
        assert len(copy.labels) % 2 == len(same.labels) % 2 == 0
