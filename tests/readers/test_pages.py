"""Publication pages copied as text: profile list, record dump, name cluster."""

from pathlib import Path

import pandas as pd
import pytest

from linkage.errors import InputError, Problem
from linkage.readers.dump_authors import flat_authors, is_flat_author_line
from linkage.readers.files import read_records

DATA = Path(__file__).parent / "data"


def names(records: pd.DataFrame, row: int) -> list[str]:
    return [author["name"] for author in records["authors"].iloc[row]]


def test_profile_list() -> None:
    records = read_records(DATA / "profile.txt", set_aside=(problems := []))
    assert problems == []
    assert records["record_id"].tolist() == [f"profile:{n}" for n in range(1, 6)]
    assert records["title"].tolist() == [
        "Parsing Imaginary Languages: A Survey",
        "Learning to Forget Years",
        "Fields of Invented Numbers",
        "A Tool Report",
        "A Paper Whose Author Line Is Missing",
    ]
    dates = ["2018-10-20", "--02-05", "2017-03-01", "2016-06-12", "2015-12-03"]
    assert records["date"].tolist() == dates
    assert records["year"].tolist() == [2018, pd.NA, 2017, 2016, 2015]
    assert records["authors_truncated"].tolist() == [True, False, False, True, False]
    assert records["subject"].tolist() == ["CL", "LG", "MATH-PH", "CV", "AI"]
    assert records["affiliation"].tolist()[:2] == ["examplelab, testuni", None]
    assert records["abstract"].iloc[0] == "We survey languages that nobody speaks. They are many."
    assert records["abstract"].iloc[2] is None


def test_profile_authors() -> None:
    records = read_records(DATA / "profile.txt")
    assert names(records, 0) == ["Ada Example", "Bo Muster"]
    assert names(records, 1) == ["Ada Example", "Zoë van der Probe", "Carl Beispiel, Jr."]
    assert records["authors"].iloc[3][0]["group"] is True
    assert records["authors"].iloc[4] is None


def test_record_dump() -> None:
    problems: list[Problem] = []
    records = read_records(DATA / "dump.txt", set_aside=problems)
    assert records["title"].tolist() == [
        "Card of an Imagined System",
        "Attention, Please",
        "No Abstract Was Printed Here",
        "The Last of the Four Papers",
    ]
    assert records["abstract"].isna().tolist() == [False, False, True, False]
    authors = records["authors"].iloc[0]
    assert authors[0] == {"name": "InventedAI", "group": True}
    assert authors[1] == {"name": "Example, Ada", "given": "Ada", "family": "Example"}
    assert authors[3] == {"name": "Weiling Tan", "given": "Weiling", "family": "Tan"}
    assert (authors[4]["family"], authors[4]["particle"]) == ("Probe", "van der")
    assert names(records, 2) == ["Example, Ada", "Plato"]
    assert [(p.where, p.kept) for p in problems] == [("line 3", True)]


def test_name_cluster() -> None:
    records = read_records(DATA / "cluster.txt")
    assert records["venue"].tolist() == ["ICXX", "JIMR", "XLDM", "UAX"]
    assert records["type"].tolist() == ["inproceedings", "article", "abstract", "inproceedings"]
    assert records["year"].tolist() == [2024, 2022, 2019, 2020]
    first = records["authors"].iloc[0][0]
    assert (first["given"], first["family"], first["homonym"]) == ("Ada", "Example", "0005")
    assert records["authors"].iloc[3] is None
    assert records["abstract"].iloc[2] is None
    assert records["abstract"].iloc[3] == "It has an abstract only."


def test_pages_are_told_by_structure_not_by_name(tmp_path: Path) -> None:
    for name in ("profile", "dump", "cluster"):
        other = tmp_path / "page.dat"
        other.write_bytes((DATA / f"{name}.txt").read_bytes())
        titles = read_records(other, set_aside=[])["title"].tolist()
        assert titles == read_records(DATA / f"{name}.txt", set_aside=[])["title"].tolist()


@pytest.mark.parametrize(
    ("line", "people", "dropped"),
    [
        ("Example, Ada", ["Example, Ada"], []),
        ("Plato, null, Example, Ada", ["Plato", "Example, Ada"], []),
        ("null, null, Example, Ada", ["Example, Ada"], ["null, null"]),
        ("null, Ada, Muster, Bo", ["Ada", "Muster, Bo"], []),
        ("Example, Ada, Muster, Bo, Plato", ["Example, Ada", "Muster, Bo", "Plato"], []),
    ],
)
def test_flat_authors(line: str, people: list[str], dropped: list[str]) -> None:
    assert flat_authors(line) == (people, dropped)


def test_three_single_names_join_two_and_leave_one() -> None:
    people, _ = flat_authors("Wei, null, Tan, null, Plato, null")
    assert people == [{"name": "Wei Tan", "given": "Wei", "family": "Tan"}, "Plato"]


@pytest.mark.parametrize(
    "line", ["A title without any", "We wrote this, and then that, and it was good."]
)
def test_prose_is_no_author_line(line: str) -> None:
    assert not is_flat_author_line(line)


def test_plain_prose_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "prose.txt"
    path.write_text("A story.\n\nIt has sentences, but no records.\n")
    with pytest.raises(InputError, match="no known format"):
        read_records(path)
