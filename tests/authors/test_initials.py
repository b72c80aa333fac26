"""Initials beside one person whom they fit, or several."""

from __future__ import annotations

import pandas as pd

from linkage.authors.linker import AuthorLinker

WORDS = "volume rendering flow glyph mesh isosurface tensor shading graph layout".split()


def library(*, first: str = "Hanno Quasthofer", others: tuple[str, ...] = ()) -> pd.DataFrame:
    """Twelve papers of one person, one paper of "H. Quasthofer" with a co-author of no other."""
    rows = [
        {
            "record_id": f"p{n}",
            "title": " ".join(WORDS[(n * k) % 10] for k in (1, 3, 7)) + f" {n}",
            "venue": "Journal of Visualization",
            "year": 2001 + n % 6,
            "authors": [first, f"Partner{n % 3} Lindqvist"],
        }
        for n in range(12)
    ]
    short = {"record_id": "short", "title": "volume shading of tensor glyphs", "year": 2003}
    rows.append(short | {"venue": rows[0]["venue"], "authors": ["H. Quasthofer", "Ilse Brandauer"]})
    for n, other in enumerate(others):
        rows.append({"record_id": f"o{n}", "title": f"moss in bog {n}", "authors": [other]})
    return pd.DataFrame(rows)


def person_of(records: pd.DataFrame, labels: pd.DataFrame | None = None) -> dict[str, str]:
    people = AuthorLinker(threshold=0.95).link(records, labels).people_as_given()
    firsts = people[people["position"] == 0]
    return dict(zip(firsts["record_id"], firsts["author_id"], strict=True))


def test_initials_join_the_one_person_whom_they_fit() -> None:
    person = person_of(library())
    assert person["short"] == person["p0"]


def test_initials_that_fit_two_people_join_nobody() -> None:
    person = person_of(library(others=("Hilde Quasthofer",)))
    assert person["short"] not in {person["p0"], person["o0"]}


def test_initials_do_not_join_who_has_little_work() -> None:
    person = person_of(library().iloc[-6:].reset_index(drop=True))
    assert person["short"] != person["p11"]


def test_other_initials_join_nobody() -> None:
    person = person_of(library(first="Georg Quasthofer"))
    assert person["short"] != person["p0"]


def test_what_a_user_keeps_apart_is_not_joined() -> None:
    apart = pd.DataFrame({"left_id": ["short#0"], "right_id": ["p0#0"], "same": [0]})
    person = person_of(library(), apart)
    assert person["short"] != person["p0"]
