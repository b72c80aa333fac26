"""No third form of a name bars a right join, and must-links take whole people along."""

from __future__ import annotations

import json
from itertools import permutations

import pandas as pd
import pytest

from linkage.authors.linker import AuthorLinker, link_authors

WORDS = "light water growth decay carbon".split()


def library(
    names: list[str], partners: tuple[str, ...] = ("Ana Ruthven", "Cid Valemont")
) -> pd.DataFrame:
    """A paper a name, all of one field with the same partners."""
    return pd.DataFrame(
        {
            "record_id": f"r{n}",
            "title": f"Study of {word} in wetland mosses",
            "year": 2010 + n,
            "venue": "Bryologist",
            "authors": json.dumps([{"name": one} for one in (name, *partners)]),
        }
        for n, (name, word) in enumerate(zip(names, WORDS, strict=False))
    )


def first_authors(people: pd.DataFrame) -> list[str]:
    return people[people["position"] == 0]["author_id"].tolist()


def by_mention(people: pd.DataFrame) -> pd.Series:
    ids = people["record_id"] + "#" + people["position"].astype(str)
    return pd.Series(people["author_id"].to_numpy(), index=ids)


@pytest.mark.parametrize(
    "forms",
    [
        ["Quang-Vinh Nguyen", "Nguyen Quang Vinh", "Q. V. Nguyen"],
        ["SMITHSON JOHN A", "John A. Smithson", "Smithson JA"],
        ["Lee Min-Jung", "Min-Jung Lee", "M.-J. Lee"],
        ["Chih-Ming Hsu", "Zhiming Xu", "C.-M. Hsu"],
        ["Ana Lerma Vélez", "Ana M. Lerma-Vélez", "A. M. Lerma-Vélez"],
        ["Oleksii Kovalenkov", "Alexey Kovalenkov", "O. Kovalenkov"],
        ["Md. Rafiqul Sarkerson", "Rafiqul Sarkerson", "M. R. Sarkerson"],
        ["John Smithson", "John Smithsen", "J. Smithsen"],
    ],
)
def test_a_third_form_bars_no_right_join(forms: list[str]) -> None:
    for order in permutations(forms):
        assert len(set(first_authors(link_authors(library(list(order)))))) == 1


@pytest.mark.parametrize(
    ("bare", "one", "other"),
    [
        ("John Whartton", "John Whartton Jr.", "John Whartton Sr."),
        ("Wei Wang", "Wei Wang 0001", "Wei Wang 0003"),
        ("Smithson John A", "John A. Smithson II", "John A. Smithson III"),
    ],
)
def test_a_name_without_the_mark_joins_no_two_that_bear_different_ones(
    bare: str, one: str, other: str
) -> None:
    """A suffix or homonym number parts namesakes, also where a third paper leaves it out."""
    for order in permutations([one, other, bare]):
        found = link_authors(library(list(order)))
        people = dict(zip(order, first_authors(found), strict=True))
        assert people[one] != people[other]


def two_names() -> pd.DataFrame:
    """Two papers each of a name before and after a marriage, with different partners."""
    before = library(["Jana Reinerova"] * 2)
    after = library(["Jana Mertensova"] * 2, ("Rui Tavaresson", "Ines Duarteson"))
    after = after.assign(record_id=["s0", "s1"], title=after["title"] + " revisited")
    return pd.concat([before, after], ignore_index=True)


def test_a_must_link_joins_people_whole_and_makes_no_pair_worse() -> None:
    records, linker = two_names(), AuthorLinker()
    asked = pd.DataFrame({"left_id": ["r0#0"], "right_id": ["s1#0"], "same": [1]})
    without, joined = linker.link(records), linker.link(records, asked)
    assert len(set(first_authors(without.people()))) == 2
    assert len(set(first_authors(joined.people()))) == 1
    assert joined.people()["probability"].equals(without.people()["probability"])


def test_people_who_stand_on_one_record_are_not_joined_whole() -> None:
    records = two_names()
    both = records.iloc[[0]].assign(
        record_id="t0",
        title="A third study of peat",
        authors=json.dumps([{"name": "Jana Reinerova"}, {"name": "Jana Mertensova"}]),
    )
    records = pd.concat([records, both], ignore_index=True)
    asked = pd.DataFrame({"left_id": ["r0#0"], "right_id": ["s1#0"], "same": [1]})
    people = AuthorLinker().link(records, asked).people()
    person = people.set_index(people["record_id"] + "#" + people["position"].astype(str))[
        "author_id"
    ]
    assert person["r0#0"] == person["s1#0"]
    assert person["t0#0"] != person["t0#1"]


def test_what_a_user_keeps_apart_stays_apart_beside_a_must_link() -> None:
    asked = pd.DataFrame(
        {"left_id": ["r0#0", "r1#0"], "right_id": ["s1#0", "s0#0"], "same": [1, 0]}
    )
    people = AuthorLinker().link(two_names(), asked).people()
    person = people.set_index(people["record_id"] + "#" + people["position"].astype(str))[
        "author_id"
    ]
    assert person["r0#0"] == person["s1#0"]
    assert person["r1#0"] != person["s0#0"]
