"""What of two values is marked: hard cases as data, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.review.comparing import ALIKE, DIFFERS, ONE_SIDE, SAME, compare

CASES = [
    ("Moss in Galicia", "MOSS in Galícia.", False, ALIKE, [], [], "capitals and accents: nothing"),
    ("Moss", "Moss", False, SAME, [], [], "equal"),
    ("Moss", None, False, ONE_SIDE, [], [], "missing is not different"),
    ("K. Quintero", "Kavita Quintero", False, DIFFERS, [], ["avita"], "an initial and its name"),
    ("Moss I", "Moss II", False, DIFFERS, [], ["I"], "a part number by its letter"),
    ("Hidden moss", "Hidden lichen", False, DIFFERS, ["moss"], ["lichen"], "words unlike"),
    ("Colour of moss", "Color of moss", False, DIFFERS, ["u"], [], "one letter"),
    ("Moss", "Moss: a reply to Mbeki", False, DIFFERS, [], ["a reply to Mbeki"],
     "words on one side, with the blanks between them"),
    ("12-19", "12-20", True, DIFFERS, ["19"], ["20"], "pages from where they differ"),
    ("10.24/hicss.433", "10.1/isre.433", True, DIFFERS, ["24/hicss"], ["1/isre"],
     "an id as one piece, no confetti"),
    ("1818", "18", True, DIFFERS, ["18"], [], "the same letters count once"),
    ("ABC", "abc", True, ALIKE, [], [], "a DOI's capitals"),
    ("12.3", "123", True, DIFFERS, ["."], [], "punctuation counts in what is exact"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "exact", "state", "a", "b", "why"), CASES)
def test_what_is_marked(left, right, exact, state, a, b, why):
    found = compare("x", left, right, exact)
    marks = [[part.text for part in side or () if part.marked] for side in found[2:]]
    assert (found.state, *marks) == (state, a, b), why


@given(st.text(max_size=40), st.text(max_size=40), st.booleans())
def test_the_parts_are_the_whole_and_neither_side_comes_first(left, right, exact):
    found, turned = compare("x", left, right, exact), compare("x", right, left, exact)
    for text, side in ((left, found.left), (right, found.right)):
        assert "".join(part.text for part in side or ()) == text
    assert found.state == turned.state
