"""The command line. Exit codes: 0 done, 1 the input was bad, 2 wrong usage, 130 interrupted.

143: terminated. 1 also stands for what nobody foresaw.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Annotated

import typer

import linkage
from linkage.benchmarks.commands import benchmark
from linkage.commands.authors import authors
from linkage.commands.dedupe import dedupe
from linkage.commands.demo import demo
from linkage.commands.evaluation import evaluate, sample
from linkage.commands.explain import explain
from linkage.commands.labelling import label
from linkage.commands.library import changes, export, history, judge, status, undo, update
from linkage.commands.link import link
from linkage.commands.merging import merge
from linkage.commands.options import complain
from linkage.commands.papers import compare, papers
from linkage.commands.review import review
from linkage.commands.training import train
from linkage.commands.unforeseen import sentence
from linkage.running.leftovers import choose_temporary_folder, remove_leftovers
from linkage.running.signals import signal_received

_DEBUG = "--debug"

app = typer.Typer(
    name="linkage",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # else the lines of a docstring are not filled up
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
    _debug: Annotated[  # `main` takes it from any place; here it is for --help
        bool, typer.Option(_DEBUG, help="Show the traceback of an error.")
    ] = False,
) -> None:
    """Which records are the same paper, and which names are the same person."""


for panel, commands in {
    "Link": (papers, authors, link, dedupe, merge, demo),
    "A library that remembers": (update, status, judge, changes, history, export, undo),
    "Look closer, and teach": (review, explain, label, train, compare),
    "Measure": (evaluate, sample),
}.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
app.add_typer(benchmark, rich_help_panel="Measure")


def main() -> None:
    """Run the command line; what goes wrong is one sentence on stderr, no traceback."""
    logging.getLogger("linkage").propagate = False  # recordlinkage gives the root log a handler
    words, debug = _without_debug(sys.argv[1:])
    choose_temporary_folder()
    remove_leftovers()
    try:
        app(words)
    except Exception as error:
        if not signal_received():  # a library may turn an exit into an error of its own
            if debug:
                traceback.print_exception(error)
            complain(sentence(error))
        sys.exit(1)


def _without_debug(words: list[str]) -> tuple[list[str], bool]:
    """The command line without `--debug`, and whether it was there; behind `--` it is a name."""
    end = words.index("--") if "--" in words else len(words)
    kept = [word for word in words[:end] if word != _DEBUG]
    return kept + words[end:], len(kept) < end
