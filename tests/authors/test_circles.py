"""Circles of co-authors: what holds them together, and whom they flag."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from linkage.authors.circles import NO_CIRCLE, CommonNames, circles_of_people
from linkage.authors.linker import AuthorLinker
from linkage.authors.mentions import list_mentions
from linkage.authors.prepare import prepare_mentions
from linkage.authors.profiles import profiles
from linkage.authors.review import author_review
from linkage.authors.scorer import background
from linkage.models import load_model
from linkage.records.schema import conform

ANA, BEN, CID, DEE, EVA, FAY = range(6)


def circles(*papers: tuple[int, ...]) -> list[int]:
    """The circle of each paper of ANA, who is the first author of all."""
    person = np.array([author for paper in papers for author in paper], dtype=np.int64)
    paper = np.repeat(np.arange(len(papers)), [len(authors) for authors in papers])
    return circles_of_people(person, paper)[person == ANA].tolist()


def test_papers_with_one_partner_are_a_circle() -> None:
    found = circles((ANA, BEN), (ANA, BEN), (ANA, BEN))
    assert len(set(found)) == 1
    assert NO_CIRCLE not in found


def test_one_paper_with_both_partners_is_a_single_link() -> None:
    found = circles(*[(ANA, BEN)] * 3, *[(ANA, DEE)] * 3, (ANA, BEN, DEE))
    assert found[0] != found[3]
    assert len(set(found[:3])) == len(set(found[3:6])) == 1


def test_two_papers_with_both_partners_hold() -> None:
    found = circles(*[(ANA, BEN)] * 3, *[(ANA, DEE)] * 3, *[(ANA, BEN, DEE)] * 2)
    assert len(set(found)) == 1


def test_two_papers_and_papers_alone_are_no_circle() -> None:
    assert circles((ANA, BEN), (ANA, BEN), (ANA,), (ANA, CID)) == [NO_CIRCLE] * 4


def library() -> pd.DataFrame:
    """One rare name in two fields, with partners of one field and of the other."""
    fields = {
        "Bryologist": (["Ewa Nowicka", "Olaf Brandt"], "moss growth in shaded peat bog"),
        "Journal of Cryptology": (["Rui Tavares", "Ines Duarte"], "lattice cipher key exchange"),
    }
    rows = []
    for venue, (partners, words) in fields.items():
        for n, word in enumerate("early late slow wet".split()):
            title, authors = f"{word} {words} part {n}", ["Tilo Quasthofer", *partners]
            rows.append({"title": title, "venue": venue, "year": 2010 + n, "authors": authors})
    return pd.DataFrame(rows)


def test_a_rare_name_in_two_fields_is_told_apart_or_flagged() -> None:
    records = library()
    links = AuthorLinker().link(records)
    people = links.people_as_given()
    found = people[people["name"] == "Tilo Quasthofer"]["author_id"].unique()
    if len(found) > 1:
        return
    row = profiles(records, people).set_index("author_id").loc[found[0]]
    assert sorted(map(len, row["circles"])) == [4, 4]
    review = author_review(links)
    assert review["reason"].iloc[0].startswith("two circles of co-authors")


WORDS = "lattice cipher key exchange hash proof signature channel attack protocol".split()
TEAMS = [["Ewa Nowicka", "Olaf Brandt"], ["Rui Tavares", "Ines Duarte"], ["Ada Moe", "Bo Lind"]]


def one_field(name: str, n_papers: int = 8) -> pd.DataFrame:
    """Three circles of one name in one field, venue and time."""
    titles = list(combinations(WORDS, 4))
    rows = [
        {
            "title": " ".join(titles[7 * (n_papers * at + n)]),
            "venue": "Journal of Cryptology",
            "year": 2010 + n % 4,
            "authors": [name, *team],
        }
        for at, team in enumerate(TEAMS)
        for n in range(n_papers)
    ]
    return pd.DataFrame(rows)


def people_called(name: str, records: pd.DataFrame) -> list[str]:
    people = AuthorLinker().link(records).people_as_given()
    return people[people["name"] == name]["author_id"].tolist()


def test_circles_of_a_very_common_name_in_one_field_are_people_each() -> None:
    found = people_called("Wei Wang", one_field("Wei Wang"))
    assert [len(set(found[at : at + 8])) for at in (0, 8, 16)] == [1, 1, 1]
    assert len(set(found)) == 3


def common_names(name: str, n_papers: int) -> tuple[CommonNames, list[int]]:
    records = conform(one_field(name, n_papers))
    table = list_mentions(records)
    table = table[table["name"] == name].reset_index(drop=True)
    mentions = prepare_mentions(table, records, background(load_model("authors")))
    first = np.repeat([0, n_papers, 2 * n_papers], n_papers)
    return CommonNames(mentions, first), first[::n_papers].tolist()


@pytest.mark.parametrize(
    ("name", "n_papers", "expected"),
    [
        ("Wei Wang", 8, 0.9),
        ("Wei Wang", 5, 0.85),
        ("Wei Wang", 3, 0.6),
        ("Wei Wang", 2, 0.0),  # no circle yet
        ("W. Wang", 8, 0.0),  # initials tell nothing of how common the name is
        ("Tilo Quasthofer", 8, 0.0),
    ],
)
def test_the_more_papers_a_circle_has_the_surer_its_join_must_be(name, n_papers, expected) -> None:
    common, (first, _, other) = common_names(name, n_papers)
    assert common.least_mean(first, other) == expected


def test_what_shares_a_circle_needs_no_more() -> None:
    common, (first, second, other) = common_names("Wei Wang", 8)
    common.join(first, other)
    assert common.least_mean(first, second) == 0.9
    assert common.least_mean(first, other) == 0.0
