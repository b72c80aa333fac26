"""What was written, read and written again is the same, in every format, whatever stands in it."""

from pathlib import Path

import pytest

from linkage import read_records, write_records
from linkage.tables.files import TABLE_SUFFIXES
from linkage.writers.records import WRITERS
from tests.helpers.formats import FORMATS

SUFFIXES = (*WRITERS, *TABLE_SUFFIXES)
# Names and why they are hard to write so that they are read as they were.
NAMES = {
    "Bitter, Patrick Jr": "PubMed's place of a suffix",
    "Bitter, P., Jr.": "that of reference managers",
    "Filho, Rui Almada": "whose son one is, in front",
    "Almada Filho, Rui": "and behind the family name",
    "Lee, Kim, MD": "a degree, which is part of no name",
    "King, Martin, Jr., PhD": "a suffix and a degree",
    "Berg, Ada (ed.)": "a role",
    "van den Berg, Ida": "particles",
    "Moss Study Group": "a group that its name tells",
}
LIBRARY = """TY  - BOOK
ID  - b1
TI  - Peat
AU  - Pond, Wu
A2  - Fenn, Gay
T3  - Bog Studies
KW  - Lasers, Dye
KW  - Lasers, Solid-State
M3  - Report
SN  - 978-0-306-40615-7
AN  - 101
DB  - PubMed
PY  - 1999
ER  -

TY  - JOUR
ID  - j1
TI  - Kelp
AU  - Marsh, Ian
M3  - Letter
M3  - Comment
DA  - 2004/09//Sep-Oct
PY  - 2004
N1  - read
N1  - twice
L1  - kelp.pdf
UR  - https://kelp.example
UR  - https://kelp.example/2
ER  -

"""


def passes(source: Path, suffix: str, folder: Path):
    """The records of a file, of what is written of them, and of what is written of those."""
    first = read_records(source, set_aside=[])
    once, twice = folder / f"once{suffix}", folder / f"twice{suffix}"
    write_records(first, once)
    second = read_records(once, set_aside=[])
    write_records(second, twice)
    if suffix != ".parquet":
        assert once.read_text("utf-8") == twice.read_text("utf-8")
    return first, second


def parts(authors):
    names = ("family", "given", "particle", "suffix", "group")
    return [[one.get(name) for name in names] for one in authors or []]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_names_stay(suffix, tmp_path):
    lines = "".join(f"AU  - {name}\n" for name in NAMES)
    source = tmp_path / "x.ris"
    source.write_text(f"TY  - JOUR\nTI  - Moss\n{lines}PY  - 2010\nER  -\n")
    first, second = passes(source, suffix, tmp_path)
    assert parts(second["authors"][0]) == parts(first["authors"][0])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_library_stays(suffix, tmp_path):
    source = tmp_path / "x.ris"
    source.write_text(LIBRARY)
    first, second = passes(source, suffix, tmp_path)
    assert second["series"].tolist()[0] == "Bog Studies"
    assert second["venue"].tolist()[0] is None
    assert second["keywords"].tolist()[0] == ["Lasers, Dye", "Lasers, Solid-State"]
    assert parts(second["editors"][0]) == parts(first["editors"][0])
    if suffix in TABLE_SUFFIXES:
        for name in first.columns.drop("source"):
            assert second[name].tolist() == first[name].tolist(), name


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_any_format_says_stays(name, suffix, tmp_path):
    source = tmp_path / f"x{'.enlx' if name == 'library' else ''}"
    source.write_bytes(FORMATS[name])
    _, second = passes(source, suffix, tmp_path)
    assert second["title"].tolist() == read_records(source, set_aside=[])["title"].tolist()


def test_a_group_that_its_name_does_not_tell_is_one_in_endnote(tmp_path):
    source = tmp_path / "x.bib"
    source.write_text("@book{a, title = {Moss}, author = {{HEC Montreal}}, year = 2001}")
    _, second = passes(source, ".xml", tmp_path)
    assert second["authors"][0] == [
        {"name": "HEC Montreal", "family": "HEC Montreal", "group": True}
    ]


def test_editors_of_nbib_stand_behind_authors(tmp_path):
    source = tmp_path / "x.nbib"
    source.write_text(
        "PMID- 5\nTI  - Moss\nFAU - Berg, Ada\nAD  - Moss House\nFED - Fenn, Gay\nAD  - Bog\n"
    )
    first, second = passes(source, ".nbib", tmp_path)
    for records in (first, second):
        assert [one["name"] for one in records["editors"][0]] == ["Fenn, Gay"]
        assert records["authors"][0][0]["affiliation"] == "Moss House"


def test_a_degree_in_the_place_of_a_suffix_is_none(tmp_path):
    source = tmp_path / "x.json"
    source.write_text(
        '[{"type": "book", "title": "Moss", "issued": {"date-parts": [[2001]]}, "author":'
        ' [{"family": "Berg", "given": "Ada", "suffix": "Ph.D"}]}]'
    )
    first, _ = passes(source, ".bib", tmp_path)
    assert parts(first["authors"][0]) == [["Berg", "Ada", None, None, None]]


def test_an_accessed_day_of_csl_is_a_date_elsewhere(tmp_path):
    source = tmp_path / "x.json"
    source.write_text(
        '[{"type": "webpage", "title": "Moss", "accessed": {"date-parts": [["2016", 2, 3]]}}]'
    )
    passes(source, ".bib", tmp_path)
    assert "urldate = {2016-02-03}" in (tmp_path / "once.bib").read_text()
