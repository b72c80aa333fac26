"""Tables of Zotero, Scopus and Web of Science: what libraries know beside the paper itself."""

import csv

import pandas as pd
import pytest

from linkage import InputError, read_records

ZOTERO = {
    "Key": "A1", "Item Type": "bookSection", "Title": "Moths of bogs", "Author": "Storm, Ida",
    "Publisher": "Bog Press", "Place": "Fenton", "Series": "Bog Studies", "Edition": "2nd",
    "Language": "en", "Editor": "Fenn, Gay; Marsh, Ian", "Manual Tags": "moss; peat",
    "Automatic Tags": "Peat bogs; moss", "Notes": "<p>read; twice</p>",
    "File Attachments": "/a/one.pdf; /a/two.pdf", "Link Attachments": "https://example.org/b",
    "Library Catalog": "PubMed", "Extra": "Place: Fenton PMID: 35319117  PMCID: PMC77",
    "Session": "",
}  # fmt: skip
SCOPUS = {
    "Authors": "Storm I.", "Title": "Moths", "Year": "2015", "Source title": "Bogs",
    "Author Keywords": "moss; peat", "Index Keywords": "Peat bogs", "Publisher": "Bog Press",
    "Language of Original Document": "English", "EID": "2-s2.0-1",
}  # fmt: skip
WOS = {"PT": "J", "AU": "Storm, I", "TI": "Moths", "DE": "moss; peat", "ID": "PEAT BOGS",
       "PU": "Bog Press", "UT": "WOS:1", "LA": "English"}  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (ZOTERO, {
            "publisher": "Bog Press", "place": "Fenton", "series": "Bog Studies", "edition": "2nd",
            "language": "en", "keywords": ["moss", "peat", "Peat bogs"], "database": "PubMed",
            "notes": ["<p>read; twice</p>"], "files": ["/a/one.pdf", "/a/two.pdf"],
            "urls": ["https://example.org/b"], "ids": {"pmid": "35319117", "pmcid": "PMC77"},
            "Session": "", "Extra": ZOTERO["Extra"],
        }),
        (SCOPUS, {"keywords": ["moss", "peat", "Peat bogs"], "language": "English"}),
        (WOS, {"record_id": "WOS:1", "keywords": ["moss", "peat", "PEAT BOGS"],
               "publisher": "Bog Press", "language": "English"}),
    ],
    ids=["zotero", "scopus", "wos"],
)  # fmt: skip
def test_columns_by_their_usual_names(tmp_path, cells, expected):
    with (tmp_path / "a.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, cells)
        writer.writeheader()
        writer.writerow(cells)
    (record,) = read_records(tmp_path / "a.csv", set_aside=[]).to_dict("records")
    assert {name: record[name] for name in expected} == expected
    if "Editor" in cells:
        assert [editor["name"] for editor in record["editors"]] == ["Fenn, Gay", "Marsh, Ian"]


def test_a_column_may_be_named_as_one_of_a_library(tmp_path):
    (tmp_path / "a.csv").write_text("title,labels\nMoss,wet; green\n")
    (record,) = read_records(tmp_path / "a.csv", columns={"labels": "keywords"}).to_dict("records")
    assert record["keywords"] == ["wet", "green"]


def test_the_type_of_a_program_is_kept_as_it_calls_it(tmp_path):
    path = tmp_path / "zotero.csv"
    path.write_text("Title,Item Type\nMoss,journalArticle\nFern,presentation\n")
    records = read_records(path)
    assert records["type"].tolist()[0] == "article"
    assert records["native_type"].tolist() == ["journalArticle", "presentation"]
    path.write_text("title,type\nMoss,journalArticle\n")
    assert "native_type" not in read_records(path)


@pytest.mark.parametrize("name", ["Title", "Year", "Mark"])
def test_a_column_twice_in_a_workbook_is_told_with_the_file(tmp_path, name):
    header = ["Title", "Year", "Mark", name]
    pd.DataFrame([["Moss", 2001, "a", "b"]], columns=header).to_excel(tmp_path / "x.xlsx")
    with pytest.raises(InputError, match=rf"x\.xlsx: found the column '{name}' twice"):
        read_records(tmp_path / "x.xlsx")
