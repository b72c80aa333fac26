"""Cutting author strings: the hard ones, and the laws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.names.parse import parse_name, split_authors

DATA = Path(__file__).parent / "data"
STRINGS = json.loads((DATA / "author_strings.json").read_text("utf-8"))
NAMES = sorted(
    {
        name.name
        for pair in json.loads((DATA / "hard_names.json").read_text("utf-8"))
        for name in (parse_name(pair["a"]), parse_name(pair["b"]))
    }
)


@pytest.mark.parametrize("case", STRINGS, ids=[case["text"] or "empty" for case in STRINGS])
def test_hard_strings(case: dict[str, Any]) -> None:
    names, truncated = split_authors(case["text"])
    assert [[name.family, name.given] for name in names] == case["names"], case["note"]
    assert truncated == case["truncated"]


@given(st.text(max_size=60) | st.lists(st.sampled_from([*NAMES, ",", "and", ";", "et al."])))
def test_any_text_can_be_split(text: str | list[str]) -> None:
    printed = text if isinstance(text, str) else " ".join(text)
    assert all(name.family for name in split_authors(printed).names)


@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=6))
def test_names_joined_by_semicolons_come_back(printed: list[str]) -> None:
    names = [parse_name(name) for name in printed]
    again = split_authors("; ".join(name.name for name in names))
    assert again.names == names
    assert not again.truncated


PLAIN = st.sampled_from(["Ann Bell", "Carl B. Dorn", "Eve Foss", "Jo Le Gall", "Kim van Dam"])


@given(st.lists(PLAIN, min_size=3, max_size=6), st.sampled_from([" and ", ", and ", " & ", ", "]))
def test_the_last_comma_or_and_does_not_matter(printed: list[str], last: str) -> None:
    text = ", ".join(printed[:-1]) + last + printed[-1]
    assert split_authors(text).names == [parse_name(name) for name in printed]
    assert split_authors(text + " et al.").truncated


@given(st.lists(PLAIN, min_size=2, max_size=6), st.sampled_from(["; ", " and ", "\n", " | ", ", "]))
def test_shapes_agree(printed: list[str], separator: str) -> None:
    assert split_authors(separator.join(printed)).names == [parse_name(name) for name in printed]
