"""Folding text to plain words."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.text import folding
from linkage.text.folding import fold

CASES = json.loads((Path(__file__).parent / "data" / "hard_folding.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["fold"], ids=lambda case: case["note"])
def test_fold(case):
    assert fold(case["printed"]) == case["folded"]


@given(st.text())
def test_fold_gives_words_of_lower_case_ascii_and_is_idempotent(text):
    folded = fold(text)
    assert all(
        word.isascii() and word.isalnum() and word == word.lower() for word in folded.split()
    )
    assert folded == " ".join(folded.split())
    assert fold(folded) == folded


@given(
    st.lists(st.sampled_from(["&eacute;", "&amp;", "&#xdf;", "é", "a ", "<b>", r"\'e", "{", "}"]))
)
def test_entities_give_ascii_too(parts):
    folded = fold("".join(parts))
    assert folded.isascii()
    assert fold(folded) == folded


@given(st.text(alphabet="aB1 -'`~\\${}&<>;\n\t\0\x1fé", max_size=12))
def test_plain_text_is_folded_at_once_as_it_would_be_step_by_step(text):
    assert fold(text) == folding._fold_any(text)


@given(st.text())
def test_only_what_is_not_ascii_is_transliterated(text):
    encoded = text.encode("ascii", folding._TRANSLITERATED)
    assert encoded.decode("ascii") == text.translate(folding._ASCII)
