"""Blocking: which pairs of papers are worth comparing.

A rule is a plain function of one prepared record that gives keys; two records that share a key of
one rule are a candidate pair. To add a rule, write the function and list it in `PAPER_RULES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from linkage.engines.memory_engine import InMemory
from linkage.errors import InputError
from linkage.features.arrays import OnDemand
from linkage.features.columns import Coded, Words
from linkage.features.feature import Columns
from linkage.papers.cleaning import ComparisonCleaning
from linkage.papers.keys import column_form, hashed
from linkage.papers.rules import LOOSE_RULES, Rule

if TYPE_CHECKING:
    from linkage.engines.duckdb_engine import DuckDB

MAX_BLOCK = 60  # larger blocks are compared within a window only
WINDOW = 8  # neighbours of a record, in canonical order, inside such a block
_BATCH = 50_000  # records
_KEYS = 500_000  # told to the engine at once, which takes a millisecond each time


class Candidates(NamedTuple):
    """Candidate pairs of rows i < j, ordered, each once.

    Bit k of `found_by` is set when rule k found the pair; `report` has one row a rule.
    """

    i: NDArray[np.int64]
    j: NDArray[np.int64]
    found_by: NDArray[np.int64]
    report: pd.DataFrame

    def rules(self) -> NDArray[Any]:
        """For each pair the names of the rules that found it, joined by spaces."""
        names = self.report["rule"].tolist()
        masks, position = np.unique(self.found_by, return_inverse=True)
        texts = [" ".join(n for k, n in enumerate(names) if mask >> k & 1) for mask in masks]
        return np.array([*texts, ""], dtype=object)[position]


def block(
    columns: Columns,
    records: pd.DataFrame | None,
    rules: Sequence[Any],
    *,
    cleaned: bool = True,
    memory: str | None = None,
    keys: Iterable[pa.Table] | None = None,
) -> Candidates:
    """Pair the records that share a key of a rule, or that a recordlinkage index algorithm pairs.

    `columns` and `records` are the prepared and the plain form of the same rows; only index
    algorithms need the latter. `cleaned` leaves out what only one of `LOOSE_RULES` proposes where
    the titles are unlike. `memory`: what the join of keys may take before it goes to disk; None
    has no bound. `keys`: those of `blocking_keys`, where they are known; then no more than
    the titles is needed of the columns.
    """
    if len(rules) > 62:
        raise InputError(f"found {len(rules)} blocking rules, at most 62 are expected")
    keyed = [rule if callable(rule) else None for rule in rules]
    engine = _engine(memory)
    pairs = engine.candidate_pairs(blocking_keys(columns, keyed) if keys is None else keys)
    cleaning = cleaning_of(columns, keyed if cleaned else ())
    (i, j, found_by), unlike = _cleaned(pairs, cleaning)
    for number, rule in enumerate(rules):
        if not callable(rule):
            from linkage.papers.recordlinkage_bridge import index_pairs

            assert records is not None  # noqa: S101  index algorithms see the records
            left, right = index_pairs(rule, records)
            i, j, found_by = _union(len(records), (i, j, found_by), (left, right, 1 << number))
    names = [getattr(rule, "__name__", type(rule).__name__) for rule in rules]
    return Candidates(i, j, found_by, describe(names, found_by, engine.cut, unlike))


def _engine(memory: str | None) -> InMemory | DuckDB:
    if memory is None:
        return InMemory(MAX_BLOCK, WINDOW)
    from linkage.engines.duckdb_engine import DuckDB  # slow to import

    return DuckDB(MAX_BLOCK, WINDOW, memory)


def cleaning_of(columns: Columns, rules: Sequence[Rule | None]) -> ComparisonCleaning:
    """What to leave out of the pairs that these rules propose."""
    loose = [number for number, rule in enumerate(rules) if rule in LOOSE_RULES]
    title = columns["title"] if loose else Coded.of(())
    assert isinstance(title, Coded)  # noqa: S101  as prepared
    return ComparisonCleaning(title, loose)


def _cleaned(
    batches: Iterable[pa.RecordBatch], cleaning: ComparisonCleaning
) -> tuple[list[NDArray[np.int64]], Counter[int]]:
    """The pairs worth comparing (i, j, found_by), and how many others each rule proposed alone."""
    parts = [[np.empty(0, dtype=np.int64)] * 3]
    unlike: Counter[int] = Counter()
    for batch in batches:
        pairs = [batch[name].to_numpy() for name in ("i", "j", "found_by")]
        kept = cleaning.keeps(*pairs)
        parts.append([column[kept] for column in pairs])
        masks, counts = np.unique(pairs[2][~kept], return_counts=True)
        unlike.update({int(m).bit_length() - 1: int(n) for m, n in zip(masks, counts, strict=True)})
    i, j, found_by = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((j, i))
    return [i[order], j[order], found_by[order]], unlike


def blocking_keys(columns: Columns, rules: Sequence[Rule | None]) -> Iterator[pa.Table]:
    """Keys of all records, of some at a time: rule (position in `rules`), key (its hash) and row.

    A rule that has a `column_form` is asked for whole columns. Any other is given each record's
    prepared columns but for those of `Words` and those made on demand.
    """
    n = len(next(iter(columns.values())))
    forms = [column_form(rule) for rule in rules]
    plain = [None if form else rule for rule, form in zip(rules, forms, strict=True)]
    given = {name: c for name, c in columns.items() if _is_given(c)} if any(plain) else {}
    for start in range(0, max(n, 1) if any(plain) else 1, _BATCH):
        yield _keys_of(given, plain, range(start, min(start + _BATCH, n)))
    waiting: list[pa.Table] = []
    for number, form in enumerate(forms):
        for keys in form(columns) if form else ():
            rows = np.flatnonzero(keys.known)
            rule = np.full(len(rows), number, dtype=np.int8)
            waiting.append(_table(rule, keys.hash[rows], rows))
            if sum(map(len, waiting)) >= _KEYS:
                yield pa.concat_tables(waiting)
                waiting.clear()
    if waiting:
        yield pa.concat_tables(waiting)


def _keys_of(columns: Columns, rules: Sequence[Rule | None], rows: range) -> pa.Table:
    names = list(columns)
    cells = [columns[name][rows.start : rows.stop].tolist() for name in names]
    records = [dict(zip(names, values, strict=True)) for values in zip(*cells, strict=True)]
    rule_of: list[int] = []
    key_of: list[str] = []
    row_of: list[int] = []
    for number, rule in enumerate(rules):
        if rule is None:
            continue
        for row, record in zip(rows, records, strict=True):
            keys = rule(record)
            for key in set(keys) if keys else ():
                key_of.append(key)
                row_of.append(row)
        rule_of += [number] * (len(key_of) - len(rule_of))
    hashes = hashed(key_of)
    return _table(rule_of, hashes, row_of)


def _table(rules: Any, hashes: NDArray[np.uint64], rows: Any) -> pa.Table:
    return pa.table({
        "rule": pa.array(rules, pa.int8()),
        "key": pa.array(hashes.view(np.int64)),
        "row": pa.array(rows, pa.int64()),
    })  # fmt: skip


def _is_given(column: Any) -> bool:
    return not isinstance(column, Coded) or not isinstance(column.values, Words | OnDemand)


def describe(
    rules: Sequence[str],
    found_by: NDArray[np.int64],
    cut: Mapping[int, int],
    unlike: Mapping[int, int],
) -> pd.DataFrame:
    """One row a rule: its candidate pairs, those that only it found, and pairs left out.

    `found_by` is a bit mask a pair: bit k is set when rule k found it. `cut`: pairs that a cap cut,
    by rule; `unlike`: pairs that only this rule found, of titles too unlike to be compared.
    """
    rows = [
        (name, int((found_by >> k & 1).sum()), int((found_by == 1 << k).sum()),
         cut.get(k, 0), unlike.get(k, 0))
        for k, name in enumerate(rules)
    ]  # fmt: skip
    return pd.DataFrame(
        rows, columns=["rule", "pairs", "only_this_rule", "cut_by_cap", "unlike_titles"]
    )


def _union(n: int, one: tuple[Any, ...], two: tuple[Any, ...]) -> tuple[NDArray[np.int64], ...]:
    """Both sets of (i, j, found_by), each pair once, ordered."""
    code = np.concatenate([one[0] * n + one[1], two[0] * n + two[1]])
    mask = np.concatenate([one[2], np.broadcast_to(two[2], len(two[0]))])
    unique, position = np.unique(code, return_inverse=True)
    merged = np.zeros(len(unique), dtype=np.int64)
    np.bitwise_or.at(merged, position, mask)
    return unique // n, unique % n, merged
