"""Write records for reference managers and LaTeX or as a table; the suffix says the format."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pandas as pd

from linkage.errors import InputError
from linkage.records.schema import conform
from linkage.tables.files import TABLE_SUFFIXES, check_file, whole_file, write_table
from linkage.writers.bibtex import write_bibtex
from linkage.writers.csl import write_csl
from linkage.writers.endnote import write_endnote
from linkage.writers.nbib import write_nbib
from linkage.writers.ris import write_ris

WRITERS: dict[str, Callable[[pd.DataFrame, IO[bytes]], None]] = {
    ".bib": write_bibtex,
    ".ris": write_ris,
    ".nbib": write_nbib,
    ".json": write_csl,
    ".xml": write_endnote,
}


def write_records(
    records: pd.DataFrame, path: str | os.PathLike[str], *, spreadsheet: bool = False
) -> None:
    """Write records as `.bib`, `.ris`, `.nbib`, CSL-JSON, EndNote XML or a table.

    The suffix says which: `.json` is CSL-JSON, `.xml` EndNote's, and tables are those of
    `write_table` (with `spreadsheet`, CSV that spreadsheet programs read as UTF-8). `records` is
    any table that `linkage.records.schema.conform` takes. What is written is read back by
    `read_records` to the same fields, but for what a format has no place for. The file appears only
    when it is complete. Raises `InputError` for another suffix and for a folder that is missing or
    can't be written to.

    Examples
    --------
    >>> linkage.write_records(records.head(1), "otters.bib")
    >>> from pathlib import Path
    >>> Path("otters.bib").read_text(encoding="utf-8")[:8]
    '@misc{a1'
    """
    path = Path(path)
    check_records_output(path, spreadsheet=spreadsheet)
    table = conform(records)
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        write_table(table, path, spreadsheet=spreadsheet)
        return
    with whole_file(path) as stream:
        write(_with_all_that_was_said(table), stream)


def _with_all_that_was_said(table: pd.DataFrame) -> pd.DataFrame:
    """The records, with what stood in the place of authors again there, behind those known."""
    if "no_authors" not in table:
        return table
    cells = zip(table["authors"], table["no_authors"], strict=True)
    authors = [
        [*(known or []), *({"name": name} for name in said.split("; "))] if said else known
        for known, said in cells
    ]
    return table.assign(authors=pd.Series(authors, index=table.index, dtype=object))


def check_records_output(path: Path, *, spreadsheet: bool = False) -> None:
    """Raise `InputError` if `write_records` has no format or no folder for this path."""
    if spreadsheet and path.suffix.lower() not in (".csv", ".tsv"):
        found = f"found the suffix {path.suffix!r}"
        raise InputError(f"{path}: {found}, expected .csv or .tsv for spreadsheet programs")
    known = (*WRITERS, *TABLE_SUFFIXES)
    if path.suffix.lower() not in known:
        found = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
        raise InputError(f"{path}: found {found}, expected one of {', '.join(known)}")
    check_file(path)
