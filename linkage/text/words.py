"""Words of very many folded texts, numbered by compiled loops, where there are any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linkage.features.arrays import Tokens, letters_of, pieces_of
from linkage.features.columns import Words
from linkage.kernels import compiled


def words_in_turn(texts: Sequence[str] | pa.Array, most: int | None = None) -> Tokens:
    """`Tokens.of` texts; all words are numbered by one loop."""
    module = compiled("tokens")
    if module is None:
        return Tokens.of(texts, most)
    letters, ends = letters_of(pc.fill_null(pa.array(texts, pa.string()), ""))
    n = len(ends) + np.count_nonzero(letters == ord(" "))  # words at most
    codes, spans = np.empty(n, dtype=np.int32), np.empty((n, 2), dtype=np.int64)
    table = np.full(2 << int(n).bit_length(), -1, dtype=np.int32)
    after = np.empty(len(ends), dtype=np.int32)
    number = module.number(letters, ends, most or n, table, spans, codes, after)
    starts, stops = spans[:number].T
    return Tokens.numbered(codes[: after[-1]], after, pieces_of(letters, starts, stops - starts))


def word_sets(tokens: Tokens) -> Words:
    """`Words.of_tokens`; what stands in a text before is told by one loop."""
    module = compiled("tokens")
    if module is None:
        return Words.of_tokens(tokens)
    seen = np.full(len(tokens.vocabulary), -1, dtype=np.int32)
    first = np.zeros(len(tokens.codes), dtype=np.bool_)
    ends = tokens.ends.astype(np.int64)
    module.first_of_each(tokens.codes, ends, seen, first.view(np.uint8))
    return Words.of_tokens(tokens, first)
