"""`linkage merge`: one clean record for each cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands.options import Encoding, Inputs, ProblemFile, check_outputs, count, read, say
from linkage.errors import InputError
from linkage.running.progress import progress
from linkage.tables.files import write_table


def merge(
    clusters: Annotated[Path, typer.Argument(help="Clusters, as written by linkage papers.")],
    inputs: Inputs,
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="Where to write; .bib, .ris, .csv, .tsv, .parquet or .jsonl."
        ),
    ],
    conflicts: Annotated[
        Path | None, typer.Option(help="Write the values that contradict each other here.")
    ] = None,
    problems: ProblemFile = None,
    encoding: Encoding = None,
) -> None:
    """Merge duplicates: one record for each cluster, every field the best that is known.

    The column `merged_from` (in .bib the field `ids`) says which records a record stands for.
    """
    from linkage.merging.merge import merge_conflicts, merge_records
    from linkage.tables.clusterings import read_clustering
    from linkage.writers.records import check_records_output, write_records

    check_outputs([clusters, *inputs], [conflicts, problems], output)
    check_records_output(output)
    labels = read_clustering(clusters)
    with progress():
        records, _ = read(inputs, problems, encoding)
        try:
            merged = merge_records(records, labels)
        except InputError as error:  # it can't know the file
            raise InputError(f"{clusters}: {error}") from error
        found = merge_conflicts(records, merged)
    write_records(merged, output)
    if conflicts:
        write_table(found, conflicts)
    told = f"{count(len(records), 'record')}, {count(len(merged), 'paper')}: {output}"
    n = len(found[["record_id", "field"]].drop_duplicates())
    where = conflicts or "--conflicts FILE lists them"
    say(f"{told}; {count(n, 'conflict')}: {where}" if n or conflicts else told)
