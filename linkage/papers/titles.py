"""Prepared columns of titles: what only few of them say is looked for in all at once.

What the columns hold stands in `features/title.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage.features.arrays import Tokens, objects
from linkage.features.columns import Coded
from linkage.papers.counts import Columns, texts_of
from linkage.records.packed import PackedRecords
from linkage.text.folding import FUNCTION_WORDS, folded
from linkage.text.notices import MARK_WORDS, SEQUELS, BareTitle, bare_titles, marks
from linkage.text.searching import may_hold
from linkage.text.titles import (
    GROUP_WORDS,
    MAY_COUNT,
    MAY_END,
    NO_NUMBERS,
    groups_studied,
    main_part,
    numbers,
    translation,
)
from linkage.text.words import word_sets, words_in_turn

Mask = NDArray[np.bool_]

_KINDS = [*(frozenset(words.split()) for words in FUNCTION_WORDS.values()), MAY_COUNT, GROUP_WORDS,
          MARK_WORDS]  # fmt: skip
_TELLING = sorted(frozenset().union(*_KINDS))
_KINDS_OF = np.array([[word in kind for kind in _KINDS] for word in [*_TELLING, ""]])


def title_columns(records: PackedRecords) -> Columns:
    """What the titles say, one row a record."""
    whole = records["title"]
    bare = bare_titles(texts_of(whole))
    texts = folded(pa.array([one.printed for one in bare], pa.string()))
    read = Coded.of_arrow(pc.if_else(pc.equal(texts, ""), None, texts))
    title = whole.replaced(read)
    tokens = words_in_turn(texts_of(read))
    language, numbered, grouped, marked = _said_by_words(tokens)
    counted = title.map_some(numbers, numbered, NO_NUMBERS)
    titles, marked = read.tolist(), np.append(marked, False)[read.codes]
    said = whole.replaced(_said_by_marks(bare, titles, marked))
    both = zip(bare, titles, strict=True)
    status = (None if text is None else one.status or "" for one, text in both)
    return {
        "title": title,
        "title_main": whole.replaced(Coded.of_arrow(_main_titles(bare, texts))),
        "title_translation": whole.map(translation),
        "language": title.replaced(language),
        "title_words": Coded(title.codes, word_sets(tokens)),
        "title_numbers": counted.map(lambda found: found[0]),
        "title_parts": counted.map(lambda found: found[1]),
        "title_marks": said,
        "title_sequel": said.map(lambda marks: marks & SEQUELS),
        "status": whole.replaced(Coded.of(status)),
        "title_groups": title.map_some(groups_studied, grouped, frozenset()),
    }


def _said_by_words(tokens: Tokens) -> tuple[Coded, Mask, Mask, Mask]:
    """The language of each title, and which may have numbers, groups and marks."""
    places = pc.index_in(tokens.vocabulary, pa.array(_TELLING))
    kinds = _KINDS_OF[pc.fill_null(places, -1).to_numpy()]
    of_letters = pc.ascii_is_alpha(tokens.vocabulary).to_numpy(zero_copy_only=False)
    counts = tokens.count_of(np.column_stack([kinds, ~of_letters]))
    numbered, grouped, marked, figures = counts[:, -4:].T > 0
    return _languages(counts[:, :-4]), numbered | figures, grouped, marked


def _languages(votes: NDArray[np.int64]) -> Coded:
    """`guess_language` of titles by how many function words of each language they have."""
    first, second = np.sort(votes, axis=1)[:, :-3:-1].T
    leads = (first >= 2) & (first > second)
    codes = np.where(leads, votes.argmax(axis=1), -1)
    return Coded(codes.astype(np.int32), objects(FUNCTION_WORDS))


def _main_titles(bare: Sequence[BareTitle], titles: pa.StringArray) -> pa.StringArray:
    """`main_title` of each; `titles` are the whole ones, folded."""
    printed = pa.array([one.printed for one in bare], pa.string())
    split = pa.array(may_hold(MAY_END, printed))
    heads = [*map(main_part, printed.filter(split).to_pylist())]
    cut = pa.array([head is not None for head in heads], pa.bool_())
    parts = folded(pa.array([head or "" for head in heads], pa.string()))
    found = pc.replace_with_mask(titles, split, pc.if_else(cut, parts, titles.filter(split)))
    return pc.if_else(pc.equal(found, ""), None, found)


def _said_by_marks(bare: Sequence[BareTitle], titles: Sequence[str | None], marked: Mask) -> Coded:
    """The marks of each title, which only few have, `marked` or by a notice around it."""
    known = np.array([title is not None for title in titles], dtype=np.bool_)
    noticed = np.array([one.notice is not None for one in bare], dtype=np.bool_)
    rows = np.flatnonzero(known & (marked | noticed)).tolist()
    few = Coded.of([frozenset(), *(_marks(bare[k], titles[k] or "", marked[k]) for k in rows)])
    codes = np.where(known, few.codes[0], np.int32(-1))
    codes[rows] = few.codes[1:]
    return Coded(codes, few.values)


def _marks(bare: BareTitle, title: str, asked: bool) -> frozenset[str] | None:
    found = marks(bare.printed, title) if asked else frozenset()
    return found | {bare.notice} if found is not None and bare.notice else found
