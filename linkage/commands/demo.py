"""`linkage demo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.commands.options import Report, check_outputs, say
from linkage.running.progress import progress

if TYPE_CHECKING:
    from rich.table import Table


def demo(report: Report = None) -> None:
    """Link the gold set with the shipped models, and score the result."""
    from rich.console import Console

    check_outputs([], [], report)
    from linkage.commands.tables import score_table
    from linkage.report.demo import run_demo

    with progress():
        result = run_demo()
    console = Console()
    for title, scores in result.scores.items():
        console.print(score_table(title, scores))
    console.print(_hard_pairs_table(result.hard_pairs))
    if report:
        from linkage.report.page import write_report

        write_report(report, result.report)
        say(f"report: {report}")


def _hard_pairs_table(right: dict[bool, list[bool]]) -> Table:
    """How many of the hand-picked hard pairs of mentions came out right."""
    from rich.table import Table

    table = Table(title="Hard pairs of names, picked by hand", title_justify="left")
    for column in ("kind", "pairs", "right"):
        table.add_column(column, justify="left" if column == "kind" else "right")
    for same, kind in ((True, "same person, other spelling"), (False, "traps: different persons")):
        table.add_row(kind, str(len(right[same])), str(sum(right[same])))
    return table
