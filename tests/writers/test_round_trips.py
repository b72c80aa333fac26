"""A library read and written is the same tag by tag; read and written again, byte for byte.

The exceptions, and why, stand in `tests/helpers/exports.py`. The same is asked of the real exports
in the folder that the environment variable LINKAGE_EXPORTS names.
"""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from linkage import read_records, write_records
from linkage.records.schema import conform
from tests.helpers.exports import bibtex_records, csl_items, nbib_records, ris_records

EXPORTS = os.environ.get("LINKAGE_EXPORTS")
real_exports = pytest.mark.skipif(not EXPORTS, reason="LINKAGE_EXPORTS names no folder")
FIXTURES = sorted((Path(__file__).parent / "data").glob("*.*"))


def written_again(path, folder, suffix):
    """The file read and written, after it was checked that doing so again changes nothing."""
    once, twice = folder / f"once{suffix}", folder / f"twice{suffix}"
    write_records(read_records(path, set_aside=[]), once)
    write_records(read_records(once, set_aside=[]), twice)
    assert twice.read_bytes() == once.read_bytes()
    return once


def assert_same_ris(path, folder):
    before, after = ris_records(path), ris_records(written_again(path, folder, ".ris"))
    assert len(after) == len(before)
    for known, found in zip(before, after, strict=True):
        lost, new = known - found, found - known
        # several names in one line are written a line each
        assert {tag for tag, _ in lost + new} <= {"AU"}
        assert letters_of(lost) == letters_of(new)


def letters_of(lines):
    return sorted("".join(letters for _, letters in lines.elements()))


def assert_same(path, folder, suffix, told):
    before, after = told(path), told(written_again(path, folder, suffix))
    assert len(after) == len(before)
    for known, found in zip(before, after, strict=True):
        assert known - found == {}


def assert_same_bibtex(path, folder):
    before, after = bibtex_records(path), bibtex_records(written_again(path, folder, ".bib"))
    for key, known in before.items():
        found = after[key]
        assert (known - found, found - known) == ({}, {}), key


@pytest.mark.parametrize("path", [p for p in FIXTURES if p.suffix == ".ris"], ids=lambda p: p.stem)
def test_ris_comes_out_as_it_went_in(path, tmp_path):
    assert_same_ris(path, tmp_path)


@pytest.mark.parametrize("path", [p for p in FIXTURES if p.suffix == ".bib"], ids=lambda p: p.stem)
def test_bibtex_comes_out_as_it_went_in(path, tmp_path):
    assert_same_bibtex(path, tmp_path)


@pytest.mark.parametrize(
    ("name", "suffix", "told"),
    [("pubmed.nbib", ".nbib", nbib_records), ("zotero.csl.json", ".json", csl_items)],
)
def test_nbib_and_csl_come_out_as_they_went_in(tmp_path, name, suffix, told):
    assert_same(FIXTURES[0].parent / name, tmp_path, suffix, told)


@real_exports
@pytest.mark.parametrize(
    ("pattern", "suffix", "told"),
    [("*/*.nbib", ".nbib", nbib_records), ("nbib/*.txt", ".nbib", nbib_records),
     ("csl_json/*.json", ".json", csl_items)],
)  # fmt: skip
def test_real_nbib_and_csl_come_out_as_they_went_in(tmp_path, pattern, suffix, told):
    # what looks like CSL-JSON but is Crossref's own is read as that
    paths = [
        p for p in Path(EXPORTS).glob(pattern) if '"is-referenced-by-count"' not in p.read_text()
    ]
    assert paths
    for path in sorted(paths):
        assert_same(path, tmp_path, suffix, told)


@real_exports
def test_real_ris_comes_out_as_it_went_in(tmp_path):
    paths = [*Path(EXPORTS).rglob("*.ris"), *Path(EXPORTS).rglob("ris_export.txt")]
    for path in sorted(path for path in paths if "\nTY  - " in f"\n{path.read_text('utf-8-sig')}"):
        assert_same_ris(path, tmp_path)


@real_exports
def test_real_bibtex_comes_out_as_it_went_in(tmp_path):
    paths = [
        path for path in Path(EXPORTS).rglob("*.bib") if "@string" not in path.read_text().lower()
    ]
    for path in sorted(paths):
        assert_same_bibtex(path, tmp_path)


@pytest.mark.parametrize(
    ("path", "lost"),
    [
        # RIS has no tag for groups and for fields that only JabRef has
        ("jabref.bib", {"groups", "comment", "readstatus", "owner", "month_numeric", "holder"}),
        ("zotero.bib", {"howpublished", "month"}),
    ],
)
def test_bibtex_by_way_of_ris_loses_what_ris_has_no_tag_for(tmp_path, path, lost):
    source = Path(__file__).parent / "data" / path
    write_records(read_records(source, set_aside=[]), tmp_path / "between.ris")
    write_records(read_records(tmp_path / "between.ris", set_aside=[]), tmp_path / "again.bib")
    before, after = bibtex_records(source), bibtex_records(tmp_path / "again.bib")
    missing = {one for key, told in before.items() for one in told - after[key]}
    # a part of a book and a chapter are one type in RIS
    assert {name for name, _ in missing if (name, _) != ("type", "inbook")} == lost


@pytest.mark.parametrize(
    ("suffix", "lines"),
    [
        (".ris", {"AU  - Almada Filho, Rui", "AU  - Mota Neto, Ana", "AU  - Hill, Jo, Jr"}),
        (".nbib", {"AU  - Almada Filho R", "FAU - Mota Neto, Ana", "AU  - Hill J Jr"}),
    ],
)
def test_filho_is_written_behind_the_family_name(tmp_path, suffix, lines):
    source = tmp_path / "in.csv"
    authors = "Almada Filho, Rui; Ana Mota Neto; Hill, Jo, Jr"
    source.write_text(f'title,authors,pmid\nMoss,"{authors}",123\n')
    once = written_again(source, tmp_path, suffix)
    assert lines <= set(once.read_text("utf-8").splitlines())


def test_nbib_without_a_pmid_is_read_again(tmp_path):
    path = tmp_path / "x.nbib"
    write_records(pd.DataFrame({"title": ["Moss on stones", "Kelp"], "year": [2010, 2011]}), path)
    again = read_records(path)
    assert again["title"].tolist() == ["Moss on stones", "Kelp"]
    assert again["year"].tolist() == [2010, 2011]


def assert_same_endnote(path, folder):
    before = read_records(path, set_aside=[])
    after = read_records(written_again(path, folder, ".xml"), set_aside=[])
    # an id that was made up of the file's name is a number then
    for column in before.columns.drop(["source", "native_type", "record_id"]):
        cells = zip(before[column], after[column], strict=True)
        # what is written of a name are its parts
        parts = [[_parts(cell) for cell in pair] for pair in cells]
        assert [pair for pair in parts if pair[0] != pair[1]] == [], column


def _parts(cell):
    if isinstance(cell, list) and cell and isinstance(cell[0], dict):
        return str([{k: v for k, v in one.items() if k != "name"} for one in cell])
    return str(cell)


def test_endnote_xml_comes_out_as_it_went_in(tmp_path):
    for name in ("endnote.ris", "zotero.bib"):
        library = tmp_path / "library.xml"
        write_records(read_records(FIXTURES[0].with_name(name), set_aside=[]), library)
        assert_same_endnote(library, tmp_path)


def test_ids_and_labels_come_out_of_endnote_xml(tmp_path):
    labels = {"key1": None, "7": "shelf 3", "8": None, "key2": ["shelf 1", "shelf 2"]}
    rows = [{"record_id": k, "title": k, "endnote:label": v} for k, v in labels.items()]
    write_records(pd.DataFrame(rows), tmp_path / "a.xml")
    again = read_records(written_again(tmp_path / "a.xml", tmp_path, ".xml"))
    assert dict(zip(again["record_id"], again["endnote:label"], strict=True)) == labels


def test_both_names_of_a_periodical_come_out_of_endnote_xml(tmp_path):
    printed = (
        "<periodical><full-title>Journal of Moss</full-title><abbr-1>JM</abbr-1></periodical>"
        "<alt-periodical><full-title>Moss Journal</full-title><abbr-1>M J</abbr-1></alt-periodical>"
    )
    titles = "<titles><title>Fens</title><secondary-title>J Moss</secondary-title></titles>"
    kind = '<ref-type name="Journal Article">17</ref-type>'
    path = tmp_path / "a.xml"
    path.write_text(f"<xml><records><record>{kind}{titles}{printed}</record></records></xml>")
    row = read_records(path).iloc[0]
    assert (row["venue"], row["endnote:full-title"]) == ("J Moss", "Journal of Moss")
    assert (row["endnote:alt-periodical"], row["endnote:alt-abbr-1"]) == ("Moss Journal", "M J")
    again = written_again(path, tmp_path, ".xml")
    assert all(part in again.read_text("utf-8") for part in printed.split("><alt-periodical>"))
    assert_same_endnote(path, tmp_path)


@real_exports
def test_real_endnote_xml_comes_out_as_it_went_in(tmp_path):
    paths = [p for p in Path(EXPORTS).rglob("*.xml") if "<ref-type" in p.read_text("utf-8")]
    assert paths
    for path in paths:
        assert_same_endnote(path, tmp_path)


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("a.bib", "@article{a,\n author={Anonymous},\n title={On moss},\n year={2001}\n}\n"),
        ("a.bib", "@article{a,\n author={{[Anonymous]}},\n title={On moss},\n year={2001}\n}\n"),
        ("a.ris", "TY  - JOUR\nAU  - Anonymous\nTI  - On moss\nPY  - 2001\nER  - \n"),
        ("a.nbib", "PMID- 1\nTI  - On moss\nFAU - Anonymous\nDP  - 2001\n"),
        (
            "a.json",
            '[{"type": "book", "title": "Moss", "author": [{"literal": "Anonymous"}],'
            ' "issued": {"date-parts": [[2001]]}}]',
        ),
        ("a.csv", "title,authors,year\nOn moss,[Anonymous],2001\n"),
    ],
)
def test_anonymous_is_nobody_and_comes_out_as_it_went_in(tmp_path, name, entry):
    (tmp_path / name).write_text(entry)
    records = read_records([tmp_path / name], set_aside=[])
    assert not records["authors"][0]
    for _ in range(2):
        write_records(records, tmp_path / name)
        assert "Anonymous" in (tmp_path / name).read_text()
        records = read_records([tmp_path / name], set_aside=[])


@pytest.mark.parametrize(
    "cell",
    [
        "10.5555/a;10.5555/b",
        "10.5555/a, 10.5555/b",
        "https://doi.org/10.5555/A https://doi.org/10.5555/b",
        "10.5555/a; 10.5555/b; 10.5555/A",
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "bib", "json", "xml"])
def test_a_second_doi_of_a_cell_is_told_and_comes_out_again(tmp_path, suffix, cell):
    problems = []
    (tmp_path / "a.csv").write_text(f'title,doi,urls\nMoss,"{cell}",https://moss.example/a\n')
    records = read_records(tmp_path / "a.csv", set_aside=problems)
    assert [problem.found for problem in problems] == [f"2 DOIs in {cell!r}"]
    write_records(records, tmp_path / f"b.{suffix}")
    again = read_records(tmp_path / f"b.{suffix}")
    assert again["doi"].tolist() == ["10.5555/a"]
    addresses = {again["url"][0], *again["urls"][0]} - {None}
    assert addresses == {"https://moss.example/a", "https://doi.org/10.5555/b"}


def test_a_doi_with_a_semicolon_is_one(tmp_path):
    doi = "10.1002/(sici)1097-4571(1996)47:1<1::aid-asi1>3.0.co;2-4"
    (tmp_path / "a.csv").write_text(f"title,doi\nMoss,{doi}\n")
    records = read_records(tmp_path / "a.csv")
    assert records["doi"].tolist() == [doi]
    assert "urls" not in records


@pytest.mark.parametrize("known", ["doi", "authors", "editors", "url", "keywords", "notes"])
def test_csl_of_little_more_than_a_title_is_read_as_csl(tmp_path, known):
    cells = {"doi": "10.5555/a", "authors": "Bell, Jan", "url": "https://moss.example/a"}
    cells |= {"editors": "Bell, Jan", "keywords": "moss, wet; fern", "notes": ["One", "Two"]}
    work = {"record_id": "a", "title": "Moss", "type": "article", known: cells[known]}
    records = conform([work])
    write_records(records, tmp_path / "a.json")
    again = read_records(tmp_path / "a.json")
    assert again[known].tolist() == records[known].tolist()


@pytest.mark.parametrize("year", ["in press", "2001/02", "c. 1999"])
@pytest.mark.parametrize("suffix", ["xml", "ris"])
def test_a_year_in_words_comes_out_of_endnote(tmp_path, suffix, year):
    entry = f"%0 Journal Article\n%T Moss\n%A Bell, Jan\n%D {year}\n"
    (tmp_path / "a.enw").write_text(entry)
    write_records(read_records(tmp_path / "a.enw", set_aside=[]), tmp_path / "a.xml")
    write_records(read_records(tmp_path / "a.xml", set_aside=[]), tmp_path / f"b.{suffix}")
    assert (tmp_path / f"b.{suffix}").read_text().count(year) > 0


def test_texts_at_an_address_come_out_of_endnote(tmp_path):
    urls = "<urls><text-urls><url>http://moss.example/a.txt</url></text-urls></urls>"
    record = f"<record><ref-type>17</ref-type><titles><title>Moss</title></titles>{urls}</record>"
    (tmp_path / "a.xml").write_text(f"<xml><records>{record}</records></xml>")
    for _ in range(2):
        write_records(read_records(tmp_path / "a.xml", set_aside=[]), tmp_path / "a.xml")
        assert urls in (tmp_path / "a.xml").read_text()


@pytest.mark.parametrize(
    ("name", "entry", "said"),
    [
        ("a.bib", "@misc{a, title={Moss}, __markedentry={[me]}, dc:type={x}}", "__markedentry = {"),
        ("a.bib", "@misc{a, title={Moss}, __markedentry={[me]}, dc:type={x}}", "dc:type = {x}"),
        ("a.nbib", "OWN - ERIC\nTI  - Moss\nFAU - Bell, Jan\nOID - EJ12345\n", "OID - EJ12345\n"),
        (
            "a.xml",
            "<xml><records><record><ref-type>28</ref-type><titles><title>Moss</title></titles>"
            "</record></records></xml>",
            '<ref-type name="Edited Book">28</ref-type>',
        ),
    ],
)
def test_what_programs_say_in_their_own_way_comes_out_again(tmp_path, name, entry, said):
    (tmp_path / name).write_text(entry)
    for _ in range(2):
        write_records(read_records(tmp_path / name), tmp_path / name)
        assert (tmp_path / name).read_text().count(said) == 1


AGAIN = {  # fields of which a column holds one, and how two of them stand in a file
    "a.ris": ("VL IS SP PB CY ET DB AB C1 M3".split(), "{}  - {}\n"),
    "a.nbib": ("VI IP PG AB PB PL EN CTI OWN JT TT OID".split(), "{:4}- {}\n"),
    "a.xml": (
        "volume number pages abstract publisher pub-location edition custom1 accession-num "
        "remote-database-name section".split(),
        "<{0}>{1}</{0}>",
    ),
}
HEADS = {
    "a.ris": "TY  - JOUR\nTI  - Moss\n{}ER  - \n",
    "a.nbib": "PMID- 1\nTI  - Moss\n{}\n",
    "a.xml": '<record><ref-type name="Generic">13</ref-type><titles><title>Moss</title></titles>{}'
    "</record>",
}


@pytest.mark.parametrize("name", AGAIN)
def test_what_stands_twice_where_a_column_holds_one_comes_out_twice(tmp_path, name):
    fields, shape = AGAIN[name]
    values = ("Alpha1", "Beta2", "Gamma3")
    entries = [HEADS[name].format("".join(shape.format(f, v) for v in values)) for f in fields]
    whole = "<xml><records>{}</records></xml>" if name == "a.xml" else "{}"
    (tmp_path / name).write_text(whole.format("".join(entries)))
    for _ in range(2):
        write_records(read_records(tmp_path / name, set_aside=[]), tmp_path / name)
        written = (tmp_path / name).read_text()
        lost = [(f, v) for f in fields for v in values if written.count(shape.format(f, v)) != 1]
        assert lost == []


@pytest.mark.parametrize(
    "entry",
    [
        "@misc{a, title={Moss}, day={7}}",
        "@misc{a, title={Moss}, archiveprefix={arXiv}}",
        "@misc{a, title={Moss}, pmid={pending}}",
    ],
)
def test_fields_of_bibtex_that_say_nothing_alone_are_carried(tmp_path, entry):
    (tmp_path / "a.bib").write_text(entry)
    for _ in range(2):
        write_records(read_records(tmp_path / "a.bib"), tmp_path / "a.bib")
        written = (tmp_path / "a.bib").read_text().replace(" = ", "=")
        assert entry.rpartition(", ")[2].removesuffix("}") in written


def test_an_object_where_csl_has_a_text_comes_out_whole(tmp_path):
    item = {"id": "a", "type": "book", "title": "Moss", "publisher": {"name": "P", "city": "Q"}}
    (tmp_path / "a.json").write_text(json.dumps([item | {"issued": {"date-parts": [[2001]]}}]))
    for _ in range(2):
        records = read_records(tmp_path / "a.json")
        assert records["publisher"].tolist() == ["P"]
        write_records(records, tmp_path / "a.json")
        assert json.loads((tmp_path / "a.json").read_text())[0]["publisher"] == item["publisher"]
