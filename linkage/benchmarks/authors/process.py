"""Cluster the labelled blocks of one set.

`python -m linkage.benchmarks.authors.process SET MODEL OUT`.
A process of its own, so that seconds and memory are those of reading and linking.
"""

from __future__ import annotations

import sys
from pathlib import Path

from linkage.authors.linker import AuthorLinker
from linkage.authors.training.labelled import labelled_mentions, load_folder
from linkage.records.mention_ids import mention_ids
from linkage.records.order import sort_records


def run(folder: Path, model: Path, output: Path) -> None:
    """Write mention_id and author_id of every mention that shares a name key with a labelled one.

    `folder` is a labelled set (`linkage.authors.training.labelled.load_folder`), `model` a model
    file, `output` a .csv.
    """
    one = load_folder(folder)
    records = sort_records(one.records)
    table, _ = labelled_mentions(records, one)
    result = AuthorLinker(model).predict_mentions(records, table)
    found = result.assign(mention_id=mention_ids(result))[["mention_id", "author_id"]]
    found.to_csv(output, index=False)


if __name__ == "__main__":
    run(*map(Path, sys.argv[1:4]))
