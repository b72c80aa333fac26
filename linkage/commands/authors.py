"""The commands about people, and the one that explains two records or two mentions."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from linkage.commands.options import (
    Inputs,
    Known,
    Level,
    LevelOption,
    Output,
    Report,
    Review,
    check_outputs,
    count,
    read,
    run_facts,
    say,
    tell,
)
from linkage.models import load_model
from linkage.running.progress import progress
from linkage.tables.files import read_table, write_table

if TYPE_CHECKING:
    from linkage.authors.links import AuthorLinks
    from linkage.papers.explain import Explanation

_MOST_FEATURES = 12  # printed; the rest is added up
_MENTION = re.compile(r".+#\d+")


def authors(
    inputs: Inputs,
    output: Output,
    review: Review = None,
    profiles: Annotated[
        Path | None, typer.Option(help="Write each person's profile here; .html: a page.")
    ] = None,
    report: Report = None,
    model: Annotated[str, typer.Option(help="Model name or file.")] = "authors",
    constraints: Known = None,
) -> None:
    """Find which author mentions are the same person.

    Writes record_id, position, name, author_id and probability: how sure the assignment is.
    """
    from linkage.authors.linker import AuthorLinker
    from linkage.authors.links import in_input_order
    from linkage.authors.mentions import list_mentions, repeated_names
    from linkage.linking.constraints import mention_constraints

    page = profiles if profiles and profiles.suffix.lower() in (".html", ".htm") else None
    given = [*inputs, *filter(None, [constraints])]
    check_outputs(given, [output, review, None if page else profiles], report, page)
    known = read_table(constraints) if constraints else None
    started = time.monotonic()
    with progress():
        records, set_aside = read(inputs)
        mention_constraints(list_mentions(records), known, str(constraints))  # before the work
        links = AuthorLinker(model).link(records, known)
    people = in_input_order(links.people(), records)
    repeated = repeated_names(list_mentions(records))
    tell(repeated)
    write_table(people, output)
    _write_more(records, people, links, review, profiles)
    if report:
        from linkage.report.facts import authors_report
        from linkage.report.page import write_report

        run = run_facts(inputs, model, started)
        aside = [*set_aside, *repeated]
        write_report(report, authors_report(records, people, run, aside, links))
    found = count(people["author_id"].nunique(), "person")
    say(f"{count(len(people), 'mention')}, {found}: {output}")


def _write_more(
    records: pd.DataFrame,
    people: pd.DataFrame,
    links: AuthorLinks,
    review: Path | None,
    profiles: Path | None,
) -> None:
    if review:
        from linkage.authors.review import author_review

        write_table(author_review(records, links), review)
    if profiles:
        from linkage.authors.profiles import profiles as profiles_of
        from linkage.authors.profiles import write_page

        table = profiles_of(records, people)
        if profiles.suffix.lower() in (".html", ".htm"):
            found = count(len(people), "author mention"), count(len(records), "record")
            write_page(profiles, table, records, f"{found[0]} on {found[1]}.")
        else:
            write_table(table, profiles)


def explain(
    records: Annotated[Path, typer.Argument(help="File or folder of records.")],
    left_id: Annotated[str, typer.Argument(help="A record, or a mention: RECORD#POSITION.")],
    right_id: Annotated[str, typer.Argument(help="Another one.")],
    as_authors: Annotated[
        bool, typer.Option("--authors", help="The ids are of author mentions.")
    ] = False,
    level: LevelOption = Level.publication,
    model: Annotated[
        str | None, typer.Option(help="Model name or file; default: the shipped one.")
    ] = None,
) -> None:
    """Tell why two records, or two author mentions (RECORD#POSITION, from 0), are one or two."""
    with progress():
        table, _ = read([records])
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
    records: pd.DataFrame, name: str, level: Level, left_id: str, right_id: str
) -> Explanation:
    from linkage.papers.explain import explain_papers
    from linkage.papers.linker import PaperLinker

    model = load_model(name)
    links = PaperLinker(model, level.value).link(records)
    return explain_papers(records, links, model, left_id, right_id)


def _explain_authors(records: pd.DataFrame, name: str, left_id: str, right_id: str) -> Explanation:
    from linkage.authors.linker import AuthorLinker
    from linkage.papers.explain import explain_authors

    links = AuthorLinker(name).link(records)
    return explain_authors(records, links, left_id, right_id)


def _print(found: Explanation, what: str) -> None:
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
