"""Golden records: what of several copies of a paper is kept, and what is told."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linkage
from linkage import InputError, merge_records, read_records
from linkage.merging.conflicts import CONFLICT_COLUMNS, merge_conflicts
from linkage.records.schema import conform
from tests.helpers.command_line import run, start
from tests.helpers.records import library, paper, second_copy, table


def merged(*papers):
    """The one record that the papers, copies of each other, become."""
    records = table(*papers)
    (row,) = merge_records(records, pd.Series("x", index=records["record_id"])).to_dict("records")
    return row


def copies(field, *values, **shared):
    """Copies of a paper in order of their fullness, which is the same for all, then of ids."""
    return [paper(f"r{k}", "One title", **{field: v}, **shared) for k, v in enumerate(values)]


def shown(row):
    return [author["name"] for author in row["authors"]]


def conflicts(*papers):
    records = table(*papers)
    clusters = pd.Series("x", index=records["record_id"])
    return merge_conflicts(records, clusters, merge_records(records, clusters))


@pytest.mark.parametrize(
    ("titles", "best"),
    [
        (["A study of moss", "A STUDY OF MOSS"], "A study of moss"),
        (["A study of moss.", "A study of moss"], "A study of moss"),
        (["A study of", "A study of moss", "A study of..."], "A study of moss"),
        (["Moss", "Moss", "Moss: a natural history"], "Moss: a natural history"),
        (["A study of moss", "A study of mouss", "A study of moss"], "A study of moss"),
        (["A Study of Moss", "A study of moss", "A study of moss"], "A study of moss"),
        (["A study of moss [Review]", "A study of moss"], "A study of moss"),
        (["Etudes de mousses", "Études de mousses"], "Études de mousses"),
        (["MOSS: A HISTORY", "Moss"], "MOSS: A HISTORY"),
        ([None, "Moss"], "Moss"),
    ],
)
def test_the_title_lacks_nothing(titles, best):
    assert merged(*(paper(f"r{k}", t) for k, t in enumerate(titles)))["title"] == best


@pytest.mark.parametrize(
    ("lists", "best"),
    [
        (["Ng, Ana; Li, Bo", "Ng, A.; Li, B.; Wu, C."], ["Ng, Ana", "Li, Bo", "Wu, C."]),
        (["Ng, Ana; et al.", "Ng, A.; Li, B."], ["Ng, Ana", "Li, B."]),
        (["Ng, Ana; Li, Bo; et al.", "Ng, A."], ["Ng, Ana", "Li, Bo"]),
        (["Kopcke, H.; Rahm, E.", "Köpcke, Hanna; Rahm, E."], ["Köpcke, Hanna", "Rahm, E."]),
        (["Ng, A.; Li, B.", "Ng, Ana; Wu, Carl"], ["Ng, Ana", "Wu, Carl"]),
        (["Ng, Ana; Li, Bo", ["Ng", "Ana", "Li", "Bo"]], ["Ng, Ana", "Li, Bo"]),
        (["Ng, Ana; Li, Bo", "Ng, Bernadette"], ["Ng, Ana", "Li, Bo"]),  # not one person
        (["Ng, Ana; Li, B.", "Ngo, Anabel; Li, Bo"], ["Ngo, Anabel", "Li, Bo"]),
        ([None, "Ng, Ana"], ["Ng, Ana"]),
    ],
)
def test_the_author_list_is_the_fullest(lists, best):
    rows = [paper(f"r{k}", "One title", authors) for k, authors in enumerate(lists)]
    row = merged(*rows)
    assert shown(row) == best


def test_et_al_stays_where_nobody_knows_the_rest():
    rows = [paper("a", "T", "Ng, Ana; Li, Bo; et al."), paper("b", "T", "Ng, A.; et al.")]
    row = merged(*rows)
    assert (shown(row), row["authors_truncated"]) == (["Ng, Ana", "Li, Bo"], True)


def test_what_is_known_of_an_author_is_kept():
    orcid = {"name": "Ng, A.", "given": "A.", "family": "Ng", "orcid": "0000-0002-1825-0097"}
    row = merged(paper("a", "T", "Ng, Ana; Li, Bo"), paper("b", "T", [orcid]))
    assert row["authors"][0]["given"] == "Ana"
    assert row["authors"][0]["orcid"] == "0000-0002-1825-0097"


@pytest.mark.parametrize(
    ("years", "best"),
    [([2010, 2011, 2010], 2010), ([2010, 2011], 2011), ([None, 2011], 2011), ([None, None], None)],
)
def test_the_year_is_the_most_common_then_the_last(years, best):
    year = merged(*copies("year", *years))["year"]
    assert (None if pd.isna(year) else year) == best


def test_the_date_is_the_most_exact_of_the_year():
    dates = ["2011-03-04", "2010", "2010-05", "2010-05-06"]
    rows = [paper(f"r{k}", "T", date=date, year=int(date[:4])) for k, date in enumerate(dates)]
    assert merged(*rows)["date"] == "2010-05-06"
    assert merged(*copies("date", "--12", None, year=2010))["date"] == "2010-12"


def test_the_venue_is_the_fullest_name():
    names = ["IEEE Trans. Knowl. Data Eng.", "TKDE", "IEEE Transactions on Knowledge and Data "]
    assert merged(*copies("venue", *names))["venue"] == names[2].strip()
    shout = ["SIGMOD RECORD", "SIGMOD Record"]
    assert merged(*copies("venue", *shout))["venue"] == "SIGMOD Record"


def test_gaps_of_a_place_are_filled_from_the_same_place():
    row = merged(
        paper("a", "T", venue="J. Moss", volume="3", number="2", year=2001),
        paper("b", "T", venue="Journal of Moss", volume="3", pages="10-20", year=2001),
    )
    assert [row[n] for n in ("volume", "number", "pages")] == ["3", "2", "10-20"]
    assert row["venue"] == "Journal of Moss"


def test_two_places_are_never_mixed():
    row = merged(
        paper("a", "T", venue="Moss", volume="3", number="2", pages="10", year=2001),
        paper("b", "T", venue="Proceedings of the Fern Days", volume="7", pages="1-9", year=2001),
        paper("c", "T", volume="7", number="8", year=2001),
    )
    assert [row[n] for n in ("volume", "number", "pages")] == ["3", "2", "10"]
    assert row["venue"] == "Moss"


@pytest.mark.parametrize(
    ("pages", "others", "best"),
    [("10", "10-20", "10-20"), ("537-50", "537-550", "537-550"), ("537-551", "537-50", "537-551")],
)
def test_the_fullest_pages(pages, others, best):
    row = merged(
        paper("a", "T", volume="3", number="2", pages=pages, year=2001),
        paper("b", "T", volume="3", pages=others),
    )
    assert row["pages"] == best


def test_a_preprint_has_no_say_in_what_was_published():
    article = paper("z", "T", type="article", venue="J", volume="3", year=2004)
    preprints = [
        paper("a", "T", type="article", venue="arXiv preprint arXiv:2004.00584", year=2002,
              doi="10.5555/p", pages="1-30", number="5", abstract="Long ago"),
        paper("b", "T", type="misc", ids={"arxiv": "2004.00584"}, year=2002, venue=None),
    ]  # fmt: skip
    row = merged(article, *preprints)
    assert row["record_id"] == "z"
    assert (row["type"], row["year"], row["venue"], row["volume"]) == ("article", 2004, "J", "3")
    assert [row[n] for n in ("number", "pages", "doi")] == [None, None, None]
    assert (row["abstract"], row["ids"]) == ("Long ago", {"arxiv": "2004.00584"})
    alone = merged(*preprints)
    assert (alone["type"], alone["doi"]) == ("preprint", "10.5555/p")


def test_types_are_outvoted():
    kinds = ["misc", "misc", "misc", "article", "inproceedings", "article"]
    assert merged(*copies("type", *kinds))["type"] == "article"
    # places and DOIs of other types only fill what nobody of this type knows
    rows = [
        paper("a", "T", type="article", doi="10.5555/a"),
        paper("b", "T", type="article", doi=None),
        paper("c", "T", type="inproceedings", doi="10.5555/c", year=2001),
    ]
    row = merged(*rows)
    assert (row["doi"], row["year"]) == ("10.5555/a", 2001)


def test_identifiers_and_sources_are_joined():
    row = merged(
        paper("a", "T", ids={"issn": "1234-5678", "pmid": "1"}, source="a.bib", note=None),
        paper("b", "T", ids={"issn": "8765-432X; 1234-5678", "pmcid": "PMC2"}, source="b.ris",
              note="read", references=["x", "y"]),
    )  # fmt: skip
    assert row["ids"] == {"issn": "1234-5678; 8765-432X", "pmid": "1", "pmcid": "PMC2"} or row[
        "ids"
    ] == {"issn": "8765-432X; 1234-5678", "pmid": "1", "pmcid": "PMC2"}
    assert sorted(row["source"].split("; ")) == ["a.bib", "b.ris"]
    assert (row["note"], row["references"]) == ("read", ["x", "y"])


def test_a_key_of_a_file_goes_before_a_running_number():
    rows = [
        paper("export:12", "T", year=2001, doi="10.5555/a", source="export.csv"),
        paper("ng2001", "T", source="library.bib"),
    ]
    row = merged(*rows)
    assert (row["record_id"], row["doi"]) == ("ng2001", "10.5555/a")
    assert row["merged_from"] == ["ng2001", "export:12"]


def test_a_record_alone_passes_unchanged():
    records = table(*library(3)).assign(note=["x", None, "z"], score=[0.5, None, 1.5])
    records.loc[1, "title"] = "ALL IN CAPITALS..."
    golden = merge_records(records, pd.Series(range(3), index=records["record_id"]))
    pd.testing.assert_frame_equal(golden.drop(columns=["merged_from", "origins"]), conform(records))
    assert golden["merged_from"].tolist() == [[one] for one in records["record_id"]]


def test_merging_again_keeps_the_history():
    records = table(*copies("year", 2001, 2001, 2001))
    first = merge_records(records, pd.Series(["x", "x", "y"], index=["r0", "r1", "r2"]))
    assert first["merged_from"].tolist() == [["r0", "r1"], ["r2"]]
    again = merge_records(first, pd.Series("x", index=first["record_id"]))
    assert again["merged_from"].tolist() == [["r0", "r1", "r2"]]


@settings(max_examples=25)
@given(st.permutations(range(24)))
def test_the_order_of_rows_changes_nothing(order):
    papers = library(6)
    papers += [second_copy(p) for p in papers]
    papers += [p | {"record_id": f"{p['record_id']}-3", "venue": None} for p in papers[:6]]
    papers += [p | {"record_id": f"0{p['record_id']}", "url": "https://x.org"} for p in papers[:6]]
    records = table(*papers).assign(note=range(24))  # ties: only content and id part the copies
    clusters = pd.Series([k % 6 for k in range(24)], index=records["record_id"])
    golden = merge_records(records, clusters).set_index("record_id")
    shuffled = merge_records(records.iloc[order], clusters).set_index("record_id")
    pd.testing.assert_frame_equal(shuffled.loc[golden.index], golden)


def test_every_value_that_was_not_chosen_is_told():
    found = conflicts(
        paper("a", "Moss", doi="10.5555/a", year=2001, ids={"pmid": "7"}, source="a.bib"),
        paper("b", "moss", doi="10.5555/b", year=2003, ids={"pmid": "7"}, note="x"),
        paper("c", "Moss", doi="10.5555/a", year=2001, ids={"pmid": "8"}, date="2001-03"),
    )
    assert list(found.columns) == list(CONFLICT_COLUMNS)
    assert found.map(str).agg("|".join, axis=1).tolist() == [
        "x|b|moss|None|title|moss|Moss",
        "x|b|moss|None|year|2003|2001",
        "x|b|moss|None|date|2003|2001-03",
        "x|b|moss|None|doi|10.5555/b|10.5555/a",
        "x|c|Moss|None|pmid|8|7",
    ]


def test_no_value_is_told_where_nothing_is_lost():
    assert conflicts(*copies("year", 2001, None)).empty
    assert conflicts(*copies("url", "https://a.org", "https://b.org")).empty
    assert conflicts(*copies("keywords", ["peat"], ["Peat", "moss"])).empty
    # a preprint's own DOI is not the article's: it is not kept, and that is told
    preprint = paper("b", "T", type="preprint", doi="10.1101/2020.01.01")
    found = conflicts(paper("a", "T", type="article", doi=None), preprint)
    assert found[["field", "value", "chosen value"]].to_numpy().tolist() == [
        ["type", "preprint", "article"],
        ["doi", "10.1101/2020.01.01", None],
    ]


@pytest.mark.parametrize(
    ("clusters", "told"),
    [
        ({"p000": 1}, "found the record 'p001' in no cluster"),
        ({"p000": 1, "p001": None}, "found the record 'p001' in no cluster"),
        ({"p000": 1, "p001": 1, "q": 2}, "found the record id 'q' among the clusters"),
    ],
)
def test_clusters_of_other_records_are_refused(clusters, told):
    with pytest.raises(InputError, match=re.escape(told)):
        merge_records(table(*library(2)), pd.Series(clusters, dtype=object))


def test_a_record_in_two_clusters_is_refused():
    twice = pd.Series([1, 2], index=["p000", "p000"])
    with pytest.raises(InputError, match="found the record id 'p000' twice, expected once"):
        merge_records(table(*library(1)), twice)


@pytest.fixture
def files(tmp_path):
    """A library with duplicates, and its clusters."""
    papers = library(5)
    papers += [second_copy(papers[0]), second_copy(papers[1]) | {"year": 1950}]
    linkage.write_table(conform(table(*papers)), tmp_path / "papers.jsonl")
    ids = [p["record_id"] for p in papers]
    clusters = pd.DataFrame({"record_id": ids, "cluster_id": [0, 1, 2, 3, 4, 0, 1]})
    linkage.write_table(clusters, tmp_path / "clusters.csv")
    return tmp_path


def test_the_command_as_a_user_runs_it(files):
    inputs = [files / "clusters.csv", files / "papers.jsonl"]
    done = start("merge", *inputs, "-o", files / "clean.bib", "--conflicts", files / "c.csv")
    assert done.stdout == ""
    told = f"7 records, 5 papers: {files / 'clean.bib'}; 8 values not chosen: {files / 'c.csv'}"
    assert done.stderr.splitlines() == [told]
    clean = read_records(files / "clean.bib")
    assert clean["record_id"].tolist() == [f"p{k:03}" for k in range(5)]
    assert clean["merged_from"].tolist()[0] == ["p000", "p000-copy"]
    conflict = linkage.read_table(files / "c.csv")
    assert conflict["cluster"].tolist() == [0, 0, 0, 1, 1, 1, 1, 1]
    assert conflict[["record_id", "field"]].agg(" ".join, axis=1).tolist() == [
        *(f"p000-copy {field}" for field in ("title", "authors", "pages")),
        *(f"p001-copy {field}" for field in ("title", "authors", "year", "date", "pages")),
    ]


@pytest.mark.parametrize("suffix", [".ris", ".csv", ".tsv", ".jsonl", ".parquet"])
def test_every_format_holds_the_same_papers(files, suffix):
    inputs = [files / "clusters.csv", files / "papers.jsonl"]
    run("merge", *inputs, "-o", files / "clean.bib")
    done = run("merge", *inputs, "-o", files / f"clean{suffix}")
    assert done.stderr.endswith("; 8 values not chosen: --conflicts FILE lists them\n")
    bib, other = read_records(files / "clean.bib"), read_records(files / f"clean{suffix}")
    for field in ("record_id", "title", "year", "venue", "volume", "number", "pages", "doi"):
        assert other[field].tolist() == bib[field].tolist(), field


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["clusters.csv", "papers.jsonl", "-o", "clean.doc"], "expected one of .bib, .ris, .nbib"),
        (["clusters.csv", "papers.jsonl", "-o", "papers.jsonl"], "which is read, expected another"),
        (["clusters.csv", "papers.jsonl", "-o", "no/clean.bib"], "does not exist"),
        (["papers.jsonl", "papers.jsonl", "-o", "clean.bib"], "expected record_id,cluster_id"),
        (["part.csv", "papers.jsonl", "-o", "clean.bib"], "part.csv: found the record 'p001'"),
        (["clusters.csv", "papers.jsonl", "-o", "a.bib", "--conflicts", "a.txt"], "'.txt'"),
    ],
)
def test_what_the_user_can_mend_is_one_sentence(files, monkeypatch, words, told):
    monkeypatch.chdir(files)
    (files / "part.csv").write_text("record_id,cluster_id\np000,0\n")
    before = sorted(path.name for path in files.iterdir())
    done = run("merge", *words, code=1)
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(path.name for path in files.iterdir()) == before
