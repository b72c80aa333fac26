"""What sources call the columns of a table, and the canonical columns that they are."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from linkage.records import cells as values
from linkage.records.flat_authors import as_full_names, with_author_details
from linkage.records.library_columns import NORMALISED, printed_list
from linkage.records.schema_columns import RECORD_COLUMNS

# In order of preference; compared in lower case, anything but letters and digits as one blank.
CALLED = {
    "record_id": "record id|recordid|id|key|paper id|work id|publication id|doc id|citation key"
    "|bibkey|eid|ut unique wos id|ut",
    "source": "source|source database",
    "type": "item type|entrytype|entry type|document type|publication type|content type|type|dt",
    "title": "title|item title|document title|article title|paper title|primary title|ti",
    "authors": "author full names|author full name|authorships author display name|authors|author"
    "|author s|author names|creators|creator|names|af|au",
    "authors_truncated": "authors truncated",
    "year": "year|publication year|pub year|py|year published|published year|year of publication",
    "date": "date|publication date|pub date|date published|published|cover date",
    "venue": "venue|publication title|journal|source title|booktitle|book title|journal title"
    "|journal name|journal book|container title|conference name|proceedings title|journaltitle"
    "|journal abbreviation|so",
    "volume": "volume|vol|journal volume|vl",
    "number": "issue|number|journal issue|issue number|no|is",
    "pages": "pages|page|page range|pagination|page numbers",
    "doi": "doi|item doi|doi link|digital object identifier|di",
    "ids": "ids",
    "abstract": "abstract|abstract note|summary|description|ab",
    "url": "url|link|pdf link|web link",
    "references": "references|cited references|cr",
}
# Those of `linkage/records/library_columns.py`, where they say something
_LIBRARY = {
    "editors": "editors|editor|book editors|be",
    "edition": "edition",
    "series": "series|series title|book series title|book series|se",
    "publisher": "publisher|publisher name|pu",
    "place": "place|publisher location|place of publication|publisher city|pi",
    "language": "language|language of original document|languages|la",
    "database": "database|database name|library catalog",
    "accession": "accession|accession number|accession numbers",
}
# The same, of which all columns together make one list
_GATHERED = {
    "keywords": "keywords|author keywords|manual tags|automatic tags|index keywords|keyword"
    "|keywords plus|tags|mesh terms|subjects|de",
    "notes": "notes",
    "files": "files|file attachments",
    "urls": "urls|link attachments",
}
_FULL_NAMES = ("author full names", "author full name", "af")
_WOS = {"PT", "AU", "TI", "UT"}  # a table of Web of Science, in which ID is Keywords Plus
_EXTRA = {  # what Zotero writes into the column Extra
    "pmid": re.compile(r"(?:^|\s)PMID: (\d{1,8})(?!\S)"),
    "pmcid": re.compile(r"(?:^|\s)PMCID: (PMC\d+)(?!\S)"),
    "arxiv": re.compile(r"(?:^|\s)arXiv: ?([\w.-]+/?\d+)(?!\S)", re.IGNORECASE),
}
_IDENTIFIERS = {
    "arxiv": "arxiv|arxiv id|arxivid|eprint",
    "pmid": "pmid|pubmed id|pubmedid|pm",
    "pmcid": "pmcid|pmc|pmc id",
    "issn": "issn|eissn|print issn|electronic issn",
    "isbn": "isbn|isbns|print isbn|electronic isbn",
    "issn_isbn": "issn isbn|isbn issn",
}
_FIRST_PAGE = "page start|start page|first page|beginning page|bp"
_LAST_PAGE = "page end|end page|last page|ending page|ep"


_OF_AN_AUTHOR = re.compile(
    r"(?:first|lead|main|1st) author(?: name)?|author ?1|surname|given|family"
    r"|(?:author )?(?:first|last|given|family|fore|sur) ?names?"
)
_NEAR = 80  # of 100: as near as `Auhtors` and `authors`


def _folded(name: object) -> str:
    return re.sub(r"[\W_]+", " ", str(name).lower()).strip()


def has_title(names: list[str]) -> bool:
    """Whether one of these column names is known as that of the title."""
    return any(_folded(name) in CALLED["title"].split("|") for name in names)


def with_known_columns(table: pd.DataFrame, taken: set[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """A table with canonical columns for those that it has under known names, and which were.

    Columns in `taken` stay as they are. Identifiers are gathered in `ids`; what stands beside the
    names of authors (ORCIDs, affiliations) goes to the authors, too.
    """
    of_wos = set(table.columns) >= _WOS
    renamed = _known_names(table, taken)
    table = table.rename(columns=renamed)
    if any(renamed[name] == "authors" and _folded(name) in _FULL_NAMES for name in renamed):
        cells = [as_full_names(cell) for cell in table["authors"].tolist()]
        table = table.assign(authors=pd.Series(cells, index=table.index, dtype=object))
    table = with_author_details(table)
    table, gathered = _with_lists(table, taken, of_wos=of_wos)
    return _with_pages(_with_identifiers(table)), renamed | gathered


def nearly_known(names: list[str], used: set[str]) -> dict[str, str]:
    """Columns that were not used though they are nearly called as one that is missing.

    Or that hold part of it: the first author, given and family names apart.
    """
    parts = [name for name in names if _OF_AN_AUTHOR.fullmatch(_folded(name))]
    near = dict.fromkeys(parts if "authors" not in used else [], "authors")
    for target in ("title", "authors", "year", "venue", "doi"):
        for name in names if target not in used else ():
            known = [called for called in CALLED[target].split("|") if len(called) > 3]
            best = max(known, key=lambda called: fuzz.ratio(_folded(name), called), default="")
            if name not in used and fuzz.ratio(_folded(name), best) >= _NEAR:
                near.setdefault(name, target)
    return near


def _known_names(table: pd.DataFrame, taken: set[str]) -> dict[str, str]:
    """The table's name of each canonical column that it has under another name."""
    renamed: dict[str, str] = {}
    kept = {*RECORD_COLUMNS, *NORMALISED, *(["ID"] if set(table.columns) >= _WOS else [])}
    for target, called in [*CALLED.items(), *_LIBRARY.items()]:
        if target in taken or target in table.columns:
            continue
        for name in _found(table, called, said=target in _LIBRARY):
            if name not in renamed and name not in kept:
                renamed[name] = target
                break
    return renamed


def _with_lists(
    table: pd.DataFrame, taken: set[str], *, of_wos: bool
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Gather columns of keywords, notes, files and addresses, and say which were gathered."""
    gathered: dict[str, str] = {}
    for target, called in _GATHERED.items():
        wos = "|id" if target == "keywords" and of_wos else ""
        names = _found(table, called + wos, said=True)
        if target in taken or names in ([], [target]):
            continue
        separator = None if target == "notes" else ";"
        columns = [table[name].tolist() for name in names]
        cells = [_listed(row, separator) for row in zip(*columns, strict=True)]
        united = pd.Series(cells, index=table.index, dtype=object)
        table = table.drop(columns=names).assign(**{target: united})
        gathered |= {name: target for name in names if name != target}
    return table, gathered


def _listed(row: tuple[Any, ...], separator: str | None) -> list[str] | None:
    parts = (part for cell in row for part in printed_list(cell, separator) or [])
    return list(dict.fromkeys(parts)) or None


def _found(table: pd.DataFrame, called: str, *, said: bool = False) -> list[str]:
    """Columns that go by one of these names, the preferred first; empty ones don't count.

    Where all are empty it is the first of them or, of those that must be `said`, none.
    """
    order = called.split("|")
    names = [name for name in table.columns if _folded(name) in order]
    names.sort(key=lambda name: order.index(_folded(name)))
    full = [name for name in names if any(map(values.text, table[name].dropna()))]
    return full or ([] if said else names[:1])


def _with_identifiers(table: pd.DataFrame) -> pd.DataFrame:
    """Gather identifier columns (arXiv, PMID, ISSN, …) into `ids`."""
    kinds = {kind: _found(table, called) for kind, called in _IDENTIFIERS.items()}
    extra = table["Extra"].tolist() if "Extra" in table else []
    if not any(kinds.values()) and not extra:
        return table
    ids = [values.ids(cell) for cell in table["ids"]] if "ids" in table else None
    ids = ids or [{} for _ in range(len(table))]
    for kind, names in kinds.items():
        for name in names:
            for known, cell in zip(ids, table[name].tolist(), strict=True):
                known |= values.ids({kind: cell}) | known
    for known, cell in zip(ids, extra, strict=False):
        known |= _extra_ids(values.text(cell) or "") | known
    consumed = [name for names in kinds.values() for name in names]
    return table.drop(columns=consumed).assign(ids=pd.Series(ids, index=table.index, dtype=object))


def _extra_ids(extra: str) -> dict[str, str]:
    matches = {kind: pattern.search(extra) for kind, pattern in _EXTRA.items()}
    return {kind: match[1] for kind, match in matches.items() if match}


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
