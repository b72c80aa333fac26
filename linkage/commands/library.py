"""`linkage update, judge, undo, status, changes, history, export`: a library that remembers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands.options import (
    Columns,
    Encoding,
    Jobs,
    Level,
    ProblemFile,
    check_outputs,
    complain,
    count,
    read,
    say,
)
from linkage.errors import InputError
from linkage.running.leftovers import remove_leftovers
from linkage.running.progress import progress

if TYPE_CHECKING:
    import pandas as pd

    from linkage.library.library import Library
    from linkage.library.results import Changes

LibraryFile = Annotated[Path, typer.Argument(help="The library: one file.", show_default=False)]
Who = Annotated[str | None, typer.Option(help="Who says so; default: your user name.")]


def update(
    library: LibraryFile,
    inputs: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders of records.", show_default=False)
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help="Of which source they are; default: as each file says, or its name."),
    ] = None,
    withdraw: Annotated[
        bool,
        typer.Option("--withdraw", help="They are all that their sources have: others go."),
    ] = False,
    level: Annotated[
        Level | None, typer.Option(help="Of a new library, see linkage papers.")
    ] = None,
    papers_only: Annotated[
        bool, typer.Option("--papers-only", help="A new library in which authors are not linked.")
    ] = False,
    jobs: Jobs = None,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Add records, replace or withdraw them, and say what changed.

    Records that the library knows, by the ids of their source, by DOI or by content, are replaced.
    With --source NAME --withdraw and no file all records of that source are withdrawn.
    """
    import pandas as pd

    from linkage.library.library import Library

    if not inputs and not (source and withdraw):
        raise InputError("found no file to read, expected one, or --source NAME --withdraw")
    check_outputs([*(inputs or []), library], [problems])
    with progress():
        records = (
            read(inputs, problems, encoding, columns)[0] if inputs else pd.DataFrame({"title": []})
        )
        people = False if papers_only else None
        chosen = level and level.value
        with Library(library, level=chosen, people=people, n_jobs=jobs or -1) as opened:
            told = opened.update(records, source, withdraw=withdraw)
    tell_changes(told)


def judge(
    library: LibraryFile,
    labels: Annotated[
        Path, typer.Argument(help="Table with left_id, right_id, same (1, 0 or empty), note.")
    ],
    who: Who = None,
) -> None:
    """Say which pairs are the same; it holds until told otherwise.

    Of records or of mentions (RECORD#POSITION), by the library's ids or those of the sources. In a
    list of questions, as `linkage export --questions` writes it, those without an answer are left.
    """
    from linkage.tables.files import read_table

    pairs = _answered(read_table(labels))
    with progress(), open_library(library) as opened:
        told = opened.judge(pairs, who, str(labels))
    say(f"{count(len(pairs), 'judgement')}")
    tell_changes(told)


def _answered(table: pd.DataFrame) -> pd.DataFrame:
    """In a list of questions, an empty answer is none; elsewhere it says that nobody can say."""
    if "decision" not in table or "same" not in table or "who" in table:
        return table
    answers = table["same"]
    return table[answers.notna() & answers.astype(str).str.strip().ne("")].reset_index(drop=True)


def undo(
    library: LibraryFile,
    what: Annotated[
        str,
        typer.Argument(help="A run's number or a judgement's id.", metavar="WHAT"),
    ],
    who: Who = None,
) -> None:
    """Take back a run or a judgement, as a new run; nothing is erased."""
    with progress(), open_library(library) as opened:
        told = opened.undo(what, who)
    tell_changes(told)


def status(library: LibraryFile) -> None:
    """Show sources, records, papers, people, open questions, last runs."""
    with open_library(library) as opened:
        found = opened.status()
    people = [] if found.people is None else [count(found.people, "person")]
    parts = [count(found.records, "record"), count(found.papers, "paper"), *people]
    parts += [count(found.judgements, "judgement"), count(found.questions, "open question")]
    typer.echo(", ".join(parts))
    for warning in found.warnings:
        typer.echo(f"! {warning}")
    _show(found.sources)
    _show(found.runs)


def changes(
    library: LibraryFile,
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write the table.")],
    since: Annotated[int | None, typer.Option(help="After this run; default: the last.")] = None,
) -> None:
    """Write what changed: new, grown, merged, split, moved, withdrawn."""
    from linkage.tables.files import write_table

    check_outputs([library], [output])
    with open_library(library) as opened:
        table = opened.changes(since)
    write_table(table, output)
    say(f"{count(len(table), 'change')}: {output}")


def history(
    library: LibraryFile,
    thing: Annotated[
        str, typer.Argument(help="The id of a paper, person, record or judgement.", metavar="ID")
    ],
) -> None:
    """Show what happened to an id, and why."""
    with open_library(library) as opened:
        table, now = opened.history(thing), None
        if thing[:1].lower() in ("p", "a"):
            now = opened.resolve(thing)
            if now != thing:
                typer.echo(f"{thing} is now {now}" if now else f"{thing} was withdrawn")
    _show(table)


def export(
    library: LibraryFile,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Clean records: .bib, .ris or a table.")
    ] = None,
    people: Annotated[
        Path | None, typer.Option(help="Write every person here; .html: a page.", metavar="FILE")
    ] = None,
    clusters: Annotated[Path | None, typer.Option(help="Write record_id, cluster_id here.")] = None,
    mentions: Annotated[
        Path | None, typer.Option(help="Write record_id, position, name, author_id here.")
    ] = None,
    questions: Annotated[
        Path | None, typer.Option(help="Write the pairs that somebody should judge here.")
    ] = None,
    as_of: Annotated[int | None, typer.Option(help="As after this run.", metavar="RUN")] = None,
) -> None:
    """Write clean records, who is who, and which record is which paper."""
    from linkage.tables.files import write_table
    from linkage.writers.records import check_records_output

    if not any((output, people, clusters, mentions, questions)):
        raise InputError("found nothing to write, expected -o FILE or another of the outputs")
    page = people if people and people.suffix.lower() in (".html", ".htm") else None
    table = None if page else people
    check_outputs([library], [table, clusters, mentions, questions], output, page)
    if output:
        check_records_output(output)
    with progress(), open_library(library) as opened:
        opened.export(output, people=table, clusters=clusters, mentions=mentions, as_of=as_of)
        if page:
            _write_people(page, opened, as_of)
        if questions:
            write_table(opened.questions(), questions, spreadsheet=True)
    written = filter(None, (output, people, clusters, mentions, questions))
    say(", ".join(map(str, written)))


def _write_people(path: Path, library: Library, as_of: int | None) -> None:
    from linkage.authors.profiles import papers_of_records, profile_table
    from linkage.records.schema import Conformed
    from linkage.report.people import write_people

    records, people = Conformed(library.records(as_of)), library.people(as_of)
    papers = papers_of_records(records)
    table = profile_table(records, people.assign(probability=float("nan")), papers)
    found = count(len(people), "author mention"), count(len(records), "record")
    write_people(path, table, papers, f"{found[0]} on {found[1]}.", people)


def open_library(path: Path) -> Library:
    """A library that must be there."""
    from linkage.library.library import Library

    remove_leftovers(path.parent)
    return Library(path, create=False)


def tell_changes(told: Changes) -> None:
    """What a run did, in a few lines."""
    for warning in told.warnings:
        complain(warning)
    records = [f"{n:,} {what}" for what, n in told.records.items() if n]
    parts = [f"records: {', '.join(records)}"] if records else []
    for kind, noun in (("paper", "papers"), ("person", "people")):
        counts = told.counts(kind)
        if counts:
            parts.append(f"{noun}: {', '.join(f'{n:,} {what}' for what, n in counts.items())}")
    say(f"run {told.run}: {'; '.join(parts) or 'nothing changed'}")


def _show(table: pd.DataFrame) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table(*map(str, table.columns), box=None, header_style="")
    for row in table.astype(object).where(table.notna(), "").itertuples(index=False):
        shown.add_row(*map(str, row))
    Console().print(shown)
