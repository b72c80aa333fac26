"""Where a limit of the work, and not the data, decided something: said in sentences."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import numpy as np
import pandas as pd

from linkage.linking.clustering import components
from linkage.papers.blocking import MAX_BLOCK, WINDOW
from linkage.papers.copies import RULE
from linkage.papers.scorer import MAX_COMPLETED, Scored

log = logging.getLogger(__name__)


def cap_sentences(blocking: pd.DataFrame, n: int, scored: Scored, threshold: float) -> list[str]:
    """What limits decided in linking n records, also told in the log.

    `blocking` as `PaperLinks.blocking`; `scored` are the pairs that clusters were made of.
    """
    usual, serious = list(_of_blocking(blocking)), list(_of_components(n, scored, threshold))
    for sentence in usual:
        log.info(sentence)
    for sentence in serious:
        log.warning(sentence)
    return usual + serious


def _of_blocking(blocking: pd.DataFrame) -> Iterator[str]:
    by_rule = blocking.set_index("rule")
    if RULE in by_rule.index:
        n = by_rule["pairs"][RULE]
        yield f"{n:,} records are identical to others and were linked with those, not by themselves"
    cut = by_rule["cut_by_cap"].drop(RULE, errors="ignore")
    if cut.any():
        yield (
            f"more than {MAX_BLOCK} records share a key of a blocking rule: each was compared "
            f"with {WINDOW} neighbours on either side only, which left out {cut.sum():,} pairs "
            f"({cut.idxmax()}: {cut.max():,})"
        )


def _of_components(n: int, scored: Scored, threshold: float) -> Iterator[str]:
    strong = (scored.probability >= threshold) & (scored.veto < 0)
    size = np.bincount(components(n, scored.i[strong], scored.j[strong]), minlength=1)
    large = size[size > MAX_COMPLETED]
    if len(large):
        yield (
            f"{large.sum():,} records hang together by links in {len(large):,} groups of more than "
            f"{MAX_COMPLETED:,}: there the pairs that blocking did not give count as different, "
            f"so one paper may be several"
        )
