"""The classes of records and of author mentions that a report scores by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.authors.mentions import list_mentions
from linkage.authors.rules import primary_key
from linkage.evaluation.bootstrap import (
    FloatArray,
    IntArray,
    column_sums,
    intervals,
    pair_statistics,
    pairwise_measures,
)
from linkage.evaluation.ranges import in_ranges
from linkage.evaluation.scoring import BoolArray, codes, decisions
from linkage.features.name_keys import read_name_key
from linkage.records.schema import Conformed
from linkage.tables.truth import Gold, read_gold

FEW = 30  # pairs; the score of a class with less is mostly chance

_SIZES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 50), (51, None))
_FIELDS = ("authors", "year", "venue", "volume", "pages", "doi", "abstract")
_MOST_SOURCES = 8  # with a class of their own
_YEAR_BINS = 5
_PRINTED = {"doi": "DOI"}


class ClassTable(NamedTuple):
    """One way to divide the data; `scores` as from `linkage.evaluation.classes.class_scores`."""

    name: str
    meaning: str
    scores: pd.DataFrame


class _Classes(NamedTuple):
    name: str
    meaning: str
    members: pd.DataFrame  # a row an id, a bool column a class


def class_tables(
    clusters: pd.Series[str],
    truth: pd.Series[str] | pd.DataFrame,
    records: Conformed | None = None,
) -> list[ClassTable]:
    """Scores by size of the true group and, with `records`, by source, year, missing field, name.

    The ids are those of records or of author mentions (`record_id#position`). A division in which
    everything falls into one class is left out.
    """
    known = read_gold(truth).clusters
    found = [_by_size(known), *([] if records is None else _of_records(known, records))]
    tables = [
        ClassTable(name, meaning, class_scores(clusters, truth, members))
        for name, meaning, members in found
    ]
    return [table for table in tables if len(table.scores) > 1]


def _of_records(known: pd.Series[Any], records: Conformed) -> list[_Classes]:
    papers = records.set_index("record_id")
    if papers.index.isin(known.index).any():
        return [_by_source(papers), _by_year(papers["year"]), _by_missing(papers)]
    mentions = list_mentions(records).set_index("mention_id")
    mentions = mentions[mentions.index.isin(known.index)]
    if mentions.empty:
        return []
    years = pd.Series(mentions["record_id"].map(papers["year"]).array, mentions.index)
    return [_by_ambiguity(known, mentions), _by_year(years), _by_evidence(mentions, papers)]


def _by_size(known: pd.Series[Any]) -> _Classes:
    size = known.groupby(known).transform("size")
    meaning = "How many ids the true group has."
    return _Classes(
        "By size of the true group", meaning, _frame(in_ranges(size, _SIZES), size.index)
    )


def _by_ambiguity(known: pd.Series[Any], mentions: pd.DataFrame) -> _Classes:
    """How many people of the gold standard share a family name and initial."""
    name = mentions["key"].map(primary_key)
    people = known.reindex(name.index).groupby(name).transform("nunique")
    meaning = "How many people of the gold standard share the family name and first initial."
    return _Classes(
        "By ambiguity of the name", meaning, _frame(in_ranges(people, _SIZES), people.index)
    )


def _by_source(papers: pd.DataFrame) -> _Classes:
    """The largest sources, the others together."""
    sources = papers["source"].dropna().astype(str)
    counts = sources.value_counts().rename_axis("source").reset_index(name="n")
    largest = counts.sort_values(["n", "source"], ascending=[False, True])["source"]
    classes = {name: papers["source"] == name for name in largest[:_MOST_SOURCES]}
    if len(largest) > _MOST_SOURCES:
        rest = len(largest) - _MOST_SOURCES
        classes[f"{rest:,} others"] = papers["source"].isin(largest[_MOST_SOURCES:])
    return _Classes("By source", "Where the record came from.", _frame(classes, papers.index))


def _by_year(year: pd.Series[Any]) -> _Classes:
    """Spans of years with about as many ids each."""
    number = year.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    known = number[~np.isnan(number)]
    shares = np.linspace(0, 1, _YEAR_BINS + 1)[1:]
    ends = np.unique(np.quantile(known, shares, method="higher")) if len(known) else known
    classes, start = {}, known.min(initial=np.inf)
    for end in ends:
        label = f"{start:.0f}" if start == end else f"{start:.0f} to {end:.0f}"
        classes[label] = (number >= start) & (number <= end)
        start = end + 1
    meaning = "The year of the paper, in spans that hold about as many each."
    return _Classes("By year", meaning, _frame(classes, year.index))


def _by_missing(papers: pd.DataFrame) -> _Classes:
    missing = {field: ~papers[field].map(_is_known).astype(bool) for field in _FIELDS}
    classes = {f"no {_PRINTED.get(field, field)}": missing[field] for field in _FIELDS}
    classes["none of these missing"] = ~pd.DataFrame(missing).any(axis=1)
    return _Classes("By missing field", "What the record lacks.", _frame(classes, papers.index))


def _by_evidence(mentions: pd.DataFrame, papers: pd.DataFrame) -> _Classes:
    """What little is known of a mention beside the name."""
    alone = papers["authors"].map(lambda cell: isinstance(cell, list) and len(cell) == 1)
    paper = mentions["record_id"]
    classes = {
        "given name as initials only": ~mentions["key"].map(_named_in_full).astype(bool),
        "no co-author": paper.map(alone).astype(bool),
        "no affiliation": mentions["affiliation"].isna(),
    }
    for field in ("year", "venue", "abstract"):
        classes[f"no {field}"] = paper.map(papers[field]).isna()
    classes["none of these missing"] = ~pd.DataFrame(classes).any(axis=1)
    meaning = "What is not known of the author or the paper."
    return _Classes("By what is missing", meaning, _frame(classes, mentions.index))


def _named_in_full(key: str) -> bool:
    return any(len(token) > 1 for token in read_name_key(key).given)


def _is_known(value: Any) -> bool:
    return bool(value) if isinstance(value, list) else not pd.isna(value)


def _frame(classes: Mapping[str, Any], ids: Sequence[Any] | pd.Index[Any]) -> pd.DataFrame:
    columns = {name: np.asarray(member, dtype=bool) for name, member in classes.items()}
    return pd.DataFrame(columns, index=pd.Index(ids))


CLASS_COLUMNS = (
    *("label", "ids", "gold_pairs", "predicted_pairs"),
    *("precision", "recall", "f1", "low", "high"),
)


def class_scores(
    predicted: pd.Series,
    gold: pd.Series | pd.DataFrame,
    members: pd.DataFrame,
    n_bootstrap: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Pairwise scores of each class, one row each: `CLASS_COLUMNS`, NaN where undefined.

    `predicted` and `gold` as in `linkage.evaluation.scoring.evaluate`; `members` has a row an id
    and a bool column a class, which may overlap (an id without a row is in none). A pair counts in
    a class when at least one of its two ids is in it, so it may count in several. `ids` are those
    of the class that gold names, `gold_pairs` the pairs that belong together, `predicted_pairs`
    those put together; `low` and `high` bound the 95 % bootstrap interval of F1 over gold entities.
    Classes without a labelled id are left out.
    """
    known = read_gold(gold)
    entities, clusters = codes(predicted, known.clusters)
    rows = []
    for label in members:
        inside = members[label].reindex(known.clusters.index, fill_value=False).to_numpy(bool)
        if inside.any():
            statistics = _statistics(known, entities, clusters, inside)
            sums = column_sums(statistics)
            scores = (float(score[0]) for score in pairwise_measures(sums).values())
            spread = intervals(statistics, pairwise_measures, n_bootstrap, seed)["pairwise_f1"]
            pairs = (round(sums[name][0]) for name in ("gold_pairs", "predicted_pairs"))
            rows.append((str(label), int(inside.sum()), *pairs, *scores, *spread))
    return pd.DataFrame(rows, columns=list(CLASS_COLUMNS))


def _statistics(
    known: Gold, entities: IntArray, clusters: IntArray, inside: BoolArray
) -> pd.DataFrame:
    """Counts per gold entity of the pairs with a side `inside`, half of each to either side."""
    if known.pairs is not None:
        left, right, same, joined = decisions(known, clusters)
        counted = inside[left] | inside[right]
        return pair_statistics(entities[left], entities[right], same & counted, joined & counted)
    cells = np.unique(np.column_stack([entities, clusters]), axis=0, return_inverse=True)[1]
    groups = {"true_pairs": cells.ravel(), "predicted_pairs": clusters, "gold_pairs": entities}
    return pd.DataFrame({
        name: np.bincount(entities, _half_pairs(group, inside)) for name, group in groups.items()
    })  # fmt: skip


def _half_pairs(group: IntArray, inside: BoolArray) -> FloatArray:
    """For each id half the number of pairs with its group in which it or the other is inside."""
    size = np.bincount(group)[group]
    others_inside = np.bincount(group, inside)[group]
    half: FloatArray = np.where(inside, size - 1, others_inside) / 2
    return half
