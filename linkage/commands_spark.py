"""`linkage papers --engine spark`: the clusters of data that outgrow one machine."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linkage.commands.options import complain, count, say
from linkage.errors import InputError, SetAsideWarning
from linkage.papers.linker import PaperLinker
from linkage.running.progress import progress


def papers_on_spark(
    inputs: list[Path], output: Path, linker: PaperLinker, refused: Mapping[str, Path | None]
) -> None:
    """Link a Parquet file or folder into a Parquet folder of clusters.

    Raises `InputError` where anything of `refused` (option -> what was given) is not None.
    """
    for option, given in refused.items():
        if given is not None:
            raise InputError(f"{option} {given}: the engine spark writes clusters only")
    path, engine = _parquet(inputs), _engine()
    engine.check_new_folder(output)
    with progress(), engine.told_shortly(), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", SetAsideWarning)
        spark = linker.engine = engine.Spark()
        clusters = linker.predict_parquet(f"file://{path.absolute()}")
        query = "SELECT count(*), count(DISTINCT cluster_id) FROM {clusters}"
        n, found = spark.sql(query, clusters=clusters).collect()[0]
        if not n:
            raise InputError(f"{path}: found no usable record")
        spark.write_parquet(clusters, output)
    for one in told:
        complain(str(one.message))
    numbers = [count(n, "record"), count(found, "paper"), count(n - found, "duplicate")]
    say(f"{', '.join(numbers)}: {output}")


def _parquet(inputs: list[Path]) -> Path:
    path = inputs[0]
    if len(inputs) > 1 or (path.is_file() and path.suffix not in (".parquet", ".pq")):
        found = f"{len(inputs)} inputs" if len(inputs) > 1 else f"a {path.suffix or 'plain'} file"
        raise InputError(
            f"{path}: found {found}; the engine spark reads one Parquet file or folder of them"
        )
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    return path


def _engine() -> Any:
    try:
        return importlib.import_module("linkage.engines.spark_engine")
    except ModuleNotFoundError:
        needed = "the engine spark needs pyspark: pip install 'biblinkage[spark]'"
        raise InputError(needed) from None
