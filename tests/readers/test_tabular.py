"""CSV, TSV, Parquet, JSON Lines and JSON arrays; column names; folders; ids."""

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from linkage.errors import Problem
from linkage.readers.files import read_records
from linkage.records.schema import RECORD_COLUMNS

ROWS = [
    {"record_id": "a", "title": "First, with comma", "authors": "Example, A.; Muster, B."},
    {"record_id": "b", "title": 'Second "quoted"', "authors": "Ada Example"},
]
PARTS = ("family", "given", "affiliation", "email", "orcid")


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    frame = pd.DataFrame(rows)
    match path.suffix:
        case ".csv":
            frame.to_csv(path, index=False)
        case ".tsv":
            frame.to_csv(path, index=False, sep="\t")
        case ".parquet":
            frame.to_parquet(path, index=False)
        case ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        case _:
            path.write_text(json.dumps(rows))
    return path


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".jsonl", ".json"])
def test_each_format_gives_the_same_records(tmp_path: Path, suffix: str) -> None:
    records = read_records(write_rows(tmp_path / f"x{suffix}", ROWS))
    assert list(records.columns) == list(RECORD_COLUMNS)
    assert records["title"].tolist() == ["First, with comma", 'Second "quoted"']
    assert [[a["family"] for a in cell] for cell in records["authors"]] == [
        ["Example", "Muster"],
        ["Example"],
    ]
    assert records["source"].tolist() == [f"x{suffix}"] * 2


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
@pytest.mark.parametrize(
    "authors",
    [
        "Example, Ada; Muster, Bo",
        ["Ada Example", "Bo Muster"],
        [{"name": "Ada Example"}, {"family": "Muster", "given": "Bo"}],
    ],
)
def test_authors_as_string_names_or_objects(tmp_path: Path, suffix: str, authors: Any) -> None:
    path = write_rows(tmp_path / f"x{suffix}", [{"title": "T", "authors": authors}])
    (cell,) = read_records(path)["authors"]
    people = [(a["family"], a["given"]) for a in cell]
    assert people == [("Example", "Ada"), ("Muster", "Bo")]


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_author_objects_keep_what_is_known(tmp_path: Path, suffix: str) -> None:
    person = {
        "family": "van der Probe",
        "given": "Zoë",
        "affiliation": "Testuni",
        "email": "z@example.org",
        "orcid": "https://orcid.org/0000-0002-1694-233x",
    }
    path = write_rows(tmp_path / f"x{suffix}", [{"title": "T", "authors": [person, None]}])
    records = read_records(path, set_aside=(problems := []))
    (author,) = records["authors"].iloc[0]
    values = ["Probe", "Zoë", "Testuni", "z@example.org", "0000-0002-1694-233X"]
    assert [author[part] for part in PARTS] == values
    assert author["particle"] == "van der"
    assert [p.kept for p in problems] == [True]


def test_format_is_told_by_content_not_by_suffix(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "x.jsonl", ROWS).rename(tmp_path / "x.csv")
    assert read_records(path)["record_id"].tolist() == ["a", "b"]


def test_known_and_mapped_column_names(tmp_path: Path) -> None:
    text = (
        "Key;Item Type;Publication Year;Author;Title;Publication Title;ISSN;DOI;Abstract Note;"
        "Issue;Type;My Note\n"
        "K1;journalArticle;2019.0;Example, A;T1;J. Imag. Exp.;12345678;;Abs;4;;keep me\n"
    )
    path = write(tmp_path / "z.csv", text, "utf-8-sig")
    (record,) = read_records(path).to_dict("records")
    assert (record["record_id"], record["type"], record["year"]) == ("K1", "article", 2019)
    assert (record["venue"], record["number"], record["abstract"]) == ("J. Imag. Exp.", "4", "Abs")
    assert record["ids"] == {"issn": "1234-5678"}
    assert record["doi"] is None
    assert record["My Note"] == "keep me"
    mapped = read_records(path, columns={"My Note": "title", "Key": "volume"})
    assert mapped["title"].tolist() == ["keep me"]
    assert mapped["record_id"].tolist() == ["z:1"]


def test_mapping_wins_over_a_column_of_the_canonical_name(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "title,other\nwrong,right\n")
    records = read_records(path, columns={"other": "title"})
    assert records["title"].tolist() == ["right"]
    assert records["title_in_file"].tolist() == ["wrong"]


def test_start_and_end_page(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "Title,Start Page,End Page\nT,3,9\nU,4,\n")
    assert read_records(path)["pages"].tolist() == ["3-9", "4"]


def test_folder_reads_what_can_be_read(tmp_path: Path) -> None:
    write_rows(tmp_path / "part-1.parquet", [ROWS[1]])
    write_rows(tmp_path / "part-0.parquet", [ROWS[0]])
    write(tmp_path / "notes.md", "no records here")
    write(tmp_path / "_SUCCESS", "")
    (tmp_path / "more").mkdir()
    problems: list[Problem] = []
    assert read_records(tmp_path, set_aside=problems)["record_id"].tolist() == ["a", "b"]
    told = {Path(problem.source).name: problem.found for problem in problems}
    assert told == {
        "_SUCCESS": "a name that begins with '_'",
        "more": "a folder in the folder",
        "notes.md": "no known format",
    }
    assert {problem.fate for problem in problems} == {"file not read"}


def test_columns_of_several_files_are_joined(tmp_path: Path) -> None:
    one = write_rows(tmp_path / "1.parquet", [ROWS[0] | {"count": 3}])
    two = write_rows(tmp_path / "2.csv", [ROWS[1] | {"note": "n"}])
    records = read_records([one, str(two)])
    assert records["count"].tolist() == [3, None]
    assert records["note"].tolist() == [None, "n"]
    assert records.index.tolist() == [0, 1]


def test_gzip_is_unpacked_and_not_in_the_ids(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"title\nT\n"))
    assert read_records(path)["record_id"].tolist() == ["x:1"]


def test_large_integer_ids_survive_missing_values(tmp_path: Path) -> None:
    frame = pd.DataFrame({"title": ["T", "U"], "big": pd.array([2**60 + 1, None], dtype="Int64")})
    frame.to_parquet(tmp_path / "x.parquet")
    records = read_records(tmp_path / "x.parquet", columns={"big": "volume"})
    assert records["volume"].tolist() == [str(2**60 + 1), None]


def test_quoted_line_breaks_and_long_fields(tmp_path: Path) -> None:
    text = f'title,abstract\n"A\nB","{"long " * 50_000}"\nC,d\n'
    records = read_records(write(tmp_path / "x.csv", text))
    assert records["title"].tolist() == ["A B", "C"]
    assert len(records["abstract"].iloc[0]) > 200_000


def test_rows_that_do_not_fit_are_set_aside_with_their_line(tmp_path: Path) -> None:
    problems: list[Problem] = []
    text = 'title,year\nA,2001\nB,2002,x\n"open,2003\nC,2004\nD\nE,2005,,\n'
    records = read_records(write(tmp_path / "x.csv", text), set_aside=problems)
    assert records["title"].tolist() == ["A", "C", "E"]
    assert sorted(p.where for p in problems) == ["line 3", "line 4", "line 6"]
    assert not any(p.kept for p in problems)


def test_truncated_json_line_is_set_aside(tmp_path: Path) -> None:
    text = '{"title": "A"}\n[1]\n{"title": "B", "ye'
    problems: list[Problem] = []
    records = read_records(write(tmp_path / "x.jsonl", text), set_aside=problems)
    assert records["title"].tolist() == ["A"]
    assert [p.where for p in problems] == ["line 2", "line 3"]


def test_json_line_separators_inside_strings(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", '{"title": "A\u2028B"}\n')
    assert read_records(path)["title"].tolist() == ["A B"]


def test_an_id_twice_in_a_table_is_renamed_and_both_rows_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "id,title\n7,A\n8,B\n7,C\n7,D\n")
    problems: list[Problem] = []
    records = read_records(path, set_aside=problems)
    assert records["record_id"].tolist() == ["7", "8", "x.csv:7", "x.csv:7:2"]
    (problem,) = problems
    assert problem.where == "line 4"
    assert "'7' of line 2 of x.csv again (and 1 more such id" in problem.found


def test_made_up_ids_collide_with_no_id_that_was_given(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", "id,title\nx:1,A\n")
    two = write(tmp_path / "x.csv", "id,title\n,B\nx.csv:1,C\nx:1,D\n")
    ids = read_records([one, two], set_aside=[])["record_id"].tolist()
    assert ids == ["x:1", "x.csv:1", "x.csv:x.csv:1", "x.csv:x:1"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sep=;\nTitle;Year\nMoss;2001\n", 3),  # Excel's
        ("SEP=;\r\nTitle;Year\r\nMoss;2001\r\n", 3),
        ('"sep=,"\nTitle,Year\nMoss,2001\n', 3),
        ("sep=,,\nTitle,Year\nMoss,2001\n", 3),  # written by a program that fills rows
        ("sep=\t\nTitle\tYear\nMoss\t2001\n", 3),
        ("Export of May\n\nTitle,Year\nMoss,2001\n", 4),
        ("Query:,otters\n\nTitle,Year,Mark\nMoss,2001,x\n", 4),
    ],
)
def test_what_stands_before_the_header(tmp_path: Path, text: str, line: int) -> None:
    problems: list[Problem] = []
    records = read_records(write(tmp_path / "x.csv", text), set_aside=problems)
    assert records["title"].tolist()[:1] == ["Moss"]
    assert records["year"].tolist()[:1] == [2001]
    told = [problem.where for problem in problems if "before the names" in problem.found]
    assert told == ([] if "sep=" in text.lower() else [f"lines 1-{line - 2}"])


def test_lines_keep_their_numbers_behind_a_preamble(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "sep=;\nTitle;Year\nMoss;2001\nFern;2002;3\n")
    problems: list[Problem] = []
    assert read_records(path, set_aside=problems)["title"].tolist() == ["Moss"]
    assert [problem.where for problem in problems] == ["line 4"]


def test_a_row_that_names_columns_is_a_row(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "Title,Year\nTitle,2001\n")
    assert read_records(path)["title"].tolist() == ["Title"]
    path = write(tmp_path / "x.csv", "what,when\ntitle,2001\n")
    assert read_records(path, columns={"what": "title"})["title"].tolist() == ["title"]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_titles_that_are_none_are_told(tmp_path: Path, suffix: str) -> None:
    rows = [{"title": title, "year": 2001} for title in ("Moss", "", "NA", "None", "Null")]
    problems: list[Problem] = []
    records = read_records(write_rows(tmp_path / f"x{suffix}", rows), set_aside=problems)
    assert len(records) == 5
    assert [problem.found for problem in problems] == [
        "no title",
        *(f"no title but {said!r}" for said in ("NA", "None", "Null")),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.bib", "@article{a, title = {None}, author = {Abel, Ann}}\n"),
        ("x.json", '[{"type": "book", "title": "None", "issued": {"date-parts": [[2001]]}}]'),
    ],
)
def test_a_title_of_any_format_that_is_taken_for_none_is_told(
    tmp_path: Path, name: str, content: str
) -> None:
    problems: list[Problem] = []
    records = read_records(write(tmp_path / name, content), set_aside=problems)
    assert len(records) == 1
    assert [problem.found for problem in problems] == ["no title but 'None'"]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Title,First Author", ["First Author"]),
        ("Title,First name,Last name", ["First name", "Last name"]),
        ("Title,Authors,First Author", []),
        ("Title,Author Keywords", []),
    ],
)
def test_columns_of_parts_of_the_authors_are_told(
    tmp_path: Path, header: str, told: list[str]
) -> None:
    problems: list[Problem] = []
    row = ",".join(["Moss"] * len(header.split(",")))
    read_records(write(tmp_path / "x.csv", f"{header}\n{row}\n"), set_aside=problems)
    assert [p.found for p in problems] == [f"a column {name!r} that was not used" for name in told]


@pytest.mark.parametrize(
    ("column", "cell", "names"),
    [
        ("Author full names", "Lloyd Webber, Andrew John", ["Lloyd Webber, Andrew John"]),
        ("Author Full Name", "Lloyd Webber, Andrew John", ["Lloyd Webber, Andrew John"]),
        ("AF", "Day Lewis, Cecil; Abel, Ann", ["Day Lewis, Cecil", "Abel, Ann"]),
        ("Author full names", "Day Lewis, Cecil (571)", ["Day Lewis, Cecil"]),
        ("Authors", "Ann Abel, Bo Berg", ["Ann Abel", "Bo Berg"]),
    ],
)
def test_full_names_are_parted_by_semicolons_only(
    tmp_path: Path, column: str, cell: str, names: list[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'Title,{column}\nMoss,"{cell}"\n')
    records = read_records(path)
    assert [author["name"] for author in records["authors"][0]] == names
