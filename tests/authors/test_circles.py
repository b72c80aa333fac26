"""Circles of co-authors: what holds them together, and whom they flag."""

from __future__ import annotations

import numpy as np
import pandas as pd

from linkage.authors.circles import NO_CIRCLE, circles_of_people
from linkage.authors.linker import AuthorLinker
from linkage.authors.profiles import profiles
from linkage.authors.review import author_review

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
