"""Parquet: every column type that may hold texts, names or years comes back as what it says."""

import datetime
import gzip
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linkage import read_records
from linkage.errors import InputError, Problem
from linkage.readers import streams
from linkage.readers.tables import parquet

STRUCT = pa.struct([("name", pa.string()), ("affiliation", pa.null())])
WORDS = pa.dictionary(pa.int32(), pa.string())
TITLE_TYPES = {
    "text": pa.string(),
    "large text": pa.large_string(),
    "view": pa.string_view(),
    "bytes": pa.binary(),
    "large bytes": pa.large_binary(),
    "dictionary": WORDS,
}
NAMES = [["Ann Adams"], None, ["Bo Li", "Cy Day"]]
OBJECTS = [cell and [{"name": name} for name in cell] for cell in NAMES]
AUTHOR_TYPES = {
    "list": (NAMES, pa.list_(pa.string())),
    "large list": (NAMES, pa.large_list(pa.large_string())),
    "list of views": (NAMES, pa.list_(pa.string_view())),
    "list view": (NAMES, pa.list_view(pa.string())),
    "large list view": (NAMES, pa.large_list_view(pa.string_view())),
    "list of words": (NAMES, pa.list_(WORDS)),
    "list of bytes": ([c and [n.encode() for n in c] for c in NAMES], pa.list_(pa.binary())),
    "objects": (OBJECTS, pa.list_(pa.struct([("name", pa.string())]))),
    "objects of words": (OBJECTS, pa.list_(pa.struct([("name", WORDS)]))),
    "null throughout": (OBJECTS, pa.list_(STRUCT)),
    "large null throughout": (OBJECTS, pa.large_list(STRUCT)),
    "one text": ([c and "; ".join(c) for c in NAMES], pa.string()),
    "one view": ([c and "; ".join(c) for c in NAMES], pa.string_view()),
}
YEARS = {
    "int": ([2001, None], pa.int16()),
    "unsigned": ([2001, None], pa.uint64()),
    "float": ([2001.0, None], pa.float64()),
    "half": ([2001.0, None], pa.float16()),
    "decimal": ([Decimal("2001.00"), None], pa.decimal128(8, 2)),
    "text": (["2001", None], pa.string_view()),
    "bytes": ([b"2001", None], pa.binary()),
    "date": ([datetime.date(2001, 5, 6), None], pa.date32()),
    "timestamp": ([datetime.datetime(2001, 5, 6), None], pa.timestamp("ns")),
    "with zone": ([datetime.datetime(2001, 5, 6), None], pa.timestamp("us", tz="UTC")),
    "dictionary": ([2001, None], pa.dictionary(pa.int8(), pa.int32())),
}


@pytest.fixture(params=["small", "large"], autouse=True)
def size(request, monkeypatch):
    """A small file is read whole, a large one some rows at a time: nothing else differs."""
    if request.param == "large":
        monkeypatch.setattr(streams, "LARGE", 1)
        monkeypatch.setattr(parquet, "_ROWS", 2)
    return request.param


def read(tmp_path, table, problems=None, **options):
    pq.write_table(table, tmp_path / "x.parquet", **options)
    return read_records(tmp_path / "x.parquet", set_aside=[] if problems is None else problems)


@pytest.mark.parametrize("kind", TITLE_TYPES)
def test_texts_of_any_type(tmp_path, kind):
    cells = ["Moss", "Kelp", None]
    wanted = [cell and cell.encode() for cell in cells] if "bytes" in kind else cells
    table = pa.table({"title": pa.array(wanted, TITLE_TYPES[kind]), "year": [2001, 2002, 2003]})
    assert read(tmp_path, table)["title"].tolist() == cells


@pytest.mark.parametrize("kind", AUTHOR_TYPES)
@pytest.mark.parametrize("rows", [1, 2, 1000])
def test_authors_of_any_type_in_any_row_groups(tmp_path, kind, rows, size):
    cells, arrow = AUTHOR_TYPES[kind]
    n = 100 if size == "small" else 2
    table = pa.table({"title": ["a", "b", "c"] * n, "authors": pa.array(cells * n, arrow)})
    found = read(tmp_path, table, row_group_size=rows)["authors"]
    shown = [cell if cell is None else [person["name"] for person in cell] for cell in found]
    assert shown == NAMES * n


@pytest.mark.parametrize("kind", YEARS)
def test_years_of_any_type(tmp_path, kind):
    cells, arrow = YEARS[kind]
    records = read(tmp_path, pa.table({"title": ["a", "b"], "year": pa.array(cells, arrow)}))
    assert records["year"].tolist() == [2001, pd.NA]


def test_maps_are_objects(tmp_path):
    ids = pa.array([[("pmid", "12")], None], pa.map_(pa.string(), pa.string()))
    people = pa.array([[[("name", "Ann Adams")]], None], pa.list_(ids.type))
    records = read(tmp_path, pa.table({"title": ["a", "b"], "ids": ids, "authors": people}))
    assert records["ids"].tolist() == [{"pmid": "12"}, {}]
    assert [person["name"] for person in records["authors"].iloc[0]] == ["Ann Adams"]


def test_an_index_of_pandas_is_columns_again(tmp_path):
    frame = pd.DataFrame({"record_id": ["k1", "k2"], "year": [2001, 2002], "title": ["a", "b"]})
    frame.set_index(["record_id", "year"]).to_parquet(tmp_path / "x.parquet")
    records = read_records(tmp_path / "x.parquet")
    assert records["record_id"].tolist() == ["k1", "k2"]
    assert records["year"].tolist() == [2001, 2002]
    frame.set_index("year").sort_index(ascending=False).to_parquet(tmp_path / "z.parquet")
    assert read_records(tmp_path / "z.parquet")["year"].tolist() == [2002, 2001]
    frame.set_index("title").reset_index(drop=True).assign(title=["a", "b"]).set_index(
        pd.Index(["p", "q"], name="DOI")
    ).to_parquet(tmp_path / "d.parquet")
    assert "DOI" not in read_records(tmp_path / "d.parquet", set_aside=[]).columns
    frame.set_index(pd.Index([7, 9])).to_parquet(tmp_path / "n.parquet")
    assert read_records(tmp_path / "n.parquet")["record_id"].tolist() == ["k1", "k2"]
    frame.iloc[::-1].to_parquet(tmp_path / "y.parquet")
    assert not [name for name in read_records(tmp_path / "y.parquet") if "index" in name]


def test_bytes_that_are_not_utf8_are_told(tmp_path):
    problems: list[Problem] = []
    table = pa.table({"title": [b"Moss", "Mädchen".encode("latin-1")]})
    assert read(tmp_path, table, problems)["title"].tolist() == ["Moss", "Mädchen"]
    assert [problem.where for problem in problems] == ["row 2"]


def test_a_date_after_all_calendars_is_no_traceback(tmp_path):
    table = pa.table({"title": ["a"], "date": pa.array([4_000_000], pa.date32())})
    assert read(tmp_path, table)["date"].isna().all()


def test_files_of_different_types_are_joined(tmp_path):
    for name, kind in (("a", pa.string()), ("b", pa.string_view()), ("c", WORDS)):
        table = pa.table({"title": pa.array([name], kind), "note": pa.array([name], kind)})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    records = read_records(tmp_path)
    assert records[["title", "note"]].to_numpy().tolist() == [[n, n] for n in "abc"]


@pytest.mark.parametrize("coded", [True, False])
@pytest.mark.parametrize("listed", ["list", "objects", "one text"])
def test_texts_that_are_not_utf8(tmp_path, coded, listed):
    latin = pa.array(["Müller on moss".encode("cp1252"), b"Growth of fern"])
    titles = latin.view(pa.string())
    titles = titles.dictionary_encode() if coded else titles
    names = pa.array(["Jörg Müller".encode("cp1252"), b"Ada Berg"]).view(pa.string())
    objects = pa.StructArray.from_arrays([names], ["name"])
    cells = {"list": names, "objects": objects}.get(listed)
    authors = names if cells is None else pa.ListArray.from_arrays([0, 1, 2], cells)
    problems: list[Problem] = []
    records = read(tmp_path, pa.table({"title": titles, "authors": authors}), problems)
    assert records["title"].tolist() == ["Müller on moss", "Growth of fern"]
    assert [cell[0]["name"] for cell in records["authors"]] == ["Jörg Müller", "Ada Berg"]
    assert [problem.where for problem in problems] == ["row 1", "row 1"]


SCATTERED = {  # what a column is called, and is read as, depends on cells far below
    "key": ["k1", "k2", "k1", "k4", None],
    "Article Title": [None, "", None, None, None],
    "TI": ["Moss", None, "Fern", "Kelp", "NA"],
    "AU": [None, None, None, None, "Berg, A; Day, C"],
    "Journal Abbreviation": ["J Moss", None, None, "J Kelp", None],
    "Publication Title": [None, None, None, None, "Ferns"],
    "Language": [None, None, None, "en", None],
    "Tags": [None, None, None, None, "green"],
    "Yearr": [None, "2001", None, None, None],
    "PubMed ID": [None, None, None, 77, None],
    "Start Page": [None, None, None, None, "7"],
    "shelf": [None, None, None, b"\xe4", None],
    "flag": [True, None, None, False, None],
}


@pytest.mark.parametrize("packed", [False, True])
def test_columns_of_a_large_file_are_called_as_in_the_whole(tmp_path, monkeypatch, packed):
    path = tmp_path / ("x.parquet.gz" if packed else "x.parquet")
    pq.write_table(pa.table(SCATTERED), tmp_path / "x.parquet", row_group_size=3)
    if packed:
        path.write_bytes(gzip.compress((tmp_path / "x.parquet").read_bytes()))
    found = []
    for large in (1 << 24, 1):
        monkeypatch.setattr(streams, "LARGE", large)
        problems: list[Problem] = []
        found.append((read_records(path, set_aside=problems), problems))
    (whole, told), (large, told_of_large) = found
    pd.testing.assert_frame_equal(whole, large)
    assert sorted(told) == sorted(told_of_large)
    assert len(told) == 5  # a near name, an id again, two titles and bytes
    assert whole["venue"].tolist() == [None] * 4 + ["Ferns"]
    assert whole["language"].tolist() == [None] * 3 + ["en", None]


def test_a_damaged_file_is_one_sentence(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"title": [f"moss {n}" for n in range(5000)]}), path)
    data = bytearray(path.read_bytes())
    data[100:4000] = bytes(3900)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"x\.parquet: not a readable Parquet file"):
        read_records(path)


def test_a_large_file_with_a_damaged_end_does_not_stop_its_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "LARGE", 1)
    monkeypatch.setattr(parquet, "_ROWS", 100)
    (tmp_path / "a.csv").write_text("title\nKelp\n")
    path = tmp_path / "b.parquet"
    titles = [f"moss {n} {n**9}" for n in range(3000)]
    options = {"use_dictionary": False, "compression": "none"}
    pq.write_table(pa.table({"title": titles}), path, row_group_size=1000, **options)
    data = bytearray(path.read_bytes())
    data[-3000:-2000] = b"\xff" * 1000
    path.write_bytes(data)
    problems: list[Problem] = []
    found = read_records(tmp_path, set_aside=problems)["title"].tolist()
    assert found[0] == "Kelp"
    assert found[1:] == titles[: len(found) - 1]
    (told,) = problems
    assert told.fate == "file read up to there"
    assert f"after {len(found) - 1:,} records" in told.found
    with pytest.raises(InputError, match="not a readable Parquet file"):
        read_records(path)


def test_times_beyond_the_calendar_in_lists_and_objects_are_kept_as_printed(tmp_path):
    beyond = pa.array([2**62, None]).cast(pa.timestamp("us"))
    columns = {
        "title": pa.array(["Moss", "Fern"]),
        "list": pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), beyond),
        "object": pa.StructArray.from_arrays([beyond], names=["seen"]),
    }
    pq.write_table(pa.table(columns), tmp_path / "beyond.parquet")
    table = read_records([tmp_path / "beyond.parquet"])
    assert table["title"].tolist() == ["Moss", "Fern"]
    assert str(2**62) in str(table["list"][0])
    assert str(2**62) in str(table["object"][0])
