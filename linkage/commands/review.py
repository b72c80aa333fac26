"""`linkage review`: decide in the browser."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from linkage.commands.options import Columns, Encoding, Level, check_outputs
from linkage.errors import InputError

_SQLITE = b"SQLite format 3\x00"


def review(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            help="A library, or files or folders of records.",
            metavar="LIBRARY|INPUT...",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The verdicts, as --constraints and judge take them."),
    ] = None,
    people: Annotated[
        bool, typer.Option("--people", help="Review people; of a library, begin with them.")
    ] = False,
    level: Annotated[Level | None, typer.Option(help="Of papers in files.")] = None,
    model: Annotated[
        str | None, typer.Option(help="Of files: model name or file; default: the shipped one.")
    ] = None,
    reviewer: Annotated[
        str | None, typer.Option(help="Who answers; default: your user name.")
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where to listen; 0: any free one.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Decide in the browser: close calls one by one, the rest in bands.

    Of a library, verdicts are kept in it at once, and it is linked by them when you finish. Of
    files they are kept in the file -o, with which the same command goes on where you stopped.
    """
    from linkage.commands import sitting  # a server takes a moment to import

    check_outputs(inputs, [output])
    who, screen = reviewer or _user(), sitting.Screen(port, not no_browser)
    if _is_library(inputs):
        if level or model:
            found = "--level or --model"
            raise InputError(f"found {found}, expected them with files: a library has its own")
        sitting.review_library(inputs[0], output, people, who, screen)
        return
    if output is None:
        raise InputError("found no place for the verdicts, expected -o FILE, such as labels.csv")
    given = sitting.Given(inputs, encoding, columns, people, level or Level.publication, model)
    sitting.review_files(given, output, who, screen)


def _is_library(inputs: list[Path]) -> bool:
    if not inputs[0].exists():
        raise InputError(f"{inputs[0]}: no such file")
    if inputs[0].is_dir():
        return False
    with inputs[0].open("rb") as stream:
        found = stream.read(len(_SQLITE)) == _SQLITE
    if found and len(inputs) > 1:
        raise InputError(f"{inputs[1]}: found more behind a library, expected the library alone")
    return found


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
