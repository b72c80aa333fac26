"""Years that stand in another field."""

import pytest

from linkage.text.notices import bare_title
from linkage.text.years import stated_year, without_year


@pytest.mark.parametrize(
    ("title", "venue", "year"),
    [
        ("(1989) On the growth of moss", "", 1989),
        ("Lee, W. 2000 . On the growth of moss", "", 2000),
        ("Lee (1997b). On the growth of moss", "", 1997),
        ("On the growth of moss, 1994", "", 1994),
        ("SQL : 1999 , formerly known as SQL3", "", None),
        ("The winter of 1947 and the moss", "", None),
        ("On the growth of moss", "Proc. of the 1998 conference on moss", 1998),
        ("On the growth of moss", "Moss 19981", None),
        ("", "", None),
    ],
)
def test_the_year_that_another_field_states(title, venue, year):
    assert stated_year(title, venue) == year


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        ("(1989) On the growth of moss", "On the growth of moss"),
        ("[1995a]. On moss", "On moss"),
        ("1984: a novel", "1984: a novel"),
        ("1991 new directions", "1991 new directions"),
        ("On moss (1989)", "On moss (1989)"),
    ],
)
def test_a_year_before_a_title_is_no_part_of_it(printed, bare):
    assert without_year(printed) == bare


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        ("Moss on stones. German Moose auf den Steinen", "Moss on stones."),
        ("Moss on stones? French", "Moss on stones?"),
        ("Moss on stones (article in Polish)", "Moss on stones"),
        ("Moss on stones. German rules for the care of it", None),
        ("Moss on the German coast", None),
        ("(1984)", None),
        ("(1989) Moss", None),
    ],
)
def test_a_language_and_the_original_title_behind_are_no_part_of_it(printed, bare):
    assert bare_title(printed).printed == (bare or printed)
