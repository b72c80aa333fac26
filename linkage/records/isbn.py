"""ISBNs, of ten digits and of thirteen, as one."""

from __future__ import annotations

import re


def isbn13(printed: str) -> str:
    """The digits of an ISBN, one of ten as one of thirteen: `0-306-40615-2` to `9780306406157`.

    One of ten whose check digit is wrong stays one of ten: nobody knows which digit is right.
    """
    digits = re.sub(r"[- ]", "", printed).upper()
    if len(digits) != 10 or _checksum_10(digits):
        return digits
    body = "978" + digits[:9]
    weighted = sum(int(digit) * (3 if k % 2 else 1) for k, digit in enumerate(body))
    return f"{body}{-weighted % 10}"


def _checksum_10(digits: str) -> int:
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return sum((10 - k) * value for k, value in enumerate(values)) % 11
