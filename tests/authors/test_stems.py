"""Stems of words, coded lot by lot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.authors import stems
from linkage.features.columns import Words
from linkage.text.folding import fold

WORD = st.text("ab0z", max_size=9) | st.sampled_from(["clusters", "clustering", "caf&eacute;"])
TEXT = st.none() | st.lists(WORD, max_size=6).map(" ".join).map(fold)


@given(st.lists(TEXT, max_size=9), st.integers(1, 4))
def test_stems_of_many_texts_are_those_of_each(texts, together):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stems, "_TEXTS", together)
        found = stems.stem_sets(texts)
    expected = Words.of(map(stems.stems, texts))
    assert found.words.tolist() == expected.words.tolist()
    assert found.matrix.shape == expected.matrix.shape
    for name in ("data", "indices", "indptr"):
        one, other = getattr(found.matrix, name), getattr(expected.matrix, name)
        assert np.array_equal(one, other)
        assert one.dtype == other.dtype
