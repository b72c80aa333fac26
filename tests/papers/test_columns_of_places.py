"""Places of whole columns are what is read of each record."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.papers.prepare import read_papers
from linkage.records.schema import conform
from linkage.text.pages import place
from tests.helpers.records import table

PIECES = "1 12 07 203 ( ) - – , S s XIV Suppl pt e . pp :".split()
FIELDS = st.none() | st.lists(st.sampled_from([*PIECES, " "]), max_size=6).map("".join)
PLACES = st.sampled_from([
    ("12(3)", "e5", None), ("12 (Suppl 2)", None, "45-9"), ("3)", None, "52"),
    ("XIV", "S1", "S12-3"), ("7", "3-4", "1-9, 12-15"), ("7", "3", "1"), ("0", "0", "0"),
])  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.tuples(FIELDS, FIELDS, FIELDS) | PLACES, min_size=1, max_size=5))
def test_fields_are_read_as_one_by_one(fields):
    names = ("volume", "number", "pages")
    records = [
        {"record_id": f"r{k}", "title": "Moss on stones"} | dict(zip(names, one, strict=True))
        for k, one in enumerate(fields)
    ]
    conformed = conform(table(*records), set_aside=[])
    columns = read_papers(conformed)
    expected = [place(*one) for one in conformed[[*names]].itertuples(index=False)]
    for name in ("volume", "number", "page", "page_end", "part"):
        assert columns[name].tolist() == [getattr(one, name) for one in expected]
    assert columns["later_pages"].tolist() == [one.starts[1:] or None for one in expected]
