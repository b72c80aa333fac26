"""bib-dedupe as its manual says: prep, block, match, cluster."""

import sys
from pathlib import Path

import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep  # type: ignore[import-not-found]


def as_bib_dedupe(records: pd.DataFrame) -> pd.DataFrame:
    """Columns under the names that bib-dedupe reads; a record of no type is an article.

    It takes the name of the journal or of the book by the type of the record.
    """
    named = records.rename(columns={"record_id": "ID", "type": "ENTRYTYPE", "authors": "author"})
    named["ENTRYTYPE"] = named["ENTRYTYPE"].str.lower().replace("", "article")
    return named.assign(journal=named["venue"], booktitle=named["venue"]).drop(columns="venue")


def main(records_file: str, folder: str) -> None:
    """Write the clusters of bib-dedupe's sure duplicates."""
    records = pd.read_csv(records_file, dtype=str, keep_default_na=False)
    matched = match(block(prep(as_bib_dedupe(records), verbosity_level=0)))
    found = {member: min(group) for group in cluster(matched) for member in group}
    ids = records["record_id"]
    clusters = pd.DataFrame({"record_id": ids, "default": [found.get(i, i) for i in ids]})
    clusters.to_csv(Path(folder) / "clusters.csv", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
