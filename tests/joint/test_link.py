"""Papers and people together."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linkage
from linkage.errors import SetAsideWarning
from linkage.joint.copies import without_copies
from linkage.records.schema import conform

TITLE = "Capillary rise in living sphagnum hummocks after drought"


def record(record_id: str, authors: list[Any], title: str = TITLE, **more: Any) -> dict[str, Any]:
    people = [{"name": one} if isinstance(one, str) else one for one in authors]
    return {
        "record_id": record_id,
        "title": title,
        "year": 2014,
        "venue": "Wetlands",
        "authors": json.dumps(people),
        **more,
    }


def test_what_one_copy_knows_serves_all() -> None:
    orcid = "0000-0002-1825-0097"
    records = pd.DataFrame(
        [
            record("a", ["J. Reinerova", "Olaf Brandt"]),
            record("b", [{"name": "Jana Reinerova", "orcid": orcid}, "O. Brandt"]),
            record(
                "c",
                [{"name": "Jana Mertensova", "orcid": orcid}, "Olaf Brandt"],
                title="Shade and the growth of feather mosses in spruce forest",
            ),
        ]
    )
    with pytest.warns(SetAsideWarning, match="taken for one person"):
        found = linkage.link(records)
    assert found.clusters["a"] == found.clusters["b"] != found.clusters["c"]
    person = found.people.set_index(["record_id", "position"])["author_id"]
    assert person["a", 0] == person["b", 0] == person["c", 0]
    assert person["a", 1] == person["b", 1] == person["c", 1]


def test_a_copy_with_another_order_and_one_author_more() -> None:
    records = conform(
        pd.DataFrame(
            [
                record("a", ["Ana Bell", "Ben Cole"]),
                record("b", ["Cole, B.", "Bell, A.", "Dee Dunn"]),
                record("c", ["Eva Ek"]),
            ]
        )
    )
    once, place = without_copies(records, pd.Series({"a": "p", "b": "p", "c": "p"}))
    names = [author["name"] for author in once["authors"].iloc[0]]
    assert names == ["Ben Cole", "Ana Bell", "Dee Dunn", "Eva Ek"]
    assert place["a", 0] == ("b", 1)
    assert place["a", 1] == ("b", 0)
    assert place["c", 0] == ("b", 3)


NAMES = st.lists(
    st.sampled_from(["Ana Bell", "A. Bell", "Ben Cole", "Eva Ek"]), unique=True, min_size=1
)


@settings(max_examples=30, deadline=None)
@given(st.lists(NAMES, min_size=1))
def test_each_author_of_each_copy_has_a_place_of_its_own(lists: list[list[str]]) -> None:
    records = conform(pd.DataFrame([record(f"r{n}", names) for n, names in enumerate(lists)]))
    once, place = without_copies(records, pd.Series("p", index=records["record_id"]))
    assert len(once) == 1
    for record_id, authors in zip(records["record_id"], records["authors"], strict=True):
        own = [place[record_id, position] for position in range(len(authors or ()))]
        assert len(set(own)) == len(own)


def test_people_come_in_input_order() -> None:
    records = pd.DataFrame([record("z", ["Ana Bell", "Ben Cole"]), record("a", ["Ana Bell"])])
    people = linkage.link(records).people
    assert people["record_id"].tolist() == ["z", "z", "a"]
    assert people["position"].tolist() == [0, 1, 0]
