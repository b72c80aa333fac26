"""Numbers of trials and accession numbers wherever they stand in a text."""

from __future__ import annotations

import re

# The primary registers of the WHO's network (ICTRP) and ClinicalTrials.gov, by their numbers.
_TRIAL = re.compile(
    r"(?<![a-z0-9])(nct\d{8}|isrctn\d{8}|(?:eu ?ctr|eudract)[ -]?\d{4}-\d{6}-\d{2}"
    r"|actrn\d{14}|chictr[a-z-]*\d{6,10}|(?:jprn-)?(?:umin|c0*)\d{6,9}|(?:jprn-)?jrcts?\d{9,11}"
    r"|japiccti-\d{6}|drks\d{8}|ctri/\d{4}/\d{2,3}/\d{4,6}|irct\d{8,}n\d+|kct\d{7}|ntr\d{2,5}"
    r"|nl-omon\d+|pactr\d{15,16}|rbr-[a-z0-9]{5,10}|tctr\d{11}|slctr/\d{4}/\d{3}|per-\d{3}-\d{2}"
    r"|lbctr\d{10}|itmctr\d{10}|u1111-\d{4}-\d{4})(?![0-9])",
    re.IGNORECASE,
)
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


def accession(text: str) -> tuple[str, str] | None:
    """The database that its letters name, and the number: `WOS:000123` -> (wos, 000123).

    None where letters don't name one: a bare number may be of any database.
    """
    found = _ACCESSION.fullmatch(text.strip())
    return (found[1].lower(), found[2].lower()) if found else None
