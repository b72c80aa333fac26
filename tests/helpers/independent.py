"""Files read by well-kept parsers and the standard library, not by any reader of ours.

A record is a list of (path, text): `/record/titles/title` of XML, `.author.family` of JSON, a tag,
a field or the name of a column, each with the text that stands there.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from html.entities import entitydefs
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import bibtexparser
import openpyxl
import pyarrow.parquet as pq
import pymarc
import rispy
from pylatexenc.latex2text import LatexNodes2Text

from linkage.text.tex import quiet

Leaves = list[tuple[str, str]]
RECORDS = {  # the elements that are records, by what stands in the file
    "<mods": {"mods"},
    "<PubmedArticleSet": {"PubmedArticle", "PubmedBookArticle"},
    "<PubmedArticle": {"PubmedArticle", "PubmedBookArticle"},
    "<MedlineCitation": {"MedlineCitation"},
    "<doi_record": {"doi_record"},
    "<dblp": {"article", "inproceedings", "incollection", "phdthesis", "book", "proceedings"},
    "<article": {"article"},
    "<entry": {"entry"},
    "<TEI": {"TEI"},
    "<record": {"record"},
}
SORTING = re.compile(r"\{\\noopsort\{[^{}]*\}\}")
LISTS = ("items", "results", "data", "message")


def leaves(path: Path) -> list[Leaves]:
    """The records of a file, each with all that it says."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    suffix = Path(path.name.removesuffix(".gz")).suffix
    if suffix in BINARY:
        return BINARY[suffix](path)
    text = data.decode("latin-1" if b"ISO-8859-1" in data[:60] else "utf-8-sig")
    if suffix == ".xml":
        return _pymarc(path) if "marc21/slim" in text[:2000].lower() else _xml(text)
    if suffix in (".json", ".jsonl"):
        return [list(_of_json("", item)) for item in _items(text)]
    if suffix == ".csv":
        return [_cells(row) for row in csv.DictReader(io.StringIO(text))]
    if suffix == ".bib":
        return _bibtex(text)
    if suffix == ".enw":
        return _tagged(text, r"%(\S) (.*)", "0")
    if text.lstrip().startswith("PMID"):
        return _tagged(text, r"([A-Z]{2,4}) *- ?(.*)", "PMID")
    reader = rispy.WokParser if "\nPT J" in text[:200] else rispy.RisParser
    return [list(_of_json("", item)) for item in rispy.loads(text, implementation=reader)]


def _cells(row: dict[str, Any]) -> Leaves:
    """The cells of a row, and all that stands in one that holds lists."""
    return [(path[1:], text) for path, text in _of_json("", row)]


def _of_json(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _of_json(f"{path}.{name}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_json(path, inner)
    elif value is not None and not isinstance(value, bool) and value != "":
        yield path, str(value)


def _items(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    while isinstance(found, dict) and (name := next((n for n in LISTS if n in found), None)):
        found = found[name]
    return found if isinstance(found, list) else [found]


def _xml(text: str) -> list[Leaves]:
    tags = next(tags for start, tags in RECORDS.items() if start in text)
    text = re.sub(r"<!DOCTYPE[^>\[]*(\[[^\]]*\])?>|\A\s*<\?xml[^>]*\?>", "", text)
    text = re.sub(r"&(?!(?:amp|lt|gt|quot|apos);)(\w+);", lambda m: entitydefs[m[1]], text)
    text = re.sub(r"<dblp>\s*\Z", "</dblp>", text)  # of one sample the end is damaged
    found = [e for e in ET.fromstring(text).iter() if _tag(e) in tags]
    return [list(_of_xml("", element)) for element in found]


def _tag(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _of_xml(path: str, element: ET.Element) -> Iterator[tuple[str, str]]:
    path = f"{path}/{_tag(element)}"
    for name, value in element.attrib.items():
        yield f"{path}@{name.rpartition('}')[2]}", value
    if (element.text or "").strip() or not len(element):
        yield path, "".join(element.itertext())
        return
    for inner in element:
        yield from _of_xml(path, inner)


def _bibtex(text: str) -> list[Leaves]:
    plain = LatexNodes2Text(math_mode="verbatim").latex_to_text
    with quiet("bibtexparser.splitter", "bibtexparser.library"):
        library = bibtexparser.parse_string(text)
    found = []
    for entry in library.entries:
        # it joins no strings by `#`, and knows neither BibTeX nor what sorts only
        values = [(f.key.lower(), str(f.value)) for f in entry.fields if '" #' not in str(f.value)]
        values = [(n, SORTING.sub("", v.replace("\\BibTeX", "BibTeX"))) for n, v in values]
        fields = [(name, plain(value)) for name, value in values]
        found.append([("key", entry.key), ("type", entry.entry_type), *fields])
    return found


def _tagged(text: str, pattern: str, first: str) -> list[Leaves]:
    records: list[list[list[str]]] = []
    for line in text.splitlines():
        if match := re.fullmatch(pattern, line):
            if match[1] == first or not records:
                records.append([])
            records[-1].append([match[1], match[2]])
        elif line.strip():
            records[-1][-1][1] += f" {line.strip()}"
    return [[(tag, value) for tag, value in record] for record in records]


def _pymarc(path: Path) -> list[Leaves]:
    found = pymarc.parse_xml_to_array(str(path))
    return [
        [
            (field.tag + code, value)
            for field in record.fields
            for code, value in ([("", field.data)] if field.control_field else field.subfields)
            if value
        ]
        for record in found
    ]


def _parquet(path: Path) -> list[Leaves]:
    return [_cells(row) for row in pq.read_table(path).to_pylist()]


def _workbook(path: Path) -> list[Leaves]:
    header, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [_cells(dict(zip(header, row, strict=True))) for row in rows]


def _endnote_library(path: Path) -> list[Leaves]:
    database = sqlite3.connect(":memory:")
    with zipfile.ZipFile(path) as archive:
        database.deserialize(archive.read("sdb/sdb.eni"))
    database.row_factory = sqlite3.Row
    rows = database.execute("SELECT * FROM refs WHERE trash_state = 0 ORDER BY id").fetchall()
    database.close()
    return [_cells(dict(row)) for row in rows]


BINARY = {".parquet": _parquet, ".xlsx": _workbook, ".enlx": _endnote_library}
