# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: ignore-errors
"""Bits that two signatures share, to be compiled.

Where it is not compiled `linkage.papers.cleaning` counts them by NumPy.
"""

from __future__ import annotations

import cython


def shared(
    signatures: cython.ulonglong[:, ::1],
    first: cython.int[::1],
    second: cython.int[::1],
    found: cython.longlong[::1],
) -> None:
    """Put into `found[k]` how many bits rows `first[k]` and `second[k]` of `signatures` share."""
    k: cython.Py_ssize_t
    word: cython.Py_ssize_t
    a: cython.Py_ssize_t
    b: cython.Py_ssize_t
    bits: cython.ulonglong
    every: cython.ulonglong
    second_bits: cython.ulonglong
    fourth_bits: cython.ulonglong
    eighth_bits: cython.ulonglong
    total: cython.ulonglong
    every = 65535
    every |= every << 16
    every |= every << 32
    second_bits, fourth_bits, eighth_bits = every // 3, every // 5, every // 17
    with cython.nogil:
        for k in range(found.shape[0]):
            a, b = first[k], second[k]
            total = 0
            for word in range(signatures.shape[1]):
                # counted side by side, in pairs, fours and bytes; Warren, Hacker's Delight, 5-1
                bits = signatures[a, word] & signatures[b, word]
                bits -= (bits >> 1) & second_bits
                bits = (bits & fourth_bits) + ((bits >> 2) & fourth_bits)
                bits = (bits + (bits >> 4)) & eighth_bits
                bits += bits >> 8
                bits += bits >> 16
                bits += bits >> 32
                total += bits & 127
            found[k] = total
