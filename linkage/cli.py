"""The command line. Exit codes: 0 done, 1 the input was bad, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import logging
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer
from rich.console import Console

from linkage.benchmarks.commands import benchmark
from linkage.commands.authors import authors, explain
from linkage.commands.evaluation import evaluate, sample
from linkage.commands.labelling import label
from linkage.commands.merging import merge
from linkage.commands.options import (
    Inputs,
    Known,
    Level,
    LevelOption,
    Output,
    PaperModel,
    Report,
    Review,
    check_outputs,
    complain,
    count,
    read,
    run_facts,
    say,
    tell,
)
from linkage.errors import InputError, LinkageError, Problem
from linkage.models import PairModel, load_model
from linkage.running.progress import progress
from linkage.tables.files import read_table, whole_file, write_table
from linkage.tables.truth import SIDES, ids_of

if TYPE_CHECKING:
    from linkage.papers.linker import PaperLinker, PaperLinks

app = typer.Typer(
    name="linkage",
    help="Which records are the same paper, and which names are the same person.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(benchmark)

Threshold = Annotated[
    float | None,
    typer.Option(min=0.0, max=1.0, help="Merge from this probability; default: the model's."),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        help="What pairing records may take before it goes on on disk, such as 2GB; "
        "default: 500MB, or 250 bytes a record."
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, help="Processes that read many records; default: one a processor."),
]


class Engine(StrEnum):
    """Where the work is done."""

    duckdb = "duckdb"
    spark = "spark"


class Job(StrEnum):
    """What a model is trained for."""

    papers = "papers"
    authors = "authors"


def main() -> None:
    """Run the command line; what the user can mend is one sentence on stderr, no traceback."""
    logging.getLogger("linkage").propagate = False  # recordlinkage gives the root log a handler
    try:
        app()
    except LinkageError as error:
        complain(str(error))
        sys.exit(1)
    except (OSError, MemoryError) as error:
        complain(f"{getattr(error, 'filename', None) or 'system'}: {error}")
        sys.exit(1)


@app.command()
def papers(
    inputs: Inputs,
    output: Output,
    pairs: Annotated[Path | None, typer.Option(help="Write every compared pair here.")] = None,
    review: Review = None,
    report: Report = None,
    level: LevelOption = Level.publication,
    model: PaperModel = None,
    threshold: Threshold = None,
    constraints: Known = None,
    engine: Annotated[
        Engine, typer.Option(help="In this process, or on Spark: data that outgrow one machine.")
    ] = Engine.duckdb,
    memory_limit: MemoryLimit = None,
    jobs: Jobs = None,
) -> None:
    """Find which records are the same paper: record_id, cluster_id.

    With --engine spark the input is one Parquet file or folder, and so is the output.
    """
    from linkage.linking.constraints import read_constraints
    from linkage.papers.linker import PaperLinker

    linker = PaperLinker(
        model, level.value, threshold, memory_limit=memory_limit, n_jobs=jobs or -1
    )
    if engine is Engine.spark:
        from linkage.commands_spark import papers_on_spark

        refused = {"--pairs": pairs, "--review": review, "--report": report}
        papers_on_spark(inputs, output, linker, refused | {"--constraints": constraints})
        return
    check_outputs([*inputs, *filter(None, [constraints])], [output, pairs, review], report)
    known = read_table(constraints) if constraints else None
    started = time.monotonic()
    with progress():
        if report or review or constraints:
            records, set_aside = read(inputs)
            read_constraints(pd.Index(records["record_id"]), known, str(constraints))
            links = linker.link_conformed(records, known)
        else:
            links = _linked_at_once(linker, inputs)
    write_table(links.clusters.reset_index(), output)
    if pairs:
        write_table(links.pairs, pairs)
    if review:
        from linkage.papers.review import review_list

        write_table(review_list(records, links), review)
    if report:
        from linkage.report.facts import papers_report
        from linkage.report.page import write_report

        name = model or f"papers_{level.value}"
        scorer = None if name == "ecm" else load_model(name)
        run = run_facts(inputs, name, started)
        write_report(report, papers_report(records, links, run, set_aside, scorer))
    n, found = len(links.clusters), links.clusters.nunique()
    told = [count(n, "record"), count(found, "paper"), count(n - found, "duplicate")]
    say(f"{', '.join(told)}: {output}")


def _linked_at_once(linker: PaperLinker, inputs: list[Path]) -> PaperLinks:
    """Link records as they are read, where nothing else is to be told of them."""
    from linkage.readers import record_tables

    problems: list[Problem] = []
    links = linker.link_tables(record_tables(inputs, set_aside=problems), problems)
    tell(problems)
    return links


app.command()(merge)
app.command()(authors)
app.command()(explain)


@app.command()
def compare(
    records: Annotated[Path, typer.Argument(help="File or folder of records.")],
    pairs: Annotated[Path, typer.Argument(help="Table with left_id, right_id.")],
    output: Output,
    level: LevelOption = Level.publication,
    model: PaperModel = None,
) -> None:
    """Score given pairs of records, without blocking: adds the column probability."""
    from linkage.papers.linker import PaperLinker

    check_outputs([records, pairs], [output])
    with progress():
        table, _ = read([records])
        given = _read_pairs(pairs, table)
        scored = PaperLinker(model, level.value).compare(table, given[list(SIDES)])
    write_table(given.assign(probability=scored["probability"]), output)
    say(f"{count(len(given), 'pair')}: {output}")


app.command()(evaluate)
app.command()(sample)
app.command()(label)


@app.command()
def train(
    what: Annotated[Job, typer.Argument(help="What the model is for.", show_default=False)],
    data: Annotated[
        list[Path],
        typer.Argument(help="Folders of labelled records; with --labels: files of records."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write the model.")],
    level: LevelOption = Level.publication,
    labels: Annotated[
        Path | None,
        typer.Option(help="Pairs labelled by linkage label: adapt the shipped model to them."),
    ] = None,
) -> None:
    """Train a model from folders of labelled records; the same folders give the same file.

    With --labels, the shipped model keeps what it knows, and learns from some labelled pairs what
    is different in your records.
    """
    check_outputs([*data, *filter(None, [labels])], [], output)
    if labels and what is not Job.papers:
        raise typer.BadParameter("--labels goes with papers")
    with progress():
        model = _adapted(data, labels, level) if labels else _trained(what, data, level)
    with whole_file(output) as stream:
        stream.write(model.to_json().encode())
    if labels:
        seen = model.about["adapted_to"]["pairs"]
        say(f"papers_{level.value}, adapted to {count(seen, 'labelled pair')}: {output}")
    else:
        say(f"trained on {count(len(data), 'folder')}: {output}")


def _adapted(inputs: list[Path], labels: Path, level: Level) -> PairModel:
    from linkage.labelling.choice import adapt_papers

    records, _ = read(inputs)
    shipped = load_model(f"papers_{level.value}")
    return adapt_papers(shipped, records, read_table(labels), str(labels))


def _trained(what: Job, folders: list[Path], level: Level) -> PairModel:
    if what is Job.papers:
        from linkage.papers.training.fit import load_labelled, train_papers

        return train_papers([load_labelled(folder) for folder in folders], level.value)
    from linkage.authors.training.fit import train_authors

    return train_authors(folders)


@app.command()
def demo(report: Report = None) -> None:
    """Link the gold set's records with the shipped models, and score the result."""
    from linkage.commands.demo import run_demo

    check_outputs([], [], report)
    with progress():
        result = run_demo()
    console = Console()
    for table in result.tables:
        console.print(table)
    if report:
        from linkage.report.page import write_report

        write_report(report, result.report)
        say(f"report: {report}")


def _read_pairs(path: Path, records: pd.DataFrame) -> pd.DataFrame:
    """A table of pairs whose ids are all among the records'."""
    table = read_table(path)
    for side, ids in ids_of(table, str(path)).items():
        unknown = ids[~ids.isin(records["record_id"])]
        if len(unknown):
            found = f"found the {side} {unknown.iloc[0]!r}"
            raise InputError(f"{path}: {found}, expected the id of a record in the input")
    return table
