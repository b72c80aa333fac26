"""Page ranges."""

from hypothesis import given
from hypothesis import strategies as st

from linkage.text import pages as places


@given(st.lists(st.sampled_from(["1", "23", "0", "-", "–", "e", "pp", "a", ",", ":"])).map("".join))
def test_pages_that_need_no_cleaning_are_as_if_cleaned(pages):
    if places._PLAIN.fullmatch(pages):
        assert places._clean_pages(pages) == pages
