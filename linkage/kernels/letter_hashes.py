# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""Hashes of the letters of very many texts, to be compiled.

What it does `linkage.text.hashing` does by NumPy where it is not compiled: the same numbers.
"""

from __future__ import annotations

import cython


def hashed(
    letters: cython.uchar[:],
    ends: cython.longlong[:],
    numbers: cython.ulonglong[:],
    powers: cython.ulonglong[:],
    inverses: cython.ulonglong[:],
    part: cython.longlong,
    found: cython.ulonglong[:, :],
    sizes: cython.longlong[:],
) -> None:
    """Put the hashes of the whole, the start and the end of each text into the rows of `found`.

    Text k stands from `ends[k]` to `ends[k + 1]` in `letters`, which is UTF-8; blanks don't count.
    `sizes[k]` becomes how many letters it has, start and end have `part` of them, or all. `powers`
    and `inverses` go as far as the bytes of the longest text.
    """
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    last: cython.Py_ssize_t
    place: cython.Py_ssize_t
    skipped: cython.Py_ssize_t
    size: cython.longlong
    whole: cython.ulonglong
    with cython.nogil:
        for k in range(sizes.shape[0]):
            size = 0
            for at in range(ends[k], ends[k + 1]):
                if letters[at] != 32 and (letters[at] & 0xC0) != 0x80:
                    size += 1
            sizes[k] = size
            last = size - part
            whole = 0
            place, skipped, size = 0, 0, 0
            found[1, k] = 0
            found[2, k] = 0
            for at in range(ends[k], ends[k + 1]):
                if letters[at] == 32:
                    continue
                if (letters[at] & 0xC0) != 0x80:
                    if size == part:
                        found[1, k] = whole
                    if size == last:
                        found[2, k] = whole
                        skipped = place
                    size += 1
                whole += numbers[letters[at]] * powers[place]
                place += 1
            found[0, k] = whole
            if size <= part:
                found[1, k] = whole
            found[2, k] = (whole - found[2, k]) * inverses[skipped]
