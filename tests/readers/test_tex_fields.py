"""TeX in BibTeX fields: names, journals and DOIs read, titles written back as they came."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from linkage.readers.files import read_records
from linkage.records.cells import doi
from linkage.writers.bibtex import write_bibtex

BIB = Path(__file__).parent / "data" / "tex.bib"


@pytest.fixture
def records() -> pd.DataFrame:
    return read_records(BIB).set_index("record_id", drop=False)


def _written(records: pd.DataFrame) -> str:
    stream = io.BytesIO()
    write_bibtex(records, stream)
    return stream.getvalue().decode()


def test_names_after_and_keep_their_accents(records: pd.DataFrame) -> None:
    names = [author["family"] for author in records.loc["accents", "authors"]]
    assert names == ["Lund", "Álm", "Ørn", "Nov", "Ček", "Żuk"]
    assert records.loc["accents", "authors"][3]["given"] == "Łukas"


def test_braces_hold_a_person_or_a_group_and_a_name_may_be_a_list(records: pd.DataFrame) -> None:
    authors = records.loc["braces", "authors"]
    assert [a["family"] for a in authors] == ["山本", "Moss Ltd", "Bell", "Dorn", "Foss"]
    assert [a.get("group", False) for a in authors] == [False, True, False, False, False]


def test_journal_macros(records: pd.DataFrame) -> None:
    venues = ["The Astrophysical Journal", "unknownjournal", None]
    assert records["venue"].tolist() == venues


def test_dois_without_tex_html_and_percent_signs(records: pd.DataFrame) -> None:
    assert records["doi"].tolist() == [
        "10.5555/moss_129<1::aid>3",
        "10.5555/moss_7",
        "10.5555/peat<1><2>z",
    ]


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        (r"10.5555/a\_b", "10.5555/a_b"),
        (r"10.5555/a{\textless}1{\textgreater}z", "10.5555/a<1>z"),
        (r"10.5555/a{\\_}b", "10.5555/a_b"),
        (r"10.5555/a\%b\&c", "10.5555/a%b&c"),
    ],
)
def test_tex_in_dois_of_any_file(printed: str, bare: str) -> None:
    assert doi(printed) == bare


def test_a_title_is_written_as_it_came(records: pd.DataFrame) -> None:
    written = _written(records)
    assert "{Moss in CO$_2$ at the {DNA} of $\\frac{a}{b}$ Bayes}" in written
    assert "{{Peat} and {B}ayes}" in written
    assert "title_tex" not in written
    assert "title = {Peat}" in written
    assert pd.isna(records.loc["plain", "title_tex"])


@pytest.mark.parametrize("tex", ["{Moss", "Moss}{", "{Peat} and {M}oss", "Moss \\"])
def test_a_title_that_changed_or_is_not_closed_is_written_anew(
    records: pd.DataFrame, tex: str
) -> None:
    written = _written(records.loc[["plain"]].assign(title_tex=tex))
    assert "title = {Peat}" in written


def test_printed_braces_of_an_address_are_not_those_of_tex(tmp_path):
    path = tmp_path / "a.bib"
    path.write_text("@misc{a, title={On {M}oss}, url={http://x.example/\\{a\\}{b}}}\n")
    assert read_records(path)["url"].tolist() == ["http://x.example/{a}b"]
