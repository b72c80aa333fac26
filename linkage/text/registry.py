"""Numbers of trials and accession numbers, by themselves and wherever they stand in a text."""

from __future__ import annotations

import re

# The primary registers of the WHO's network (ICTRP) and ClinicalTrials.gov, by their numbers.
TRIAL_NUMBER = (
    r"nct\d{8}|isrctn\d{8}|(?:eu ?ctr|eudract)[ -]?\d{4}-\d{6}-\d{2}"
    r"|actrn\d{14}|chictr[a-z-]*\d{6,10}|(?:jprn-)?(?:umin|c0*)\d{6,9}|(?:jprn-)?jrcts?\d{9,11}"
    r"|japiccti-\d{6}|drks\d{8}|ctri/\d{4}/\d{2,3}/\d{4,6}|irct\d{8,}n\d+|kct\d{7}|ntr\d{2,5}"
    r"|nl-omon\d+|pactr\d{15,16}|rbr-[a-z0-9]{5,10}|tctr\d{11}|slctr/\d{4}/\d{3}|per-\d{3}-\d{2}"
    r"|lbctr\d{10}|itmctr\d{10}|u1111-\d{4}-\d{4}"
)
_TRIAL = re.compile(rf"(?<![a-z0-9])({TRIAL_NUMBER})(?![0-9])", re.IGNORECASE)
# As the only text of a field, where a bare number and a blank in it do no harm, by registry.
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
_WHOLE_TRIAL = re.compile("|".join(rf"(?P<{kind}>{form})" for kind, form in _TRIALS.items()), re.I)

TRIAL_KINDS = frozenset(_TRIALS)
_MARKS = tuple(
    "nct isrctn ctr eudract umin japic jrct drks irct kct ntr nl- rbr- per- u111".split()
)
_DIGIT = re.compile("[0-9]")
_ACCESSION = re.compile(
    r"(?:accession number:?\s*)?([a-z]{1,9})[:\s-]?\s*(\d[\w.-]*)", re.IGNORECASE
)
_PREFIX = re.compile(r"^(?:jprn|eu ?ctr|eudract)[- ]?", re.IGNORECASE)


def trial_numbers(text: str) -> frozenset[str]:
    """Trial registration numbers in a text, in lower case, each in one spelling."""
    low = text.lower()
    if not _DIGIT.search(low) and "rbr-" not in low:  # nearly always
        return frozenset()
    if not any(mark in low for mark in _MARKS):
        return frozenset()
    return frozenset(_PREFIX.sub("", found) for found in _TRIAL.findall(low))


def trial_number(printed: str) -> tuple[str, str] | None:
    """The registry and the number of a trial: `nct 01234567` gives `("nct", "NCT01234567")`.

    None where the text is no such number, or more than one.
    """
    match = _WHOLE_TRIAL.fullmatch(printed.strip())
    if match is None or match.lastgroup is None:
        return None
    number = match[0].replace(" ", "")
    if match.lastgroup not in ("chictr", "jprn", "rbr"):
        number = number.upper()
    return match.lastgroup, number


def accession(text: str) -> tuple[str, str] | None:
    """The database that its letters name, and the number: `WOS:000123` -> (wos, 000123).

    None where letters don't name one: a bare number may be of any database.
    """
    found = _ACCESSION.fullmatch(text.strip())
    return (found[1].lower(), found[2].lower()) if found else None
