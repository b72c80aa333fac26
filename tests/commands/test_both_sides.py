"""What the commands do for records, they do for author mentions, too."""

import pandas as pd
import pytest

from linkage import read_table
from tests.helpers.command_line import LIBRARY, run


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """A folder with the mentions of the library and every compared pair."""
    folder = tmp_path_factory.mktemp("linked")
    run("authors", LIBRARY, "-o", folder / "mentions.csv", "--pairs", folder / "pairs.csv")
    return folder


def test_authors_writes_the_compared_pairs(linked):
    pairs = read_table(linked / "pairs.csv")
    assert list(pairs.columns) == ["left_id", "right_id", "probability"]
    assert pairs["probability"].between(0, 1).all()
    assert pairs["left_id"].str.fullmatch(r"\w+#\d+").all()


def test_a_higher_threshold_leaves_more_people(linked):
    run("authors", LIBRARY, "-o", linked / "strict.csv", "--threshold", "1")
    people = [read_table(linked / f"{name}.csv")["author_id"] for name in ("strict", "mentions")]
    assert people[0].nunique() > people[1].nunique()


def test_compare_scores_mentions_as_linking_does(linked):
    run("compare", LIBRARY, linked / "pairs.csv", "-o", linked / "scored.csv")
    given, scored = read_table(linked / "pairs.csv"), read_table(linked / "scored.csv")
    assert scored["probability"].to_numpy() == pytest.approx(given["probability"].to_numpy())


def test_compare_names_a_mention_that_is_not_there(linked):
    odd = linked / "odd.csv"
    pd.DataFrame({"left_id": ["a1#0"], "right_id": ["a1#99"]}).to_csv(odd, index=False)
    assert "'a1#99'" in run("compare", LIBRARY, odd, "-o", linked / "x.csv", code=1).stderr


def test_sample_draws_mentions_with_their_names_and_papers(linked):
    words = [linked / "mentions.csv", LIBRARY, "--pairs", linked / "pairs.csv", "-n", "20"]
    run("sample", *words, "-o", linked / "sheet.csv")
    sheet = read_table(linked / "sheet.csv")
    assert len(sheet)
    assert {"left_name", "right_name", "left_title"} <= set(sheet.columns)
    sheet.assign(same=1).to_csv(linked / "labelled.csv", index=False)
    assert "precision" in run("evaluate", "--sample", linked / "labelled.csv").stdout.lower()


def test_explain_reads_several_files(tmp_path):
    table = read_table(LIBRARY)
    table.iloc[:1].to_csv(tmp_path / "one.csv", index=False)
    table.iloc[1:].to_csv(tmp_path / "rest.csv", index=False)
    left, right = table["record_id"].iloc[[0, 1]]
    done = run("explain", tmp_path / "one.csv", tmp_path / "rest.csv", left, right)
    assert f"{left} and {right}: " in done.stdout
