"""BibTeX, RIS and Web of Science: the same library from each, and what damage leaves."""

import logging
import weakref
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import Problem, SetAsideWarning
from linkage.readers.files import read_records
from linkage.running.collector import paused
from linkage.text.tex import _converted, untexed
from linkage.writers.records import write_records

DATA = Path(__file__).parent / "data"


def test_bibtex_and_ris_give_the_same_records() -> None:
    bib, ris = read_records(DATA / "library.bib"), read_records(DATA / "library.ris")
    same = ["record_id", "title", "year", "venue", "volume", "number", "pages", "doi", "abstract"]
    for column in [*same, "ids", "date"]:
        assert bib[column].tolist() == ris[column].tolist(), column
    for left, right in zip(bib["authors"], ris["authors"], strict=True):
        parts = ("family", "given", "particle", "suffix", "group")
        assert [[a.get(p) for p in parts] for a in left or []] == [
            [a.get(p) for p in parts] for a in right or []
        ]


def test_bibtex_values() -> None:
    first, proceedings, paper = read_records(DATA / "library.bib").to_dict("records")
    assert first["title"] == "Growth of Invented Cells: a null study & more"
    assert first["venue"] == "Journal of Imagined Experiments"
    assert (first["date"], first["pages"], first["type"]) == ("2019-03", "101-109", "article")
    assert first["doi"] == "10.5555/imagined.2019_1"
    assert first["ids"] == {"issn": "1234-5678"}
    assert [a["family"] for a in first["authors"][:2]] == ["Müster", "Probe"]
    assert first["authors"][2]["group"] is True
    assert proceedings["publisher"] == "Nowhere Press"
    assert paper["venue"] == "Proceedings of the 5th Imagined Conference"
    assert (paper["year"], paper["title"]) == (2020, "Erdős numbers of nobody")
    assert paper["authors"][1]["suffix"].startswith("Jr")


def test_broken_bibtex_entries_are_reported_and_the_rest_survives(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    problems: list[Problem] = []
    records = read_records(DATA / "broken.bib", set_aside=problems)
    ids = ["first", "second", "broken.bib:first", "child", "last"]
    assert records["record_id"].tolist() == ids
    assert records["title"].tolist()[1] == "The Second"
    assert records["title"].tolist()[4] == "The Last One"
    told = {problem.where: problem.kept for problem in problems}
    assert told == {"line 5, column 11": False, "line 8": True, "line 9": True, "line 10": True}
    assert capfd.readouterr().err == ""
    assert caplog.records == []
    assert not logging.getLogger("bibtexparser.splitter").disabled


def test_without_a_list_one_warning_sums_up() -> None:
    with pytest.warns(SetAsideWarning, match=r"broken\.bib: line .*and 3 more") as caught:
        read_records(DATA / "broken.bib")
    assert len(caught) == 1


def test_ris_flavours() -> None:
    problems: list[Problem] = []
    records = read_records(DATA / "flavours.ris", set_aside=problems)
    first, chapter, thesis = records.to_dict("records")
    assert first["title"] == "A Title Printed on Two Lines"
    assert [a["family"] for a in first["authors"]] == ["Example", "Muster"]
    assert (first["date"], first["pages"]) == ("1996-07-15", "15-35")
    assert first["abstract"] == "First line, second line."
    assert first["keywords"] == ["one", "two"]
    assert first["ris:XX"] == "unknown"
    assert first["ids"] == {"arxiv": "1706.00001"}
    assert first["type"] == "article"
    assert (chapter["record_id"], chapter["type"]) == ("flavours.ris:77", "incollection")
    assert (thesis["year"], thesis["type"]) == (2004, "thesis")
    assert records["year"].isna().tolist() == [False, True, False]
    told = [(problem.where, problem.kept) for problem in problems]
    assert told == [
        ("line 1", True),  # what no record is
        ("line 22", False),  # tags outside a record, once
        ("line 26", True),  # no ER
        ("line 31", True),
        ("line 26", True),  # the repeated ID
        ("line 26", True),  # the year 20244
    ]


def test_web_of_science() -> None:
    (record,) = read_records(DATA / "wos.txt").to_dict("records")
    assert record["record_id"] == "WOS:000000000000001"
    assert record["title"] == "Interactions of invented complexes"
    assert [a["given"] for a in record["authors"]] == ["Ada", "Bo X."]
    assert (record["date"], record["pages"]) == ("2004-06-08", "7003-7016")
    assert len(record["references"]) == 2


def test_an_id_of_two_libraries_is_renamed_with_the_file_and_that_is_told_once() -> None:
    problems: list[Problem] = []
    records = read_records([DATA / "library.bib", DATA / "library.ris"], set_aside=problems)
    assert records["record_id"].is_unique
    assert "library.ris:muster_growth_2019" in set(records["record_id"])
    assert len([p for p in problems if "again" in p.found]) == 1


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"{\BibTeX}ing", "BibTeXing"),
        (r"\mbox{A. B.} Journal", "A. B. Journal"),
        (r"Mass{\'{\i}}as", "Massías"),
        (r"50\% of 100% \& more", "50% of 100% & more"),
        ("US$ 5", "US$ 5"),
        (r"\unknown{kept} text", "kept text"),
        (r"\href{http://example.org}{link}", "link"),
        ("pages 1--2, a --> b", "pages 1–2, a --> b"),
        (r"c.126C {\textgreater} A", "c.126C > A"),
    ],
)
def test_tex(tex: str, expected: str) -> None:
    assert untexed(tex) == expected


@given(st.text(alphabet=r"\{}$%&~^_ab#[]", max_size=30))
def test_damaged_tex_never_raises_and_loses_its_braces(tex: str) -> None:
    assert untexed(tex).count("{") <= tex.count(r"\{")  # which is a printed one


@pytest.mark.parametrize("macro", [*"\"'`^~=.uvHcdbrk"])
@pytest.mark.parametrize("shape", [r"{\%s{o}}", r"\%s{o}", r"{\%s o}", r"\%s{\i}"])
def test_a_letter_read_by_itself_is_that_of_the_whole_text(macro, shape):
    tex = rf"On G{shape % macro}del and {{\ss}}pace"
    assert untexed(tex) == _converted(tex).replace("{", "").replace("}", "")


class Witness:
    """Something that a caller of the parser holds."""


@pytest.mark.parametrize(
    "tex", [r"on $\beta$ and \emph{more}", r"{open \emph{", r"\begin{x} y", r"\'", "x\\"]
)
def test_the_parser_lets_go_of_its_callers(tex: str) -> None:
    def caller() -> weakref.ref[Witness]:
        witness = Witness()
        untexed(tex)
        _converted(tex)
        return weakref.ref(witness)

    with paused():
        assert caller()() is None


@given(st.text(alphabet=st.characters(exclude_characters="\\${}~`'-", categories=["L", "N", "P"])))
def test_text_without_tex_is_left_alone(text: str) -> None:
    assert untexed(text) == text


def test_a_keyword_or_note_of_ris_may_be_called_none(tmp_path: Path) -> None:
    path = tmp_path / "a.ris"
    tags = "KW  - NA\nKW  - peat\nN1  - none\nM3  - N/A\nJO  - NA\nT2  - Moss\n"
    path.write_text(f"TY  - JOUR\nTI  - Fens\n{tags}ER  - \n")
    row = read_records(path).iloc[0]
    assert (row["keywords"], row["notes"], row["ris:M3"]) == (["NA", "peat"], ["none"], "N/A")
    assert row["venue"] == "Moss"


def test_a_journal_of_bibtex_called_na_is_carried(tmp_path: Path) -> None:
    path, again = tmp_path / "a.bib", tmp_path / "b.bib"
    path.write_text("@article{a, title={Fens}, journal={NA}, keywords={NA}, publisher={Bog}}")
    records = read_records(path)
    row = records.iloc[0]
    assert (row["bibtex:journal"], row["keywords"], row["publisher"]) == ("NA", ["NA"], "Bog")
    write_records(records, again)
    assert read_records(again).iloc[0]["bibtex:journal"] == "NA"


def test_a_journal_of_ris_called_na_is_written_again(tmp_path: Path) -> None:
    path, again = tmp_path / "a.ris", tmp_path / "b.ris"
    path.write_text("TY  - JOUR\nTI  - Fens\nJO  - NA\nKW  - none\nER  - \n")
    write_records(read_records(path), again)
    assert {"JO  - NA", "KW  - none"} <= set(again.read_text("utf-8").splitlines())
