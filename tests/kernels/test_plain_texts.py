"""Plain texts folded by one loop, compiled and as it stands: as each is folded by itself."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.text import folding
from linkage.text.folding import fold, folded
from tests.helpers.kernels import FORMS, kernel

PIECES = [*map(chr, range(128)), "Moss", "é", "α", "Ã¶", "\u2019", "&amp;", "<i>", "{\\'e}", "ß"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


def folded_by(form, texts):
    module = None if form is None else kernel("plain_texts", form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folding, "compiled", lambda _: module)
        return folded(texts).to_pylist()


@pytest.mark.parametrize("form", [None, *FORMS])
def test_texts_are_folded_as_one_by_one(form):
    texts = ["", *PIECES, *(f" O'{piece} Moss-{piece}x." for piece in PIECES)]
    assert folded_by(form, pa.array(texts)) == list(map(fold, texts))
    assert folded_by(form, pa.array(texts)[7:20]) == list(map(fold, texts[7:20]))


@settings(max_examples=200)
@given(st.lists(TEXTS, max_size=6))
def test_compiled_texts_are_folded_as_one_by_one(texts):
    assert folded_by("compiled", pa.array(texts, pa.string())) == list(map(fold, texts))
