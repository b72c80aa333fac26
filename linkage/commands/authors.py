"""`linkage authors`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands.options import (
    DECIDING,
    Columns,
    Encoding,
    Inputs,
    Jobs,
    Known,
    Output,
    PairsOutput,
    ProblemFile,
    Report,
    Review,
    Threshold,
    Titles,
    check_outputs,
    count,
    model_files,
    read,
    read_known,
    read_packed,
    run_facts,
    say,
    tell,
    tell_caps,
    write_ids,
    write_problems,
)
from linkage.commands.spark import Engine, EngineOption, link_on_spark
from linkage.running.progress import progress

if TYPE_CHECKING:
    import pandas as pd

    from linkage.authors.links import AuthorLinks
    from linkage.errors import Problem
    from linkage.records.schema import Conformed


Profiles = Annotated[
    Path | None, typer.Option(help="Write every person here; .html: a page.", metavar="FILE")
]
Model = Annotated[
    str, typer.Option(help="Model name or file.", metavar="MODEL", rich_help_panel=DECIDING)
]
Only = Annotated[
    list[str] | None,
    typer.Option(help='Only these people: "Wang, J*" or an ORCID; repeatable.', metavar="WHO"),
]


def authors(
    inputs: Inputs,
    output: Output,
    pairs: PairsOutput = None,
    review: Review = None,
    profiles: Profiles = None,
    report: Report = None,
    model: Model = "authors",
    threshold: Threshold = None,
    constraints: Known = None,
    only: Only = None,
    titles: Titles = False,
    engine: EngineOption = Engine.duckdb,
    jobs: Jobs = None,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Find which author mentions are the same person.

    Writes record_id, position, name, author_id and probability: how sure the assignment is. With
    --engine spark input and output are each one Parquet file or folder.
    """
    from linkage.authors.linker import AuthorLinker
    from linkage.authors.pairs import AUTHOR_FEATURES
    from linkage.models import load_model

    linker = AuthorLinker(model, threshold, jobs or -1)
    if engine is Engine.spark:
        asked = {"--pairs": pairs, "--review": review, "--profiles": profiles, "--report": report,
                 "--constraints": constraints, "--titles": titles, "--problems": problems,
                 "--only": only, "--encoding": encoding, "--columns": columns}  # fmt: skip
        link_on_spark(inputs, output, linker, asked, _say_counts)
        return
    page = profiles if profiles and profiles.suffix.lower() in (".html", ".htm") else None
    given = [*inputs, *model_files(model), *filter(None, [constraints])]
    tables = [output, pairs, review, problems, None if page else profiles]
    check_outputs(given, tables, report, page)
    load_model(model).require("authors", [feature.name for feature in AUTHOR_FEATURES])
    known = read_known(constraints)
    started = time.monotonic()
    with progress():
        how = known, str(constraints), only or ()
        if titles or review or report or profiles:
            records, set_aside = read(inputs, problems, encoding, columns)
            links = linker.link_conformed(records, *how, evidence=bool(review or report))
        else:
            packed, set_aside = read_packed(inputs, problems, encoding, columns)
            links = linker.link_packed(packed, *how)
    people = links.people_as_given()
    set_aside = [*set_aside, *_tell_of_people(links)]
    write_problems(set_aside, problems)
    write_ids(people, output, links.records if titles else None)
    if review or report:
        run = run_facts(inputs, model, started)
        _write_reports(links, known, (review, report), run, set_aside)
    _write_more(links, people, pairs, profiles)
    tell_caps(links.caps)
    _say_counts(len(people), people["author_id"].nunique(), output)


def _tell_of_people(links: AuthorLinks) -> list[Problem]:
    """Tell what was met while linking; returns it."""
    from linkage.authors.links import in_input_order
    from linkage.authors.repeated_names import problems_of_repeats

    listed = in_input_order(links.mentions.table, links.records)
    told = [*problems_of_repeats(listed), *links.problems]
    tell(told)
    return told


def _write_more(
    links: AuthorLinks, people: pd.DataFrame, pairs: Path | None, profiles: Path | None
) -> None:
    from linkage.tables.files import write_table

    if pairs:
        write_table(links.pairs_table(), pairs)
    if profiles:
        _write_profiles(profiles, links.records, people)


def _say_counts(n: int, found: int, output: Path) -> None:
    say(f"{count(n, 'mention')}, {count(found, 'person')}: {output}")


def _write_reports(
    links: AuthorLinks,
    known: pd.DataFrame | None,
    paths: tuple[Path | None, Path | None],
    run: list[tuple[str, str]],
    problems: list[Problem],
) -> None:
    from linkage.authors.review import author_review
    from linkage.linking.constraints import without_answered
    from linkage.tables.files import write_table

    calls = without_answered(author_review(links), known)
    review, report = paths
    if review:
        write_table(calls, review, spreadsheet=True)
    if report:
        from linkage.report.authors import authors_report
        from linkage.report.page import write_report

        write_report(report, authors_report(links, calls, run, problems))


def _write_profiles(path: Path, records: Conformed, people: pd.DataFrame) -> None:
    from linkage.authors.profiles import (
        everyone,
        papers_of_records,
        profile_table,
        without_unlinked,
    )
    from linkage.report.people import write_people
    from linkage.tables.files import write_table

    papers = papers_of_records(records)
    table = profile_table(records, people, papers)
    if path.suffix.lower() in (".html", ".htm"):
        found = count(len(people), "author mention"), count(len(records), "record")
        write_people(path, table, papers, f"{found[0]} on {found[1]}.", everyone(records, people))
    else:
        write_table(without_unlinked(table), path)
