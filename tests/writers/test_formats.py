"""What stands in nbib, CSL-JSON and EndNote XML, and hostile texts in every format."""

import json
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import read_records, write_records
from linkage.records.schema import conform

SECOND = {"record_id": "second", "title": "Second"}
CHAPTER = {
    "record_id": "storm2015",
    "type": "incollection",
    "native_type": "CHAP",
    "title": "Moths of <raised> bogs & fens",
    "authors": [
        {"name": "Storm, Ida B.", "given": "Ida B.", "family": "Storm", "suffix": "Jr",
         "orcid": "0000-0002-1825-0097", "affiliation": "Fen University; Bog College"},
        {"name": "van der Marsh, Ian", "given": "Ian", "family": "Marsh", "particle": "van der"},
        {"name": "Bog Study Group", "family": "Bog Study Group", "group": True},
    ],
    "authors_truncated": True,
    "editors": [{"name": "Fenn, Gay", "given": "Gay", "family": "Fenn"}],
    "year": 2015,
    "date": "2015-08-03",
    "venue": "Handbook of Bogs",
    "volume": "2",
    "number": "7",
    "pages": "12-30",
    "doi": "10.5555/hb.12",
    "ids": {"isbn": "9780306406157", "issn": "1234-5678; 8765-432X", "pmid": "123",
            "pmcid": "PMC77", "nct": "NCT00598001"},
    "abstract": "We lit lamps.",
    "url": "https://example.org/a",
    "urls": ["https://example.org/b?x=1&y=2"],
    "series": "Bog Studies",
    "edition": "2nd",
    "publisher": "Bog Press",
    "place": "Fenton",
    "language": "eng",
    "keywords": ["moths", "Peat, wild"],
    "notes": ["read", "cited by 10"],
    "files": ["files/storm.pdf"],
    "groups": ["Review A"],
    "accession": {"Embase": "L2001"},
    "database": "Embase",
}  # fmt: skip


def written(tmp_path, suffix, *records):
    path = tmp_path / f"out{suffix}"
    write_records(pd.DataFrame(list(records)), path)
    return path.read_bytes().decode("utf-8", "replace")


def test_csl_json(tmp_path):
    (item,) = json.loads(written(tmp_path, ".json", CHAPTER))
    assert item == {
        "id": "storm2015",
        "type": "chapter",
        "title": "Moths of <raised> bogs & fens",
        "container-title": "Handbook of Bogs",
        "volume": "2",
        "issue": "7",
        "page": "12-30",
        "DOI": "10.5555/hb.12",
        "URL": "https://example.org/a",
        "abstract": "We lit lamps.",
        "collection-title": "Bog Studies",
        "edition": "2nd",
        "publisher": "Bog Press",
        "publisher-place": "Fenton",
        "language": "eng",
        "source": "Embase",
        "author": [
            {"family": "Storm", "given": "Ida B.", "suffix": "Jr",
             "affiliation": [{"name": "Fen University"}, {"name": "Bog College"}],
             "ORCID": "0000-0002-1825-0097"},
            {"family": "Marsh", "given": "Ian", "non-dropping-particle": "van der"},
            {"literal": "Bog Study Group"},
            {"literal": "others"},
        ],
        "editor": [{"family": "Fenn", "given": "Gay"}],
        "issued": {"date-parts": [[2015, 8, 3]]},
        "ISSN": "1234-5678; 8765-432X",
        "ISBN": "9780306406157",
        "PMID": "123",
        "PMCID": "PMC77",
        "keyword": "moths, Peat, wild",
        "note": "read\ncited by 10",
        "custom": {
            "keywords": ["moths", "Peat, wild"],
            "notes": ["read", "cited by 10"],
            "urls": ["https://example.org/b?x=1&y=2"],
            "files": ["files/storm.pdf"],
            "groups": ["Review A"],
            "accession": {"Embase": "L2001"},
            "native_type": "CHAP",
            "ids": {"nct": "NCT00598001"},
        },
    }  # fmt: skip


def test_csl_fields_that_were_carried_through(tmp_path):
    row = {"title": "T", "csl:genre": "Preprint", "csl:accessed": '{"date-parts": [[2020, 1, 2]]}'}
    (item,) = json.loads(written(tmp_path, ".json", row))
    assert item["genre"] == "Preprint"
    assert item["accessed"] == {"date-parts": [[2020, 1, 2]]}


def test_endnote_xml(tmp_path):
    root = ElementTree.fromstring(written(tmp_path, ".xml", CHAPTER, SECOND))
    first, second = root.findall("./records/record")
    texts = {
        path: [element.text for element in first.findall(path)]
        for path in (
            "ref-type", "label", "contributors/authors/author", "titles/title", "pages",
            "contributors/secondary-authors/author", "titles/secondary-title", "isbn",
            "titles/tertiary-title", "dates/year", "keywords/keyword", "urls/related-urls/url",
            "urls/pdf-urls/url", "accession-num", "remote-database-name", "edition", "notes",
            "electronic-resource-num", "pub-location", "publisher", "language", "custom2",
        )
    }  # fmt: skip
    assert texts == {
        "ref-type": ["5"],
        "label": ["storm2015"],
        "contributors/authors/author": [
            "Storm, Ida B., Jr", "van der Marsh, Ian", "Bog Study Group", "et al."
        ],
        "contributors/secondary-authors/author": ["Fenn, Gay"],
        "titles/title": ["Moths of <raised> bogs & fens"],
        "titles/secondary-title": ["Handbook of Bogs"],
        "titles/tertiary-title": ["Bog Studies"],
        "pages": ["12-30"],
        "isbn": ["1234-5678 8765-432X 9780306406157"],
        "dates/year": ["2015"],
        "keywords/keyword": ["moths", "Peat, wild"],
        "urls/related-urls/url": ["https://example.org/a", "https://example.org/b?x=1&y=2"],
        "urls/pdf-urls/url": ["files/storm.pdf"],
        "accession-num": ["L2001"],
        "remote-database-name": ["Embase"],
        "edition": ["2nd"],
        "notes": ["read; cited by 10"],
        "electronic-resource-num": ["10.5555/hb.12"],
        "pub-location": ["Fenton"],
        "publisher": ["Bog Press"],
        "language": ["eng"],
        "custom2": ["PMC77"],
    }  # fmt: skip
    assert first.find("ref-type").get("name") == "Book Section"
    assert second.findtext("titles/title") == "Second"


def nbib_tags(text):
    """The tags of each record, lines that go on joined."""
    records = re.sub(r"\n {6}", " ", text).split("\n\n")
    return [re.findall(r"^([A-Z]+) *- (.*)$", record, re.MULTILINE) for record in records]


def test_nbib(tmp_path):
    row = CHAPTER | {"type": "article", "abstract": "Moss and peat. " * 20, "nbib:RN": ["0 (Moss)"],
                     "nbib:MH": ["moths"]}  # fmt: skip
    text = written(tmp_path, ".nbib", row, SECOND)
    assert max(map(len, text.splitlines())) <= 88
    first, second = nbib_tags(text)
    assert first == [
        ("PMID", "123"),
        ("OWN", "Embase"),
        ("IS", "1234-5678"),
        ("IS", "8765-432X"),
        ("ISBN", "9780306406157"),
        ("VI", "2"),
        ("IP", "7"),
        ("DP", "2015 Aug 3"),
        ("TI", "Moths of <raised> bogs & fens"),
        ("PG", "12-30"),
        ("AB", ("Moss and peat. " * 20).strip()),
        ("FAU", "Storm, Ida B. Jr"),
        ("AU", "Storm IB Jr"),
        ("AUID", "ORCID: 0000-0002-1825-0097"),
        ("AD", "Fen University"),
        ("AD", "Bog College"),
        ("FAU", "van der Marsh, Ian"),
        ("AU", "van der Marsh I"),
        ("CN", "Bog Study Group"),
        ("FAU", "et al."),
        ("LA", "eng"),
        ("EN", "2nd"),
        ("PB", "Bog Press"),
        ("PL", "Fenton"),
        ("JT", "Handbook of Bogs"),
        ("CTI", "Bog Studies"),
        ("AID", "10.5555/hb.12 [doi]"),
        ("SI", "ClinicalTrials.gov/NCT00598001"),
        ("PMC", "PMC77"),
        ("PT", "Journal Article"),
        ("FED", "Fenn, Gay"),
        ("MH", "moths"),
        ("OT", "Peat, wild"),
        ("GN", "read"),
        ("GN", "cited by 10"),
        ("RN", "0 (Moss)"),
    ]
    assert second == [("PMID", ""), ("TI", "Second")]


@pytest.mark.parametrize("suffix", [".ris", ".bib", ".csv", ".jsonl", ".parquet"])
def test_a_chapter_with_all_there_is_comes_back(tmp_path, suffix):
    written(tmp_path, suffix, CHAPTER)
    (again,) = read_records(tmp_path / f"out{suffix}").to_dict("records")
    (before,) = conform(pd.DataFrame([CHAPTER])).to_dict("records")
    lost = {".ris": {"groups", "native_type"}, ".bib": {"native_type", "notes"}}.get(suffix, set())
    for name in {*CHAPTER} - lost - {"authors", "editors", "ids", "accession"}:
        assert again[name] == before[name], name
    for kind, number in before["ids"].items():
        assert again["ids"][kind] == number
    assert again["accession"]["Embase"] == "L2001"
    for name in ("authors", "editors"):
        assert [a["family"] for a in again[name]] == [a["family"] for a in before[name]]


HOSTILE = st.text(
    st.sampled_from(list("aB1 {}\\,;:\"'@%#&$~^_>[]()|-–\n\t\r\x07\x0b\x85\u2028ü中\U0001f33f"))
    | st.characters(exclude_categories=["Cs"]),
    max_size=25,
)
# `<TEI` anywhere would make the file one of another format
WORDS = HOSTILE.map(lambda text: f"a{text.replace('<', '')}b")
RECORD = st.fixed_dictionaries(
    {"title": WORDS},
    optional={
        **dict.fromkeys(("venue", "abstract", "publisher", "volume", "pages", "url"), WORDS),
        **{name: st.lists(WORDS, max_size=3) for name in ("keywords", "notes", "files", "groups")},
        "authors": st.lists(WORDS, min_size=1, max_size=2),
        "editors": st.lists(WORDS, min_size=1, max_size=2),
        "accession": st.dictionaries(WORDS, WORDS, max_size=2),
        "ris:XX": WORDS,
        "bibtex:xyz": WORDS,
        "nbib:RN": WORDS,
        "endnote:custom1": WORDS,
    },
)


@pytest.mark.parametrize("suffix", [".bib", ".ris"])
@settings(max_examples=30)
@given(rows=st.lists(RECORD, min_size=1, max_size=2))
def test_no_text_swallows_the_next_record(tmp_path_factory, suffix, rows):
    path = tmp_path_factory.getbasetemp() / f"hostile{suffix}"
    last = {"record_id": "last", "title": "The last one", "venue": "Nowhere"}
    rows = [row | {"record_id": f"key{k}"} for k, row in enumerate(rows)]
    write_records(pd.DataFrame([*rows, last]), path)
    problems = []
    again = read_records(path, set_aside=problems)
    assert again["record_id"].tolist() == [*(row["record_id"] for row in rows), "last"]
    assert again["title"].tolist()[-1] == "The last one"
    assert again["venue"].tolist()[-1] == "Nowhere"
    for name in ("keywords", "notes", "files", "groups", "editors", f"{suffix[1:]}:XX"):
        assert name not in again or again[name].tolist()[-1] is None


@settings(max_examples=30)
@given(rows=st.lists(RECORD, min_size=1, max_size=3))
def test_ris_written_read_and_written_again_is_the_same(tmp_path_factory, rows):
    folder = tmp_path_factory.getbasetemp()
    records = pd.DataFrame([row | {"record_id": f"key{k}"} for k, row in enumerate(rows)])
    write_records(records, folder / "zero.ris")  # fields of other formats end here
    for before, after in (("zero", "one"), ("one", "two")):
        write_records(read_records(folder / f"{before}.ris", set_aside=[]), folder / f"{after}.ris")
    assert (folder / "two.ris").read_bytes() == (folder / "one.ris").read_bytes()


@settings(max_examples=30)
@given(rows=st.lists(RECORD, min_size=1, max_size=3))
def test_other_formats_hold_every_text(tmp_path_factory, rows):
    folder = tmp_path_factory.getbasetemp()
    records = conform(pd.DataFrame(rows), set_aside=[])
    titles = records["title"].tolist()
    items = json.loads(written(folder, ".json", *records.to_dict("records")))
    assert [item["title"] for item in items] == titles
    root = ElementTree.fromstring(written(folder, ".xml", *records.to_dict("records")))
    legal = [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", title) for title in titles]
    assert [element.text for element in root.findall(".//titles/title")] == legal
    text = written(folder, ".nbib", *records.to_dict("records"))
    found = [dict(tags)["TI"] for tags in nbib_tags(text)]
    assert found == legal
