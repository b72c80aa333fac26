"""TeX read as text: the hard ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linkage.text.journal_macros import JOURNAL_MACROS
from linkage.text.tex import untexed

CASES = json.loads((Path(__file__).parent / "data" / "tex.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["note"] for case in CASES])
def test_tex(case: dict[str, str]) -> None:
    assert untexed(case["tex"]) == case["text"]


@pytest.mark.parametrize("name", JOURNAL_MACROS)
def test_journal_macros_are_spelled_out(name: str) -> None:
    assert untexed(f"{{\\{name}}}") == JOURNAL_MACROS[name]
