"""The rarest word that only one of two titles has, of very many pairs in a compiled loop."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage.features.arrays import letters_of
from linkage.features.columns import Words
from linkage.features.title import rarest_unshared_words
from linkage.kernels import compiled


def rarest_unshared(a: Words, b: Words) -> NDArray[np.float64]:
    """`title_rarest_unshared_word` row by row; one by one where words are not ASCII."""
    kernel = compiled("title_words")
    if kernel is None:
        return rarest_unshared_words(a, b)
    shared = a.shared(b)
    differ = np.flatnonzero((shared < a.totals()) | (shared < b.totals()))
    plain = _ascii_only(a[differ], b[differ])
    fast, slow = differ[plain], differ[~plain]
    found = np.zeros(len(a))
    found[fast] = _by_kernel(kernel, a[fast], b[fast])
    found[slow] = rarest_unshared_words(a[slow], b[slow])
    return found


def _ascii_only(a: Words, b: Words) -> NDArray[np.bool_]:
    """The pairs of which all words are ASCII."""
    odd = np.zeros(len(a.words), dtype=np.int8)
    used = np.union1d(a.matrix.indices, b.matrix.indices)
    is_ascii = pc.string_is_ascii(pa.array(a.words[used], pa.string()))
    odd[used] = ~is_ascii.to_numpy(zero_copy_only=False)
    return np.asarray((a.matrix @ odd == 0) & (b.matrix @ odd == 0), dtype=np.bool_)


def _by_kernel(kernel: ModuleType, a: Words, b: Words) -> NDArray[np.float64]:
    """`_rarest_unshared` of each pair."""
    used = np.union1d(a.matrix.indices, b.matrix.indices)
    number = np.zeros(len(a.words), dtype=np.int32)
    number[used] = np.arange(len(used))
    letters, ends = letters_of(pa.array(a.words[used], pa.string()))
    letters_in = np.diff(ends)
    places = [side.matrix.indptr.astype(np.int64) for side in (a, b)]
    codes = [number[side.matrix.indices] for side in (a, b)]
    written = [
        np.append(0, np.cumsum(letters_in[some]))[at]
        for some, at in zip(codes, places, strict=True)
    ]
    found = np.empty(len(a))
    kernel.rarest_unshared(
        places[0], codes[0], places[1], codes[1], a.weights[used], letters, ends,
        np.zeros((2, len(used)), dtype=np.int32),
        np.empty((2, _largest(*places)), dtype=np.int32),
        np.empty((2, _largest(*written)), dtype=np.uint8),
        np.empty((2, 2), dtype=np.int32),
        np.empty(_largest(ends) + 1, dtype=np.int32),
        found,
    )  # fmt: skip
    return found


def _largest(*ends: NDArray[np.int64]) -> int:
    """How many stand in the largest of some things one behind the other that end there."""
    return max(int(np.diff(some).max(initial=0)) for some in ends)
