"""Made-up bibliographic records with known duplicates, as many as one likes.

For measuring speed and memory at sizes for which no labelled set exists. Frequencies of words and
names, numbers of copies, forms and errors are like those of real exports; scores on such records
tell whether speed was bought with quality, not how good linking is on real ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from linkage.benchmarks.synthetic.copies import draw_rows, print_records
from linkage.benchmarks.synthetic.draws import Draws
from linkage.benchmarks.synthetic.papers import invent_papers
from linkage.records.schema import RECORD_COLUMNS
from linkage.tables.files import write_table

MOST_IN_A_FILE = 1_000_000


def synthetic_records(n: int, seed: int) -> tuple[pd.DataFrame, pd.Series[str]]:
    """`n` records in the schema of `linkage.records.schema`, and the paper that each is of.

    The same on every machine for one seed. About 35 % of the records are superfluous copies; two
    seeds share no record, and no title but such as "Editorial". The clusters are a Series record_id
    -> entity.
    """
    draws = Draws(seed)
    rows = draw_rows(draws, n)
    papers = invent_papers(draws, int(rows.paper.max()) + 1)
    columns = print_records(draws, papers, rows)
    ids = [f"{seed}:{number}" for number in range(n)]
    columns |= {"record_id": ids, "ids": [{} for _ in range(n)], "url": [None] * n}
    columns |= {"references": [None] * n}
    records = pd.DataFrame({name: column(columns[name], name) for name in RECORD_COLUMNS})
    entity = [f"{seed}:p{paper}" for paper in rows.paper.tolist()]
    return records, pd.Series(entity, index=pd.Index(ids, name="record_id"), name="entity")


def write_synthetic(n: int, seed: int, folder: Path) -> Path:
    """Write records and `gold.parquet` (record_id, cluster_id); returns where the records are.

    That is `records.parquet` or, of more than a million, the folder `records` of files of a million
    each, from seeds that follow one another.
    """
    sizes = [min(MOST_IN_A_FILE, n - at) for at in range(0, n, MOST_IN_A_FILE)]
    path = folder / ("records.parquet" if len(sizes) == 1 else "records")
    if len(sizes) > 1:
        path.mkdir()
    gold = []
    for number, size in enumerate(sizes):
        records, clusters = synthetic_records(size, seed + number)
        write_table(records, path / f"{number:03}.parquet" if len(sizes) > 1 else path)
        gold.append(clusters.rename("cluster_id").reset_index())
    write_table(pd.concat(gold, ignore_index=True), folder / "gold.parquet")
    return path


def column(cells: list[Any], name: str) -> pd.Series[Any]:
    """One value a record as a column of that name and of its type."""
    if name == "year":
        return pd.Series(cells, dtype="Int64")
    if name == "authors_truncated":
        return pd.Series(cells, dtype=bool)
    array = np.empty(len(cells), dtype=object)  # lists must not become a matrix
    array[:] = cells
    return pd.Series(array, dtype=object)
