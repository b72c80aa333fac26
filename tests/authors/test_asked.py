"""Some people of a library only: who is asked for, and that they are who they are in the whole."""

import pandas as pd
import pytest

from linkage.authors.asked import asked_mentions
from linkage.authors.linker import AuthorLinker
from linkage.authors.mentions import list_mentions
from linkage.errors import InputError
from linkage.records.schema import conform

ADA, BO = "0000-0001-5109-3700", "0000-0002-1825-0097"
TEAMS = [
    ["Jun Wang", "Ada Ødegård"],
    ["J. Wang", "Ada Ødegård"],
    ["Jian Wang", "Bo de Groot"],
    ["Jian Wang", "Bo de Groot", "Wei Li"],
    ["Wei Li", "Karl Ek"],
]


@pytest.fixture
def records() -> pd.DataFrame:
    rows = [
        {
            "record_id": f"r{number}",
            "title": f"On herrings of shore {number}",
            "year": 2000 + number,
            "authors": [
                {"name": name, "given": name.partition(" ")[0], "family": name.partition(" ")[2],
                 "orcid": {"Ada Ødegård": ADA, "Bo de Groot": BO}.get(name)}
                for name in team
            ],
        }
        for number, team in enumerate(TEAMS)
    ]  # fmt: skip
    return conform(pd.DataFrame(rows))


@pytest.mark.parametrize(
    ("asked", "names", "why"),
    [
        ("Wang, J*", {"Jun Wang", "J. Wang", "Jian Wang"}, "any letters"),
        ("Wang, J?n", {"Jun Wang"}, "one letter"),
        ("jun wang", {"Jun Wang"}, "as printed, in any case"),
        ("J* Wang", {"Jun Wang", "J. Wang", "Jian Wang"}, "given names first"),
        ("Odegard, Ada", {"Ada Ødegård"}, "accents make no difference"),
        (ADA, {"Ada Ødegård"}, "by ORCID"),
        (f"https://orcid.org/{ADA}", {"Ada Ødegård"}, "by the address of an ORCID"),
    ],
)
def test_people_are_asked_for_by_name_or_orcid(records, asked, names, why):
    table = list_mentions(records)
    assert set(table["name"][asked_mentions(table, [asked])]) == names, why


def test_nobody_of_that_name_is_an_error(records):
    with pytest.raises(InputError, match="found nobody called 'Wu, \\*'"):
        AuthorLinker().link_conformed(records, only=["Wu, *"])


def test_the_people_asked_for_are_who_they_are_in_the_whole_library(records):
    whole = AuthorLinker().link_conformed(records).people_as_given()
    some = AuthorLinker().link_conformed(records, only=["Wang, Jian", ADA]).people_as_given()
    assert set(some["name"]) == {"Jian Wang", "Ada Ødegård"}
    kept = whole.merge(some[["record_id", "position"]])
    pd.testing.assert_frame_equal(some, kept)
