"""`linkage link`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands.options import (
    Columns,
    Encoding,
    Inputs,
    Level,
    LevelOption,
    ProblemFile,
    Titles,
    check_outputs,
    count,
    read,
    say,
    tell,
    tell_caps,
    write_ids,
    write_problems,
)
from linkage.errors import InputError
from linkage.running.progress import progress

Folder = Annotated[
    Path, typer.Option("-o", "--output", help="For papers.csv and people.csv.", metavar="FOLDER")
]


def link(
    inputs: Inputs,
    output: Folder,
    titles: Titles = False,
    level: LevelOption = Level.publication,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Find the same papers and the same people, together.

    Writes papers.csv (record_id, cluster_id) and people.csv (record_id, position, name, author_id,
    probability) into a folder, which is made. Copies of a paper count once for its authors, and
    what one copy knows of an author, such as an ORCID, serves all.
    """
    from linkage.joint.linker import link_conformed
    from linkage.papers.linker import PaperLinker

    if output.exists() and not output.is_dir():
        raise InputError(f"{output}: found a file, expected a folder, or a name for a new one")
    for path in inputs:  # before the folder is made
        if not path.exists():
            raise InputError(f"{path}: no such file")
    output.mkdir(parents=True, exist_ok=True)
    papers, people = output / "papers.csv", output / "people.csv"
    check_outputs(inputs, [papers, people, problems])
    with progress():
        records, told = read(inputs, problems, encoding, columns)
        found = link_conformed(records, PaperLinker(level=level.value))
    tell(list(found.authors.problems))
    write_problems([*told, *found.authors.problems], problems)
    write_ids(found.clusters.reset_index(), papers, records if titles else None)
    write_ids(found.people, people, records if titles else None)
    tell_caps((*found.papers.caps, *found.authors.caps))
    counts = [
        count(len(records), "record"),
        count(found.clusters.nunique(), "paper"),
        count(len(found.people), "mention"),
        count(found.people["author_id"].nunique(), "person"),
    ]
    say(f"{', '.join(counts)}: {output}")
