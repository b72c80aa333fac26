"""Spark gives the clusters of the single machine; what it does not give, it says."""

import json
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.base import clone

from linkage.errors import InputError, LinkageError, SetAsideWarning
from linkage.linking.clustering import components
from linkage.papers.counts import DataCounts, count_data
from linkage.papers.linker import PaperLinker
from linkage.papers.pairs import compare_rows
from linkage.papers.prepare import prepare_papers, read_papers
from linkage.papers.rules import LOOSE_RULES, PAPER_RULES
from linkage.papers.spark.workers import PAIRS, clean_chunk
from linkage.records.order import canonical_order
from linkage.records.schema import conform
from tests.helpers import spark_session
from tests.helpers.command_line import run
from tests.helpers.records import library, paper, second_copy, table

# py4j leaves its sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

HARD = [
    paper("h1", "Editorial", None, year=2001, venue="Annals of Imaginary Geology", doi="10.5555/a"),
    paper("h2", "Editorial", None, year=2002, venue="Annals of Imaginary Geology", doi="10.5555/b"),
    paper(
        "h3", "Éléments de géométrie étale", "Zoë Łukasz", year=1999, ids={"arxiv": "1234.56789"}
    ),
    paper("h4", "Elements de geometrie etale", "Zoe Lukasz", ids={"arxiv": "1234.56789"}),
    paper("h5", None, None),
    paper("h6", "On the naïve “proof” of \U0001d49c", [{"name": "ACM", "group": True}]),
    paper("h7", "Moss, part I", "Ana Abendroth", pages="1-10", volume="3"),
    paper("h8", "Moss, part II", "Ana Abendroth", pages="1-10", volume="3"),
]


def records():
    """Papers with one, two, four or twelve copies, some of which blocking alone does not pair."""
    papers = library(60, seed=11)
    copies = [second_copy(one) for one in papers[:40]]
    many = [papers[0] | {"record_id": f"m{k}", "venue": f"Venue {k % 3}"} for k in range(10)]
    return table(*HARD, *papers, *copies, *many)


def on_spark(level="publication"):
    return PaperLinker(level=level, engine=spark_session.spark())


def crowded_records():
    """More identical records than are compared with each other, and records near to them."""
    one, other = library(2, seed=12)
    crowd = [one | {"record_id": f"c{k}"} for k in range(120)]
    near = [second_copy(one) | {"record_id": f"n{k}", "pages": f"{k}-9"} for k in range(30)]
    # too little said for two of them to be one paper
    bare = [paper(f"b{k}", "Editorial", None) for k in range(90)]
    return table(*HARD, *crowd, *near, *bare, *[other | {"record_id": f"o{k}"} for k in range(21)])


def same_clusters(found, want):
    """Whether a Spark DataFrame has the clusters of a Series."""
    table = found.toPandas().set_index("record_id")["cluster_id"]
    return len(table) == len(want) and table.loc[want.index].tolist() == want.tolist()


def test_both_engines_give_the_same_clusters():
    want = PaperLinker().predict(records())
    assert 2 < want.nunique() < len(want) - 40
    pd.testing.assert_series_equal(on_spark().predict(records()), want)


def test_identical_records_are_one_from_the_start_on_both_engines():
    want = PaperLinker().predict(crowded_records())
    assert want[[f"c{k}" for k in range(120)]].nunique() == 1
    pd.testing.assert_series_equal(on_spark().predict(crowded_records()), want)


def test_how_the_data_are_cut_up_changes_nothing(monkeypatch):
    linker = on_spark("work")
    from linkage.papers.spark import job as spark_papers

    monkeypatch.setattr(spark_papers, "_CHUNK", 7)
    given = conform(records()).sample(frac=1, random_state=3)
    frame = linker.engine.frame(spark_papers.record_table(given)).repartition(5)
    assert same_clusters(linker.predict_frame(frame), PaperLinker(level="work").predict(records()))


def test_parquet_with_usual_column_names(tmp_path):
    spark_session.spark()
    (tmp_path / "in").mkdir()
    renamed = {"record_id": "ID", "title": "Article Title", "venue": "Journal", "doi": "DOI"}
    printed = records().drop(columns="ids").rename(columns=renamed).astype({"year": "Int64"})
    printed["authors"] = [json.dumps(a) if isinstance(a, list) else a for a in printed["authors"]]
    printed.loc[20, "DOI"] = "not a DOI"
    printed["source title"] = None  # also called a venue, but empty
    for k in range(2):
        part = pa.Table.from_pandas(printed.iloc[k::2], preserve_index=False)
        pq.write_table(part, tmp_path / "in" / f"part-{k}.parquet")
    told = run("papers", "--engine", "spark", tmp_path / "in", "-o", tmp_path / "out.parquet")
    alone = run("papers", tmp_path / "in", "-o", tmp_path / "alone.parquet")
    found, want = (
        pd.read_parquet(tmp_path / f"{name}.parquet").set_index("record_id")["cluster_id"]
        for name in ("out", "alone")
    )
    assert found.loc[want.index].tolist() == want.tolist()
    assert "found the DOI 'not a DOI'" in told.stderr
    assert alone.stderr.splitlines()[-1].split(":")[0] in told.stderr
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    again = run(
        "papers", "--engine", "spark", tmp_path / "in", "-o", tmp_path / "out.parquet", code=1
    )
    assert "is there already" in again.stderr


def test_parquet_without_records(tmp_path):
    spark_session.spark()
    nothing = pa.table({"record_id": pa.array([], pa.string()), "title": pa.array([], pa.string())})
    pq.write_table(nothing, tmp_path / "in.parquet")
    told = run("papers", "--engine", "spark", tmp_path / "in.parquet", "-o", tmp_path / "o", code=1)
    assert "in.parquet: found no usable record" in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


@pytest.mark.parametrize("most", [10**6, 0], ids=["on the driver", "on the cluster"])
def test_connected_components(monkeypatch, most):
    spark = spark_session.spark()
    monkeypatch.setattr("linkage.engines.spark_engine._MOST_EDGES", most)
    low, high = np.sort(np.random.default_rng(5).integers(0, 250, (2, 140)), axis=0)
    chain = np.arange(300, 340)
    i, j = np.append(low[low < high], chain), np.append(high[low < high], chain + 1)
    label = components(341, i, j)
    lowest = np.unique(label, return_index=True)[1][label]
    found = spark.components(spark.frame(pa.table({"i": i, "j": j}))).toPandas()
    known = np.unique(np.concatenate([i, j]))
    assert sorted(found["row"]) == known.tolist()
    assert dict(zip(found["row"], found["label"], strict=True)) == dict(
        zip(known, lowest[known], strict=True)
    )
    spark.release()


def test_rows_are_numbered_in_pythons_order_of_texts():
    spark = spark_session.spark()
    texts = ["z", "é", "￮", "\U0001d49c", "", "e\u0301", "Z", "a b", "ab"] * 3
    keys = [[text, str(k)] for k, text in enumerate(texts)]
    frame = spark.frame(pa.table({"key": keys, "at": range(len(keys))})).repartition(4)
    found = spark.numbered(frame, "key").toPandas().sort_values("row")
    assert found["row"].tolist() == list(range(len(keys)))
    assert [keys[at] for at in found["at"]] == sorted(keys)
    spark.release()


def test_a_batch_is_compared_as_in_the_whole_data():
    whole = conform(records())
    whole = whole.iloc[canonical_order(whole)].reset_index(drop=True)
    counts = count_data(read_papers(whole))
    rows = np.flatnonzero(np.arange(len(whole)) % 3 != 1)[::-1]
    spread = {name: getattr(counts, name)[rows] for name in ("owners", "years", "places")}
    told = DataCounts(n=counts.n, words=counts.words, partners=counts.partners, **spread)
    part = prepare_papers(whole.iloc[rows].reset_index(drop=True), told)
    i, j = np.triu_indices(len(rows), k=1)
    alike = compare_rows(prepare_papers(whole), rows[i], rows[j])
    np.testing.assert_array_equal(compare_rows(part, i, j), alike)


def test_pairs_are_cleaned_by_row_and_title_alone():
    loose = 1 << PAPER_RULES.index(LOOSE_RULES[0])
    strict = 1 << PAPER_RULES.index(next(rule for rule in PAPER_RULES if rule not in LOOSE_RULES))
    said = ["growth of alpine moss", "printing in venice", "growth of alpine mosses", None]
    titles = pa.table({"row": [7, 3, 5, 9], "said": said, "chunk": [0] * 4})
    unlike = (3, 7, loose)
    kept = [(5, 7, loose), (3, 7, loose | strict), (3, 9, loose), (3, 5, 0)]
    i, j, found_by = zip(unlike, *kept, strict=True)
    pairs = pa.table({"chunk": [0] * 5, "i": i, "j": j, "found_by": found_by})
    found = clean_chunk(titles, pairs, PAPER_RULES)
    assert found.schema.names == PAIRS.names
    assert [tuple(row.values()) for row in found.to_pylist()] == kept


def test_what_spark_does_not_give_is_said(tmp_path):
    linker = PaperLinker(engine="stands for a Spark")
    with pytest.raises(InputError, match="clusters only: call predict"):
        linker.link(records())
    with pytest.raises(InputError, match="'ecm', which needs all pairs on one machine"):
        PaperLinker("ecm", engine="stands for a Spark").predict(records())
    with pytest.raises(InputError, match="found no engine"):
        PaperLinker().predict_frame(None)
    output = tmp_path / "out"
    words = ("papers", "--engine", "spark", "-o", output)
    for option in ("--report", "--review", "--pairs", "--constraints"):
        told = run(*words, option, tmp_path / "x.csv", tmp_path, code=1)
        assert "the engine spark writes clusters only" in told.stderr
    library = tmp_path / "library.bib"
    library.write_text("@article{a, title={Moss}}")
    assert "found a .bib file; the engine spark reads" in run(*words, library, code=1).stderr
    assert "found 2 inputs" in run(*words, tmp_path, tmp_path, code=1).stderr
    assert "no such file or folder" in run(*words, tmp_path / "none", code=1).stderr


def test_without_pyspark_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "py4j", None)
    for name in ("linkage.engines.spark_engine", "linkage.papers.spark.job", "py4j.protocol"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    told = run("papers", "--engine", "spark", tmp_path, "-o", tmp_path / "out", code=1)
    assert "pip install 'biblinkage[spark]'" in told.stderr


def test_records_that_spark_cannot_take(tmp_path):
    linker = on_spark()
    spark, job = linker.engine, linker._spark_job()
    with pytest.raises(InputError, match="no column 'record_id' among the columns: title"):
        linker.predict_frame(spark.frame(pa.table({"title": ["Moss"]})))
    twice = pa.table({"record_id": ["a", "b", "a"], "title": ["Moss"] * 3})
    with pytest.raises(InputError, match="record_id 'a' stands in 2 rows, expected once"):
        linker.predict_frame(spark.frame(twice))
    missing = pa.table({"record_id": ["a", None, " "], "title": ["Moss"] * 3})
    with pytest.raises(InputError, match="2 of the records have no record_id"):
        linker.predict_frame(spark.frame(missing))
    with pytest.raises(InputError, match="the rule str; the engine Spark takes plain functions"):
        PaperLinker(rules=["no function"], engine=spark).predict_frame(None)
    (tmp_path / "bad.parquet").write_text("no Parquet at all")
    with pytest.raises(InputError, match=r"bad\.parquet: not a readable Parquet file"):
        job.link_parquet(str(tmp_path / "bad.parquet"))
    assert clone(linker).engine is spark


def test_a_year_that_cannot_be_is_told():
    job = on_spark()._spark_job()
    odd = pa.table({"record_id": ["a", "b"], "title": ["Moss", "Fern"], "year": ["20244", "30333"]})
    with pytest.warns(SetAsideWarning, match=r"a: found the year '20244'.*and 1 more records"):
        job._read(job.spark.frame(odd))
    job.spark.release()


def test_what_fails_in_a_worker_is_one_sentence():
    spark = spark_session.spark()
    from linkage.engines.spark_engine import told_shortly

    def fail(batches):
        yield from batches
        raise OSError("the disk is full")

    with pytest.raises(LinkageError, match=r"^Spark: .*the disk is full$"), told_shortly():
        spark.frame(pa.table({"a": [1]})).mapInArrow(fail, "a bigint").collect()
