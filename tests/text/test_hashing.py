"""Hashes of letters are equal where the letters are, by NumPy, compiled and as it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.text import hashing
from linkage.text.hashing import LetterHashes
from tests.helpers.kernels import FORMS, kernel

TEXTS = st.lists(st.text(alphabet="ab \u00e9\u4e2d\U0001f600", max_size=9), max_size=8)


def hashed(form, texts, part):
    module = None if form is None else kernel("letter_hashes", form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "compiled", lambda _: module)
        patch.setattr(hashing, "_TEXTS", 3)
        return LetterHashes.of(texts, part)


# as it stands Python tells of numbers that go round, as they are meant to
@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
@pytest.mark.parametrize("form", [None, *FORMS])
@settings(max_examples=60)
@given(TEXTS, st.integers(1, 5))
def test_hashes_are_equal_where_the_letters_are(form, texts, part):
    found = hashed(form, texts, part)
    letters = [text.replace(" ", "") for text in texts]
    assert found.sizes.tolist() == list(map(len, letters))
    for hashes, pieces in [
        (found.whole, letters),
        (found.start, [text[:part] for text in letters]),
        (found.end, [text[-part:] for text in letters]),
    ]:
        one, other = hashes.tolist(), dict(zip(pieces, hashes.tolist(), strict=True))
        assert one == [other[piece] for piece in pieces]
        assert len(set(one)) == len(set(pieces))


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(TEXTS, st.integers(1, 5))
def test_compiled_hashes_are_those_of_numpy(form, texts, part):
    found, expected = hashed(form, texts, part), hashed(None, texts, part)
    assert [column.tolist() for column in found] == [column.tolist() for column in expected]


def test_a_part_has_one_hash_wherever_it_stands():
    found = LetterHashes.of(["moss and fern", "fern", "fern and kelp"], 4)
    assert found.end[0] == found.start[1] == found.end[1] == found.start[2] == found.whole[1]
    assert len({*found.whole.tolist(), found.end[2], found.start[0]}) == 5
