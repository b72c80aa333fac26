"""Columns that only some sources have, and numbers of books and trials, in one form."""

import numpy as np
import pandas as pd
import pytest

from linkage.records.cells import ids, issn_isbn, trials
from linkage.records.isbn import isbn13
from linkage.records.library_columns import NORMALISED, is_carried
from linkage.records.schema import RECORD_COLUMNS, conform
from linkage.text.registry import trial_number


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("keywords", "moss; wild peat;", ["moss", "wild peat"]),
        ("keywords", ["moss", "moss", None, " NA "], ["moss", "NA"]),
        ("keywords", '["a, b", "c"]', ["a, b", "c"]),
        ("keywords", [], None),
        ("keywords", np.array([], dtype=object), None),
        ("keywords", np.array(["moss", "peat"], dtype=object), ["moss", "peat"]),
        ("notes", "one; and a half", ["one; and a half"]),
        ("files", ":a.pdf:PDF;b.html", [":a.pdf:PDF", "b.html"]),
        ("urls", "https://a.org https://b.org", ["https://a.org", "https://b.org"]),
        ("groups", None, None),
        ("editors", "Fenn, Gay; Marsh, Ian", ["Fenn, Gay", "Marsh, Ian"]),
        ("accession", '{"MEDLINE": 12, "Embase": null}', {"MEDLINE": "12"}),
        ("accession", [("MEDLINE", "12")], {"MEDLINE": "12"}),
        ("accession", "CN-01", {"": "CN-01"}),
        ("edition", " 2nd\n", "2nd"),
        ("ris:M3", ["Article"], "Article"),
        ("ris:XX", ["a", "b"], ["a", "b"]),
        ("ris:XX", '["a", "b"]', ["a", "b"]),
        ("csl:translator", '[{"family": "Marsh"}]', '[{"family": "Marsh"}]'),
        ("my own", " as it is ", " as it is "),
    ],
)
def test_a_cell_in_its_form(column, cell, expected):
    table = conform(pd.DataFrame({"title": ["T"], column: pd.Series([cell], dtype=object)}))
    (found,) = table[column].tolist()
    if column == "editors":
        found = [editor["name"] for editor in found]
    assert found == expected
    again = conform(table)
    pd.testing.assert_frame_equal(again, table)


def test_only_columns_that_are_there_are_there():
    table = conform(pd.DataFrame({"title": ["T"]}))
    assert list(table.columns) == list(RECORD_COLUMNS)
    assert not any(is_carried(name) for name in [*RECORD_COLUMNS, *NORMALISED, "my:own"])


def test_what_has_no_form_is_a_problem():
    problems = []
    records = pd.DataFrame({"record_id": ["a"], "title": ["T"], "accession": [{"MEDLINE": ""}]})
    assert conform(records, set_aside=problems)["accession"].tolist() == [None]
    assert [(p.where, p.found, p.kept) for p in problems] == [
        ("a", "the accession {'MEDLINE': ''}", True)
    ]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("0-306-40615-2", "9780306406157"),
        ("978-0-306-40615-7", "9780306406157"),
        ("0-8044-2957-X", "9780804429573"),
        ("0-306-40615-3", "0306406153"),  # a wrong check digit: as it came
    ],
)
def test_isbn_of_ten_and_of_thirteen_are_one(printed, expected):
    assert isbn13(printed) == expected
    assert isbn13(expected) == expected


def test_several_numbers_of_one_kind():
    assert issn_isbn("0306406152 9780306406157 1939-1676, 08916640") == {
        "issn": "1939-1676; 0891-6640",
        "isbn": "9780306406157",
    }


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("NCT00598001", ("nct", "NCT00598001")),
        ("nct 00598001", ("nct", "NCT00598001")),
        ("2004-000446-20", ("euctr", "2004-000446-20")),
        ("EUCTR2004-000446-20-GB", ("euctr", "EUCTR2004-000446-20-GB")),
        ("ISRCTN12345678", ("isrctn", "ISRCTN12345678")),
        ("ACTRN12605000123456", ("actrn", "ACTRN12605000123456")),
        ("ChiCTR-TRC-08000123", ("chictr", "ChiCTR-TRC-08000123")),
        ("JPRN-UMIN000001", ("jprn", "JPRN-UMIN000001")),
        ("CTRI/2010/091/000123", ("ctri", "CTRI/2010/091/000123")),
        ("DRKS00000123", ("drks", "DRKS00000123")),
        ("CN-01", None),
        ("NCT0059800", None),
        ("NCT00598001 and others", None),
        ("1234-5678", None),
        ("29657938", None),
    ],
)
def test_a_trial_is_told_by_its_number(printed, expected):
    assert trial_number(printed) == expected


def test_trial_numbers_among_identifiers():
    assert ids({"nct": "nct00598001; NCT00758002"}) == {"nct": "NCT00598001; NCT00758002"}
    assert ids({"nct": "ISRCTN12345678"}) == {"isrctn": "ISRCTN12345678"}
    assert ids({"nct": "unknown form"}) == {"nct": "unknown form"}
    assert trials("NCT00598001, ISRCTN12345678, CN-1") == {
        "nct": "NCT00598001",
        "isrctn": "ISRCTN12345678",
    }


def test_numbers_of_authors():
    table = conform(
        pd.DataFrame({"title": ["T"], "authors": [[{"name": "Ng, A.", "ids": {"scopus": 7}}]]})
    )
    assert table["authors"][0][0]["ids"] == {"scopus": "7"}
    pd.testing.assert_frame_equal(conform(table), table)
