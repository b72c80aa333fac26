"""What exports say of an author beside the name comes to the author, whatever the format."""

import json

import pandas as pd
import pytest

from linkage import read_records

ORCID = "0000-0002-1825-0097"
OPENALEX = (
    "id,authorships.author.display_name,authorships.author.orcid,authorships.author.id,"
    "authorships.raw_affiliation_strings,title\nhttps://openalex.org/W1,Wei Wang|Bo Lee,"
    f"https://orcid.org/{ORCID}|,https://openalex.org/A1|https://openalex.org/A2,"
    '"Moss Univ, Fenton; Bog Lab|Peat College",Moss\n'
)
SCOPUS = (
    "Authors,Author full names,Title,Authors with affiliations\nWang W.; Lee S.-H.,"
    '"Wang, Wei (571000001); Lee, Sang-Ho (571000002)",Moss,"Wang W., Moss Univ, Fenton; '
    'Lee S.-H., Peat College, Bogtown"\n'
)
WOS = f"""PT J
AU Wang, W
   Lee, SH
AF Wang, Wei
   Lee, Sang-Ho
TI Moss
C1 [Wang, Wei] Moss Univ, Fenton; [Lee, Sang-Ho] Peat College.
RI Wang, Wei/A-1234-2010
OI Wang, Wei/{ORCID}
ER
"""
BIB = f"""@article{{a, author={{Wang, Wei and Lee, Sang-Ho}}, title={{Moss}},
orcid-numbers={{Wang, Wei/{ORCID}}}, researcherid-numbers={{Wang, Wei/A-1234-2010}}}}"""
PLAIN = json.dumps({
    "id": 1, "title": "Moss",
    "authors": [{"name": "Wei Wang", "ORCID": ORCID, "mail": "wei@moss.example",
                 "affiliation": [{"name": "Moss Univ"}, {"name": "Fenton Lab"}]},
                {"name": "Bo Lee", "affiliation": {"name": "Peat College"},
                 "e-mail": "bo@peat.example"}],
})  # fmt: skip
FLAT = f"title,authors,orcid\nMoss,Wei Wang; Bo Lee,{ORCID};\n"
CASES = {  # file: content, what the first and the second author have
    "openalex.csv": (
        OPENALEX,
        {"orcid": ORCID, "affiliation": "Moss Univ, Fenton; Bog Lab", "ids": {"openalex": "A1"}},
        {"affiliation": "Peat College", "ids": {"openalex": "A2"}},
    ),
    "scopus.csv": (
        SCOPUS,
        {"affiliation": "Moss Univ, Fenton", "ids": {"scopus": "571000001"}},
        {"affiliation": "Peat College, Bogtown", "ids": {"scopus": "571000002"}},
    ),
    "wos.ciw": (
        WOS,
        {
            "orcid": ORCID,
            "affiliation": "Moss Univ, Fenton",
            "ids": {"researcherid": "A-1234-2010"},
        },
        {"affiliation": "Peat College"},
    ),
    "wos.bib": (BIB, {"orcid": ORCID, "ids": {"researcherid": "A-1234-2010"}}, {}),
    "plain.jsonl": (
        PLAIN,
        {"orcid": ORCID, "affiliation": "Moss Univ; Fenton Lab", "email": "wei@moss.example"},
        {"affiliation": "Peat College", "email": "bo@peat.example"},
    ),
    "flat.csv": (FLAT, {"orcid": ORCID}, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_evidence_beside_the_names(tmp_path, name):
    content, *expected = CASES[name]
    (tmp_path / name).write_text(content)
    (authors,) = read_records(tmp_path / name, set_aside=[])["authors"]
    kept = ("orcid", "affiliation", "email", "ids")
    assert [{k: one[k] for k in kept if k in one} for one in authors] == expected
    assert [one["family"] for one in authors] == ["Wang", "Lee"]


BESIDE = {  # what stands beside authors that are objects: what they have then, in their order
    "orcid": (f"{ORCID}; ", [ORCID, None], "one column of the table, in the order of the authors"),
    "orcids": ([None, ORCID], [None, ORCID], "a list, as Parquet and JSON hold it"),
    "Author ORCIDs": (f"{ORCID}", [None, None], "one for two authors: whose is not said"),
}


@pytest.mark.parametrize("form", [".jsonl", ".parquet"])
@pytest.mark.parametrize("column", BESIDE)
def test_a_column_beside_authors_that_are_objects(tmp_path, column, form):
    printed, expected, note = BESIDE[column]
    authors = [{"name": "Wei Wang", "affiliation": "Moss Univ"}, {"name": "Bo Lee"}]
    table = pd.DataFrame({"title": ["Moss"], "authors": [authors], column: [printed]})
    path = tmp_path / f"x{form}"
    if form == ".parquet":
        table.to_parquet(path)
    else:
        table.to_json(path, orient="records", lines=True)
    records = read_records(path)
    assert [one.get("orcid") for one in records["authors"][0]] == expected, note
    assert records["authors"][0][0]["affiliation"] == "Moss Univ"
    assert column in records.columns  # what is said stays


def test_an_author_keeps_its_own_where_the_column_says_another(tmp_path):
    authors = [{"name": "Wei Wang", "orcid": ORCID, "ids": {"scopus": "571000001"}}]
    said = {"orcid": SECOND, "Author(s) ID": "571000002", "ResearcherIDs": "A-1234-2010"}
    table = pd.DataFrame(
        {"title": ["Moss"], "authors": [authors]} | {k: [v] for k, v in said.items()}
    )
    table.to_json(tmp_path / "x.jsonl", orient="records", lines=True)
    records = read_records(tmp_path / "x.jsonl")
    (one,) = records["authors"][0]
    assert one["orcid"] == ORCID
    assert one["ids"] == {"scopus": "571000001", "researcherid": "A-1234-2010"}
    assert records["orcid"][0] == SECOND


def test_works_of_crossref_without_a_type(tmp_path):
    work = {"DOI": "10.5555/a", "title": ["Moss"], "author": [{"given": "Wei", "family": "Wang"}]}
    (tmp_path / "x.json").write_text(json.dumps([work | {"issued": {"date-parts": [[2015, 3]]}}]))
    records = read_records(tmp_path / "x.json")
    assert (records["title"][0], records["date"][0], records["doi"][0]) == (
        *("Moss", "2015-03"),
        "10.5555/a",
    )


def test_et_al_among_the_authors_of_xml_is_nobody(tmp_path):
    people = "<author>Berg, Ada</author><author>et al.</author>"
    (tmp_path / "x.xml").write_text(
        '<xml><records><record><ref-type name="Book">6</ref-type>'
        "<titles><title>Moss</title></titles>"
        f"<contributors><authors>{people}</authors></contributors></record></records></xml>"
    )
    records = read_records(tmp_path / "x.xml")
    assert [one["family"] for one in records["authors"][0]] == ["Berg"]
    assert records["authors_truncated"][0]


SECOND, THIRD = "0000-0001-5109-3700", "0000-0002-1694-233X"


@pytest.mark.parametrize(
    ("authors", "printed", "orcids", "note"),
    [
        (
            ("Wang, Wei", "Lee, Sang-Ho"),
            f"Wang, Wei/{ORCID}\n   Lee, Sang-Ho/{SECOND}",
            [ORCID, SECOND],
            "two",
        ),
        (
            ("Wang, Wei", "Lee, Sang-Ho"),
            f"Lee, Sang Ho/{SECOND}\n   Wang, W./{ORCID}",
            [ORCID, SECOND],
            "in another order and other forms",
        ),
        (
            ("Wang, Wei", "Lee, Sang-Ho"),
            f"Petrov, Ivan/{THIRD}\n   Wang, Wei/{ORCID}",
            [ORCID, None],
            "one of nobody there",
        ),
        (("Wang, Wei", "Wang, Wen"), f"Wang, W/{ORCID}", [None, None], "fits two"),
        (("Wang, Wei", "Wang, Wei"), f"Wang, Wei/{ORCID}", [None, None], "two of that name"),
        (("M\u00fcller, Jo", "Bell, Ana"), f"Muller, Jo/{SECOND}", [SECOND, None], "no umlaut"),
    ],
)
@pytest.mark.parametrize("form", ["bib", "ciw"])
def test_numbers_of_several_authors_go_to_those_of_their_names(
    tmp_path, authors, printed, orcids, note, form
):
    if form == "bib":
        content = (
            f"@article{{a, author={{{' and '.join(authors)}}}, title={{Moss}},\n"
            f"orcid-numbers={{{printed}}}}}"
        )
    else:
        listed = "\n   ".join(authors)
        parts = printed.replace("\n   ", "; ")
        content = f"PT J\nAU {listed}\nAF {listed}\nTI Moss\nOI {parts}\nER\n"
    path = tmp_path / f"x.{form}"
    path.write_text(content, "utf-8")
    records = read_records(path)
    assert [one.get("orcid") for one in records["authors"][0]] == orcids, note
    (kept,) = [name for name in records.columns if name in ("bibtex:orcid-numbers", "wos:OI")]
    assert all(one.split("/")[1] in records[kept][0] for one in printed.split("\n")), "kept as text"
