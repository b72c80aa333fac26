"""What two records agree and differ in, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from linkage.linking.explanation import score_in_words
from linkage.papers.vetoes import veto_words
from linkage.text.folding import fold

FIELDS = ("title", "authors", "year", "venue", "volume", "number", "pages", "doi")


_MOST = 60  # characters of a value that are quoted
_BY_RULE = "kept apart by the rule "


def in_words(left: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """What two records agree and differ in: `same title, authors; year 2009 / 2010`."""
    same, differ, absent = [], [], []
    for field in FIELDS:
        a, b = _text(left[field]), _text(right[field])
        if not a or not b:
            absent.append(field)
        elif a == b or (fold(a) == fold(b) != ""):
            same.append(field)
        else:
            differ.append(f"{field} {_quoted(a)} / {_quoted(b)}")
    agreed = [f"same {', '.join(same)}"] if same else []
    unknown = [f"not known on both sides: {', '.join(absent)}"] if absent else []
    return "; ".join([*agreed, *differ, *unknown])


def rule_reason(veto: str) -> str:
    """`kept apart by the rule different part`, of the name of a veto."""
    return _BY_RULE + veto.replace("_", " ")


def rule_in(reason: str) -> str:
    """The veto that a reason in words begins with, see `rule_reason`; "" where none does."""
    if not reason.startswith(_BY_RULE):
        return ""
    return reason.removeprefix(_BY_RULE).partition(";")[0].replace(" ", "_")


def _quoted(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 1].rstrip()}…"


def _text(value: Any) -> str:
    """A value as text; of authors the family names."""
    if isinstance(value, list):
        return "; ".join(str(author.get("family") or author["name"]) for author in value)
    return "" if value is None or value is pd.NA else str(value)


_THROUGH_OTHERS = "they are one through others"


def unpaired_words(same: bool) -> str:
    """The step that settled a pair that no rule proposed; `same`: it is one nevertheless."""
    start = "No blocking rule paired the two, so they were not compared"
    return f"{start}; {_THROUGH_OTHERS}." if same else f"{start}."


def veto_step(veto: str, same: bool) -> str:
    """The step that settled a pair that a veto forbids."""
    through = " They are one through others." if same else ""
    return f"Kept apart by a rule, whatever the score: {veto_words(veto)}{through}"


def score_step(probability: float, threshold: float, same: bool) -> str:
    """The step that settled a pair that was scored; without its full stop."""
    score = score_in_words(probability, threshold)
    if same == (probability >= threshold):
        return score
    return f"{score}; {_THROUGH_OTHERS}" if same else f"{score}, but their groups were kept apart"
