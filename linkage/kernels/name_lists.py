# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""Lists of names compared by the numbers of their parts, to be compiled.

What it does the plain features of `linkage.features.author_lists` do where it is not compiled.
"""

from __future__ import annotations

import cython

# of longer lists each name is not looked for among all others
MOST_NAMES = cython.declare(cython.Py_ssize_t, 64)


def compare(
    codes: cython.int[:],
    initials: cython.int[:],
    first: cython.longlong[:, :],
    second: cython.longlong[:, :],
    found: cython.float[:, :],
) -> None:
    """Compare a list with another, for each row k.

    Row k of `first` and `second` (n, 2) is where a list starts in `codes`, and how many names it
    has: family and given names in turn, as numbers of their texts. `initials` has the first letter
    of each text, -1 of an empty one. Row k of `found` (n, 4) becomes what `first_author_listed`,
    `author_families_contained`, `author_families_aligned` and `author_initials_agree` say, -2 for
    NaN; -1 where a list is longer than `MOST_NAMES`.
    """
    k: cython.Py_ssize_t
    a: cython.Py_ssize_t
    b: cython.Py_ssize_t
    n: cython.Py_ssize_t
    m: cython.Py_ssize_t
    with cython.nogil:
        for k in range(first.shape[0]):
            a, n = first[k, 0], first[k, 1]
            b, m = second[k, 0], second[k, 1]
            if n > MOST_NAMES or m > MOST_NAMES:
                found[k, 0] = found[k, 1] = found[k, 2] = found[k, 3] = -1
                continue
            found[k, 0] = _stands(codes, a, b, m) or _stands(codes, b, a, n)
            found[k, 1] = _contained(codes, a, n, b, m)
            found[k, 2] = _aligned(codes, a, b, min(n, m))
            found[k, 3] = _initials_agree(codes, initials, a, n, b, m)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _stands(
    codes: cython.int[:], at: cython.Py_ssize_t, start: cython.Py_ssize_t, n: cython.Py_ssize_t
) -> cython.bint:
    """Tell whether the family name at a place stands among the n of a list."""
    k: cython.Py_ssize_t
    for k in range(n):  # noqa: SIM110  no generator in compiled code
        if codes[start + 2 * k] == codes[at]:
            return True
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _contained(
    codes: cython.int[:],
    a: cython.Py_ssize_t,
    n: cython.Py_ssize_t,
    b: cython.Py_ssize_t,
    m: cython.Py_ssize_t,
) -> cython.double:
    k: cython.Py_ssize_t
    in_a: cython.double = 0
    in_b: cython.double = 0
    shared: cython.double = 0
    for k in range(n):
        if not _stands(codes, a + 2 * k, a, k):  # each once
            in_a += 1
            shared += _stands(codes, a + 2 * k, b, m)
    for k in range(m):
        in_b += not _stands(codes, b + 2 * k, b, k)
    return shared / min(in_a, in_b)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _aligned(
    codes: cython.int[:], a: cython.Py_ssize_t, b: cython.Py_ssize_t, n: cython.Py_ssize_t
) -> cython.double:
    k: cython.Py_ssize_t
    same: cython.double = 0
    for k in range(n):
        same += codes[a + 2 * k] == codes[b + 2 * k]
    return same / n


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _initials_agree(
    codes: cython.int[:],
    initials: cython.int[:],
    a: cython.Py_ssize_t,
    n: cython.Py_ssize_t,
    b: cython.Py_ssize_t,
    m: cython.Py_ssize_t,
) -> cython.double:
    k: cython.Py_ssize_t
    j: cython.Py_ssize_t
    both: cython.double = 0
    agree: cython.double = 0
    is_known: cython.bint
    is_equal: cython.bint
    for k in range(n):
        if initials[codes[a + 2 * k + 1]] < 0 or _is_met(codes, initials, a, k):
            continue
        is_known = is_equal = False
        for j in range(m):
            if codes[b + 2 * j] == codes[a + 2 * k] and initials[codes[b + 2 * j + 1]] >= 0:
                is_known = True
                is_equal |= _has(codes, initials, a, n, codes[a + 2 * k], codes[b + 2 * j + 1])
        both += is_known
        agree += is_equal
    return agree / both if both > 0 else -2


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_met(
    codes: cython.int[:], initials: cython.int[:], a: cython.Py_ssize_t, k: cython.Py_ssize_t
) -> cython.bint:
    """Tell whether the k-th family name stood before in its list, with an initial."""
    j: cython.Py_ssize_t
    for j in range(k):
        if codes[a + 2 * j] == codes[a + 2 * k] and initials[codes[a + 2 * j + 1]] >= 0:
            return True
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _has(
    codes: cython.int[:],
    initials: cython.int[:],
    a: cython.Py_ssize_t,
    n: cython.Py_ssize_t,
    family: cython.int,
    given: cython.int,
) -> cython.bint:
    """Tell whether a list has a family name with the initial of a given name."""
    k: cython.Py_ssize_t
    for k in range(n):
        if codes[a + 2 * k] == family and initials[codes[a + 2 * k + 1]] == initials[given]:
            return True
    return False
