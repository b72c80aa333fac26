"""BibTeX and RIS: what is written is read back, whatever stands in a record."""

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import InputError, read_records, write_records
from linkage.records.schema import TYPES, conform
from linkage.writers import records as bibliography_writers
from linkage.writers.bibtex import citation_key

FIELDS = ("type", "title", "year", "date", "venue", "volume", "number", "pages", "doi", "abstract")
PARTS = ("family", "given", "particle", "suffix", "group")
SPECIAL = r"50% of R&D_x costs $5 #1 ~a^b \LaTeX «ü»"
AUTHORS = [
    {"name": "van den Driessche, George", "particle": "van den", "family": "Driessche",
     "given": "George"},
    {"name": "King, Jr, Martin L.", "family": "King", "given": "Martin L.", "suffix": "Jr"},
    {"name": "Köpcke, Łucja Żak", "family": "Köpcke", "given": "Łucja Żak"},
    {"name": "O'Neil-Ng, J.-P.", "family": "O'Neil-Ng", "given": "J.-P."},
]  # fmt: skip
GROUP = {"name": "Health & Co and Friends", "family": "Health & Co and Friends", "group": True}
STUDY_GROUP = {"name": "HPV Study Group", "family": "HPV Study Group", "group": True}


def round_trip(records: pd.DataFrame, path: Path) -> pd.DataFrame:
    write_records(records, path)
    return read_records(path, set_aside=[])


def names(cell):
    return [tuple(author.get(part) for part in PARTS) for author in cell or []]


def assert_same(again, records, fields=FIELDS):
    before, after = conform(records), again
    assert after["record_id"].tolist() == before["record_id"].tolist()
    for field in fields:
        shown = [None if pd.isna(x) else x for x in before[field]]
        assert [None if pd.isna(x) else x for x in after[field]] == shown, field
    assert [*map(names, after["authors"])] == [*map(names, before["authors"])]
    assert after["authors_truncated"].tolist() == before["authors_truncated"].tolist()
    assert after["ids"].tolist() == before["ids"].tolist()


def full_record(**fields):
    return {
        "record_id": "Köpcke:2010-a",
        "type": "article",
        "title": f"{SPECIAL} of DNA in iPhones",
        "authors": AUTHORS,
        "year": 2010,
        "date": "2010-10-05",
        "venue": f"Journal of {SPECIAL}",
        "volume": "12",
        "number": "1-2",
        "pages": "484-493",
        "doi": "10.5555/a_b(c)<1::x>2.0",
        "ids": {"pmid": "123", "pmcid": "PMC77", "issn": "1234-5678; 8765-432X"},
        "abstract": f"We spent {SPECIAL}.",
        "url": "https://example.org/a_b%20c#d?x=1&y=~z",
    } | fields


@pytest.mark.parametrize("suffix", [".bib", ".ris", ".csv", ".tsv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"proceedings"}))
def test_every_type_and_special_character_comes_back(tmp_path, suffix, kind):
    records = pd.DataFrame([full_record(type=kind, authors_truncated=kind == "book")])
    again = round_trip(records, tmp_path / f"clean{suffix}")
    assert_same(again, records, (*FIELDS, "url"))


def test_proceedings_come_back_from_bibtex(tmp_path):
    records = pd.DataFrame([full_record(type="proceedings")])
    assert_same(round_trip(records, tmp_path / "clean.bib"), records)


def test_groups_stand_in_double_braces(tmp_path):
    records = pd.DataFrame([full_record(authors=[GROUP, *AUTHORS, STUDY_GROUP])])
    assert_same(round_trip(records, tmp_path / "clean.bib"), records)
    alone = pd.DataFrame([full_record(authors=[GROUP])])
    assert_same(round_trip(alone, tmp_path / "alone.bib"), alone)
    assert r"author = {{Health \& Co and Friends}}" in (tmp_path / "alone.bib").read_text("utf-8")


@pytest.mark.parametrize(
    ("written", "groups"),
    [
        ("{Google Brain}", [True]),
        ("{OpenAI} and Ng, Ana", [True, False]),
        ("{Academies of Sciences, Engineering, and Medicine}", [True]),
        ('{M{\\"u}ller Group of {ETH}} and {Ng, Ana}', [True, False]),
        ("{Ng, Ana and Li, Bo}", [False, False]),
        ("{Ng} Ana and Ana {van Ng}", [False, False]),
    ],
)
def test_a_name_all_in_braces_is_a_group(tmp_path, written, groups):
    (tmp_path / "a.bib").write_text(f"@misc{{a, title = {{T}}, author = {{{written}}}}}")
    (authors,) = read_records(tmp_path / "a.bib")["authors"]
    assert [author.get("group", False) for author in authors] == groups


def test_what_latex_reads(tmp_path):
    write_records(pd.DataFrame([full_record(authors_truncated=True)]), tmp_path / "clean.bib")
    text = (tmp_path / "clean.bib").read_text("utf-8")
    assert text.startswith("@article{Köpcke:2010-a,\n")
    escaped = r"50\% of R\&D\_x costs \$5 \#1 \textasciitilde{}a\textasciicircum{}b "
    assert (
        rf"title = {{{escaped}\textbackslash{{}}{{LaTeX}} «ü» of {{DNA}} in {{iPhones}}}}" in text
    )
    people = "van den Driessche, George and King, Jr, Martin L. and Köpcke, Łucja Żak"
    assert f"author = {{{people} and O'Neil-Ng, J.-P. and others}}" in text
    assert "pages = {484--493}" in text
    assert "month = oct" in text
    assert "doi = {10.5555/a_b(c)<1::x>2.0}" in text  # verbatim, as biblatex reads it
    assert "url = {https://example.org/a_b%20c#d?x=1&y=~z}" in text


@pytest.mark.parametrize(
    "title", ["a { b", "} a {", r"ends in \ ", r"\{", "a}}b", "%", "#{1", "{", "{1;2}_{n}"]
)
def test_braces_stay_balanced(tmp_path, title):
    record = full_record(title=title, venue=title, abstract=title, authors=[title])
    records = pd.DataFrame([record, full_record(record_id="next")])
    again = round_trip(records, tmp_path / "clean.bib")
    assert again["record_id"].tolist() == ["Köpcke:2010-a", "next"]
    for column in ("title", "venue", "abstract"):
        assert again[column][0] == title.strip()
    text = (tmp_path / "clean.bib").read_text("utf-8")
    depth = 0
    for brace in re.findall("[{}]", text):  # BibTeX counts escaped ones, too
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0


def test_keys_are_made_fit_and_stay_different(tmp_path):
    ids = ["Li, 2020 {a}", "Li 2020 a", "10.1/x(1)", "ok:key/1+2"]
    records = pd.DataFrame([full_record(record_id=one) for one in ids])
    again = round_trip(records, tmp_path / "clean.bib")
    assert again["record_id"].tolist() == ["Li_2020_a", "Li_2020_a_2", "10.1/x_1", "ok:key/1+2"]
    assert citation_key(" {} ") == "record"


@pytest.mark.parametrize("suffix", [".bib", ".ris"])
@pytest.mark.parametrize(
    ("year", "date", "read"),
    [
        (2014, "2014-12-05", "2014-12-05"),
        (2014, "2014-12", "2014-12"),
        (2014, "--12", "2014-12"),
        (2014, "--12-05", "2014-12-05"),
        (2014, "2013-12-05", "2014"),  # early access: the year is what is cited
        (2014, None, "2014"),
    ],
)
def test_dates(tmp_path, suffix, year, date, read):
    records = pd.DataFrame([full_record(year=year, date=date)])
    again = round_trip(records, tmp_path / f"clean{suffix}")
    assert (again["year"].tolist(), again["date"].tolist()) == ([year], [read])


def test_arxiv_and_merged_from_come_back(tmp_path):
    record = full_record(ids={"arxiv": "1706.03762"}, url=None, merged_from=["Köpcke:2010-a", "b"])
    records = pd.DataFrame([record])
    again = round_trip(records, tmp_path / "clean.bib")
    assert again["ids"].tolist() == [{"arxiv": "1706.03762"}]
    assert again["merged_from"].tolist() == [["Köpcke:2010-a", "b"]]
    assert "ids = {b}" in (tmp_path / "clean.bib").read_text("utf-8")
    assert round_trip(records, tmp_path / "clean.ris")["ids"].tolist() == [{"arxiv": "1706.03762"}]


@pytest.mark.parametrize("suffix", [".bib", ".ris"])
def test_other_columns_are_carried_through(tmp_path, suffix):
    record = full_record(publisher="A & B_C", keywords="x; y", **{"No Field": "z"})
    again = round_trip(pd.DataFrame([record]), tmp_path / f"clean{suffix}")
    assert again["publisher"].tolist() == ["A & B_C"]
    assert again["keywords"].tolist() == [["x", "y"]]
    twice = round_trip(again, tmp_path / f"twice{suffix}")
    first, second = (tmp_path / f"{name}{suffix}" for name in ("clean", "twice"))
    assert second.read_bytes() == first.read_bytes()
    assert twice["title"].tolist() == again["title"].tolist()


def test_missing_values_are_not_written(tmp_path):
    records = pd.DataFrame([{"record_id": "a", "title": "Only a title", "authors": None}])
    for suffix in (".bib", ".ris"):
        again = round_trip(records, tmp_path / f"bare{suffix}")
        assert_same(again.assign(type=None), records)
    text = (tmp_path / "bare.bib").read_text("utf-8")
    assert text == "@misc{a,\n\ttitle = {Only a title}\n}\n"


# No hyphens, of which two are a dash in TeX, and no ``, which our reader takes for the quotation
# mark that TeX makes of it.
LETTERS = "abcXYZ019{} äßŁéñøδ中.,:;?!'`()/<>|*+=@%&#_$^\\“”–"
TEXT = st.text(LETTERS, min_size=1, max_size=40).map(lambda t: f"A{' '.join(t.split())}b")
TEXT = TEXT.filter(lambda t: "``" not in t)
WORD = st.text("abcdeéöñ", min_size=2, max_size=8).map(str.capitalize).filter(str.isalpha)
PERSON = st.builds(lambda g, f: {"name": f"{f}, {g}", "given": g, "family": f}, WORD, WORD)
RECORD = st.fixed_dictionaries(
    {
        "title": TEXT,
        "authors": st.lists(PERSON, min_size=1, max_size=4),
        "authors_truncated": st.booleans(),
        "type": st.sampled_from(sorted(set(TYPES) - {"proceedings"})),
        "year": st.integers(1800, 2020),
        "venue": st.none() | TEXT,
        "volume": st.none() | st.integers(1, 99).map(str),
        "pages": st.sampled_from([None, "1", "e12", "1-20", "S1-S9"]),
        "abstract": st.none() | TEXT,
    }
)


@pytest.mark.parametrize("suffix", [".bib", ".ris"])
@settings(max_examples=40)
@given(rows=st.lists(RECORD, min_size=1, max_size=3))
def test_any_record_comes_back(tmp_path_factory, suffix, rows):
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    records = pd.DataFrame([row | {"record_id": f"key{k}"} for k, row in enumerate(rows)])
    assert_same(round_trip(records, path), records)


def test_nothing_is_left_behind_after_a_failure(tmp_path, monkeypatch):
    def fail(records, stream):
        stream.write(b"half")
        raise RuntimeError("full")

    monkeypatch.setitem(bibliography_writers.WRITERS, ".bib", fail)
    (tmp_path / "old.bib").write_text("old")
    with pytest.raises(RuntimeError):
        write_records(pd.DataFrame([full_record()]), tmp_path / "old.bib")
    assert [path.name for path in tmp_path.iterdir()] == ["old.bib"]
    assert (tmp_path / "old.bib").read_text() == "old"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("clean.txt", "found the suffix '.txt', expected one of .bib, .ris, .nbib"),
        ("clean", "found no suffix"),
        ("none/clean.bib", "does not exist"),
    ],
)
def test_a_path_that_can_not_be_written(tmp_path, name, told):
    with pytest.raises(InputError, match=re.escape(told)):
        write_records(pd.DataFrame([full_record()]), tmp_path / name)


HOSTILE = st.text(
    alphabet=st.sampled_from(
        "{}\"'\\,;|\t\r\n\x0b\x1c\x85\u2028\ud800\x00$%#&@=+-~ aB7é中\ufeff`<>[]()"
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(HOSTILE, HOSTILE, st.sampled_from([".bib", ".ris", ".csv", ".tsv", ".jsonl", ".parquet"]))
def test_whatever_stands_in_a_record_swallows_no_other(tmp_path_factory, one, other, suffix):
    columns = ("venue", "pages", "volume", "number", "abstract", "doi", "url", "carried")
    rows = [
        {"record_id": f"{one}k{n}", "title": f"{one} Moss {n} {other}", "authors": [f"Li {n}"]}
        | dict.fromkeys(columns, one if n else other)
        for n in range(3)
    ]
    path = tmp_path_factory.mktemp("written") / f"x{suffix}"
    write_records(pd.DataFrame(conform(pd.DataFrame(rows, dtype=object), set_aside=[])), path)
    again = read_records(path, set_aside=[])
    assert [f"Moss {n}" in title for n, title in enumerate(again["title"])] == [True] * 3
    assert ["Li" in str(people) for people in again["authors"]] == [True] * 3


@pytest.mark.parametrize("pages", ["x}\n}\n@misc{inj, title={in}", "}}", "{", "1--2}, title={No"])
def test_pages_can_not_end_an_entry(tmp_path, pages):
    records = pd.DataFrame([full_record(pages=pages), full_record(record_id="next")])
    again = round_trip(records, tmp_path / "clean.bib")
    assert again["record_id"].tolist() == ["Köpcke:2010-a", "next"]
    assert again["title"].tolist() == conform(records)["title"].tolist()


@pytest.mark.parametrize("field", ["title", "authors", "doi", "note"])
def test_half_a_surrogate_pair_anywhere_else(tmp_path, field):
    (tmp_path / "x.jsonl").write_text(f'{{"title": "T", "{field}": "a\\udc00b"}}\n')
    records = read_records(tmp_path / "x.jsonl", set_aside=[])
    for suffix in (".csv", ".parquet", ".bib", ".ris"):
        write_records(records, tmp_path / f"out{suffix}")
        assert len(read_records(tmp_path / f"out{suffix}", set_aside=[])) == 1


def test_half_a_surrogate_pair_in_an_id(tmp_path):
    (tmp_path / "x.jsonl").write_text(
        '{"record_id": "a\\ud800", "title": "T", "note": "\\udc00"}\n'
    )
    records = read_records(tmp_path / "x.jsonl")
    assert records["record_id"].tolist() == ["a\\ud800"]
    for suffix in (".bib", ".ris", ".csv", ".tsv", ".jsonl", ".parquet"):
        assert len(round_trip(records, tmp_path / f"y{suffix}")) == 1
