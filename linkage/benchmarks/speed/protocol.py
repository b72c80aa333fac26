"""How long linking takes, and how much memory, on made-up records of any number.

`benchmark_speed` is the protocol, `linkage.benchmarks.speed.tables` and `speed_plot` show its
result.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.benchmarks.measuring.machine import machine, version_numbers
from linkage.benchmarks.measuring.measure import Usage, measure
from linkage.benchmarks.papers.scores import MEASURES
from linkage.benchmarks.papers.sets import records_file
from linkage.benchmarks.peers.tools import Installation, run_peer, scored_output
from linkage.benchmarks.synthetic.records import write_synthetic
from linkage.errors import InputError, LinkageError
from linkage.evaluation.scoring import evaluate
from linkage.running.leftovers import temporary_folder
from linkage.tables.files import read_table

log = logging.getLogger(__name__)

TIME_LIMIT = 7200.0  # seconds a run
PEER_SIZES = {"Splink": 1_000_000, "bib-dedupe": 10_000}  # the most records that each can bear
_OURS = "biblinkage"
_START_UP, _REPEATS = 1000, 3


class _Set(NamedTuple):
    """Records to link, a file or a folder; `gold` is None where only time is asked for."""

    name: str
    n: int
    records: Path
    gold: Path | None

    def clusters(self) -> pd.Series[str]:
        """The true ones; read when needed, since they take room beside a run."""
        assert self.gold is not None  # noqa: S101  asked of made-up records only
        return read_table(self.gold).set_index("record_id")["cluster_id"]


def benchmark_speed(
    sizes: Sequence[int],
    data: Sequence[Path] = (),
    peers: Sequence[Installation] = (),
    limit: float = TIME_LIMIT,
) -> dict[str, Any]:
    """Time `linkage papers` with the shipped model as a whole process; the result suits JSON.

    Each of `sizes` is a number of made-up records, from a seed of its own, so that no two sizes
    share a record; `data` are folders of real records, timed only, since the shipped model may have
    been trained on them. `peers` (of those in `PEER_SIZES`) link the same records. A second run,
    not timed, tells which pairs blocking proposed, and must give the same clusters. Apart from
    times and memory the result is the same each time. Raises `InputError` for sizes that are not
    positive and different, and for a folder without records, `LinkageError` when two runs of ours
    differ.
    """
    _check(sizes, peers)
    real = [_real_set(folder) for folder in data]
    start_up = _start_up(limit)
    runs: list[dict[str, Any]] = []
    for n in sorted(sizes):
        with _made_up(n) as one:
            runs += _all_runs(one, peers, limit)
    for one in real:
        runs += _all_runs(one, peers, limit)
    return {
        "benchmark": "speed",
        "settings": {"time_limit_seconds": limit, "most_records_of_peers": PEER_SIZES},
        "machine": machine(),
        "versions": version_numbers(),
        "peers": {installed.peer.name: installed.version for installed in peers},
        "sets": [{"name": str(n), "records": n, "made_up": True} for n in sorted(sizes)]
        + [{"name": one.name, "records": one.n, "made_up": False} for one in real],
        "start_up": start_up,
        "runs": runs,
        "growth": growth(runs),
    }


def growth(runs: Sequence[dict[str, Any]], of: str = "records") -> dict[str, float | None]:
    """Power of the number of records (or of what `of` names) with which each CPU time grows.

    Slope of the least-squares line of log CPU seconds on log records, over the made-up sets of a
    system; None below two of them.
    """
    found: dict[str, float | None] = {}
    for system in dict.fromkeys(run["system"] for run in runs):
        done = [r for r in runs if r["system"] == system and r["made_up"] and not r["failure"]]
        records = np.log(np.array([run[of] for run in done], dtype=float))
        seconds = np.log(np.array([run["cost"]["cpu_seconds"] for run in done], dtype=float))
        slope = np.polyfit(records, seconds, 1)[0] if len(done) > 1 else None
        found[system] = None if slope is None else round(float(slope), 3)
    return found


def _check(sizes: Sequence[int], peers: Sequence[Installation]) -> None:
    if not sizes or min(sizes) < 1 or len(set(sizes)) < len(sizes):
        listed = ", ".join(map(str, sizes)) or "none"
        raise InputError(f"found the sizes {listed}, expected different numbers from 1")
    if unknown := [one.peer.name for one in peers if one.peer.name not in PEER_SIZES]:
        raise InputError(f"found the peer {unknown[0]}, expected one of {', '.join(PEER_SIZES)}")


@contextmanager
def _made_up(n: int) -> Iterator[_Set]:
    with temporary_folder() as folder:
        log.info("making up %s records", f"{n:,}")
        records = write_synthetic(n, n, folder)
        yield _Set(str(n), n, records, folder / "gold.parquet")


def _real_set(folder: Path) -> _Set:
    path = records_file(folder)
    if path is None:
        raise InputError(f"{folder}: found no records.parquet, .csv or .jsonl")
    return _Set(folder.resolve().name, len(read_table(path)), path, None)


def _start_up(limit: float) -> dict[str, Any]:
    """The fastest of some runs on few records: the first also warms what the system caches."""
    with _made_up(_START_UP) as one, temporary_folder() as folder:
        costs = [_link(one, folder, limit)["cost"] for _ in range(_REPEATS)]
    best = min(costs, key=lambda cost: float(cost["cpu_seconds"]))
    return {"records": _START_UP, "runs": _REPEATS, "cost": best}


def _all_runs(one: _Set, peers: Sequence[Installation], limit: float) -> Iterator[dict[str, Any]]:
    """A row of ours, and one of each peer that can bear so many records."""
    rows = [_ours(one, limit)]
    _tell(rows[0])
    for installed in peers:
        if one.n <= PEER_SIZES[installed.peer.name]:
            rows.append(_theirs(installed, one, limit))
            _tell(rows[-1])
    yield from rows


def _row(one: _Set, system: str) -> dict[str, Any]:
    return {
        "set": one.name,
        "records": one.n,
        "made_up": one.gold is not None,
        "system": system,
        "failure": None,  # or why there are no scores
        "threshold": None,
        "cost": None,
        "stages": None,
        "scores": None,
        "blocking": None,
    }


def _ours(one: _Set, limit: float) -> dict[str, Any]:
    with temporary_folder() as folder:
        row = _row(one, _OURS) | _link(one, folder, limit)
        if row["failure"] or one.gold is None:
            return row
        found = read_table(folder / "clusters.parquet").set_index("record_id")["cluster_id"]
        again = _link(one, folder, limit, "--pairs", str(folder / "pairs.parquet"))
        if again["failure"]:
            return row | {"failure": f"with --pairs: {again['failure']}"}
        second = read_table(folder / "clusters.parquet").set_index("record_id")["cluster_id"]
        if not found.equals(second):
            raise LinkageError(f"{one.name} records: found other clusters in the second run")
        pairs = read_table(folder / "pairs.parquet")
    return row | _scores(
        found, one.clusters(), pairs.loc[pairs["rules"] != "", ["left_id", "right_id"]]
    )


def _link(one: _Set, folder: Path, limit: float, *options: str) -> dict[str, Any]:
    """What `linkage papers` cost, in all and stage by stage, or why it failed."""
    words = ["papers", str(one.records), *options]
    return run_command(words, folder / "clusters.parquet", limit)


def run_command(words: Sequence[str], output: Path, limit: float) -> dict[str, Any]:
    """What `linkage` with these words and `-o output` cost, stage by stage, or why it failed."""
    times = output.with_name("times.json")
    start = str(time.monotonic())
    command = [sys.executable, "-m", "linkage.benchmarks.speed.stages", start, str(times)]
    usage = measure([*command, *words, "-o", str(output)], limit)
    cost = {"cost": usage.to_dict() | {"all_processes_mb": round(usage.all_mb)}}
    if failure := _failure(usage, limit):
        return {"failure": failure} | cost
    stages = json.loads(times.read_text(encoding="utf-8"))
    return {"failure": None, "stages": whole_stages(stages, usage)} | cost


def whole_stages(stages: list[dict[str, Any]], usage: Usage) -> list[dict[str, Any]]:
    """The stages and, as the last, what remains: the process ending."""
    rest: dict[str, Any] = {"stage": "ending"}
    for name, total in (("seconds", usage.seconds), ("cpu_seconds", usage.cpu_seconds)):
        rest[name] = max(0.0, total - sum(stage[name] for stage in stages))
    return [
        {k: v if isinstance(v, str) else round(v, 2) for k, v in stage.items()}
        for stage in [*stages, rest]
    ]


def _theirs(installed: Installation, one: _Set, limit: float) -> dict[str, Any]:
    """A peer's run; of several thresholds the best, picked on the answer."""
    row = _row(one, installed.peer.name)
    if installed.failure:
        return row | {"failure": installed.failure}
    with temporary_folder() as folder:
        usage = run_peer(installed, one.records, folder, limit)
        row |= {"cost": usage.to_dict() | {"all_processes_mb": round(usage.all_mb)}}
        if failure := _failure(usage, limit):
            return row | {"failure": failure}
        if one.gold is None:
            return row
        best = scored_output(installed.peer.name, folder, one.clusters())[-1]
    return row | {"threshold": best.get("threshold"), "scores": best["scores"]}


def _failure(usage: Usage, limit: float) -> str | None:
    if usage.timed_out:
        return f"not done after {limit:g} s"
    return (usage.complaint or f"exit code {usage.exit_code}") if usage.exit_code else None


def _scores(
    found: pd.Series[str], gold: pd.Series[str], candidates: pd.DataFrame
) -> dict[str, Any]:
    """Exact scores, no intervals: the records are made up, and as many as one likes."""
    known = evaluate(found, gold, candidates=candidates, n_bootstrap=0)
    scores = known.to_dict()
    assert known.blocking is not None  # noqa: S101 - there are candidates
    return {
        "scores": {name: scores[name] for name in MEASURES},
        "blocking": known.blocking.to_dict(),
    }


def _tell(run: dict[str, Any]) -> None:
    spent = f"{run['cost']['cpu_seconds']:.1f} CPU seconds" if run["cost"] else "not run"
    log.info("%s, %s: %s", run["set"], run["system"], run["failure"] or spent)
