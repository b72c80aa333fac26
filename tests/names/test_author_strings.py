"""Cutting author strings: the hard ones, and the laws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.names.braces import split_at_and
from linkage.names.parse import parse_name, split_authors
from linkage.records.author_cells import author_cell

DATA = Path(__file__).parent / "data"
STRINGS = json.loads((DATA / "author_strings.json").read_text("utf-8"))
EVIDENCE = json.loads((DATA / "author_evidence.json").read_text("utf-8"))
ITEMS = json.loads((DATA / "author_items.json").read_text("utf-8"))
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


@pytest.mark.parametrize("case", EVIDENCE, ids=[case["note"] for case in EVIDENCE])
def test_evidence_beside_names_is_kept(case: dict[str, Any]) -> None:
    kept = ("family", "group", "affiliation", "email", "orcid")
    authors = author_cell(case["text"]).authors or []
    assert [{k: v for k, v in a.items() if k in kept} for a in authors] == case["authors"]


@pytest.mark.parametrize("case", ITEMS, ids=[case["note"] for case in ITEMS])
def test_items_of_a_list_that_hold_several_names(case: dict[str, Any]) -> None:
    cell = author_cell(case["items"])
    assert [author["family"] for author in cell.authors or []] == case["families"]
    assert cell.truncated == case["truncated"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            r"\O{}rn, A and \'{A}lm, B and {\v C}ek, C",
            [r"\O{}rn, A", r"\'{A}lm, B", r"{\v C}ek, C"],
        ),
        ("{Bell and Dorn Ltd} AND Foss, E", ["{Bell and Dorn Ltd}", "Foss, E"]),
        ("Anderson, B\n and\n Brand, C", ["Anderson, B", "Brand, C"]),
        (r"A\{ and B\} and C", [r"A\{", r"B\}", "C"]),
    ],
)
def test_names_are_cut_at_and_outside_braces(text: str, names: list[str]) -> None:
    assert split_at_and(text) == names


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "(",
        "a,",
        "1",
        "((a)",
        "for the ",
        ". . ",
        "0000-",
        "{",
        "'",
        "A b, univ, ",
        "Bo KIM,",
        "A, A.,",
    ],
)
def test_long_hostile_strings_are_read(part: str) -> None:
    hostile = part * (100_000 // len(part)) + "b"
    assert split_authors(hostile)
    assert parse_name(hostile).name


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
