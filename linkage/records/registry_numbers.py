"""Numbers of books and of clinical trials, told by their form."""

from __future__ import annotations

import re

# The registries of the WHO's network and the form of their numbers
_TRIALS = {
    "nct": r"NCT ?\d{8}",
    "euctr": r"(?:EUCTR ?)?(?:20\d\d|19\d\d)-\d{6}-\d\d(?:-\d\d)?(?:-[A-Z]{2,3})?",
    "isrctn": r"ISRCTN ?\d{8}",
    "actrn": r"ACTRN ?126\d{11}",
    "chictr": r"ChiCTR(?:-[A-Z]{2,5})?-?\d{8,10}",
    "ctri": r"CTRI/\d{4}/\d{2,3}/\d{6}",
    "drks": r"DRKS ?\d{8}",
    "irct": r"IRCT ?\d{11,14}(?:N\d{1,3})?",
    "jprn": r"(?:JPRN-)?(?:UMIN ?\d{6,9}|jRCTs?\d{9,12}|JapicCTI-?\d{6})",
    "kct": r"KCT ?\d{7}",
    "ntr": r"NTR ?\d{2,5}",
    "pactr": r"PACTR ?20\d{10,13}",
    "rbr": r"RBR-?[0-9a-z]{6,8}",
    "tctr": r"TCTR ?20\d{9}",
}
_TRIAL = re.compile("|".join(rf"(?P<{kind}>{form})" for kind, form in _TRIALS.items()), re.I)

TRIAL_KINDS = frozenset(_TRIALS)


def trial_number(printed: str) -> tuple[str, str] | None:
    """The registry and the number of a trial: `nct 01234567` gives `("nct", "NCT01234567")`.

    None where the text is no such number, or more than one.
    """
    match = _TRIAL.fullmatch(printed.strip())
    if match is None or match.lastgroup is None:
        return None
    number = match[0].replace(" ", "")
    if match.lastgroup not in ("chictr", "jprn", "rbr"):
        number = number.upper()
    return match.lastgroup, number


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
