"""`linkage merge`: one clean record for each cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands.options import (
    Columns,
    Encoding,
    Inputs,
    ProblemFile,
    check_outputs,
    count,
    read,
    say,
)
from linkage.errors import InputError
from linkage.running.progress import progress

if TYPE_CHECKING:
    import pandas as pd


def merge(
    clusters: Annotated[Path, typer.Argument(help="Clusters, as written by linkage papers.")],
    inputs: Inputs,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help=".bib, .ris, .nbib, .json (CSL), .xml (EndNote) or a table.",
            metavar="FILE",
        ),
    ],
    conflicts: Annotated[
        Path | None,
        typer.Option(help="Write every value that was not chosen here.", metavar="FILE"),
    ] = None,
    relations: Annotated[
        Path | None,
        typer.Option(help="What linkage papers --relations wrote, to be carried.", metavar="FILE"),
    ] = None,
    spreadsheet: Annotated[
        bool, typer.Option("--spreadsheet", help="Write CSV that spreadsheet programs open.")
    ] = False,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Merge duplicates: one record a cluster, the best that is known.

    Keywords, notes, files, addresses and numbers are united; of other fields one value is chosen.
    The column `merged_from` (in .bib the field `ids`) says which records a record stands for,
    `origins` which of them gave which field. With --relations the column `relations` (in .bib a
    field, in .json under `custom`) says what the papers are to each other: `corrects ID`.
    """
    from linkage.merging.conflicts import merge_conflicts
    from linkage.merging.merge import merge_records
    from linkage.tables.clusterings import read_clustering
    from linkage.tables.files import write_table
    from linkage.writers.records import check_records_output, write_records

    given = [clusters, *inputs, *filter(None, [relations])]
    check_outputs(given, [conflicts, problems], output)
    check_records_output(output, spreadsheet=spreadsheet)
    labels = read_clustering(clusters)
    with progress():
        records, _ = read(inputs, problems, encoding, columns)
        try:
            merged = merge_records(records, labels)
        except InputError as error:  # it can't know the file
            raise InputError(f"{clusters}: {error}") from error
        found = merge_conflicts(records, labels, merged)
    if relations:
        merged = _with_relations(merged, relations)
    write_records(merged, output, spreadsheet=spreadsheet)
    if conflicts:
        write_table(found, conflicts)
    told = f"{count(len(records), 'record')}, {count(len(merged), 'paper')}: {output}"
    where = conflicts or "--conflicts FILE lists them"
    others = f"{count(len(found), 'value')} not chosen"
    say(f"{told}; {others}: {where}" if len(found) or conflicts else told)


def _with_relations(merged: pd.DataFrame, path: Path) -> pd.DataFrame:
    from linkage.papers.relations import merged_with_relations, read_relations

    related = read_relations(path)
    try:
        return merged_with_relations(merged, related)
    except InputError as error:  # it can't know the file
        raise InputError(f"{path}: {error}") from error
