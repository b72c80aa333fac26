"""`linkage papers` and `linkage compare`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands.options import (
    DECIDING,
    RUNNING,
    Columns,
    Encoding,
    Inputs,
    Jobs,
    Known,
    Level,
    LevelOption,
    Output,
    PairsOutput,
    PaperModel,
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
    run_facts,
    say,
    tell,
    tell_caps,
    write_ids,
    write_problems,
)
from linkage.commands.spark import Engine, EngineOption, link_on_spark
from linkage.errors import InputError, Problem
from linkage.running.progress import progress

if TYPE_CHECKING:
    import pandas as pd

    from linkage.papers.linker import PaperLinker
    from linkage.papers.links import PaperLinks
    from linkage.records.schema import Conformed

MemoryLimit = Annotated[
    str | None,
    typer.Option(
        help="Of pairing, before it goes to disk; default: none, it takes 200 B a record.",
        metavar="2GB",
        rich_help_panel=RUNNING,
    ),
]


Relations = Annotated[
    Path | None,
    typer.Option(help="Write which papers correct, retract ... others here.", metavar="FILE"),
]


MaxFalse = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        help="Picks the threshold: share of wrong merges on unseen data.",
        metavar="P",
        rich_help_panel=DECIDING,
    ),
]


def papers(
    inputs: Inputs,
    output: Output,
    pairs: PairsOutput = None,
    review: Review = None,
    report: Report = None,
    relations: Relations = None,
    titles: Titles = False,
    level: LevelOption = Level.publication,
    model: PaperModel = None,
    threshold: Threshold = None,
    max_false_merges: MaxFalse = None,
    constraints: Known = None,
    engine: EngineOption = Engine.duckdb,
    memory_limit: MemoryLimit = None,
    jobs: Jobs = None,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Find which records are the same paper: record_id, cluster_id.

    With --engine spark input and output are each one Parquet file or folder.
    """
    import pandas as pd

    from linkage.linking.constraints import read_constraints
    from linkage.papers.linker import PaperLinker

    name = model or f"papers_{level.value}"
    if max_false_merges is not None:
        threshold = _threshold_for(max_false_merges, name, threshold)
    linker = PaperLinker(
        model, level.value, threshold, memory_limit=memory_limit, n_jobs=jobs or -1
    )
    if engine is Engine.spark:
        asked = {"--pairs": pairs, "--review": review, "--report": report, "--problems": problems,
                 "--relations": relations, "--constraints": constraints, "--titles": titles,
                 "--encoding": encoding, "--columns": columns}  # fmt: skip
        link_on_spark(inputs, output, linker, asked, _say_counts)
        return
    given = [*inputs, *model_files(model), *filter(None, [constraints])]
    check_outputs(given, [output, pairs, review, relations, problems], report)
    _check_settings(name, memory_limit)
    known = read_known(constraints)
    started = time.monotonic()
    with progress():
        if report or review or relations or constraints or titles:
            records, set_aside = read(inputs, problems, encoding, columns)
            read_constraints(pd.Index(records["record_id"]), known, str(constraints))
            links = linker.link_conformed(records, known)
        else:
            links = _linked_at_once(linker, inputs, problems, encoding, columns)
    write_ids(links.clusters.reset_index(), output, links.kept_records() if titles else None)
    _write_tables(links, pairs, relations)
    if review or report:
        run = run_facts(inputs, name, started)
        _write_reports(links, known, (review, report), run, set_aside)
    tell_caps(links.caps)
    _say_counts(len(links.clusters), links.clusters.nunique(), output)


def _write_reports(
    links: PaperLinks,
    known: pd.DataFrame | None,
    paths: tuple[Path | None, Path | None],
    run: list[tuple[str, str]],
    set_aside: list[Problem],
) -> None:
    from linkage.linking.constraints import without_answered
    from linkage.papers.review import review_list
    from linkage.tables.files import write_table

    calls = without_answered(review_list(links), known)
    review, report = paths
    if review:
        write_table(calls, review, spreadsheet=True)
    if report:
        from linkage.report.page import write_report
        from linkage.report.papers import papers_report

        write_report(report, papers_report(links, calls, run, set_aside))


def _threshold_for(max_false: float, model: str, threshold: float | None) -> float:
    from linkage.models import load_model

    if threshold is not None:
        raise InputError("found --threshold and --max-false-merges, expected one of them")
    if model == "ecm":
        raise InputError("--max-false-merges: 'ecm' has no calibration, expected a trained model")
    found = load_model(model).threshold_for(max_false)
    say(f"--max-false-merges {max_false:g}: papers are merged down to a probability of {found:g}")
    return found


def _write_tables(links: PaperLinks, pairs: Path | None, relations: Path | None) -> None:
    from linkage.tables.files import write_table

    if pairs:
        write_table(links.pairs, pairs)
    if relations:
        write_table(links.relations, relations)


def _say_counts(n: int, found: int, output: Path) -> None:
    told = [count(n, "record"), count(found, "paper"), count(n - found, "duplicate")]
    say(f"{', '.join(told)}: {output}")


def _check_settings(model: str, memory_limit: str | None) -> None:
    """Raise what a wrong model or memory limit would raise once all records are read."""
    from linkage.models import load_model
    from linkage.papers.pairs import FEATURE_NAMES

    if model != "ecm":
        load_model(model).require("papers", FEATURE_NAMES)
    if memory_limit is not None:
        from linkage.engines.duckdb_engine import check_memory_limit  # slow to import

        check_memory_limit(memory_limit)


def _linked_at_once(
    linker: PaperLinker,
    inputs: list[Path],
    problem_file: Path | None,
    encoding: str | None,
    columns: dict[str, str] | None,
) -> PaperLinks:
    """Link records as they are read, where nothing else is to be told of them."""
    from linkage.readers.files import record_tables

    problems: list[Problem] = []
    links = linker.link_tables(
        record_tables(inputs, columns=columns, encoding=encoding, set_aside=problems), problems
    )
    tell(problems)
    write_problems(problems, problem_file)
    return links


def compare(
    inputs: Inputs,
    pairs: Annotated[Path, typer.Argument(help="Table with left_id, right_id.")],
    output: Output,
    level: LevelOption = Level.publication,
    model: PaperModel = None,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Score given pairs of records or author mentions.

    Adds the column probability. Mentions are called RECORD#POSITION, positions from 0.
    """
    from linkage.authors.linker import AuthorLinker
    from linkage.papers.linker import PaperLinker
    from linkage.tables.files import write_table
    from linkage.tables.truth import SIDES

    check_outputs([*inputs, *model_files(model), pairs], [output, problems])
    with progress():
        table, _ = read(inputs, problems, encoding, columns)
        given = _read_pairs(pairs, table)
        linker: PaperLinker | AuthorLinker = PaperLinker(model, level.value)
        if not given["left_id"].isin(table["record_id"]).any() and len(given):
            linker = AuthorLinker(model or "authors")
        scored = linker.compare(table, given[list(SIDES)])
    write_table(given.assign(probability=scored["probability"]), output)
    say(f"{count(len(given), 'pair')}: {output}")


def _read_pairs(path: Path, records: Conformed) -> pd.DataFrame:
    """A table of pairs whose ids are all among the records', or all among their mentions'."""
    import pandas as pd

    from linkage.records.mention_ids import as_mentions
    from linkage.tables.files import read_table
    from linkage.tables.truth import ids_of

    table = read_table(path)
    known = ids_of(table, str(path))
    ids_there = pd.Index(records["record_id"])
    if not any(known[side].isin(ids_there).any() for side in known):
        mentions = as_mentions(records, [one for side in known for one in known[side]])
        ids_there = ids_there.append(pd.Index(mentions["record_id"]))
    for side, ids in known.items():
        unknown = ids[~ids.isin(ids_there)]
        if len(unknown):
            found = f"found the {side} {unknown.iloc[0]!r}"
            raise InputError(f"{path}: {found}, expected the id of a record in the input")
    return table
