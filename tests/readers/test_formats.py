"""Formats of databases and reference managers: an invented record each, and hostile ones."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from linkage.errors import ColumnWarning, InputError, Problem
from linkage.readers import streams
from linkage.readers.files import read_records, record_tables
from linkage.records.schema import conform
from tests.helpers.formats import CROSSREF, DBLP, ENDNOTE, FORMATS, NBIB, OPENALEX, PUBMED


def one(tmp_path: Path, content: bytes, name: str = "file.txt") -> dict[str, Any]:
    path = tmp_path / name
    path.write_bytes(content)
    problems: list[Problem] = []
    (record,) = read_records(path, set_aside=problems).to_dict("records")
    assert problems == []
    return record


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_paper_whatever_the_file_is_called(
    tmp_path: Path, name: str
) -> None:
    record = one(tmp_path, FORMATS[name])
    words = record["title"].lower().replace(":", "").rstrip(".").split()
    assert words == "growth of moss on stones".split()
    assert record["year"] == 2018
    first = record["authors"][0]
    assert (first["given"], first["family"]) == ("Ada", "Berg")
    if not name.startswith("crossref"):
        assert first["particle"] == "van der"
    if name != "marc":
        assert record["doi"] == "10.5555/moss.7"


GROUPS = (
    "nbib",
    "endnote",
    "library",
    "csl",
    "crossref line",
    "pubmed",
    "refer",
    "datacite",
    "jats",
)


@pytest.mark.parametrize("name", GROUPS)
def test_collective_authors_are_groups(tmp_path: Path, name: str) -> None:
    last = one(tmp_path, FORMATS[name])["authors"][-1]
    assert (last["name"], last["group"]) == ("The Moss Group", True)


DATED = ("nbib", "endnote", "csl", "crossref line", "openalex", "pubmed", "refer", "atom", "jats")


@pytest.mark.parametrize("name", [*DATED, "snapshot", "s2"])
def test_dates_are_as_exact_as_known(tmp_path: Path, name: str) -> None:
    assert one(tmp_path, FORMATS[name])["date"] == "2018-03-02"


WITH_ORCID = ("nbib", "crossref line", "openalex", "pubmed", "dblp", "datacite", "jats")


@pytest.mark.parametrize("name", WITH_ORCID)
def test_evidence_of_authors_is_kept(tmp_path: Path, name: str) -> None:
    first = one(tmp_path, FORMATS[name])["authors"][0]
    assert first["orcid"] == "0000-0002-1825-0097"
    if name != "dblp":
        assert first["affiliation"].startswith("Moss Institute")
    if name in ("nbib", "pubmed"):
        assert first["email"] == "ada@moss.example"
    if name in ("nbib", "crossref line", "openalex"):
        assert first["affiliation"].endswith("; Stone House" + "." * (name == "nbib"))


def test_identifiers_notes_and_unknown_tags_are_kept(tmp_path: Path) -> None:
    nbib = one(tmp_path, FORMATS["nbib"])
    assert nbib["ids"] == {
        "issn": "1234-5679",
        "pmid": "101",
        "pmcid": "PMC77",
        "nct": "NCT01234567",
    }
    assert nbib["keywords"] == ["*Bryophyta/growth & development", "stones"]
    assert (nbib["nbib:RN"], nbib["nbib:LID"][-1]) == ("0 (Chlorophyll)", "e53 [pii]")
    endnote = one(tmp_path, FORMATS["endnote"])
    assert endnote["ids"]["pmid"] == "101"
    assert endnote["ids"]["isbn"].replace("-", "") == "9783161484100"
    assert (endnote["notes"], endnote["endnote:custom1"]) == (["read"], "x & y")
    assert endnote["editors"][0]["name"] == "Muster, Eva"
    library = one(tmp_path, FORMATS["library"])
    assert (library["files"], library["keywords"]) == (["1/moss.pdf"], ["moss", "stones"])
    assert library["endnote:custom1"] == "x"
    assert one(tmp_path, FORMATS["csl"])["csl:genre"] == "letter"
    refer = one(tmp_path, FORMATS["refer"])
    assert (refer["endnote:custom1"], refer["keywords"]) == ("kept", ["moss", "stones"])
    openalex = one(tmp_path, FORMATS["openalex"])
    assert openalex["abstract"] == "Moss grows and grows"
    assert (openalex["pages"], openalex["ids"]["openalex"]) == ("1-9", "W5")


def test_ids_of_references_are_not_those_of_the_article(tmp_path: Path) -> None:
    record = one(tmp_path, FORMATS["pubmed"])
    assert record["doi"] == "10.5555/moss.7"
    assert record["references"] == ["Muster E. Fern., 10.5555/other"]


def test_namesakes_of_dblp_keep_their_number_and_entities_are_letters(tmp_path: Path) -> None:
    first, second = one(tmp_path, FORMATS["dblp"])["authors"]
    assert first["homonym"] == "0002"
    assert second["name"] == "Jürgen Müller"


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
HOSTILE = {  # content, titles of the records read, what is told
    "an entity that the file declares": (
        BOMB + ENDNOTE.partition("?>")[2].replace("Growth", "&b;"),
        [],
        "undefined entity",
    ),
    "an entity from outside": (
        BOMB + ENDNOTE.partition("?>")[2].replace("Growth", "&c;"),
        [],
        "undefined entity",
    ),
    "a record of XML without its end": (
        "<xml><records><record><titles><title>One</title></titles><record><titles>"
        "<title>Two</title></titles></record></records></xml>",
        ["Two"],
        "line 1: found XML with",
    ),
    "signs that XML forbids": (
        "<xml><records>\n<record><titles><title>A&#x2;\x03B</title></titles></record></records></xml>",
        ["A B"],
        "",
    ),
    "XML cut off": (
        PUBMED.replace("</PubmedArticleSet>", "") + "<PubmedArticle><MedlineCitation><PM",
        ["Growth of moss on stones"],
        "a whole record",
    ),
    "lines of JSON that are none": (
        json.dumps(CROSSREF) + "\n{cut\n[1]\n" + json.dumps(CROSSREF | {"DOI": "10.5555/2"}),
        ["Growth of moss on stones"] * 2,
        "line 2: found '{cut'",
    ),
    "a JSON answer cut off": (
        json.dumps({"message": {"items": [CROSSREF, CROSSREF | {"DOI": "10.5555/2"}]}})[:-300],
        ["Growth of moss on stones"],
        "one complete work",
    ),
    "a damaged work among whole ones": (
        '{"items": [' + json.dumps(CROSSREF) + ', {"DOI": "10.5555/x", "title": [}, '
        + json.dumps(CROSSREF | {"DOI": "10.5555/2"}) + "]}",
        ["Growth of moss on stones"] * 2,
        "one complete work",
    ),
    "text before the first nbib record": (
        "Results 1\n\n" + NBIB,
        ["Growth of moss on stones."],
        "line 1",
    ),
    "nbib records run together": (
        NBIB + NBIB.replace("101", "102"),
        ["Growth of moss on stones."] * 2,
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "titles", "told"), HOSTILE.values(), ids=HOSTILE)
def test_damage_is_told_and_the_rest_is_read(
    tmp_path: Path, content: str, titles: list[str], told: str
) -> None:
    path = tmp_path / "file.txt"
    path.write_text(content, encoding="utf-8")
    problems: list[Problem] = []
    if not titles:
        with pytest.raises(InputError, match=told):
            read_records(path, set_aside=problems)
        return
    assert read_records(path, set_aside=problems)["title"].tolist() == titles
    assert (told in str(problems[0])) if told else problems == []


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst", ".zip"])
def test_a_large_file_is_read_in_batches_and_gives_the_same(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = [CROSSREF | {"DOI": f"10.5555/{n}", "volume": f"ü{n}"} for n in range(7)]
    content = "\n".join(json.dumps(work, ensure_ascii=False) for work in works).encode()
    packed = {
        "": bytes,
        ".gz": gzip.compress,
        ".zst": lambda b: pa.compress(b, "zstd", asbytes=True),
    }
    path = tmp_path / f"works.jsonl{suffix}"
    if suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("works.jsonl", content)
    else:
        path.write_bytes(packed[suffix](content))
    small = read_records(path)
    monkeypatch.setattr(streams, "LARGE", 1)
    monkeypatch.setattr(streams, "BATCH", 3)
    monkeypatch.setattr(streams, "_CHUNK", 11)
    assert [len(table) for table in record_tables(path)] == [3, 3, 1]
    pd.testing.assert_frame_equal(read_records(path), small)
    assert small["volume"].tolist() == [f"ü{n}" for n in range(7)]


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_where_chunks_of_xml_end_changes_nothing(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = DBLP[DBLP.index("<article") : DBLP.index("</dblp>")]
    path = tmp_path / "dblp.xml"
    path.write_text(DBLP.replace("</dblp>", "\n\n" + record + "</dblp>"), encoding="latin-1")
    (whole,) = record_tables(path, set_aside=[])
    monkeypatch.setattr(streams, "LARGE", 1)
    monkeypatch.setattr(streams, "_CHUNK", size)
    (table,) = record_tables(path, set_aside=[])
    pd.testing.assert_frame_equal(table, whole)
    assert table.index.tolist() == [2, 8]


def test_what_an_archive_holds_beside_bibliographies_is_named(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.nbib", NBIB)
        archive.writestr("b/picture.png", b"\x89PNG\r\n\0")
    problems: list[Problem] = []
    records = read_records(path, set_aside=problems)
    assert records["source"].tolist() == ["a.nbib"]
    assert [p.found for p in problems] == ["a PNG image"]


SCOPUS = (
    '"Authors","Author full names","Author(s) ID","Title","Year","Source title",'
    '"Affiliations","Authors with affiliations"\n'
    '"Berg A.; Wu B.","van der Berg, Ada (57000000001); Wu, Bo (57000000002)",'
    '"57000000001; 57000000002","Growth of moss on stones",2018,"Journal of moss",'
    '"Moss Institute, Fenland; Stone House, Fenland",'
    '"Berg A., Stone House, Fenland; Wu B., Moss Institute, Fenland"\n'
)
WOS = (
    "AU\tTI\tPY\tSO\tC1\tOI\n"
    "Berg, A; Wu, B\tGrowth of moss\t2018\tJ. MOSS\t"
    "[Berg, A; Wu, B] Moss Inst; [Wu, B] Stone House\t"
    "Wu, B/0000-0002-1825-0097\n"
)


def test_scopus_columns_go_to_the_authors(tmp_path: Path) -> None:
    record = one(tmp_path, SCOPUS.encode(), "scopus.csv")
    first, second = record["authors"]
    assert (first["given"], second["given"]) == ("Ada", "Bo")
    assert record["venue"] == "Journal of moss"


def test_web_of_science_columns_go_to_the_authors_by_name(tmp_path: Path) -> None:
    first, second = one(tmp_path, WOS.encode(), "savedrecs.txt")["authors"]
    assert first["affiliation"] == "Moss Inst"
    assert second["affiliation"] == "Moss Inst; Stone House"
    assert (first.get("orcid"), second["orcid"]) == (None, "0000-0002-1825-0097")


def test_usual_columns_of_a_data_frame_are_known_and_said() -> None:
    table = pd.DataFrame({"Title": ["On moss"], "Authors": ["Wu, Bo"], "Year": [2018]})
    with pytest.warns(ColumnWarning, match="'Authors' as 'authors'"):
        records = conform(table.assign(Journal="Moss", PMID="101"))
    (record,) = records.to_dict("records")
    assert (record["year"], record["venue"], record["ids"]) == (2018, "Moss", {"pmid": "101"})


def test_a_column_that_is_nearly_known_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Title,Auhtors,Shelf\nOn moss,Wu,3\n")
    problems: list[Problem] = []
    read_records(path, set_aside=problems)
    (problem,) = problems
    assert "'Auhtors'" in problem.found
    assert "'authors'" in problem.expected


def test_a_table_without_titles_is_not_read_as_a_page(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("On moss\nWu, Bo, Li, Ann, Berg, Ada\nText.\n")
    with pytest.raises(InputError, match="no title column"):
        read_records(path)


def test_lines_say_the_same_however_their_json_is_spaced(tmp_path: Path) -> None:
    work = OPENALEX | {
        "funders": [{"name": 'Moss "Fund"'}],
        "open_access": {"is_oa": True, "any": [1, 2.5, None]},
        "languages": ["en", "de"],
        "is_retracted": False,
        "cited_by_count": 0,
        "empty": [],
        "nothing": None,
        "abstract_inverted_index": {"Moss": [0], "grows": [7]},
    }
    path = tmp_path / "x.jsonl"
    told = []
    for separators in ((",", ":"), (", ", ": ")):
        path.write_text(json.dumps(work, separators=separators, ensure_ascii=False))
        told.append(read_records(path, set_aside=[]).to_dict("records"))
    assert str(told[0]) == str(told[1])
    assert told[0][0]["openalex:funders"] == '[{"name":"Moss \\"Fund\\""}]'
    assert told[0][0]["abstract"] == "Moss grows"


def test_several_authors_in_one_field_of_endnote(tmp_path):
    pasted = "Abel, Ann; Brock, Bo; et al."
    authors = f"<contributors><authors><author>{pasted}</author></authors></contributors>"
    record = f"<record><titles><title>Fens</title></titles>{authors}</record>"
    xml = f"<xml><records>{record}</records></xml>"
    for name, printed in {"a.enw": f"%0 Book\n%T Fens\n%A {pasted}\n", "a.xml": xml}.items():
        (tmp_path / name).write_text(printed)
        row = read_records(tmp_path / name).iloc[0]
        assert [author["family"] for author in row["authors"]] == ["Abel", "Brock"], name
        assert row["authors_truncated"], name
