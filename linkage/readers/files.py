"""Read records from the files that people have, whatever the format.

A new format is one file with a `Reader` and one line in `READERS`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from linkage.errors import WHOLE_FILE, InputError, Problem, report
from linkage.readers import pages
from linkage.readers.archives import is_archive, members
from linkage.readers.json import (
    crossref,
    csl_json,
    datacite,
    json_records,
    openalex,
    reflib_json,
    semantic_scholar,
)
from linkage.readers.record_ids import FileIds, RecordIds
from linkage.readers.source import Reader, Source, check_encoding, open_source
from linkage.readers.streams import start_of
from linkage.readers.tables import parquet, spreadsheet, tabular
from linkage.readers.tables.columns import check_mapping, named_tables
from linkage.readers.tagged import bibtex, nbib, refer, ris
from linkage.readers.unsupported import foreign_format
from linkage.readers.xml import (
    arxiv,
    crossref_xml,
    dblp,
    endnote_library,
    endnote_xml,
    jats,
    library_xml,
    pubmed_xml,
    tei,
)
from linkage.records.cells import SAID_MISSING, each_distinct, text
from linkage.records.given_table import cells_of
from linkage.records.packed import PackedRecords, concat_packed
from linkage.records.schema import Conformed, conform, conform_packed

READERS: tuple[Reader, ...] = (  # the first that recognises the content reads it
    parquet.PARQUET,
    endnote_library.ENDNOTE_LIBRARY,
    spreadsheet.WORKBOOK,
    crossref.CROSSREF,
    openalex.OPENALEX,
    datacite.DATACITE,
    arxiv.ARXIV,
    semantic_scholar.SEMANTIC_SCHOLAR,
    reflib_json.REFLIB_JSON,
    csl_json.CSL_JSON,
    json_records.JSON,
    crossref_xml.CROSSREF_XML,
    pubmed_xml.PUBMED_XML,
    dblp.DBLP,
    library_xml.MODS,
    library_xml.MARCXML,
    endnote_xml.ENDNOTE_XML,
    arxiv.ARXIV_ATOM,
    jats.JATS,
    tei.TEI,
    nbib.NBIB,
    refer.REFER,
    tabular.DELIMITED,
    ris.RIS,
    ris.WOS,
    bibtex.BIBTEX,
    pages.PROFILE,
    pages.CLUSTER,
    pages.DUMP,
)


_TOLD_BY_MAGIC = (parquet.PARQUET, spreadsheet.WORKBOOK)

_Path = str | os.PathLike[str]


def read_records(
    paths: _Path | Sequence[_Path],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    set_aside: list[Problem] | None = None,
) -> Conformed:
    """Read the records of one or more files or folders in the canonical schema.

    The format is told from content and suffix; `.gz`, `.zst`, `.bz2`, `.xz` and `.zip` are
    unpacked; of a folder or a zip archive all files that can be read are read, in the order of
    their names, and all else in it is named as a `Problem`.
    `columns` maps column names of tabular files (CSV, TSV, Parquet, JSON) to those of
    `linkage.records.schema.RECORD_COLUMNS`; well-known names such as `Publication Year` need no
    mapping. Columns not known are carried through. `encoding` is a name that Python knows, such as
    `mac_roman`; None: Unicode, or what the letters of a file tell. Records without an id get
    `<file stem>:<1-based number>`.

    Records and values that can't be used are appended to `set_aside` as `Problem`s or, without
    it, summed up in one warning. An id that stands twice, in one file or in two, gets the name of
    its file before it (`refs.bib:smith2001`), which is told as a `Problem`, too. Raises
    `InputError` where a file as a whole can't be used. The result has a fresh index 0, 1, …

    Examples
    --------
    >>> linkage.write_records(records, "otters.ris")
    >>> again = linkage.read_records(["otters.ris"])
    >>> again["title"].tolist()[0]
    'Seasonal migration of alpine otters'
    >>> again["authors"][0][0]["family"]
    'Abendroth'
    """
    problems: list[Problem] = []
    tables = _tables(paths, encoding, columns, problems)
    records = _concatenated([conform(table, set_aside=problems) for table in tables])
    pa.default_memory_pool().release_unused()  # of what the files were read into
    report(problems, set_aside)
    return records


def read_packed(
    paths: _Path | Sequence[_Path],
    names: Sequence[str],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    set_aside: list[Problem] | None = None,
) -> PackedRecords:
    """The same records, but only the columns of these names, each distinct value once."""
    problems: list[Problem] = []
    given = _tables(paths, encoding, columns, problems)
    parts = [conform_packed(table, names, set_aside=problems) for table in given]
    pa.default_memory_pool().release_unused()
    report(problems, set_aside)
    return concat_packed(parts, names)


def record_tables(
    paths: _Path | Sequence[_Path],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    set_aside: list[Problem] | None = None,
) -> Iterator[pd.DataFrame]:
    """What `read_records` reads, before `linkage.records.schema.conform`: a table or more a file.

    The index is the line, row or item of the file, and has its name. For more records than fit
    into memory when conformed: `PaperLinker.link_tables` takes them.
    """
    problems: list[Problem] = []
    yield from _tables(paths, encoding, columns, problems)
    report(problems, set_aside)


def reader_for(source: Source) -> Reader:
    """Choose the reader of a file by its content and, of several, its suffix; else `InputError`."""
    if parquet.PARQUET.recognises(source):
        return parquet.PARQUET  # no text, so nothing to tell of its letters
    fitting = [reader for reader in READERS if reader.recognises(source)]
    certain = fitting and (not fitting[0].tabular or fitting[0] in _TOLD_BY_MAGIC)
    foreign = None if certain else foreign_format(source)
    if foreign is None:
        for reader in fitting:
            if source.suffix in reader.suffixes:
                return reader
        if fitting and fitting[0].suffixes:
            return fitting[0]
        for reader in READERS:
            if source.suffix in reader.suffixes and reader.tabular:
                return reader  # a table whose columns are none that are known, not a page
        if fitting and not (_is_guess(fitting[0]) and _named(source)):
            return fitting[0]
    known = ", ".join(reader.name for reader in READERS)
    found = foreign or "no known format"
    raise InputError(f"{source.path}: found {found}, expected one of: {known}")


def _is_guess(reader: Reader) -> bool:
    """Whether it knows no mark that begins a file or a record."""
    return reader is pages.DUMP


def _named(source: Source) -> bool:
    """Whether the suffix is that of a format."""
    return any(source.suffix in reader.suffixes for reader in READERS)


def _sources(
    paths: Sequence[_Path], encoding: str | None, problems: list[Problem]
) -> Iterator[tuple[Source, Path]]:
    """The files, each with the path that was given: its own, or that of what it lies in."""
    for path in map(Path, paths):
        opened = _in_folder if path.is_dir() else _opened
        for source in opened(path, encoding, problems):
            yield source, path


def _opened(path: Path, encoding: str | None, problems: list[Problem]) -> Iterator[Source]:
    """A file, or the files of an archive; a large one is not held, if it need not be."""
    start = start_of(path, encoding)
    if start is not None and _in_batches(start):
        yield start
        return
    source = open_source(path, encoding)
    if is_archive(source):
        yield from _readable(members(source, problems), source.path, problems)
    else:
        yield source


def _in_batches(start: Source) -> bool:
    """Whether the first part of a file tells that it can be read some records at a time."""
    try:
        return reader_for(start).batches is not None
    except InputError:
        return False  # an archive may need its end to be told


def _in_folder(folder: Path, encoding: str | None, problems: list[Problem]) -> Iterator[Source]:
    """The files of a folder that can be read; everything else in it is named."""
    return _readable(_files(folder, encoding, problems), folder, problems)


def _files(folder: Path, encoding: str | None, problems: list[Problem]) -> Iterator[Source]:
    for path in sorted(folder.iterdir()):
        if reason := _passed_over(path):
            problems.append(Problem(str(path), WHOLE_FILE, *reason))
            continue
        try:
            yield from _opened(path, encoding, problems)
        except InputError as error:  # damaged, or an archive of pictures
            problems.append(_not_read(path, error))


def _readable(sources: Iterator[Source], place: Path, problems: list[Problem]) -> Iterator[Source]:
    """Those that can be read; all others are named. `InputError` if there is none."""
    readable = 0
    for source in sources:
        try:
            reader_for(source)
        except InputError as error:
            problems.append(_not_read(source.path, error))
            continue
        readable += 1
        yield source
    if not readable:
        known = ", ".join(reader.name for reader in READERS)
        raise InputError(f"{place}: found no file that can be read, expected one of: {known}")


def _not_read(path: Path, error: InputError, read: int = 0) -> Problem:
    """What is told of a file that can't be read, or not to its end, after so many records."""
    reason = str(error).removeprefix(f"{path}: ").removeprefix("found ")
    found, _, expected = reason.partition(", expected ")
    if found.startswith(("can't", "not")):
        found = f"a file that {'is ' * found.startswith('not')}{found}"
    after = f" after {read:,} records" if read else ""
    expected = expected or "a file that can be read"
    return Problem(str(path), WHOLE_FILE, found + after, expected, kept=bool(read))


def _passed_over(path: Path) -> tuple[str, str] | None:
    """What was found, and what is expected in a folder, where this is not looked into."""
    if path.is_dir():
        return "a folder in the folder", "files (name it to read it, too)"
    if not path.is_file():
        return "a link to nothing" if path.is_symlink() else "no plain file", "a file"
    if path.name.startswith((".", "_")):
        return f"a name that begins with {path.name[0]!r}", "another (name the file to read it)"
    return None if path.stat().st_size else ("no content", "records")


def _tables(
    paths: _Path | Sequence[_Path],
    encoding: str | None,
    columns: Mapping[str, str] | None,
    problems: list[Problem],
) -> Iterator[pd.DataFrame]:
    """The table of each file, columns and ids in order, cells as they stand."""
    check_encoding(encoding)
    check_mapping(columns or {})
    listed = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not listed:
        raise InputError("no file to read was given")
    ids, used = RecordIds(listed), set[Path]()
    failed: dict[Path, InputError] = {}  # the first error in each folder or archive
    for source, given in _sources(listed, encoding, problems):
        read = 0
        try:
            for table in _tables_of(source, ids, columns, problems):
                read += len(table)
                used.add(given)
                yield table
                del table  # neither bytes nor rows stay while the next is read
        except InputError as error:
            if source.path == given:
                raise
            failed.setdefault(given, error)
            problems.append(_not_read(source.path, error, read))
        del source
    if unused := failed.keys() - used:
        raise failed[min(unused)]


def _tables_of(
    source: Source,
    ids: RecordIds,
    columns: Mapping[str, str] | None,
    problems: list[Problem],
) -> Iterator[pd.DataFrame]:
    reader = reader_for(source)
    names, found, empty = ids.of_file(source, reader), list[Problem](), True
    for table in _read(source, reader, columns, found):
        empty = False
        labelled = _labelled(table, reader, names)
        problems += found + ([] if reader.batches else names.problems())
        found.clear()
        yield labelled
        del table, labelled
    if empty:
        reason = f" ({found[0]})" if found else ""
        raise InputError(f"{source.path}: found no record in this file, {reader.name}{reason}")
    problems += found + (names.problems() if reader.batches else [])


def _read(
    source: Source, reader: Reader, columns: Mapping[str, str] | None, found: list[Problem]
) -> Iterator[pd.DataFrame]:
    tables: Iterable[pd.DataFrame]
    if reader.tabular:
        tables = named_tables(source, reader, columns, found)
    elif reader.batches:
        tables = reader.batches(source, found)
    else:
        tables = [reader.read(source, found)]
    for table in tables:
        if not table.empty:
            found += _without_title(table, source, reader)
            yield table


def _without_title(table: pd.DataFrame, source: Source, reader: Reader) -> list[Problem]:
    """Tell records that lack a title, and what was taken for none, such as `NA`."""
    titles = table["title"]
    if titles.dtype == object:
        titles = titles[[text(title) is None for title in titles]]
    else:
        titles = titles[titles.isna() | titles.isin(SAID_MISSING)]
    place = table.index.name or reader.place
    return [
        Problem(source.name, f"{place} {at}", _said(title), "one", kept=True)
        for at, title in titles.items()
    ]


def _said(title: object) -> str:
    said = title.strip() if isinstance(title, str) else ""
    return f"no title but {said!r}" if said else "no title"


def _labelled(table: pd.DataFrame, reader: Reader, names: FileIds) -> pd.DataFrame:
    """A table with the ids of its records and where they come from."""
    table["record_id"] = names.of(table)
    if "source" not in table or not _are_printed(table["source"]):
        sources = cells_of(table["source"]) if "source" in table else [None] * len(table)
        table["source"] = [cell or names.file for cell in each_distinct(sources, text)]
    table.index.name = table.index.name or reader.place
    return table


def _are_printed(column: pd.Series[Any]) -> bool:
    """Whether a column is one of Arrow's texts, all of which are as they should be."""
    kind = column.dtype.pyarrow_dtype if isinstance(column.dtype, pd.ArrowDtype) else pa.null()
    known = pa.types.is_string(kind) and bool(column.notna().all())
    return known and all(text(one) == one for one in column.unique())


def _concatenated(frames: list[Conformed]) -> Conformed:
    """Put the files' records below each other; a column that a file lacks is missing there."""
    frames = [Conformed(frame.reset_index(drop=True)) for frame in frames]
    if len(frames) == 1:
        return frames[0]
    types = [frame.dtypes.to_dict() for frame in frames]
    names = dict.fromkeys(name for frame in frames for name in frame.columns)
    mixed = {name for name in names if len({str(dtypes.get(name)) for dtypes in types}) > 1}
    aligned = []
    for frame in frames:
        missing = pd.Series([None] * len(frame), index=frame.index, dtype=object)
        cast = frame.astype(dict.fromkeys(mixed & set(frame.columns), object))
        whole = {name: cast.get(name, missing) for name in names}
        aligned.append(pd.DataFrame(whole, index=frame.index))  # assigning each would be slow
    return Conformed(pd.concat(aligned, ignore_index=True))
