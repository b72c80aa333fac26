"""`linkage review`: decide in the browser."""

from __future__ import annotations

import getpass
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands.library import _tell
from linkage.commands.options import (
    Encoding,
    Level,
    check_outputs,
    count,
    read,
    say,
)
from linkage.errors import InputError
from linkage.running.progress import progress
from linkage.tables.files import read_table, write_table

if TYPE_CHECKING:
    from linkage.library.library import Library
    from linkage.review.desk import Desk

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
) -> None:
    """Decide in the browser: the close calls one by one, the rest in bands.

    Of a library, verdicts are kept in it at once, and it is linked by them when you finish. Of
    files they are kept in the file -o, with which the same command goes on where you stopped.
    """
    check_outputs(inputs, [output])
    who = reviewer or _user()
    if _is_library(inputs):
        if level or model:
            raise InputError(
                "found --level or --model, expected them with files: a library has its own"
            )
        _review_library(inputs[0], output, people, who, port, no_browser)
        return
    if output is None:
        raise InputError("found no place for the verdicts, expected -o FILE, such as labels.csv")
    _review_files(inputs, output, people, level, model, who, port, no_browser, encoding)


def _is_library(inputs: list[Path]) -> bool:
    if not inputs[0].is_file():
        return False
    with inputs[0].open("rb") as stream:
        found = stream.read(len(_SQLITE)) == _SQLITE
    if found and len(inputs) > 1:
        raise InputError(f"{inputs[1]}: found more behind a library, expected the library alone")
    return found


def _review_library(
    path: Path, output: Path | None, people: bool, who: str, port: int, no_browser: bool
) -> None:
    from linkage.commands.library import _opened
    from linkage.review.desk import Desk
    from linkage.review.material import PEOPLE
    from linkage.review.sources import library_materials
    from linkage.review.verdicts import LibraryVerdicts, verdict_table

    with _opened(path) as library:
        with progress():
            materials = library_materials(library)
        if people and PEOPLE not in materials:
            raise InputError(f"{path}: found a library of papers only, expected one with people")
        kinds = sorted(materials, key=lambda kind: (kind == PEOPLE) != people)
        desks = {kind: Desk(materials[kind], LibraryVerdicts(library, kind), who) for kind in kinds}
        with _saving(desks):
            ended = _serve(desks, str(path), True, port, no_browser)
        if output:
            write_table(verdict_table(desks[kinds[0]].held()), output, spreadsheet=True)
        if ended:
            _link(library)


def _link(library: Library) -> None:
    if library.verdicts_wait():
        with progress():
            told = library.link_waiting()
        _tell(told)


def _review_files(
    inputs: list[Path], output: Path, people: bool, level: Level | None, model: str | None,
    who: str, port: int, no_browser: bool, encoding: str | None,
) -> None:  # fmt: skip
    from linkage.authors.linker import AuthorLinker
    from linkage.papers.linker import PaperLinker
    from linkage.review.desk import Desk
    from linkage.review.search import title_of
    from linkage.review.sources import paper_material, people_material
    from linkage.review.verdicts import FileVerdicts

    known = read_table(output) if output.is_file() else None
    with progress():
        records, _ = read(inputs, None, encoding)
        if people:
            material = people_material(records, AuthorLinker(model or "authors"))
        else:
            linker = PaperLinker(model, (level or Level.publication).value)
            material = paper_material(records, linker, known, str(output))
    verdicts = FileVerdicts(output, material.kind, lambda one: title_of(material, one))
    desks = {material.kind: Desk(material, verdicts, who)}
    with _saving(desks):
        _serve(desks, str(output), False, port, no_browser)


def _serve(
    desks: dict[str, Desk], place: str, is_library: bool, port: int, no_browser: bool
) -> bool:
    """Serve until the review is ended on the page (True) or by a signal."""
    from linkage.review.pages import Pages
    from linkage.review.server import Server

    pages = Pages(desks, place, is_library)
    server = Server(pages, port)

    def opened() -> None:
        say(f"review at {server.address} (Ctrl-C ends it; what you answered is kept)")
        if not no_browser:
            webbrowser.open(server.address)

    server.run(opened)
    return pages.ended


@contextmanager
def _saving(desks: dict[str, Desk]) -> Iterator[None]:
    """Say at the end, however it comes, what is kept."""
    try:
        yield
    finally:
        for kind, desk in desks.items():
            told = ", ".join(f"{n:,} {verdict}" for verdict, n in desk.counts().items())
            n = desk.counts().total()
            say(f"{kind}: {count(n, 'verdict')} kept{f' ({told})' if n else ''}")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
