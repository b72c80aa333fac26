"""`--engine spark` of `linkage papers` and `linkage authors`."""

from __future__ import annotations

import importlib
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkage.commands.options import RUNNING, complain
from linkage.errors import InputError, SetAsideWarning
from linkage.running.leftovers import remove_leftovers
from linkage.running.progress import progress

if TYPE_CHECKING:
    from linkage.authors.linker import AuthorLinker
    from linkage.papers.linker import PaperLinker


class Engine(StrEnum):
    """Where the work is done."""

    duckdb = "duckdb"
    spark = "spark"


EngineOption = Annotated[
    Engine,
    typer.Option(
        help="duckdb (default) is this machine; spark, for data that outgrow it.",
        metavar="ENGINE",
        show_default=False,
        rich_help_panel=RUNNING,
    ),
]


def link_on_spark(
    inputs: list[Path],
    output: Path,
    linker: PaperLinker | AuthorLinker,
    refused: Mapping[str, object],
    tell: Callable[[int, int, Path], None],
) -> None:
    """Link a Parquet file or folder into a Parquet folder.

    `tell` is given the numbers of rows and of entities, and `output`. Raises `InputError` where
    anything of `refused` (option -> what was given) was given.
    """
    for option, given in refused.items():
        if given:
            what = f"{option} {given}" if isinstance(given, Path | str) else option
            raise InputError(f"{what}: the engine spark writes clusters only")
    path, engine = _parquet(inputs), _engine()
    engine.check_new_folder(output)
    remove_leftovers(output.parent)
    caps = _Warnings(logging.WARNING)
    with (
        progress(),
        engine.told_shortly(),
        caps.collected(),
        warnings.catch_warnings(record=True) as told,
    ):
        warnings.simplefilter("always", SetAsideWarning)
        spark = linker.engine = engine.Spark()
        clusters = linker.predict_parquet(f"file://{path.absolute()}")
        ids = "author_id" if "author_id" in clusters.columns else "cluster_id"
        query = "SELECT count(*), count(DISTINCT {ids}) FROM {clusters}"
        n, found = spark.sql(query, clusters=clusters, ids=ids).collect()[0]
        if not n:
            raise InputError(f"{path}: found no usable record")
        spark.write_parquet(clusters, output)
    complain(*(str(one.message) for one in told), *caps.messages)
    tell(n, found, output)


class _Warnings(logging.Handler):
    """Keeps what the package warns of in its log: which limits of the work decided something."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Collect meanwhile."""
        log = logging.getLogger("linkage")
        log.addHandler(self)
        try:
            yield
        finally:
            log.removeHandler(self)


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
