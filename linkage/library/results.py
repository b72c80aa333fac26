"""What a library answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Changes:
    """What a run did.

    `records`: how many were "new", "corrected", "unchanged", "withdrawn". `table`: one row a
    change: run, kind ("paper", "person"), id, change ("new", "returned", "grown", "shrunk",
    "merged" into other_id, "split" or "moved" from other_id, "withdrawn"), other_id, members (how
    many records or mentions it is about), reason. `warnings`: what is wrong with
    judgements, in words: contradictions, and where the model strongly disagrees; and what
    identifiers such as ORCIDs say against names.

    Examples
    --------
    >>> library = linkage.Library(":memory:")
    >>> told = library.update(records, source="otters")
    >>> told.run, dict(told.records), dict(told.counts("paper"))
    (1, {'new': 4}, {'new': 3})
    >>> library.close()
    """

    run: int
    records: Counter[str] = field(default_factory=Counter)
    table: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    warnings: tuple[str, ...] = ()

    def counts(self, kind: str) -> Counter[str]:
        """How many ids of a kind changed in which way."""
        if self.table.empty:
            return Counter()
        mine = self.table[self.table["kind"] == kind].drop_duplicates(["id", "change"])
        return Counter(mine["change"].tolist())


@dataclass(frozen=True)
class Status:
    """How a library stands.

    `sources`: source, records (there now), withdrawn. `runs`: one row a run, the last first: run,
    command, at (UTC), version, records, papers, people, questions. `people` is None where a library
    keeps papers only. `warnings`: as those of `Changes`.

    Examples
    --------
    >>> library = linkage.Library(":memory:")
    >>> _ = library.update(records, source="otters")
    >>> status = library.status()
    >>> status.records, status.papers, status.judgements
    (4, 3, 0)
    >>> library.close()
    """

    records: int
    papers: int
    people: int | None
    questions: int
    judgements: int
    warnings: tuple[str, ...]
    sources: pd.DataFrame
    runs: pd.DataFrame
