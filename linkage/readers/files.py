"""Read records from the files that people have, whatever the format.

A new format is one file with a `Reader` and one line in `READERS`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from linkage.errors import WHOLE_FILE, InputError, Problem, report
from linkage.readers import bibtex, json_records, pages, parquet, ris, tabular
from linkage.readers.columns import canonical
from linkage.readers.source import Reader, Source, check_encoding, open_source
from linkage.readers.unsupported import foreign_format
from linkage.records.cells import each_distinct, identifier, text
from linkage.records.schema import RECORD_COLUMNS, conform

READERS: tuple[Reader, ...] = (  # the first that recognises the content reads it
    parquet.PARQUET,
    json_records.JSON,
    tabular.DELIMITED,
    ris.RIS,
    ris.WOS,
    bibtex.BIBTEX,
    pages.PROFILE,
    pages.CLUSTER,
    pages.DUMP,
)


_Path = str | os.PathLike[str]


def read_records(
    paths: _Path | Sequence[_Path],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    set_aside: list[Problem] | None = None,
) -> pd.DataFrame:
    """Read the records of one or more files or folders in the canonical schema.

    The format is told from content and suffix; `.gz` files are unpacked; of a folder all files that
    can be read are read, in the order of their names, and all else in it is named as a `Problem`.
    `columns` maps column names of tabular files (CSV, TSV, Parquet, JSON) to those of
    `linkage.records.schema.RECORD_COLUMNS`; well-known names such as `Publication Year` need no
    mapping. Columns not known are carried through. `encoding` is a name that Python knows, such as
    `mac_roman`; None: Unicode, or what the letters of a file tell. Records without an id get
    `<file stem>:<1-based number>`.

    Records and values that can't be used are appended to `set_aside` as `Problem`s or, without
    it, summed up in one warning. Raises `InputError` where a file as a whole can't be used, and
    where two files share a record id. The result has a fresh index 0, 1, …
    """
    problems: list[Problem] = []
    tables = _tables(_sources(paths, encoding, problems), columns, problems)
    records = _concatenated([conform(table, set_aside=problems) for table in tables])
    report(problems, set_aside)
    return records


def record_tables(
    paths: _Path | Sequence[_Path],
    *,
    encoding: str | None = None,
    set_aside: list[Problem] | None = None,
) -> Iterator[pd.DataFrame]:
    """What `read_records` reads, file by file, before `linkage.records.schema.conform`.

    The index is the line, row or item of the file, and has its name. For more records than fit
    into memory when conformed: `PaperLinker.link_tables` takes them.
    """
    problems: list[Problem] = []
    yield from _tables(_sources(paths, encoding, problems), None, problems)
    report(problems, set_aside)


def reader_for(source: Source) -> Reader:
    """Choose the reader of a file by its content and, of several, its suffix; else `InputError`."""
    foreign = None if parquet.PARQUET.recognises(source) else foreign_format(source)
    if foreign is None:
        fitting = [reader for reader in READERS if reader.recognises(source)]
        for reader in fitting:
            if source.suffix in reader.suffixes:
                return reader
        if fitting:
            return fitting[0]
        for reader in READERS:
            if source.suffix in reader.suffixes and reader.tabular:
                return reader
    known = ", ".join(reader.name for reader in READERS)
    found = foreign or "no known format"
    raise InputError(f"{source.path}: found {found}, expected one of: {known}")


def _sources(
    paths: _Path | Sequence[_Path], encoding: str | None, problems: list[Problem]
) -> Iterator[Source]:
    check_encoding(encoding)
    listed = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not listed:
        raise InputError("no file to read was given")
    for path in map(Path, listed):
        if path.is_dir():
            yield from _in_folder(path, encoding, problems)
        else:
            yield open_source(path, encoding)


def _in_folder(folder: Path, encoding: str | None, problems: list[Problem]) -> Iterator[Source]:
    """The files of a folder that can be read; `InputError` if there is none.

    Everything else in it is named: a readme, a picture, a folder.
    """
    readable = 0
    for path in sorted(folder.iterdir()):
        if reason := _passed_over(path):
            problems.append(Problem(str(path), WHOLE_FILE, *reason))
            continue
        source = open_source(path, encoding)
        try:
            reader_for(source)
        except InputError as error:
            found, _, expected = str(error).removeprefix(f"{path}: found ").partition(", expected ")
            problems.append(Problem(str(path), WHOLE_FILE, found, expected))
            continue
        readable += 1
        yield source
    if not readable:
        known = ", ".join(reader.name for reader in READERS)
        raise InputError(f"{folder}: found no file that can be read, expected one of: {known}")


def _passed_over(path: Path) -> tuple[str, str] | None:
    """What was found, and what is expected in a folder, where this is not looked into."""
    if not path.is_file():
        return "a folder in the folder", "files (name it to read it, too)"
    if path.name.startswith((".", "_")):
        return f"a name that begins with {path.name[0]!r}", "another (name the file to read it)"
    return None if path.stat().st_size else ("no content", "records")


def _tables(
    sources: Iterator[Source], columns: Mapping[str, str] | None, problems: list[Problem]
) -> Iterator[pd.DataFrame]:
    """The table of each file, columns and ids in order, cells as they stand."""
    owner: dict[str, Path] = {}
    for source in sources:
        path, table = source.path, _read(source, columns, problems)
        del source  # neither bytes nor rows stay while the next file is read
        _check_ids(table, path, owner)
        yield table
        del table


def _read(
    source: Source, columns: Mapping[str, str] | None, problems: list[Problem]
) -> pd.DataFrame:
    reader = reader_for(source)
    found: list[Problem] = []
    table = reader.read(source, found)
    if table.empty:
        reason = f" ({found[0]})" if found else ""
        raise InputError(f"{source.path}: found no record in this file, {reader.name}{reason}")
    if reader.tabular:
        table = _with_plain_texts(canonical(table, columns, source))
    table["record_id"] = _record_ids(table, source, reader, found)
    sources = table["source"] if "source" in table else [None] * len(table)
    table["source"] = [cell or source.name for cell in each_distinct(sources, text)]
    problems.extend(found)
    return table.rename_axis(index=table.index.name or reader.place)


def _with_plain_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Columns that are carried through hold texts and None, like those of any other format."""
    for name, kind in table.dtypes.items():
        if name not in RECORD_COLUMNS and isinstance(kind, pd.ArrowDtype) and kind.kind == "U":
            texts = pa.chunked_array(table[name].array.__arrow_array__())
            table[name] = texts.to_pandas().to_numpy()
    return table


def _record_ids(
    table: pd.DataFrame, source: Source, reader: Reader, problems: list[Problem]
) -> list[str]:
    """The ids of the file; where it has none, or repeats one, `<file stem>:<1-based number>`."""
    given = table["record_id"] if "record_id" in table else [None] * len(table)
    whole = [record_id for record_id in map(identifier, given) if record_id]
    if len(set(whole)) == len(table):
        return whole
    first: dict[str, object] = {}
    ids: list[str] = []
    for number, (place, cell) in enumerate(zip(table.index, given, strict=True), start=1):
        record_id = identifier(cell) or f"{source.stem}:{number}"
        if record_id in first:
            seen, again = f"{reader.place} {first[record_id]}", f"{reader.place} {place}"
            if reader.tabular:
                found = f"the record id {record_id!r} in {seen} and again in {again}"
                raise InputError(f"{source.path}: found {found}, expected unique ids")
            found = f"the record id {record_id!r} of {seen} again"
            expected = f"unique ids (the record is called {source.stem}:{number})"
            problems.append(Problem(source.name, again, found, expected, kept=True))
            record_id = f"{source.stem}:{number}"
        first[record_id] = place
        ids.append(record_id)
    return ids


def _check_ids(table: pd.DataFrame, path: Path, owner: dict[str, Path]) -> None:
    for record_id in table["record_id"]:
        if record_id in owner:
            both = f"{owner[record_id]} and {path}"
            raise InputError(f"{both}: both have the record id {record_id!r}, expected one")
    owner |= dict.fromkeys(table["record_id"], path)


def _concatenated(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the files' records below each other; a column that a file lacks is missing there."""
    frames = [frame.reset_index(drop=True) for frame in frames]
    if len(frames) == 1:
        return frames[0]
    types = [frame.dtypes.to_dict() for frame in frames]
    names = dict.fromkeys(name for frame in frames for name in frame.columns)
    mixed = {name for name in names if len({str(dtypes.get(name)) for dtypes in types}) > 1}
    aligned = []
    for frame in frames:
        new = {
            name: pd.Series([None] * len(frame), dtype=object)
            for name in names
            if name not in frame
        }
        cast = frame.astype(dict.fromkeys(mixed & set(frame.columns), object))
        aligned.append(cast.assign(**new)[list(names)])
    return pd.concat(aligned, ignore_index=True)
