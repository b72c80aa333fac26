"""Plain texts folded by one loop, compiled and as it stands: as each is folded by itself."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.text import folding
from linkage.text.folding import fold, folded
from tests.helpers.kernels import FORMS, kernel

PIECES = [*map(chr, range(128)), "Moss", "é", "α", "Ã¶", "\u2019", "&amp;", "<i>", "{\\'e}", "ß"]
PIECES += ["β", "Αθ", "µ", "«", "½", "ŉ", "~", "--", "–", "…", "Ã", "¨", "e\u0301", "中", "𝒂", "İ"]
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


letters = st.characters(max_codepoint=0x2100, exclude_categories=["Cs"])
WHATEVER = st.text(letters | st.sampled_from("a β é-'~"), max_size=6)


@settings(max_examples=300)
@given(st.lists(TEXTS | WHATEVER, max_size=6))
def test_compiled_texts_are_folded_as_one_by_one(texts):
    assert folded_by("compiled", pa.array(texts, pa.string())) == list(map(fold, texts))


def test_each_letter_is_spelled_beside_others_as_by_itself():
    letters = [chr(code) for code in range(0x2400) if not 0xD800 <= code < 0xE000]
    texts = [f"a{one}{other}B" for one in letters for other in ("", "é", "\u2019", "β")]
    assert folded(pa.array(texts)).to_pylist() == list(map(fold, texts))
