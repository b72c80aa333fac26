"""`schema.conform` and the cells it reads: any table becomes a canonical one, twice is once."""

import datetime
import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import InputError, Problem, SetAsideWarning
from linkage.records import cells as values
from linkage.records.author_cells import author_cell, is_packed
from linkage.records.packed_authors import AuthorLists, packed_lists
from linkage.records.record_types import record_type
from linkage.records.schema import RECORD_COLUMNS, TYPES, conform

NEXT_YEAR = datetime.date.today().year + 1


def test_the_least_that_a_user_may_pass() -> None:
    records = conform(pd.DataFrame({"title": ["A", None]}, index=[7, 9]))
    assert list(records.columns) == list(RECORD_COLUMNS)
    assert records["record_id"].tolist() == ["row:1", "row:2"]
    assert records.index.tolist() == [7, 9]
    assert str(records["year"].dtype) == "Int64"
    assert records["authors_truncated"].tolist() == [False, False]
    assert records["title"].tolist() == ["A", None]
    assert records["ids"].tolist() == [{}, {}]


PIECES = ["a", "B ", " ", "&amp;", "é", "e\u0301", "\t", "NA", "null", "\u00a0", "1", "\x1f"]


@given(st.lists(st.none() | st.lists(st.sampled_from(PIECES), max_size=3).map("".join)))
def test_packed_texts_are_read_as_each_by_itself(texts: list[str | None]) -> None:
    column = pa.chunked_array([pa.array(texts[:2], pa.string()), pa.array(texts[2:], pa.string())])
    assert values.packed_texts(column).tolist() == list(map(values.text, texts))
    packed = pd.DataFrame({"title": pd.arrays.ArrowExtensionArray(column)})
    assert conform(packed)["title"].tolist() == list(map(values.text, texts))


def test_raw_strings_and_numbers() -> None:
    raw = pd.DataFrame(
        {
            "record_id": [1.0, 2.0],
            "title": ["A &amp; B", "C\n  D"],
            "authors": ["Example, Ada; Muster, Bo; et al.", ["Ada Example"]],
            "year": [2016.0, np.nan],
            "volume": [12.0, np.nan],
            "doi": ["https://doi.org/10.48550/arXiv.1706.00001", None],
            "extra": [object, 3],
        }
    )
    before = raw.copy(deep=True)
    records = conform(raw)
    assert records["record_id"].tolist() == ["1", "2"]
    assert records["title"].tolist() == ["A & B", "C D"]
    assert records["authors_truncated"].tolist() == [True, False]
    assert [len(cell) for cell in records["authors"]] == [2, 1]
    assert records["year"].tolist() == [2016, pd.NA]
    assert records["volume"].tolist() == ["12", None]
    assert records["doi"].iloc[0] == "10.48550/arxiv.1706.00001"
    assert records["ids"].iloc[0] == {"arxiv": "1706.00001"}
    assert records["extra"].tolist() == [object, 3]
    pd.testing.assert_frame_equal(raw, before)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (["a list"], "expected a pandas DataFrame"),
        (pd.DataFrame({"name": ["x"]}), "no column 'title' among the columns: name"),
        (pd.DataFrame({"title": ["T", "U"], "record_id": ["1", 1]}), "'1' stands in rows 1, 2"),
        (pd.DataFrame({"title": ["T", "U"], "record_id": ["1", None]}), "row 2 .* no record_id"),
        (pd.DataFrame([[1, 2]], columns=["title", "title"]), "'title' twice"),
    ],
)
def test_tables_that_can_not_be_used(raw: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        conform(raw)


def test_problems_go_to_the_list_or_into_one_warning() -> None:
    raw = pd.DataFrame({"title": ["T", "U"], "year": ["20244", "-5"], "source": ["s", "s"]})
    problems: list[Problem] = []
    conform(raw, set_aside=problems)
    assert [(p.source, p.where, p.kept) for p in problems] == [
        ("s", f"row:{n}", True) for n in (1, 2)
    ]
    with pytest.warns(SetAsideWarning, match="20244"):
        conform(raw)


CELLS = st.one_of(
    st.none(),
    st.just(float("nan")),
    st.text(max_size=20),
    st.integers(-10, 30000),
    st.sampled_from(["&amp;amp;lt;", "N/A", "NA", "null", "Oct 20, 2018", "c2004", "Feb 5", "[1]"]),
    st.sampled_from(
        ["10.1000/a%2Fb", "doi:10.1000/X).", "arXiv:1706.00001v2", "1234-5678", "true"]
    ),
    st.sampled_from(["Example, Ada and Muster, Bo", "Levy, NA", "Muster BX, et al.", "{}", "[]"]),
)
AUTHORS = st.lists(
    st.one_of(
        CELLS,
        st.dictionaries(
            st.sampled_from(["name", "given", "family", "affiliation", "orcid", "group", "other"]),
            st.one_of(
                st.none(), st.text(max_size=8), st.sampled_from(["van den Berg", "NA", "Li"])
            ),
        ),
    ),
    max_size=3,
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {name: CELLS for name in RECORD_COLUMNS if name not in {"record_id", "authors"}}
            | {"authors": st.one_of(CELLS, AUTHORS)}
        ),
        min_size=1,
        max_size=3,
    )
)
def test_conform_is_idempotent(rows: list[dict[str, Any]]) -> None:
    once = conform(pd.DataFrame(rows, dtype=object), set_aside=[])
    problems: list[Problem] = []
    twice = conform(once, set_aside=problems)
    assert str(once.to_dict()) == str(twice.to_dict())  # as text, so that NaN equals NaN
    assert problems == []


@pytest.mark.parametrize(
    ("printed", "date", "year"),
    [
        ("2018-10-20", "2018-10-20", 2018),
        ("1999/08//undefined", "1999-08", 1999),
        ("Oct 20, 2018", "2018-10-20", 2018),
        ("20 Oct 2018", "2018-10-20", 2018),
        ("Feb 5", "--02-05", None),
        ("--02-05", "--02-05", None),
        ("c2004", "2004", 2004),
        ("(1996).", "1996", 1996),
        ("13/04/2018", "2018-04-13", 2018),
        ("03/04/2018", "2018", 2018),
        ("MAR-APR 2010", "2010", 2010),
        ("2019 Dec 3-5", "2019-12", 2019),
        ("Feb 30 2010", "2010-02", 2010),
        ("1998-1999", "1998", 1998),
        ("2010-03-04T00:00:00Z", "2010-03-04", 2010),
        (pd.Timestamp("2010-03-04"), "2010-03-04", 2010),
        (2016.0, "2016", 2016),
        (NEXT_YEAR, str(NEXT_YEAR), NEXT_YEAR),
        (NEXT_YEAR + 5, None, None),
        ("20244", None, None),
        ("-5", None, None),
        ("999", None, None),
        (None, None, None),
    ],
)
def test_dates(printed: object, date: str | None, year: int | None) -> None:
    assert (values.date(printed), values.year(printed)) == (date, year)


@pytest.mark.parametrize(
    ("printed", "doi"),
    [
        ("https://doi.org/10.1000/XYZ.", "10.1000/xyz"),
        ("doi:10.1016/S0140-6736(05)12345-6).", "10.1016/s0140-6736(05)12345-6"),
        ("10.1002/(SICI)1(1998)17<1::A>3.0.CO;2-2", "10.1002/(sici)1(1998)17<1::a>3.0.co;2-2"),
        ("10.1000%2Fabc", "10.1000/abc"),
        ("10.1162/", None),
        ("no doi", None),
    ],
)
def test_dois(printed: str, doi: str | None) -> None:
    assert values.doi(printed) == doi


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("arxiv", "https://arxiv.org/abs/hep-th/9901001v2", "hep-th/9901001"),
        ("arxiv", "arXiv:1706.00001v5", "1706.00001"),
        ("pmid", "PMID: 123", "123"),
        ("pmcid", "123", "PMC123"),
        ("issn", "1234567x", "1234-567X"),
        ("isbn", "978-0-13-468599-1", "9780134685991"),
        ("other", " kept  as is ", "kept as is"),
    ],
)
def test_identifiers(kind: str, raw: str, expected: str) -> None:
    once = values.ids({kind: raw})
    assert once == {kind: expected}
    assert values.ids(once) == once


@pytest.mark.parametrize(
    "printed",
    [
        "1234-5678 978-3-16-148410-0",
        "978-3-16-148410-0 1234-5678",
        "1234-5678 9783161484100",
        "1234-5678 3-16-148410-0",
        "1234-5678 (Print); 978 3 16 148410 0",
    ],
)
def test_an_issn_is_no_part_of_an_isbn_beside_it(printed: str) -> None:
    found = values.issn_isbn(printed)
    assert found["issn"] == "1234-5678"
    assert found["isbn"] in ("9783161484100", "3161484100")


def test_author_cells() -> None:
    assert author_cell(None).authors is None
    assert author_cell(np.array(["Ada Example"], dtype=object)).authors is not None
    assert author_cell(["Ada Example", "et al."]).truncated
    assert len(author_cell(["x@example.org x@example.org", "Ada Example"]).authors or []) == 2
    assert author_cell("[Anonymous]").authors is not None
    assert author_cell([{"given": "Plato"}]).authors == [{"name": "Plato", "family": "Plato"}]


_TEXTS = st.none() | st.sampled_from(
    ["", "NA", "Ana Li", "Li, Ana B.", "Smith JB", "van den Berg", "  Ana Li", "x@a.org", "Ma"]
)
_OBJECTS = st.none() | st.fixed_dictionaries(
    {"name": _TEXTS, "given": _TEXTS, "family": _TEXTS, "group": st.none() | st.booleans()}
)
_KINDS = (pa.list_, pa.large_list)


@pytest.mark.parametrize(
    ("person", "names"),
    [
        # the names of PubMed, of S2ORC, and of tables that people made
        ({"LastName": "Abel", "ForeName": "Ann B", "Initials": "AB"}, [("Ann B", "Abel")]),
        ({"LastName": "Abel", "Initials": "AB"}, [("AB", "Abel")]),
        ({"first": "Ann", "middle": ["B.", "C."], "last": "Abel"}, [("Ann B. C.", "Abel")]),
        ({"Given Names": "Ann", "Family-Name": "Abel"}, [("Ann", "Abel")]),
        ({"CollectiveName": "The Moss Trial"}, [(None, None)]),
        # several in one name
        ({"literal": "Smith J; Doe A"}, [("J", "Smith"), ("A", "Doe")]),
        ({"name": "Smith J; Doe A", "group": True}, [("J", "Smith"), ("A", "Doe")]),
        ({"name": "Moss Dept; Fern Institute", "group": True}, [(None, None)]),
        ({"name": "Smith, Jan", "family": "Smith", "given": "Jan"}, [("Jan", "Smith")]),
        # people may be called so
        ({"family": "Null", "given": "Ann"}, [("Ann", "Null")]),
        ({"family": "nan", "given": "Ann"}, [(None, "Ann")]),
        ({"family": "None", "given": "None"}, []),
    ],
)
def test_author_objects(person: dict[str, Any], names: list[tuple[str | None, str | None]]) -> None:
    read = author_cell([person]).authors
    assert [(one.get("given"), one.get("family")) for one in read or []] == names


def test_an_affiliation_beside_several_is_of_each() -> None:
    listed = [{"Name": "Smith J; Doe A", "AffiliationInfo": [{"Affiliation": "Moss Univ"}]}]
    read = author_cell(listed).authors
    assert [one["affiliation"] for one in read or []] == ["Moss Univ", "Moss Univ"]


@given(
    st.lists(st.none() | st.lists(_OBJECTS, max_size=3), max_size=4),
    st.sampled_from([("name",), ("name", "group"), ("given", "family", "name"), ("family",)]),
    st.sampled_from(_KINDS),
)
def test_packed_authors_are_read_as_those_unpacked(
    cells: list[Any], fields: tuple[str, ...], kind: Any
) -> None:
    types = [(field, pa.bool_() if field == "group" else pa.string()) for field in fields]
    column = pa.chunked_array([cells[:1], cells[1:]], kind(pa.struct(types)))
    assert is_packed(pd.ArrowDtype(column.type))
    expected = [author_cell(cell) for cell in column.to_pandas().tolist()]
    lists, more = packed_lists(column)
    read = lists.tolist()
    assert str(read) == str([cell.authors for cell in expected])  # the fields in the same order too
    said = {row: cell[1:] for row, cell in enumerate(expected) if any(cell[1:])}
    assert {row: cell[1:] for row, cell in more.items() if any(cell[1:])} == said
    assert AuthorLists.of(read).tolist() == read
    people = [person for cell in read for person in cell or ()]
    assert len(set(map(id, people))) == len(people), "a user may change one of them"


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.string()),
        pa.list_(pa.struct([("name", pa.string()), ("affiliation", pa.list_(pa.string()))])),
        pa.string(),
        pa.list_(pa.struct([])),
    ],
)
def test_other_packed_columns_are_read_cell_by_cell(kind: pa.DataType) -> None:
    assert not is_packed(pd.ArrowDtype(kind))
    assert not is_packed(np.dtype(object))


@given(st.lists(st.sampled_from([None, "1", 1, 1.0, True, "NA", "", " a&amp;b", float("nan")])))
def test_each_distinct_reads_what_reading_each_cell_gives(cells: list[Any]) -> None:
    assert values.each_distinct(cells, values.text) == list(map(values.text, cells))


@given(
    st.lists(
        st.sampled_from(
            "arxiv arXıv ARXIV.ORG /abs/ . : 1706.00001 10.48550/ nih pubmed.ncbi.nlm.nih.gov/ "
            "ncbi.nlm.nıh.gov/pmc/articles/PMC 12 articles/".split()
        ),
        max_size=5,
    ).map("".join)
)
def test_the_identifiers_of_a_link_are_those_that_its_marks_tell(link: str) -> None:
    found: dict[str, str] = {}
    for kind, mark in values._LINKED_ID.items():
        if match := mark.search(link):
            found = values._identifier(kind, link[match.end() :]) | found
    assert values.linked_ids(None, link) == found


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("Journal Article", "article"),
        ("JOUR", "article"),
        ("conferencePaper", "inproceedings"),
        ("Conference Abstract", "abstract"),
        ("phdthesis", "thesis"),
        ("something new", "misc"),
        (None, None),
    ],
)
def test_record_types(printed: str | None, kind: str | None) -> None:
    assert record_type(printed) == kind


@pytest.mark.parametrize("kind", TYPES)
def test_types_mean_themselves(kind: str) -> None:
    assert record_type(kind) == kind


def test_an_id_is_kept_as_it_stands() -> None:
    records = conform(pd.DataFrame({"record_id": [" NA ", "a&amp;b"], "title": ["T", "U"]}))
    assert records["record_id"].tolist() == ["NA", "a&amp;b"]


def test_a_name_of_very_many_letters_is_told_and_kept():
    problems = []
    long = f"Abendroth{'x' * 300}, Ana"
    records = pd.DataFrame({"title": ["T", "U"], "authors": [long, "Brzezicki, Boris"]})
    found = conform(records, set_aside=problems)
    assert found["authors"][0][0]["name"] == long
    assert [(p.where, p.kept) for p in problems] == [("row:1", True)]
    assert "309 letters" in problems[0].found
    conform(found, set_aside=problems)
    assert len(problems) == 1, "told once, not each time"


@pytest.mark.parametrize(
    ("printed", "kept", "note"),
    [
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097", "an address"),
        ("0000000218250097", "0000-0002-1825-0097", "no hyphens"),
        ("0000-0002-1694-233x", "0000-0002-1694-233X", "a lower-case x"),
        (" 0000 0002 1825 0097", "0000-0002-1825-0097", "blanks"),
        (["0000-0002-1825-0097"], "0000-0002-1825-0097", "a list of one"),
    ],
)
@pytest.mark.parametrize("shape", ["objects", "JSON"])
def test_orcids_in_all_writings(printed, kept, note, shape):
    authors = [{"name": "Ana Bell", "ORCID": printed}, {"name": "Ben Cole", "orcid-id": printed}]
    cell = authors if shape == "objects" else json.dumps(authors)
    told = []
    (found,) = conform(pd.DataFrame([{"title": "Moss", "authors": cell}]), set_aside=told)[
        "authors"
    ]
    assert [author["orcid"] for author in found] == [kept, kept], note
    assert not told


@pytest.mark.parametrize(
    ("printed", "kept", "note"),
    [
        ("0000-0002-1825-0079", "0000-0002-1825-0079", "two digits changed places: as it stands"),
        ("0000-0000-0000-0000", None, "stands for none"),
        ("1234", None, "no ORCID"),
        ("0000-0002-1825-0097; 0000-0001-5109-3700", "0000-0002-1825-0097", "two: the first"),
        ("0000-0002-1825-0079 0000-0001-5109-3700", "0000-0001-5109-3700", "the right one of two"),
    ],
)
def test_a_wrong_orcid_is_told(printed, kept, note):
    told = []
    authors = [{"name": "Ana Bell", "orcid": printed}]
    records = conform([{"record_id": "a", "title": "Moss", "authors": authors}], set_aside=told)
    assert records["authors"][0][0].get("orcid") == kept, note
    (problem,) = told
    assert "'Ana Bell'" in problem.found
    assert printed in problem.found
    again = []
    conform(records, set_aside=again)
    assert not again


@pytest.mark.parametrize("printed", ["", None, float("nan"), "n/a"])
def test_no_orcid_is_no_problem(printed):
    told = []
    conform([{"title": "Moss", "authors": [{"name": "Ana", "orcid": printed}]}], set_aside=told)
    assert not told
