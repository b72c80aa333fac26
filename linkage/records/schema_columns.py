"""The names of the canonical columns, in their order: see `linkage/records/schema.py`."""

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
