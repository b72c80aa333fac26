# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""Plain texts folded, very many at once, to be compiled.

What it does `linkage.text.folding` does one by one where it is not compiled, and of all texts that
are not plain: with marks that may say how others are read, or letters that are not in the table.
"""

from __future__ import annotations

import cython


def fold(
    letters: cython.uchar[:],
    ends: cython.longlong[:],
    marks: cython.uchar[:],
    spelled: cython.uchar[:],
    spans: cython.longlong[:, :],
    greek: cython.uchar[:],
    found: cython.uchar[:],
    after: cython.longlong[:],
    untold: cython.uchar[:],
) -> None:
    """Put the words of each text into `found`, in lower case with single blanks between them.

    Text k stands from `ends[k]` to `ends[k + 1]` in `letters`, and then from `after[k]` to
    `after[k + 1]` in `found`, in which there is room enough. A letter that is not ASCII is spelled
    as `spans` (n, 2) says, by its code point: where its letters stand in `spelled`, -1 where it may
    depend on those around it. `greek` (n,) is 1 of letters that do so beside one another only.

    `untold` (n texts,) becomes 1 where a text has such a letter, or one of which `marks` (128,) is
    1; nothing is put there for it.
    """
    k: cython.Py_ssize_t
    end: cython.Py_ssize_t
    after[0] = 0
    with cython.nogil:
        for k in range(untold.shape[0]):
            end = _fold(
                letters, ends[k], ends[k + 1], marks, spelled, spans, greek, found, after[k]
            )
            untold[k] = end < 0
            after[k + 1] = after[k] if end < 0 else end


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _fold(
    letters: cython.uchar[:],
    at: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    marks: cython.uchar[:],
    spelled: cython.uchar[:],
    spans: cython.longlong[:, :],
    greek: cython.uchar[:],
    found: cython.uchar[:],
    first: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Put the words of one text there, and return where they end; -1 where it is not plain."""
    j: cython.Py_ssize_t
    code: cython.Py_ssize_t
    before: cython.Py_ssize_t = 0
    written: cython.Py_ssize_t = first
    is_ascii: cython.bint = True
    is_odd: cython.bint = False
    while at < end:
        code = cython.cast(cython.Py_ssize_t, letters[at])
        if code < 128:
            if marks[code]:
                return -1
            # TeX for a blank and a dash, which is looked at in all texts but ASCII
            is_odd |= code == 126 or (code == 45 and before == 45)
            written = _put(found, first, written, letters[at])
            at += 1
        else:
            is_ascii = False
            code = _code(letters, at)
            if code >= spans.shape[0] or spans[code, 0] < 0 or _is_pair(before, code, greek):
                return -1
            for j in range(spans[code, 0], spans[code, 1]):
                written = _put(found, first, written, spelled[j])
            at += 2 if code < 2048 else 3
        before = code
    if is_odd and not is_ascii:
        return -1
    if written > first and found[written - 1] == 32:
        written -= 1
    return written


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _put(
    found: cython.uchar[:],
    first: cython.Py_ssize_t,
    written: cython.Py_ssize_t,
    letter: cython.uchar,
) -> cython.Py_ssize_t:
    """Put a letter of a text that begins at `first` there, and return where the next one goes."""
    if 65 <= letter <= 90:
        letter += 32
    if 97 <= letter <= 122 or 48 <= letter <= 57:
        found[written] = letter
        return written + 1
    if letter != 39 and written > first and found[written - 1] != 32:  # ' parts no words
        found[written] = 32
        return written + 1
    return written


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _code(letters: cython.uchar[:], at: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The code point that begins there, of two bytes or three; of four any larger one."""
    first: cython.Py_ssize_t = cython.cast(cython.Py_ssize_t, letters[at])
    second: cython.Py_ssize_t = cython.cast(cython.Py_ssize_t, letters[at + 1])
    third: cython.Py_ssize_t
    if first < 224:
        return (first & 31) << 6 | (second & 63)
    if first >= 240:
        return 65536
    third = cython.cast(cython.Py_ssize_t, letters[at + 2])
    return (first & 15) << 12 | (second & 63) << 6 | (third & 63)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_pair(
    before: cython.Py_ssize_t, code: cython.Py_ssize_t, greek: cython.uchar[:]
) -> cython.bint:
    """Tell whether two letters are read together: two Greek ones, or what a wrong decoding left."""
    if greek[before] and greek[code]:
        return True
    return 0xC2 <= before <= 0xF4 and (
        code <= 0xBF or 0x152 <= code <= 0x2DC or 0x2013 <= code <= 0x2122
    )
