"""What goes into a report: results and scores in words, for `linkage.report.page` to print."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from importlib.metadata import version

Facts = Sequence[tuple[str, str]]
_PACKAGES = ("biblinkage", "pandas", "scikit-learn", "duckdb")


def limits(threshold: float, band: tuple[float, float]) -> list[tuple[str, str]]:
    """The threshold and the band of close calls."""
    low, high = band
    return [("Threshold", f"{threshold:g}"), ("Close calls", f"from {low:g} to {high:g}")]


def version_facts() -> list[tuple[str, str]]:
    """Versions of this package and of those that decide results."""
    return [("Versions", ", ".join(f"{name} {version(name)}" for name in _PACKAGES))]


def next_steps(run: Facts, command: str, calls: int) -> list[tuple[str, str]]:
    """What to do after `linkage papers` or `linkage authors`, and how.

    `run` names the input; `calls` is how many close calls there are.
    """
    given = dict(run).get("Input", "INPUT")
    name = "INPUT..." if ", " in given else shlex.quote(given)
    people = " --people" if command == "authors" else ""
    decide = f"linkage review {name}{people} -o decisions.csv"
    again = f"linkage {command} {name} -o result.csv --constraints decisions.csv"
    last = (
        ("See each person's papers on a page of their own.",
         f"linkage authors {name} -o people.csv --profiles people.html")
        if people
        else ("Write one clean record for each paper.",
              f"linkage merge result.csv {name} -o clean.bib")
    )  # fmt: skip
    if not calls:
        return [("No pair is a close call: look at some of what was put together.", decide), last]
    verb = "One close call waits" if calls == 1 else f"{calls:,} close calls wait"
    return [
        (f"{verb} for a decision: press the buttons below, or answer by keys in the browser.",
         decide),
        ("Link again with what you decided.", again),
        last,
    ]  # fmt: skip
