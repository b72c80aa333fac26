"""How long telling people apart takes, and how much memory, in made-up libraries of any size.

`benchmark_author_speed` is the protocol, `linkage.benchmarks.speed.tables` shows its result.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from linkage.benchmarks.authors.scores import MEASURES
from linkage.benchmarks.measuring.machine import machine, version_numbers
from linkage.benchmarks.speed.protocol import TIME_LIMIT, growth, run_command
from linkage.benchmarks.synthetic.libraries import DISCIPLINES, synthetic_library
from linkage.errors import InputError
from linkage.evaluation.scoring import evaluate
from linkage.records.mention_ids import mention_ids
from linkage.running.leftovers import temporary_folder
from linkage.tables.files import read_table, write_table

log = logging.getLogger(__name__)


def benchmark_author_speed(
    sizes: Sequence[int], disciplines: Sequence[str] = (), limit: float = TIME_LIMIT
) -> dict[str, Any]:
    """Time `linkage authors` with the shipped model as a whole process; the result suits JSON.

    Each of `sizes` is a number of made-up records, each of `disciplines` (of `DISCIPLINES`; empty:
    all) a library of that size, from a seed of its own. Apart from times and memory the result is
    the same each time. Raises `InputError` for sizes that are not positive and different, and for
    an unknown discipline.
    """
    chosen = list(disciplines) or list(DISCIPLINES)
    if unknown := [name for name in chosen if name not in DISCIPLINES]:
        listed = ", ".join(DISCIPLINES)
        raise InputError(f"found the discipline {unknown[0]!r}, expected one of {listed}")
    if not sizes or min(sizes) < 1 or len(set(sizes)) < len(sizes):
        listed = ", ".join(map(str, sizes)) or "none"
        raise InputError(f"found the sizes {listed}, expected different numbers from 1")
    runs = [_run(name, n, limit) for name in chosen for n in sorted(sizes)]
    return {
        "benchmark": "author speed",
        "settings": {"time_limit_seconds": limit},
        "machine": machine(),
        "versions": version_numbers(),
        "sets": [{"name": run["set"], "mentions": run["mentions"]} for run in runs],
        "runs": runs,
        "growth": growth(runs, "mentions"),
    }


def _run(discipline: str, n: int, limit: float) -> dict[str, Any]:
    with temporary_folder() as folder:
        records, people = synthetic_library(n, n, discipline)
        write_table(records, folder / "records.parquet")
        run: dict[str, Any] = {
            "set": f"{discipline}, {n}",
            "system": discipline,  # what grows
            "made_up": True,
            "records": n,
            "mentions": len(people),
            "people": int(people.nunique()),
            "scores": None,
        }
        output = folder / "people.parquet"
        run |= run_command(["authors", str(folder / "records.parquet")], output, limit)
        if not run["failure"]:
            run["scores"] = _scores(output, people)
    log.info(
        "%s: %s", run["set"], run["failure"] or f"{run['cost']['cpu_seconds']:.1f} CPU seconds"
    )
    return run


def _scores(path: Path, people: pd.Series[str]) -> dict[str, float]:
    """Exact scores, no intervals: the library is made up, and as large as one likes."""
    table = read_table(path)
    found = pd.Series(table["author_id"].to_numpy(), index=mention_ids(table))
    scores = evaluate(found, people, n_bootstrap=0).to_dict()
    return {name: scores[name] for name in MEASURES}
