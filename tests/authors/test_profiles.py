"""Profiles: what is known of each person, as a table and as a page."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage import read_table
from linkage.authors.profiles import PROFILE_COLUMNS, h_index, profiles
from linkage.records.schema import conform
from linkage.report.people import write_page
from tests.helpers.command_line import LIBRARY, run

RECORDS = pd.DataFrame(
    [
        {"record_id": "a", "title": "Herrings of the northern coast", "year": 2001,
         "authors": ["Łucja Bell", "Ann van Dorn"], "venue": "Fish Letters", "citations": 3},
        {"record_id": "a2", "title": "HERRINGS OF THE NORTHERN COAST.", "year": 2001,
         "authors": ["Bell, L.", "van Dorn, A."], "venue": "Fish Lett.", "citations": None},
        {"record_id": "b", "title": "Halibut at night, a long study", "year": 2004,
         "authors": ["BELL, LUCJA", "Wei Wang"], "venue": "Fish Letters", "citations": 1},
        {"record_id": "c", "title": "Plaster", "year": None,
         "authors": ["Wei Wang", "The Halibut Group"], "venue": "Ceilings <weekly>",
         "citations": None},
        {"record_id": "d", "title": "Plaster", "year": 1990, "authors": ["Wei Wang"],
         "venue": "Ceilings <weekly>", "citations": "many"},
    ]
)  # fmt: skip
WHO = {"bell": "lucja-bell", "dorn": "ann-van-dorn", "wang": "wei-wang", "group": "halibut-group"}


def people_of(records: pd.DataFrame) -> pd.DataFrame:
    """The truth: one person a family name."""
    rows = [
        (record, position, name, next(one for key, one in WHO.items() if key in name.lower()), 0.9)
        for record, names in zip(records["record_id"], records["authors"], strict=True)
        for position, name in enumerate(names)
    ]
    columns = ["record_id", "position", "name", "author_id", "probability"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def found():
    return profiles(RECORDS, people_of(RECORDS)).set_index("author_id")


def test_columns_and_order():
    table = profiles(RECORDS, people_of(RECORDS))
    assert tuple(table.columns) == PROFILE_COLUMNS
    assert table["papers"].tolist() == [3, 2, 1, 1]
    assert table["author_id"].tolist() == [
        "wei-wang",
        "lucja-bell",
        "ann-van-dorn",
        "halibut-group",
    ]


def test_preferred_name_is_full_and_in_order(found):
    assert found.loc["lucja-bell", "name"] == "Łucja Bell"
    assert found.loc["ann-van-dorn", "name"] == "Ann van Dorn"
    assert found.loc["halibut-group", "name"] == "The Halibut Group"


@pytest.mark.parametrize(
    ("printed", "shown"),
    [("GRIFFITHS, IR", "IR Griffiths"), ("GRIFFITHS, IAN", "Ian Griffiths"), ("Li, Bo", "Bo Li")],
)
def test_initials_in_capitals_stay_so(printed, shown):
    records = conform(pd.DataFrame([{"record_id": "a", "title": "Fens", "authors": [printed]}]))
    people = pd.DataFrame({"record_id": ["a"], "position": [0], "name": [printed],
                           "author_id": ["one"], "probability": [1.0]})  # fmt: skip
    assert profiles(records, people)["name"].tolist() == [shown]


def test_variants_as_printed(found):
    assert found.loc["lucja-bell", "variants"] == [
        {"name": "BELL, LUCJA", "mentions": 1},
        {"name": "Bell, L.", "mentions": 1},
        {"name": "Łucja Bell", "mentions": 1},
    ]


def test_a_paper_that_stands_twice_counts_once(found):
    bell = found.loc["lucja-bell"]
    assert (bell["papers"], bell["record_ids"]) == (2, ["a", "a2", "b"])
    assert bell["coauthors"] == [
        {"author_id": "ann-van-dorn", "name": "Ann van Dorn", "papers": 1},
        {"author_id": "wei-wang", "name": "Wei Wang", "papers": 1},
    ]
    assert bell["venues"] == [{"name": "Fish Letters", "papers": 2}]


def test_papers_of_one_short_title_are_several(found):
    assert found.loc["wei-wang", "record_ids"] == ["b", "c", "d"]
    assert found.loc["wei-wang", "papers"] == 3


def test_years_and_citations(found):
    bell, group = found.loc["lucja-bell"], found.loc["halibut-group"]
    assert (bell["first_year"], bell["last_year"]) == (2001, 2004)
    assert (bell["citations"], bell["h_index"]) == (4, 1)
    assert found.loc["wei-wang", "citations"] == 1
    assert pd.isna(group["first_year"])
    assert pd.isna(group["h_index"])


def test_no_citation_counts_no_h_index():
    table = profiles(RECORDS.drop(columns="citations"), people_of(RECORDS))
    assert table["h_index"].isna().all()
    assert table["citations"].isna().all()


def test_nobody():
    table = profiles(RECORDS, people_of(RECORDS).head(0))
    assert tuple(table.columns) == PROFILE_COLUMNS
    assert table.empty


@functools.cache
def usual():
    return profiles(RECORDS, people_of(RECORDS))


@given(st.permutations(range(len(RECORDS))))
def test_row_order_changes_nothing(order):
    records = RECORDS.iloc[list(order)].reset_index(drop=True)
    pd.testing.assert_frame_equal(profiles(records, people_of(records)), usual())


@given(st.lists(st.integers(0, 30), max_size=20))
def test_h_index_is_what_hirsch_says(citations):
    h = h_index(citations)
    assert sum(count >= h for count in citations) >= h
    assert sum(count >= h + 1 for count in citations) < h + 1


def test_page_is_one_safe_file(tmp_path):
    people = people_of(RECORDS)
    write_page(tmp_path / "people.html", profiles(RECORDS, people), RECORDS, "Four & more.")
    page = (tmp_path / "people.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert "Four &amp; more." in page
    assert "Ceilings &lt;weekly&gt;" in page
    assert "<weekly>" not in page
    assert not re.search(r"(?:src|href)\s*=\s*\"(?!#)", page)  # nothing from elsewhere
    assert 'id="person:lucja-bell"' in page
    assert 'href="#person:lucja-bell"' in page
    assert "h-index 1" in page
    assert page.index("Wei Wang") < page.index("Ann van Dorn</b>")


@pytest.mark.parametrize("text", ["Moss", "<script>alert(1)</script>", "</script><img>"])
def test_only_the_own_script_of_the_page_may_run(tmp_path, text):
    records = RECORDS.assign(title=text)
    people = people_of(records)
    write_page(tmp_path / "people.html", profiles(records, people), records, text)
    page = (tmp_path / "people.html").read_text(encoding="utf-8")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', page)
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}'" in policy


def test_command_writes_profiles_and_page(tmp_path):
    run("authors", LIBRARY, "-o", tmp_path / "a.csv", "--profiles", tmp_path / "p.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text("utf-8").splitlines()]
    people = read_table(tmp_path / "a.csv")
    assert {row["author_id"] for row in rows} == set(people["author_id"])
    ana = next(row for row in rows if row["author_id"] == "ana-abendroth")
    assert ana["name"] == "Ana Abendroth"
    assert (ana["first_year"], ana["last_year"], ana["h_index"]) == (2011, 2013, None)
    run("authors", LIBRARY, "-o", tmp_path / "a.csv", "--profiles", tmp_path / "p.html")
    assert "Ana Abendroth" in (tmp_path / "p.html").read_text(encoding="utf-8")


def test_command_counts_citations(tmp_path):
    records = pd.read_csv(LIBRARY).assign(citations=range(10, 20))
    records.to_csv(tmp_path / "in.csv", index=False)
    run("authors", tmp_path / "in.csv", "-o", tmp_path / "a.csv", "--profiles", tmp_path / "p.csv")
    table = read_table(tmp_path / "p.csv").set_index("author_id")
    assert table.loc["farid-fonseca", "h_index"] == 2
    assert table.loc["farid-fonseca", "citations"] == 29


def test_command_refuses_other_formats(tmp_path):
    done = run("authors", LIBRARY, "-o", tmp_path / "a.csv", "--profiles", "p.docx", code=1)
    assert "p.docx: found the suffix '.docx'" in done.stderr


def test_of_some_people_all_coauthors_are_told():
    people = people_of(RECORDS)
    bell = people[people["author_id"] == "lucja-bell"].reset_index(drop=True)
    (row,) = profiles(RECORDS, bell).to_dict("records")
    assert row["coauthors"] == [
        {"author_id": None, "name": "Ann van Dorn", "papers": 1},
        {"author_id": None, "name": "Wei Wang", "papers": 1},
    ]


def test_a_page_of_one_person_draws_all_coauthors(tmp_path):
    names = ["Ana Bell", "Ben Cole", "Eva Dorn", "Ida Fink"]
    records = [
        {"record_id": k, "title": f"Moss {k}", "year": 2001 + k, "venue": "Fish <&> Letters",
         "authors": "; ".join(names)} for k in range(3)
    ]  # fmt: skip
    pd.DataFrame(records).to_csv(tmp_path / "in.csv", index=False)
    files = ["-o", tmp_path / "a.csv", "--profiles", tmp_path / "p.html"]
    run("authors", tmp_path / "in.csv", "--only", "Bell, Ana", *files)
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "1 person</p>" in page
    assert "The 3 with most papers; 3 pairs of them wrote together with Ana Bell" in page
    assert "2002: 1 (Fish &lt;&amp;&gt; Letters)" in page
    assert not re.search("[\x00-\x08\x0b-\x1f]", page)
