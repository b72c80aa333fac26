"""Scores, estimates and changes as tables for a terminal."""

from __future__ import annotations

import math
from typing import Any

from rich.table import Table

from linkage.evaluation.estimates import SampleEstimate
from linkage.evaluation.runs import CHANGES, RunComparison
from linkage.evaluation.scoring import Evaluation

_PRINTED = ("pairwise", "b_cubed", "cluster")


def score_table(title: str, scores: Evaluation) -> Table:
    """The main measures with their 95 % intervals, for a terminal; "–" where undefined.

    Measures that the gold standard leaves undefined throughout (labelled pairs say nothing of
    whole clusters) are left out.
    """
    table = Table(title=title, title_justify="left")
    for column in ("measure", "precision", "recall", "F1", "F1, 95 % interval"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    for measure in _PRINTED:
        values = [getattr(scores, f"{measure}_{part}") for part in ("precision", "recall", "f1")]
        low, high = scores.intervals.get(f"{measure}_f1", (math.nan, math.nan))
        if not all(map(math.isnan, values)):
            spread = "–" if math.isnan(low) else f"{low:.4f}-{high:.4f}"
            table.add_row(measure.replace("_", "-"), *map(_score, values), spread)
    return table


def _score(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.4f}"


def estimate_table(title: str, found: SampleEstimate) -> Table:
    """The estimates with their 95 % intervals, for a terminal; "–" where undefined."""
    caption = (
        f"Estimated from {found.n_labelled:,} labelled pairs ({found.n_unlabelled:,} unlabelled), "
        f"drawn from {found.n_pairs:,} of which {found.n_predicted:,} share a cluster."
    )
    if not math.isnan(found.recall):
        caption += " Recall is among these pairs: duplicates that blocking lost are not seen."
    table = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for column in ("measure", "estimate", "95 % interval"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    for name, (low, high) in found.intervals.items():
        value = getattr(found, name)
        shown = "F1" if name == "f1" else name
        if math.isnan(value):
            table.add_row(shown, "–", "–")
        else:
            table.add_row(shown, f"{value:.4f}", f"{low:.4f}-{high:.4f}")
    return table


_EXAMPLES = 5  # printed


_MOST_IDS = 4  # printed of a cluster


def comparison_tables(title: str, found: RunComparison) -> list[Table]:
    """Counts of the changes, examples of each, and the tests, for a terminal."""
    counts = Table(title=title, title_justify="left", caption_justify="left")
    counts.caption = (
        f"{found.n_ids:,} ids in both ({found.n_only_first:,} only in the first, "
        f"{found.n_only_second:,} only in the second); {found.n_unchanged_clusters:,} clusters "
        f"unchanged; {found.n_joined:,} pairs joined, {found.n_parted:,} parted."
    )
    for column in ("change", "places", "clusters before", "clusters after", "ids"):
        counts.add_column(column, justify="left" if column == "change" else "right")
    for row in found.counts().to_numpy().tolist():
        counts.add_row(row[0], *(f"{n:,}" for n in row[1:]))
    return [counts, *([_examples(found)] if len(found.changes) else []), *_test_tables(found)]


def _examples(found: RunComparison) -> Table:
    table = Table(title="The largest of each", title_justify="left")
    for column in ("change", "before", "after"):
        table.add_column(column, overflow="fold")
    for change in CHANGES:
        rows = found.changes[found.changes["change"] == change].head(_EXAMPLES)
        for first, second in zip(rows["first"], rows["second"], strict=True):
            table.add_row(change, _clusters_in_words(first), _clusters_in_words(second))
    return table


def _clusters_in_words(clusters: list[list[str]]) -> str:
    parts = [", ".join(map(str, _first_items(ids))) for ids in clusters]
    return " | ".join(_first_items(parts))


def _first_items(items: list[Any]) -> list[Any]:
    more = len(items) - _MOST_IDS
    return [*items[:_MOST_IDS], f"and {more:,} more"] if more > 0 else items


def _test_tables(found: RunComparison) -> list[Table]:
    if not found.tests:
        return []
    table = Table(title="Against gold", title_justify="left")
    for column in ("measure", "first", "second", "difference", "95 % interval", "p"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    for test in found.tests:
        numbers = (test.first, test.second)
        table.add_row(
            {"pairwise_f1": "pairwise F1", "b_cubed_f1": "b-cubed F1"}[test.measure],
            *("–" if math.isnan(value) else f"{value:.4f}" for value in numbers),
            "–" if math.isnan(test.difference) else f"{test.difference:+.4f}",
            "–" if math.isnan(test.low) else f"{test.low:+.4f} to {test.high:+.4f}",
            "–" if math.isnan(test.p_value) else f"{test.p_value:.4f}",
        )
    return [table]
