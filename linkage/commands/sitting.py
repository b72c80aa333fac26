"""A review in the browser: what is reviewed, where verdicts go, and what is said at the end."""

from __future__ import annotations

import shlex
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from linkage.authors.linker import AuthorLinker
from linkage.commands.library import open_library, tell_changes
from linkage.commands.options import Level, count, read, say
from linkage.errors import InputError
from linkage.papers.linker import PaperLinker
from linkage.review import server
from linkage.review.desk import Desk
from linkage.review.material import PEOPLE
from linkage.review.pages import Pages
from linkage.review.search import title_of
from linkage.review.sources import library_materials, paper_material, people_material
from linkage.review.verdicts import FileVerdicts, LibraryVerdicts, verdict_table
from linkage.running.progress import progress
from linkage.tables.files import read_table, write_table


class Screen(NamedTuple):
    """Where a review is to be seen."""

    port: int
    open_browser: bool


class Given(NamedTuple):
    """Files under review, and how they are linked."""

    inputs: list[Path]
    encoding: str | None
    columns: dict[str, str] | None
    people: bool
    level: Level
    model: str | None


def review_library(path: Path, output: Path | None, people: bool, who: str, screen: Screen) -> None:
    """Review a library; the verdicts on its first kind are written to `output`, too."""
    with open_library(path) as library:
        with progress():
            materials = library_materials(library)
        if people and PEOPLE not in materials:
            raise InputError(f"{path}: found a library of papers only, expected one with people")
        kinds = sorted(materials, key=lambda kind: (kind == PEOPLE) != people)
        desks = [Desk(materials[kind], LibraryVerdicts(library, kind), who) for kind in kinds]
        with _told_at_the_end(*desks):
            ended = _serve(desks, path, True, screen)
        if output:
            write_table(verdict_table(desks[0].held()), output, spreadsheet=True)
        if ended and library.verdicts_wait():
            with progress():
                told = library.link_waiting()
            tell_changes(told)


def review_files(given: Given, output: Path, who: str, screen: Screen) -> None:
    """Review files of records; the verdicts are in `output`."""
    known = read_table(output) if output.is_file() else None
    with progress():
        records, _ = read(given.inputs, None, given.encoding, given.columns)
        if given.people:
            material = people_material(records, AuthorLinker(given.model or "authors"))
        else:
            linker = PaperLinker(given.model, given.level.value)
            material = paper_material(records, linker, known, str(output))
    verdicts = FileVerdicts(output, material.kind, lambda one: title_of(material, one))
    desk = Desk(material, verdicts, who)
    with _told_at_the_end(desk):
        _serve([desk], output, False, screen)
    if desk.counts():
        say(f"next: {_next_command(given, output)}")


def _next_command(given: Given, output: Path) -> str:
    """What links the files by the verdicts."""
    command = ["authors"] if given.people else ["papers"]
    more = [] if given.model is None else ["--model", given.model]
    if not given.people and given.level is not Level.publication:
        more += ["--level", given.level.value]
    name = "mentions.csv" if given.people else "clusters.csv"
    words = ["linkage", *command, *map(str, given.inputs), *more]
    return shlex.join([*words, "--constraints", str(output), "-o", name])


def _serve(desks: Sequence[Desk], place: Path, is_library: bool, screen: Screen) -> bool:
    """Serve until the review is ended on the page (True) or by a signal."""
    pages = Pages({desk.material.kind: desk for desk in desks}, str(place), is_library)
    review_server = server.Server(pages, screen.port)

    def opened() -> None:
        address = review_server.address
        say(f"review at {address} (Ctrl-C ends it; what you answered is kept)")
        if screen.open_browser:
            webbrowser.open(address)

    review_server.run(opened)
    return pages.ended


@contextmanager
def _told_at_the_end(*desks: Desk) -> Iterator[None]:
    """Say at the end, however it comes, what is kept."""
    try:
        yield
    finally:
        for desk in desks:
            counts = desk.counts()
            told = ", ".join(f"{n:,} {verdict}" for verdict, n in counts.items())
            kept = f"{count(counts.total(), 'verdict')} kept{f' ({told})' if told else ''}"
            say(f"{desk.material.kind}: {kept}")
