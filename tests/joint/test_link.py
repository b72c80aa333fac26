"""Papers and people together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linkage
from linkage.errors import SetAsideWarning
from linkage.joint.copies import without_copies
from linkage.records.schema import conform
from tests.helpers.command_line import run

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
    once, place, _ = without_copies(records, pd.Series({"a": "p", "b": "p", "c": "p"}))
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
    once, place, _ = without_copies(records, pd.Series("p", index=records["record_id"]))
    assert len(once) == 1
    for record_id, authors in zip(records["record_id"], records["authors"], strict=True):
        own = [place[record_id, position] for position in range(len(authors or ()))]
        assert len(set(own)) == len(own)


def test_people_come_in_input_order() -> None:
    records = pd.DataFrame([record("z", ["Ana Bell", "Ben Cole"]), record("a", ["Ana Bell"])])
    people = linkage.link(records).people
    assert people["record_id"].tolist() == ["z", "z", "a"]
    assert people["position"].tolist() == [0, 1, 0]


MARRIED = {"orcid": "0000-0002-1825-0097", "email": "helene@wetlands.example"}


def of_one_author(record_id: str, name: str, **more: Any) -> dict[str, Any]:
    return record(record_id, [{"name": name, **more.pop("known", {})}], **more)


def joined_by_link(*records: dict[str, Any]) -> bool:
    clusters = linkage.link(pd.DataFrame(records)).clusters
    return bool(clusters["a"] == clusters["b"])


def test_papers_that_agree_in_all_but_a_form_of_a_name_are_one() -> None:
    """A reprint a year later, under the name after a marriage: only who they are tells."""
    before = of_one_author("a", "Helene Courtois", year=2013, known=MARRIED)
    after = of_one_author("b", "Helene Di Nella", year=2014, known=MARRIED)
    other = of_one_author("c", "Olaf Brandt", title="Peat cutting in the Emsland")
    apart = linkage.PaperLinker().link(pd.DataFrame([before, after, other])).clusters
    assert apart["a"] != apart["b"]
    assert joined_by_link(before, after, other)


@pytest.mark.filterwarnings("ignore::linkage.errors.SetAsideWarning")
@pytest.mark.parametrize(
    ("after", "note"),
    [
        (of_one_author("b", "Helene Di Nella", year=2014), "nobody says that they are one person"),
        (
            of_one_author("b", "Helene Di Nella", title=f"{TITLE}: a sequel", known=MARRIED),
            "another title",
        ),
        (
            record("b", [{"name": "Helene Di Nella", **MARRIED}, "Olaf Brandt"]) | {"year": 2014},
            "one more author",
        ),
        (
            of_one_author("b", "Helene Di Nella", venue="Astronomy", volume="9", known=MARRIED),
            "another venue and volume",
        ),
    ],
)
def test_papers_stay_apart_where_more_differs_than_a_name(after: dict[str, Any], note: str) -> None:
    before = of_one_author("a", "Helene Courtois", year=2013, volume="3", known=MARRIED)
    assert not joined_by_link(before, after), note


def test_the_same_orcid_on_two_copies_is_one_author_whatever_the_names() -> None:
    orcid = {"orcid": "0000-0002-1825-0097"}
    copies = pd.DataFrame(
        [
            record("a", [{"name": "Helene Courtois", **orcid}, "Olaf Brandt"], doi="10.5555/a"),
            record("b", [{"name": "Helene Di Nella", **orcid}, "Olaf Brandt"], doi="10.5555/a"),
            # the number has slipped: names count first
            record("c", ["Helene Courtois", {"name": "Olaf Brandt", **orcid}], doi="10.5555/a"),
        ]
    )
    clusters = pd.Series("p", index=["a", "b", "c"])
    once, place, _ = without_copies(conform(copies), clusters)
    assert [len(authors) for authors in once["authors"]] == [2]
    assert {copy: place[copy, 0][1] for copy in "abc"} == dict.fromkeys("abc", 0)


ONE, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"


@pytest.mark.parametrize(
    ("orcids", "heeded", "note"),
    [
        ((ONE, OTHER), None, "who can tell which is right?"),
        ((OTHER, ONE), None, "in whatever order"),
        ((ONE, OTHER, ONE), ONE, "two say so"),
        ((ONE, None, OTHER, OTHER), OTHER, "nor is the first one right"),
    ],
)
def test_different_orcids_of_an_author_on_copies_are_told(
    orcids: tuple[str | None, ...], heeded: str | None, note: str
) -> None:
    copies = pd.DataFrame(
        record(f"r{k}", ["Olaf Brandt", {"name": "Jana Reiner", "orcid": orcid}])
        for k, orcid in enumerate(orcids)
    )
    clusters = pd.Series("p", index=copies["record_id"])
    once, _, (problem,) = without_copies(conform(copies), clusters)
    assert once["authors"].iloc[0][1].get("orcid") == heeded, note
    assert all(orcid in problem.found for orcid in {ONE, OTHER})
    assert all(f"r{k}#1" in problem.found for k, orcid in enumerate(orcids) if orcid)


def test_what_contradicts_among_copies_is_told_wherever_papers_and_people_are_linked(
    tmp_path: Path,
) -> None:
    copies = pd.DataFrame(
        record(f"r{k}", [{"name": "Jana Reiner", "orcid": orcid}, "Olaf Brandt"], doi="10.5555/a")
        for k, orcid in enumerate((ONE, OTHER))
    )
    with pytest.warns(SetAsideWarning, match="on copies of one paper"):
        linkage.link(copies)
    copies.to_csv(tmp_path / "papers.csv", index=False)
    done = run("link", tmp_path / "papers.csv", "-o", tmp_path / "out")
    assert "on copies of one paper" in done.stderr
