"""Tables are written whole or not at all, and come back as they were."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from linkage.errors import InputError
from linkage.readers.files import read_records
from linkage.records.schema import conform
from linkage.tables import files as writers
from linkage.tables.files import read_table, write_table

SUFFIXES = [".csv", ".tsv", ".parquet", ".jsonl"]
CLUSTERS = pd.DataFrame({"record_id": ["007", "NA", 'x,\n"y"'], "cluster_id": ["1", "1", "é"]})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_ids_come_back_as_text(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"clusters{suffix}"
    write_table(CLUSTERS.set_index(pd.Index([5, 6, 7])), path)
    table = read_table(path)
    assert table.to_dict("list") == CLUSTERS.to_dict("list")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_numbers_and_missing_values(tmp_path: Path, suffix: str) -> None:
    pairs = pd.DataFrame(
        {"left_id": [1, 2], "right_id": ["3", None], "probability": [0.1 + 0.2, None]}
    )
    write_table(pairs, tmp_path / f"pairs{suffix}")
    table = read_table(tmp_path / f"pairs{suffix}")
    assert table["left_id"].tolist() == ["1", "2"]
    assert table["right_id"].tolist() == ["3", None]
    assert table["probability"].iloc[0] == 0.1 + 0.2
    assert table["probability"].isna().tolist() == [False, True]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_canonical_records_survive(tmp_path: Path, suffix: str) -> None:
    raw: dict[str, list[Any]] = {
        "record_id": ["a", "b"],
        "title": ["T", 'U, "v"'],
        "authors": [[{"name": "Levy, NA", "given": "NA", "family": "Levy"}], None],
        "authors_truncated": [True, False],
        "ids": [{"arxiv": "1706.00001"}, {}],
        "references": [["One, 2001", "Two; 2002"], None],
        "year": [2001, None],
        "source": ["s", "s"],
        "mixed": [1, "one"],
    }
    records = conform(pd.DataFrame(raw))
    path = tmp_path / f"records{suffix}"
    write_table(records, path)
    again = read_records(path)
    for column in records.columns.drop("mixed"):
        assert str(records[column].tolist()) == str(again[column].tolist()), column
    assert [str(cell) for cell in again["mixed"]] == ["1", "one"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_nothing_is_left_after_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("the old file")

    def fail(frame: pd.DataFrame, stream: Any) -> None:
        stream.write(b"half a fi")
        raise error

    monkeypatch.setitem(writers._WRITERS, ".csv", fail)
    with pytest.raises(InputError if error is OSError else error):
        write_table(CLUSTERS, path)
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
    assert path.read_text() == "the old file"


def test_outputs_that_can_not_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'\.xlsx', expected one of \.csv, \.tsv, \.parquet"):
        write_table(CLUSTERS, tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="no suffix"):
        write_table(CLUSTERS, tmp_path / "x")
    with pytest.raises(InputError, match=r"folder .* does not exist"):
        write_table(CLUSTERS, tmp_path / "nowhere" / "x.csv")
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(InputError, match=r"taken\.csv: is a folder"):
        write_table(CLUSTERS, tmp_path / "taken.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["taken.csv"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b""),
        ("x.csv", b"\xff\xfe\x00\x01"),
        ("x.parquet", b"PAR1"),
        ("x.jsonl", b'{"a": 1}\n{"b'),
        ("x.jsonl", b"[1]\n"),
        ("x.jsonl", b"[" * 100_000),
        ("x.csv", b"record_id,cluster_id\na,1,\n"),
        ("x.tsv", b"record_id\tcluster_id\na\n"),
        ("x.csv", b'record_id,cluster_id\na,"1\n'),
        ("x.csv", b"record_id,record_id\na,1\n"),
    ],
)
def test_damaged_tables_give_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match="not a readable") as caught:
        read_table(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [10, 200_000])
def test_long_cells_come_back(tmp_path: Path, size: int) -> None:
    write_table(CLUSTERS.assign(note="x" * size), tmp_path / "x.csv")
    assert read_table(tmp_path / "x.csv")["note"].tolist() == ["x" * size] * 3


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
def test_half_a_character_is_spelled_out(tmp_path: Path, suffix: str) -> None:
    half = pd.Series("\ud800", CLUSTERS.index, dtype=object)
    write_table(CLUSTERS.assign(cluster_id=half), tmp_path / f"x{suffix}")
    assert set(read_table(tmp_path / f"x{suffix}")["cluster_id"]) == {"\\ud800"}


def test_missing_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_table(tmp_path / "x.csv")


FORMULAS = ['=HYPERLINK("http://example.org")', "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula_for_spreadsheets(tmp_path, suffix, formula):
    table = pd.DataFrame({"left_id": [formula], "note": [formula], "n": [-1.5], "none": [None]})
    write_table(table, tmp_path / f"x{suffix}", spreadsheet=True)
    text = (tmp_path / f"x{suffix}").read_bytes().decode()
    assert "'" + formula[:1] in text
    again = read_table(tmp_path / f"x{suffix}")
    assert again["left_id"].tolist() == [formula.strip()]
    assert again["n"].tolist() == [-1.5]


@pytest.mark.parametrize(
    "cell", ["a\rb", "a\x0bb", "a\x85b", "a\u2028b", 'a"b', "a\nb", "a,b", "\ud800"]
)
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
def test_line_ends_of_any_program_in_a_cell_come_back(tmp_path, suffix, cell):
    table = pd.DataFrame({"record_id": ["x", "y"], "name": [cell, "z"]}, dtype=object)
    write_table(table, tmp_path / f"x{suffix}")
    again = read_table(tmp_path / f"x{suffix}")
    assert again["record_id"].tolist() == ["x", "y"]
    assert again["name"].tolist() == [
        "\\ud800" if cell == "\ud800" and "l" not in suffix else cell,
        "z",
    ]


def test_whole_numbers_beside_missing_ones_stay_whole_for_spreadsheets(tmp_path):
    table = pd.DataFrame({"same": [1, 0, None], "title": ["=1", "Moss", None]}, dtype=object)
    write_table(table, tmp_path / "t.csv", spreadsheet=True)
    assert (tmp_path / "t.csv").read_text("utf-8-sig") == "same,title\n1,'=1\n0,Moss\n,\n"
