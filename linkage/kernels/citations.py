# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""Titles and authors written as one text, very many at once, to be compiled.

What it does `linkage.features.citation` does one by one where it is not compiled. In all functions
title k stands from `title_ends[k]` to `title_ends[k + 1]` in `titles`, and its authors are those
from `starts[k]` to before `stops[k]` in `codes`, family and given name in turn: name c stands from
`name_ends[c]` to `name_ends[c + 1]` in `names`. All is UTF-8, in which only blanks part words. What
is written of k stands from `after[k]` to `after[k + 1]` in `found`, which is long enough.
"""

from __future__ import annotations

import cython


def words(
    titles: cython.uchar[::1],
    title_ends: cython.longlong[::1],
    names: cython.uchar[::1],
    name_ends: cython.longlong[::1],
    codes: cython.int[::1],
    starts: cython.longlong[::1],
    stops: cython.longlong[::1],
    unsorted: cython.uchar[::1],
    places: cython.longlong[:, ::1],
    found: cython.uchar[::1],
    after: cython.longlong[::1],
) -> None:
    """The words of title and authors in order of the alphabet, with a blank between two.

    To write on are `unsorted`, as long as `found`, and `places` (2, most words of one).
    """
    k: cython.Py_ssize_t
    i: cython.Py_ssize_t
    at: cython.Py_ssize_t
    n: cython.Py_ssize_t
    written: cython.Py_ssize_t
    after[0] = 0
    with cython.nogil:
        for k in range(starts.shape[0]):
            n = _split(titles, title_ends[k], title_ends[k + 1], unsorted, places, 0)
            for i in range(starts[k], stops[k]):
                n = _split(names, name_ends[codes[i]], name_ends[codes[i] + 1], unsorted, places, n)
            _sort(unsorted, places, n)
            written = after[k]
            for i in range(n):
                if i:
                    found[written] = 32
                    written += 1
                for at in range(places[0, i], places[1, i]):
                    found[written] = unsorted[at]
                    written += 1
            after[k + 1] = written


def letters(
    titles: cython.uchar[::1],
    title_ends: cython.longlong[::1],
    names: cython.uchar[::1],
    name_ends: cython.longlong[::1],
    codes: cython.int[::1],
    starts: cython.longlong[::1],
    stops: cython.longlong[::1],
    found: cython.uchar[::1],
    after: cython.longlong[::1],
) -> None:
    """The letters of the title between those of the authors' family names, twice, no blanks."""
    k: cython.Py_ssize_t
    i: cython.Py_ssize_t
    side: cython.Py_ssize_t
    written: cython.Py_ssize_t
    after[0] = 0
    with cython.nogil:
        for k in range(starts.shape[0]):
            written = after[k]
            for side in range(2):
                for i in range(starts[k], stops[k], 2):
                    written = _add(
                        names, name_ends[codes[i]], name_ends[codes[i] + 1], found, written
                    )
                if not side:
                    written = _add(titles, title_ends[k], title_ends[k + 1], found, written)
            after[k + 1] = written


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _add(
    text: cython.uchar[::1],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    found: cython.uchar[::1],
    written: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Put a text without its blanks behind what is written; where it ends."""
    at: cython.Py_ssize_t
    for at in range(start, end):
        if text[at] != 32:
            found[written] = text[at]
            written += 1
    return written


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _split(
    text: cython.uchar[::1],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    unsorted: cython.uchar[::1],
    places: cython.longlong[:, ::1],
    n: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Put the words of a text behind n others; how many there are then."""
    at: cython.Py_ssize_t
    written: cython.Py_ssize_t = places[1, n - 1] if n else 0
    inside: cython.bint = False
    for at in range(start, end):
        if text[at] == 32:
            inside = False
            continue
        if not inside:
            inside = True
            places[0, n] = written
            n += 1
        unsorted[written] = text[at]
        written += 1
        places[1, n - 1] = written
    return n


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _sort(
    unsorted: cython.uchar[::1], places: cython.longlong[:, ::1], n: cython.Py_ssize_t
) -> cython.void:
    """Shell's sort: by insertion for a few words, and far from the square of many."""
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    gap: cython.Py_ssize_t = 1
    start: cython.longlong
    end: cython.longlong
    while 3 * gap + 1 < n // 4:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            start, end = places[0, i], places[1, i]
            j = i
            while j >= gap and _is_before(
                unsorted, start, end, places[0, j - gap], places[1, j - gap]
            ):
                places[0, j], places[1, j] = places[0, j - gap], places[1, j - gap]
                j -= gap
            places[0, j], places[1, j] = start, end
        gap //= 3


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_before(
    text: cython.uchar[::1],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    other: cython.Py_ssize_t,
    other_end: cython.Py_ssize_t,
) -> cython.bint:
    """Whether one word comes before another."""
    while start < end and other < other_end:
        if text[start] != text[other]:
            return text[start] < text[other]
        start += 1
        other += 1
    return start == end and other < other_end
