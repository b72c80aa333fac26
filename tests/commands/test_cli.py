"""The command line, run as a user runs it: files, columns, exit codes, what is printed where."""

import json
import os
import random
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from linkage import read_table
from linkage.models import load_model
from tests.helpers.command_line import DATA, GOLD_CLUSTERS, LIBRARY, run, start
from tests.helpers.records import FAMILY, GIVEN, library, second_copy
from tests.helpers.toolkit import toolkit
from tests.helpers.trees import few_trees

PAIRS, GOLD_PAIRS = DATA / "pairs.csv", DATA / "gold_pairs.csv"
IDS = "a1 a2 b1 b2 c1 c2 d1 e1 f1 g1".split()
TOGETHER = [{"a1", "a2"}, {"b1", "b2"}]  # the groups of two


def groups(clusters):
    """Clusters of two or more, as sets of record ids."""
    members = clusters.groupby("cluster_id")["record_id"].agg(set)
    return sorted((ids for ids in members if len(ids) > 1), key=min)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def papers_run(out):
    files = ["-o", out / "papers.csv", "--pairs", out / "pairs.csv", "--report", out / "p.html"]
    return start("papers", LIBRARY, *files)


@pytest.fixture(scope="module")
def authors_run(out):
    return run("authors", LIBRARY, "-o", out / "authors.csv", "--report", out / "a.html")


def test_papers_writes_one_row_a_record_in_input_order(papers_run, out):
    header, *rows = (out / "papers.csv").read_text().splitlines()
    assert header == "record_id,cluster_id"
    assert [row.split(",")[0] for row in rows] == IDS
    assert groups(read_table(out / "papers.csv")) == TOGETHER
    assert papers_run.stdout == ""
    assert papers_run.stderr.splitlines() == [
        f"10 records, 8 papers, 2 duplicates: {out / 'papers.csv'}"
    ]


def test_papers_writes_the_compared_pairs(papers_run, out):
    pairs = read_table(out / "pairs.csv")
    assert list(pairs.columns)[:3] == ["left_id", "right_id", "probability"]
    sure = pairs[pairs["probability"] > 0.5]
    assert sorted(map(sorted, sure[["left_id", "right_id"]].to_numpy())) == [*map(sorted, TOGETHER)]


@pytest.mark.parametrize(
    ("name", "told"),
    [("p.html", ["Duplicate papers", "10.5555/nowhere.peat"]), ("a.html", ["Abendroth, A."])],
)
def test_reports_are_one_html_file(papers_run, authors_run, out, name, told):
    page = (out / name).read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert page.count("<script") == 1  # the report's own
    assert all(text in page for text in told)


def test_authors_writes_one_row_a_mention(authors_run, out):
    mentions = read_table(out / "authors.csv")
    assert list(mentions.columns) == ["record_id", "position", "name", "author_id", "probability"]
    source = pd.read_csv(LIBRARY)
    listed = source["authors"].str.count(";") + 1
    assert mentions["record_id"].tolist() == source["record_id"].repeat(listed).tolist()
    assert mentions["position"].tolist() == [k for n in listed for k in range(n)]
    assert mentions.loc[3:5, "name"].tolist() == [
        "Abendroth, A.",
        "Brzezicki, B.",
        "Castellanos, C.",
    ]
    ana = mentions[mentions["name"].str.contains("Abendroth")]
    assert ana["record_id"].tolist() == ["a1", "a2", "e1", "f1"]
    assert ana["author_id"].nunique() == 1
    assert authors_run.stdout == ""


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".tsv"])
def test_every_format_holds_the_same_rows(papers_run, out, suffix):
    run("papers", LIBRARY, "-o", out / f"again{suffix}")
    again, csv = read_table(out / f"again{suffix}"), read_table(out / "papers.csv")
    assert_frame_equal(again, csv, check_dtype=False)


def test_author_mentions_in_parquet(authors_run, out):
    run("authors", LIBRARY, "-o", out / "authors.parquet")
    parquet, csv = read_table(out / "authors.parquet"), read_table(out / "authors.csv")
    assert parquet["position"].dtype == np.int64
    assert_frame_equal(parquet, csv, check_dtype=False)


def test_shuffled_rows_change_no_cluster(papers_run, authors_run, out):
    rows = pd.read_csv(LIBRARY, dtype=str).sample(frac=1, random_state=3)
    shuffled = out / "shuffled.jsonl"
    rows.to_json(shuffled, orient="records", lines=True)
    run("papers", shuffled, "-o", out / "papers2.csv")
    run("authors", shuffled, "-o", out / "authors2.csv")
    papers = read_table(out / "papers2.csv")
    assert papers["record_id"].tolist() == rows["record_id"].tolist()
    assert_frame_equal(
        papers.sort_values("record_id", ignore_index=True), read_table(out / "papers.csv")
    )
    mentions = read_table(out / "authors2.csv").sort_values(["record_id", "position"])
    assert_frame_equal(mentions.reset_index(drop=True), read_table(out / "authors.csv"))


def test_several_inputs_and_folders(out):
    folder = out / "folder"
    folder.mkdir()
    rows = pd.read_csv(LIBRARY, dtype=str)
    rows[::2].to_csv(folder / "even.csv", index=False)
    rows[1::2].to_json(folder / "odd.jsonl", orient="records", lines=True)
    run("papers", folder / "odd.jsonl", folder / "even.csv", "-o", out / "two.csv")
    two = read_table(out / "two.csv")
    assert two["record_id"].tolist() == IDS[1::2] + IDS[::2]
    assert groups(two) == TOGETHER
    run("papers", folder, "-o", out / "one.csv")
    assert read_table(out / "one.csv")["record_id"].tolist() == IDS[::2] + IDS[1::2]


def test_threshold_and_models(papers_run, out):
    run("papers", LIBRARY, "-o", out / "strict.csv", "--threshold", "1")
    assert groups(read_table(out / "strict.csv")) == []
    copy = out / "copy.json"
    copy.write_text(load_model("papers_publication").to_json(), encoding="utf-8")
    run("papers", LIBRARY, "-o", out / "by_file.csv", "--model", copy)
    assert (out / "by_file.csv").read_bytes() == (out / "papers.csv").read_bytes()


def test_ecm_links_without_a_word_of_the_libraries_own_logs(out):
    toolkit()
    done = start("papers", LIBRARY, "-o", out / "ecm.csv", "--model", "ecm")
    assert groups(read_table(out / "ecm.csv")) == TOGETHER
    assert len(done.stderr.splitlines()) == 1


def test_the_review_list_goes_beside_the_clusters(papers_run, out):
    run("papers", LIBRARY, "-o", out / "with_review.csv", "--review", out / "review.csv")
    assert (out / "with_review.csv").read_bytes() == (out / "papers.csv").read_bytes()
    review = read_table(out / "review.csv")
    assert list(review.columns)[:5] == ["left_id", "right_id", "same", "probability", "decision"]


def test_compare_adds_a_probability_and_keeps_the_rest(papers_run, out):
    run("compare", LIBRARY, PAIRS, "-o", out / "scored.csv")
    scored, given = read_table(out / "scored.csv"), read_table(PAIRS)
    assert list(scored.columns) == ["left_id", "right_id", "note", "probability"]
    assert_frame_equal(scored[given.columns], given)
    assert (scored["probability"] > 0.5).tolist() == [True, False, True, False]
    assert scored["probability"].between(0, 1).all()
    pairs = read_table(out / "pairs.csv")
    both = pairs["left_id"].isin(["a1", "a2"]) & pairs["right_id"].isin(["a1", "a2"])
    assert scored["probability"][0] == pairs["probability"][both].item()  # the same with blocking


def test_evaluate_prints_pure_json(papers_run, out):
    done = start("evaluate", out / "papers.csv", GOLD_CLUSTERS, "--json")
    scores = json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert scores["pairwise_f1"] == 1
    assert (scores["n_records"], scores["n_true_pairs"]) == (10, 2)
    assert len(scores["intervals"]["b_cubed_f1"]) == 2
    assert done.stderr == ""


def test_evaluate_against_pairs_with_a_report(papers_run, out):
    wrong = out / "all_apart.csv"
    pd.DataFrame({"record_id": IDS, "cluster_id": IDS}).to_csv(wrong, index=False)
    done = run("evaluate", wrong, GOLD_PAIRS, "--json", "--report", out / "e.html")
    scores = json.loads(done.stdout)
    assert scores["pairwise_recall"] == 0
    assert scores["b_cubed_f1"] is None  # pairs say nothing of clusters
    assert "Missed" in (out / "e.html").read_text(encoding="utf-8")


def test_evaluate_against_labelled_pairs_prints_what_they_define(papers_run, out):
    gold = out / "labelled.csv"
    gold.write_text("left_id,right_id,label\na1,a2,1\na1,b1,0\n", encoding="utf-8")
    printed = run("evaluate", out / "papers.csv", gold).stdout
    assert "pairwise" in printed
    assert "1.0000" in printed
    assert "b-cubed" not in printed
    assert "nan" not in printed


def test_evaluate_mentions_prints_a_table(authors_run, out):
    done = run("evaluate", out / "authors.csv", out / "authors.csv")
    for measure in ("pairwise", "b-cubed", "cluster"):
        (line,) = [line for line in done.stdout.splitlines() if f" {measure} " in line]
        assert line.count("1.0000") == 5


def test_demo_prints_scores_and_writes_a_report(out):
    done = run("demo", "--report", out / "demo.html")
    assert done.stdout.count("b-cubed") == 2
    assert "Hard pairs" in done.stdout
    page = (out / "demo.html").read_text(encoding="utf-8")
    assert "Four author pages" in page
    assert page.rstrip().endswith("</html>")


@pytest.fixture(scope="module")
def labelled(out):
    """A folder of 80 labelled records: 40 papers, each twice."""
    folder = out / "labelled"
    folder.mkdir()
    originals = library(40)
    records = pd.DataFrame([*originals, *map(second_copy, originals)])
    records.to_json(folder / "records.jsonl", orient="records", lines=True)
    entity = records["record_id"].str.removesuffix("-copy")
    gold = pd.DataFrame({"record_id": records["record_id"], "cluster_id": entity})
    gold.to_csv(folder / "gold.csv", index=False)
    return folder


def test_a_trained_paper_model_is_reproducible_and_links(labelled, out):
    for name in ("one.json", "two.json"):
        with few_trees():
            run("train", "papers", labelled, "-o", out / name)
    assert (out / "one.json").read_bytes() == (out / "two.json").read_bytes()
    records = labelled / "records.jsonl"
    run("papers", records, "-o", out / "linked.csv", "--model", out / "one.json")
    scores = json.loads(run("evaluate", out / "linked.csv", labelled / "gold.csv", "--json").stdout)
    assert scores["pairwise_f1"] > 0.9


@pytest.fixture(scope="module")
def labelled_people(out):
    """A labelled author folder: 60 papers, half with initials only, some names of two people."""
    folder, draw = out / "people", random.Random(5)
    folder.mkdir()
    papers, mentions = [], []
    for number in range(60):
        people = draw.sample(range(len(FAMILY)), 3)
        given = [GIVEN[p % len(GIVEN)] for p in people]
        short = number % 2
        names = [
            f"{first[0] + '.' if short else first} {FAMILY[p]}"
            for first, p in zip(given, people, strict=True)
        ]
        paper = f"q{number}"
        papers.append({"paper_id": paper, "title": f"Study {number} of moss", "authors": names})
        mentions += [
            {"mention_id": f"{paper}-{k}", "paper_id": paper, "position": k, "name": name}
            | {"author_id": f"{FAMILY[p]}-{number // 30 if p < 6 else 0}"}
            for k, (name, p) in enumerate(zip(names, people, strict=True))
        ]
    pd.DataFrame(papers).to_parquet(folder / "papers.parquet")
    pd.DataFrame(mentions).to_parquet(folder / "mentions.parquet")
    return folder


def test_a_trained_author_model_links(labelled_people, out):
    with few_trees():
        run("train", "authors", labelled_people, "-o", out / "people.json")
    run("authors", LIBRARY, "-o", out / "by_people.csv", "--model", out / "people.json")
    assert len(read_table(out / "by_people.csv")) == 22


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--help"], ["papers", "authors", "compare", "evaluate", "train", "demo"]),
        (["papers", "--help"], ["--output", "--pairs", "--report", "--model", "--threshold"]),
        (["train", "--help"], ["papers|authors", "--output"]),
    ],
)
def test_help(words, told):
    printed = run(*words).stdout
    assert all(word in printed for word in told)


@pytest.mark.parametrize(
    "words",
    [
        ["papers", LIBRARY],
        ["papers", LIBRARY, "-o", "x.csv", "--no-such-option"],
        ["papers", LIBRARY, "-o", "x.csv", "--threshold", "1.5"],
        ["train", "venues", DATA, "-o", "x.json"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_exit_2(words):
    done = run(*words, code=2)
    assert done.stdout == ""
    assert "Usage:" in done.stderr


DRIVER = """
import logging, os, signal, sys, tempfile
import pandas
from linkage.papers import batches
from linkage.cli import main
from linkage.engines.duckdb_engine import DuckDB

def interrupt(*_):
    os.kill(os.getpid(), signal.SIGINT)

class Interrupting(logging.Handler):
    def emit(self, record):
        if record.getMessage() == {"working": "clustering", "reading": "reading 4 records"}[when]:
            interrupt()

def half_written(frame, stream, **_):
    stream.write(b"record_id,clus")
    stream.flush()
    print(os.listdir(sys.argv[-1].rpartition("/")[0]))
    interrupt()

def joining(*_):
    print(os.listdir(tempfile.gettempdir()))
    interrupt()
    return iter(())

when = sys.argv.pop(1)
if when in ("working", "reading"):
    logging.getLogger("linkage").addHandler(Interrupting())
    batches.RECORDS = 2
elif when == "joining":
    DuckDB._pairs = joining
else:
    pandas.DataFrame.to_csv = half_written
main()
"""


@pytest.mark.parametrize("when", ["reading", "working", "joining", "writing"])
def test_an_interrupted_run_leaves_nothing_behind(tmp_path, when):
    out, temporary = tmp_path / "out", tmp_path / "temporary"
    out.mkdir()
    temporary.mkdir()
    limit = ["--memory-limit", "500MB"] if when == "joining" else []  # else nothing goes to disk
    words = ["papers", str(LIBRARY), "--jobs", "2", *limit, "-o", str(out / "clusters.csv")]
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, when, *words],
        capture_output=True,
        env=os.environ | {"TMPDIR": str(temporary)},
        text=True,
        timeout=120,
    )
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert done.stdout.count(".tmp") == (when == "writing")  # the half-written file was there
    assert done.stdout.count("'linkage-") == (when == "joining")  # and the folder of the join
    assert list(out.iterdir()) == list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("limit", "told"),
    [("much", "found the memory limit 'much', expected one such as '500MB'"),
     ("1KB", "found the memory limit 1KB, which is too little to join")],
)  # fmt: skip
def test_a_memory_limit_that_is_none_is_one_sentence(out, limit, told):
    done = run("papers", LIBRARY, "-o", out / "none.csv", "--memory-limit", limit, code=1)
    assert done.stderr.strip().splitlines()[-1].startswith(f"linkage: {told}")
    assert not (out / "none.csv").exists()
