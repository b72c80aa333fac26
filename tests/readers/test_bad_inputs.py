"""Bad input: one clear sentence, or a reported record, and never a traceback of a library."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from linkage.errors import InputError, Problem
from linkage.readers.files import read_records


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04\0\0", "a damaged zip archive"),
        (b"title\0\1\2", "a binary file"),
        (b"PAR1 cut short", "not a readable Parquet file"),
        (b"\x1f\x8b\x08cut", "can't be read"),
        (b"name,year\nA,2001\n", "found no title column among the columns 'name', 'year'"),
        (b"title,year,title\nA,1,B\n", "the column 'title' twice"),
        (b"title,year\n", "found no record"),
        (b"<xml><records><record></record></records></xml>", "an empty record"),
        (b"<?xml version='1.0'?><PubmedArticleSet><PubmedArticle/>", "an empty record"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"<TEI><title>T</title></TEI>", "found no record in this file, TEI XML"),
        (b'{"message-type": "work", "message": {}}', "found no title column"),
        (b'{"cells": [], "nbformat": 4}', "a Jupyter notebook"),
        (b'[{"title": "T"', "not a complete JSON array"),
        (b"@article{a, title = {never closed\n", "found no record"),
    ],
)
def test_unusable_file_gives_one_sentence(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "input.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_records(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert expected in message
    assert "\n" not in message


def test_missing_file_and_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: no such file"):
        read_records(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="found no file that can be read"):
        read_records(tmp_path)
    with pytest.raises(InputError, match="no file to read"):
        read_records([])


def test_unknown_suffix_lists_the_formats(tmp_path: Path) -> None:
    path = tmp_path / "x.xyz"
    path.write_text("something else\n")
    with pytest.raises(InputError, match=r"no known format, expected one of: Parquet, .*BibTeX"):
        read_records(path)


@pytest.mark.parametrize("columns", [{"nope": "title"}, {"a": "titel"}, {"a": "year", "b": "year"}])
def test_wrong_mapping(tmp_path: Path, columns: dict[str, str]) -> None:
    path = tmp_path / "x.csv"
    path.write_text("title,a,b\nT,1,2\n")
    with pytest.raises(InputError):
        read_records(path, columns=columns)


def test_absurd_years_and_dois_are_reported_and_the_record_kept(tmp_path: Path) -> None:
    years = ["20244", "-5", "0", "2999", "someday", "in press", "", "2001"]
    path = tmp_path / "x.csv"
    rows = "".join(f"T{n},{year},{'rubbish' if n == 7 else ''}\n" for n, year in enumerate(years))
    path.write_text("title,year,doi\n" + rows)
    problems: list[Problem] = []
    records = read_records(path, set_aside=problems)
    assert records["year"].isna().tolist() == [True] * 7 + [False]
    assert sorted(p.where for p in problems) == [f"line {n}" for n in (2, 3, 4, 5, 6, 9)]
    assert all(p.kept for p in problems)


def test_null_authors(tmp_path: Path) -> None:
    cells = [None, [], [None], ["Ada Example", None], "", "N/A", [{"name": None}], "Ada Example"]
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"title": "T", "authors": c}) + "\n" for c in cells))
    problems: list[Problem] = []
    authors = read_records(path, set_aside=problems)["authors"].tolist()
    counts = [None if cell is None else len(cell) for cell in authors]
    assert counts == [None, 0, None, 1, None, None, None, 1]
    assert [p.where for p in problems] == ["line 3", "line 4", "line 7"]


def test_a_thousand_authors(tmp_path: Path) -> None:
    families = ["".join("abcdefghij"[int(d)] for d in f"{n:04}").title() for n in range(1000)]
    names = [f"{family}, A. B." for family in families]
    path = tmp_path / "x.csv"
    path.write_text(f'title,authors\nBig,"{"; ".join(names)}"\n')
    (cell,) = read_records(path)["authors"]
    assert [a["family"] for a in cell] == families


def test_mixed_encodings_are_decoded_line_by_line_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("title,year\nMüller,1\n".encode() + "Mädchen,2001\n".encode("latin-1"))
    problems: list[Problem] = []
    records = read_records(path, set_aside=problems)
    assert records["title"].tolist() == ["Müller", "Mädchen"]
    assert problems[0].where == "line 3"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_marks(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text("title,year\nMädchen,2001\n", encoding=encoding)
    assert read_records(path)["title"].tolist() == ["Mädchen"]


def test_a_file_in_another_encoding_is_read_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("title,year\nMüller und Mädchen grüßen,2001\n".encode("latin-1"))
    problems: list[Problem] = []
    records = read_records(path, set_aside=problems)
    assert records["title"].tolist() == ["Müller und Mädchen grüßen"]
    assert [(p.where, p.kept) for p in problems] == [("line 2", True)]


def test_half_a_surrogate_pair_does_not_spoil_the_output(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"title": "A\\ud800"}\n')
    assert read_records(path)["title"].tolist() == ["A?"]


def test_columns_and_texts_that_look_like_other_formats(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('title,bib\nT,"\n@article{x,title={a}}\nTY  - JOUR"\n')
    assert read_records(path)["title"].tolist() == ["T"]
    path = tmp_path / "x.jsonl"
    path.write_text('{"title": "T", "issued": "2001"}\n')
    assert read_records(path)["title"].tolist() == ["T"]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("b.csv.gz", b"\x1f\x8b\x08cut", "can't be read"),
        ("b.csv", b"name,year\nA,2001\n", "no title column among the columns 'name', 'year'"),
        ("b.csv", b"title,year\n", "no record in this file, CSV or TSV"),
        ("b.csv", b"title,year,title\nA,1,B\n", "the column 'title' twice"),
        ("b.json", b'{"a": 1}', "no title column among the columns 'a'"),
        ("b.json", b"[1, 2, 3]", "no record in this file"),
        ("b.xlsx", b"PK\x03\x04cut", "a damaged zip archive"),
        ("b.parquet", b"PAR1 cut short", "not a readable Parquet file"),
    ],
)
def test_what_is_no_bibliography_does_not_stop_its_folder(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / name).write_bytes(content)
    with pytest.raises(InputError, match=rf"no file that can be read|b\.[a-z.]+: .*{found}"):
        read_records(folder)
    (folder / "a.csv").write_text("title\nT\n")
    (folder / "c.csv").write_text("title\nU\n")
    problems: list[Problem] = []
    assert read_records(folder, set_aside=problems)["title"].tolist() == ["T", "U"]
    (problem,) = [one for one in problems if one.fate == "file not read"]
    assert Path(problem.source).name == name
    assert found in problem.found


def test_a_damaged_file_does_not_stop_its_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.csv", "title\nT\n")
        archive.writestr("b.csv", "name,year\nA,2001\n")
        archive.writestr("c.csv.gz", gzip.compress(b"title\nU\n" * 9)[:-9])
    problems: list[Problem] = []
    assert read_records(tmp_path / "x.zip", set_aside=problems)["title"].tolist() == ["T"]
    assert sorted(Path(problem.source).name for problem in problems) == ["b.csv", "c.csv.gz"]


def test_a_wrong_mapping_is_no_fault_of_a_file_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\nT\n")
    with pytest.raises(InputError, match="mapped to 'titel'"):
        read_records(tmp_path, columns={"a": "titel"})


def test_a_link_to_nothing_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title\nT\n")
    (tmp_path / "b.csv").symlink_to(tmp_path / "gone.csv")
    problems: list[Problem] = []
    read_records(tmp_path, set_aside=problems)
    assert [problem.found for problem in problems] == ["a link to nothing"]
