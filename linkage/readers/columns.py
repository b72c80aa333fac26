"""What sources call the columns of a table, and the canonical columns that they are."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from linkage.errors import InputError
from linkage.readers.source import Source
from linkage.records import cells as values
from linkage.records.schema import RECORD_COLUMNS

# In order of preference; compared in lower case, anything but letters and digits as one blank.
_CALLED = {
    "record_id": "record id|recordid|id|key|paper id|work id|publication id|doc id|citation key"
    "|bibkey|eid|ut unique wos id",
    "source": "source|source database|database",
    "type": "item type|entrytype|entry type|document type|publication type|content type|type",
    "title": "title|item title|document title|article title|paper title|primary title",
    "authors": "authors|author full names|author|author s|author names|creators|creator|names",
    "authors_truncated": "authors truncated",
    "year": "year|publication year|pub year|py|year published|published year|year of publication",
    "date": "date|publication date|pub date|date published|published|cover date",
    "venue": "venue|publication title|journal|source title|booktitle|book title|journal title"
    "|journal name|journal book|container title|conference name|proceedings title|journaltitle"
    "|journal abbreviation",
    "volume": "volume|vol|journal volume",
    "number": "issue|number|journal issue|issue number|no",
    "pages": "pages|page|page range|pagination|page numbers",
    "doi": "doi|item doi|doi link|digital object identifier",
    "ids": "ids",
    "abstract": "abstract|abstract note|summary|description",
    "url": "url|link|pdf link|web link",
    "references": "references|cited references",
}
_IDENTIFIERS = {
    "arxiv": "arxiv|arxiv id|arxivid|eprint",
    "pmid": "pmid|pubmed id|pubmedid",
    "pmcid": "pmcid|pmc|pmc id",
    "issn": "issn|eissn|print issn|electronic issn",
    "isbn": "isbn|isbns|print isbn|electronic isbn",
    "issn_isbn": "issn isbn|isbn issn",
}
_FIRST_PAGE = "page start|start page|first page|beginning page"
_LAST_PAGE = "page end|end page|last page|ending page"


def _folded(name: object) -> str:
    return re.sub(r"[\W_]+", " ", str(name).lower()).strip()


def has_title(names: list[str]) -> bool:
    """Whether one of these column names is known as that of the title."""
    return any(_folded(name) in _CALLED["title"].split("|") for name in names)


def canonical(
    table: pd.DataFrame, columns: Mapping[str, str] | None, source: Source
) -> pd.DataFrame:
    """Rename a table's columns: `columns` (its own name -> canonical) first, then known names."""
    mapping = _checked(columns or {}, table, source)
    taken = set(mapping.values())
    clash = {name: f"{name}_in_file" for name in taken & set(table.columns) - set(mapping)}
    table = table.rename(columns=clash | mapping)
    table = table.rename(columns=_known_names(table, taken))
    if "title" not in table.columns:
        found = ", ".join(map(repr, table.columns)) or "none"
        raise InputError(f"{source.path}: found no title column among the columns {found}")
    return _with_pages(_with_identifiers(table))


def _checked(columns: Mapping[str, str], table: pd.DataFrame, source: Source) -> dict[str, str]:
    for name, target in columns.items():
        if target not in RECORD_COLUMNS:
            known = ", ".join(RECORD_COLUMNS)
            raise InputError(f"column {name!r} is mapped to {target!r}, expected one of {known}")
        if name not in table.columns:
            found = ", ".join(map(repr, table.columns))
            raise InputError(f"{source.path}: found no column {name!r} among {found}")
    twice = {target for target in columns.values() if list(columns.values()).count(target) > 1}
    if twice:
        raise InputError(f"two columns are mapped to {min(twice)!r}, expected one")
    return dict(columns)


def _known_names(table: pd.DataFrame, taken: set[str]) -> dict[str, str]:
    """The table's name of each canonical column that it has under another name."""
    renamed: dict[str, str] = {}
    for target, called in _CALLED.items():
        if target in taken or target in table.columns:
            continue
        for name in _found(table, called):
            if name not in renamed and name not in RECORD_COLUMNS:
                renamed[name] = target
                break
    return renamed


def _found(table: pd.DataFrame, called: str) -> list[str]:
    """Columns that go by one of these names, the preferred first; empty ones don't count."""
    order = called.split("|")
    names = [name for name in table.columns if _folded(name) in order]
    names.sort(key=lambda name: order.index(_folded(name)))
    return [name for name in names if any(map(values.text, table[name].dropna()))] or names[:1]


def _with_identifiers(table: pd.DataFrame) -> pd.DataFrame:
    """Gather identifier columns (arXiv, PMID, ISSN, …) into `ids`."""
    kinds = {kind: _found(table, called) for kind, called in _IDENTIFIERS.items()}
    ids = [values.ids(cell) for cell in table["ids"]] if "ids" in table else None
    ids = ids or [{} for _ in range(len(table))]
    for kind, names in kinds.items():
        for name in names:
            for known, cell in zip(ids, table[name].tolist(), strict=True):
                known |= values.ids({kind: cell}) | known
    consumed = [name for names in kinds.values() for name in names]
    return table.drop(columns=consumed).assign(ids=pd.Series(ids, index=table.index, dtype=object))


def _with_pages(table: pd.DataFrame) -> pd.DataFrame:
    """Join a first and a last page to `pages`, where there is no such column."""
    first, last = _found(table, _FIRST_PAGE), _found(table, _LAST_PAGE)
    if "pages" in table.columns or not first:
        return table
    ends = table[last[0]].tolist() if last else [None] * len(table)
    pairs = zip(table[first[0]].tolist(), ends, strict=True)
    pages = ["-".join(filter(None, map(values.text, pair))) or None for pair in pairs]
    return table.drop(columns=[first[0], *last[:1]]).assign(
        pages=pd.Series(pages, index=table.index, dtype=object)
    )
