# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""The rarest word that only one of two titles has, for very many pairs, to be compiled.

What it does `linkage.features.title` does pair by pair where it is not compiled, and of words that
are not ASCII.
"""

from __future__ import annotations

import cython


def rarest_unshared(
    first_ends: cython.longlong[::1],
    first: cython.int[::1],
    second_ends: cython.longlong[::1],
    second: cython.int[::1],
    weights: cython.double[::1],
    letters: cython.uchar[::1],
    ends: cython.longlong[::1],
    marks: cython.int[:, ::1],
    lonely: cython.int[:, ::1],
    joined: cython.uchar[:, ::1],
    sizes: cython.int[:, ::1],
    row: cython.int[::1],
    found: cython.double[::1],
) -> None:
    """Put into `found[k]` the weight of the rarest such word, 0 for none.

    Of pair k the words are numbers in `first` and in `second`, up to `first_ends[k + 1]` and
    `second_ends[k + 1]`; word w stands from `ends[w]` to `ends[w + 1]` in `letters`, ASCII. `marks`
    (2, n words) is zeros, and to write on are `lonely` (2, most words of a title), `joined`
    (2, most letters of one), `sizes` (2, 2), and `row` (most letters of a word, and one more).
    """
    k: cython.Py_ssize_t
    i: cython.Py_ssize_t
    a: cython.Py_ssize_t
    b: cython.Py_ssize_t
    c: cython.Py_ssize_t
    d: cython.Py_ssize_t
    side: cython.Py_ssize_t
    best: cython.Py_ssize_t
    word: cython.int
    with cython.nogil:
        for k in range(found.shape[0]):
            a, b, c, d = first_ends[k], first_ends[k + 1], second_ends[k], second_ends[k + 1]
            _mark(first, a, b, marks[0], k + 1)
            _mark(second, c, d, marks[1], k + 1)
            sizes[0, 0] = _only_there(first, a, b, marks[1], k + 1, lonely[0])
            sizes[1, 0] = _only_there(second, c, d, marks[0], k + 1, lonely[1])
            if sizes[0, 0] + sizes[1, 0]:
                sizes[0, 1] = _join(first, a, b, letters, ends, joined[0])
                sizes[1, 1] = _join(second, c, d, letters, ends, joined[1])
            found[k] = 0
            while True:
                side = 0
                best = _rarest(lonely[0], sizes[0, 0], weights, marks[0], k + 1)
                i = _rarest(lonely[1], sizes[1, 0], weights, marks[1], k + 1)
                if i >= 0 and (best < 0 or weights[lonely[1, i]] > weights[lonely[0, best]]):
                    side, best = 1, i
                if best < 0:
                    break
                word = lonely[side, best]
                if not _is_explained(
                    word, lonely[1 - side], sizes[1 - side, 0], letters, ends, joined[side],
                    sizes[side, 1], joined[1 - side], sizes[1 - side, 1], row,
                ):  # fmt: skip
                    found[k] = weights[word]
                    break
                marks[side, word] = 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _mark(
    words: cython.int[::1],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    marks: cython.int[::1],
    mark: cython.Py_ssize_t,
) -> cython.void:
    """Mark the words of a title."""
    i: cython.Py_ssize_t
    for i in range(start, end):
        marks[words[i]] = mark


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _only_there(
    words: cython.int[::1],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    marks: cython.int[::1],
    mark: cython.Py_ssize_t,
    lonely: cython.int[::1],
) -> cython.Py_ssize_t:
    """Put the words of a title that are not marked for the other into `lonely`; how many."""
    i: cython.Py_ssize_t
    n: cython.Py_ssize_t = 0
    for i in range(start, end):
        if marks[words[i]] != mark:
            lonely[n] = words[i]
            n += 1
    return n


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _rarest(
    lonely: cython.int[::1],
    n: cython.Py_ssize_t,
    weights: cython.double[::1],
    marks: cython.int[::1],
    mark: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Where the first of the heaviest words stands that are still marked; -1 for none."""
    i: cython.Py_ssize_t
    best: cython.Py_ssize_t = -1
    for i in range(n):
        if marks[lonely[i]] != mark:
            continue
        if best < 0 or weights[lonely[i]] > weights[lonely[best]]:
            best = i
    return best


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _join(
    words: cython.int[::1],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    letters: cython.uchar[::1],
    ends: cython.longlong[::1],
    joined: cython.uchar[::1],
) -> cython.Py_ssize_t:
    """Set words one behind the other without blanks; how many letters these are."""
    i: cython.Py_ssize_t
    at: cython.Py_ssize_t
    size: cython.Py_ssize_t = 0
    for i in range(start, end):
        for at in range(ends[words[i]], ends[words[i] + 1]):
            joined[size] = letters[at]
            size += 1
    return size


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_explained(
    word: cython.int,
    others: cython.int[::1],
    n: cython.int,
    letters: cython.uchar[::1],
    ends: cython.longlong[::1],
    own: cython.uchar[::1],
    own_size: cython.Py_ssize_t,
    title: cython.uchar[::1],
    title_size: cython.Py_ssize_t,
    row: cython.int[::1],
) -> cython.bint:
    """As `linkage.features.title._is_explained`."""
    i: cython.Py_ssize_t
    start: cython.Py_ssize_t = ends[word]
    size: cython.Py_ssize_t = ends[word + 1] - start
    other: cython.Py_ssize_t
    length: cython.Py_ssize_t
    if size > 3 and _stands_in(letters, start, size, title, 0, title_size):
        return True
    for i in range(n):
        other, length = ends[others[i]], ends[others[i] + 1] - ends[others[i]]
        if 2 * size > 3 * length or 6 * length > 9 * size:
            continue
        # 80 per cent of Indel similarity
        if 10 * _common(letters, start, size, other, length, row) >= 4 * (size + length):
            return True
    for i in range(n):
        other, length = ends[others[i]], ends[others[i] + 1] - ends[others[i]]
        if length == size and _letters_swapped(letters, start, other, size):
            return True
        if not _stands_in(letters, start, size, letters, other, length):
            continue
        if _stands_in(letters, other, length, own, 0, own_size):
            return True
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _stands_in(
    piece: cython.uchar[::1],
    start: cython.Py_ssize_t,
    size: cython.Py_ssize_t,
    text: cython.uchar[::1],
    text_start: cython.Py_ssize_t,
    text_size: cython.Py_ssize_t,
) -> cython.bint:
    """Whether a piece stands in a text."""
    at: cython.Py_ssize_t
    i: cython.Py_ssize_t
    for at in range(text_start, text_start + text_size - size + 1):
        for i in range(size):
            if text[at + i] != piece[start + i]:
                break
        else:
            return True
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _common(
    letters: cython.uchar[::1],
    first: cython.Py_ssize_t,
    first_size: cython.Py_ssize_t,
    second: cython.Py_ssize_t,
    second_size: cython.Py_ssize_t,
    row: cython.int[::1],
) -> cython.int:
    """Length of the longest common subsequence of two words."""
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    before: cython.int
    diagonal: cython.int
    for j in range(second_size + 1):
        row[j] = 0
    for i in range(first_size):
        diagonal = 0
        for j in range(second_size):
            before = row[j + 1]
            if letters[first + i] == letters[second + j]:
                row[j + 1] = diagonal + 1
            elif row[j] > before:
                row[j + 1] = row[j]
            diagonal = before
    return row[second_size]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _letters_swapped(
    letters: cython.uchar[::1],
    first: cython.Py_ssize_t,
    second: cython.Py_ssize_t,
    size: cython.Py_ssize_t,
) -> cython.bint:
    """Two neighbouring letters in each other's place, in words of one length, more than 3."""
    i: cython.Py_ssize_t = 0
    if size <= 3:
        return False
    while i < size and letters[first + i] == letters[second + i]:
        i += 1
    if i >= size - 1:
        return False
    if letters[first + i] != letters[second + i + 1]:
        return False
    if letters[first + i + 1] != letters[second + i]:
        return False
    i += 2
    while i < size and letters[first + i] == letters[second + i]:
        i += 1
    return i == size
