"""`linkage train`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands.options import Level, LevelOption, check_outputs, count, read, say
from linkage.running.progress import progress
from linkage.tables.paths import files_below

if TYPE_CHECKING:
    from linkage.models import PairModel


class Job(StrEnum):
    """What a model is trained for."""

    papers = "papers"
    authors = "authors"


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
    """Train a model from folders of labelled records.

    The same folders give the same file.
    With --labels, the shipped model keeps what it knows, and learns from some labelled pairs what
    is different in your records.
    """
    from linkage.tables.files import whole_file

    read_files = [file for path in data for file in files_below(path)]
    check_outputs([*read_files, *filter(None, [labels])], [], output)
    if labels and what is not Job.papers:
        raise typer.BadParameter("--labels goes with papers")
    with progress():
        model = _adapt_shipped(data, labels, level) if labels else _train_anew(what, data, level)
    with whole_file(output) as stream:
        stream.write(model.to_json().encode())
    if labels:
        seen = model.about["adapted_to"]["pairs"]
        say(f"papers_{level.value}, adapted to {count(seen, 'labelled pair')}: {output}")
    else:
        say(f"trained on {count(len(data), 'folder')}: {output}")


def _adapt_shipped(inputs: list[Path], labels: Path, level: Level) -> PairModel:
    from linkage.labelling.choice import adapt_papers
    from linkage.models import load_model
    from linkage.tables.files import read_table

    records, _ = read(inputs)
    shipped = load_model(f"papers_{level.value}")
    return adapt_papers(shipped, records, read_table(labels), str(labels))


def _train_anew(what: Job, folders: list[Path], level: Level) -> PairModel:
    if what is Job.papers:
        from linkage.papers.training.fit import train_papers
        from linkage.papers.training.labelled import load_labelled

        return train_papers([load_labelled(folder) for folder in folders], level.value)
    from linkage.authors.training.fit import train_authors

    return train_authors(folders)
