"""`linkage link` and `linkage papers --relations`, run as a user runs them."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.helpers.command_line import run

ROWS = """record_id,title,authors,year
a,Growth of moss on stones in the shade of spruce,Ana Bell; Ben Cole,2010
b,Growth of moss on stones in the shade of spruce,"Bell, A.; Cole, B.",2010
c,Correction to: Growth of moss on stones in the shade of spruce,Ana Bell; Ben Cole,2011
"""


@pytest.fixture
def library(tmp_path):
    path = tmp_path / "library.csv"
    path.write_text(ROWS)
    return path


def test_papers_and_people_go_into_a_new_folder(library, tmp_path):
    folder = tmp_path / "new" / "both"
    done = run("link", library, "-o", folder)
    papers = pd.read_csv(folder / "papers.csv", index_col="record_id")
    people = pd.read_csv(folder / "people.csv")
    assert papers.loc["a", "cluster_id"] == papers.loc["b", "cluster_id"]
    assert people["record_id"].tolist() == ["a", "a", "b", "b", "c", "c"]
    assert people["author_id"].nunique() == 2
    assert "3 records, 2 papers, 6 mentions, 2 persons" in done.stderr


def test_nothing_is_made_for_an_input_that_is_not_there(tmp_path):
    done = run("link", tmp_path / "nothing.csv", "-o", tmp_path / "both", code=1)
    assert "no such file" in done.stderr
    assert not (tmp_path / "both").exists()


def test_a_file_is_no_folder(library, tmp_path):
    (tmp_path / "both").write_text("kept")
    done = run("link", library, "-o", tmp_path / "both", code=1)
    assert "found a file, expected a folder" in done.stderr
    assert (tmp_path / "both").read_text() == "kept"


def test_what_is_read_is_not_written(tmp_path):
    path = tmp_path / "papers.csv"
    path.write_text(ROWS)
    assert "which is read" in run("link", tmp_path, "-o", tmp_path, code=1).stderr
    assert path.read_text() == ROWS


def test_relations_are_written(library, tmp_path):
    run("papers", library, "-o", tmp_path / "c.csv", "--relations", tmp_path / "r.csv")
    found = pd.read_csv(tmp_path / "r.csv")
    assert list(found.columns) == ["left_id", "right_id", "relation", "probability", "reason"]
    assert set(found["relation"]) == {"corrects"}
    assert set(found["left_id"]) == {"c"}


@pytest.mark.parametrize("command", ["papers", "authors", "link"])
def test_titles_go_with_ids_if_asked_for(command, tmp_path):
    library, output = tmp_path / "library.csv", tmp_path / "found.csv"
    library.write_text(ROWS + "d,=2+3 moss,Ana Bell,2012\ne,,Ana Bell,2013\n")
    run(command, library, "--titles", "-o", tmp_path if command == "link" else output)
    tables = [tmp_path / "papers.csv", tmp_path / "people.csv"] if command == "link" else [output]
    for path in tables:
        found = pd.read_csv(path).drop_duplicates("record_id").set_index("record_id")["title"]
        assert found["c"].startswith("Correction to: Growth of moss")
        assert found["d"] == "'=2+3 moss"  # no spreadsheet program runs it
        assert pd.isna(found["e"])


def test_a_table_with_titles_goes_back_in(library, tmp_path):
    run("papers", library, "--titles", "-o", tmp_path / "c.csv")
    run("merge", tmp_path / "c.csv", library, "-o", tmp_path / "clean.csv")
    assert len(pd.read_csv(tmp_path / "clean.csv")) == 2
