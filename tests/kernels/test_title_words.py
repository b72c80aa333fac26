"""The rarest unshared word of many pairs, compiled and as it stands: as pair by pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.features.columns import Words
from linkage.features.title import title_rarest_unshared_word
from linkage.text import unshared_words
from tests.helpers.kernels import FORMS, kernel

# misspelt, joined, split, swapped, one in another, short, and of other letters
WORDS = st.sampled_from(
    "moss moss2 msos website web site sites gametophyte gametophytes gamethophyte fern fren of fo "
    "a i ii subalpine alpine sub m\u00f6ss m\u00f6s mossfern kelp kelps growth growht 12 21".split()
) | st.text(alphabet="abc", min_size=1, max_size=6)  # fmt: skip
TITLES = st.lists(st.lists(WORDS, unique=True, max_size=7), min_size=1, max_size=5)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=150)
@given(TITLES, st.data())
def test_the_rarest_unshared_word_is_found_as_pair_by_pair(form, titles, data):
    words = Words.of(titles)
    weight = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9])
    weights = data.draw(st.lists(weight, min_size=len(words.words), max_size=len(words.words)))
    words = words.weighted(np.array(weights))
    first, second = (rows.ravel() for rows in np.indices((len(titles),) * 2))
    expected = [
        title_rarest_unshared_word(words[a], words[b])
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
    ]
    module = kernel("title_words", form)
    for some in (None, module):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(unshared_words, "compiled", lambda _, some=some: some)
            found = unshared_words.rarest_unshared(words[first], words[second])
        assert found.tolist() == expected
