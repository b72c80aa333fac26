"""What the commands share: checked arguments, records read once, messages on stderr."""

from __future__ import annotations

import time
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.errors import InputError, Problem, summary
from linkage.tables.paths import check_paths

if TYPE_CHECKING:
    import pandas as pd

    from linkage.records.packed import PackedRecords
    from linkage.records.schema import Conformed

# the panels of --help; all else stands in "Options"
DECIDING, RUNNING = "What counts as the same", "Reading and running"

_MOST_PROBLEMS = 10  # printed; the rest is counted

Inputs = Annotated[
    list[Path], typer.Argument(help="Files or folders of records.", show_default=False)
]
Output = Annotated[
    Path, typer.Option("-o", "--output", help=".csv, .tsv, .parquet or .jsonl.", metavar="FILE")
]
Report = Annotated[
    Path | None, typer.Option("--report", help="Write an HTML report here.", metavar="FILE")
]
Review = Annotated[Path | None, typer.Option(help="Write pairs worth a look here.", metavar="FILE")]
Titles = Annotated[bool, typer.Option("--titles", help="Write the title of each record, too.")]

PairsOutput = Annotated[
    Path | None, typer.Option("--pairs", help="Write every compared pair here.", metavar="FILE")
]
Threshold = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        help="Merge from this probability; default: the model's.",
        metavar="P",
        rich_help_panel=DECIDING,
    ),
]

Known = Annotated[
    Path | None,
    typer.Option(
        "--constraints",
        help="Pairs that hold whatever the scores say: left_id, right_id, same (1, 0).",
        metavar="FILE",
        rich_help_panel=DECIDING,
    ),
]


ProblemFile = Annotated[
    Path | None,
    typer.Option(
        "--problems",
        help="Write what was wrong in the input here.",
        metavar="FILE",
        rich_help_panel=RUNNING,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        help="Of texts; default: told from each.",
        metavar="NAME",
        rich_help_panel=RUNNING,
    ),
]


def _mapping(said: str) -> dict[str, str]:
    """The columns in `Heading=title,Who=authors`; any other text is told with the option."""
    pairs = [pair.rpartition("=") for pair in said.split(",")]
    if not all(name.strip() and column.strip() for name, _, column in pairs):
        raise typer.BadParameter(
            f"found {said!r}, expected names such as Heading=title,Who=authors"
        )
    return {name.strip(): column.strip() for name, _, column in pairs}


Columns = Annotated[
    dict[str, str] | None,
    typer.Option(
        parser=_mapping,
        help="What your columns of tables hold.",
        metavar="MINE=title,..",
        rich_help_panel=RUNNING,
    ),
]


class Level(StrEnum):
    """What counts as the same paper."""

    publication = "publication"
    work = "work"


PaperModel = Annotated[
    str | None,
    typer.Option(
        help="Its name or file, or 'ecm'; default: the shipped one.",
        metavar="MODEL",
        rich_help_panel=DECIDING,
    ),
]
LevelOption = Annotated[
    Level,
    typer.Option(
        help="publication (default), or work: versions of one work, too.",
        metavar="LEVEL",
        show_default=False,
        rich_help_panel=DECIDING,
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=64,  # each of them takes memory at once; more than a few are of no use
        metavar="N",
        help="Processes; default: one a processor.",
        rich_help_panel=RUNNING,
    ),
]


def check_outputs(inputs: list[Path], tables: list[Path | None], *others: Path | None) -> None:
    """Complain before the work rather than after it; never write over an input."""
    from linkage.tables.files import check_file, check_output

    for table in filter(None, tables):
        check_output(table)
    for other in filter(None, others):
        check_file(other)
    check_paths(inputs, filter(None, [*tables, *others]))


def model_files(name: str | None) -> list[Path]:
    """The model's file, where the name is that of one; a shipped model's is not the user's."""
    return [Path(name)] if name and Path(name).is_file() else []


def read(
    inputs: list[Path],
    problem_file: Path | None = None,
    encoding: str | None = None,
    columns: dict[str, str] | None = None,
) -> tuple[Conformed, list[Problem]]:
    """Records of all inputs, and what was told about them. `InputError` where there are none.

    All that was told is written to `problem_file`, if there is one.
    """
    from linkage.readers.files import read_records

    problems: list[Problem] = []
    records = read_records(inputs, columns=columns, encoding=encoding, set_aside=problems)
    tell(problems)
    write_problems(problems, problem_file)
    if records.empty:
        raise InputError(f"{inputs[0]}: found no usable record")
    return records, problems


def read_packed(
    inputs: list[Path],
    problem_file: Path | None = None,
    encoding: str | None = None,
    columns: dict[str, str] | None = None,
) -> tuple[PackedRecords, list[Problem]]:
    """The same, but only what linking authors reads."""
    from linkage.authors.linker import PACKED
    from linkage.readers import files

    problems: list[Problem] = []
    records = files.read_packed(
        inputs, PACKED, columns=columns, encoding=encoding, set_aside=problems
    )
    tell(problems)
    write_problems(problems, problem_file)
    if not len(records):
        raise InputError(f"{inputs[0]}: found no usable record")
    return records, problems


def read_known(path: Path | None) -> pd.DataFrame | None:
    """The table of `--constraints`; rows without an answer, as in a list for review, are told."""
    from linkage.tables.files import read_table

    if path is None:
        return None
    table = read_table(path)
    label = next((name for name in ("same", "label") if name in table), None)
    if label and (n_open := sum(not str(cell).strip() for cell in table[label].fillna(""))):
        complain(f"{path}: found no answer in {label!r} of {count(n_open, 'row')}, left open")
    return table


def write_ids(table: pd.DataFrame, path: Path, titled: pd.DataFrame | None) -> None:
    """Write clusters or mentions; with the titles of the records `titled`, if they are given."""
    from linkage.tables.files import write_table

    if titled is None:
        write_table(table, path)
    else:
        titles = dict(zip(titled["record_id"], titled["title"], strict=True))
        named = table.assign(title=table["record_id"].map(titles))
        write_table(named, path, spreadsheet=True)


def run_facts(inputs: list[Path], model: str, started: float) -> list[tuple[str, str]]:
    """What was done, for the report; `started` is a reading of `time.monotonic`."""
    return [
        ("Input", ", ".join(str(path) for path in inputs)),
        ("Model", model),
        ("Seconds", f"{time.monotonic() - started:.1f}"),
    ]


def count(n: int, noun: str) -> str:
    """`1 record`, `1,200 records`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def say(text: str) -> None:
    """Tell the result, on stderr."""
    typer.echo(text, err=True)


def write_problems(problems: list[Problem], path: Path | None) -> None:
    """Write all problems as a table: source, where, found, expected, and what became of it."""
    import pandas as pd

    from linkage.tables.files import write_table

    if path:
        columns = ["source", "where", "found", "expected", "fate"]
        rows = [(*problem[:4], problem.fate) for problem in problems]
        write_table(pd.DataFrame(rows, columns=columns, dtype=object), path, spreadsheet=True)


def tell(problems: list[Problem]) -> None:
    """Tell the first problems and, of more, how many there are of each kind, on stderr."""
    for problem in problems[:_MOST_PROBLEMS]:
        complain(str(problem))
    if len(problems) > _MOST_PROBLEMS:
        more = f"... and {len(problems) - _MOST_PROBLEMS:,} more"
        complain(f"{more}; {summary(problems)} (--problems FILE lists all)")


def complain(*texts: str) -> None:
    """Tell what went wrong, on stderr, a line each."""
    for text in texts:
        typer.echo(f"linkage: {text}", err=True)


def tell_caps(sentences: Iterable[str]) -> None:
    """Say which limits of the work decided something."""
    for sentence in sentences:
        complain(sentence)
