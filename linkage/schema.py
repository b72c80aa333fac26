"""The one shape every reader returns and every linker takes.

| column | type | missing means |
|---|---|---|
| record_id | str, unique | never missing |
| source | str | file or database the record came from |
| type | str, one of `TYPES` | not said |
| title | str as printed | no title |
| authors | list of dicts, keys from `AUTHOR_FIELDS` | not said; `[]`: said to have none |
| authors_truncated | bool | False; True: the list ends in "et al." |
| year | Int64 | not said |
| date | ISO 8601, as exact as known: `2018-10-20`, `2018-10`, `2018`, `--02-05` | not said |
| venue, volume, number, pages | str as printed | not said |
| doi | str, bare and lower-case: `10.1000/xyz` | not said |
| ids | dict of str: `{"arxiv": "1706.03762", "pmid": "123", "issn": "1234-5678"}` | none known |
| abstract, url | str | not said |
| references | list of str | not said |

A missing value is `None` (or NaN / `pd.NA`, whatever pandas made of it). Any other column is
carried through untouched.
"""

from __future__ import annotations

RECORD_COLUMNS = (
    "record_id",
    "source",
    "type",
    "title",
    "authors",
    "authors_truncated",
    "year",
    "date",
    "venue",
    "volume",
    "number",
    "pages",
    "doi",
    "ids",
    "abstract",
    "url",
    "references",
)

AUTHOR_FIELDS = (
    "name",  # as printed, always there
    "given",
    "family",
    "particle",
    "suffix",
    "homonym",  # dblp's number: "0005"
    "group",  # True for an organisation
    "affiliation",
    "email",
    "orcid",
)

TYPES = (
    "article",
    "inproceedings",
    "abstract",  # a conference abstract
    "preprint",
    "book",
    "incollection",  # a chapter
    "proceedings",
    "techreport",
    "thesis",
    "dataset",
    "software",
    "misc",
)
