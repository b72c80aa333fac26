"""`linkage explain`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands.options import (
    Columns,
    Encoding,
    Inputs,
    Level,
    LevelOption,
    ProblemFile,
    check_outputs,
    count,
    read,
)
from linkage.running.progress import progress

if TYPE_CHECKING:
    import pandas as pd

    from linkage.linking.explanation import Explanation
    from linkage.records.schema import Conformed

_MOST_FEATURES = 12  # printed; the rest is added up


_MENTION = re.compile(r".+#\d+")


def explain(
    inputs: Inputs,
    left_id: Annotated[str, typer.Argument(help="A record, or a mention: RECORD#POSITION.")],
    right_id: Annotated[str, typer.Argument(help="Another one.")],
    as_authors: Annotated[
        bool, typer.Option("--authors", help="The ids are of author mentions.")
    ] = False,
    level: LevelOption = Level.publication,
    model: Annotated[
        str | None, typer.Option(help="Model name or file; default: the shipped one.")
    ] = None,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Tell why two records, or two author mentions, are one or two.

    A mention is one name of one record, called RECORD#POSITION, from 0.
    """
    with progress():
        check_outputs(inputs, [problems])
        table, _ = read(inputs, problems, encoding, columns)
        mentions = as_authors or _are_mentions(table, left_id, right_id)
        if mentions:
            found = _explain_authors(table, model or "authors", left_id, right_id)
        else:
            name = model or f"papers_{level.value}"
            found = _explain_papers(table, name, level, left_id, right_id)
    _print(found, "person" if mentions else "paper")


def _are_mentions(records: pd.DataFrame, *ids: str) -> bool:
    named = records["record_id"].isin(ids).any()
    return not named and all(_MENTION.fullmatch(one) for one in ids)


def _explain_papers(
    records: Conformed, name: str, level: Level, left_id: str, right_id: str
) -> Explanation:
    from linkage.papers.explain import explain_papers
    from linkage.papers.linker import PaperLinker

    links = PaperLinker(name, level.value).link_conformed(records)
    return explain_papers(links, left_id, right_id)


def _explain_authors(records: Conformed, name: str, left_id: str, right_id: str) -> Explanation:
    from linkage.authors.explain import explain_authors
    from linkage.authors.linker import AuthorLinker

    links = AuthorLinker(name).link_conformed(records)
    return explain_authors(links, left_id, right_id)


def _print(found: Explanation, what: str) -> None:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    verdict = count(1 if found.same else 2, what)
    typer.echo(f"{found.left_id} and {found.right_id}: {verdict}")
    typer.echo(found.step)
    typer.echo(f"In words: {found.words}")
    table = Table(title_justify="left")
    for column in ("feature", "value", "log-odds", "meaning"):
        table.add_column(column, justify="right" if column in ("value", "log-odds") else "left")
    table.add_row("(of any pair)", "", f"{found.base:+.3f}", "where nothing is known")
    shown, rest = found.features.head(_MOST_FEATURES), found.features.iloc[_MOST_FEATURES:]
    for name, value, contribution, meaning in shown.to_numpy().tolist():
        printed = "missing" if pd.isna(value) else f"{value:.3g}"
        table.add_row(name, printed, f"{contribution:+.3f}", meaning)
    if len(rest):
        table.add_row(f"({len(rest)} more)", "", f"{rest['contribution'].sum():+.3f}", "")
    total = f"probability {found.probability:.3f}, of this pair alone"
    table.add_row("sum", "", f"{found.log_odds:+.3f}", total, style="bold")
    Console().print(table)
