# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""Words of very many texts as numbers, to be compiled.

What it does `Tokens` of `linkage.features.arrays` does with Arrow where it is not compiled.
"""

from __future__ import annotations

import cython


def number(
    letters: cython.uchar[:],
    ends: cython.longlong[:],
    most: cython.Py_ssize_t,
    table: cython.int[:],
    spans: cython.longlong[:, :],
    codes: cython.int[:],
    after: cython.int[:],
) -> cython.Py_ssize_t:
    """Number the words of texts in turn as they come, and return how many different ones there are.

    Text k stands from `ends[k]` to `ends[k + 1]` in `letters`, single blanks part its words, of
    which `most` at most count. Their numbers become `codes` from `after[k]` to `after[k + 1]`, and
    row j of `spans` where word j stands first. `table` is full of -1, as long as a power of two
    that is larger than the number of all words.
    """
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    start: cython.Py_ssize_t
    last: cython.Py_ssize_t
    place: cython.Py_ssize_t
    word: cython.Py_ssize_t
    value: cython.ulonglong
    n: cython.Py_ssize_t = 0
    written: cython.Py_ssize_t = 0
    size: cython.ulonglong = 4294967296
    mask: cython.ulonglong = cython.cast(cython.ulonglong, table.shape[0] - 1)
    after[0] = 0
    with cython.nogil:
        for k in range(after.shape[0] - 1):
            start = ends[k]
            last = written + most
            while ends[k] < ends[k + 1] and written < last:
                value = 2166136261  # FNV-1a
                at = start
                while at < ends[k + 1] and letters[at] != 32:
                    value = (value ^ cython.cast(cython.ulonglong, letters[at])) * 16777619 % size
                    at += 1
                place = cython.cast(cython.Py_ssize_t, (value ^ (value >> 15)) & mask)
                word = table[place]
                while word >= 0 and not _is_word(letters, spans, word, start, at):
                    place = cython.cast(
                        cython.Py_ssize_t, cython.cast(cython.ulonglong, place + 1) & mask
                    )
                    word = table[place]
                if word < 0:
                    word = table[place] = n
                    spans[n, 0], spans[n, 1] = start, at
                    n += 1
                codes[written] = word
                written += 1
                if at == ends[k + 1]:
                    break
                start = at + 1
            after[k + 1] = written
    return n


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_word(
    letters: cython.uchar[:],
    spans: cython.longlong[:, :],
    word: cython.Py_ssize_t,
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
) -> cython.bint:
    """Tell whether it is a known word that stands there."""
    k: cython.Py_ssize_t
    first: cython.Py_ssize_t = spans[word, 0]
    if spans[word, 1] - first != end - start:
        return False
    for k in range(end - start):  # noqa: SIM110  no generator in compiled code
        if letters[first + k] != letters[start + k]:
            return False
    return True


def first_of_each(
    codes: cython.int[:],
    ends: cython.longlong[:],
    seen: cython.int[:],
    kept: cython.uchar[:],
) -> None:
    """Tell which codes of each text, from `ends[k]` on, stand there for the first time.

    `seen` (n codes,) is full of -1; `kept` (n,) becomes 1 of the first, else 0.
    """
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    with cython.nogil:
        for k in range(ends.shape[0] - 1):
            for at in range(ends[k], ends[k + 1]):
                kept[at] = seen[codes[at]] != k
                seen[codes[at]] = k
