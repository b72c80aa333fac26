"""`linkage dedupe`: the exports of a search in, clean records out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands.options import (
    Columns,
    Encoding,
    Inputs,
    Known,
    Level,
    LevelOption,
    ProblemFile,
    check_outputs,
    count,
    read,
    read_known,
    say,
)
from linkage.running.progress import progress

if TYPE_CHECKING:
    import pandas as pd


Prefer = Annotated[
    str | None,
    typer.Option(help="Sources whose records are kept, the first first.", metavar="A,B"),
]


def dedupe(
    inputs: Inputs,
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="Clean records: .bib, .ris or a table.", metavar="FILE"
        ),
    ],
    removed: Annotated[
        Path | None,
        typer.Option(help="Write what was removed, and what stands for it, here.", metavar="FILE"),
    ] = None,
    counts: Annotated[
        Path | None,
        typer.Option(help="Write the counts of a PRISMA 2020 diagram here.", metavar="FILE"),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="An earlier search: only what is new is kept.", metavar="FILE"),
    ] = None,
    prefer: Prefer = None,
    constraints: Known = None,
    level: LevelOption = Level.publication,
    problems: ProblemFile = None,
    encoding: Encoding = None,
    columns: Columns = None,
) -> None:
    """Remove the duplicates of a search, and count what a review must.

    A clean record names the records that it was made of: merged_from in tables, ids in .bib, a note
    in .ris.
    """
    from linkage.library.dedupe import TOTAL, dedupe_records, with_origins
    from linkage.papers.linker import PaperLinker
    from linkage.tables.files import write_table
    from linkage.writers.records import check_records_output, write_records

    given = [*inputs, *filter(None, [against, constraints])]
    check_outputs(given, [removed, counts, problems], output)
    check_records_output(output)
    known = read_known(constraints)
    with progress():
        records, _ = read(inputs, problems, encoding, columns)
        earlier = _earlier(against, encoding) if against else None
        sources = [one.strip() for one in prefer.split(",")] if prefer else []
        found = dedupe_records(
            records, against=earlier, prefer=sources, constraints=known,
            linker=PaperLinker(level=level.value),
        )  # fmt: skip
    write_records(with_origins(found.clean, output), output)
    if removed:
        write_table(found.removed, removed, spreadsheet=True)
    if counts:
        write_table(found.counts, counts)
    total = found.counts[found.counts["source"] == TOTAL].iloc[0]
    told = [f"{total[name]:,} {name.replace('_', ' ')}" for name in found.counts.columns[2:-1]]
    identified = count(total["identified"], "record")
    say(f"{identified}: {', '.join(told)}; {total['kept']:,} kept: {output}")


def _earlier(path: Path, encoding: str | None) -> pd.DataFrame:
    """Records of an earlier search, called otherwise than those of this one."""
    records, _ = read([path], encoding=encoding)
    return records.assign(record_id=[f"{path.name}: {one}" for one in records["record_id"]])
