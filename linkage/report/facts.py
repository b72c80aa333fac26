"""What goes into a report: results and scores in words, for `linkage.report.page` to print."""

from __future__ import annotations

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
