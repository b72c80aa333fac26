"""Merging loses nothing: what can be united is, every other value is told, and where it is from."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linkage
from linkage import merge_records, read_records
from linkage.merging.conflicts import merge_conflicts
from linkage.records.schema import conform
from tests.helpers.command_line import run
from tests.helpers.records import paper, table

LISTS = ("keywords", "notes", "files", "groups")


def merged(*papers):
    records = table(*papers)
    clusters = pd.Series("x", index=records["record_id"])
    golden = merge_records(records, clusters)
    assert len(golden) == 1
    return golden.to_dict("records")[0], merge_conflicts(records, clusters, golden)


@pytest.mark.parametrize(
    ("field", "cells", "expected"),
    [
        ("keywords", [["peat", "granite"], ["growth", "Peat"]], ["peat", "granite", "growth"]),
        ("keywords", [None, ["x", "y"]], ["x", "y"]),
        ("notes", [["Cited by 10"], ["include; see mail"]], ["Cited by 10", "include; see mail"]),
        ("files", [[":one.pdf:PDF"], [":two.pdf:PDF", ":one.pdf:PDF"]],
         [":one.pdf:PDF", ":two.pdf:PDF"]),
        ("groups", [["Review A"], ["Review B"]], ["Review A", "Review B"]),
        ("accession", [{"MEDLINE": "1"}, {"Embase": "L2"}], {"MEDLINE": "1", "Embase": "L2"}),
        ("accession", [{"": "CN-1"}, {"": "CN-2"}], {"": "CN-1; CN-2"}),
        ("database", ["MEDLINE", "Embase"], "MEDLINE; Embase"),
        ("bibtex:comment", ["read by AB; include", "exclude: wrong rock"],
         ["read by AB; include", "exclude: wrong rock"]),
        ("ris:M3", ["Article", "Article"], "Article"),
        ("ris:C1", [["a", "b"], "b"], ["a", "b"]),
        ("ids", [{"issn": "1234-5678", "nct": "NCT00598001"}, {"issn": "8765-432X", "mag": "7"}],
         {"issn": "1234-5678; 8765-432X", "nct": "NCT00598001", "mag": "7"}),
    ],
)  # fmt: skip
def test_what_is_united(field, cells, expected):
    row, told = merged(*(paper(f"r{k}", "T", **{field: cell}) for k, cell in enumerate(cells)))
    assert row[field] == expected
    assert told.empty
    back, _ = merged(*(paper(f"r{k}", "T", **{field: c}) for k, c in reversed([*enumerate(cells)])))
    assert back[field] == expected


def test_addresses_beside_the_chosen_one():
    row, told = merged(
        paper("a", "T", url="https://a.org", urls=["https://c.org"], volume="3"),
        paper("b", "T", url="https://b.org"),
        paper("c", "T", url="HTTPS://A.org"),
    )
    assert (row["url"], row["urls"]) == ("https://a.org", ["https://c.org", "https://b.org"])
    assert told["value"].tolist() == ["HTTPS://A.org"]
    row, _ = merged(paper("a", "T", url="https://a.org"), paper("b", "T", url="https://b.org"))
    assert row["urls"] == ["https://b.org"]
    row, _ = merged(paper("a", "T", url="https://a.org"), paper("b", "T"))
    assert "urls" not in row


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("publisher", ["Bog Press", "Fen Press"]),
        ("edition", ["2nd", "Second"]),
        ("place", ["Fenton", "Bogham"]),
        ("series", ["Bog Studies", "Studies of Bogs"]),
        ("language", ["eng", "English"]),
        ("venue", ["Journal of Moss", "J Moss"]),
        ("abstract", ["We grew moss.", "Moss."]),
        ("volume", ["3", "4"]),
        ("my own column", ["included", "excluded"]),
    ],
)
def test_of_single_values_the_other_is_told(field, values):
    row, told = merged(*(paper(f"r{k}", "T", **{field: v}) for k, v in enumerate(values)))
    (other,) = {*values} - {row[field]}
    assert told[["cluster", "record_id", "title", "field", "value", "chosen value"]].to_numpy(
    ).tolist() == [["x", f"r{values.index(other)}", "T", field, other, row[field]]]  # fmt: skip


def test_editors_and_their_conflict():
    row, told = merged(
        paper("a", "T", editors=[{"name": "Fenn, G."}]),
        paper("b", "T", editors=[{"name": "Fenn, Gay"}, {"name": "Marsh, Ian"}]),
    )
    assert [editor["name"] for editor in row["editors"]] == ["Fenn, Gay", "Marsh, Ian"]
    assert told["value"].tolist() == ["Fenn, G."]


def test_the_type_and_what_the_source_calls_it_go_together():
    row, told = merged(
        paper("a", "T", type="thesis", native_type="mastersthesis"),
        paper("b", "T", type="thesis", native_type="mastersthesis"),
        paper("c", "T", type="misc", native_type="GEN", year=2001, doi="10.5555/a"),
    )
    assert (row["type"], row["native_type"]) == ("thesis", "mastersthesis")
    assert told[["record_id", "field", "value"]].to_numpy().tolist() == [
        ["c", "type", "misc"],
        ["c", "native_type", "GEN"],
    ]


def test_origins_say_which_record_gave_which_field():
    rows = [
        paper("a", "Moss", year=2001, keywords=["x"], venue="J Moss"),
        paper("b", "Moss", doi="10.5555/b", keywords=["y"], venue="Journal of Moss"),
    ]
    row, _ = merged(*rows)
    origins = row["origins"]
    assert (origins["year"], origins["doi"], origins["venue"]) == ("a", "b", "b")
    assert sorted(origins["keywords"].split("; ")) == ["a", "b"]
    assert "abstract" not in origins


def test_origins_of_what_was_merged_before_are_its_records():
    first = merge_records(
        table(paper("a", "Moss", year=2001), paper("b", "Moss", doi="10.5555/b"), paper("c", "M")),
        pd.Series(["x", "x", "y"], index=["a", "b", "c"]),
    )
    assert first["origins"].tolist()[1] is None
    again = merge_records(first, pd.Series("x", index=first["record_id"]))
    assert (again["origins"][0]["year"], again["origins"][0]["doi"]) == ("a", "b")


WORD = st.sampled_from("peat Peat moss granite fen".split())
ROW = st.fixed_dictionaries(
    {name: st.none() | st.lists(WORD, min_size=1, max_size=3) for name in LISTS},
    optional={
        "year": st.integers(1990, 1993),
        "venue": WORD,
        "publisher": WORD,
        "abstract": WORD,
        "pages": st.sampled_from(["1", "1-9", "2"]),
        "date": st.sampled_from(["1991-03", "1992"]),
        "url": st.sampled_from(["https://a.org", "https://b.org"]),
        "doi": st.sampled_from(["10.5555/a", "10.5555/b"]),
        "ids": st.sampled_from([{"pmid": "1"}, {"pmid": "2", "issn": "1234-5678"}]),
        "bibtex:comment": WORD,
    },
)


@settings(max_examples=30)
@given(st.lists(ROW, min_size=1, max_size=4))
def test_every_value_is_kept_or_told(rows):
    papers = [paper(f"r{k}", "A study of moss", **row) for k, row in enumerate(rows)]
    records = conform(table(*papers))
    golden, told = merged(*papers)
    told_values = set(zip(told["record_id"], told["field"], told["value"], strict=True))
    for row in records.to_dict("records"):
        for name in (*LISTS, "bibtex:comment"):
            cell = row.get(name) if isinstance(row.get(name), list | str) else []
            kept = golden[name] if isinstance(golden.get(name), list) else [golden.get(name)]
            folded = {str(value).casefold() for value in kept}
            assert {v.casefold() for v in ([cell] if isinstance(cell, str) else cell)} <= folded
        for name in ("year", "venue", "publisher", "abstract", "pages", "date", "doi", "url"):
            value = row.get(name)
            if value is None or pd.isna(value):
                continue
            kept = str(golden[name])
            told_it = (row["record_id"], name, str(value)) in told_values
            in_urls = name == "url" and value in (golden.get("urls") or [])
            within = name == "date" and kept.startswith(str(value))
            assert (kept == str(value)) + told_it + in_urls + within == 1 or kept == str(value)
        pmid = row["ids"].get("pmid")
        assert pmid in (None, golden["ids"].get("pmid")) or (row["record_id"], "pmid", pmid) in (
            told_values
        )


@settings(max_examples=30)
@given(st.lists(ROW, min_size=2, max_size=4), st.randoms())
def test_the_order_of_records_changes_nothing(rows, random):
    papers = [paper(f"r{k}", "A study of moss", **row) for k, row in enumerate(rows)]
    golden, told = merged(*papers)
    random.shuffle(papers)
    again, told_again = merged(*papers)
    shown = {name: str(cell) for name, cell in golden.items()}
    assert {name: str(cell) for name, cell in again.items()} == shown
    assert sorted(told.map(str).agg("|".join, axis=1)) == sorted(
        told_again.map(str).agg("|".join, axis=1)
    )


LIBRARY = """
@article{one, author = {Moss, Jo and Hill, Kim}, title = {Growth of peat on granite},
  journal = {Peat Letters}, year = 2015, volume = 3, number = 1, pages = {1--9},
  doi = {10.5555/pl.3.1}, groups = {Review A}, keywords = {peat, granite}, file = {:one.pdf:PDF},
  comment = {read by AB; include}, note = {Cited by 10}, readstatus = {read}}
@article{two, author = {Moss, J. and Hill, K.}, title = {Growth of Peat on Granite},
  journal = {Peat Lett.}, year = 2015, volume = 3, pages = {1--9}, groups = {Review B},
  keywords = {growth, Peat}, file = {:two-annotated.pdf:PDF}, comment = {exclude: wrong rock},
  pmid = {12345}, abstract = {We grew peat.}}
@mastersthesis{alone, author = {Reed, Pat}, title = {Moss of the fen}, school = {Fen College},
  year = {2010}, note = {read {50\\%}}}
"""


def test_the_command_unites_and_tells(tmp_path):
    (tmp_path / "kw.bib").write_text(LIBRARY)
    (tmp_path / "c.csv").write_text("record_id,cluster_id\none,p1\ntwo,p1\nalone,p2\n")
    out = tmp_path / "clean.bib"
    run("merge", tmp_path / "c.csv", tmp_path / "kw.bib", "-o", out, "--conflicts",
        tmp_path / "told.csv")  # fmt: skip
    text = out.read_text("utf-8")
    for part in (
        "keywords = {peat, granite, growth}",
        "groups = {Review A, Review B}",
        "file = {:one.pdf:PDF;:two-annotated.pdf:PDF}",
        "comment = {read by AB; include; exclude: wrong rock}",
        "note = {Cited by 10}",
        "readstatus = {read}",
        "pmid = {12345}",
        "abstract = {We grew peat.}",
        "@mastersthesis{alone,",
        "school = {Fen College}",
    ):
        assert part in text
    told = linkage.read_table(tmp_path / "told.csv")
    assert list(told.columns) == [
        *("cluster", "record_id", "title", "source", "field", "value", "chosen value")
    ]
    assert set(told["cluster"]) == {"p1"}
    assert set(told["source"]) == {"kw.bib"}
    assert told[["record_id", "field", "value"]].to_numpy().tolist() == [
        ["two", "title", "Growth of Peat on Granite"],
        ["two", "authors", "Moss, J.; Hill, K."],
        ["two", "venue", "Peat Lett."],
    ]


def test_csv_for_spreadsheets_begins_with_a_byte_order_mark(tmp_path):
    (tmp_path / "kw.bib").write_text(LIBRARY.replace("Jo and", "Jö and"), "utf-8")
    (tmp_path / "c.csv").write_text("record_id,cluster_id\none,p1\ntwo,p1\nalone,p2\n")
    inputs = (tmp_path / "c.csv", tmp_path / "kw.bib")
    run("merge", *inputs, "-o", tmp_path / "plain.csv")
    run("merge", *inputs, "-o", tmp_path / "marked.csv", "--spreadsheet")
    marked, plain = (tmp_path / f"{name}.csv" for name in ("marked", "plain"))
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
    pd.testing.assert_frame_equal(
        read_records(marked).drop(columns="source"), read_records(plain).drop(columns="source")
    )
    done = run("merge", *inputs, "-o", tmp_path / "x.bib", "--spreadsheet", code=1)
    assert "found the suffix '.bib', expected .csv or .tsv" in done.stderr
