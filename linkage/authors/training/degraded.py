"""Worse copies of labelled sets: initials, dropped fields, papers twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from linkage.authors.training.labelled import MENTION_FIELDS, LabelledAuthors

_DEGRADED = {"year": 0.3, "abstract": 0.6, "venue": 0.3, "keywords": 0.6, "references": 0.5}


def degrade(one: LabelledAuthors) -> LabelledAuthors:
    """A worse copy: given names cut to initials, fields and list ends dropped, some papers twice.

    So that sets do not give themselves away by what they print, and missing fields are normal.
    """
    rng = np.random.default_rng(1)
    labelled = one.labels.groupby("record_id")["position"].agg(set).to_dict()
    records, labels = one.records, one.labels
    if one.pairs is None:
        twice = records[rng.random(len(records)) < 0.15]
        copies = twice.assign(record_id=twice["record_id"] + "+")
        again = labels[labels["record_id"].isin(twice["record_id"])]
        labels = pd.concat([labels, again.assign(record_id=again["record_id"] + "+")])
        records = pd.concat([records, copies], ignore_index=True)
    worse = [
        _worse_authors(authors, labelled.get(record.rstrip("+"), set()), rng)
        for record, authors in zip(records["record_id"], records["authors"], strict=True)
    ]
    changed = records.assign(authors=pd.Series(worse, index=records.index, dtype=object))
    for field, share in _DEGRADED.items():
        if field in changed:
            gone = rng.random(len(changed)) < share
            changed[field] = changed[field].where(~gone, None if field != "year" else pd.NA)
    return LabelledAuthors(one.name, changed, labels.reset_index(drop=True), one.pairs)


def _worse_authors(
    authors: list[dict[str, Any]] | None, labelled: set[int], rng: np.random.Generator
) -> list[dict[str, Any]] | None:
    """Positions stay: of a list that is cut, the last ones go that no label needs."""
    if not authors:
        return authors
    initials, bare, cut = rng.random(3) < (0.5, 0.5, 0.25)
    if cut:
        authors = authors[: max(3, max(labelled, default=0) + 1)]
    return [_worse_author(author, initials, bare) for author in authors]


def _worse_author(author: dict[str, Any], initials: bool, bare: bool) -> dict[str, Any]:
    worse = {k: v for k, v in author.items() if not (bare and k in MENTION_FIELDS)}
    if initials and worse.get("given"):
        worse["given"] = " ".join(
            f"{word[0]}." for word in worse["given"].replace("-", " ").split()
        )
    return worse
