"""The command line. Exit codes: 0 done, 1 the input was bad, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

import linkage
from linkage.benchmarks.commands import benchmark
from linkage.commands.authors import authors
from linkage.commands.demo import demo
from linkage.commands.evaluation import evaluate, sample
from linkage.commands.explain import explain
from linkage.commands.labelling import label
from linkage.commands.merging import merge
from linkage.commands.options import complain
from linkage.commands.papers import compare, papers
from linkage.commands.training import train
from linkage.errors import LinkageError

app = typer.Typer(
    name="linkage",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def print_version(wanted: bool) -> None:
    """Print the version of this package and end."""
    if wanted:
        typer.echo(f"biblinkage {linkage.__version__}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Which records are the same paper, and which names are the same person."""


app.add_typer(benchmark)
for command in (papers, merge, authors, explain, compare, evaluate, sample, label, train, demo):
    app.command()(command)


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
