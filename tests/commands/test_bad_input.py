"""What users get wrong: one clear sentence and no output, or a report and all other records."""

import gzip
import json
import shutil

import pandas as pd
import pytest

from linkage import read_table
from linkage.models import load_model
from tests.helpers.command_line import GOLD_CLUSTERS, LIBRARY, run, start

GOOD = (
    "record_id,title,authors,year\n"
    "x1,Moss in Estonia,Ana Abendroth,2001\n"
    "x2,Moss in Estonia,Ana Abendroth,2001\n"
)
ENTRY = "@article{a, title={Moss in Estonia}, author={Abendroth, Ana}, year=2001}\n"
LAST = "@article{c, title={Kelp near Tasmania}, author={Castellanos, Chiara}, year=2003}\n"
MANY = "; ".join(
    f"{a}{b}{c} Quintero" for a in "ABCDEFGHIJ" for b in "aeiouyrlnm" for c in "bcdfghklmn"
)


def refused(done, folder, *told):
    """The run ended with one sentence that tells all this, and wrote nothing."""
    (line,) = done.stderr.splitlines()
    assert line.startswith("linkage: ")
    assert all(text in line for text in told), line
    assert done.stdout == ""
    assert not (folder / "out.csv").exists()


def put(folder, name, content):
    """A file of that content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


UNUSABLE = {
    "empty file": ("empty.csv", "", ["the file is empty", "expected records"]),
    "binary file": ("binary.bib", bytes(range(256)) * 4, ["a binary file", "BibTeX", "RIS"]),
    "wrong columns": ("wrong.csv", "name,value\nfoo,1\n", ["no title column", "'name', 'value'"]),
    "missing file": ("missing.csv", None, ["no such file"]),
}


@pytest.mark.parametrize(("name", "content", "told"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, name, content, told):
    path = tmp_path / name if content is None else put(tmp_path, name, content)
    command = start if name == "empty.csv" else run
    refused(command("papers", path, "-o", tmp_path / "out.csv", code=1), tmp_path, name, *told)
    refused(run("authors", path, "-o", tmp_path / "out.csv", code=1), tmp_path, name, *told)


# name: (file, its content, what stderr tells, the records left, their author mentions)
REPORTED = {
    "broken BibTeX entry": (
        "broken.bib",
        ENTRY + "@article{b, title = {Fern in Galicia, author = {Brzezicki, Boris}\n\n" + LAST,
        ["line 2, column 21", "no closing }", "set aside"],
        ["a", "c"],
        ["Abendroth, Ana", "Castellanos, Chiara"],
    ),
    "null authors": (
        "null.jsonl",
        '{"title": "Moss", "authors": ["Ana Abendroth", null]}\n'
        '{"title": "Kelp", "authors": null}\n{"title": "Fern", "authors": [null]}\n'
        '{"title": "Peat", "authors": ["Boris Brzezicki"]}\n',
        ["line 1", "line 3", "null among the authors"],
        ["null:1", "null:2", "null:3", "null:4"],
        ["Ana Abendroth", "Boris Brzezicki"],
    ),
    "absurd years": (
        "years.csv",
        GOOD + "x3,Fern in Galicia,Boris Brzezicki,20244\nx4,Peat bogs,Lars Lindqvist,-5\n",
        ["line 4", "'20244'", "line 5", "'-5'", "expected a year"],
        ["x1", "x2", "x3", "x4"],
        ["Ana Abendroth", "Ana Abendroth", "Boris Brzezicki", "Lars Lindqvist"],
    ),
    "1,000-author paper": (
        "crowd.csv",
        GOOD + f'x3,The mass of moss,"{MANY}",2010\n',
        [],
        ["x1", "x2", "x3"],
        ["Ana Abendroth", "Ana Abendroth", *MANY.split("; ")],
    ),
    "mixed encodings": (
        "mixed.csv",
        "title,authors\nÖtzi’s moss,Ana Abendroth\n".encode()
        + "Käfer in Galicia,Jörg Müller\n".encode("latin-1"),
        ["line 3", "not UTF-8", "Windows-1252", "Käfer"],
        ["mixed:1", "mixed:2"],
        ["Ana Abendroth", "Jörg Müller"],
    ),
    "duplicate BibTeX keys": (
        "twice.bib",
        ENTRY + LAST.replace("{c,", "{a,"),
        ["line 2", "'a'", "twice.bib:a"],
        ["a", "twice.bib:a"],
        ["Abendroth, Ana", "Castellanos, Chiara"],
    ),
    "rows of other lengths": (
        "ragged.csv",
        GOOD + "x3,Fern\nx4,Peat,Lars Lindqvist,2001,more,fields\n",
        ["line 4", "2 fields", "line 5", "6 fields", "expected 4", "set aside"],
        ["x1", "x2"],
        ["Ana Abendroth", "Ana Abendroth"],
    ),
    "damaged JSON line": (
        "damaged.jsonl",
        '{"title": "Moss"}\n{"title": "Fern"\n{"title": "Kelp", "authors": "Ana Abendroth"}\n',
        ["line 2", "complete JSON object", "set aside"],
        ["damaged:1", "damaged:2"],
        ["Ana Abendroth"],
    ),
    "UTF-16": ("wide.csv", GOOD.encode("utf-16"), [], ["x1", "x2"], ["Ana Abendroth"] * 2),
    "gzip": ("pack.csv.gz", gzip.compress(GOOD.encode()), [], ["x1", "x2"], ["Ana Abendroth"] * 2),
}
STARTED = ("broken BibTeX entry", "mixed encodings")  # in a process of their own


@pytest.mark.parametrize(
    ("command", "name", "content", "told", "records", "names"),
    [(start if name in STARTED else run, *case) for name, case in REPORTED.items()],
    ids=REPORTED,
)
def test_what_cannot_be_used_is_reported_and_the_rest_linked(
    tmp_path, command, name, content, told, records, names
):
    path, output = put(tmp_path, name, content), tmp_path / "out.csv"
    done = command("papers", path, "-o", output)
    assert read_table(output)["record_id"].tolist() == records
    *reports, last = done.stderr.splitlines()
    assert last.startswith(f"{len(records):,} record")
    assert bool(reports) == bool(told)
    assert all(line.startswith(f"linkage: {name}: ") for line in reports)
    assert all(any(text in line for line in reports) for text in told), reports
    run("authors", path, "-o", output)
    assert read_table(output)["name"].tolist() == names


def test_all_problems_are_written_as_a_table(tmp_path):
    rows = "".join(f"Moss {n},Ana Abendroth,{30000 + n}\n" for n in range(50))
    path = put(tmp_path, "many.csv", "title,authors,year\n" + rows)
    for name in ("authors", "papers"):
        told = tmp_path / f"{name}.csv"
        run(name, path, "-o", tmp_path / "out.csv", "--problems", told)
        problems = read_table(told)
        assert problems["where"].tolist() == [f"line {n}" for n in range(2, 52)]
        assert problems["source"].unique().tolist() == ["many.csv"]
        assert problems["found"].iloc[49] == "the year '30049'"
        assert problems["fate"].unique().tolist() == ["record kept"]
    merged = run("merge", tmp_path / "out.csv", path, "-o", tmp_path / "m.csv", "--problems", told)
    assert len(read_table(told)) == 50, merged


def test_the_encoding_can_be_said(tmp_path):
    path = put(tmp_path, "x.csv", "title,authors\nMoss,Łuś Kowal\n".encode("iso8859_2"))
    run("authors", path, "-o", tmp_path / "out.csv", "--encoding", "iso8859_2")
    assert read_table(tmp_path / "out.csv")["name"].tolist() == ["Łuś Kowal"]
    (tmp_path / "out.csv").unlink()
    done = run("papers", path, "-o", tmp_path / "out.csv", "--encoding", "nope", code=1)
    refused(done, tmp_path, "found the encoding 'nope', expected one such as utf-8")


def test_columns_can_be_named(tmp_path):
    path = put(tmp_path, "x.csv", "Heading,Who\nMoss,Ana Abendroth\n")
    output = tmp_path / "out.csv"
    for command in ("authors", "papers"):
        run(command, path, "-o", output, "--columns", "Heading=title,Who = authors")
    run("authors", path, "-o", output, "--columns", "Heading=title,Who=authors")
    assert read_table(output)["name"].tolist() == ["Ana Abendroth"]
    output.unlink()
    for said, told in [
        ("Heading=titel", "mapped to 'titel'"),
        ("Title=title", "x.csv: found no column 'Title' among 'Heading', 'Who'"),
    ]:
        done = run("papers", path, "-o", output, "--columns", said, code=1)
        refused(done, tmp_path, told)
    done = run("papers", path, "-o", output, "--columns", "Heading", code=2)
    assert "found 'Heading', expected" in " ".join(done.stderr.split())


def test_many_problems_are_counted(tmp_path):
    rows = "".join(f"Moss {n},{30000 + n}\n" for n in range(50))
    path = put(tmp_path, "many.csv", "title,year\n" + rows)
    done = run("papers", path, "-o", tmp_path / "out.csv")
    lines = done.stderr.splitlines()
    assert len(lines) == 12
    assert lines[10].startswith("linkage: ... and 40 more; 50 problems: 50 × record kept")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("header.csv", "record_id,title,authors\n", "found no record"),
        ("image.png", b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        ("cut.csv.gz", gzip.compress(GOOD.encode() * 50)[:-20], "can't be read"),
        ("page.txt", "Some notes about moss.\n", "no known format"),
    ],
)
def test_more_files_that_are_refused(tmp_path, name, content, told):
    path = put(tmp_path, name, content)
    refused(run("papers", path, "-o", tmp_path / "out.csv", code=1), tmp_path, name, told)


def test_a_folder_without_records_is_refused(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    for _ in range(2):  # empty, then with a file that is none of ours
        done = run("papers", folder, "-o", tmp_path / "out.csv", code=1)
        refused(done, tmp_path, str(folder), "no file that can be read")
        put(folder, "notes.txt", "Some notes about moss.\n")


def test_ids_that_two_files_share_are_renamed_and_told(tmp_path):
    one, two = put(tmp_path, "one.csv", GOOD), put(tmp_path, "two.csv", GOOD)
    done = run("papers", one, two, "-o", tmp_path / "out.csv")
    assert "'two.csv:x1'" in done.stderr
    assert set(read_table(tmp_path / "out.csv")["record_id"]) == {
        "x1",
        "x2",
        "two.csv:x1",
        "two.csv:x2",
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("record_id,cluster_id\na1,x\nzz,x\n", "'zz'"),
        ("left_id,right_id\na1,zz\n", "'zz'"),
        ("left_id,right_id,label\na1,a2,1\na2,a1,0\n", "both as the same and as different"),
        ("left_id,right_id,label\na1,a2,maybe\n", "'maybe'"),
        ("record_id,cluster_id\na1,x\na1,y\n", "'a1' more than once"),
        ("record_id,cluster_id\n", "no labelled id"),
        ("record_id,title\na1,Moss\n", "expected record_id,cluster_id"),
        ("", "not a readable .csv file"),
        (bytes(range(256)), "not a readable .csv file"),
    ],
)
def test_a_gold_standard_that_is_none(tmp_path, content, told):
    gold = put(tmp_path, "gold.csv", content)
    refused(run("evaluate", GOLD_CLUSTERS, gold, "--json", code=1), tmp_path, "gold.csv", told)


def test_a_result_without_a_row_cannot_be_scored(tmp_path):
    empty = put(tmp_path, "empty.csv", "record_id,cluster_id\n")
    refused(run("evaluate", empty, GOLD_CLUSTERS, code=1), tmp_path, "'a1'")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b\na1,a2\n", "expected left_id and right_id"),
        ("left_id,right_id\na1,zz\n", "'zz'"),
        ("left_id,right_id\na1,\n", "a missing id"),
    ],
)
def test_pairs_that_cannot_be_compared(tmp_path, content, told):
    pairs = put(tmp_path, "pairs.csv", content)
    done = run("compare", LIBRARY, pairs, "-o", tmp_path / "out.csv", code=1)
    refused(done, tmp_path, "pairs.csv", told)


def test_no_pair_is_no_error(tmp_path):
    pairs = put(tmp_path, "pairs.csv", "left_id,right_id\n")
    run("compare", LIBRARY, pairs, "-o", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "left_id,right_id,probability\n"


MODEL = json.loads(load_model("papers_publication").to_json())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("hello", "not a model file"),
        (bytes(range(256)), "not a model file"),
        ("[]", "not a model file"),
        ('{"format": "something else"}', "'something else'"),
        (json.dumps(MODEL | {"threshold": "high"}), "not a model file"),
        (json.dumps({k: v for k, v in MODEL.items() if k != "trees"}), "not a model file"),
    ],
)
def test_a_model_file_that_is_none(tmp_path, content, told):
    model = put(tmp_path, "model.json", content)
    done = run("papers", LIBRARY, "-o", tmp_path / "out.csv", "--model", model, code=1)
    refused(done, tmp_path, "model.json", told)


@pytest.mark.parametrize(
    ("command", "model", "told"),
    [
        ("papers", "no_such", ["no_such", "papers_publication"]),
        ("papers", "authors", ["is for authors", "expected one for papers"]),
        ("authors", "papers_publication", ["is for papers", "expected one for authors"]),
    ],
)
def test_a_model_that_is_not_there_or_for_another_job(tmp_path, command, model, told):
    done = run(command, LIBRARY, "-o", tmp_path / "out.csv", "--model", model, code=1)
    refused(done, tmp_path, *told)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-o", "no/out.csv"], "the folder"),
        (["-o", "out.xlsx"], "the suffix '.xlsx'"),
        (["-o", "out"], "no suffix"),
        (["-o", "out.csv", "--pairs", "pairs.txt"], "the suffix '.txt'"),
        (["-o", "out.csv", "--pairs", "out.csv"], "is named twice"),
        (["-o", "out.csv", "--report", "no/report.html"], "the folder"),
        (["-o", "library.csv"], "is library.csv, which is read"),
    ],
)
def test_where_to_write_is_checked_before_the_work(tmp_path, monkeypatch, options, told):
    monkeypatch.chdir(tmp_path)
    shutil.copy(LIBRARY, tmp_path)
    refused(run("papers", "library.csv", *options, code=1), tmp_path, told)
    assert [path.name for path in tmp_path.iterdir()] == ["library.csv"]
    assert (tmp_path / "library.csv").read_bytes() == LIBRARY.read_bytes()


@pytest.mark.parametrize("what", ["papers", "authors"])
def test_a_training_folder_that_is_not_there(tmp_path, what):
    done = run("train", what, tmp_path / "none", "-o", tmp_path / "out.csv", code=1)
    refused(done, tmp_path, str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("gold.csv", "record_id,cluster_id\na1,x\n", "no true cluster"),
        ("splits/train.csv", "left_id,right_id,label\na1,zz,1\n", "'zz'"),
        ("gold.csv", "name,value\na1,x\n", "gold.csv"),
    ],
)
def test_a_paper_folder_whose_labels_do_not_fit(tmp_path, name, content, told):
    shutil.copy(LIBRARY, tmp_path / "records.csv")
    (tmp_path / "splits").mkdir()
    put(tmp_path, name, content)
    done = run("train", "papers", tmp_path, "-o", tmp_path / "out.csv", code=1)
    refused(done, tmp_path, tmp_path.name, told)


def test_an_author_folder_without_a_labelled_pair(tmp_path):
    papers = {"paper_id": ["p"], "title": ["Moss"], "authors": [["Ana Abendroth"]]}
    mentions = {"mention_id": ["m"], "paper_id": ["p"], "name": ["Ana Abendroth"]}
    pd.DataFrame(papers).to_parquet(tmp_path / "papers.parquet")
    pd.DataFrame(mentions).to_parquet(tmp_path / "mentions.parquet")
    done = run("train", "authors", tmp_path, "-o", tmp_path / "out.csv", code=1)
    refused(done, tmp_path, tmp_path.name, "no labelled pair")
