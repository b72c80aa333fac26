"""What a DOI says of the item by its own letters: preprint or not, version, notice.

And the parts of a cell that holds several.
"""

from __future__ import annotations

import re

# Registrants of preprint servers. Sources: the preprint DOIs that PREreview takes
# (prereview.org, src/preprint-id.ts, 2026), OSF's own range (10.31219 to 10.31237), and what
# Crossref calls posted content of eLife's, PeerJ's, JMIR's and Cambridge's servers.
_SERVERS = frozenset(
    "10.2139 10.14293 10.20944 10.21203 10.22541 10.23668 10.26434 10.31124 10.31730 10.32388 "
    "10.32942 10.33767 10.33774 10.35542 10.36227 10.48550 10.51094 10.57844".split()
) | frozenset(f"10.312{n}" for n in range(19, 38))
# Registrants of journals, too: their preprints are told by how the rest begins.
_SERVERS_TOO = {
    "10.1101": re.compile(r"\d"),  # bioRxiv and medRxiv; Cold Spring Harbor's journals: letters
    "10.1002": re.compile(r"essoar\."),
    "10.1590": re.compile(r"scielopreprints"),
    "10.2196": re.compile(r"preprints\."),
    "10.3386": re.compile(r"w\d"),  # NBER
    "10.5194": re.compile(r"egusphere-|.*-discuss"),
    "10.7287": re.compile(r"peerj\.preprints"),
    "10.7554": re.compile(r"elife\.rp"),
    "10.17605": re.compile(r"osf\.io/"),
}
_REGISTRANT = r"10\.\d{3,9}[\d.]{0,40}/"
_BEFORE_DOI = re.compile(
    rf"(?<!\s)(?:\s*[;,|]\s*|\s+)(?=(?:(?:https?://(?:dx\.)?doi\.org/|doi:)\s?)?{_REGISTRANT})",
    re.I,
)
_HOLDS_DOI = re.compile(rf"{_REGISTRANT}\S")
_VERSION = re.compile(r"[./_-]?v\d{1,2}$")
_REVIEW_VERSION = re.compile(r"10\.1002/14651858\.(?:cd|mr|ed)\d+(?:\.pub(\d+))?$")
_NOTICE = re.compile(
    r"[._/-](corr|corrig|corrigendum|err|errat|erratum|retract|retraction)\d{0,2}$"
)


def cut_dois(cell: str) -> list[str]:
    """The parts of a cell that holds several DOIs and nothing else, each as printed.

    `10.5555/a;10.5555/b` has two, `10.1002/(sici)1097-4571(1996)47:1<1::aid-asi1>3.0.co;2-4` one.
    """
    if cell.count("10.") < 2:  # nearly always
        return [cell]
    parts = _BEFORE_DOI.split(cell)
    return parts if all(map(_HOLDS_DOI.search, parts)) else [cell]


def is_preprint(doi: str) -> bool:
    """Whether a preprint server gave the bare DOI in lower case."""
    registrant, _, rest = doi.partition("/")
    if registrant in _SERVERS:
        return True
    begins = _SERVERS_TOO.get(registrant)
    return begins is not None and begins.match(rest) is not None


def without_version(doi: str) -> str:
    """A preprint's DOI without the number of its version, `.../rs-12/v2`; others as they are."""
    return _VERSION.sub("", doi) if is_preprint(doi) else doi


def review_version(doi: str) -> str | None:
    """The version of a Cochrane review: `10.1002/14651858.cd001.pub3` -> 3, without `pub` 1."""
    found = _REVIEW_VERSION.fullmatch(doi)
    return (found[1] or "1") if found else None


def notice_by_doi(doi: str) -> str | None:
    """What a DOI such as `10.1000/xyz.corr1` is about another item: correction or retraction."""
    found = _NOTICE.search(doi)
    return None if found is None else "retraction" if found[1][0] == "r" else "correction"
