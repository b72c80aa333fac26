"""Words numbered by one loop, compiled and as it stands: as Arrow splits and numbers them."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.text import words
from linkage.text.words import word_sets, words_in_turn
from tests.helpers.kernels import FORMS, kernel

TEXT = st.none() | st.lists(
    st.sampled_from(["moss", "mos", "s", "", "é", "alga", "x" * 40]), max_size=6
).map(" ".join)
TEXTS = st.lists(TEXT, max_size=6)


def tokens_by(form, texts, most):
    module = None if form is None else kernel("tokens", form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "compiled", lambda _: module)
        found = words_in_turn(texts, most)
        return found, word_sets(found).matrix


def check(form, texts, most):
    (found, sets), (expected, plain) = (tokens_by(one, texts, most) for one in (form, None))
    assert found.codes.tolist() == expected.codes.tolist()
    assert found.codes.dtype == expected.codes.dtype == np.int32
    assert found.ends.tolist() == expected.ends.tolist()
    assert found.vocabulary.to_pylist() == expected.vocabulary.to_pylist()
    assert sets.indices.tolist() == plain.indices.tolist()
    assert sets.indptr.tolist() == plain.indptr.tolist()


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(texts=TEXTS, most=st.none() | st.integers(1, 4))
def test_words_are_numbered_as_by_arrow(form, texts, most):
    check(form, texts, most)


def test_very_many_words_are_all_told_apart():
    texts = [" ".join(f"w{k * n}" for k in range(50)) for n in range(200)]
    check("compiled", texts, None)
    check("compiled", pa.array(texts)[7:90], 30)
