# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""The plainest shapes of names, told of very many at once, to be compiled.

What it does `linkage.names.plain` does by expressions where it is not compiled. Of ASCII letters
only: of all others nothing is told here.
"""

from __future__ import annotations

import cython


def shapes(
    letters: cython.uchar[:],
    ends: cython.longlong[:],
    telling: cython.ulonglong[:],
    no_initials: cython.ulonglong[:],
    found: cython.longlong[:, :],
) -> None:
    """Where given and family name of each text begin and end; -1 where that is not told.

    Text k stands from `ends[k]` to `ends[k + 1]` in `letters`. `telling` are the `hashes` of words
    that may mean more than a name, sorted; of two capitals in a name without a comma only those of
    `no_initials` do. Row k of `found` (n, 4) becomes the begin and end of the
    given and of the family name, counted from the first letter of the text.
    """
    k: cython.Py_ssize_t
    start: cython.Py_ssize_t
    end: cython.Py_ssize_t
    first: cython.Py_ssize_t
    last: cython.Py_ssize_t
    comma: cython.Py_ssize_t
    is_one: cython.bint
    with cython.nogil:
        for k in range(found.shape[0]):
            start, end = ends[k], ends[k + 1]
            found[k, 0] = -1
            comma = _find(letters, start, end, 44)
            if _has_telling_word(
                letters, start, end, telling, telling if comma < end else no_initials
            ):
                continue
            first = _find(letters, start, end, 32)
            last = _find_last(letters, start, end, 32)
            if comma < end:
                is_one = first == comma + 1 and _is_family(letters, start, comma)
                if is_one and (
                    _is_given(letters, first + 1, end) or _is_short(letters, first + 1, end)
                ):
                    _put(found, k, first + 1 - start, end - start, 0, comma - start)
            elif first == end:
                continue
            elif _is_lower(letters[end - 1]):
                if _is_family(letters, last + 1, end) and (
                    _is_given(letters, start, last) or _is_bare(letters, start, last)
                ):
                    _put(found, k, 0, last - start, last + 1 - start, end - start)
            elif _is_family(letters, start, first) and (
                _is_bare(letters, first + 1, end) or _is_dotted(letters, first + 1, end)
            ):
                _put(found, k, first + 1 - start, end - start, 0, first - start)


def hashes(letters: cython.uchar[:], ends: cython.longlong[:], found: cython.ulonglong[:]) -> None:
    """A number for each word of lower-case letters, put into `found`."""
    k: cython.Py_ssize_t
    for k in range(found.shape[0]):
        found[k] = _hash(letters, ends[k], ends[k + 1])


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _put(
    found: cython.longlong[:, :],
    k: cython.Py_ssize_t,
    given: cython.Py_ssize_t,
    given_end: cython.Py_ssize_t,
    family: cython.Py_ssize_t,
    family_end: cython.Py_ssize_t,
) -> cython.void:
    found[k, 0], found[k, 1] = given, given_end
    found[k, 2], found[k, 3] = family, family_end


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _hash(
    letters: cython.uchar[:], start: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.ulonglong:
    """FNV-1a of the letters in lower case, but for commas; 32 bits."""
    k: cython.Py_ssize_t
    letter: cython.ulonglong
    value: cython.ulonglong = 2166136261
    size: cython.ulonglong = 4294967296
    for k in range(start, end):
        letter = cython.cast(cython.ulonglong, letters[k])
        if _is_upper(letters[k]):
            letter += 32
        if letter != 44:
            value = ((value ^ letter) * 16777619) % size
    return value


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _has_telling_word(
    letters: cython.uchar[:],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    telling: cython.ulonglong[:],
    of_two_capitals: cython.ulonglong[:],
) -> cython.bint:
    after: cython.Py_ssize_t
    is_telling: cython.bint
    while start < end:
        after = _find(letters, start, end, 32)
        if after == start + 2 and _is_short(letters, start, after):
            is_telling = _is_among(of_two_capitals, _hash(letters, start, after))
        else:
            is_telling = _is_among(telling, _hash(letters, start, after))
        if is_telling:
            return True
        start = after + 1
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_among(numbers: cython.ulonglong[:], number: cython.ulonglong) -> cython.bint:
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = numbers.shape[0]
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low < numbers.shape[0] and numbers[low] == number


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _find(
    letters: cython.uchar[:],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    letter: cython.uchar,
) -> cython.Py_ssize_t:
    """The first place of a letter, `end` where there is none."""
    while start < end and letters[start] != letter:
        start += 1
    return start


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _find_last(
    letters: cython.uchar[:],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    letter: cython.uchar,
) -> cython.Py_ssize_t:
    """The last place of a letter; before `start` where there is none."""
    end -= 1
    while end >= start and letters[end] != letter:
        end -= 1
    return end


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_upper(letter: cython.uchar) -> cython.bint:
    return 65 <= letter <= 90


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_lower(letter: cython.uchar) -> cython.bint:
    return 97 <= letter <= 122


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_vowel(letter: cython.uchar) -> cython.bint:
    return (
        letter == 97
        or letter == 101
        or letter == 105
        or letter == 111
        or letter == 117
        or letter == 121
    )


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _word(
    letters: cython.uchar[:], at: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """Where a word that begins there ends, -1 where none begins: a capital and small letters."""
    start: cython.Py_ssize_t = at + 1
    if at >= end or not _is_upper(letters[at]):
        return -1
    at += 1
    while at < end and _is_lower(letters[at]):
        at += 1
    return at if at > start else -1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _initials(
    letters: cython.uchar[:], at: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """The same of initials with stops: `A.`, `A.B.`, `A.-B.`."""
    after: cython.Py_ssize_t = -1
    while at + 1 < end and _is_upper(letters[at]) and letters[at + 1] == 46:
        after = at + 2
        at = after + 1 if after < end and letters[after] == 45 else after
    return after


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_family(
    letters: cython.uchar[:], start: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.bint:
    """A word with a vowel behind its capital."""
    k: cython.Py_ssize_t
    if _word(letters, start, end) != end:
        return False
    for k in range(start + 1, end):  # noqa: SIM110  no generator in compiled code
        if _is_vowel(letters[k]):
            return True
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_given(
    letters: cython.uchar[:], at: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.bint:
    """Words and initials, of which the first may be two words joined by a hyphen."""
    after: cython.Py_ssize_t = _word(letters, at, end)
    if after >= 0 and after < end and letters[after] == 45:
        after = _word(letters, after + 1, end)
        if after < 0:
            return False
    elif after < 0:
        after = _initials(letters, at, end)
    while after >= 0 and after < end:
        if letters[after] != 32:
            return False
        at = after + 1
        after = _word(letters, at, end)
        if after < 0:
            after = _initials(letters, at, end)
    return after == end


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_short(
    letters: cython.uchar[:], start: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.bint:
    """One or two capitals."""
    if end == start + 1:
        return _is_upper(letters[start])
    return end == start + 2 and _is_upper(letters[start]) and _is_upper(letters[start + 1])


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_bare(
    letters: cython.uchar[:], at: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.bint:
    """One or two capitals, and more of them behind blanks, each by itself."""
    after: cython.Py_ssize_t = _find(letters, at, end, 32)
    if not _is_short(letters, at, after):
        return False
    while after < end:
        if after + 1 >= end or not _is_upper(letters[after + 1]):
            return False
        after += 2
        if after < end and letters[after] != 32:
            return False
    return True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_dotted(
    letters: cython.uchar[:], at: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.bint:
    """Initials with stops, parted by blanks."""
    while at + 1 < end and _is_upper(letters[at]) and letters[at + 1] == 46:
        if at + 2 == end:
            return True
        if letters[at + 2] != 32:
            return False
        at += 3
    return False
