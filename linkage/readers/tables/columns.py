"""The columns of tables that users have, under their canonical names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
import pyarrow as pa

from linkage.errors import InputError, Problem
from linkage.readers.source import Reader, Source
from linkage.readers.streams import LargeSource
from linkage.records.column_names import nearly_known, with_known_columns
from linkage.records.library_columns import NORMALISED
from linkage.records.schema_columns import RECORD_COLUMNS


def named_tables(
    source: Source, reader: Reader, columns: Mapping[str, str] | None, problems: list[Problem]
) -> Iterator[pd.DataFrame]:
    """The table of a tabular file, `canonical`; of a large one some rows after the other."""
    if not isinstance(source, LargeSource) or not reader.batches:
        table = reader.read(source, problems)
        if not table.empty:
            table = _with_plain_texts(canonical(table, columns, source, problems))
        yield table
        return
    for number, table in enumerate(reader.batches(source, problems)):
        told = [] if number else problems  # the columns are the same each time
        yield _with_plain_texts(canonical(table, columns, source, told).iloc[:-1])


def canonical(
    table: pd.DataFrame, columns: Mapping[str, str] | None, source: Source, problems: list[Problem]
) -> pd.DataFrame:
    """Rename a table's columns: `columns` (its own name -> canonical) first, then known names."""
    mapping = _found(columns or {}, table, source)
    taken = set(mapping.values())
    clash = {name: f"{name}_in_file" for name in taken & set(table.columns) - set(mapping)}
    table = table.rename(columns=clash | mapping)
    printed = list(map(str, table.columns))
    table, renamed = with_known_columns(table, taken)
    if "title" not in table.columns:
        found = ", ".join(map(repr, table.columns)) or "none"
        raise InputError(f"{source.path}: found no title column among the columns {found}")
    if "type" not in printed and "type" in table.columns and "native_type" not in table.columns:
        table["native_type"] = table["type"]  # `Item Type` and the like are a program's own
    used = {*table.columns, *renamed} - (set(printed) - set(RECORD_COLUMNS) - set(renamed))
    for name, target in nearly_known(printed, used).items():
        found, expected = f"a column {name!r} that was not used", f"{target!r}, if it is that"
        problems.append(Problem(source.name, "header", found, expected, kept=True))
    return table


def _with_plain_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Columns that are carried through hold texts and None, like those of any other format."""
    plain = {}
    for name, kind in table.dtypes.items():
        if name not in RECORD_COLUMNS and isinstance(kind, pd.ArrowDtype) and kind.kind == "U":
            texts = pa.chunked_array(table[name].array.__arrow_array__())
            cells = texts.to_numpy()  # not by pandas, whose version 3 has NaN for None
            plain[str(name)] = pd.Series(cells, index=table.index, dtype=object)
    return table.assign(**plain)


def check_mapping(columns: Mapping[str, str]) -> None:
    """Raise `InputError` where a column is mapped to none that is known, or two to one."""
    for name, target in columns.items():
        if target not in (*RECORD_COLUMNS, *NORMALISED):
            known = ", ".join([*RECORD_COLUMNS, *NORMALISED])
            raise InputError(f"column {name!r} is mapped to {target!r}, expected one of {known}")
    twice = {target for target in columns.values() if list(columns.values()).count(target) > 1}
    if twice:
        raise InputError(f"two columns are mapped to {min(twice)!r}, expected one")


def _found(columns: Mapping[str, str], table: pd.DataFrame, source: Source) -> dict[str, str]:
    for name in columns:
        if name not in table.columns:
            found = ", ".join(map(repr, table.columns))
            raise InputError(f"{source.path}: found no column {name!r} among {found}")
    return dict(columns)
