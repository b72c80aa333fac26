"""Blocking: which pairs of papers are worth comparing.

A rule is a plain function of one prepared record that gives keys; two records that share a key of
one rule are a candidate pair. To add a rule, write the function and list it in `PAPER_RULES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pandas.util import hash_array

from linkage.engines.duckdb_engine import DuckDB, enough_memory
from linkage.errors import InputError
from linkage.features.columns import Coded, Words
from linkage.features.feature import Columns
from linkage.papers.cleaning import ComparisonCleaning

Record = Mapping[str, Any]
Rule = Callable[[Record], Iterable[str]]

MAX_BLOCK = 60  # larger blocks are compared within a window only
WINDOW = 8  # neighbours of a record, in canonical order, inside such a block
_TITLE_PART = 32  # letters
_BATCH = 50_000  # records


def same_doi(record: Record) -> Iterable[str]:
    """The DOI."""
    return _known(record["doi"])


def same_identifier(record: Record) -> Iterable[str]:
    """Any other identifier of the item itself (arXiv, PubMed ...)."""
    ids = record["ids"] or ()
    return [f"{kind}:{value}" for kind, value in ids if kind not in ("issn", "isbn")]


def same_title(record: Record) -> Iterable[str]:
    """The whole title, without spaces."""
    return _known(_joined(record["title"]))


def same_title_start(record: Record) -> Iterable[str]:
    """The first 32 letters of the title: truncated titles, added subtitles."""
    joined = _joined(record["title"])
    return [joined[:_TITLE_PART]] if len(joined) >= _TITLE_PART else ()


def same_title_end(record: Record) -> Iterable[str]:
    """The last 32 letters of the title: a damaged or translated start."""
    joined = _joined(record["title"])
    return [joined[-_TITLE_PART:]] if len(joined) >= _TITLE_PART else ()


def same_rare_words(record: Record) -> Iterable[str]:
    """Any two of the title's four rarest words of four letters or more."""
    return [f"{a} {b}" for a, b in combinations(sorted(record["rare_words"] or ()), 2)]


def same_volume_and_page(record: Record) -> Iterable[str]:
    """Volume and first page."""
    return _joint(record["volume"], record["page"])


def same_author_and_page(record: Record) -> Iterable[str]:
    """First author's family name and first page."""
    return _joint(_first_author(record), record["page"])


def same_author_and_title_word(record: Record) -> Iterable[str]:
    """First author's family name with each of the title's two rarest words."""
    author, words = _first_author(record), record["rare_words"] or ()
    return [f"{author} {word}" for word in words[:2]] if author else ()


def same_authors_and_year(record: Record) -> Iterable[str]:
    """The first three family names and the year."""
    authors = record["authors"] or ()
    families = " ".join(sorted(family for family, _ in authors[:3]))
    return _joint(families, _year(record)) if len(authors) > 1 else ()


def same_abstract_start(record: Record) -> Iterable[str]:
    """The first 60 letters of the abstract."""
    joined = _joined(record["abstract"])
    return [joined[:60]] if len(joined) >= 60 else ()


PAPER_RULES: tuple[Rule, ...] = (
    same_doi,
    same_identifier,
    same_title,
    same_title_start,
    same_title_end,
    same_rare_words,
    same_volume_and_page,
    same_author_and_page,
    same_author_and_title_word,
    same_authors_and_year,
    same_abstract_start,
)
# What only one of these proposes is compared only where the titles look alike.
LOOSE_RULES: tuple[Rule, ...] = (
    same_rare_words,
    same_volume_and_page,
    same_author_and_page,
    same_author_and_title_word,
    same_authors_and_year,
)


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
) -> Candidates:
    """Pair the records that share a key of a rule, or that a recordlinkage index algorithm pairs.

    `columns` and `records` are the prepared and the plain form of the same rows; only index
    algorithms need the latter. `cleaned` leaves out what only one of `LOOSE_RULES` proposes where
    the titles are unlike. `memory`: what the join of keys may take before it goes on on disk; None
    is `enough_memory`.
    """
    if len(rules) > 62:
        raise InputError(f"found {len(rules)} blocking rules, at most 62 are expected")
    keyed = [rule if callable(rule) else None for rule in rules]
    n = len(next(iter(columns.values())))
    engine = DuckDB(MAX_BLOCK, WINDOW, memory or enough_memory(n))
    pairs = engine.candidate_pairs(blocking_keys(columns, keyed))
    cleaning = cleaning_of(columns, keyed if cleaned else ())
    (i, j, found_by), unlike = _cleaned(pairs, cleaning)
    for number, rule in enumerate(rules):
        if not callable(rule):
            from linkage.papers.recordlinkage_bridge import candidate_pairs

            assert records is not None  # noqa: S101  index algorithms see the records
            left, right = candidate_pairs(rule, records)
            i, j, found_by = _union(len(records), (i, j, found_by), (left, right, 1 << number))
    names = [getattr(rule, "__name__", type(rule).__name__) for rule in rules]
    return Candidates(i, j, found_by, describe(names, found_by, engine.cut, unlike))


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

    A rule is given the prepared columns but for those of `Words`.
    """
    n = len(next(iter(columns.values())))
    given = {name: c for name, c in columns.items() if not _is_words(c)}
    for start in range(0, max(n, 1), _BATCH):
        yield _keys_of(given, rules, range(start, min(start + _BATCH, n)))


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
    hashes = hash_array(np.array(key_of, dtype=object), categorize=False)
    return pa.table({
        "rule": pa.array(rule_of, pa.int8()),
        "key": pa.array(hashes.view(np.int64)),
        "row": pa.array(row_of, pa.int64()),
    })  # fmt: skip


def _is_words(column: Any) -> bool:
    return isinstance(column, Coded) and isinstance(column.values, Words)


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


def _known(value: str | None) -> Iterable[str]:
    return [value] if value else ()


def _joined(text: str | None) -> str:
    return (text or "").replace(" ", "")


def _joint(a: str | None, b: str | None) -> Iterable[str]:
    return [f"{a} {b}"] if a and b else ()


def _first_author(record: Record) -> str | None:
    return record["authors"][0][0] if record["authors"] else None


def _year(record: Record) -> str | None:
    return None if np.isnan(record["year"]) else str(int(record["year"]))
