"""EndNote libraries (`.enlx`): a zip archive with an SQLite database, read from a copy."""

from __future__ import annotations

import io
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linkage.errors import InputError, Problem
from linkage.readers.json.json_works import row
from linkage.readers.people import serials
from linkage.readers.source import Source
from linkage.readers.streams import Row, streamed
from linkage.readers.xml.endnote_xml import (
    endnote_date,
    endnote_people,
    is_pmcid,
    pmcid_in,
    pmid_of,
    range_of_dates,
)
from linkage.records.cells import trials

_DATABASE = "sdb/sdb.eni"
_MOST = 1 << 31
_COLUMNS = {
    "record_id": "id",
    "title": "title",
    "year": "year",
    "volume": "volume",
    "number": "number",
    "pages": "pages",
    "venue": "secondary_title",
    "abstract": "abstract",
    "doi": "electronic_resource_number",
    "edition": "edition",
    "series": "tertiary_title",
    "publisher": "publisher",
    "place": "place_published",
    "language": "language",
    "database": "name_of_database",
}
_USED = {
    *_COLUMNS.values(),
    *("author", "secondary_author", "keywords", "notes", "isbn", "url", "accession_number", "date"),
    *("trash_state", "text_styles", "reference_type", "record_properties", "added_to_library"),
    *("record_last_updated", "last_modified_date", "reserved3", "fulltext_downloads"),
}
_XML_NAMES = {  # what EndNote XML calls the column, where it isn't the same with hyphens
    "custom_1": "custom1",
    "custom_2": "custom2",
    "custom_3": "custom3",
    "custom_4": "custom4",
    "custom_5": "custom5",
    "custom_6": "custom6",
    "custom_7": "custom7",
    "alternate_title": "alt-title",
    "author_address": "auth-address",
    "call_number": "call-num",
    "database_provider": "remote-database-provider",
    "original_publication": "orig-pub",
    "reprint_edition": "reprint-edition",
    "type_of_work": "work-type",
    "number_of_volumes": "num-vols",
    "subsidiary_author": "subsidiary-authors",
    "tertiary_author": "tertiary-authors",
    "translated_author": "translated-authors",
}
_TYPES = {  # EndNote's own numbers, in the order of its database
    0: "Journal Article",
    1: "Book",
    2: "Thesis",
    3: "Conference Proceedings",
    4: "Personal Communication",
    5: "Newspaper Article",
    6: "Computer Program",
    7: "Book Section",
    8: "Magazine Article",
    9: "Edited Book",
    10: "Report",
}


def _is_library(source: Source) -> bool:
    if not source.data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            return _DATABASE in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _rows(source: Source, problems: list[Problem]) -> Iterator[Row]:  # noqa: ARG001
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "library"
        try:
            copy.write_bytes(_database(source))
            yield from _from_database(copy)
        except (
            sqlite3.Error,
            zipfile.BadZipFile,
            zlib.error,
            RuntimeError,
            OSError,
            ValueError,
        ) as error:
            found = f"a damaged EndNote library ({error})"
            raise InputError(f"{source.path}: found {found}, expected a whole one") from error


def _database(source: Source) -> bytes:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        if archive.getinfo(_DATABASE).file_size > _MOST:
            raise InputError(f"{source.path}: found a database of over {_MOST:,} bytes")
        return archive.read(_DATABASE)


def _from_database(path: Path) -> Iterator[Row]:
    """The references, not those in the trash, with the files attached to each."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.row_factory = sqlite3.Row
    try:
        found = connection.execute("SELECT refs_id, file_path FROM file_res ORDER BY file_pos")
        files: dict[int, list[str]] = {}
        for number, file in found:
            files.setdefault(number, []).append(file)
        query = "SELECT * FROM refs WHERE trash_state = 0 ORDER BY id"
        for number, cells in enumerate(connection.execute(query), start=1):
            yield row(number, _record(dict(cells), files.get(cells["id"], [])))
    finally:
        connection.close()


def _record(cells: dict[str, Any], files: list[str]) -> dict[str, Any]:
    lines = {name: _lines(cell) for name, cell in cells.items() if isinstance(cell, str)}
    joined = {name: " ".join(parts) for name, parts in lines.items()}
    record = {name: joined.get(column) for name, column in _COLUMNS.items()}
    provider = joined.get("database_provider") or joined.get("name_of_database") or ""
    accession, kind = joined.get("accession_number"), cells.get("reference_type")
    others = {n: "; ".join(lines[n]) for n in cells if n in lines and n not in _USED and lines[n]}
    named = {_XML_NAMES.get(name, name.replace("_", "-")): text for name, text in others.items()}
    native = _TYPES.get(kind, f"EndNote type {kind}") if isinstance(kind, int) else None
    return (
        record
        | {
            "record_id": str(cells["id"]),
            "type": native,
            "native_type": native,
            "authors": endnote_people(lines.get("author", [])),
            "editors": endnote_people(lines.get("secondary_author", [])),
            "date": endnote_date(record["year"], joined.get("date")),
            "endnote:date": range_of_dates(record["year"], joined.get("date")),
            "ids": serials(joined.get("isbn"))
            | pmid_of(accession, provider)
            | pmcid_in(" ".join(joined.get(f"custom_{n}", "") for n in range(1, 8)))
            | trials(accession),
            "keywords": list(dict.fromkeys(lines.get("keywords", []))),
            "notes": lines.get("notes") and ["\n".join(lines["notes"])],
            "files": files,
            "url": next(iter(lines.get("url", [])), None),
            "urls": lines.get("url", [])[1:],
            "accession": {record["database"] or "": accession} if accession else None,
            "language": "; ".join(lines.get("language", [])),
        }
        | {f"endnote:{name}": text for name, text in named.items() if not is_pmcid(name, text)}
    )


def _lines(cell: str) -> list[str]:
    parts = cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [" ".join(part.split()) for part in parts if part.strip()]


ENDNOTE_LIBRARY = streamed("an EndNote library", (".enlx",), _is_library, _rows, place="row")
