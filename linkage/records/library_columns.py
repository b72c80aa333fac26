"""Columns that only some sources have, brought into one form where they are there.

| column | type |
|---|---|
| editors | list of dicts as `authors` |
| edition, series, publisher, place, language | str as printed |
| keywords | list of str, terms of authors, indexes and MeSH alike |
| notes | list of str |
| files | list of str, attachments as printed |
| urls | list of str, further addresses beside `url` |
| accession | dict of str, database -> the record's number there; `""` for a database not said |
| groups | list of str, a library's own folders or labels |
| database | str, the database the record came from |
| native_type | str, the entry type as the source called it: `mastersthesis`, `CHAP` |
| no_authors | str, what stands in the place of authors and names nobody: `Anonymous` |
| title_tex | str, the title as BibTeX has it, where its TeX says more than the text |

A missing value is None. Tags and fields of a format that are none of these stand in a column of
their own name with the format before it (`ris:M3`, `bibtex:howpublished`): a str or a list of str.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from linkage.records.author_cells import author_cell
from linkage.records.cells import from_json, is_missing, text, tidy

FORMATS = (
    *("bibtex", "ris", "wos", "nbib", "csl", "endnote", "refer", "reflib", "crossref", "openalex"),
    *("datacite", "arxiv", "s2", "dblp", "marc", "mods", "jats", "pubmed", "tei"),
)
_PREFIXED = re.compile(rf"(?:{'|'.join(FORMATS)}):.+")


def printed_list(cell: object, separator: str | None = None) -> list[str] | None:
    """The texts of a list, or of one text that joins them by the separator; None for no text.

    A term may well be called `NA` or `none`: nothing but an empty text is missing here.
    """
    listed = from_json(cell)
    if isinstance(listed, list | tuple | set | np.ndarray):
        parts = [part for part in listed if not is_missing(part)]
    elif is_missing(cell):
        parts = []
    else:
        parts = str(cell).split(separator) if separator else [cell]
    return list(dict.fromkeys(filter(None, (tidy(str(part)) for part in parts)))) or None


def carried(cell: object) -> str | list[str] | None:
    """A tag or field that is carried through: one text, or the list of several.

    JSON that stands for objects stays as it is.
    """
    listed = from_json(cell)
    if isinstance(cell, str) and isinstance(listed, list) and any(map(_is_object, listed)):
        return cell
    found = printed_list(cell)
    return found[0] if found and len(found) == 1 else found


def _is_object(part: object) -> bool:
    return isinstance(part, dict | list)


def is_carried(name: object) -> bool:
    """Whether a column is a tag or field of a format: `ris:M3`."""
    return _PREFIXED.fullmatch(str(name)) is not None


def _editors(cell: object) -> list[dict[str, Any]] | None:
    """All whom a list names, Anonymous too: nobody is made one with another by an editor."""
    read = author_cell(cell)
    return [*(read.authors or []), *({"name": name} for name in read.nobody)] or None


def _accession(cell: object) -> dict[str, str] | None:
    cell = from_json(cell)
    if isinstance(cell, list | tuple | np.ndarray):  # an Arrow map
        cell = {p[0]: p[1] for p in cell if isinstance(p, list | tuple) and len(p) == 2}
    if not isinstance(cell, Mapping):
        cell = {} if is_missing(cell) else {"": cell}
    read = {tidy(str(name)): text(number) for name, number in cell.items()}
    return {name: number for name, number in read.items() if number} or None


NORMALISED: dict[str, Callable[[Any], Any]] = {
    "editors": _editors,
    **dict.fromkeys(("edition", "series", "publisher", "place", "language"), text),
    "keywords": lambda cell: printed_list(cell, ";"),
    "notes": printed_list,
    "files": lambda cell: printed_list(cell, ";"),
    "urls": lambda cell: printed_list(cell, " "),
    "accession": _accession,
    "groups": lambda cell: printed_list(cell, ";"),
    "database": text,
    "native_type": text,
    "no_authors": lambda cell: "; ".join(printed_list(cell) or ()) or None,
    "title_tex": text,
}


def normaliser(name: object) -> Callable[[Any], Any] | None:
    """What brings the cells of a column into its form; None for a column of the user's own."""
    return carried if is_carried(name) else NORMALISED.get(str(name))
