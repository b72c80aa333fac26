"""Other tools: each in a virtual environment of its own, run by one small script.

A peer's script is run by the peer's own Python as `script RECORDS.csv FOLDER [EXAMPLES.json]`.
It reads the records as text in the columns of `COLUMNS`, empty where missing, and writes to the
folder `clusters.csv`: record_id and one column a clustering, called by its setting ("default"
where there is only one). A tool that scores pairs may write them, too: `pairs.csv` with left_id,
right_id, probability.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.benchmarks.measuring.measure import Usage, measure
from linkage.benchmarks.papers.scores import best_threshold, end_to_end_scores, row
from linkage.benchmarks.papers.sets import PaperSet, labelled_examples, training_sets
from linkage.records.cells import is_missing
from linkage.running.leftovers import temporary_folder
from linkage.tables.files import read_table, write_table

log = logging.getLogger(__name__)

COLUMNS = (
    "record_id",
    "type",
    "title",
    "authors",
    "year",
    "venue",
    "volume",
    "number",
    "pages",
    "doi",
    "abstract",
)
_SCRIPTS = Path(__file__).parent
_OTHER_NAMES = {"entrytype": "type"}
_EXAMPLES = 200  # labelled pairs of each kind for a tool that must be trained


class Peer(NamedTuple):
    """A tool to compare with: how it is called, what pip installs, the script that runs it.

    `supervised`: it needs labelled pairs, and gets some of the other sets of the level.
    """

    name: str
    requirements: tuple[str, ...]
    script: str
    supervised: bool = False

    @property
    def package(self) -> str:
        """Name of the tool's distribution."""
        return re.split(r"[=<>!~]", self.requirements[0])[0]


class Installation(NamedTuple):
    """A peer with the Python that has it, or why there is none."""

    peer: Peer
    python: Path
    version: str | None
    failure: str | None


PEERS = (
    Peer("bib-dedupe", ("bib-dedupe==0.11.*",), "peer_bib_dedupe.py"),
    Peer("Splink", ("splink==5.*",), "peer_splink.py"),
    Peer("recordlinkage ECM", ("recordlinkage==0.16.*",), "peer_recordlinkage.py"),
    # BTrees 6.5 took away what dedupe 3.0 imports
    Peer("dedupe", ("dedupe==3.*", "BTrees<6.5"), "peer_dedupe.py", supervised=True),
)


def default_peer_folder() -> Path:
    """Where the environments are kept: `~/.cache/biblinkage/peers`, or in `$XDG_CACHE_HOME`."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "biblinkage" / "peers"


def install(peer: Peer, folder: Path) -> Installation:
    """Make the peer's virtual environment in `folder`, unless it is there already."""
    home = folder / f"{peer.package}-py{sys.version_info.major}.{sys.version_info.minor}"
    python, done = home / "bin" / "python", home / "installed.txt"
    wanted = "\n".join(peer.requirements)
    if not (done.is_file() and done.read_text(encoding="utf-8") == wanted):
        log.info("installing %s in %s", peer.name, home)
        venv.EnvBuilder(with_pip=True, clear=True).create(home)
        answer = _run([str(python), "-m", "pip", "install", "--quiet", *peer.requirements])
        if answer.returncode:
            lines = answer.stderr.strip().splitlines() or ["pip failed"]
            return Installation(peer, python, None, f"can't be installed: {lines[-1]}")
        done.write_text(wanted, encoding="utf-8")
    ask = f"import importlib.metadata as m; print(m.version({peer.package!r}))"
    return Installation(peer, python, _run([str(python), "-I", "-c", ask]).stdout.strip(), None)


def peer_rows(
    installed: Installation, one: PaperSet, sets: Sequence[PaperSet], limit: float
) -> list[dict[str, Any]]:
    """Run a peer on one set: a row for each of its settings, or one that says why it failed."""
    peer = installed.peer
    teachers = training_sets(one, sets) if peer.supervised else []
    blank = row(one, peer.name, "end to end", [teacher.name for teacher in teachers])
    if installed.failure:
        return [blank | {"failure": installed.failure}]
    if peer.supervised and not teachers:
        return [blank | {"failure": "no other set of this level to take examples from"}]
    with temporary_folder() as folder:
        examples = example_pairs(teachers, _EXAMPLES) if peer.supervised else None
        usage = run_peer(installed, one.records, folder, limit, examples)
        blank |= {"cost": usage.to_dict()}
        if usage.timed_out:
            return [blank | {"failure": f"not done after {limit:g} s"}]
        if usage.exit_code:
            return [blank | {"failure": usage.complaint or f"exit code {usage.exit_code}"}]
        return [blank | scored for scored in scored_output(peer.name, folder, one.gold)]


def run_peer(
    installed: Installation,
    records: Path,
    folder: Path,
    limit: float,
    examples: list[dict[str, Any]] | None = None,
) -> Usage:
    """Let a peer link a file of records; what it finds is then in the folder."""
    write_table(peer_records(records), folder / "records.csv")
    command = [str(installed.python), "-I", str(_SCRIPTS / installed.peer.script)]
    command += [str(folder / "records.csv"), str(folder)]
    if examples is not None:
        (folder / "examples.json").write_text(json.dumps(examples), encoding="utf-8")
        command.append(str(folder / "examples.json"))
    return measure(command, limit)


def scored_output(
    name: str, folder: Path, gold: pd.Series[str] | pd.DataFrame
) -> list[dict[str, Any]]:
    """Scores of each clustering that a peer wrote and, if it wrote pairs, of the best threshold."""
    table = read_table(folder / "clusters.csv").set_index("record_id")
    rows = [
        {"system": name if setting == "default" else f"{name}, {setting}"}
        | end_to_end_scores(table[setting], gold)
        for setting in table.columns
    ]
    if (folder / "pairs.csv").is_file():
        pairs = read_table(folder / "pairs.csv")
        threshold, clusters = best_threshold(pairs, table.index, gold)
        best = {"system": f"{name}, best threshold picked on the answer", "threshold": threshold}
        rows.append(best | end_to_end_scores(clusters, gold))
    return rows


def example_pairs(sets: Sequence[PaperSet], n: int) -> list[dict[str, Any]]:
    """About `n` duplicates and `n` others of the sets, ready for JSON: same, left, right.

    Both sides are records as of `peer_records`, without the id.
    """
    pairs = labelled_examples(sets, n)
    examples: list[dict[str, Any]] = []
    for one in sets:
        records = peer_records(one.records).set_index("record_id")
        own = pairs[pairs["name"] == one.name]
        sides = [records.loc[own[side]].to_dict("records") for side in ("left_id", "right_id")]
        examples += [
            {"same": bool(same), "left": left, "right": right}
            for same, left, right in zip(own["same"], *sides, strict=True)
        ]
    return examples


def peer_records(path: Path) -> pd.DataFrame:
    """Records as a peer gets them: `COLUMNS` as the file has them, as text, "" where missing.

    Nothing is parsed or cleaned, but lists are joined by " and ", as in BibTeX, and white space is
    single spaces.
    """
    if path.suffix == ".csv":
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    else:
        raw = read_table(path)
    raw = raw.rename(columns=_OTHER_NAMES)
    cells = {
        name: [_text(cell) for cell in raw[name].tolist()] if name in raw else [""] * len(raw)
        for name in COLUMNS
    }
    return pd.DataFrame(cells, dtype=object)


def _text(cell: object) -> str:
    if isinstance(cell, list | tuple | np.ndarray):
        return " and ".join(filter(None, (_text(_name(item)) for item in cell)))
    if is_missing(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():  # a year in a column with gaps
        cell = int(cell)
    return " ".join(str(cell).split())


def _name(author: object) -> object:
    return author.get("name") if isinstance(author, dict) else author


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
