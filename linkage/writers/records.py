"""Write records for reference managers and LaTeX (.bib, .ris) or as a table; the suffix says it."""

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
from linkage.writers.ris import write_ris

_WRITERS: dict[str, Callable[[pd.DataFrame, IO[bytes]], None]] = {
    ".bib": write_bibtex,
    ".ris": write_ris,
}


def write_records(records: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write records as BibTeX (`.bib`), RIS (`.ris`) or a table (`write_table`'s suffixes).

    `records` is any table that `linkage.records.schema.conform` takes. What is written is read back
    by `read_records` to the same fields, but for what a format has no place for. The file appears
    only when it is complete. Raises `InputError` for another suffix and for a folder that is
    missing or can't be written to.
    """
    path = Path(path)
    check_records_output(path)
    table = conform(records)
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        write_table(table, path)
        return
    with whole_file(path) as stream:
        write(table, stream)


def check_records_output(path: Path) -> None:
    """Raise `InputError` if `write_records` has no format or no folder for this path."""
    known = (*_WRITERS, *TABLE_SUFFIXES)
    if path.suffix.lower() not in known:
        found = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
        raise InputError(f"{path}: found {found}, expected one of {', '.join(known)}")
    check_file(path)
