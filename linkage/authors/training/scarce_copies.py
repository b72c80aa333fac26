"""Copies of a labelled set in which a name stands twice, as names do in a small bibliography."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from linkage.authors.mentions import list_mentions
from linkage.authors.rules import primary_key
from linkage.authors.training.labelled import LabelledAuthors
from linkage.features.names import UNSURE, compare_names

MOST_PAIRS = 1500  # enough: copies are made up to so many pairs of mentions
MOST_COPIES = 20
_TRIES = 10
_NAME = frozenset({"name", "given", "family", "particle", "suffix", "homonym", "group"})

Place = tuple[str, int]  # record_id and position
Pair = tuple[int, int]


def scarce_copies(one: LabelledAuthors) -> Iterator[LabelledAuthors]:
    """Copies with the papers of two labelled mentions of each block, and these labels only.

    Half of the pairs are one person's, a quarter are two of the block, and a quarter (or where the
    block has one person) two of different blocks, the second renamed like the first. Otherwise a
    rare name without any shared evidence would nearly always be one person: labelled sets hold all
    papers of their people, but next to none of the namesakes that a large field has.
    """
    labels = _labels_with_keys(one)
    blocks = [block for _, block in labels.groupby("block", sort=True)]
    rng = np.random.default_rng(2)
    pairs = 0
    for _ in range(MOST_COPIES):
        drawn = _draw_pairs(blocks, labels, rng)
        if not drawn or pairs >= MOST_PAIRS:
            return
        pairs += len(drawn)
        yield _copy(one, labels, drawn)


def _labels_with_keys(one: LabelledAuthors) -> pd.DataFrame:
    """The labelled mentions of known people, each with its name key, in canonical order.

    Without a block it is family name and first initial.
    """
    labels = one.labels[one.labels["author_id"].notna()]
    places = set(zip(labels["record_id"], labels["position"], strict=True))
    keys = list_mentions(one.records, places)[["record_id", "position", "key"]]
    labels = labels.merge(keys, on=["record_id", "position"])
    if "block" not in labels:
        labels = labels.assign(block=[primary_key(key) for key in labels["key"]])
    return labels.sort_values(["block", "record_id", "position"]).reset_index(drop=True)


def _draw_pairs(
    blocks: list[pd.DataFrame], labels: pd.DataFrame, rng: np.random.Generator
) -> list[Pair]:
    """One pair of rows of `labels` a block at most, no record in two of them."""
    drawn: list[Pair] = []
    used: set[str] = set()
    records = labels["record_id"].to_numpy()
    for block in blocks:
        pair = _pair(block, labels, rng)
        if pair is None or records[pair[0]] == records[pair[1]]:
            continue
        if used.isdisjoint(records[list(pair)]):
            used.update(records[list(pair)])
            drawn.append(pair)
    return drawn


def _pair(block: pd.DataFrame, labels: pd.DataFrame, rng: np.random.Generator) -> Pair | None:
    same, real = rng.random(2) < 0.5
    if same:
        return _one_person(block, rng)
    return (_two_people(block, rng) if real else None) or _strangers(block, labels, rng)


def _one_person(block: pd.DataFrame, rng: np.random.Generator) -> Pair | None:
    count = block["author_id"].value_counts()
    people = sorted(count[count > 1].index)
    if not people:
        return None
    rows = block.index[block["author_id"] == people[rng.integers(len(people))]]
    a, b = rng.choice(rows, 2, replace=False)
    return (a, b) if _compatible(block, a, b) else None


def _two_people(block: pd.DataFrame, rng: np.random.Generator) -> Pair | None:
    people = sorted(set(block["author_id"]))
    if len(people) < 2:
        return None
    for _ in range(_TRIES):
        two = rng.choice(len(people), 2, replace=False)
        a, b = (rng.choice(block.index[block["author_id"] == people[k]]) for k in two)
        if _compatible(block, a, b):
            return a, b
    return None


def _strangers(block: pd.DataFrame, labels: pd.DataFrame, rng: np.random.Generator) -> Pair | None:
    """A mention of the block and one of any other block."""
    a, b = rng.choice(block.index), rng.choice(labels.index)
    if labels["block"][a] == labels["block"][b] or labels["author_id"][a] == labels["author_id"][b]:
        return None
    return a, b


def _compatible(labels: pd.DataFrame, a: int, b: int) -> bool:
    return compare_names(labels["key"][a], labels["key"][b]) >= UNSURE


def _copy(one: LabelledAuthors, labels: pd.DataFrame, drawn: list[Pair]) -> LabelledAuthors:
    chosen = labels.loc[[row for pair in drawn for row in pair]].reset_index(drop=True)
    records = one.records[one.records["record_id"].isin(chosen["record_id"])].reset_index(drop=True)
    authors = dict(zip(one.records["record_id"], one.records["authors"], strict=True))
    renamed = {
        _place(labels, b): _author(authors, _place(labels, a))
        for a, b in drawn
        if labels["block"][a] != labels["block"][b]
    }
    cells = [
        [_rename_author(author, renamed.get((record, at))) for at, author in enumerate(cell)]
        for record, cell in zip(records["record_id"], records["authors"], strict=True)
    ]
    records = records.assign(authors=pd.Series(cells, index=records.index, dtype=object))
    return LabelledAuthors(one.name, records, chosen.drop(columns="key"))


def _place(labels: pd.DataFrame, row: int) -> Place:
    return labels["record_id"][row], int(labels["position"][row])


def _author(authors: dict[str, list[dict[str, Any]]], place: Place) -> dict[str, Any]:
    record, position = place
    return authors[record][position]


def _rename_author(author: dict[str, Any], like: dict[str, Any] | None) -> dict[str, Any]:
    if like is None:
        return author
    own = {field: value for field, value in author.items() if field not in _NAME}
    return own | {field: value for field, value in like.items() if field in _NAME}
