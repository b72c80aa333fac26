"""`linkage authors`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from linkage.commands.options import (
    Inputs,
    Known,
    Output,
    PairsOutput,
    Report,
    Review,
    Threshold,
    check_outputs,
    count,
    read,
    run_facts,
    say,
    tell,
)
from linkage.running.progress import progress
from linkage.tables.files import read_table, write_table

if TYPE_CHECKING:
    from linkage.authors.links import AuthorLinks


def authors(
    inputs: Inputs,
    output: Output,
    pairs: PairsOutput = None,
    review: Review = None,
    profiles: Annotated[
        Path | None, typer.Option(help="Write each person's profile here; .html: a page.")
    ] = None,
    report: Report = None,
    model: Annotated[str, typer.Option(help="Model name or file.")] = "authors",
    threshold: Threshold = None,
    constraints: Known = None,
) -> None:
    """Find which author mentions are the same person.

    Writes record_id, position, name, author_id and probability: how sure the assignment is.
    """
    from linkage.authors.linker import AuthorLinker
    from linkage.authors.links import in_input_order
    from linkage.authors.mentions import list_mentions, mention_constraints
    from linkage.authors.repeated_names import problems_of_repeats

    page = profiles if profiles and profiles.suffix.lower() in (".html", ".htm") else None
    given = [*inputs, *filter(None, [constraints])]
    check_outputs(given, [output, pairs, review, None if page else profiles], report, page)
    known = read_table(constraints) if constraints else None
    started = time.monotonic()
    with progress():
        records, set_aside = read(inputs)
        mention_constraints(list_mentions(records), known, str(constraints))  # before the work
        links = AuthorLinker(model, threshold).link(records, known)
    people = in_input_order(links.people(), records)
    repeated = problems_of_repeats(list_mentions(records))
    tell(repeated)
    write_table(people, output)
    if pairs:
        write_table(links.pairs_table(), pairs)
    _write_more(records, people, links, review, profiles)
    if report:
        from linkage.report.authors import authors_report
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
        from linkage.report.people import write_page

        table = profiles_of(records, people)
        if profiles.suffix.lower() in (".html", ".htm"):
            found = count(len(people), "author mention"), count(len(records), "record")
            write_page(profiles, table, records, f"{found[0]} on {found[1]}.")
        else:
            write_table(table, profiles)
