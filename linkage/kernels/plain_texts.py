# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""Plain texts folded, very many at once, to be compiled.

What it does `linkage.text.folding` does one by one where it is not compiled, and of all texts that
are not plain: ASCII without marks that may say how others are read.
"""

from __future__ import annotations

import cython


def fold(
    letters: cython.uchar[:],
    ends: cython.longlong[:],
    marks: cython.uchar[:],
    found: cython.uchar[:],
    after: cython.longlong[:],
    untold: cython.uchar[:],
) -> None:
    """Put the words of each text into `found`, in lower case with single blanks between them.

    Text k stands from `ends[k]` to `ends[k + 1]` in `letters`, and then from `after[k]` to
    `after[k + 1]` in `found`, which is as long. `untold` (n,) becomes 1 where a text is not ASCII
    or has a letter of which `marks` (128,) is 1; nothing is put there for it.
    """
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    written: cython.Py_ssize_t
    letter: cython.uchar
    is_apart: cython.bint
    after[0] = 0
    with cython.nogil:
        for k in range(untold.shape[0]):
            written = after[k]
            is_apart = False
            untold[k] = 0
            for at in range(ends[k], ends[k + 1]):
                letter = letters[at]
                if letter > 127 or marks[letter]:
                    untold[k] = 1
                    written = after[k]
                    break
                if 65 <= letter <= 90:
                    letter += 32
                if 97 <= letter <= 122 or 48 <= letter <= 57:
                    if is_apart and written > after[k]:
                        found[written] = 32
                        written += 1
                    found[written] = letter
                    written += 1
                    is_apart = False
                elif letter != 39:  # an apostrophe parts no words
                    is_apart = True
            after[k + 1] = written
