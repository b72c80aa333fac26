"""Numbers and subtitles of titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.text import titles
from linkage.text.folding import fold

_TITLE_WORDS = st.lists(
    st.sampled_from(
        "part case ii iv two 1 12 3rd x the der of women in vivo ²nd é beta no series".split()
    ),
    max_size=6,
).map(" ".join)


@given(_TITLE_WORDS)
def test_titles_without_numbers_are_told_quickly_and_rightly(title):
    with pytest.MonkeyPatch.context() as patch:
        found = titles.numbers(title)
        patch.setattr(titles, "_may_count", lambda words: True)
        assert titles.numbers(title) == found


@given(st.lists(st.sampled_from(["Moss", "fern", " ", "\t", *":?!.-–—"]), max_size=9).map("".join))
def test_the_main_title_is_what_stands_before_the_first_subtitle(printed):
    head = titles._SUBTITLE.split(printed, maxsplit=1)[0]
    whole = head == printed or len(head.split()) < 2
    assert titles.main_title(printed, fold(printed)) == (fold(printed if whole else head) or None)


@pytest.mark.parametrize(
    ("title", "generic"),
    [
        ("Short notices", True),
        ("Publications received", True),
        ("Editorial: Volume 11, Number 2", True),
        ("Instructions to authors", True),
        ("Book reviews of moss", False),
        ("Volume of the brain", False),
    ],
)
def test_titles_of_furniture_only_say_nothing_of_a_subject(title, generic):
    assert titles.is_generic(fold(title)) is generic
