"""Page ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.text import pages as places


@given(st.lists(st.sampled_from(["1", "23", "0", "-", "–", "e", "pp", "a", ",", ":"])).map("".join))
def test_pages_that_need_no_cleaning_are_as_if_cleaned(pages):
    if places._PLAIN.fullmatch(pages):
        assert places._clean_pages(pages) == pages


@pytest.mark.parametrize(
    ("volume", "number", "pages", "part"),
    [
        ("88 Suppl 1", None, "3-14", "supplement"),
        ("12(Suppl 2)", None, "45-49", "supplement"),
        ("30", "S3", "51", "supplement"),
        ("57", "4 Supplement", None, "supplement"),
        ("57", "4", "S12-20", "supplement"),
        ("57", "4", "12-20", "issue"),
        ("57", None, "456-467", "issue"),
        ("57", None, "456", None),  # an abstract of a meeting or the start of an article
        ("3)", None, "52", None),  # what is left of "30 (Suppl. 3)"
        ("57", "12 pt 2", "52", None),
        ("S57", None, "A12", None),
    ],
)
def test_in_a_supplement_or_in_an_issue(volume, number, pages, part):
    assert places.place(volume, number, pages).part == part
